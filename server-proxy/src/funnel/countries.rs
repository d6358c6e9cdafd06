//! Countries by their names in a language, in that language's order. Browsers know them too; what is rendered here needs no script.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

use icu_collator::{Collator, CollatorPreferences, options::CollatorOptions};
use icu_locale::{Locale, names::RegionDisplayName, subtags::Region};
use latchkey_contract::countries;

type Named = Arc<[(&'static str, String)]>;

/// By locale: those of the funnels, so not many.
static NAMED: LazyLock<Mutex<HashMap<String, Named>>> = LazyLock::new(Mutex::default);

/// Whose usual name says who rules them, and whose short one is what people look for.
const SHORT: [&str; 3] = ["HK", "MO", "PS"];

/// Those of the countries, by code and name.
pub(crate) fn named<'a>(codes: impl IntoIterator<Item = &'a str>, locale: &str) -> Vec<(&'static str, String)> {
    let wanted: Vec<_> = codes.into_iter().collect();
    all(locale).iter().filter(|(code, _)| wanted.contains(code)).cloned().collect()
}

fn all(locale: &str) -> Named {
    let mut named = NAMED.lock().unwrap_or_else(PoisonError::into_inner);
    named.entry(locale.to_owned()).or_insert_with(|| sorted(&locale.parse().unwrap_or(Locale::UNKNOWN))).clone()
}

fn sorted(locale: &Locale) -> Named {
    let mut named: Vec<_> = countries::codes().map(|code| (code, name(code, locale))).collect();
    if let Ok(collator) = Collator::try_new(CollatorPreferences::from(locale), CollatorOptions::default()) {
        named.sort_by(|(_, a), (_, b)| collator.compare(a, b));
    }
    named.into()
}

/// In English where the language has no name for it; the code where that has none either.
fn name(code: &str, locale: &Locale) -> String {
    let of = |locale: &Locale| {
        let region: Region = code.parse().ok()?;
        let name = match SHORT.contains(&code) {
            true => RegionDisplayName::try_new_short_light(locale.into(), region),
            false => RegionDisplayName::try_new_light(locale.into(), region),
        };
        name.ok().map(|name| name.to_string())
    };
    of(locale).or_else(|| of(&icu_locale::locale!("en"))).unwrap_or_else(|| code.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(codes: &[&'static str], locale: &str) -> Vec<String> {
        named(codes.iter().copied(), locale).into_iter().map(|(_, name)| name).collect()
    }

    #[test]
    fn in_each_languages_words_and_order() {
        let codes = ["AE", "AT", "CZ", "DE", "HK", "ZW"];
        assert_eq!(names(&codes, "en"), ["Austria", "Czechia", "Germany", "Hong Kong", "United Arab Emirates", "Zimbabwe"]);
        assert_eq!(
            names(&codes, "de-AT"),
            ["Deutschland", "Hongkong", "Österreich", "Simbabwe", "Tschechien", "Vereinigte Arabische Emirate"]
        );
        assert_eq!(names(&["AX", "DE", "TR"], "tr"), ["Åland Adaları", "Almanya", "Türkiye"]);
        assert_eq!(names(&["CN", "DE", "JP"], "zh"), ["德国", "日本", "中国"], "by sound, not by code point");
        assert_eq!(named(["DE", "AT"], "cs"), [("DE", "Německo".to_owned()), ("AT", "Rakousko".to_owned())]);
    }

    #[test]
    fn every_country_has_a_name_in_every_language_of_ours() {
        for locale in ["ar", "de", "en", "es", "fr", "it", "ja", "pl", "pt", "ru", "tr", "zh"] {
            let named = named(countries::codes(), locale);
            assert_eq!(named.len(), countries::codes().count(), "{locale}");
            assert!(named.iter().all(|(code, name)| code != name), "{locale}");
        }
    }

    #[test]
    fn what_is_no_language_is_answered_in_some() {
        assert_eq!(names(&["DE"], "no language"), ["Germany"]);
        assert!(names(&["XX"], "en").is_empty());
    }
}
