//! The member area, `https://member.mydomain.com` of the document, at `/impact/member`: section "Auto Login".
//!
//! Each page tells who is logged in and whether the status pop-up would open, so that a test in a browser can see both.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use axum::routing::get;

use super::Impact;
use crate::autologin::{self, Visit};
use crate::lock::lock;
use crate::pages::Area;

const SESSION: &str = "impact_session";
const AREA: Area = Area("Member area");

/// "Valid returnUrl parameters can be found on the admin area of the CRM under Settings > Menus". The document names the first of
/// these as what there is without one, though not its path, and the second as an example.
const DASHBOARD: &str = "/dashboard";
const DEPOSIT: &str = "/wallet/deposit";

pub(super) fn routes(impact: Arc<Impact>) -> Router {
    Router::new()
        // HEAD logs nobody in, and axum would answer it by the handler of GET.
        .route("/member/auth/login", get(log_in).head(async || StatusCode::OK))
        .route("/member/dashboard", get(page))
        .route("/member/wallet/deposit", get(page))
        .with_state(impact)
}

/// What the three examples have.
#[derive(Debug, Default)]
struct Asked {
    token: String,
    page: &'static str,
    status_popup: bool,
}

impl Asked {
    /// Nothing but what the document has, and that once: an address put together wrongly should not look right.
    fn read(uri: &Uri) -> Option<Self> {
        let Query(pairs): Query<Vec<(String, String)>> = Query::try_from_uri(uri).ok()?;
        let mut asked = Self { page: DASHBOARD, status_popup: true, ..Self::default() };
        for (index, (name, value)) in pairs.iter().enumerate() {
            if pairs.iter().take(index).any(|(before, _)| before == name) {
                return None;
            }
            match (name.as_str(), value.as_str()) {
                ("token", token) => token.clone_into(&mut asked.token),
                ("returnUrl", url) => asked.page = [DASHBOARD, DEPOSIT].into_iter().find(|page| *page == url)?,
                ("statusPopup", "false") => asked.status_popup = false,
                _ => return None,
            }
        }
        Some(asked)
    }
}

async fn log_in(State(impact): State<Arc<Impact>>, uri: Uri) -> Response {
    let Some(asked) = Asked::read(&uri) else {
        return AREA.message(StatusCode::BAD_REQUEST, "This address is wrong", "Please check it, or log in with your password.");
    };
    // Into a variable first: the lock ends with the statement.
    let visit = lock(&impact.state).people.visit(&asked.token);
    match visit {
        Visit::LoggedIn { session, .. } => {
            let popup = if asked.status_popup { "" } else { "?statusPopup=false" };
            autologin::logged_in(SESSION, session, "/impact", format!("/impact/member{}{popup}", asked.page))
        }
        Visit::Expired | Visit::Used => {
            AREA.message(StatusCode::GONE, "This link has expired", "It works for a short time only. Please log in with your password.")
        }
        Visit::Unknown => {
            AREA.message(StatusCode::NOT_FOUND, "There is no such link", "Please check the address, or log in with your password.")
        }
    }
}

async fn page(State(impact): State<Arc<Impact>>, uri: Uri, headers: HeaderMap) -> Response {
    let state = lock(&impact.state);
    let Some(customer) = state.people.logged_in(SESSION, &headers) else {
        return AREA.message(StatusCode::UNAUTHORIZED, "You are not logged in", "Open the link you were given when you signed up.");
    };
    let popup = if uri.query() == Some("statusPopup=false") { "closed" } else { "open" };
    let title = if uri.path().ends_with(DEPOSIT) { "Deposit".to_owned() } else { format!("Welcome, {}", customer.first_name()) };
    let more = format!("\n<p class=\"quiet\">Status pop-up: <span id=\"status-popup\">{popup}</span></p>");
    AREA.member(&title, &customer.email, &customer.id, &more)
}
