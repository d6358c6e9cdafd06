//! What the portal answers.

use std::sync::Arc;

use axum::{
    Form, Json, Router,
    extract::State,
    http::{
        HeaderMap, StatusCode,
        header::{
            CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE, HOST, ORIGIN, REFERRER_POLICY, SET_COOKIE, X_CONTENT_TYPE_OPTIONS,
        },
    },
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use serde::Deserialize;

use crate::{people::People, people::User, tokens::Tokens};

const LOG_IN: &str = include_str!("../pages/log-in.html");
const PORTAL: &str = include_str!("../pages/portal.html");
const STYLE: &str = include_str!("../pages/style.css");
const ICON: &str = include_str!("../pages/icon.svg");
const SCRIPT: &str = include_str!("../pages/portal.js");
const SESSION: &str = "portal-session";

pub(crate) struct Portal {
    pub(crate) people: People,
    pub(crate) tokens: Tokens,
}

pub(crate) fn routes(portal: Arc<Portal>) -> Router {
    Router::new()
        .route("/", get(index))
        .route("/log-in", get(async |State(portal): State<Arc<Portal>>| log_in_page(&portal, "")).post(log_in))
        .route("/log-out", post(log_out))
        .route("/latchkey-token", post(token))
        .route("/style.css", get(async || file("text/css; charset=utf-8", STYLE)))
        .route("/icon.svg", get(async || file("image/svg+xml", ICON)))
        .route("/portal.js", get(async || file("text/javascript; charset=utf-8", SCRIPT)))
        // There is no icon, and a 404 would show as an error in the console.
        .route("/favicon.ico", get(async || StatusCode::NO_CONTENT))
        .route("/healthz", get(async || StatusCode::OK))
        .with_state(portal)
}

async fn index(State(portal): State<Arc<Portal>>, headers: HeaderMap) -> Response {
    match user(&portal, &headers) {
        Some(user) => page(&portal, PORTAL.replace("{{name}}", &user.name)),
        None => Redirect::to("/log-in").into_response(),
    }
}

fn log_in_page(portal: &Portal, message: &str) -> Response {
    page(portal, LOG_IN.replace("{{message}}", message))
}

#[derive(Deserialize)]
struct LogIn {
    name: String,
    password: String,
}

async fn log_in(State(portal): State<Arc<Portal>>, headers: HeaderMap, Form(form): Form<LogIn>) -> Response {
    if !is_own(&headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    match portal.people.log_in(&form.name, &form.password) {
        // A portal on https adds `Secure`.
        Some(session) => {
            ([(SET_COOKIE, format!("{SESSION}={session}; Path=/; HttpOnly; SameSite=Lax"))], Redirect::to("/")).into_response()
        }
        None => (StatusCode::UNAUTHORIZED, log_in_page(&portal, "That is not the right name and password.")).into_response(),
    }
}

async fn log_out(State(portal): State<Arc<Portal>>, headers: HeaderMap) -> Response {
    if !is_own(&headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    portal.people.log_out(session(&headers));
    Redirect::to("/log-in").into_response()
}

/// What the element's `fetchToken` asks. Whose token it is, the session says and nothing else.
async fn token(State(portal): State<Arc<Portal>>, headers: HeaderMap) -> Response {
    if !is_own(&headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let Some(user) = user(&portal, &headers) else { return StatusCode::UNAUTHORIZED.into_response() };
    match portal.tokens.mint(&user.affiliate).await {
        Ok(token) => ([(CACHE_CONTROL, "no-store")], Json(token)).into_response(),
        Err(why) => {
            eprintln!("partner-portal: {why}");
            StatusCode::BAD_GATEWAY.into_response()
        }
    }
}

/// Whether a page of ours sent it. A cookie alone does not tell: it goes along with what another site's form posts, unless `SameSite`
/// keeps it.
fn is_own(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let (Some(origin), Some(host)) = (text(ORIGIN), text(HOST)) else { return false };
    origin.split_once("://").is_some_and(|(_, own)| own == host)
}

fn user(portal: &Portal, headers: &HeaderMap) -> Option<User> {
    portal.people.who(session(headers))
}

fn session(headers: &HeaderMap) -> &str {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(';'));
    cookies.filter_map(|cookie| cookie.trim().split_once('=')).find(|(name, _)| *name == SESSION).map_or("", |(_, value)| value)
}

/// Under the strictest policy that the elements work with; `data:` are the pictures of banners.
fn page(portal: &Portal, html: String) -> Response {
    let proxy = &portal.tokens.proxy.0;
    let policy = format!(
        "default-src 'none'; script-src 'self' {proxy} 'wasm-unsafe-eval'; connect-src 'self' {proxy}; style-src 'self'; img-src 'self' data:; form-action 'self'; \
         base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
    );
    let headers = [
        (CONTENT_SECURITY_POLICY, policy),
        (CACHE_CONTROL, "no-store".to_owned()),
        (REFERRER_POLICY, "same-origin".to_owned()),
        (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    (headers, Html(html.replace("{{proxy}}", proxy))).into_response()
}

fn file(media_type: &'static str, content: &'static str) -> Response {
    ([(CONTENT_TYPE, media_type), (CACHE_CONTROL, "no-cache"), (X_CONTENT_TYPE_OPTIONS, "nosniff")], content).into_response()
}
