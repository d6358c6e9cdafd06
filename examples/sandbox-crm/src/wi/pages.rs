//! The pages of the simulated Traders Room. One template, no scripts, nothing stored by the browser.

use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY};
use axum::http::{HeaderName, StatusCode};
use axum::response::{Html, IntoResponse, Response};

use super::users::User;

const TEMPLATE: &str = include_str!("page.html");

const HEADERS: [(HeaderName, &str); 2] = [
    (CACHE_CONTROL, "no-store"),
    (
        CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
];

pub(super) fn message(status: StatusCode, title: &str, text: &str) -> Response {
    page(status, title, &format!("<p>{}</p>", escape(text)))
}

pub(super) fn member(user: &User) -> Response {
    let title = format!("Welcome, {}", user.first_name());
    let content = format!(
        "<p>You are logged in as <strong id=\"who\">{}</strong>.</p>\n<p class=\"quiet\">Client <code id=\"id\">{}</code></p>",
        escape(&user.email),
        escape(&user.id)
    );
    page(StatusCode::OK, &title, &content)
}

/// `content` is HTML, the title is text. The content goes in last, so that nothing in it is taken for a placeholder.
fn page(status: StatusCode, title: &str, content: &str) -> Response {
    let title = escape(title).replace("{{", "&#123;&#123;");
    let html = TEMPLATE.replace("{{title}}", &title).replace("{{content}}", content);
    (status, HEADERS, Html(html)).into_response()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}
