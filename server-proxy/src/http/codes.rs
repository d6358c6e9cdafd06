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
use latchkey_contract::CodeAnswer;

use super::{
    App, answer, funnel,
    problem::Refused,
    request::{Caller, Path, json_body, text, wishes},
    shown,
};
use crate::{
    crm::{CodeOutcome, Refused as RefusedByCrm},
    funnel::{Funnel, KnownEmail},
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
    let funnel = shown(&app, funnel, &body);
    let resend_after = request(&app, &funnel, &caller, &headers, &body).await?;
    let body = CodeAnswer { resend_after_seconds: u32::try_from(resend_after.as_secs()).unwrap_or(u32::MAX) };
    Ok((StatusCode::ACCEPTED, [(header::CACHE_CONTROL, "no-store")], Json(body)).into_response())
}

/// Has a code sent to whoever was admitted. After which time it may be sent again.
pub(super) async fn request(app: &App, funnel: &Funnel, caller: &Caller, headers: &HeaderMap, body: &[u8]) -> Result<Duration, Refused> {
    let crm = app.config.connections.get(&funnel.connection).ok_or_else(Refused::unknown_funnel)?;
    let form = crm.form(funnel.action).ok_or_else(Refused::unknown_funnel)?;
    let arrival = Arrival {
        funnel,
        form,
        ip: caller.ip,
        country: caller.country.as_deref(),
        idempotency_key: None,
        wishes: wishes(headers),
        body,
        now: Timestamp::now(),
    };
    let wanted = app.intake.code(&arrival).await?;
    if wanted.is_suspect {
        // A bot is told what a person is told, and costs nobody a message.
        return Ok(sent(app, &wanted, QUIET_RESEND));
    }
    match crm.send_code(&wanted.registration, wanted.channel).await {
        CodeOutcome::Sent { resend_after } => Ok(sent(app, &wanted, resend_after)),
        CodeOutcome::TooSoon(wait) => Err(Refused::too_soon(wait)),
        CodeOutcome::Refused(refusal) => {
            // The CRM's words may hold personal data: they are told to nobody.
            tracing::info!(funnel = funnel.id, crm_status = refusal.status, "the CRM refused to send a code");
            Err(match refusal.what {
                // Who learns that there is no code learns who is a client.
                RefusedByCrm::KnownEmail if funnel.known_email == KnownEmail::Quiet => return Ok(sent(app, &wanted, QUIET_RESEND)),
                RefusedByCrm::KnownEmail => {
                    let (error, next) = answer::known_email(funnel, wanted.language);
                    Refused::known_email(error, next)
                }
                RefusedByCrm::Field(name) => Refused::invalid(vec![answer::refused(wanted.language, Some(&name))]),
                RefusedByCrm::Signup => Refused::invalid(vec![answer::refused(wanted.language, None)]),
            })
        }
        CodeOutcome::Failed(trouble) => {
            tracing::warn!(funnel = funnel.id, connection = funnel.connection, crm_status = trouble.status, "a code could not be sent");
            Err(Refused::crm_is_down())
        }
        CodeOutcome::Misconfigured(trouble) => {
            tracing::error!(
                funnel = funnel.id,
                connection = funnel.connection,
                crm_status = trouble.status,
                "codes cannot be sent until the connection is mended: `latchkey check` says more"
            );
            Err(Refused::crm_is_down())
        }
    }
}

fn sent(app: &App, wanted: &WantedCode<'_>, resend_after: Duration) -> Duration {
    app.intake.code_sent(wanted, resend_after);
    resend_after
}
