//! The Traders Room that an autologin link opens: "URL allows instant login. Valid for a short time only."
//!
//! The document says no more of it. Here a link works once, which is the stricter reading.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;

use super::Wi;
use crate::lock::lock;
use crate::pages::Site;

const SITE: Site = Site { name: "Traders Room", path: "/wi", cookie: "wi_session" };

pub(super) async fn autologin(State(wi): State<Arc<Wi>>, Path(link): Path<String>) -> Response {
    // Into a variable first: the lock ends with the statement.
    let visit = lock(&wi.users).visit(&link);
    SITE.enter(&visit, "/wi/member")
}

pub(super) async fn member(State(wi): State<Arc<Wi>>, headers: HeaderMap) -> Response {
    let users = lock(&wi.users);
    match SITE.session(&headers).and_then(|session| users.of_session(session)) {
        Some(user) => SITE.member(&format!("Welcome, {}", user.first_name()), &user.email, &user.id, ""),
        None => SITE.not_logged_in(),
    }
}
