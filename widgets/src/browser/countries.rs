//! Names of countries, which the browser knows in every language.

use std::cmp::Ordering;

use js_sys::{Function, Object, Reflect};
use latchkey_contract::ChoiceView;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

// Not `js_sys::Intl`: its constructors do not catch, and a browser may lack one of these or refuse the language.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Intl)]
    type DisplayNames;
    #[wasm_bindgen(constructor, js_namespace = Intl, catch)]
    fn new(locale: &str, options: &Object) -> Result<DisplayNames, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn of(this: &DisplayNames, code: &str) -> Result<Option<String>, JsValue>;

    #[wasm_bindgen(js_namespace = Intl)]
    type Collator;
    #[wasm_bindgen(constructor, js_namespace = Intl, catch)]
    fn new(locale: &str) -> Result<Collator, JsValue>;
    #[wasm_bindgen(method, getter)]
    fn compare(this: &Collator) -> Function;
}

/// Gives every country without a label its name in that language, and puts all in that language's order.
pub(crate) fn label(options: &mut [ChoiceView], locale: &str) {
    let kind = Object::new();
    let _ = Reflect::set(&kind, &"type".into(), &"region".into());
    let (Ok(names), Ok(collator)) = (DisplayNames::new(locale, &kind), Collator::new(locale)) else { return };
    for option in options.iter_mut() {
        if option.label.is_none() {
            option.label = names.of(&option.value).ok().flatten();
        }
    }
    let compare = collator.compare();
    // By insertion: `sort_by` is 5 KB of code for lists of at most 250.
    for end in 1..options.len() {
        let at = options[..end].partition_point(|option| order(&compare, text(option), text(&options[end])).is_le());
        options[at..=end].rotate_right(1);
    }
}

fn text(option: &ChoiceView) -> &str {
    option.label.as_deref().unwrap_or(&option.value)
}

fn order(compare: &Function, a: &str, b: &str) -> Ordering {
    let sign = compare.call2(&JsValue::UNDEFINED, &a.into(), &b.into()).ok().and_then(|sign| sign.as_f64());
    sign.and_then(|sign| sign.partial_cmp(&0.0)).unwrap_or(Ordering::Equal)
}
