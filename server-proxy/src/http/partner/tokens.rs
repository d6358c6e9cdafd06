//! `POST` and `DELETE /api/v1/embed-tokens`: a portal's server asks, with its secret.

use std::sync::Arc;

use axum::{
    Json,
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use latchkey_contract::partner::Revoked;

use super::{
    super::{
        App,
        problem::Refused,
        request::{Caller, json_body},
    },
    bearer,
    handlers::parsed,
};

pub(in super::super) async fn mint(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refused> {
    let body = json_body(&headers, body, &app.config.server.limits).await?;
    let answer = app.partners.mint(bearer(&headers), caller.ip, || parsed(&body)).await?;
    Ok((StatusCode::CREATED, [(header::CACHE_CONTROL, "no-store")], Json(answer)).into_response())
}

pub(in super::super) async fn revoke(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refused> {
    let body = json_body(&headers, body, &app.config.server.limits).await?;
    let revoked = app.partners.revoke(bearer(&headers), caller.ip, || parsed(&body)).await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(Revoked { revoked })).into_response())
}
