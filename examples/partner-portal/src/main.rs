//! `partner-portal`: where affiliates log in and see their leads. It stands for the sites that mount Latchkey's elements for whoever is
//! logged in, and is there to be copied.
//!
//! What matters is [`tokens`]: the portal's server, which knows the portal's secret and who is logged in, asks the proxy for an embed
//! token; the page hands it to the element. The secret never leaves the server, and which affiliate it is, no browser says.

mod people;
mod site;
mod tokens;

use std::{
    env,
    io::{self, Write},
    net::SocketAddr,
    process::ExitCode,
    sync::Arc,
};

use clap::Parser;
use tokio::net::TcpListener;

use crate::{
    people::{People, User},
    tokens::{Proxy, Tokens},
};

/// What a portal's `secrets` in latchkey.toml names.
const SECRET: &str = "PORTAL_SECRET";
/// What every made-up user logs in with.
const PASSWORD: &str = "PORTAL_PASSWORD";

const EXAMPLE: &str = "\
Example:
  PORTAL_SECRET=… PORTAL_PASSWORD=… partner-portal --listen 127.0.0.1:8002 --proxy http://127.0.0.1:8080 --user maria=a-17";

/// Serves an example partner portal.
#[derive(Debug, Parser)]
#[command(name = "partner-portal", version, after_help = EXAMPLE)]
struct Options {
    /// Address to listen on; port 0 chooses a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8002")]
    listen: SocketAddr,

    /// Where browsers, and this server, reach the proxy
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080")]
    proxy: Proxy,

    /// Who may log in, and which affiliate that is; may be given more than once
    #[arg(long = "user", value_name = "NAME=AFFILIATE", default_value = "maria=a-17")]
    users: Vec<User>,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Options::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("partner-portal: {message}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: Options) -> Result<(), String> {
    let secret = |name: &str| env::var(name).map_err(|_| format!("set {name} in the environment"));
    let people = People::new(options.users, secret(PASSWORD)?);
    // Fails where there is one already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let tokens = Tokens::new(options.proxy, secret(SECRET)?)?;
    let listener = TcpListener::bind(options.listen)
        .await
        .map_err(|error| format!("cannot listen on {}: {error}; choose another with --listen", options.listen))?;
    let address = listener.local_addr().map_err(|error| format!("cannot tell the address listened on: {error}"))?;
    let routes = site::routes(Arc::new(site::Portal { people, tokens }));

    // Whoever started this process waits for the line, so it must not stay in a buffer.
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "partner-portal listening on http://{address}")
        .and_then(|()| stdout.flush())
        .map_err(|error| format!("cannot write to standard output: {error}"))?;
    drop(stdout);

    tokio::select! {
        result = async { axum::serve(listener, routes).await } => result.map_err(|error| format!("the server failed: {error}")),
        result = told_to_stop() => result.map_err(|error| format!("cannot listen for signals: {error}")),
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
