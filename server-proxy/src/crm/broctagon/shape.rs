//! The answer of "Get Trader Registration Form", which that of "Get User Kyc Form" is taken to be like. Read leniently: `required`,
//! `disabled` and `readonly` are numbers by the page, labels are a text a language, and of the types it names only those with options.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use serde::Serialize;
use serde_json::Value;

use super::{
    Broctagon,
    records::{self, Labels},
    routes,
};
use crate::crm::{Unanswered, answer::Answer};

/// The name of the registration form among a funnel's.
pub(super) const TRADER: &str = "trader";
/// What the name of a KYC form begins with; its id follows.
const KYC: &str = "kyc/";

/// How long a form is known without asking again, where a signup has to know it.
const FRESH: Duration = Duration::from_secs(5 * 60);

/// A form as it was read last.
pub(super) type Kept = (Arc<Form>, Instant);

#[derive(Debug, Serialize)]
pub(super) struct Form {
    id: Option<String>,
    kind: Option<String>,
    groups: Vec<Group>,
}

#[derive(Debug, Serialize)]
pub(super) struct Group {
    key: Option<String>,
    labels: Labels,
    pub(super) fields: Vec<Field>,
}

#[derive(Debug, Serialize)]
pub(super) struct Field {
    pub(super) key: String,
    pub(super) kind: String,
    pub(super) labels: Labels,
    pub(super) required: bool,
    pub(super) disabled: bool,
    pub(super) read_only: bool,
    pub(super) options: Vec<Choice>,
    /// Addresses of files to read.
    pub(super) documents: Vec<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct Choice {
    pub(super) value: String,
    pub(super) labels: Labels,
}

/// The name of that KYC form among a funnel's.
pub(super) fn kyc(id: &str) -> String {
    format!("{KYC}{id}")
}

/// The id of a KYC form, of its name among a funnel's.
pub(super) fn kyc_id(form: &str) -> Option<&str> {
    form.strip_prefix(KYC).filter(|id| !id.is_empty())
}

impl Broctagon {
    /// Asks for a form, and keeps it.
    pub(super) async fn fetch_form(&self, name: &str) -> Result<Arc<Form>, Unanswered> {
        let answer = match kyc_id(name) {
            Some(id) => self.get(routes::KYC_FORM, &[("form", id)]).await?,
            None if name == TRADER => self.get(routes::REGISTRATION_FORM, &[]).await?,
            None => return Err(Unanswered::Argument(format!("there is no form \"{name}\""))),
        };
        let form = Arc::new(Form::read(&answer)?);
        self.kept_forms().insert(name.to_owned(), (form.clone(), Instant::now()));
        Ok(form)
    }

    /// A form that was asked for a moment ago, or is now; while the CRM does not answer, as it was last.
    pub(super) async fn known_form(&self, name: &str) -> Result<Arc<Form>, Unanswered> {
        let kept = self.kept_forms().get(name).cloned();
        if let Some((form, since)) = &kept
            && since.elapsed() < FRESH
        {
            return Ok(form.clone());
        }
        self.fetch_form(name).await.or_else(|error| kept.map(|(form, _)| form).ok_or(error))
    }

    fn kept_forms(&self) -> std::sync::MutexGuard<'_, std::collections::HashMap<String, Kept>> {
        // Nothing panics while it holds the lock; if it did, what is inside would still be whole.
        self.forms.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Form {
    pub(super) fn read(answer: &Answer) -> Result<Form, Unanswered> {
        let body: Value = answer.read()?;
        let unreadable = |what: &str| Unanswered::Unreadable(answer.trouble(what));
        let groups = body.get("groups").and_then(Value::as_array).ok_or_else(|| unreadable("a form without groups"))?;
        let groups: Vec<_> = groups.iter().filter_map(Group::read).collect();
        if !groups.iter().any(|group| !group.fields.is_empty()) {
            return Err(unreadable("a form without a field that has a key"));
        }
        let text = |name: &str| body.get(name).and_then(records::text);
        Ok(Form { id: text("id"), kind: text("type"), groups })
    }

    pub(super) fn fields(&self) -> impl Iterator<Item = &Field> {
        self.groups.iter().flat_map(|group| &group.fields)
    }

    pub(super) fn field(&self, key: &str) -> Option<&Field> {
        self.fields().find(|field| field.key == key)
    }
}

impl Group {
    fn read(value: &Value) -> Option<Group> {
        let fields = value.get("fields")?.as_array()?.iter().filter_map(Field::read).collect();
        Some(Group { key: value.get("key").and_then(records::text), labels: records::labels(value.get("label")), fields })
    }
}

impl Field {
    fn read(value: &Value) -> Option<Field> {
        let flag = |name: &str| value.get(name).is_some_and(is_set);
        let list = |name: &str| value.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let options = match value.get("options") {
            // By value, as labels are by language.
            Some(Value::Object(options)) => {
                options.iter().map(|(value, label)| Choice { value: value.clone(), labels: records::labels(Some(label)) }).collect()
            }
            _ => list("options").iter().filter_map(Choice::read).collect(),
        };
        Some(Field {
            key: value.get("key").and_then(records::text)?,
            kind: value.get("type").and_then(records::text).unwrap_or_default().to_lowercase(),
            labels: records::labels(value.get("label")),
            required: flag("required"),
            disabled: flag("disabled"),
            read_only: flag("readonly"),
            options,
            documents: list("docs").iter().filter_map(|document| document.get("doc_url")?.as_str()).map(str::to_owned).collect(),
        })
    }

    /// Whether its value is a list.
    pub(super) fn takes_several(&self) -> bool {
        self.kind == "multiselect" || (self.kind == "checkbox" && !self.options.is_empty())
    }

    /// Whether its value is yes or no.
    pub(super) fn is_box(&self) -> bool {
        self.kind == "checkbox" && self.options.is_empty()
    }
}

impl Choice {
    fn read(value: &Value) -> Option<Choice> {
        let record = records::Record::read(value)?;
        Some(Choice { value: record.code, labels: record.labels })
    }
}

/// 1, "1", true, "true".
fn is_set(value: &Value) -> bool {
    match value {
        Value::Bool(set) => *set,
        Value::Number(number) => number.as_i64() != Some(0),
        Value::String(text) => matches!(text.as_str(), "1" | "true"),
        _ => false,
    }
}
