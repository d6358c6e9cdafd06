//! `POST /public/v1/account/register/request`: page "Send Registration Request for OTP".

use std::time::Duration;

use serde_json::{Map, Value};

use super::codes::Kind;
use super::documented::Refusal;
use super::members::{EMAIL, PHONE, length, mandatory, object, optional, phone, text};
use super::options::Demanded;
use super::{Broctagon, State};
use crate::answer::Answer;
use crate::check::{Member, Rule, Wrong, check, join};
use crate::record::Entry;

pub(super) const TYPES: &[&str] = &["trader"];

const BODY: &[Member] = &[
    mandatory("email", EMAIL),
    mandatory("type", Rule::OneOf(TYPES)),
    // One revision of the page lacks this row, the later one has it as mandatory.
    mandatory("name", Rule::Text),
    optional("phone", PHONE),
    // "Mandatory", and "default is email": whoever sends it is right by either.
    mandatory("otp_type", Rule::OneOf(&["email", "phone"])),
    mandatory("password", Rule::Text),
    mandatory("repeat_password", Rule::Text),
    mandatory("form_id", length(8)),
    optional("referrer_id", length(8)),
    optional("custom_fields", Rule::Object),
];

/// "Repeat password of user": the page does not say that it must be the same, nor what it could be for otherwise.
pub(super) fn check_passwords(path: &str, members: &Map<String, Value>) -> Result<(), Refusal> {
    if members.get("password") == members.get("repeat_password") {
        Ok(())
    } else {
        Err(Wrong::must(join(path, "repeat_password"), "be the password").into())
    }
}

/// The page does not say what becomes of who has an account already: the type and the words are ours.
pub(super) fn account_exists() -> Refusal {
    Refusal::application("account_exists", "Account with this email already exists")
}

/// Nor what becomes of an id that is no form's.
pub(super) fn form_not_found() -> Refusal {
    Refusal::application("form_not_found", "Cannot find form from form_id")
}

impl Broctagon {
    pub(super) fn send_code(&self, state: &mut State, entry: Entry, body: &Map<String, Value>) -> Result<Answer, Refusal> {
        check("", body, BODY)?;
        check_passwords("", body)?;
        if text(body, "form_id") != Some(&state.records.registration.id) {
            return Err(form_not_found());
        }
        // "Optional": what the form requires is demanded when the registration itself is sent.
        state.records.registration.check("custom_fields", object(body, "custom_fields"), false, &state.records.places)?;
        let email = text(body, "email").unwrap_or_default();
        if state.people.has_account(email) {
            return Err(account_exists());
        }
        let phone = phone(body);
        let (kind, to) = match text(body, "otp_type") {
            // "phone (if you installed twilio)".
            Some("phone") if self.options.broctagon_codes == Demanded::Email => {
                return Err(Wrong::must("otp_type", "be one of email").into());
            }
            Some("phone") => (Kind::Phone, phone.as_deref().ok_or_else(|| Wrong::required("phone"))?),
            _ => (Kind::Email, email),
        };
        state.codes.send(kind, email, to, Duration::from_secs(self.options.broctagon_code_wait_seconds.into()))?;
        Ok(self.done(entry))
    }
}
