//! `GET /api/v1/funnels/{funnel}/phones?number=&country=&locale=`: what is known of a number that is being typed; every country's dial code
//! where none is named.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use latchkey_contract::{FieldKind, PhoneCountries, countries, rules};
use serde::Deserialize;

use super::{
    App, funnel,
    problem::Refused,
    request::{Caller, Path, Query, wishes},
};
use crate::{intake::phone, phones};

/// Countries change their codes once in decades.
const CACHE: &str = "public, max-age=86400";
/// Longer ones are no numbers, whatever stands between the digits.
const LONGEST: usize = 64;

#[derive(Deserialize)]
pub(super) struct Wish {
    number: Option<String>,
    country: Option<String>,
    locale: Option<String>,
}

pub(super) async fn phones(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Query(wish): Query<Wish>,
    caller: Caller,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let funnel = funnel(&app, &id)?;
    let asks = funnel.languages().flat_map(|language| language.fields()).any(|field| field.kind == FieldKind::Tel);
    if !asks {
        return Err(Refused::not_found());
    }
    app.intake.admit_lookup(caller.ip)?;
    let Some(number) = wish.number else {
        let countries = PhoneCountries { countries: phones::dial_codes().to_vec() };
        return Ok(([(header::CACHE_CONTROL, CACHE), (header::VARY, "accept-encoding, origin")], Json(countries)).into_response());
    };
    let number = if number.len() > LONGEST { String::new() } else { rules::normalise(FieldKind::Tel, &number) };
    let country = wish.country.filter(|code| countries::is_code(code)).or(caller.country);
    let mut answer = phones::answer(&number, country.as_deref());
    answer.message = phones::impossible(&number, country.as_deref()).map(|country| {
        let browser = wishes(&headers);
        let language = funnel.language(None, wish.locale.as_deref().into_iter().chain(browser));
        phone::message(language, &country)
    });
    // A number is somebody's: it stays in no cache.
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(answer)).into_response())
}
