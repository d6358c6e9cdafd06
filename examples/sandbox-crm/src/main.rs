//! `sandbox-crm`: the CRMs, simulated from their vendors' documents, for tests and for the demo.
//!
//! This file is the command line and the server. Each CRM lives in a folder of its own, which is also its path: `wi` (under `/wi`),
//! `trading`, `impact` and `broctagon`. Each is written from its vendor's document and from nothing else: an adapter is tested against
//! it, so it may not share a mistake with one. Where a document is silent, the simulation is strict, and the place says so in a
//! comment. A CRM's folder begins at its `mod.rs`, which says what is simulated and which records a test may add; its flags are in
//! `options`, the document's own words and bodies in `documented`.
//!
//! What the four have in common stands beside this file:
//! - `exchange` is one exchange with any of them: `record` keeps it for a test to look at, `faults` are the misbehaviours that a test
//!   can order and `weather` those that strike at random, `answer` is what is sent back, and `socket` the connection, which can be cut off;
//! - `check` holds what was sent against a table of members, `query` reads queries and forms, and `shapes` tells what addresses and
//!   dates look like;
//! - `autologin` are the links that log somebody in, `pages` the member areas that they lead to, `outbox` the mails and texts;
//! - `history` is what an affiliate of the demo has had for ninety days;
//! - `clock`, `moment` and `countries` are what their names say, and `lock` is how all of it is locked.
//!
//! `/_control` (see `control`) tells a test what was received and makes a CRM misbehave.

mod answer;
mod autologin;
mod broctagon;
mod check;
mod clock;
mod control;
mod countries;
mod exchange;
mod faults;
mod history;
mod impact;
mod lock;
mod moment;
mod outbox;
mod pages;
mod query;
mod record;
mod shapes;
mod socket;
mod trading;
mod weather;
mod wi;

use std::io::{self, Write};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::Uri;
use clap::Parser;
use tokio::net::TcpListener;

use crate::autologin::Links;
use crate::broctagon::Broctagon;
use crate::control::Simulated;
use crate::impact::Impact;
use crate::socket::{Abortable, Connection};
use crate::trading::Trading;
use crate::wi::Wi;

const EXAMPLE: &str = "\
Example:
  sandbox-crm --listen 127.0.0.1:9100 --wi-key sandbox-key

  curl http://127.0.0.1:9100/wi/tradersroom/api/auth/signup \\
    -H 'Content-Type: application/json' -H 'x-api-key: sandbox-key' \\
    -d '{\"email\":\"user@example.com\",\"phone\":\"+1234567890\",\"firstName\":\"Jane\"}'

  curl http://127.0.0.1:9100/broctagon/public/v1/form/registration/trader \\
    -H 'key: sandbox-broctagon-key'

  curl http://127.0.0.1:9100/_control/wi/requests

Each CRM stands under its name (/wi, /trading, /impact, /broctagon): a connection's base_url is \
the address listened on with that path. /_control/{crm} tells what it received (requests), whom it \
created (users) and what it would have sent (outbox), and takes faults and records for it.";

const LINKS: &str = "Autologin links of every CRM that has some";

/// Simulates the CRMs that Latchkey talks to.
#[derive(Debug, Parser)]
#[command(name = "sandbox-crm", version, after_help = EXAMPLE)]
struct Options {
    /// Address to listen on; port 0 chooses a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:9100")]
    listen: SocketAddr,

    /// How long an autologin link works, in seconds
    #[arg(long, help_heading = LINKS, value_name = "SECONDS", default_value_t = 300)]
    link_ttl_seconds: u32,

    /// Answer sign-ups without an autologin link
    #[arg(long, help_heading = LINKS)]
    without_autologin: bool,

    /// The origin that browsers reach this server by; autologin links begin with it [default: the address listened on]
    #[arg(long, help_heading = LINKS, value_name = "URL", value_parser = origin)]
    public_url: Option<String>,

    /// Fill the CRMs with ninety days of one affiliate's records, the same at each start
    #[arg(long)]
    history: bool,

    #[command(flatten)]
    wi: wi::Options,

    #[command(flatten)]
    trading: trading::Options,

    #[command(flatten)]
    impact: impact::Options,

    #[command(flatten)]
    broctagon: broctagon::Options,
}

/// Accepts `http://host[:port]` or https. A path is refused: session cookies are bound to `/wi` and the like, which a path would move.
fn origin(text: &str) -> Result<String, String> {
    let wrong = || format!("{text:?} is not an origin such as http://127.0.0.1:9100");
    let uri: Uri = text.parse().map_err(|_| wrong())?;
    match (uri.scheme_str(), uri.authority(), uri.path(), uri.query()) {
        (Some(scheme @ ("http" | "https")), Some(authority), "/", None) => Ok(format!("{scheme}://{authority}")),
        _ => Err(wrong()),
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Options::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("sandbox-crm: {message}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: Options) -> Result<(), String> {
    let listener = TcpListener::bind(options.listen).await.map_err(|error| cannot_listen(options.listen, &error))?;
    let address = listener.local_addr().map_err(|error| format!("cannot tell the address listened on: {error}"))?;
    let here = format!("http://{address}");

    let links = Links {
        public_url: options.public_url.unwrap_or_else(|| here.clone()),
        ttl: (!options.without_autologin).then(|| Duration::from_secs(options.link_ttl_seconds.into())),
    };
    let wi = Arc::new(Wi::new(options.wi, links.clone()));
    let trading = Arc::new(Trading::new(options.trading, links.clone())?);
    let impact = Arc::new(Impact::new(options.impact, links));
    let broctagon = Arc::new(Broctagon::new(options.broctagon)?);
    let crms: Vec<Arc<dyn Simulated>> = vec![wi.clone(), trading.clone(), impact.clone(), broctagon.clone()];
    if options.history {
        let now = jiff::Timestamp::now();
        wi.seed(history::wi(now))?;
        trading.seed(history::trading(now))?;
        impact.seed(history::impact(now))?;
    }
    let routes = Router::new()
        .nest("/wi", wi::routes(wi))
        .nest("/trading", trading::routes(trading))
        .nest("/impact", impact::routes(impact))
        .nest("/broctagon", broctagon::routes(broctagon))
        .nest("/_control", control::routes(crms));

    // Whoever started this process waits for the line, so it must not stay in a buffer.
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "sandbox-crm listening on {here}")
        .and_then(|()| stdout.flush())
        .map_err(|error| format!("cannot write to standard output: {error}"))?;
    drop(stdout);

    let service = routes.into_make_service_with_connect_info::<Connection>();
    // No graceful end: a request may be held back for minutes by a fault, and nothing here outlives the process anyway.
    tokio::select! {
        result = async { axum::serve(Abortable(listener), service).await } => result.map_err(|error| format!("the server failed: {error}")),
        result = told_to_stop() => result.map_err(|error| format!("cannot listen for signals: {error}")),
    }
}

fn cannot_listen(address: SocketAddr, error: &io::Error) -> String {
    if error.kind() == io::ErrorKind::AddrInUse {
        format!(
            "{address} is already in use: stop the program that listens there, or choose another with --listen (--listen {}:0 takes a free port)",
            address.ip()
        )
    } else {
        format!("cannot listen on {address}: {error}; choose another address with --listen")
    }
}

/// Returns when Ctrl-C is pressed or, where there is such a signal, SIGTERM arrives.
async fn told_to_stop() -> io::Result<()> {
    #[cfg(unix)]
    {
        let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        tokio::select! {
            result = tokio::signal::ctrl_c() => result,
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}
