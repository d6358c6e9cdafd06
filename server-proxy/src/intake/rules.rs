//! The contract's rules, applied to what a page sent, and what only a server can check on top.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, tz::TimeZone};
use latchkey_contract::{
    FieldError, FieldKind, FieldView, HONEYPOT, Shown, SignupRequest, agreement_name, countries, rules, rules::Violation, shown, tracking,
};
use serde_json::Value;
use validator::ValidateEmail;

use super::{Arrival, Checked, phone};
use crate::{crm::SignedAgreement, funnel::Language};

/// All that is wrong with a request, or what is right about it.
/// `excused` fields may be empty although they are required.
///
/// A field that the visitor is not shown is neither demanded nor kept: they may have filled it in before they changed their mind.
pub(super) fn check(
    request: &SignupRequest<Value>,
    language: &Language,
    arrival: &Arrival<'_>,
    excused: &BTreeSet<String>,
) -> Result<Checked, Vec<FieldError>> {
    let mut errors = unknown(&request.fields, language, arrival);
    let sent = Sent { values: &request.fields, language, arrival };
    let mut fields = sent.checked(language.fields(), excused, &mut errors);
    let is_password = |name: &str| language.fields().any(|field| field.name == name && field.kind == FieldKind::Password);
    let passwords = fields.extract_if(.., |name, _| is_password(name)).collect();
    let agreements = agreements(request, language, arrival, &mut errors);
    let tracking = tracked(&request.tracking, &mut errors);
    if errors.is_empty() { Ok(Checked { fields, passwords, agreements, tracking }) } else { Err(errors) }
}

/// What stands before that field in the funnel; the rest is not asked for yet.
pub(super) fn check_before(
    values: &BTreeMap<String, Value>,
    code: &str,
    language: &Language,
    arrival: &Arrival,
    excused: &BTreeSet<String>,
) -> Result<BTreeMap<String, String>, Vec<FieldError>> {
    let mut errors = unknown(values, language, arrival);
    let sent = Sent { values, language, arrival };
    let before = language.fields().take_while(|field| field.name != code).filter(|field| field.kind != FieldKind::Code);
    let fields = sent.checked(before, excused, &mut errors);
    if errors.is_empty() { Ok(fields) } else { Err(errors) }
}

/// What a page sent for the funnel's fields.
struct Sent<'a> {
    values: &'a BTreeMap<String, Value>,
    language: &'a Language,
    arrival: &'a Arrival<'a>,
}

impl Sent<'_> {
    /// The values of those of these fields that are shown, less those that repeat another.
    fn checked<'a>(
        &self,
        fields: impl Iterator<Item = &'a FieldView>,
        excused: &BTreeSet<String>,
        errors: &mut Vec<FieldError>,
    ) -> BTreeMap<String, String> {
        let shown = shown(&self.language.view.steps, &|field| self.normalised(field));
        let homes = self.homes(&shown);
        let mut checked = BTreeMap::new();
        for field in fields.filter(|field| shown.has(&field.name)) {
            let other = field.matches.as_deref().filter(|name| shown.has(name));
            match self.value(field, other).and_then(|value| self.of_its_country(field, value, &homes)) {
                Ok(value) if value.is_empty() || field.matches.is_some() => {}
                Ok(value) => {
                    checked.insert(field.name.clone(), value);
                }
                Err(error) if error.code == Violation::Required.code() && excused.contains(&field.name) => {}
                Err(error) => errors.push(error),
            }
        }
        checked
    }

    /// Countries that a number may be of which names none: one that was chosen for numbers, the visitor's, and where they are.
    fn homes(&self, shown: &Shown) -> Vec<String> {
        let mut fields: Vec<_> =
            self.language.fields().filter(|field| field.kind == FieldKind::Country && shown.has(&field.name)).collect();
        fields.sort_by_key(|field| !field.name.to_ascii_lowercase().contains("phone"));
        let chosen = fields.into_iter().map(|field| self.normalised(field)).chain(self.arrival.country.map(str::to_owned));
        chosen.filter(|code| countries::is_code(code)).collect()
    }

    fn of_its_country(&self, field: &FieldView, value: String, homes: &[String]) -> Result<String, FieldError> {
        if field.kind != FieldKind::Tel || value.is_empty() {
            return Ok(value);
        }
        phone::checked(value, homes).map_err(|(violation, country)| {
            let own = field.messages.contains_key(violation.code());
            let message = match country.filter(|_| !own) {
                Some(country) => phone::message(self.language, &country),
                None => self.language.violation(field, violation),
            };
            error(&field.name, violation.code(), message)
        })
    }

    /// `None` for what is no text.
    fn text<'f>(&'f self, field: &'f FieldView) -> Option<&'f str> {
        match self.values.get(&field.name) {
            // Nobody can change it, so what a page sends in its place does not count.
            _ if field.read_only => Some(field.default.as_deref().unwrap_or_default()),
            None => Some(""),
            Some(value) => value.as_str(),
        }
    }

    fn normalised(&self, field: &FieldView) -> String {
        let value = rules::normalise(field.kind, self.text(field).unwrap_or_default());
        let is_wrong = || rules::check(field, &value, "", today(self.arrival.now)).is_err();
        // Nobody can mend what nobody sees: what a page puts there in vain gives way to what the funnel says.
        if field.kind == FieldKind::Hidden && (value.is_empty() || is_wrong()) { field.default.clone().unwrap_or_default() } else { value }
    }

    /// `other`: the field that has to hold the same.
    fn value(&self, field: &FieldView, other: Option<&str>) -> Result<String, FieldError> {
        if self.text(field).is_none() && field.kind != FieldKind::Hidden {
            return Err(error(&field.name, "type", "This has to be a text."));
        }
        let text = self.normalised(field);
        let other = other.and_then(|name| self.language.fields().find(|field| field.name == name)).map(|other| self.normalised(other));
        rules::check(field, &text, other.as_deref().unwrap_or_default(), today(self.arrival.now))
            .and_then(|()| beyond_the_browser(field, &text))
            .map(|()| in_order(field, text))
            .map_err(|violation| error(&field.name, violation.code(), self.language.violation(field, violation)))
    }
}

