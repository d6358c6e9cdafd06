//! The Traders Room that an autologin link opens: "URL allows instant login. Valid for a short time only."
//!
//! The document says no more of it. Here a link works once, which is the stricter reading, and leads to a page that tells who is
//! logged in, so that a test in a browser can see it.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::Wi;
use crate::autologin::{self, Visit};
use crate::lock::lock;
use crate::pages::Area;

const SESSION: &str = "wi_session";
const AREA: Area = Area("Traders Room");

pub(super) async fn autologin(State(wi): State<Arc<Wi>>, Path(link): Path<String>) -> Response {
    // Into a variable first: the lock ends with the statement.
    let visit = lock(&wi.users).visit(&link);
    match visit {
        Visit::LoggedIn { session, .. } => autologin::logged_in(SESSION, session, "/wi", "/wi/member".to_owned()),
        Visit::Used => {
            AREA.message(StatusCode::GONE, "This link was already used", "It logs you in once. Please log in with your password.")
        }
        Visit::Expired => {
            AREA.message(StatusCode::GONE, "This link has expired", "It works for a short time only. Please log in with your password.")
        }
        Visit::Unknown => {
            AREA.message(StatusCode::NOT_FOUND, "There is no such link", "Please check the address, or log in with your password.")
        }
    }
}

pub(super) async fn member(State(wi): State<Arc<Wi>>, headers: HeaderMap) -> Response {
    let users = lock(&wi.users);
    match users.logged_in(SESSION, &headers) {
        Some(user) => AREA.member(&format!("Welcome, {}", user.first_name()), &user.email, &user.id, ""),
        None => AREA.message(StatusCode::UNAUTHORIZED, "You are not logged in", "Open the link you were given when you signed up."),
    }
}
