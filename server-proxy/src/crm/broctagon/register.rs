//! Pages "Send Registration Request for OTP" and "Send Multi-Step Registration Request for Approval".
//!
//! Both demand a password, and the account is one that somebody at the broker approves: where the funnel asks for none, each call has a
//! password of its own that nobody keeps, and the client chooses theirs by the member area's "forgotten password".

use std::time::Duration;

use latchkey_contract::Channel;
use reqwest::StatusCode;
use secrecy::ExposeSecret;
use serde_json::{Map, Value, json};

use super::{
    Broctagon, form,
    lead::in_two,
    refusal, routes,
    shape::{self, Form},
    unasked,
};
use crate::crm::{CodeOutcome, NoLink, Outcome, Registered, Registration, Trouble, Unanswered, answer::Answer, client::NoAnswer, password};

/// No page says how soon a code may be asked for again.
const RESEND_AFTER: Duration = Duration::from_secs(60);
/// The one kind of user that the pages know.
const TYPE: &str = "trader";

impl Broctagon {
    pub(super) async fn request_code(&self, registration: &Registration, channel: Channel) -> CodeOutcome {
        let mut body = match self.account(registration, &["form_id", "referrer_id"], &[]).await {
            Ok(body) => body,
            Err(unanswered) => return code_outcome(unasked(unanswered)),
        };
        let otp_type = match channel {
            Channel::Email => "email",
            Channel::Phone => "phone",
        };
        body.insert("otp_type".to_owned(), otp_type.into());
        let answer = match self.post(routes::REGISTRATION_REQUEST, &body).await {
            Ok(answer) => answer,
            Err(NoAnswer::NotSent(detail) | NoAnswer::Lost { detail, status: None }) => return CodeOutcome::Failed(Trouble::new(detail)),
            Err(NoAnswer::Lost { detail, status: Some(status) }) => return CodeOutcome::Failed(Trouble::of(status.as_u16(), detail)),
        };
        if answer.status == StatusCode::NO_CONTENT {
            return CodeOutcome::Sent { resend_after: RESEND_AFTER };
        }
        if let Some(wait) = refusal::patience(&answer, RESEND_AFTER) {
            return CodeOutcome::TooSoon(wait);
        }
        if answer.status.is_success() {
            return CodeOutcome::Failed(answer.trouble(format!("the CRM answers {} instead of 204: {}", answer.status, answer.words())));
        }
        code_outcome(self.refused(&answer, registration, None).unwrap_or_else(|| answer.unregistered("api_key")))
    }

    pub(super) async fn create_account(&self, registration: &Registration) -> Outcome {
        let codes = [form::EMAIL_CODE, form::PHONE_CODE];
        let register = match self.account(registration, &["form_id", "link_id", "referrer_id"], &codes).await {
            Ok(register) => register,
            Err(unanswered) => return unasked(unanswered),
        };
        let kyc = match self.kyc(registration).await {
            Ok(kyc) => kyc,
            Err(unanswered) => return unasked(unanswered),
        };
        let mut body = Map::new();
        // The table's first row, to the letter.
        body.insert("trader_register".to_owned(), "trader_register".into());
        body.insert("register".to_owned(), register.into());
        body.insert("kyc".to_owned(), kyc.into());
        match self.post(routes::REGISTRATION, &body).await {
            // Of two codes the answer does not say which is wrong; the first is the one that every installation has.
            Ok(answer) => {
                self.account_outcome(&answer, registration, codes.into_iter().find(|name| registration.fields.contains_key(*name)))
            }
            Err(no_answer) => no_answer.into(),
        }
    }

    fn account_outcome(&self, answer: &Answer, of: &Registration, code: Option<&str>) -> Outcome {
        match answer.status {
            // No page gives the client an id, or a way in before the approval.
            StatusCode::NO_CONTENT => {
                Outcome::Registered(Registered { id: None, link: Err(NoLink::NotOffered), status: answer.status.as_u16() })
            }
            status if status.is_success() => {
                Outcome::Unknown(answer.trouble(format!("the CRM answers {status} instead of 204: {}", answer.words())))
            }
            _ => self.refused(answer, of, code).unwrap_or_else(|| answer.unregistered("api_key")),
        }
    }