/// Several in the funnel's order and each once, whatever the order they were ticked in.
fn in_order(field: &FieldView, text: String) -> String {
    if field.kind != FieldKind::Several {
        return text;
    }
    let chosen: Vec<&str> = text.split(',').collect();
    let values = field.options.iter().map(|option| option.value.as_str()).filter(|value| chosen.contains(value));
    values.collect::<Vec<_>>().join(",")
}

fn error(field: &str, code: &str, message: impl Into<String>) -> FieldError {
    FieldError { field: field.to_owned(), code: code.to_owned(), message: message.into() }
}

/// What the funnel does not ask for. What only the server sets is named as such.
fn unknown(values: &BTreeMap<String, Value>, language: &Language, arrival: &Arrival<'_>) -> Vec<FieldError> {
    let asked = |name: &str| name == HONEYPOT || language.fields().any(|field| field.name == name);
    values
        .keys()
        .filter(|name| !asked(name))
        .map(|name| match arrival.form.sets(name) {
            true => error(name, "not_allowed", "Only the server sets this."),
            false => error(name, "unknown_field", "The funnel does not ask for this."),
        })
        .collect()
}

/// What takes tables that no widget carries: whether a domain in another script is one (IDNA).
fn beyond_the_browser(field: &FieldView, text: &str) -> Result<(), Violation> {
    if field.kind == FieldKind::Email && !text.is_empty() && !text.validate_email() { Err(Violation::Email) } else { Ok(()) }
}

/// A day ahead of UTC in the east is today's date for its visitor, so the latest date on earth counts.
fn today(now: Timestamp) -> rules::Date {
    let east = now + jiff::SignedDuration::from_hours(14);
    let date = east.to_zoned(TimeZone::UTC).date();
    let parts = (u16::try_from(date.year()), u8::try_from(date.month()), u8::try_from(date.day()));
    match parts {
        (Ok(year), Ok(month), Ok(day)) => rules::Date::new(year, month, day),
        _ => None,
    }
    // A clock outside the years 0 to 9999 tells nothing; then any date passes that is one.
    .unwrap_or(rules::Date::LATEST)
}

/// In the funnel's order, stamped with the server's time and the visitor's address.
fn agreements(
    request: &SignupRequest<Value>,
    language: &Language,
    arrival: &Arrival<'_>,
    errors: &mut Vec<FieldError>,
) -> Vec<SignedAgreement> {
    let view = &language.view;
    for label in request.agreements.iter().filter(|label| !view.agreements.iter().any(|agreement| agreement.label == **label)) {
        errors.push(error(
            "agreements",
            "option",
            format!("The funnel has no agreement \"{}\".", label.chars().take(100).collect::<String>()),
        ));
    }
    let mut signed = Vec::new();
    for (index, (agreement, text_hash)) in view.agreements.iter().zip(&language.agreement_hashes).enumerate() {
        if request.agreements.contains(&agreement.label) {
            signed.push(SignedAgreement {
                label: agreement.label.clone(),
                signed_at: arrival.now,
                ip: arrival.ip,
                text_hash: text_hash.clone(),
            });
        } else if agreement.required {
            errors.push(error(
                &agreement_name(index),
                Violation::Required.code(),
                view.texts.error("agreement_required", &agreement.label),
            ));
        }
    }
    signed
}

pub(super) fn tracked(values: &BTreeMap<String, Value>, errors: &mut Vec<FieldError>) -> BTreeMap<String, String> {
    let mut tracked = BTreeMap::new();
    for (name, value) in values {
        let field = format!("tracking.{name}");
        let known = tracking::canonical(name).filter(|canonical| canonical == name);
        match (known, value) {
            (None, _) => errors.push(error(&field, "unknown_field", "This is no tracking value.")),
            (Some(_), Value::String(text)) if tracking::is_value(text) => {
                tracked.insert(name.clone(), text.clone());
            }
            (Some(_), Value::String(_)) => errors.push(error(&field, "characters", "This is empty, too long, or has a control character.")),
            (Some(_), _) => errors.push(error(&field, "type", "This has to be a text.")),
        }
    }
    tracked
}
