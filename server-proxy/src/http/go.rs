//! `GET /go/{ticket}`: from a ticket to the CRM's autologin link, which no page ever sees.
//!
//! A ticket names its signup and its serial number, signed. It is good until the link's life ends, and for 30 seconds after
//! its first use, so that a double load or a lost answer does not lock the visitor out. A browser that only looks ahead
//! (`HEAD`, `Sec-Purpose: prefetch`) gets no link and uses nothing.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::State,
    http::{HeaderMap, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use uuid::Uuid;

use super::{
    App, page,
    problem::Refused,
    request::{self, Path, text},
};
use crate::{
    funnel::{Funnel, texts},
    store::{Signup, Ticket},
};

/// How long a ticket works after its first use.
const AFTER_USE: Duration = Duration::from_secs(30);
const PURPOSE: &str = "ticket";

/// The address that a visitor opens, while the link is good. A spent ticket is replaced.
pub(super) async fn ticket_address(app: &App, signup: &Signup, now: Timestamp) -> Result<Option<String>, Refused> {
    let Some(ticket) = signup.ticket.as_ref().filter(|ticket| now < ticket.expires_at) else { return Ok(None) };
    let serial = if is_spent(ticket, now) {
        app.store.renew_ticket(signup.id, ticket.serial).await.map_err(|error| Refused::not_kept(&error))?;
        ticket.serial + 1
    } else {
        ticket.serial
    };
    let body = format!("{}.{serial}", signup.id.simple());
    let signature = app.config.keys.sign(PURPOSE, body.as_bytes());
    Ok(app.config.server.public_url.join(&format!("go/{body}.{signature}")).ok().map(String::from))
}

fn is_spent(ticket: &Ticket, now: Timestamp) -> bool {
    ticket.used_at.is_some_and(|used_at| now > used_at + AFTER_USE)
}

/// The signup and serial number that a ticket of ours names.
fn parse(app: &App, ticket: &str) -> Option<(Uuid, u32)> {
    let (body, signature) = ticket.rsplit_once('.')?;
    if !app.config.keys.verify(PURPOSE, body.as_bytes(), signature) {
        return None;
    }
    let (id, serial) = body.split_once('.')?;
    Some((id.parse().ok()?, serial.parse().ok()?))
}

pub(super) async fn go(
    State(app): State<Arc<App>>,
    Path(ticket): Path<String>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let now = Timestamp::now();
    let not_kept = |error| Refused::not_kept(&error);
    let parsed = parse(&app, &ticket);
    let signup = match parsed {
        Some((id, _)) => app.store.signup(id).await.map_err(not_kept)?,
        None => None,
    };
    let (Some(signup), Some((id, serial))) = (signup, parsed) else { return Ok(spent(&app, None, &headers)) };
    let good = |ticket: &Ticket| ticket.serial == serial && now < ticket.expires_at && !is_spent(ticket, now);
    if !signup.ticket.as_ref().is_some_and(good) {
        return Ok(spent(&app, Some(&signup), &headers));
    }
    if method == Method::HEAD {
        return Ok((StatusCode::OK, private()).into_response());
    }
    if is_prefetch(&headers) {
        // Not a success, so that the browser asks again when the visitor really comes.
        return Ok((StatusCode::SERVICE_UNAVAILABLE, private()).into_response());
    }
    if is_framed(&headers) {
        return Ok((private(), page::framed(wording(app.config.funnels.get(&signup.funnel).as_deref(), &headers), &ticket)).into_response());
    }
    let Some(link) = app.store.link(id).await.map_err(not_kept)? else { return Ok(spent(&app, Some(&signup), &headers)) };
    // A store that takes no writes keeps no client from the CRM: the ticket is good for as long as its link is.
    match app.store.use_ticket(id, serial, now).await {
        Ok(()) => tracing::info!(signup = %id, "ticket used"),
        Err(error) => tracing::error!(signup = %id, %error, "cannot write down that a ticket was used"),
    }
    Ok((StatusCode::SEE_OTHER, private(), [(header::LOCATION, link.expose().to_owned())]).into_response())
}

fn private() -> [(header::HeaderName, &'static str); 2] {
    [(header::CACHE_CONTROL, "no-store"), (header::REFERRER_POLICY, "no-referrer")]
}

/// `Sec-Purpose: prefetch` (Fetch standard), with or without parameters; `Purpose` is its forerunner.
fn is_prefetch(headers: &HeaderMap) -> bool {
    ["sec-purpose", "purpose", "x-moz"]
        .iter()
        .filter_map(|name| text(headers, *name))
        .any(|purpose| purpose.to_ascii_lowercase().contains("prefetch"))
}

/// An autologin page in a frame is refused by most members' areas, and could be a trick: it opens in the top window.
fn is_framed(headers: &HeaderMap) -> bool {
    text(headers, "sec-fetch-dest")
        .is_some_and(|destination| matches!(destination, "iframe" | "frame" | "object" | "embed" | "fencedframe"))
}

fn spent(app: &App, signup: Option<&Signup>, headers: &HeaderMap) -> Response {
    let funnel = signup.and_then(|signup| app.config.funnels.get(&signup.funnel));
    let login_url = funnel.as_ref().and_then(|funnel| funnel.finish.login_url.as_deref());
    let wording = wording(funnel.as_deref(), headers);
    (StatusCode::GONE, private(), page::spent(wording, login_url)).into_response()
}

/// Our words in the visitor's language; as the funnel has them, where there is one.
fn wording<'a>(funnel: Option<&'a Funnel>, headers: &'a HeaderMap) -> page::Wording<'a> {
    let wishes = request::wishes(headers);
    match funnel {
        Some(funnel) => {
            let language = funnel.language(None, wishes);
            page::Wording { locale: &language.view.locale, texts: &language.texts }
        }
        None => {
            let locale = wishes.into_iter().find(|wish| texts::is_built_in(wish)).unwrap_or("en");
            page::Wording { locale, texts: texts::built_in(locale) }
        }
    }
}
