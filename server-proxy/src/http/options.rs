//! `GET /api/v1/funnels/{funnel}/options/{field}?within=&locale=`: what may be chosen for a field whose options the CRM lists.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use latchkey_contract::{ChoiceView, OptionsAnswer};
use serde::Deserialize;

use super::{
    App, funnel,
    problem::Refused,
    request::{Caller, Path, Query, wishes},
};
use crate::{crm::Unanswered, funnel::nearest};

/// The same for everybody who reads that language; countries change seldom.
const CACHE: &str = "public, max-age=3600";

#[derive(Deserialize)]
pub(super) struct Wish {
    within: Option<String>,
    locale: Option<String>,
}

pub(super) async fn options(
    State(app): State<Arc<App>>,
    Path((id, field)): Path<(String, String)>,
    Query(wish): Query<Wish>,
    caller: Caller,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let funnel = funnel(&app, &id)?;
    let lookup = funnel.lookup(&field).ok_or_else(Refused::not_found)?;
    app.intake.admit_lookup(caller.ip)?;
    let choices = app.lists.choices(&funnel.connection, lookup, wish.within.as_deref()).await.map_err(|unanswered| match unanswered {
        Unanswered::Argument(_) => Refused::not_found(),
        Unanswered::Refused(trouble) => {
            tracing::warn!(
                funnel = funnel.id,
                connection = funnel.connection,
                list = lookup.list.as_str(),
                crm_status = trouble.status,
                "the CRM refuses a list"
            );
            Refused::not_found()
        }
        error => {
            tracing::warn!(funnel = funnel.id, connection = funnel.connection, list = lookup.list.as_str(), %error, "no list");
            Refused::crm_is_down()
        }
    })?;
    let browser = wishes(&headers);
    let locale = &funnel.language(None, wish.locale.as_deref().into_iter().chain(browser)).view.locale;
    let option = |choice: &crate::crm::CrmChoice| ChoiceView { value: choice.value.clone(), label: nearest(&choice.labels, locale) };
    let mut response = Json(OptionsAnswer { options: choices.iter().map(option).collect() }).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(CACHE));
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept-language, accept-encoding, origin"));
    Ok(response)
}
