//! `[[variants]]`: what each says otherwise than its funnel. A variant is read and checked as a whole funnel of its own.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::read::parse_id;
use crate::config::Problems;

/// More are no test of anything, and each is rendered in every language.
const MOST: usize = 20;
const HEAVIEST: u32 = 1_000;

/// What a variant may say otherwise: all that a visitor sees. Where the signup goes is its funnel's to say.
const REPLACED: [&str; 2] = ["steps", "agreements"];
const MERGED: [&str; 5] = ["override", "titles", "texts", "theme", "finish"];

/// What it may say otherwise.
pub(super) fn keys() -> impl Iterator<Item = &'static str> {
    REPLACED.into_iter().chain(MERGED)
}

/// A variant, and the whole file that it makes of its funnel's.
pub(super) struct Said {
    pub(super) id: String,
    pub(super) weight: u32,
    pub(super) file: Value,
}

/// Takes the variants out of a funnel's file. What they say otherwise is only read with the rest of the file.
pub(super) fn split(file: &mut Value, problems: &mut Problems) -> Vec<Said> {
    let Some(list) = file.as_object_mut().and_then(|file| file.remove("variants")) else { return Vec::new() };
    let Some(tables) = problems.read::<Vec<Map<String, Value>>>("variants", list) else { return Vec::new() };
    if tables.len() > MOST {
        problems.add("variants", format!("are more than {MOST}"));
        return Vec::new();
    }
    let mut ids = BTreeSet::new();
    let mut all = Vec::new();
    for (index, mut said) in tables.into_iter().enumerate() {
        let at = |key: &str| format!("variants[{index}].{key}");
        let id = problems.required(&at("id"), said.remove("id")).and_then(|id| problems.read::<String>(&at("id"), id));
        let Some(id) = problems.parse(&at("id"), id.as_deref(), parse_id) else { continue };
        if !ids.insert(id.clone()) {
            problems.add(at("id"), format!("there is another variant \"{id}\""));
        }
        let weight = said.remove("weight").and_then(|weight| problems.read::<u32>(&at("weight"), weight)).unwrap_or(1);
        if weight > HEAVIEST {
            problems.add(at("weight"), format!("is more than {HEAVIEST}"));
        }
        let known: Vec<_> = keys().collect();
        for key in said.keys().filter(|key| !known.contains(&key.as_str())) {
            problems.add(at(key), format!("a variant says nothing of it; it may say id, weight, {}", known.join(", ")));
        }
        // What becomes of the visitor in the end is the same for all: a variant words it.
        let finish = said.get("finish").and_then(Value::as_object);
        for key in finish.into_iter().flat_map(Map::keys).filter(|key| *key != "message") {
            problems.add(at(&format!("finish.{key}")), "a variant has a message of its own and nothing else");
        }
        all.push(Said { id, weight, file: with(file, said) });
    }
    if !all.is_empty() && all.iter().all(|variant| variant.weight == 0) {
        problems.add("variants", "have no weight: nobody would be shown any");
    }
    all
}

/// The funnel's file with what the variant says otherwise.
fn with(file: &Value, said: Map<String, Value>) -> Value {
    let mut file = file.clone();
    let Some(members) = file.as_object_mut() else { return file };
    for (key, value) in said {
        match (members.get_mut(&key), value) {
            (Some(Value::Object(own)), Value::Object(said)) if MERGED.contains(&key.as_str()) => own.extend(said),
            (_, value) => {
                members.insert(key, value);
            }
        }
    }
    file
}
