//! `/healthz`, `/readyz`, and `/metrics` on a listener of its own.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Json, Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use metrics_exporter_prometheus::PrometheusHandle;
use serde_json::json;

use super::App;
use crate::{
    delivery::Standing,
    store::{Backlog, Parked, Reason, StoreError},
};

pub(super) async fn live() -> Response {
    Json(json!({"status": "ok"})).into_response()
}

/// Ready while signups can be kept. A CRM that is down is not our unreadiness: its visitors are thanked all the same.
pub(super) async fn ready(State(app): State<Arc<App>>) -> Response {
    match app.store.is_writable().await {
        Ok(()) => Json(json!({"status": "ready"})).into_response(),
        Err(error) => {
            tracing::error!(%error, "not ready: the store cannot be written");
            (StatusCode::SERVICE_UNAVAILABLE, Json(json!({"status": "unready", "reason": "the store cannot be written"}))).into_response()
        }
    }
}

/// What `metrics_listen` serves.
pub(crate) fn metrics_router(app: Arc<App>, handle: PrometheusHandle) -> Router {
    Router::new().route("/metrics", get(render)).with_state((app, handle))
}

async fn render(State((app, handle)): State<(Arc<App>, PrometheusHandle)>) -> Response {
    if let Err(error) = measure(&app).await {
        tracing::error!(%error, "cannot count the signups for the metrics");
    }
    metrics::gauge!("latchkey_ready").set(if app.store.is_writable().await.is_ok() { 1.0 } else { 0.0 });
    for (connection, standing) in app.courier.standings() {
        let standing = match standing {
            Standing::Closed => 0.0,
            Standing::HalfOpen => 1.0,
            Standing::Open => 2.0,
        };
        metrics::gauge!("latchkey_breaker", "connection" => connection.to_owned()).set(standing);
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], handle.render()).into_response()
}

/// The name under which is counted what no configured connection can deliver.
const NOT_CONFIGURED: &str = "(not configured)";

/// Takes what is in the store. What is not there is measured too, as nothing: a figure that is missing tells nobody anything.
async fn measure(app: &App) -> Result<(), StoreError> {
    for (state, count) in app.store.counts().await? {
        metrics::gauge!("latchkey_signups_stored", "state" => state.as_str()).set(count as f64);
    }
    let known = |connection: String| match app.config.connections.contains_key(&connection) {
        true => connection,
        false => NOT_CONFIGURED.to_owned(),
    };
    let connections = || app.config.connections.keys().cloned().chain([NOT_CONFIGURED.to_owned()]);
    let now = app.store.now();
    let mut queues: BTreeMap<String, (i64, f64)> = connections().map(|connection| (connection, Default::default())).collect();
    for Backlog { connection, waiting, oldest } in app.store.backlog().await? {
        let (signups, seconds) = queues.entry(known(connection)).or_default();
        *signups += waiting;
        *seconds = now.duration_since(oldest).as_secs_f64().max(*seconds);
    }
    for (connection, (signups, seconds)) in queues {
        metrics::gauge!("latchkey_queue_signups", "connection" => connection.clone()).set(signups as f64);
        metrics::gauge!("latchkey_queue_oldest_seconds", "connection" => connection).set(seconds);
    }
    let mut parked: BTreeMap<(String, Reason), i64> =
        connections().flat_map(|connection| Reason::OF_PARKED.map(|reason| ((connection.clone(), reason), 0))).collect();
    for Parked { connection, reason, count } in app.store.parked().await? {
        *parked.entry((known(connection), reason)).or_default() += count;
    }
    for ((connection, reason), count) in parked {
        metrics::gauge!("latchkey_parked_signups", "connection" => connection, "reason" => reason.as_str()).set(count as f64);
    }
    Ok(())
}

/// Says what the figures mean.
pub(crate) fn describe_metrics() {
    metrics::describe_counter!(
        "latchkey_signups_received_total",
        "Signups that were kept or answered from what was kept before, by funnel"
    );
    metrics::describe_counter!("latchkey_signups_total", "Attempts' results by funnel and the state they led to");
    metrics::describe_counter!("latchkey_attempts_total", "Attempts by connection and outcome");
    metrics::describe_histogram!("latchkey_attempt_seconds", metrics::Unit::Seconds, "How long attempts took, by connection");
    metrics::describe_gauge!("latchkey_signups_stored", "Signups in the store, by state");
    metrics::describe_gauge!("latchkey_parked_signups", "Parked signups in the store, by connection and reason");
    metrics::describe_gauge!("latchkey_queue_signups", "Signups that wait to be delivered or are being delivered, by connection");
    metrics::describe_gauge!(
        "latchkey_queue_oldest_seconds",
        metrics::Unit::Seconds,
        "How long ago the oldest of these was received, by connection; 0 where nothing waits"
    );
    metrics::describe_gauge!(
        "latchkey_breaker",
        "Whether this proxy leaves a CRM alone because it fails, by connection: 0 no (closed), 1 one attempt is deciding (half-open), 2 yes (open)"
    );
    metrics::describe_gauge!("latchkey_ready", "1 while signups can be kept");
    metrics::describe_counter!("latchkey_http_requests_total", "Requests by route and status");
    metrics::describe_histogram!("latchkey_http_request_seconds", metrics::Unit::Seconds, "How long requests took, by route");
}
