//! The client area that `redirectUrl` and `depositUrl` of a sign-up open ("a depositUrl with an embedded auto-login token that allows
//! the customer to access the deposit page without manual login"), the link of the e-mail that confirms an address, and the logos.
//!
//! The document does not say how often a link works. Here it does once, which is the stricter reading; the two of one sign-up are two.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use jiff::Timestamp;

use super::Trading;
use super::confirmation::confirm_email;
use super::promotion::drawing;
use crate::autologin::{Uses, Visit};
use crate::exchange;
use crate::lock::lock;
use crate::pages::Site;

const SITE: Site = Site { name: "Client Area", path: "/trading", cookie: "trading_session" };

/// Where a link leads.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Page {
    Home,
    Deposit,
}

impl Page {
    /// What the link has before its token.
    pub(super) fn path(self) -> &'static str {
        match self {
            Page::Home => "autologin",
            Page::Deposit => "deposit",
        }
    }

    fn destination(self) -> &'static str {
        match self {
            Page::Home => "/trading/member",
            Page::Deposit => "/trading/member/deposit",
        }
    }
}

/// What stands under `/trading`: the pages, and everything else is the API.
pub(crate) fn routes(trading: Arc<Trading>) -> Router {
    // HEAD must not use up a link, and axum would answer it by the handler of GET.
    let link = || get(autologin).head(async || StatusCode::OK);
    Router::new()
        .route("/autologin/{link}", link())
        .route("/deposit/{link}", link())
        .route("/member", get(home))
        .route("/member/deposit", get(deposit))
        .route("/confirm-email/{token}", get(confirm).head(async || StatusCode::OK))
        .route("/logos/{affiliate}/{file}", get(logo))
        .with_state(trading.clone())
        .merge(exchange::routes(trading))
}

async fn autologin(State(trading): State<Arc<Trading>>, Path(link): Path<String>) -> Response {
    let mut books = lock(&trading.books);
    let visit = books.autologin.visit(&link, Uses::Once);
    let Visit::LoggedIn { who: (key, page), .. } = visit else { return SITE.enter(&visit, "") };
    let customer = books.customer_mut(key);
    customer.logins.push(Timestamp::now());
    customer.came_in = true;
    SITE.enter(&visit, page.destination())
}

async fn home(State(trading): State<Arc<Trading>>, headers: HeaderMap) -> Response {
    member(&trading, &headers, |name| format!("Welcome, {name}"))
}

async fn deposit(State(trading): State<Arc<Trading>>, headers: HeaderMap) -> Response {
    member(&trading, &headers, |name| format!("Make a deposit, {name}"))
}

fn member(trading: &Trading, headers: &HeaderMap, title: impl Fn(&str) -> String) -> Response {
    let books = lock(&trading.books);
    match SITE.session(headers).and_then(|session| books.autologin.of_session(session)) {
        Some((key, _)) => {
            let customer = books.customer(key);
            SITE.member(&title(customer.text("firstname")), customer.email(), &customer.id, "")
        }
        None => SITE.not_logged_in(),
    }
}

async fn confirm(State(trading): State<Arc<Trading>>, Path(token): Path<String>) -> Response {
    if confirm_email(&mut lock(&trading.books), &token) {
        SITE.message(StatusCode::OK, "Your e-mail address is confirmed", "Thank you.")
    } else {
        SITE.message(StatusCode::NOT_FOUND, "There is no such link", "Please ask for another e-mail.")
    }
}

async fn logo(State(trading): State<Arc<Trading>>, Path((affiliate, file)): Path<(String, String)>) -> Response {
    let books = lock(&trading.books);
    let known = books.affiliate_by(|known| known.id == affiliate && known.grey_labeling);
    match (known, file.as_str()) {
        (Some(key), "rectangular.svg") => svg(drawing(&books.affiliate(key).name, 240, 80)),
        (Some(key), "square.svg") => svg(drawing(&books.affiliate(key).name, 96, 96)),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

fn svg(drawing: String) -> Response {
    ([(CONTENT_TYPE, "image/svg+xml")], drawing).into_response()
}