    /// The members that both requests share. "Same form as this", says the second page of the first: so it has `name` as well,
    /// which its table leaves out.
    async fn account(&self, registration: &Registration, routing: &[&str], codes: &[&str]) -> Result<Map<String, Value>, Unanswered> {
        let mut account = Map::new();
        for (name, value) in &registration.fields {
            let value = match name.as_str() {
                form::EMAIL | form::NAME => value.as_str().into(),
                form::PHONE => in_two(value),
                code if codes.contains(&code) => value.as_str().into(),
                _ => continue,
            };
            account.insert(name.clone(), value);
        }
        account.insert("type".to_owned(), TYPE.into());
        if let Some(password) = password::of(registration) {
            for name in [password::PASSWORD, form::REPEAT_PASSWORD] {
                account.insert(name.to_owned(), password.expose_secret().into());
            }
        }
        for name in routing {
            if let Some(value) = registration.routing.get(*name) {
                account.insert((*name).to_owned(), value.clone());
            }
        }
        // Whose visitor it is comes before what the funnel says of all. What is no id would be refused, and a page may have made it up.
        if let Some(affiliate) = registration.affiliate.as_ref().filter(|id| id.chars().count() == form::ID_LENGTH) {
            account.insert("referrer_id".to_owned(), affiliate.as_str().into());
        }
        self.custom_fields(registration, form::CUSTOM, shape::TRADER, &mut account).await?;
        Ok(account)
    }

    async fn kyc(&self, registration: &Registration) -> Result<Map<String, Value>, Unanswered> {
        let mut kyc = Map::new();
        let form = registration.routing.get(form::KYC_FORM_ID).and_then(Value::as_str).unwrap_or_default();
        kyc.insert("form_id".to_owned(), form.into());
        self.custom_fields(registration, form::KYC_CUSTOM, &shape::kyc(form), &mut kyc).await?;
        Ok(kyc)
    }

    /// Adds `custom_fields`, each as its form's field takes it.
    async fn custom_fields(&self, of: &Registration, prefix: &str, form: &str, to: &mut Map<String, Value>) -> Result<(), Unanswered> {
        let given: Vec<_> = of.fields.iter().filter_map(|(name, value)| Some((name.strip_prefix(prefix)?, value))).collect();
        if given.is_empty() {
            return Ok(());
        }
        let form = self.known_form(form).await?;
        let fields: Map<_, _> = given.into_iter().map(|(key, value)| (key.to_owned(), as_taken(&form, key, value))).collect();
        to.insert("custom_fields".to_owned(), fields.into());
        Ok(())
    }
}

/// No page says what a value of each type looks like: a box to tick is a boolean, several choices are a list, the rest are texts.
fn as_taken(form: &Form, key: &str, value: &str) -> Value {
    match form.field(key) {
        // A value with a comma is one: of such a form's options only one can be chosen.
        Some(field) if field.takes_several() && field.options.iter().any(|option| option.value.contains(',')) => json!([value]),
        Some(field) if field.takes_several() => json!(value.split(',').collect::<Vec<_>>()),
        Some(field) if field.is_box() => json!(value == "true"),
        _ => value.into(),
    }
}

/// A code that may or may not be under way is asked for again without harm.
fn code_outcome(outcome: Outcome) -> CodeOutcome {
    match outcome {
        Outcome::Refused(refusal) => CodeOutcome::Refused(refusal),
        Outcome::Misconfigured(trouble) => CodeOutcome::Misconfigured(trouble),
        Outcome::Failed(trouble) | Outcome::Unknown(trouble) => CodeOutcome::Failed(trouble),
        // Nobody is registered by asking for a code.
        Outcome::Registered(registered) => CodeOutcome::Failed(Trouble::of(registered.status, "the CRM answers as to a registration")),
    }
}
