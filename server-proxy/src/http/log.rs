//! One line a request, with an id that the answer carries too. No address, query, header or body of a visitor is in it, and
//! the route rather than the path, since a ticket is a credential.

use std::time::Instant;

use axum::{
    extract::{MatchedPath, Request},
    http::{HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};
use tracing::{Instrument, field, info, info_span};
use uuid::Uuid;

pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

pub(super) async fn requests(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = Uuid::now_v7().to_string();
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let method = request.method().clone();
    let span = info_span!("request", id, signup = field::Empty);
    async move {
        let mut response = next.run(request).await;
        let status = response.status().as_u16();
        if let Ok(id) = HeaderValue::from_str(&id) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
        metrics::counter!("latchkey_http_requests_total", "route" => route.clone(), "status" => status.to_string()).increment(1);
        metrics::histogram!("latchkey_http_request_seconds", "route" => route.clone()).record(started.elapsed().as_secs_f64());
        info!(%method, route, status, ms = started.elapsed().as_millis() as u64, "request");
        response
    }
    .instrument(span)
    .await
}
