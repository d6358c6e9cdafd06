//! What handlers read of a request, with its bounds.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use axum::{
    body::Body,
    extract::{self, ConnectInfo, FromRequestParts},
    http::{HeaderMap, header, request::Parts},
};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use latchkey_contract::countries;
use serde::de::DeserializeOwned;

use super::{App, problem::Refused};
use crate::{config::Limits, funnel::language, intake::client_ip};

/// Who asks: their address as the trusted proxies tell it, and their country where one of those tells it.
pub(super) struct Caller {
    pub(super) ip: IpAddr,
    pub(super) country: Option<String>,
}

impl FromRequestParts<Arc<App>> for Caller {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Caller, Refused> {
        let server = &app.config.server;
        // Every connection is accepted with its address; without one, nobody is trusted and all share one rate.
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map_or(IpAddr::from([0, 0, 0, 0]), |info| info.0.ip());
        let ip = client_ip::client_ip(peer, &parts.headers, &server.trusted_proxies);
        let trusted = client_ip::is_trusted(peer, &server.trusted_proxies);
        let country = server.country_header.as_ref().filter(|_| trusted).and_then(|name| text(&parts.headers, name)).and_then(country);
        Ok(Caller { ip, country })
    }
}

/// axum's, less its refusals in plain text.
pub(super) struct Path<T>(pub(super) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Path<T>, Refused> {
        // What is not UTF-8 names nothing of ours.
        extract::Path::from_request_parts(parts, state).await.map(|extract::Path(read)| Path(read)).map_err(|_| Refused::not_found())
    }
}

/// axum's, less its refusals in plain text.
pub(super) struct Query<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Query<T>, Refused> {
        let query = extract::Query::from_request_parts(parts, state).await;
        query.map(|extract::Query(read)| Query(read)).map_err(|_| Refused::broken_query())
    }
}

/// ISO 3166-1 alpha-2. "XX" and "T1", which some networks send for "unknown" and "Tor", are no countries.
fn country(text: &str) -> Option<String> {
    countries::is_code(text).then(|| text.to_owned())
}

/// A header's value, where it is text.
pub(super) fn text(headers: &HeaderMap, name: impl header::AsHeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// The browser's languages, best first.
pub(super) fn wishes(headers: &HeaderMap) -> Vec<&str> {
    text(headers, header::ACCEPT_LANGUAGE).map(language::wishes).unwrap_or_default()
}

/// A JSON body, read within the limits of size and time.
pub(super) async fn json_body(headers: &HeaderMap, body: Body, limits: &Limits) -> Result<Vec<u8>, Refused> {
    typed_body("application/json", headers, body, limits).await
}

/// The names and values of a posted form, in their order, read within the same limits.
pub(super) async fn form_body(headers: &HeaderMap, body: Body, limits: &Limits) -> Result<Vec<(String, String)>, Refused> {
    let body = typed_body("application/x-www-form-urlencoded", headers, body, limits).await?;
    Ok(url::form_urlencoded::parse(&body).into_owned().collect())
}

async fn typed_body(wanted: &'static str, headers: &HeaderMap, body: Body, limits: &Limits) -> Result<Vec<u8>, Refused> {
    let media_type = text(headers, header::CONTENT_TYPE).and_then(|value| value.split(';').next()).unwrap_or_default().trim();
    if !media_type.eq_ignore_ascii_case(wanted) {
        return Err(Refused::media_type(wanted));
    }
    let read =
        tokio::time::timeout(limits.read_time, Limited::new(body, limits.body_bytes).collect()).await.map_err(|_| Refused::too_slow())?;
    match read {
        Ok(body) => Ok(body.to_bytes().to_vec()),
        Err(error) if error.is::<LengthLimitError>() => Err(Refused::too_large(limits.body_bytes)),
        Err(_) => Err(Refused::broken_body()),
    }
}
