//! `latchkey serve`.

use std::{
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::Context;
use jiff::Timestamp;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio::{net::TcpListener, sync::watch};
use tracing::info;
use tracing_subscriber::EnvFilter;

use crate::{
    alerts::Alerts,
    delivery::Courier,
    funnel::Lists,
    http::{self, App, Loaders},
    intake::Intake,
    partner::Partners,
    store::{Exclusive, Store},
};

const TIDY: Duration = Duration::from_secs(60);

pub(super) async fn run(path: PathBuf) -> anyhow::Result<()> {
    // Both before anything else runs: a stop signal that comes during the start is not missed.
    let stop = stop_signal()?;
    log();
    let (config, problems) = super::load(&path)?;
    problems.warnings().iter().for_each(|warning| tracing::warn!("{warning}"));

    let metrics_handle = PrometheusBuilder::new().install_recorder().context("cannot set up metrics")?;
    http::describe_metrics();
    let limits = config.server.limits.clone();
    let funnels = config.funnels.clone();
    let _exclusive = Exclusive::lock(&config.database)?;
    let store = Arc::new(Store::open(&config.database, config.keys.clone()).await?);
    // What the CRMs gave last time is served at once, and asked for anew when the server runs.
    funnels.remember(&store).await;
    let loaders = Loaders::new(&funnels.all(), &config.server.public_url)?;
    let listener = listen(config.server.listen, "server.listen").await?;
    let metrics_listener = match config.server.metrics_listen {
        Some(address) => Some(listen(address, "server.metrics_listen").await?),
        None => None,
    };
    let courier = Courier::new(store.clone(), config.connections.clone(), funnels.clone(), config.delivery.clone(), limits.autologin);
    // Last of all that can fail: it begins to send.
    courier.start().await;
    let alerts = config.alerts.clone().map(|settings| Alerts::new(settings, store.clone(), courier.clone()));
    let lists = Lists::new(config.connections.clone());
    let app = Arc::new(App {
        loaders,
        intake: Intake::new(config.keys.clone(), store.clone(), lists.clone(), &limits, config.work, config.delivery.give_up_after),
        lists,
        partners: Partners::new(&config, store.clone()),
        courier: courier.clone(),
        store: store.clone(),
        config,
    });

    info!(listen = %listener.local_addr()?, public_url = %app.config.server.public_url, funnels = funnels.all().len() + funnels.wanting().len(), "ready");
    let refresh = tokio::spawn(funnels.keep_fresh(store.clone()));
    let tidy = tokio::spawn(tidy(app.clone(), metrics_handle.clone()));
    let alerts = alerts.map(|alerts| tokio::spawn(alerts.run()));
    let server = http::run(listener, http::router(app.clone()), &limits, stop.clone());
    let metrics = async {
        if let Some(listener) = metrics_listener {
            http::run(listener, http::metrics_router(app, metrics_handle), &limits, stop.clone()).await;
        }
    };
    let mut stopped = stop.clone();
    let deadline = async {
        // An error says that the signal's task is gone: then it is time to stop as well.
        let _ = stopped.wait_for(|stop| *stop).await;
        info!("stopping");
        Instant::now() + limits.drain
    };
    let (deadline, (), ()) = tokio::join!(deadline, server, metrics);
    refresh.abort();
    tidy.abort();
    alerts.iter().for_each(|alerts| alerts.abort());
    courier.drain(deadline.saturating_duration_since(Instant::now())).await;
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

async fn tidy(app: Arc<App>, metrics: PrometheusHandle) {
    let mut minutes = tokio::time::interval(TIDY);
    loop {
        minutes.tick().await;
        app.intake.tidy(Timestamp::now());
        app.courier.tidy().await;
        if let Err(error) = app.partners.tidy().await {
            tracing::error!(%error, "cannot forget what is over of the affiliates'");
        }
        match app.store.forget_old(&app.config.keep_days).await {
            Ok(0) => {}
            Ok(gone) => info!(gone, "signups went after their days"),
            Err(error) => tracing::error!(%error, "cannot forget what has been kept for its days"),
        }
        // Without it, what is measured piles up wherever nobody asks for the metrics.
        metrics.run_upkeep();
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
