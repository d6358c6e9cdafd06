//! `POST /public/v1/account/register/multistep`: page "Send Multi-Step Registration Request for Approval".

use std::time::Duration;

use serde_json::{Map, Value};

use super::codes::Kind;
use super::documented::Refusal;
use super::members::{EMAIL, PHONE, length, mandatory, object, optional, phone, text};
use super::options::Demanded;
use super::people;
use super::register::{TYPES, account_exists, check_passwords, form_not_found};
use super::{Broctagon, State};
use crate::answer::Answer;
use crate::check::{Member, Rule, Wrong, check};
use crate::control::Simulated;
use crate::record::Entry;

const BODY: &[Member] = &[
    // The first row of the table, to the letter: name `trader_register`, a string, mandatory, rule `trader_register`.
    mandatory("trader_register", Rule::OneOf(&["trader_register"])),
    mandatory("register", Rule::Members(REGISTER)),
    mandatory("kyc", Rule::Members(KYC)),
];

const REGISTER: &[Member] = &[
    mandatory("email", EMAIL),
    mandatory("type", Rule::OneOf(TYPES)),
    // Not in this table, but in that of the request for a code, and this is the "same form".
    optional("name", Rule::Text),
    optional("phone", PHONE),
    // "Mandatory", both of them: see `Demanded`.
    optional("email_code", length(6)),
    optional("phone_code", length(6)),
    mandatory("password", Rule::Text),
    mandatory("repeat_password", Rule::Text),
    mandatory("form_id", length(8)),
    optional("link_id", length(8)),
    optional("referrer_id", length(8)),
    optional("custom_fields", Rule::Object),
];

/// The table has these as `register.form_id` and `register.custom_fields` once more, but calls them those of the KYC form.
const KYC: &[Member] = &[mandatory("form_id", length(8)), optional("custom_fields", Rule::Object)];

impl Broctagon {
    pub(super) fn register(&self, state: &mut State, entry: Entry, body: Map<String, Value>) -> Result<Answer, Refusal> {
        check("", &body, BODY)?;
        let (Some(register), Some(kyc)) = (object(&body, "register"), object(&body, "kyc")) else {
            return Err(Wrong::required("register").into());
        };
        check_passwords("register", register)?;

        let (records, places) = (&state.records, &state.records.places);
        let form = Some(&records.registration).filter(|form| text(register, "form_id") == Some(&form.id)).ok_or_else(form_not_found)?;
        form.check("register.custom_fields", object(register, "custom_fields"), true, places)?;
        let form = text(kyc, "form_id").and_then(|id| records.kyc_form(id)).ok_or_else(form_not_found)?;
        form.check("kyc.custom_fields", object(kyc, "custom_fields"), true, places)?;

        let email = text(register, "email").unwrap_or_default().to_owned();
        // Before the code: that of whoever registers twice has been used, and the account is the better news.
        if state.people.has_account(&email) {
            return Err(account_exists());
        }
        self.check_codes(state, &email, register)?;
        state.codes.spend(&email);
        let id = state.people.add(people::Kind::Account, &email, body, false);
        self.log().created(entry, id);
        Ok(self.done(entry))
    }

    fn check_codes(&self, state: &State, email: &str, register: &Map<String, Value>) -> Result<(), Refusal> {
        let ttl = Duration::from_secs(self.options.broctagon_code_ttl_seconds.into());
        let email_code = text(register, "email_code");
        let phone_code = text(register, "phone_code");
        match self.options.broctagon_codes {
            Demanded::Both if email_code.is_none() => return Err(Wrong::required("register.email_code").into()),
            Demanded::Both if phone_code.is_none() => return Err(Wrong::required("register.phone_code").into()),
            Demanded::Email if email_code.is_none() => return Err(Wrong::required("register.email_code").into()),
            Demanded::Either if email_code.or(phone_code).is_none() => return Err(Refusal::validation_code()),
            _ => {}
        }
        let phone = phone(register);
        let holds = |kind, to, code: Option<&str>| code.is_none_or(|code| state.codes.holds(kind, email, to, code, ttl));
        // A code that proves one number proves nothing about another.
        if holds(Kind::Email, None, email_code) && holds(Kind::Phone, phone.as_deref(), phone_code) {
            Ok(())
        } else {
            Err(Refusal::validation_code())
        }
    }
}
