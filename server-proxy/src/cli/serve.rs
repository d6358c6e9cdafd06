//! `latchkey serve`.

use std::{path::PathBuf, sync::Arc, time::Duration};

use anyhow::Context;
use jiff::Timestamp;
use metrics_exporter_prometheus::PrometheusBuilder;
use tokio::{net::TcpListener, sync::watch};
use tracing::info;
use tracing_subscriber::EnvFilter;

use crate::{
    delivery::Courier,
    http::{self, App, Loaders},
    intake::Intake,
    store::Store,
};

const TIDY: Duration = Duration::from_secs(60);

pub(super) async fn run(path: PathBuf) -> anyhow::Result<()> {
    // Both before anything else runs: a stop signal that comes during the start is not missed.
    let mut stop = stop_signal()?;
    log();
    let (config, problems) = super::load(&path)?;
    problems.warnings().iter().for_each(|warning| tracing::warn!("{warning}"));

    let handle = PrometheusBuilder::new().install_recorder().context("cannot set up metrics")?;
    http::describe_metrics();
    let limits = config.server.limits.clone();
    let listener = listen(config.server.listen, "server.listen").await?;
    let metrics_listener = match config.server.metrics_listen {
        Some(address) => Some(listen(address, "server.metrics_listen").await?),
        None => None,
    };
    let store = Arc::new(Store::open(&config.database, config.keys.clone()).await?);
    let courier = Courier::new(store.clone(), config.connections.clone(), config.funnels.clone(), limits.autologin);
    courier.take_over().await?;
    let app = Arc::new(App {
        loaders: Loaders::new(config.funnels.values())?,
        intake: Intake::new(config.keys.clone(), store.clone(), &limits),
        courier: courier.clone(),
        store: store.clone(),
        config,
    });

    info!(listen = %listener.local_addr()?, public_url = %app.config.server.public_url, funnels = app.config.funnels.len(), "ready");
    let server = http::run(listener, http::router(app.clone()), &limits, stop.clone());
    let tidy = tokio::spawn(tidy(app.clone()));
    match metrics_listener {
        Some(metrics) => {
            tokio::join!(server, http::run(metrics, http::metrics_router(app, handle), &limits, stop.clone()));
        }
        None => server.await,
    }
    tidy.abort();
    // Whatever ended the servers, they ended: the signal is there.
    stop.wait_for(|stop| *stop).await?;
    info!("stopping");
    courier.drain(limits.drain).await;
    store.close().await;
    Ok(())
}

async fn listen(address: std::net::SocketAddr, key: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => {
            anyhow::anyhow!("{key}: {address} is in use: stop the program that uses it, or choose another port")
        }
        _ => anyhow::anyhow!("{key}: cannot listen on {address}: {error}"),
    })
}

async fn tidy(app: Arc<App>) {
    let mut minutes = tokio::time::interval(TIDY);
    loop {
        minutes.tick().await;
        app.intake.tidy(Timestamp::now());
    }
}

/// SIGTERM or Ctrl-C. A second one is the system's: it ends the process at once.
fn stop_signal() -> anyhow::Result<http::Stop> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let (sender, receiver) = watch::channel(false);
    tokio::spawn(async move {
        for already in [false, true] {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            if already {
                std::process::exit(130);
            }
            // An error says that nobody listens any more: the process is at its end.
            let _ = sender.send(true);
        }
    });
    Ok(receiver)
}

/// Structured lines to standard error; `RUST_LOG` chooses what is told.
fn log() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(true)
        .with_span_list(false)
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
}
