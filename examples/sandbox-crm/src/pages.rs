//! The pages that the member areas show. One template, no scripts, nothing stored by the browser.

use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY};
use axum::http::{HeaderName, StatusCode};
use axum::response::{Html, IntoResponse, Response};

const TEMPLATE: &str = include_str!("page.html");

const HEADERS: [(HeaderName, &str); 2] = [
    (CACHE_CONTROL, "no-store"),
    (
        CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
];

/// One CRM's member area, by the name it stands under on every page.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Area(pub(crate) &'static str);

impl Area {
    /// The text is text.
    pub(crate) fn message(self, status: StatusCode, title: &str, text: &str) -> Response {
        self.page(status, title, &format!("<p>{}</p>", escape(text)))
    }

    /// Tells who is logged in, so that a test in a browser can see it. `more` is HTML.
    pub(crate) fn member(self, title: &str, email: &str, id: &str, more: &str) -> Response {
        let content = format!(
            "<p>You are logged in as <strong id=\"who\">{}</strong>.</p>\n<p class=\"quiet\">Client <code id=\"id\">{}</code></p>{more}",
            escape(email),
            escape(id)
        );
        self.page(StatusCode::OK, title, &content)
    }

    /// `content` is HTML, the title is text. The content goes in last, so that nothing in it is taken for a placeholder.
    fn page(self, status: StatusCode, title: &str, content: &str) -> Response {
        let title = escape(title).replace("{{", "&#123;&#123;");
        let html = TEMPLATE.replace("{{area}}", self.0).replace("{{title}}", &title).replace("{{content}}", content);
        (status, HEADERS, Html(html)).into_response()
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}
