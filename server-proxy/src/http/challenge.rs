//! `GET /challenge/{funnel}`: the page that a widget shows in a frame for a proof: it works, or shows a captcha, and tells the page
//! that frames it, which has to be one of the funnel's. What comes from others runs here, on a page with nothing else on it.

use std::sync::{Arc, LazyLock};

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::{Html, IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use latchkey_contract as contract;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::{
    App, assets, funnel,
    page::escape,
    problem::Refused,
    request::{self, Path, Query},
};
use crate::{
    captcha::Captcha,
    funnel::{Challenge, Funnel, texts},
    intake::{Asked, Issued},
};

const STYLE: &str = include_str!("challenge.css");

static STYLE_HASH: LazyLock<String> = LazyLock::new(|| STANDARD.encode(Sha256::digest(STYLE)));

/// What a visit is told of its challenge.
pub(super) fn asked(app: &App, funnel: &Funnel, issued: &Issued) -> Option<contract::Challenge> {
    let page = format!("{}challenge/{}", app.config.server.public_url, funnel.id);
    Some(match app.intake.challenge(funnel, issued)? {
        Asked::Work(task) => contract::Challenge { kind: contract::ChallengeKind::Work, url: format!("{page}?work={task}") },
        Asked::Captcha => contract::Challenge { kind: contract::ChallengeKind::Captcha, url: page },
    })
}

/// The page's query: what is to be worked on; without it, the captcha is shown.
#[derive(Deserialize)]
pub(super) struct Task {
    work: Option<String>,
}

pub(super) async fn page(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Query(task): Query<Task>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let funnel = funnel(&app, &id)?;
    let captcha = match (&task.work, &funnel.challenge) {
        (Some(_), _) => None,
        (None, Some(Challenge::Captcha(captcha))) => Some(captcha.as_ref()),
        (None, _) => return Err(Refused::not_found()),
    };
    let main = captcha.map_or_else(
        || format!(r#"<main data-work="{}"></main>"#, escape(task.work.as_deref().unwrap_or_default())),
        |captcha| {
            let (kind, key, script) = (captcha.kind.as_str(), escape(&captcha.site_key), escape(captcha.script.as_str()));
            format!(r#"<main data-captcha="{kind}" data-key="{key}" data-script="{script}"></main>"#)
        },
    );
    let wishes = request::wishes(&headers);
    let locale = wishes.into_iter().find(|wish| texts::is_built_in(wish)).unwrap_or("en");
    let title = escape(texts::built_in(locale).get("captcha.title"));
    let origins: Vec<String> = funnel.origins.iter().map(ToString::to_string).collect();
    let (base, hash, file) = (escape(app.config.server.public_url.as_str()), &*assets::HASH, assets::CHALLENGE);
    let page = format!(
        r#"<!doctype html><html lang="{}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><meta name="color-scheme" content="light dark"><meta name="latchkey-origins" content="{}"><title>{title}</title><style>{STYLE}</style><script type="module" src="{base}assets/{hash}/{file}"></script></head><body>{main}</body></html>"#,
        escape(locale),
        escape(&origins.join(" ")),
    );
    let policy = HeaderValue::try_from(policy(&origins, captcha)).unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'"));
    let fixed = [(header::CACHE_CONTROL, "no-store"), (header::X_CONTENT_TYPE_OPTIONS, "nosniff")];
    Ok((fixed, [(header::CONTENT_SECURITY_POLICY, policy)], Html(page)).into_response())
}

/// What the page may load, and who may frame it: the funnel's pages.
fn policy(origins: &[String], captcha: Option<&Captcha>) -> String {
    let origins = origins.join(" ");
    let common = format!("default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors {origins}");
    let Some(captcha) = captcha else {
        let style = &*STYLE_HASH;
        return format!("{common}; script-src 'self'; worker-src 'self'; style-src 'sha256-{style}'");
    };
    let sources = captcha.kind.sources();
    // Only the origin: a policy's path is compared without what a script's address adds to it.
    let own = captcha.script.origin().ascii_serialization();
    // Their scripts write styles; a hash beside 'unsafe-inline' would switch it off.
    format!(
        "{common}; script-src 'self' {own} {}; frame-src {own} {}; style-src 'unsafe-inline' {}; connect-src {own} {}; img-src {own} {} data:",
        sources.scripts, sources.frames, sources.styles, sources.calls, sources.scripts
    )
}
