//! The member area, `https://member.mydomain.com` of the document, at `/impact/member`: section "Auto Login".
//!
//! Each page tells who is logged in and whether the status pop-up would open, so that a test in a browser can see both.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use axum::routing::get;

use super::Impact;
use crate::check::{Member, Rule};
use crate::lock::lock;
use crate::pages::Site;
use crate::query::Query;

const SITE: Site = Site { name: "Member area", path: "/impact", cookie: "impact_session" };

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
const ASKED: &[Member] = &[
    Member::new("token", Rule::Text),
    Member::new("returnUrl", Rule::OneOf(&[DASHBOARD, DEPOSIT])),
    Member::new("statusPopup", Rule::OneOf(&["false"])),
];

async fn log_in(State(impact): State<Arc<Impact>>, uri: Uri) -> Response {
    let asked = Query::read(uri.query().unwrap_or_default().as_bytes());
    // Nothing but what the document has, and that once: an address put together wrongly should not look right.
    if asked.check("Parameter", ASKED).is_err() {
        return SITE.message(StatusCode::BAD_REQUEST, "This address is wrong", "Please check it, or log in with your password.");
    }
    // Into a variable first: the lock ends with the statement.
    let visit = lock(&impact.state).people.visit(asked.first("token").unwrap_or_default());
    let popup = if asked.first("statusPopup").is_some() { "?statusPopup=false" } else { "" };
    SITE.enter(&visit, &format!("/impact/member{}{popup}", asked.first("returnUrl").unwrap_or(DASHBOARD)))
}

async fn page(State(impact): State<Arc<Impact>>, uri: Uri, headers: HeaderMap) -> Response {
    let state = lock(&impact.state);
    let Some(customer) = SITE.session(&headers).and_then(|session| state.people.of_session(session)) else {
        return SITE.not_logged_in();
    };
    let popup = if uri.query() == Some("statusPopup=false") { "closed" } else { "open" };
    let title = if uri.path().ends_with(DEPOSIT) { "Deposit".to_owned() } else { format!("Welcome, {}", customer.first_name()) };
    let more = format!("\n<p class=\"quiet\">Status pop-up: <span id=\"status-popup\">{popup}</span></p>");
    SITE.member(&title, &customer.email, &customer.id, &more)
}
