//! Asking for a one-time code: the same doors as a signup's, and what was filled in before the code has to be right.

use std::{collections::BTreeMap, net::IpAddr, time::Duration};

use latchkey_contract::{Channel, CodeRequest, FieldError, FieldKind, FieldView, rules::Violation};
use serde_json::Value;
use tokio::time::Instant;
use uuid::Uuid;

use super::{Arrival, Intake, LOOKUP_PATIENCE, Refusal, allowed, parse, rules, suspicion};
use crate::{
    crm::Registration,
    funnel::{Funnel, Language, channel_kind},
    store::Content,
};

/// A code to be sent.
pub(crate) struct WantedCode<'a> {
    pub(crate) registration: Registration,
    pub(crate) channel: Channel,
    pub(crate) language: &'a Language,
    /// What looks like a bot's: nothing is to be sent.
    pub(crate) is_suspect: bool,
    /// Keyed hashes of where the code goes, and of the CRM with it.
    recipient: [u8; 32],
    whose: [u8; 32],
}

impl Intake {
    /// Whether that page and that address may ask for a code now.
    pub(crate) fn admit_code(&self, funnel: &Funnel, origin: Option<&str>, ip: IpAddr) -> Result<(), Refusal> {
        allowed(funnel, origin)?;
        self.admit_own_code(ip)
    }

    /// The same for a page of our own.
    pub(crate) fn admit_own_code(&self, ip: IpAddr) -> Result<(), Refusal> {
        self.codes.check(ip).map_err(Refusal::TooMany)
    }

    /// Whether that address may look options up now.
    pub(crate) fn admit_lookup(&self, ip: IpAddr) -> Result<(), Refusal> {
        self.lookups.check(ip).map_err(Refusal::TooMany)
    }

    /// Checks a request that was admitted.
    pub(crate) async fn code<'a>(&self, arrival: &Arrival<'a>) -> Result<WantedCode<'a>, Refusal> {
        let request: CodeRequest<Value> = parse(arrival.body)?;
        let language = arrival.language(request.variant.as_deref(), request.locale.as_deref());
        let visit = self.token(&arrival.funnel.id, request.form_token.as_deref(), language, arrival.now)?;
        let asked = language.fields().find(|field| field.name == request.field && field.kind == FieldKind::Code);
        let channel = asked.and_then(|field| field.channel).ok_or_else(|| {
            let message = "The funnel has no code of this name.".to_owned();
            Refusal::Invalid(vec![FieldError { field: "field".to_owned(), code: "unknown_field".to_owned(), message }])
        })?;
        let excused = self.excused(arrival.funnel, language, &request.fields, Instant::now() + LOOKUP_PATIENCE).await;
        let fields = rules::check_before(&request.fields, &request.field, language, arrival, &excused).map_err(Refusal::Invalid)?;
        let mut errors = Vec::new();
        let tracking = rules::tracked(&request.tracking, &mut errors);
        if !errors.is_empty() {
            return Err(Refusal::Invalid(errors));
        }
        let address = recipient(language, &fields, channel).map_err(Refusal::Invalid)?.to_lowercase();
        // The same number with its plus and without it.
        let address = address.trim_start_matches('+');
        let recipient = self.keys.hashes("code recipient", address.as_bytes())[0];
        let whose = self.keys.hashes("code on the way", format!("{}\n{address}", arrival.funnel.connection).as_bytes())[0];
        self.on_the_way.check(whose).and_then(|()| self.recipients.check(recipient)).map_err(Refusal::TooSoon)?;
        let is_suspect = suspicion(&request.fields, visit, arrival.funnel.least_fill, arrival.now).is_some();
        let content = Content {
            fields,
            passwords: BTreeMap::new(),
            agreements: Vec::new(),
            tracking,
            locale: language.view.locale.clone(),
            ip: arrival.ip,
            address: None,
        };
        // Nothing is kept yet, so the registration has an id of its own that nobody looks up.
        let registration = arrival.funnel.registration(Uuid::now_v7(), arrival.form, content);
        Ok(WantedCode { registration, channel, language, is_suspect, recipient, whose })
    }

    /// A code is under way: another may be asked for after that time.
    pub(crate) fn code_sent(&self, wanted: &WantedCode<'_>, resend_after: Duration) {
        self.on_the_way.sent(wanted.whose, resend_after);
        self.recipients.count(wanted.recipient);
    }
}

/// Where the code goes: into the first field that says so, or an error on it.
fn recipient<'a>(language: &Language, fields: &'a BTreeMap<String, String>, channel: Channel) -> Result<&'a String, Vec<FieldError>> {
    let kind = channel_kind(channel);
    let asked = || language.fields().filter(|field| field.kind == kind);
    asked().find_map(|field| fields.get(&field.name)).ok_or_else(|| {
        let error = |field: &FieldView| FieldError {
            field: field.name.clone(),
            code: Violation::Required.code().to_owned(),
            message: language.violation(field, Violation::Required),
        };
        asked().take(1).map(error).collect()
    })
}
