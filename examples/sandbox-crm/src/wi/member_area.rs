//! The Traders Room that an autologin link opens: "URL allows instant login. Valid for a short time only."
//!
//! The document says no more of it. Here a link works once, which is the stricter reading, and leads to a page that tells who is
//! logged in, so that a test in a browser can see it.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, COOKIE, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use uuid::Uuid;

use super::users::Visit;
use super::{Wi, pages};
use crate::lock::lock;

const SESSION: &str = "wi_session";

pub(super) async fn autologin(State(wi): State<Arc<Wi>>, Path(link): Path<String>) -> Response {
    // Into a variable first: the lock ends with the statement.
    let visit = link.parse().map_or(Visit::Unknown, |token| lock(&wi.users).visit(token));
    match visit {
        Visit::LoggedIn { session } => {
            let cookie = format!("{SESSION}={session}; HttpOnly; SameSite=Lax; Path=/wi");
            let headers = [(SET_COOKIE, cookie), (LOCATION, "/wi/member".to_owned()), (CACHE_CONTROL, "no-store".to_owned())];
            (StatusCode::SEE_OTHER, headers).into_response()
        }
        Visit::Used => {
            pages::message(StatusCode::GONE, "This link was already used", "It logs you in once. Please log in with your password.")
        }
        Visit::Expired => {
            pages::message(StatusCode::GONE, "This link has expired", "It works for a short time only. Please log in with your password.")
        }
        Visit::Unknown => {
            pages::message(StatusCode::NOT_FOUND, "There is no such link", "Please check the address, or log in with your password.")
        }
    }
}

pub(super) async fn member(State(wi): State<Arc<Wi>>, headers: HeaderMap) -> Response {
    let users = lock(&wi.users);
    match session(&headers).and_then(|session| users.of_session(session)) {
        Some(user) => pages::member(user),
        None => pages::message(StatusCode::UNAUTHORIZED, "You are not logged in", "Open the link you were given when you signed up."),
    }
}

fn session(headers: &HeaderMap) -> Option<Uuid> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(|line| line.split(';'));
    cookies.filter_map(|cookie| cookie.trim().split_once('=')).find(|(name, _)| *name == SESSION)?.1.parse().ok()
}
