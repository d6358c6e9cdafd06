//! What the site answers: the page, its style sheet, and what browsers and supervisors ask for besides.

use std::sync::Arc;

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;

use crate::page::Page;

const STYLE: &str = include_str!("../style.css");

/// Each page at its funnel's name, and the first at `/` too.
pub(crate) fn routes(pages: impl Iterator<Item = Page>) -> Router {
    let pages: Arc<[Page]> = pages.collect();
    let first = pages.clone();
    Router::new()
        .route("/", get(async move || show(first.first())))
        .route("/{funnel}", get(async move |Path(funnel): Path<String>| show(pages.iter().find(|page| page.name == funnel))))
        .route("/style.css", get(style))
        // There is no icon, and a 404 would show as an error in the console.
        .route("/favicon.ico", get(async || StatusCode::NO_CONTENT))
        .route("/healthz", get(async || StatusCode::OK))
}

fn show(page: Option<&Page>) -> Response {
    page.map_or_else(|| StatusCode::NOT_FOUND.into_response(), |page| index(page).into_response())
}

fn index(page: &Page) -> impl IntoResponse + use<> {
    let headers = [
        (CONTENT_SECURITY_POLICY, page.policy.clone()),
        (CACHE_CONTROL, "no-cache".to_owned()),
        (REFERRER_POLICY, "strict-origin-when-cross-origin".to_owned()),
        (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    (headers, Html(page.html.clone()))
}

async fn style() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/css; charset=utf-8"), (CACHE_CONTROL, "no-cache"), (X_CONTENT_TYPE_OPTIONS, "nosniff")], STYLE)
}
