//! The contract's rules over what stands in the inputs.

use std::collections::BTreeMap;

use latchkey_contract::{
    AgreementView, FieldView, HONEYPOT, agreement_name,
    rules::{self, Violation},
};

use super::session::Session;
use crate::browser::today::today;

/// What is wrong: an input's name, and why, in the visitor's language. In the form's order.
pub(super) type Errors = Vec<(String, String)>;

/// What the visitor entered.
#[derive(Default)]
pub(super) struct Entered {
    pub(super) fields: BTreeMap<String, String>,
    pub(super) agreements: Vec<String>,
}

/// Every input in order: what was entered, and what is wrong with it.
pub(super) fn all(session: &Session) -> (Entered, Errors) {
    let (mut entered, mut errors) = (Entered::default(), Errors::new());
    for field in session.fields() {
        match field_value(session, field) {
            Ok(value) if value.is_empty() => {}
            Ok(value) => {
                entered.fields.insert(field.name.clone(), value);
            }
            Err(message) => errors.push((field.name.clone(), message)),
        }
    }
    for (index, agreement) in session.view.agreements.iter().enumerate() {
        let name = agreement_name(index);
        match accepted(session, agreement, &name) {
            Ok(true) => entered.agreements.push(agreement.label.clone()),
            Ok(false) => {}
            Err(message) => errors.push((name, message)),
        }
    }
    if let Some(bait) = session.control(HONEYPOT).map(|control| control.value()).filter(|bait| !bait.is_empty()) {
        entered.fields.insert(HONEYPOT.to_owned(), bait);
    }
    (entered, errors)
}

/// What is wrong with the input of that name, if anything.
pub(super) fn one(session: &Session, name: &str) -> Option<String> {
    if let Some(field) = session.fields().iter().find(|field| field.name == name) {
        return field_value(session, field).err();
    }
    let mut agreements = session.view.agreements.iter().enumerate();
    let (_, agreement) = agreements.find(|(index, _)| agreement_name(*index) == name)?;
    accepted(session, agreement, name).err()
}

fn field_value(session: &Session, field: &FieldView) -> Result<String, String> {
    let Some(control) = session.control(&field.name) else { return Ok(String::new()) };
    let value = rules::normalise(field.kind, &control.value());
    let verdict = if control.validity().bad_input() {
        // Half a date: the browser shows it, but gives out an empty value.
        Err(Violation::Date)
    } else {
        // A clock beyond the rules' years says nothing about dates; the proxy's does.
        today().map_or(Ok(()), |today| rules::check(field, &value, today))
    };
    match verdict {
        Ok(()) => Ok(value),
        Err(violation) => Err(session.view.texts.violation(field, violation)),
    }
}

fn accepted(session: &Session, agreement: &AgreementView, name: &str) -> Result<bool, String> {
    let accepted = session.control(name).is_some_and(|control| control.checked());
    if agreement.required && !accepted {
        return Err(session.view.texts.error("agreement_required", &agreement.label));
    }
    Ok(accepted)
}
