//! `landing-page`: an affiliate's landing page, served from an origin of its own, with a sign-up form embedded in one line.
//!
//! It stands for the sites that embed Latchkey: it knows the proxy's address and the funnel's name, and nothing else. Its content
//! security policy is the strictest that the embedding needs, so that whatever a widget does beyond it shows in a browser at once.

mod page;
mod site;

use std::io::{self, Write};
use std::net::SocketAddr;
use std::process::ExitCode;

use clap::Parser;
use tokio::net::TcpListener;

use crate::page::{Funnel, Page, Proxy};

const EXAMPLE: &str = "\
Example:
  landing-page --listen 127.0.0.1:8000 --proxy http://127.0.0.1:8080 --funnel demo";

/// Serves an example landing page with a sign-up form.
#[derive(Debug, Parser)]
#[command(name = "landing-page", version, after_help = EXAMPLE)]
struct Options {
    /// Address to listen on; port 0 chooses a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8000")]
    listen: SocketAddr,

    /// Where browsers reach the proxy
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080")]
    proxy: Proxy,

    /// The funnel whose form is shown at `/`; given more than once, each is shown at `/NAME` too
    #[arg(long = "funnel", value_name = "NAME", default_value = "demo")]
    funnels: Vec<Funnel>,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Options::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("landing-page: {message}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: Options) -> Result<(), String> {
    let listener = TcpListener::bind(options.listen).await.map_err(|error| cannot_listen(options.listen, &error))?;
    let address = listener.local_addr().map_err(|error| format!("cannot tell the address listened on: {error}"))?;
    let routes = site::routes(options.funnels.iter().map(|funnel| Page::new(&options.proxy, funnel)));

    // Whoever started this process waits for the line, so it must not stay in a buffer.
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "landing-page listening on http://{address}")
        .and_then(|()| stdout.flush())
        .map_err(|error| format!("cannot write to standard output: {error}"))?;
    drop(stdout);

    tokio::select! {
        result = async { axum::serve(listener, routes).await } => result.map_err(|error| format!("the server failed: {error}")),
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
