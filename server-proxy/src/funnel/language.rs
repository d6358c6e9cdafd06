//! Languages: our own texts in each, and which one a visitor reads.

use std::{collections::BTreeMap, sync::LazyLock};

use figment::{
    Figment,
    providers::{Format, Toml},
};
use latchkey_contract::Texts;

/// Our texts by language. A language is added by a file here; a test holds the files against each other.
static BUILT_IN: LazyLock<BTreeMap<&'static str, BTreeMap<String, String>>> = LazyLock::new(|| {
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
const OF_THE_SERVER: [&str; 4] = ["field.", "page.", "error.known_email", "error.refused"];

/// All our texts in a locale's language, or in English.
pub(crate) fn built_in(locale: &str) -> &'static BTreeMap<String, String> {
    BUILT_IN.get(language(locale)).unwrap_or_else(|| &BUILT_IN[FALLBACK])
}

/// Whether our own texts exist in that locale's language.
pub(crate) fn is_built_in(locale: &str) -> bool {
    BUILT_IN.contains_key(language(locale))
}

/// The keys that a funnel may word anew.
pub(crate) fn is_text(key: &str) -> bool {
    BUILT_IN[FALLBACK].contains_key(key) && !key.starts_with("field.")
}

/// What the widget needs of a funnel's texts.
pub(crate) fn for_widget(texts: &BTreeMap<String, String>) -> Texts {
    Texts(
        texts
            .iter()
            .filter(|(key, _)| !OF_THE_SERVER.iter().any(|prefix| key.starts_with(prefix)))
            .map(|(key, text)| (key.clone(), text.clone()))
            .collect(),
    )
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
            assert_eq!(texts.keys().collect::<Vec<_>>(), BUILT_IN[FALLBACK].keys().collect::<Vec<_>>(), "{language}");
            for (key, text) in texts {
                assert_eq!(placeholders(text), placeholders(&BUILT_IN[FALLBACK][key]), "{language}: {key}");
            }
        }
    }

    #[test]
    fn the_widget_is_sent_a_text_for_every_rule() {
        use latchkey_contract::rules::Violation;
        let texts = for_widget(built_in("en"));
        for violation in [
            Violation::Required,
            Violation::TooLong,
            Violation::Characters,
            Violation::Email,
            Violation::Phone,
            Violation::Date,
            Violation::DateRange,
            Violation::TooYoung,
            Violation::Option,
        ] {
            assert!(texts.0.contains_key(&format!("error.{}", violation.code())), "{violation:?}");
        }
        assert!(!texts.0.keys().any(|key| key.starts_with("field.")));
    }

    #[test]
    fn a_browsers_wishes_in_its_order() {
        assert_eq!(wishes("de-AT, en;q=0.5, fr;q=0.9, xx;q=0, yy;q=z"), ["de-AT", "fr", "en"]);
        let locales = ["en".to_owned(), "de".to_owned()];
        assert_eq!(best(&locales, "de-AT").map(String::as_str), Some("de"));
        assert_eq!(best(&locales, "fr"), None);
    }
}
