//! A request's query and body, held against what its operation may carry.

use axum::extract::Query;
use axum::http::Uri;
use axum::http::header::CONTENT_TYPE;
use serde_json::{Map, Value};

use super::answers::Refusal;
use super::customers::is_column;
use super::operations::Operation;
use super::requests::{Body, Kind, Member};
use crate::exchange::Request;
use crate::shapes::{is_address, is_date};

#[derive(Debug)]
pub(super) struct Input {
    /// What the path has in place of `{…}`.
    pub(super) parameter: String,
    query: Vec<(String, String)>,
    pub(super) body: Map<String, Value>,
}

impl Input {
    pub(super) fn read(operation: &Operation, request: &Request, parameter: &str) -> Result<Self, Refusal> {
        let query = pairs(&request.uri)?;
        check_pairs("Parameter", operation.query, &query)?;
        let body = match operation.body {
            Body::None => nothing(&request.body)?,
            Body::Json(members) => json(members, request)?,
            Body::Form(members) => form(members, request)?,
        };
        Ok(Self { parameter: parameter.to_owned(), query, body })
    }

    pub(super) fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn all(&self, name: &str) -> Vec<&str> {
        self.query.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str()).collect()
    }

    /// Checked to be one by [`check_pairs`].
    pub(super) fn number(&self, name: &str) -> Option<usize> {
        self.query(name)?.parse().ok()
    }

    /// A member of the body that is a text and not blank.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.body.get(name).and_then(Value::as_str).filter(|text| !text.trim().is_empty())
    }

    pub(super) fn texts(&self, name: &str) -> Vec<String> {
        let texts = self.body.get(name).and_then(Value::as_array).into_iter().flatten();
        texts.filter_map(Value::as_str).map(str::to_owned).collect()
    }
}

/// An operation without a body takes none. An empty object says as little.
fn nothing(body: &[u8]) -> Result<Map<String, Value>, Refusal> {
    if matches!(body.trim_ascii(), b"" | b"{}") { Ok(Map::new()) } else { Err(Refusal::invalid("This request takes no body")) }
}

fn json(members: &[Member], request: &Request) -> Result<Map<String, Value>, Refusal> {
    if !request.is_json() {
        return Err(Refusal::invalid("Content-Type must be application/json"));
    }
    let body = match serde_json::from_slice(&request.body) {
        Ok(Value::Object(body)) => body,
        Ok(_) => return Err(Refusal::invalid("Request body must be a JSON object")),
        Err(_) => return Err(Refusal::invalid("Request body is not valid JSON")),
    };
    for (name, value) in &body {
        let member = known("Field", members, name)?;
        if !(member.nullable && value.is_null()) {
            fits(member.kind, value).map_err(|must| Refusal::invalid(format!("Field \"{name}\" must {must}")))?;
        }
    }
    let blank = |value: Option<&Value>| match value {
        None | Some(Value::Null) => true,
        Some(value) => value.as_str().is_some_and(|text| text.trim().is_empty()),
    };
    match members.iter().find(|member| member.required && blank(body.get(member.name))) {
        Some(member) => Err(Refusal::invalid(format!("Field \"{}\" is required", member.name))),
        None => Ok(body),
    }
}

fn form(members: &[Member], request: &Request) -> Result<Map<String, Value>, Refusal> {
    let content_type = request.header(CONTENT_TYPE.as_str()).unwrap_or_default();
    if !content_type.split(';').next().is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded")) {
        return Err(Refusal::invalid("Content-Type must be application/x-www-form-urlencoded"));
    }
    // A form is written as a query is.
    let text = str::from_utf8(&request.body).map_err(|_| Refusal::invalid("Request body is not a form"))?;
    let uri: Uri = format!("/?{text}").parse().map_err(|_| Refusal::invalid("Request body is not a form"))?;
    let pairs = pairs(&uri)?;
    check_pairs("Field", members, &pairs)?;
    Ok(pairs.into_iter().map(|(name, value)| (name, value.into())).collect())
}

fn pairs(uri: &Uri) -> Result<Vec<(String, String)>, Refusal> {
    Query::try_from_uri(uri).map(|Query(pairs)| pairs).map_err(|_| Refusal::invalid("The query cannot be read"))
}

/// `what` is what they are called in a refusal.
fn check_pairs(what: &str, members: &[Member], pairs: &[(String, String)]) -> Result<(), Refusal> {
    for (name, value) in pairs {
        let member = known(what, members, name)?;
        let repeated = matches!(member.kind, Kind::Texts | Kind::Choices(_));
        if !repeated && pairs.iter().filter(|(other, _)| other == name).count() > 1 {
            return Err(Refusal::invalid(format!("{what} \"{name}\" must be given once")));
        }
        text_fits(member.kind, value).map_err(|must| Refusal::invalid(format!("{what} \"{name}\" must {must}")))?;
    }
    let given = |member: &&Member| pairs.iter().any(|(name, value)| name == member.name && !value.is_empty());
    match members.iter().find(|member| member.required && !given(member)) {
        Some(member) => Err(Refusal::invalid(format!("{what} \"{}\" is required", member.name))),
        None => Ok(()),
    }
}

fn known<'a>(what: &str, members: &'a [Member], name: &str) -> Result<&'a Member, Refusal> {
    members.iter().find(|member| member.name == name).ok_or_else(|| Refusal::invalid(format!("{what} \"{name}\" is unknown")))
}

fn must(holds: bool, words: impl Into<String>) -> Result<(), String> {
    if holds { Ok(()) } else { Err(words.into()) }
}

/// A value of a JSON body.
fn fits(kind: Kind, value: &Value) -> Result<(), String> {
    match kind {
        Kind::Flag => must(value.is_boolean(), "be a boolean"),
        // Amounts are no body's member here: what is a number, is an id.
        Kind::Number => must(value.is_u64(), "be a number"),
        Kind::Texts | Kind::Choices(_) => {
            let elements = value.as_array().ok_or("be an array of strings")?;
            elements.iter().try_for_each(|element| text_fits(kind, element.as_str().ok_or("be an array of strings")?))
        }
        _ => text_fits(kind, value.as_str().ok_or("be a string")?),
    }
}

/// A value of a query or a form, or a string of a JSON body.
fn text_fits(kind: Kind, text: &str) -> Result<(), String> {
    match kind {
        Kind::Text | Kind::Texts => Ok(()),
        Kind::Email => must(is_address(text), "be an email address"),
        Kind::Phone => must(is_phone(text), "be a phone number in international format"),
        Kind::Flag => must(matches!(text, "true" | "false"), "be a boolean"),
        Kind::Number => must(text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<usize>().is_ok(), "be a number"),
        Kind::TextOf(least, most) => must((least..=most).contains(&text.chars().count()), format!("have {least} to {most} characters")),
        Kind::Choice(choices) | Kind::Choices(choices) => must(choices.contains(&text), format!("be one of {}", choices.join(", "))),
        Kind::Date => must(is_date(text), "be a date such as 2023-09-13"),
        Kind::Order => {
            let order = text.split_once('|').filter(|(column, order)| is_column(column) && matches!(*order, "ASC" | "DESC"));
            must(order.is_some(), "be a column and an order, such as name|ASC")
        }
    }
}

/// E.164 has at most 15 digits; the document's example has 12.
fn is_phone(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| (6..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()))
}
