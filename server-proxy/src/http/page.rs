//! The few pages of our own that a ticket can end on. No script, one style sheet that the page's policy names by its hash.

use std::sync::LazyLock;

use axum::{
    http::header,
    response::{Html, IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use latchkey_contract::Texts;
use sha2::{Digest, Sha256};

const STYLE: &str = include_str!("page.css");

static POLICY: LazyLock<String> = LazyLock::new(|| {
    let hash = STANDARD.encode(Sha256::digest(STYLE));
    format!("default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'")
});

/// Our words in one language.
pub(super) struct Wording<'a> {
    pub(super) locale: &'a str,
    pub(super) texts: &'a Texts,
}

impl Wording<'_> {
    fn get(&self, key: &str) -> String {
        escape(self.texts.get(key))
    }
}

/// A ticket that is used up or over, and what to do next.
pub(super) fn spent(wording: Wording<'_>, login_url: Option<&str>) -> Response {
    let login = login_url.map_or_else(String::new, |url| {
        format!(r#"<p><a class="button" href="{}">{}</a></p>"#, escape(url), wording.get("page.ticket.login"))
    });
    let body = format!("<p>{}</p>{login}", wording.get("page.ticket.text"));
    page(&wording, "page.ticket.title", &body)
}

/// A ticket that was opened in a frame: one more click, in the top window.
pub(super) fn framed(wording: Wording<'_>, ticket: &str) -> Response {
    let body = format!(r#"<p><a class="button" href="{}" target="_top">{}</a></p>"#, escape(ticket), wording.get("page.frame.continue"));
    page(&wording, "page.frame.title", &body)
}

fn page(wording: &Wording<'_>, title: &str, body: &str) -> Response {
    let title = wording.get(title);
    let direction = if crate::funnel::language::is_right_to_left(wording.locale) { "rtl" } else { "ltr" };
    let html = format!(
        r#"<!doctype html><html lang="{}" dir="{direction}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><title>{title}</title><style>{STYLE}</style></head><body><main><h1>{title}</h1>{body}</main></body></html>"#,
        escape(wording.locale)
    );
    ([(header::CONTENT_SECURITY_POLICY, POLICY.as_str()), (header::X_CONTENT_TYPE_OPTIONS, "nosniff")], Html(html)).into_response()
}

/// Text for an element or a quoted attribute.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}
