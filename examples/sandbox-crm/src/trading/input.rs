//! A request's query and body, held against what its operation may carry.

use serde_json::{Map, Value};

use super::answers::Refusal;
use super::operations::Operation;
use super::requests::Body;
use crate::check::{Member, check};
use crate::exchange::Request;
use crate::query::Query;

#[derive(Debug)]
pub(super) struct Input {
    /// What the path has in place of `{…}`.
    pub(super) parameter: String,
    pub(super) query: Query,
    pub(super) body: Map<String, Value>,
}

impl Input {
    pub(super) fn read(operation: &Operation, request: &Request, parameter: String) -> Result<Self, Refusal> {
        let query = request.query();
        query.check("Parameter", operation.query)?;
        let body = match operation.body {
            Body::None => nothing(&request.body)?,
            Body::Json(members) => json(members, request)?,
            Body::Form(members) => form(members, request)?,
        };
        Ok(Self { parameter, query, body })
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
    let body = request.object().map_err(Refusal::invalid)?;
    check("", &body, members)?;
    Ok(body)
}

fn form(members: &[Member], request: &Request) -> Result<Map<String, Value>, Refusal> {
    if !request.is_of_type("application/x-www-form-urlencoded") {
        return Err(Refusal::invalid("Content-Type must be application/x-www-form-urlencoded"));
    }
    let form = Query::read(&request.body);
    form.check("Field", members)?;
    Ok(form.into_members())
}
