//! A form's fields as a funnel takes them: its groups one after the other, each in its order.

use std::collections::BTreeSet;

use latchkey_contract::FieldKind;
use url::Url;

use super::{
    form,
    shape::{Choice, Field, Form},
};
use crate::crm::{CrmChoice, CrmDocument, CrmField, List};

/// Keys of the registration form that are members of the request itself; all others are "additional fields".
const OWN: [(&str, FieldKind); 3] = [(form::NAME, FieldKind::Text), (form::EMAIL, FieldKind::Email), (form::PHONE, FieldKind::Tel)];

/// Which of the two forms it is: what their fields are called differs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    Registration,
    Kyc,
}

/// What a visitor can be asked for. The error says what the form demands and nobody here can give.
pub(super) fn read(form: &Form, which: Which) -> Result<Vec<CrmField>, String> {
    let mut read = Vec::new();
    let mut lists = BTreeSet::new();
    for field in form.fields().filter(|field| !field.disabled && !is_password(field)) {
        if field.kind == "file" {
            if field.required {
                return Err(format!("the form demands a file, \"{}\", which this version cannot send", field.key));
            }
            continue;
        }
        // What nobody may change is sent only where it can be nothing else: the CRM would refuse any other value.
        let fixed = match (field.read_only, &field.options[..]) {
            (true, [only]) => Some(only.value.clone()),
            (true, _) => continue,
            (false, _) => None,
        };
        let (name, kind) = match OWN.iter().find(|(key, _)| which == Which::Registration && *key == field.key) {
            Some((key, kind)) => ((*key).to_owned(), *kind),
            None => (format!("{}{}", which.prefix(), field.key), kind(field)),
        };
        let list = list(field).filter(|list| match list {
            List::Countries => true,
            List::States => lists.contains(List::Countries.as_str()),
            List::Cities => lists.contains(List::States.as_str()),
        });
        lists.extend(list.map(List::as_str));
        read.push(CrmField {
            name,
            // A state without a country before it is one that nobody can list.
            kind: if list.is_none() && is_chosen(kind) && field.options.is_empty() { FieldKind::Text } else { kind },
            required: field.required,
            read_only: field.read_only,
            labels: field.labels.clone(),
            default: fixed,
            options: if is_chosen(kind) && list.is_none() { field.options.iter().map(choice).collect() } else { Vec::new() },
            documents: field.documents.iter().filter_map(|url| document(url)).collect(),
            list,
        });
    }
    Ok(read)
}

impl Which {
    fn prefix(self) -> &'static str {
        match self {
            Which::Registration => form::CUSTOM,
            Which::Kyc => form::KYC_CUSTOM,
        }
    }
}

/// The proxy makes one of its own.
fn is_password(field: &Field) -> bool {
    field.kind == "password" || matches!(field.key.as_str(), "password" | "repeat_password")
}

/// The page names `select`, `multiselect`, `radio` and `checkbox`; the others are those that a form like this is likely to have. Any
/// other is a text, or a choice where it has options.
fn kind(field: &Field) -> FieldKind {
    match field.kind.as_str() {
        "select" | "state" | "city" => FieldKind::Select,
        "radio" => FieldKind::Radio,
        "checkbox" if field.options.is_empty() => FieldKind::Checkbox,
        "multiselect" | "checkbox" => FieldKind::Several,
        "country" => FieldKind::Country,
        "email" => FieldKind::Email,
        "phone" | "tel" | "mobile" => FieldKind::Tel,
        "date" => FieldKind::Date,
        "number" => FieldKind::Number,
        "textarea" => FieldKind::Area,
        _ if !field.options.is_empty() => FieldKind::Select,
        _ => FieldKind::Text,
    }
}

fn is_chosen(kind: FieldKind) -> bool {
    matches!(kind, FieldKind::Select | FieldKind::Radio | FieldKind::Several)
}

fn list(field: &Field) -> Option<List> {
    // What the form lists itself is not asked for.
    match field.kind.as_str() {
        _ if !field.options.is_empty() => None,
        "country" => Some(List::Countries),
        "state" => Some(List::States),
        "city" => Some(List::Cities),
        _ => None,
    }
}

fn choice(choice: &Choice) -> CrmChoice {
    CrmChoice { value: choice.value.clone(), labels: choice.labels.clone() }
}

/// Only what a page may link to.
fn document(url: &str) -> Option<CrmDocument> {
    let parsed = Url::parse(url).ok().filter(|url| matches!(url.scheme(), "https" | "http"))?;
    Some(CrmDocument { label: None, url: parsed.into() })
}
