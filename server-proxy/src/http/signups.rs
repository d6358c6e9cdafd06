//! `POST /api/v1/funnels/{funnel}/signups` and `GET /api/v1/signups/{id}`.

use std::sync::Arc;

use axum::{
    Json,
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use latchkey_contract::{IDEMPOTENCY_KEY, SIGNUP_KEY, SignupAnswer, Status};
use uuid::Uuid;

use super::{
    App,
    answer::{self, Told},
    funnel,
    problem::Refused,
    request::{Caller, Path, json_body, text, wishes},
    shown,
};
use crate::{
    funnel::Funnel,
    intake::{Arrival, Received},
};

pub(super) async fn create(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refused> {
    let funnel = funnel(&app, &id)?;
    app.intake.admit(&funnel, text(&headers, header::ORIGIN), caller.ip)?;
    let body = json_body(&headers, body, &app.config.server.limits).await?;
    let funnel = shown(&app, funnel, &body);
    // From here on it is seen through: a visitor who leaves in the middle of it cancels nothing.
    let courier = app.courier.clone();
    courier.see_through(async move { receive(&app, &funnel, &caller, &headers, &body).await }).await.map_err(|_| Refused::internal())?
}

async fn receive(app: &App, funnel: &Funnel, caller: &Caller, headers: &HeaderMap, body: &[u8]) -> Result<Response, Refused> {
    // One that is no text is refused as an empty one is, not overlooked.
    let key = headers.get(IDEMPOTENCY_KEY).map(|value| value.to_str().unwrap_or_default());
    match take(app, funnel, caller, headers, key, body).await? {
        // Somebody else's is under way: whoever comes second is told no more than that.
        Taken::UnderWay => Ok(accepted(SignupAnswer { id: None, status: Status::Accepted, next: None, key: None, errors: Vec::new() })),
        Taken::Told(Told::Registered(answer)) => {
            Ok((StatusCode::CREATED, [(header::CACHE_CONTROL, "no-store")], Json(answer)).into_response())
        }
        Taken::Told(Told::Accepted(answer)) => Ok(accepted(answer)),
        Taken::Told(Told::KnownEmail(error, next)) => Err(Refused::known_email(error, next)),
        Taken::Told(Told::Refused(error)) => Err(Refused::invalid(vec![error])),
    }
}

/// What became of a signup that was sent.
pub(super) enum Taken {
    UnderWay,
    Told(Told),
}

/// Checks a signup whose sender was admitted, keeps it, and waits a little for what its CRM says. To be seen through, see
/// [`crate::delivery::Courier::see_through`].
pub(super) async fn take(
    app: &App,
    funnel: &Funnel,
    caller: &Caller,
    headers: &HeaderMap,
    idempotency_key: Option<&str>,
    body: &[u8],
) -> Result<Taken, Refused> {
    let crm = app.config.connections.get(&funnel.connection).ok_or_else(Refused::unknown_funnel)?;
    let form = crm.form(funnel.action).ok_or_else(Refused::unknown_funnel)?;
    let arrival = Arrival {
        funnel,
        form,
        ip: caller.ip,
        country: caller.country.as_deref(),
        idempotency_key,
        wishes: wishes(headers),
        body,
        now: Timestamp::now(),
    };
    let received = app.intake.receive(&arrival).await?;
    metrics::counter!("latchkey_signups_received_total", "funnel" => funnel.id.clone()).increment(1);
    let patience = app.config.server.limits.wait_for_crm;
    let (Received::New(id) | Received::Suspect(id) | Received::Before(id)) = received else { return Ok(Taken::UnderWay) };
    tracing::Span::current().record("signup", id.to_string());
    // It is kept: whatever the store says from now on, the visitor is thanked.
    let signup = match received {
        Received::New(_) => app.courier.deliver(id, &funnel.connection, patience).await,
        _ => app.courier.wait(id, patience).await.ok().flatten(),
    };
    let told = match signup {
        Some(signup) => answer::told(app, &signup).await.ok(),
        None => None,
    };
    Ok(Taken::Told(told.unwrap_or_else(|| Told::Accepted(answer::accepted(app, id)))))
}

fn accepted(answer: SignupAnswer) -> Response {
    (StatusCode::ACCEPTED, [(header::CACHE_CONTROL, "no-store")], Json(answer)).into_response()
}

pub(super) async fn status(State(app): State<Arc<App>>, Path(id): Path<String>, headers: HeaderMap) -> Result<Response, Refused> {
    let id: Uuid = id.parse().map_err(|_| Refused::unknown_signup())?;
    if !text(&headers, SIGNUP_KEY).is_some_and(|key| answer::is_key(&app, id, key)) {
        return Err(Refused::unknown_signup());
    }
    let signup = app.store.signup(id).await.map_err(|error| Refused::not_kept(&error))?.ok_or_else(Refused::unknown_signup)?;
    let rejected = |error, next| SignupAnswer { id: Some(id.to_string()), status: Status::Rejected, next, key: None, errors: vec![error] };
    let answer = match answer::told(&app, &signup).await? {
        Told::Registered(answer) | Told::Accepted(answer) => answer,
        Told::KnownEmail(error, next) => rejected(error, next),
        Told::Refused(error) => rejected(error, None),
    };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(answer)).into_response())
}
