//! JSON by the browser's own parser, read and written member by member.
//!
//! Not by serde, though the contract's types know it: what `serde-wasm-bindgen` or any other deserializer compiles to
//! costs a visitor 10 to 20 KB.

use std::collections::BTreeMap;

use js_sys::{Array, JSON, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Element;

/// A JavaScript value as it was received. What is missing, or of another kind, reads as empty.
#[derive(Clone, PartialEq)]
pub(crate) struct Json(JsValue);

impl Json {
    pub(crate) fn new(value: JsValue) -> Json {
        Json(value)
    }

    /// Empty for what is not JSON.
    pub(crate) fn parse(text: &str) -> Json {
        Json(JSON::parse(text).unwrap_or_default())
    }

    pub(crate) fn member(&self, name: &str) -> Json {
        // What has no members is not asked for one: a call that throws keeps a place in the table of references for ever.
        if !self.0.is_object() {
            return Json(JsValue::UNDEFINED);
        }
        Json(Reflect::get(&self.0, &JsValue::from_str(name)).unwrap_or_default())
    }

    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.member(name).0.as_string()
    }

    pub(crate) fn number(&self, name: &str) -> Option<f64> {
        self.member(name).0.as_f64()
    }

    pub(crate) fn element(self) -> Option<Element> {
        self.0.dyn_into().ok()
    }

    pub(crate) fn truth(&self, name: &str) -> bool {
        self.member(name).0.is_truthy()
    }

    pub(crate) fn list<T>(&self, name: &str, read: impl Fn(&Json) -> T) -> Vec<T> {
        let items = self.member(name).0;
        if Array::is_array(&items) { Array::from(&items).iter().map(|item| read(&Json(item))).collect() } else { Vec::new() }
    }

    /// A list as the browser has it; empty for what is none.
    #[cfg(any(feature = "partner", test))]
    pub(crate) fn array(&self, name: &str) -> Array {
        let items = self.member(name).0;
        if Array::is_array(&items) { items.unchecked_into() } else { Array::new() }
    }

    /// A list's texts.
    pub(crate) fn words(&self, name: &str) -> Vec<String> {
        self.list(name, |word| word.0.as_string()).into_iter().flatten().collect()
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        !self.member(name).0.is_undefined()
    }

    /// One of its members' members, as far as they are texts.
    pub(crate) fn texts(&self, name: &str) -> BTreeMap<String, String> {
        self.member(name).all_texts()
    }

    /// One of its members' members.
    #[cfg(any(feature = "partner", test))]
    pub(crate) fn members(&self, name: &str) -> Vec<(String, Json)> {
        let object = self.member(name).0;
        let of = |name: JsValue| Some((name.as_string()?, Json(Reflect::get(&object, &name).unwrap_or_default())));
        if object.is_object() { Object::keys(object.unchecked_ref::<Object>()).iter().filter_map(of).collect() } else { Vec::new() }
    }

    /// The same of its own.
    pub(crate) fn all_texts(&self) -> BTreeMap<String, String> {
        let mut texts = BTreeMap::new();
        if self.0.is_object() {
            let object: &Object = self.0.unchecked_ref();
            for name in Object::keys(object).iter() {
                if let (Some(name), Some(text)) = (name.as_string(), Reflect::get(object, &name).unwrap_or_default().as_string()) {
                    texts.insert(name, text);
                }
            }
        }
        texts
    }
}

#[cfg(any(feature = "partner", test))]
impl From<Json> for JsValue {
    fn from(json: Json) -> JsValue {
        json.0
    }
}

/// JSON. Lists and objects are put together here: old libraries give them a `toJSON` that `JSON.stringify` would follow.
pub(crate) fn to_text(value: &JsValue) -> String {
    if Array::is_array(value) {
        let items: Vec<_> = Array::from(value).iter().map(|item| to_text(&item)).collect();
        return ["[", &items.join(","), "]"].concat();
    }
    if value.is_object() {
        let members: Vec<_> = Object::entries(value.unchecked_ref())
            .iter()
            .map(|member| Array::from(&member))
            .filter(|member| !member.get(1).is_undefined())
            .map(|member| [to_text(&member.get(0)), to_text(&member.get(1))].join(":"))
            .collect();
        return ["{", &members.join(","), "}"].concat();
    }
    JSON::stringify(value).map(String::from).unwrap_or_default()
}

/// A JavaScript object of these members. Also for what the browser takes as options: `web-sys` has a setter for each,
/// and each is a function more to download.
pub(crate) fn object<'a>(members: impl IntoIterator<Item = (&'a str, JsValue)>) -> JsValue {
    let object = Object::new();
    for (name, value) in members {
        // Fails for frozen objects only.
        let _ = Reflect::set(&object, &JsValue::from_str(name), &value);
    }
    object.into()
}

/// The same of texts.
pub(crate) fn of_texts(texts: &BTreeMap<String, String>) -> JsValue {
    object(texts.iter().map(|(name, text)| (name.as_str(), JsValue::from_str(text))))
}
