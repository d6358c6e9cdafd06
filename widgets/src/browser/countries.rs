//! Names of countries, which the browser knows in every language.

use js_sys::{Array, Function, Object, Reflect};
use latchkey_contract::ChoiceView;
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};

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

    #[wasm_bindgen(js_name = Array)]
    type Sortable;
    #[wasm_bindgen(method)]
    fn sort(this: &Sortable, compare: &Function);
}

/// What countries are called in one language; by their codes, where the browser does not know it.
#[derive(Default)]
pub(crate) struct Names(Option<DisplayNames>);

impl Names {
    pub(crate) fn new(locale: &str) -> Names {
        let kind = Object::new();
        let _ = Reflect::set(&kind, &"type".into(), &"region".into());
        Names(DisplayNames::new(locale, &kind).ok())
    }

    pub(crate) fn of(&self, code: &str) -> String {
        let name = self.0.as_ref().and_then(|names| names.of(code).ok().flatten());
        name.unwrap_or_else(|| code.to_owned())
    }
}

/// Gives every country without a label its name in that language, and puts all in that language's order.
pub(crate) fn label(options: &mut [ChoiceView], locale: &str) {
    let names = Names::new(locale);
    for option in options.iter_mut() {
        let name = option.label.take().unwrap_or_else(|| names.of(&option.value));
        option.label = Some(name);
    }
    let Ok(collator) = Collator::new(locale) else { return };
    // By the browser, all at once: to call it for each two of them takes it ten times as long.
    let sorted: Array = options.iter().map(|option| JsValue::from_str(option.label.as_deref().unwrap_or_default())).collect();
    sorted.unchecked_ref::<Sortable>().sort(&collator.compare());
    for (at, name) in sorted.iter().enumerate() {
        let name = name.as_string();
        if let Some(found) = options[at..].iter().position(|option| option.label == name) {
            options.swap(at, at + found);
        }
    }
}
