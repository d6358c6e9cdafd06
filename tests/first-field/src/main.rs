//! `first-field`: pages with a form, opened in Chromium over a slow network and by a slow processor, and how long it takes
//! until one can type.
//!
//! A page is served from one origin and its scripts from another, as a landing page and what it embeds are. All of it is
//! compressed before, and every load begins with nothing in any cache.

mod load;
mod site;

use std::{net::SocketAddr, path::PathBuf};

use anyhow::{Context, Result};
use clap::Parser;
use latchkey_chromium::{Chromium, Conditions, SLOW};
use serde::Serialize;

use crate::load::Load;

/// Opens each page some times in turn and prints, as JSON, what was measured.
#[derive(Parser)]
#[command(after_help = "Example: first-field --files pages --landing 127.0.0.1:8000 --scripts 127.0.0.1:8001 --page snippet --page plain")]
struct Options {
    /// The folder of the pages, `NAME.html.br`, and of what they load
    #[arg(long, value_name = "FOLDER")]
    files: PathBuf,
    /// Where the pages are served
    #[arg(long, value_name = "ADDRESS")]
    landing: SocketAddr,
    /// Where their scripts and styles are served
    #[arg(long, value_name = "ADDRESS")]
    scripts: SocketAddr,
    /// A page's name
    #[arg(long = "page", value_name = "NAME", required = true)]
    pages: Vec<String>,
    /// The page whose form components take over: what is measured ends after that
    #[arg(long, value_name = "NAME")]
    takes_over: Option<String>,
    /// How often each page is opened, slowly and as fast as it gets
    #[arg(long, default_value_t = 9)]
    rounds: u32,
}

/// One load of one page.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Measured<'a> {
    page: &'a str,
    slow: bool,
    #[serde(flatten)]
    load: Load,
}

fn main() -> Result<()> {
    let options = Options::parse();
    let runtime = tokio::runtime::Runtime::new().context("cannot start the servers")?;
    for address in [options.landing, options.scripts] {
        runtime.block_on(site::serve(address, options.files.clone()))?;
    }
    let mut chromium = Chromium::start()?;
    let mut measured = Vec::new();
    for _ in 0..options.rounds {
        for page in &options.pages {
            let address = format!("http://{}/{page}.html", options.landing);
            let takes_over = options.takes_over.as_ref() == Some(page);
            for conditions in [Some(SLOW), None::<Conditions>] {
                let load = load::load(&mut chromium, &address, conditions, takes_over).with_context(|| format!("the page {page}"))?;
                measured.push(Measured { page, slow: conditions.is_some(), load });
            }
        }
    }
    println!("{}", serde_json::to_string(&measured)?);
    Ok(())
}
