//! Who asks: the document's "BearerAuth" and "BearerAuthApiKey".
//!
//! It names the header of the API key nowhere; `x-api-key` is what such keys are sent in. Whoever sends both must send a good bearer:
//! a key does not make up for a session that has ended.

use axum::http::header::AUTHORIZATION;

use super::answers::{Outcome, Refusal};
use super::books::Books;
use super::input::Input;
use super::operations::{Auth, Handler, Operation};
use super::tokens::Holder;
use crate::exchange::Request;

/// `None` where nobody need be known.
pub(super) fn holder(books: &Books, operation: &Operation, request: &Request) -> Result<Option<Holder>, Refusal> {
    if operation.auth == Auth::Public {
        return Ok(None);
    }
    let holder = authenticated(books, operation.auth, request)?;
    match (operation.handler, holder) {
        (Handler::Affiliate(_), Holder::Customer(_)) | (Handler::Customer(_), Holder::Affiliate(_)) => Err(forbidden(operation)),
        _ => Ok(Some(holder)),
    }
}

fn authenticated(books: &Books, auth: Auth, request: &Request) -> Result<Holder, Refusal> {
    if request.headers.contains_key(AUTHORIZATION) {
        let bearer = request.header(AUTHORIZATION.as_str()).and_then(|value| value.strip_prefix("Bearer "));
        return bearer.and_then(|bearer| books.tokens.holder(bearer)).ok_or_else(|| Refusal::unauthorized("Invalid or expired token"));
    }
    if auth == Auth::Bearer {
        return Err(Refusal::unauthorized("Bearer token is required"));
    }
    let key = request.header("x-api-key").ok_or_else(|| Refusal::unauthorized("Bearer token or API key is required"))?;
    let affiliate = books.affiliate_by(|affiliate| affiliate.api_key == key);
    affiliate.map(Holder::Affiliate).ok_or_else(|| Refusal::unauthorized("Invalid API key"))
}

fn forbidden(operation: &Operation) -> Refusal {
    Refusal::forbidden(format!("{} is not for this user", operation.id))
}

/// Lets the operation answer, for whoever it is meant for.
pub(super) fn admit(books: &mut Books, operation: &Operation, holder: Option<Holder>, input: &Input) -> Outcome {
    match (operation.handler, holder) {
        (Handler::Anybody(answer), _) => answer(books, input),
        (Handler::Affiliate(answer), Some(Holder::Affiliate(affiliate))) => answer(books, input, affiliate),
        (Handler::Customer(answer), Some(Holder::Customer(customer))) => answer(books, input, customer),
        (Handler::Either(answer), Some(holder)) => answer(books, input, holder),
        // Not after [`holder`].
        _ => Err(forbidden(operation)),
    }
}
