//! `POST /api/v1/funnels/{funnel}/codes`: has the CRM send the visitor a one-time code, or send it again.

use std::{sync::Arc, time::Duration};

use axum::{
    Json,
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use latchkey_contract::{CodeAnswer, FieldError, Next};

use super::{
    App, funnel,
    problem::Refused,
    request::{Caller, Path, json_body, text},
};
use crate::{
    crm::{CodeOutcome, Refused as RefusedByCrm},
    funnel::{KnownEmail, language},
    intake::{Arrival, WantedCode},
};

/// After which a code may be sent again that, quietly, was not sent.
const QUIET_RESEND: Duration = Duration::from_secs(60);

pub(super) async fn send(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refused> {
    let funnel = funnel(&app, &id)?;
    app.intake.admit_code(&funnel, text(&headers, header::ORIGIN), caller.ip)?;
    let body = json_body(&headers, body, &app.config.server.limits).await?;
    let crm = app.config.connections.get(&funnel.connection).ok_or_else(Refused::unknown_funnel)?;
    let form = crm.form(funnel.action).ok_or_else(Refused::unknown_funnel)?;
    let arrival = Arrival {
        funnel: &funnel,
        form,
        ip: caller.ip,
        idempotency_key: None,
        wishes: text(&headers, header::ACCEPT_LANGUAGE).map(language::wishes).unwrap_or_default(),
        body: &body,
        now: Timestamp::now(),
    };
    let wanted = app.intake.code(&arrival).await?;
    let error = |field: &str, code: &str, message: String| {
        Refused::invalid(vec![FieldError { field: field.to_owned(), code: code.to_owned(), message }])
    };
    match crm.send_code(&wanted.registration, wanted.channel).await {
        CodeOutcome::Sent { resend_after } => Ok(sent(&app, &wanted, resend_after)),
        CodeOutcome::TooSoon(wait) => Err(Refused::too_soon(wait)),
        CodeOutcome::Refused(refusal) => {
            // The CRM's words may hold personal data: they are told to nobody.
            tracing::info!(funnel = funnel.id, crm_status = refusal.status, "the CRM refused to send a code");
            let texts = &wanted.language.texts;
            Err(match refusal.what {
                // Who learns that there is no code learns who is a client.
                RefusedByCrm::KnownEmail if funnel.known_email == KnownEmail::Quiet => return Ok(sent(&app, &wanted, QUIET_RESEND)),
                RefusedByCrm::KnownEmail => {
                    let message = texts.error("known_email", "");
                    let error = FieldError { field: "email".to_owned(), code: "known_email".to_owned(), message };
                    Refused::known_email(error, funnel.finish.login_url.clone().map(|url| Next::Login { url }))
                }
                RefusedByCrm::Field(name) => match wanted.language.fields().find(|field| field.name == name) {
                    Some(field) => error(&field.name, "refused", texts.error("refused", &field.label)),
                    None => error("", "refused", texts.error("refused_signup", "")),
                },
                RefusedByCrm::Signup => error("", "refused", texts.error("refused_signup", "")),
            })
        }
        CodeOutcome::Failed(trouble) | CodeOutcome::Misconfigured(trouble) => {
            tracing::warn!(funnel = funnel.id, connection = funnel.connection, crm_status = trouble.status, "a code could not be sent");
            Err(Refused::crm_is_down())
        }
    }
}

fn sent(app: &App, wanted: &WantedCode<'_>, resend_after: Duration) -> Response {
    app.intake.code_sent(wanted, resend_after);
    let answer = CodeAnswer { resend_after_seconds: u32::try_from(resend_after.as_secs()).unwrap_or(u32::MAX) };
    (StatusCode::ACCEPTED, [(header::CACHE_CONTROL, "no-store")], Json(answer)).into_response()
}
