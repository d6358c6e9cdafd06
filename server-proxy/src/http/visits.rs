//! `POST /api/v1/funnels/{funnel}/visits`: what belongs to one visitor. Never cached.

use std::sync::Arc;

use axum::{
    Json,
    body::Body,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use latchkey_contract::Visit;
use serde::Deserialize;

use super::{
    App, challenge, funnel,
    problem::Refused,
    request::{Caller, Path, json_body, text},
};

/// The body: empty, or the token that is to be renewed, and the variant that the visitor is shown.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Renewal {
    form_token: Option<String>,
    variant: Option<String>,
}

fn renewal(body: &[u8]) -> serde_json::Result<Renewal> {
    if body.is_empty() { Ok(Renewal::default()) } else { serde_json::from_slice(body) }
}

pub(super) async fn begin(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refused> {
    let funnel = funnel(&app, &id)?;
    let renewal = match headers.contains_key(header::CONTENT_TYPE) {
        true => {
            renewal(&json_body(&headers, body, &app.config.server.limits).await?).map_err(|error| Refused::not_json(error.to_string()))?
        }
        false => Renewal::default(),
    };
    let issued = app.intake.visit(&funnel, text(&headers, header::ORIGIN), caller.ip, renewal.form_token.as_deref(), Timestamp::now())?;
    let variant = funnel.variant(renewal.variant.as_deref()).or_else(|| funnel.draw()).map(str::to_owned);
    let challenge = challenge::asked(&app, &funnel, &issued);
    let visit = Visit { form_token: issued.token, expires_at: issued.expires_at.to_string(), country: caller.country, variant, challenge };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(visit)).into_response())
}
