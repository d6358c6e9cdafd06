//! The contract's rules over what stands in the inputs.

use std::collections::BTreeMap;

use latchkey_contract::{
    AgreementView, FieldKind, FieldView, HONEYPOT, agreement_name,
    rules::{self, Violation},
};

use super::{branches, controls, lookups, session::Session, values};
use crate::browser::{plural, today::today};

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
    let shown = branches::now(session);
    let (fields, mut errors) = fields(session, &mut session.fields().filter(|field| shown.has(&field.name)));
    let mut entered = Entered { fields, agreements: Vec::new() };
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

/// The same of some fields.
pub(super) fn fields(session: &Session, fields: &mut dyn Iterator<Item = &FieldView>) -> (BTreeMap<String, String>, Errors) {
    let (mut entered, mut errors) = (BTreeMap::new(), Errors::new());
    for field in fields {
        match value(session, field) {
            Ok(value) if value.is_empty() => {}
            Ok(value) => {
                entered.insert(field.name.clone(), value);
            }
            Err(message) => errors.push((field.name.clone(), message)),
        }
    }
    (entered, errors)
}

/// What is wrong with the input of that name, if anything.
pub(super) fn one(session: &Session, name: &str) -> Option<String> {
    if let Some(field) = session.field(name) {
        return value(session, field).err();
    }
    let mut agreements = session.view.agreements.iter().enumerate();
    let (_, agreement) = agreements.find(|(index, _)| agreement_name(*index) == name)?;
    accepted(session, agreement, name).err()
}

/// What a field holds, in the form that it is sent in.
pub(super) fn held(session: &Session, field: &FieldView) -> String {
    let value = if field.read_only { None } else { values::held(session, field) };
    // What is not the visitor's to change is not theirs to mend either.
    let Some(value) = value else { return field.default.clone().unwrap_or_default() };
    let value = rules::normalise(field.kind, &value);
    match field.kind {
        FieldKind::Tel => controls::sent(session, &field.name, value),
        FieldKind::Number => decimal(&value),
        _ => value,
    }
}

/// The same, or what is wrong with it.
pub(super) fn value(session: &Session, field: &FieldView) -> Result<String, String> {
    let value = held(session, field);
    let Some(control) = session.control(&field.name).filter(|_| !field.read_only) else { return Ok(value) };
    if value.is_empty() && field.lookup && lookups::is_nothing(session, &field.name) {
        return Ok(value);
    }
    let other = field.matches.as_deref().and_then(|name| session.field(name)).map(|other| held(session, other)).unwrap_or_default();
    let verdict = if control.validity().bad_input() {
        // Half a date: the browser shows it, but gives out an empty value.
        Err(Violation::Date)
    } else {
        // A clock beyond the rules' years says nothing about dates; the proxy's does.
        today().map_or(Ok(()), |today| rules::check(field, &value, &other, today))
    };
    match verdict {
        Ok(()) => Ok(value),
        Err(violation) => Err(session.view.texts.violation(field, violation, &|number| plural::category(&session.view.locale, number))),
    }
}

/// With the dot that the contract wants, where the visitor's language writes a comma.
pub(super) fn decimal(number: &str) -> String {
    // What has both, or two, separates thousands too; the number's rule refuses it.
    let separators = number.bytes().filter(|byte| matches!(byte, b'.' | b',')).count();
    number.chars().map(|c| if c == ',' && separators == 1 { '.' } else { c }).collect()
}

fn accepted(session: &Session, agreement: &AgreementView, name: &str) -> Result<bool, String> {
    let accepted = session.control(name).is_some_and(|control| control.checked());
    if agreement.required && !accepted {
        return Err(session.view.texts.error("agreement_required", &agreement.label));
    }
    Ok(accepted)
}

#[cfg(test)]
mod tests {
    use super::decimal;

    #[test]
    fn a_comma_is_a_decimal_point_where_nothing_else_is() {
        assert_eq!(decimal("-12,5"), "-12.5");
        for same in ["", "12", "12.5", "1,234.5", "1,234,567"] {
            assert_eq!(decimal(same), same);
        }
    }
}
