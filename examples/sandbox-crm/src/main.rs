//! `sandbox-crm`: the CRMs, simulated from their vendors' documents, for tests and for the demo.
//!
//! This file is the command line and the server. Each CRM lives in a folder of its own (`wi`) under a path of its own, and is
//! written from its vendor's document and from nothing else: an adapter is tested against it, so it may not share a mistake with one.
//! Where a document is silent, the simulation is strict, and the place says so in a comment.
//! `/_control` (see `control`) tells a test what was received and makes a CRM misbehave.

mod answer;
mod autologin;
mod check;
mod control;
mod exchange;
mod faults;
mod impact;
mod lock;
mod moment;
mod pages;
mod record;
mod socket;
mod wi;

use std::io::{self, Write};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::Uri;
use clap::Parser;
use clap::builder::NonEmptyStringValueParser;
use tokio::net::TcpListener;

use crate::control::Simulated;
use crate::impact::Impact;
use crate::socket::{Abortable, Connection};
use crate::wi::Wi;

const EXAMPLE: &str = "\
Example:
  sandbox-crm --listen 127.0.0.1:9100 --wi-key sandbox-key

  curl http://127.0.0.1:9100/wi/tradersroom/api/auth/signup \\
    -H 'Content-Type: application/json' -H 'x-api-key: sandbox-key' \\
    -d '{\"email\":\"user@example.com\",\"phone\":\"+1234567890\",\"firstName\":\"Jane\"}'

  curl http://127.0.0.1:9100/_control/wi/requests";

/// Simulates the CRMs that Latchkey talks to.
#[derive(Debug, Parser)]
#[command(name = "sandbox-crm", version, after_help = EXAMPLE)]
struct Options {
    /// Address to listen on; port 0 chooses a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:9100")]
    listen: SocketAddr,

    /// The API key that Wi's sign-up expects in `x-api-key`
    #[arg(long, value_name = "KEY", env = "SANDBOX_WI_KEY", hide_env_values = true, value_parser = NonEmptyStringValueParser::new())]
    wi_key: String,

    /// The identification token that Wi's buckets expect in `Authorization`
    #[arg(long, value_name = "TOKEN", default_value = "sandbox-wi-token", value_parser = NonEmptyStringValueParser::new())]
    wi_identification_token: String,

    /// How long an autologin link works, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    link_ttl_seconds: u32,

    /// Answer sign-ups without an autologin link
    #[arg(long)]
    without_autologin: bool,

    /// The origin that browsers reach this server by; autologin links begin with it [default: the address listened on]
    #[arg(long, value_name = "URL", value_parser = origin)]
    public_url: Option<String>,

    #[command(flatten)]
    impact: impact::Options,
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

    let link_ttl = Duration::from_secs(options.link_ttl_seconds.into());
    let impact = Arc::new(Impact::new(options.impact, (!options.without_autologin).then_some(link_ttl)));
    let wi = Arc::new(Wi::new(wi::Settings {
        key: options.wi_key,
        identification_token: options.wi_identification_token,
        public_url: options.public_url.unwrap_or_else(|| here.clone()),
        link_ttl,
        autologin: !options.without_autologin,
    }));
    let crms: Vec<Arc<dyn Simulated>> = vec![wi.clone(), impact.clone()];
    let routes = Router::new().nest("/wi", wi::routes(wi)).nest("/impact", impact::routes(impact)).nest("/_control", control::routes(crms));

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
