//! Asking for a one-time code: the same doors as a signup's, and what was filled in before the code has to be right.

use std::{collections::BTreeMap, net::IpAddr};

use latchkey_contract::{Channel, CodeRequest, FieldError, FieldKind};
use serde_json::Value;
use uuid::Uuid;

use super::{Arrival, Intake, Refusal, allowed, parse, rules};
use crate::{
    crm::Registration,
    funnel::{Funnel, Language},
    store::Content,
};

/// A code to be sent.
pub(crate) struct Wanted<'a> {
    pub(crate) registration: Registration,
    pub(crate) channel: Channel,
    pub(crate) language: &'a Language,
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
    pub(crate) async fn code<'a>(&self, arrival: &Arrival<'a>) -> Result<Wanted<'a>, Refusal> {
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
        let recipient = recipient(language, &fields, channel).ok_or_else(|| {
            let message = language.texts.error(
                "required",
                match channel {
                    Channel::Email => "E-mail",
                    Channel::Phone => "Phone",
                },
            );
            Refusal::Invalid(vec![FieldError { field: "fields".to_owned(), code: "required".to_owned(), message }])
        })?;
        self.recipients.check(self.keys.hashes("code recipient", recipient.to_lowercase().as_bytes())[0]).map_err(Refusal::TooSoon)?;
        let content =
            Content { fields, agreements: Vec::new(), tracking: BTreeMap::new(), locale: language.view.locale.clone(), ip: arrival.ip };
        // Nothing is kept yet, so the registration has an id of its own that nobody looks up.
        Ok(Wanted { registration: arrival.funnel.registration(Uuid::now_v7(), arrival.form, content), channel, language })
    }
}

/// Where the code goes.
fn recipient<'a>(language: &Language, fields: &'a BTreeMap<String, String>, channel: Channel) -> Option<&'a String> {
    let kind = match channel {
        Channel::Email => FieldKind::Email,
        Channel::Phone => FieldKind::Tel,
    };
    language.fields().filter(|field| field.kind == kind).find_map(|field| fields.get(&field.name))
}
