//! Plural categories of numbers (CLDR's): in which wording a text with a number stands.

use icu_locale::Locale;
use icu_plurals::{PluralCategory, PluralRules, PluralRulesOptions};

/// Every category's name, as texts end in it.
pub(super) const CATEGORIES: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

/// The category of a number in that locale's language.
pub(crate) fn category(locale: &str, number: usize) -> &'static str {
    let rules = locale.parse::<Locale>().ok().and_then(|locale| PluralRules::try_new(locale.into(), PluralRulesOptions::default()).ok());
    match rules.map_or(PluralCategory::Other, |rules| rules.category_for(number)) {
        PluralCategory::Zero => "zero",
        PluralCategory::One => "one",
        PluralCategory::Two => "two",
        PluralCategory::Few => "few",
        PluralCategory::Many => "many",
        PluralCategory::Other => "other",
    }
}

/// The text's own key: `code.wait` of `code.wait.few`.
pub(super) fn base(key: &str) -> &str {
    key.rsplit_once('.').filter(|(_, last)| CATEGORIES.contains(last)).map_or(key, |(base, _)| base)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_counts_in_its_own_way() {
        let of = |locale: &str| [1, 2, 5, 11, 21, 100].map(|number| category(locale, number));
        assert_eq!(of("de-AT"), ["one", "other", "other", "other", "other", "other"]);
        assert_eq!(of("ru"), ["one", "few", "many", "many", "one", "many"]);
        assert_eq!(of("pl"), ["one", "few", "many", "many", "many", "many"]);
        assert_eq!(of("ar"), ["one", "two", "few", "many", "many", "other"]);
        assert_eq!(of("ja"), ["other"; 6]);
        assert_eq!(category("no language", 1), "other");
    }

    #[test]
    fn a_key_without_its_category() {
        assert_eq!(base("code.wait.few"), "code.wait");
        assert_eq!(base("code.wait"), "code.wait");
        assert_eq!(base("submit"), "submit");
    }
}
