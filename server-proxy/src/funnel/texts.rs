//! Our own texts in every language, and which of them a form needs.

pub(crate) mod partner;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use figment::{
    Figment,
    providers::{Format, Toml},
};
use latchkey_contract::{FieldKind, FieldView, Need, StepView, Texts};

use super::{
    language::language,
    plural::{base, category},
};
use crate::crm::Action;

/// A language is added by a file here; a test holds the files against each other.
const FILES: [(&str, &str); 12] = [
    ("ar", include_str!("texts/ar.toml")),
    ("de", include_str!("texts/de.toml")),
    ("en", include_str!("texts/en.toml")),
    ("es", include_str!("texts/es.toml")),
    ("fr", include_str!("texts/fr.toml")),
    ("it", include_str!("texts/it.toml")),
    ("ja", include_str!("texts/ja.toml")),
    ("pl", include_str!("texts/pl.toml")),
    ("pt", include_str!("texts/pt.toml")),
    ("ru", include_str!("texts/ru.toml")),
    ("tr", include_str!("texts/tr.toml")),
    ("zh", include_str!("texts/zh.toml")),
];

static BUILT_IN: LazyLock<BTreeMap<&'static str, Texts>> = LazyLock::new(|| {
    FILES
        .into_iter()
        .map(|(language, file)| {
            // Compiled in, and read by a test.
            let texts = Figment::from(Toml::string(file)).extract().expect("a table of texts");
            (language, texts)
        })
        .collect()
});

/// What a language falls back to where we do not have it.
const FALLBACK: &str = "en";

/// Those of our texts that a page of ours or the server alone shows; the widget is not sent them.
const OF_THE_SERVER: [&str; 8] =
    ["captcha.failed", "field.", "page.", "lead.", "register.", "error.known_email", "error.phone_country", "error.refused"];

/// All our texts in a locale's language, or in English.
pub(crate) fn built_in(locale: &str) -> &'static Texts {
    BUILT_IN.get(language(locale)).unwrap_or_else(|| &BUILT_IN[FALLBACK])
}

/// The same as a funnel with that action needs them: who leaves a lead, or waits for an approval, is promised no account.
pub(super) fn built_in_for(action: Action, locale: &str) -> Texts {
    let mut texts = built_in(locale).clone();
    if action != Action::Signup {
        for (name, from) in [("submit", "submit"), ("accepted", "accepted"), ("registered", "accepted")] {
            if let Some(text) = texts.0.get(&format!("{}.{from}", action.as_str())).cloned() {
                texts.0.insert(name.to_owned(), text);
            }
        }
    }
    texts
}

/// Whether our own texts exist in that locale's language.
pub(crate) fn is_built_in(locale: &str) -> bool {
    BUILT_IN.contains_key(language(locale))
}

/// The keys that a funnel may word anew; a text with a number as a whole, or by its plural categories.
pub(super) fn is_text(key: &str) -> bool {
    let known = |key: &str| BUILT_IN[FALLBACK].0.contains_key(key);
    !key.starts_with("field.") && (known(key) || known(&format!("{}.other", base(key))))
}

/// Words a text anew.
pub(super) fn reword(texts: &mut Texts, key: &str, text: String) {
    let whole = base(key);
    if key == whole {
        texts.0.retain(|other, _| base(other) != whole);
    } else if let Some(all) = texts.0.remove(whole) {
        // What was one wording for all numbers is the one for the rest of them.
        texts.0.insert(format!("{whole}.other"), all);
    }
    texts.0.insert(key.to_owned(), text);
}

/// What the widget needs of a funnel's texts: those that its steps, one of its fields, or its captcha can lead to.
pub(super) fn for_widget(texts: &Texts, locale: &str, steps: &[StepView], captcha: bool) -> Texts {
    let fields: Vec<_> = steps.iter().flat_map(|step| &step.fields).collect();
    let any = |is: &dyn Fn(&FieldView) -> bool| fields.iter().any(|field| is(field));
    let kind = |kind: FieldKind| any(&|field| field.kind == kind);
    let needs = |need: Need| any(&|field| field.needs.contains(&need));
    let range = |min: bool, max: bool| any(&|field| (field.min.is_some(), field.max.is_some()) == (min, max));
    let needed = |key: &str| match key {
        "options.within" => any(&|field| field.lookup && field.within.is_some()),
        key if key.starts_with("options.") => any(&|field| field.lookup),
        key if key.starts_with("code.") => kind(FieldKind::Code),
        key if key.starts_with("step.") => steps.len() > 1,
        "phone.country" => kind(FieldKind::Tel),
        key if key.starts_with("search.") => kind(FieldKind::Tel) || any(&|field| field.search),
        key if key.starts_with("slip") => kind(FieldKind::Email),
        "password.needs.upper" => needs(Need::Upper),
        "password.needs.lower" => needs(Need::Lower),
        "password.needs.digit" => needs(Need::Digit),
        "password.needs.special" => needs(Need::Special),
        "error.password" => any(&|field| !field.needs.is_empty()),
        key if key.starts_with("password.") => kind(FieldKind::Password),
        "captcha.title" | "captcha.checking" => captcha,
        "choose" => kind(FieldKind::Select) || kind(FieldKind::Country),
        "error.option" => {
            [FieldKind::Select, FieldKind::Country, FieldKind::Radio, FieldKind::Several, FieldKind::Checkbox].into_iter().any(kind)
        }
        "error.email" => kind(FieldKind::Email),
        "error.phone" => kind(FieldKind::Tel),
        "error.date" | "error.date_range" => kind(FieldKind::Date),
        "error.number" => kind(FieldKind::Number),
        "error.code" => kind(FieldKind::Code),
        "error.min_length" => any(&|field| field.min_length > 0),
        "error.too_young" => any(&|field| field.min_age.is_some()),
        // Named by the view itself, see `FieldView::messages`.
        "error.matches" => false,
        "error.range" => range(true, true),
        "error.range_min" => range(true, false),
        "error.range_max" => range(false, true),
        "optional" => any(&|field| !field.required),
        key => !OF_THE_SERVER.iter().any(|prefix| key.starts_with(prefix)),
    };
    // Of a rule's text, the wordings for the numbers that its fields have.
    let numbers = |key: &str| -> Option<BTreeSet<usize>> {
        match key {
            "error.too_long" => Some(fields.iter().map(|field| field.max_length).collect()),
            "error.min_length" => Some(fields.iter().map(|field| field.min_length).collect()),
            "error.too_young" => Some(fields.iter().filter_map(|field| field.min_age).map(usize::from).collect()),
            _ => None,
        }
    };
    let counts = |key: &str, whole: &str| {
        let says = |number| [whole, ".", category(locale, number)].concat();
        // A number of a category that has no wording is said in the one for the rest.
        let said = |number| Some(says(number)).filter(|key| texts.0.contains_key(key)).unwrap_or_else(|| format!("{whole}.other"));
        key == whole || numbers(whole).is_none_or(|numbers| numbers.into_iter().any(|number| said(number) == key))
    };
    let sent = texts.0.iter().filter(|(key, _)| needed(base(key)) && counts(key, base(key)));
    Texts(sent.map(|(key, text)| (key.clone(), text.clone())).collect())
}

#[cfg(test)]
mod tests;
