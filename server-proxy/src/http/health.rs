//! `/healthz`, `/readyz`, and `/metrics` on a listener of its own.

use std::sync::Arc;

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
    match app.store.counts().await {
        Ok(counts) => counts
            .into_iter()
            .for_each(|(state, count)| metrics::gauge!("latchkey_signups_stored", "state" => state.as_str()).set(count as f64)),
        Err(error) => tracing::error!(%error, "cannot count the signups for the metrics"),
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], handle.render()).into_response()
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
    metrics::describe_counter!("latchkey_http_requests_total", "Requests by route and status");
    metrics::describe_histogram!("latchkey_http_request_seconds", metrics::Unit::Seconds, "How long requests took, by route");
}
