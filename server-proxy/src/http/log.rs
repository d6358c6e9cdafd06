//! One line a request, with an id that the answer carries too. No address, query, header or body of a visitor is in it, and
//! the route rather than the path, since a ticket is a credential.

use std::time::Instant;

use axum::{
    extract::{MatchedPath, Request},
    http::{HeaderName, HeaderValue, Method},
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
        let mut line = Line { method, route, started, status: CLIENT_GONE };
        let mut response = next.run(request).await;
        line.status = response.status().as_u16();
        if let Ok(id) = HeaderValue::from_str(&id) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
        response
    }
    .instrument(span)
    .await
}

/// The line of one request, written when it is done with: answered, or left by the client in the middle.
struct Line {
    method: Method,
    route: String,
    started: Instant,
    status: u16,
}

/// What other servers write for a client that left before its answer.
const CLIENT_GONE: u16 = 499;

impl Drop for Line {
    fn drop(&mut self) {
        let (route, took) = (self.route.clone(), self.started.elapsed());
        metrics::counter!("latchkey_http_requests_total", "route" => route.clone(), "status" => self.status.to_string()).increment(1);
        metrics::histogram!("latchkey_http_request_seconds", "route" => route.clone()).record(took.as_secs_f64());
        info!(method = %self.method, route, status = self.status, ms = took.as_millis() as u64, "request");
    }
}
