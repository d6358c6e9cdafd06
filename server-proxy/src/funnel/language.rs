//! Languages: our own texts in each, and which one a visitor reads.

use std::{collections::BTreeMap, sync::LazyLock};

use figment::{
    Figment,
    providers::{Format, Toml},
};
use latchkey_contract::{FieldKind, FieldView, StepView, Texts};

use crate::crm::Action;

/// Our texts by language. A language is added by a file here; a test holds the files against each other.
static BUILT_IN: LazyLock<BTreeMap<&'static str, Texts>> = LazyLock::new(|| {
    [("en", include_str!("texts/en.toml")), ("de", include_str!("texts/de.toml"))]
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
const OF_THE_SERVER: [&str; 7] = ["field.", "page.", "lead.", "register.", "error.known_email", "error.phone_country", "error.refused"];

/// All our texts in a locale's language, or in English.
pub(crate) fn built_in(locale: &str) -> &'static Texts {
    BUILT_IN.get(language(locale)).unwrap_or_else(|| &BUILT_IN[FALLBACK])
}

/// The same as a funnel with that action needs them: who leaves a lead, or waits for an approval, is promised no account.
pub(crate) fn built_in_for(action: Action, locale: &str) -> Texts {
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

/// The keys that a funnel may word anew.
pub(crate) fn is_text(key: &str) -> bool {
    BUILT_IN[FALLBACK].0.contains_key(key) && !key.starts_with("field.")
}

/// What the widget needs of a funnel's texts: those that its steps, or one of its fields, can lead to.
pub(crate) fn for_widget(texts: &Texts, steps: &[StepView]) -> Texts {
    let any = |is: fn(&FieldView) -> bool| steps.iter().flat_map(|step| &step.fields).any(is);
    let needed = |key: &str| match key {
        "options.within" => any(|field| field.lookup && field.within.is_some()),
        key if key.starts_with("options.") => any(|field| field.lookup),
        key if key.starts_with("code.") => any(|field| field.kind == FieldKind::Code),
        key if key.starts_with("step.") => steps.len() > 1,
        "choose" => any(|field| matches!(field.kind, FieldKind::Select | FieldKind::Country)),
        "error.option" => any(|field| {
            matches!(field.kind, FieldKind::Select | FieldKind::Radio | FieldKind::Several | FieldKind::Checkbox | FieldKind::Country)
        }),
        // Named by the view itself, see `FieldView::messages`.
        "error.matches" => false,
        "error.password" => any(|field| !field.needs.is_empty()),
        key if key.starts_with("error.min_length") => any(|field| field.min_length > 0),
        "error.range" => any(|field| field.min.is_some() && field.max.is_some()),
        "error.range_min" => any(|field| field.min.is_some() && field.max.is_none()),
        "error.range_max" => any(|field| field.min.is_none() && field.max.is_some()),
        "error.email" => any(|field| field.kind == FieldKind::Email),
        "error.phone" => any(|field| field.kind == FieldKind::Tel),
        "error.date" | "error.date_range" => any(|field| field.kind == FieldKind::Date),
        "error.number" => any(|field| field.kind == FieldKind::Number),
        "error.code" => any(|field| field.kind == FieldKind::Code),
        "error.too_young" => any(|field| field.min_age.is_some()),
        "optional" => any(|field| !field.required),
        key => !OF_THE_SERVER.iter().any(|prefix| key.starts_with(prefix)),
    };
    Texts(texts.0.iter().filter(|(key, _)| needed(key)).map(|(key, text)| (key.clone(), text.clone())).collect())
}

/// `de` of `de-AT`.
fn language(locale: &str) -> &str {
    locale.split('-').next().unwrap_or(locale)
}

/// Whether the language is written from right to left.
pub(crate) fn is_right_to_left(locale: &str) -> bool {
    matches!(language(locale), "ar" | "dv" | "fa" | "he" | "ps" | "sd" | "ug" | "ur" | "yi")
}

/// BCP 47 as far as a funnel needs it: `en`, `pt-BR`, `zh-Hant-TW`.
pub(crate) fn parse(text: &str) -> Result<String, String> {
    let mut parts = text.split('-');
    let language = parts.next().unwrap_or_default();
    let well_formed = (2..=3).contains(&language.len())
        && language.bytes().all(|byte| byte.is_ascii_lowercase())
        && parts.all(|part| (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    if well_formed { Ok(text.to_owned()) } else { Err(format!("\"{text}\" is no language tag such as \"en\" or \"pt-BR\"")) }
}

/// The funnel's locale that serves a wish best: the same, or one of the same language.
pub(crate) fn best<'a>(locales: &'a [String], wish: &str) -> Option<&'a String> {
    locales
        .iter()
        .find(|locale| locale.eq_ignore_ascii_case(wish))
        .or_else(|| locales.iter().find(|locale| language(locale).eq_ignore_ascii_case(language(wish))))
}

/// The wishes of an `Accept-Language` header (RFC 9110, 12.5.4), best first.
pub(crate) fn wishes(header: &str) -> Vec<&str> {
    let mut wishes: Vec<(f32, &str)> = header
        .split(',')
        .take(20)
        .filter_map(|part| {
            let (tag, parameters) = part.split_once(';').unwrap_or((part, ""));
            let quality = parameters.trim().strip_prefix("q=").map_or(Some(1.0), |quality| quality.parse().ok())?;
            (quality > 0.0).then_some((quality, tag.trim()))
        })
        .collect();
    wishes.sort_by(|a, b| b.0.total_cmp(&a.0));
    wishes.into_iter().map(|(_, tag)| tag).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_every_text_with_the_same_placeholders() {
        let placeholders = |text: &str| -> Vec<String> {
            let mut found: Vec<_> =
                text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name.to_owned()).collect();
            found.sort();
            found
        };
        for (language, texts) in BUILT_IN.iter() {
            assert_eq!(texts.0.keys().collect::<Vec<_>>(), BUILT_IN[FALLBACK].0.keys().collect::<Vec<_>>(), "{language}");
            for (key, text) in &texts.0 {
                assert_eq!(placeholders(text), placeholders(&BUILT_IN[FALLBACK].0[key]), "{language}: {key}");
            }
        }
    }

    #[test]
    fn the_widget_is_sent_a_text_for_every_rule_that_its_fields_have() {
        use latchkey_contract::rules::Violation;
        let field = |kind, min_age| FieldView { kind, required: true, min_age, ..FieldView::default() };
        let sent = |fields: &[FieldView], violation: Violation| {
            let step = StepView { fields: fields.to_vec(), ..StepView::default() };
            let texts = for_widget(built_in("en"), &[step]);
            assert!(!texts.0.keys().any(|key| key.starts_with("field.") || key.starts_with("page.")));
            texts.0.contains_key(&format!("error.{}", violation.code()))
        };
        let always = [Violation::Required, Violation::TooLong, Violation::Characters];
        let kinds = [
            (FieldKind::Text, None, vec![]),
            (FieldKind::Email, None, vec![Violation::Email]),
            (FieldKind::Tel, None, vec![Violation::Phone]),
            (FieldKind::Date, None, vec![Violation::Date, Violation::DateRange]),
            (FieldKind::Date, Some(18), vec![Violation::Date, Violation::DateRange, Violation::TooYoung]),
            (FieldKind::Number, None, vec![Violation::Number]),
            (FieldKind::Checkbox, None, vec![]),
            (FieldKind::Code, None, vec![Violation::Code]),
            (FieldKind::Select, None, vec![Violation::Option]),
            (FieldKind::Country, None, vec![Violation::Option]),
        ];
        for (kind, min_age, own) in kinds {
            let fields = [field(kind, min_age)];
            assert!(always.iter().chain(&own).all(|violation| sent(&fields, *violation)), "{kind:?}");
            assert_eq!(sent(&fields, Violation::TooYoung), min_age.is_some(), "{kind:?}");
        }
    }

    #[test]
    fn the_widget_is_sent_the_words_for_what_its_funnel_has() {
        let with = |groups: &[&str], steps: &[Vec<FieldView>]| {
            let steps: Vec<_> = steps.iter().map(|fields| StepView { fields: fields.clone(), ..StepView::default() }).collect();
            let texts = for_widget(built_in("en"), &steps);
            for group in ["step.", "code.", "options."] {
                let count = |texts: &Texts| texts.0.keys().filter(|key| key.starts_with(group) && *key != "options.within").count();
                let expected = if groups.contains(&group) { count(built_in("en")) } else { 0 };
                assert_eq!(count(&texts), expected, "{group} of {steps:?}");
            }
            assert_eq!(texts.0.contains_key("options.within"), groups.contains(&"within"), "{steps:?}");
        };
        let code = FieldView { kind: FieldKind::Code, ..FieldView::default() };
        let country = FieldView { kind: FieldKind::Country, lookup: true, ..FieldView::default() };
        let state = FieldView { kind: FieldKind::Select, lookup: true, within: Some("country".to_owned()), ..FieldView::default() };
        with(&[], &[vec![FieldView::default()]]);
        with(&["step."], &[vec![], vec![]]);
        with(&["code."], &[vec![code.clone()]]);
        with(&["options."], &[vec![country.clone()]]);
        with(&["step.", "code.", "options.", "within"], &[vec![country, state], vec![code]]);
    }

    #[test]
    fn a_browsers_wishes_in_its_order() {
        assert_eq!(wishes("de-AT, en;q=0.5, fr;q=0.9, xx;q=0, yy;q=z"), ["de-AT", "fr", "en"]);
        let locales = ["en".to_owned(), "de".to_owned()];
        assert_eq!(best(&locales, "de-AT").map(String::as_str), Some("de"));
        assert_eq!(best(&locales, "fr"), None);
    }
}
