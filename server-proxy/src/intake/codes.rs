//! Asking for a one-time code: the same doors as a signup's, and what was filled in before the code has to be right.

use std::{collections::BTreeMap, net::IpAddr, time::Duration};

use latchkey_contract::{Channel, CodeRequest, FieldError, FieldKind, FieldView, rules::Violation};
use serde_json::Value;
use uuid::Uuid;

use super::{Arrival, Intake, Refusal, allowed, parse, rules};
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
    /// A keyed hash of the CRM and of where the code goes.
    whose: [u8; 32],
}

impl Intake {
    /// Whether that page and that address may ask for a code now.
    pub(crate) fn admit_code(&self, funnel: &Funnel, origin: Option<&str>, ip: IpAddr) -> Result<(), Refusal> {
        allowed(funnel, origin)?;
        self.codes.check(ip).map_err(Refusal::TooMany)
    }

    /// Whether that address may look options up now.
    pub(crate) fn admit_lookup(&self, ip: IpAddr) -> Result<(), Refusal> {
        self.lookups.check(ip).map_err(Refusal::TooMany)
    }

    /// Checks a request that was admitted.
    pub(crate) async fn code<'a>(&self, arrival: &Arrival<'a>) -> Result<WantedCode<'a>, Refusal> {
        let request: CodeRequest<Value> = parse(arrival.body)?;
        let language = arrival.funnel.language(request.locale.as_deref().into_iter().chain(arrival.wishes.iter().copied()));
        self.token(&arrival.funnel.id, request.form_token.as_deref(), language, arrival.now)?;
        let asked = language.fields().find(|field| field.name == request.field && field.kind == FieldKind::Code);
        let channel = asked.and_then(|field| field.channel).ok_or_else(|| {
            let message = "The funnel has no code of this name.".to_owned();
            Refusal::Invalid(vec![FieldError { field: "field".to_owned(), code: "unknown_field".to_owned(), message }])
        })?;
        let excused = self.excused(arrival.funnel, &request.fields).await;
        let fields = rules::check_before(&request.fields, &request.field, language, arrival, &excused).map_err(Refusal::Invalid)?;
        let recipient = recipient(language, &fields, channel).map_err(Refusal::Invalid)?.to_lowercase();
        let whose = self.keys.hashes("code on the way", format!("{}\n{recipient}", arrival.funnel.connection).as_bytes())[0];
        self.on_the_way.check(whose).map_err(Refusal::TooSoon)?;
        self.recipients.check(self.keys.hashes("code recipient", recipient.as_bytes())[0]).map_err(Refusal::TooSoon)?;
        let content =
            Content { fields, agreements: Vec::new(), tracking: BTreeMap::new(), locale: language.view.locale.clone(), ip: arrival.ip };
        // Nothing is kept yet, so the registration has an id of its own that nobody looks up.
        Ok(WantedCode { registration: arrival.funnel.registration(Uuid::now_v7(), arrival.form, content), channel, language, whose })
    }

    /// A code is under way: another may be asked for after that time.
    pub(crate) fn code_sent(&self, wanted: &WantedCode<'_>, resend_after: Duration) {
        self.on_the_way.sent(wanted.whose, resend_after);
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
            message: language.view.texts.violation(field, Violation::Required),
        };
        asked().take(1).map(error).collect()
    })
}
