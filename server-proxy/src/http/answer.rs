//! What a visitor is told of a signup, the same for the first answer, a repeated one, and its status.

use jiff::Timestamp;
use latchkey_contract::{FieldError, Next, SignupAnswer, Status};
use uuid::Uuid;

use super::{App, go, problem::Refused};
use crate::{
    funnel::{Funnel, KnownEmail, Language},
    store::{Reason, Signup, State},
};

/// A signup, in a visitor's terms.
pub(super) enum Told {
    Registered(SignupAnswer),
    Accepted(SignupAnswer),
    KnownEmail(FieldError, Option<Next>),
    Refused(FieldError),
}

const KEY: &str = "signup key";

/// Whether that key opens that signup's status.
pub(super) fn is_key(app: &App, id: Uuid, key: &str) -> bool {
    app.config.keys.verify(KEY, id.as_bytes(), key)
}

/// What opens it.
pub(super) fn key(app: &App, id: Uuid) -> String {
    app.config.keys.sign(KEY, id.as_bytes())
}

pub(super) fn accepted(app: &App, id: Uuid) -> SignupAnswer {
    SignupAnswer { id: Some(id.to_string()), status: Status::Accepted, next: None, key: Some(key(app, id)), errors: Vec::new() }
}

pub(super) async fn told(app: &App, signup: &Signup) -> Result<Told, Refused> {
    // A funnel that was taken away while its signup was under way: its texts are gone with it.
    let Some(funnel) = app.config.funnels.get(&signup.funnel) else { return Ok(Told::Accepted(accepted(app, signup.id))) };
    match signup.state {
        State::Received | State::Delivering | State::Parked => Ok(Told::Accepted(accepted(app, signup.id))),
        State::Registered => {
            let next = next(app, &funnel, signup).await?;
            Ok(Told::Registered(SignupAnswer {
                id: Some(signup.id.to_string()),
                status: Status::Registered,
                next,
                key: None,
                errors: Vec::new(),
            }))
        }
        State::Rejected => {
            let language = language(app, &funnel, signup).await?;
            Ok(rejected(app, &funnel, language, signup))
        }
    }
}

/// The signup's own language.
async fn language<'a>(app: &App, funnel: &'a Funnel, signup: &Signup) -> Result<&'a Language, Refused> {
    let content = app.store.content(signup.id).await.map_err(|error| Refused::not_kept(&error))?;
    Ok(funnel.language(signup.variant.as_deref(), content.iter().map(|content| content.locale.as_str())))
}

async fn next(app: &App, funnel: &Funnel, signup: &Signup) -> Result<Option<Next>, Refused> {
    if funnel.finish.redirect
        && let Some(url) = go::ticket_address(app, signup, Timestamp::now()).await?
    {
        return Ok(Some(Next::Redirect { url }));
    }
    let language = language(app, funnel, signup).await?;
    let text = language.finish_message.clone().unwrap_or_else(|| language.texts.get("registered").to_owned());
    Ok(Some(Next::Message { text }))
}

fn rejected(app: &App, funnel: &Funnel, language: &Language, signup: &Signup) -> Told {
    if signup.reason != Some(Reason::KnownEmail) {
        return Told::Refused(refused(language, signup.refused_field.as_deref()));
    }
    match funnel.known_email {
        KnownEmail::Tell => {
            let (error, next) = known_email(funnel, language);
            Told::KnownEmail(error, next)
        }
        KnownEmail::Quiet => Told::Accepted(accepted(app, signup.id)),
    }
}

/// What is said of an e-mail that the CRM knows, where the funnel lets it be said, and where its owner goes from here.
pub(super) fn known_email(funnel: &Funnel, language: &Language) -> (FieldError, Option<Next>) {
    let next = funnel.finish.login_url.clone().map(|url| Next::Login { url });
    (error("email", "known_email", language.texts.error("known_email", "")), next)
}

/// What is said of what the CRM refused, by the field's name where the CRM told it. In our words: the CRM's may name what a browser
/// is not to know.
pub(super) fn refused(language: &Language, field: Option<&str>) -> FieldError {
    match field.and_then(|name| language.fields().find(|field| field.name == name)) {
        Some(field) => error(&field.name, "refused", language.texts.error("refused", &field.label)),
        None => error("", "refused", language.texts.error("refused_signup", "")),
    }
}

fn error(field: &str, code: &str, message: String) -> FieldError {
    FieldError { field: field.to_owned(), code: code.to_owned(), message }
}
