//! The JSON Schema of a funnel's file, for editors and other programs: `latchkey funnel schema` prints it. A test holds it against the
//! tables that files are read into; another, of `[theme]`, stands with the theme's.

pub(crate) const SCHEMA: &str = include_str!("schema.json");

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use latchkey_contract::{FieldKind, Need, rules::Violation};
    use serde::de::DeserializeOwned;
    use serde_json::{Value, json};

    use super::*;
    use crate::funnel::{KnownEmail, OnUnknown, show_if::ShowIf, tables, theme, variants};

    fn schema() -> Value {
        serde_json::from_str(SCHEMA).expect("JSON")
    }

    /// What serde expects there, as it says itself of something else.
    fn expected<T: DeserializeOwned>(other: Value) -> BTreeSet<String> {
        let error = serde_json::from_value::<T>(other).err().expect("an error").to_string();
        let (_, expected) = error.split_once("expected ").expect("what is expected");
        expected.split('`').skip(1).step_by(2).map(str::to_owned).collect()
    }

    fn keys(pointer: &str) -> BTreeSet<String> {
        let schema = schema();
        let properties = schema.pointer(&format!("{pointer}/properties")).and_then(Value::as_object).unwrap_or_else(|| panic!("{pointer}"));
        assert!(schema.pointer(pointer).is_some_and(|table| table["additionalProperties"] == false), "{pointer}");
        properties.keys().cloned().collect()
    }

    fn values(pointer: &str) -> BTreeSet<String> {
        let schema = schema();
        let values = schema.pointer(pointer).and_then(|values| values["enum"].as_array()).unwrap_or_else(|| panic!("{pointer}"));
        values.iter().filter_map(Value::as_str).map(str::to_owned).collect()
    }

    #[track_caller]
    fn assert_table<T: DeserializeOwned>(name: &str) {
        assert_eq!(keys(&format!("/$defs/{name}")), expected::<T>(json!({ "?": 1 })), "{name}");
    }

    #[test]
    fn it_has_every_key_that_a_file_may_have() {
        let mut file = expected::<tables::File>(json!({ "?": 1 }));
        file.insert("variants".to_owned());
        assert_eq!(keys(""), file);
        assert_table::<tables::Step>("step");
        assert_table::<tables::Field>("field");
        assert_table::<tables::Override>("override");
        assert_table::<tables::LabelledChoice>("labelled");
        assert_table::<tables::Agreement>("agreement");
        assert_table::<tables::Tracking>("tracking");
        assert_table::<tables::Bots>("bots");
        assert_table::<ShowIf>("show_if");
        let variant = ["id", "weight"].into_iter().chain(variants::keys()).map(str::to_owned).collect();
        assert_eq!(keys("/$defs/variant"), variant);
    }

    #[test]
    fn it_has_every_word_that_may_stand_there() {
        let word = || json!("?");
        assert_eq!(values("/$defs/field/properties/kind"), expected::<FieldKind>(word()));
        assert_eq!(values("/$defs/field/properties/needs/items"), expected::<Need>(word()));
        assert_eq!(values("/$defs/field/properties/list"), expected::<crate::crm::List>(word()));
        assert_eq!(values("/properties/action"), expected::<crate::crm::Action>(word()));
        assert_eq!(values("/properties/known_email"), expected::<KnownEmail>(word()));
        assert_eq!(values("/properties/on_unknown"), expected::<OnUnknown>(word()));
        assert_eq!(values("/properties/isolation"), expected::<tables::Isolation>(word()));
        assert_eq!(values("/$defs/finish/properties/kind"), expected::<tables::FinishKind>(word()));
        assert_eq!(values("/$defs/theme/properties/scheme"), expected::<theme::Scheme>(word()));
        let codes: BTreeSet<_> = Violation::ALL.iter().map(|violation| violation.code().to_owned()).collect();
        assert_eq!(keys("/$defs/field/properties/messages"), codes);
    }

    #[test]
    fn every_reference_leads_somewhere() {
        fn references(value: &Value, found: &mut Vec<String>) {
            match value {
                Value::Object(members) => {
                    found.extend(members.get("$ref").and_then(Value::as_str).map(str::to_owned));
                    members.values().for_each(|value| references(value, found));
                }
                Value::Array(list) => list.iter().for_each(|value| references(value, found)),
                _ => {}
            }
        }
        let (schema, mut found) = (schema(), Vec::new());
        references(&schema, &mut found);
        assert!(found.len() > 20);
        for reference in found {
            assert!(schema.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
        }
    }
}
