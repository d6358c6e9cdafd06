//! One request of a run: what is asked, and what the answer's leads are.

use js_sys::{Array, Date, Map};
use latchkey_contract::partner::BucketLead;
use wasm_bindgen::JsValue;

use super::keys::Kind;
use crate::browser::{
    json::{self, Json},
    lower::lower,
};

/// What all requests of a run have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Question {
    pub(super) kind: Kind,
    pub(super) bucket: String,
    /// Empty: all of the bucket's.
    pub(super) source: String,
    /// From and to, RFC 3339.
    pub(super) created: Option<[String; 2]>,
}

impl Question {
    pub(super) fn path(&self) -> String {
        let part = |text: &str| String::from(js_sys::encode_uri_component(text));
        let mut path = ["/buckets/", &part(&self.bucket), "/leads"].concat();
        if !self.source.is_empty() {
            path.push('/');
            path.push_str(&part(&self.source));
        }
        path
    }

    pub(super) fn body(&self, keys: &[String]) -> String {
        let (name, key_by) = match self.kind {
            Kind::Emails => ("emails", "email"),
            Kind::Ids => ("ids", "id"),
        };
        let list = |texts: &[String]| JsValue::from(texts.iter().map(JsValue::from).collect::<Array>());
        let filters = self.created.as_ref().map(|range| json::object([("createdDate", list(range))]));
        json::to_text(&json::object([(name, list(keys)), ("keyBy", key_by.into()), ("filters", filters.into())]))
    }

    /// As an answer's key and a list's are the same.
    fn same(&self, key: &str) -> String {
        match self.kind {
            Kind::Emails => lower(key),
            Kind::Ids => key.to_owned(),
        }
    }

    /// What of an answer belongs to each key; `None` where it was not found. By the browser's own map: one of Rust's is 3 KB more.
    pub(super) fn leads(&self, keys: &[String], answer: &Json) -> Vec<Option<BucketLead>> {
        let found = Map::new();
        for (key, lead) in answer.members("leads") {
            found.set(&self.same(&key).into(), &lead.into());
        }
        let of = |key: &String| Some(found.get(&self.same(key).into())).filter(|lead| lead.is_object()).map(|lead| read(&Json::new(lead)));
        keys.iter().map(of).collect()
    }
}

fn read(lead: &Json) -> BucketLead {
    BucketLead {
        id: lead.text("id"),
        email: lead.text("email"),
        status: lead.text("status"),
        created: lead.text("created"),
        first_deposit: lead.text("firstDeposit"),
    }
}

/// From the beginning of one day to the end of another (`2026-01-31`, empty where there is no bound), where the visitor is. An error
/// where the first is after the last.
pub(super) fn created(from: &str, to: &str) -> Result<Option<[String; 2]>, ()> {
    if from.is_empty() && to.is_empty() {
        return Ok(None);
    }
    if !from.is_empty() && !to.is_empty() && from > to {
        return Err(());
    }
    let moment = |day: &str, time: &str, otherwise: &str| {
        let date = Date::new(&[day, time].concat().into());
        if day.is_empty() || date.get_time().is_nan() { otherwise.to_owned() } else { String::from(date.to_iso_string()) }
    };
    Ok(Some([moment(from, "T00:00:00", "1970-01-01T00:00:00Z"), moment(to, "T23:59:59.999", "2999-12-31T23:59:59Z")]))
}
