//! The pages of a simulated member area: where an autologin link ends. One template, no scripts, nothing stored by the browser but
//! the cookie of the session.

use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, COOKIE, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use uuid::Uuid;

use crate::autologin::Visit;

const TEMPLATE: &str = include_str!("page.html");

const HEADERS: [(HeaderName, &str); 2] = [
    (CACHE_CONTROL, "no-store"),
    (
        CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
];

/// One CRM's member area.
#[derive(Debug)]
pub(crate) struct Site {
    /// As the CRM calls it.
    pub(crate) name: &'static str,
    /// The CRM's own path, which the cookie is bound to.
    pub(crate) path: &'static str,
    pub(crate) cookie: &'static str,
}

impl Site {
    /// What a visit to an autologin link is answered: the session's cookie and the way to `page`, or why there is none.
    pub(crate) fn enter<T>(&self, visit: &Visit<T>, page: &str) -> Response {
        match visit {
            Visit::LoggedIn { session, .. } => {
                let cookie = format!("{}={session}; HttpOnly; SameSite=Lax; Path={}", self.cookie, self.path);
                let headers = [(SET_COOKIE, cookie), (LOCATION, page.to_owned()), (CACHE_CONTROL, "no-store".to_owned())];
                (StatusCode::SEE_OTHER, headers).into_response()
            }
            Visit::Used => {
                self.message(StatusCode::GONE, "This link was already used", "It logs you in once. Please log in with your password.")
            }
            Visit::Expired => {
                let text = "It works for a short time only. Please log in with your password.";
                self.message(StatusCode::GONE, "This link has expired", text)
            }
            Visit::Unknown => {
                let text = "Please check the address, or log in with your password.";
                self.message(StatusCode::NOT_FOUND, "There is no such link", text)
            }
        }
    }

    /// The session that a request's cookie names.
    pub(crate) fn session(&self, headers: &HeaderMap) -> Option<Uuid> {
        let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(|line| line.split(';'));
        cookies.filter_map(|cookie| cookie.trim().split_once('=')).find(|(name, _)| *name == self.cookie)?.1.parse().ok()
    }

    pub(crate) fn message(&self, status: StatusCode, title: &str, text: &str) -> Response {
        self.page(status, title, &format!("<p>{}</p>", escape(text)))
    }

    /// Tells who is logged in, so that a test in a browser can see it. `more` is HTML.
    pub(crate) fn member(&self, title: &str, email: &str, id: &str, more: &str) -> Response {
        let content = format!(
            "<p>You are logged in as <strong id=\"who\">{}</strong>.</p>\n<p class=\"quiet\">Client <code id=\"id\">{}</code></p>{more}",
            escape(email),
            escape(id)
        );
        self.page(StatusCode::OK, title, &content)
    }

    pub(crate) fn not_logged_in(&self) -> Response {
        self.message(StatusCode::UNAUTHORIZED, "You are not logged in", "Open the link you were given when you signed up.")
    }

    /// `content` is HTML, the title is text. The content goes in last, so that nothing in it is taken for a placeholder.
    fn page(&self, status: StatusCode, title: &str, content: &str) -> Response {
        let title = escape(title).replace("{{", "&#123;&#123;");
        let html = TEMPLATE.replace("{{site}}", self.name).replace("{{title}}", &title).replace("{{content}}", content);
        (status, HEADERS, Html(html)).into_response()
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}
