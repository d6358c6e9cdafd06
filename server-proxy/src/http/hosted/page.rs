//! The pages themselves.

use std::sync::LazyLock;

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use latchkey_widgets::signup::render::Shown;
use sha2::{Digest, Sha256};

use super::{super::page::escape, asking, state::Progress, value};
use crate::{
    funnel::{Funnel, Language, language, texts},
    http::{App, assets, problem::Refused, request::wishes},
    render,
};

const STYLE: &str = include_str!("page.css");

static STYLE_HASH: LazyLock<String> = LazyLock::new(|| STANDARD.encode(Sha256::digest(STYLE)));

/// A page with a form.
pub(super) struct Form<'a> {
    pub(super) funnel: &'a Funnel,
    pub(super) language: &'a Language,
    pub(super) progress: &'a Progress,
    pub(super) shown: Shown,
    /// Whether nothing was filled in yet: then the widget may take over.
    pub(super) begins: bool,
}

impl Form<'_> {
    pub(super) async fn response(mut self, app: &App, status: StatusCode) -> Response {
        let Form { funnel, language, progress, .. } = self;
        let mut view = (*language.view).clone();
        let title = view.steps.get(progress.step).and_then(|step| step.title.clone()).unwrap_or_else(|| funnel.id.clone());
        for field in view.steps.iter_mut().flat_map(|step| &mut step.fields) {
            let held = value(progress, field);
            if !held.is_empty() && field.kind != latchkey_contract::FieldKind::Password {
                field.default = Some(held);
            } else if !self.begins {
                field.default = None;
            }
        }
        self.shown.notes.extend(asking::lists(app, funnel, language, progress, &mut view).await);
        let post = app.loaders.post(&funnel.id, progress.seal(&app.config.keys, &funnel.id));
        let form = render::form(view, self.shown, post);
        let form = if self.begins { form } else { form.without_hidden_steps() };
        let content = app.loaders.element(&language.view, &form.html());
        let script = if self.begins { app.loaders.script(&language.view) } else { String::new() };
        page(&Document { app, status, language, funnel, title: &title, head: "", body: &format!("{content}{script}") })
    }
}

/// What stands on a page.
pub(super) struct Document<'a> {
    pub(super) app: &'a App,
    pub(super) status: StatusCode,
    pub(super) language: &'a Language,
    pub(super) funnel: &'a Funnel,
    pub(super) title: &'a str,
    pub(super) head: &'a str,
    pub(super) body: &'a str,
}

pub(super) fn page(document: &Document<'_>) -> Response {
    let Document { app, status, language, funnel, title, head, body } = document;
    let head = format!("{head}{}", frame(app, funnel));
    html(*status, &language.view.locale, title, &head, body, &policy(Some(funnel)))
}

fn html(status: StatusCode, locale: &str, title: &str, head: &str, body: &str, policy: &str) -> Response {
    let direction = if language::is_right_to_left(locale) { "rtl" } else { "ltr" };
    // An icon of nothing: browsers ask for one where none is named, which the policy refuses, and Firefox says so.
    let page = format!(
        r#"<!doctype html><html lang="{}" dir="{direction}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><meta name="color-scheme" content="light dark"><link rel="icon" href="data:,">{head}<title>{}</title><style>{STYLE}</style></head><body><main>{body}</main></body></html>"#,
        escape(locale),
        escape(title)
    );
    let fixed = [
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // The origin alone, and to nobody else: a posted form says by it where it is from.
        (header::REFERRER_POLICY, "same-origin"),
    ];
    let policy = HeaderValue::try_from(policy).unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'"));
    (status, fixed, [(header::CONTENT_SECURITY_POLICY, policy)], Html(page)).into_response()
}

/// What tells a page that frames this one how high it is. Which pages those are, is in the policy for everybody to read anyway.
fn frame(app: &App, funnel: &Funnel) -> String {
    let origins: Vec<String> = funnel.origins.iter().map(ToString::to_string).collect();
    let (origins, hash, file) = (escape(&origins.join(" ")), &*assets::HASH, assets::FRAME);
    let base = escape(app.config.server.public_url.as_str());
    format!(r#"<meta name="latchkey-origins" content="{origins}"><script type="module" src="{base}assets/{hash}/{file}"></script>"#)
}

/// What the page may load, and who may frame it: the funnel's pages.
fn policy(funnel: Option<&Funnel>) -> String {
    let origins: Vec<String> = funnel.iter().flat_map(|funnel| &funnel.origins).map(ToString::to_string).collect();
    let framed_by = if origins.is_empty() { "'none'".to_owned() } else { origins.join(" ") };
    let style = &*STYLE_HASH;
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; style-src 'self' 'sha256-{style}'; form-action 'self'; \
         frame-src 'self'; img-src data:; base-uri 'none'; frame-ancestors {framed_by}; require-trusted-types-for 'script'"
    )
}

/// What cannot be answered with a form, for people.
pub(super) fn refused(refused: Refused, headers: &HeaderMap) -> Response {
    let locale = wishes(headers).into_iter().find(|wish| texts::is_built_in(wish)).unwrap_or("en");
    let texts = texts::built_in(locale);
    let (status, ..) = refused.into_parts();
    let key = match status {
        StatusCode::NOT_FOUND => "page.closed",
        StatusCode::FORBIDDEN => "error.not_allowed",
        _ => "error.busy",
    };
    let body = format!("<section><h1>{}</h1><p>{}</p></section>", escape(texts.get("page.error.title")), escape(texts.get(key)));
    html(status, locale, texts.get("page.error.title"), "", &body, &policy(None))
}
