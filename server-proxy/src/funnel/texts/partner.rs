//! What the elements on a portal's page say, in every language.

use std::{collections::BTreeMap, sync::LazyLock};

use figment::{
    Figment,
    providers::{Format, Toml},
};
use latchkey_contract::Texts;

use super::FALLBACK;
use crate::funnel::language::{language, parse};

/// A language is added by a file here; a test holds the files against each other.
const FILES: [(&str, &str); 12] = [
    ("ar", include_str!("partner/ar.toml")),
    ("de", include_str!("partner/de.toml")),
    ("en", include_str!("partner/en.toml")),
    ("es", include_str!("partner/es.toml")),
    ("fr", include_str!("partner/fr.toml")),
    ("it", include_str!("partner/it.toml")),
    ("ja", include_str!("partner/ja.toml")),
    ("pl", include_str!("partner/pl.toml")),
    ("pt", include_str!("partner/pt.toml")),
    ("ru", include_str!("partner/ru.toml")),
    ("tr", include_str!("partner/tr.toml")),
    ("zh", include_str!("partner/zh.toml")),
];

pub(super) static TEXTS: LazyLock<BTreeMap<&'static str, Texts>> = LazyLock::new(|| {
    // Compiled in, and read by a test.
    FILES.into_iter().map(|(language, file)| (language, Figment::from(Toml::string(file)).extract().expect("a table of texts"))).collect()
});

/// The first wish whose language we have, as it was wished: numbers and dates go by its country too. English where there is none.
pub(crate) fn best<'a>(wishes: impl Iterator<Item = &'a str>) -> (String, &'static Texts) {
    let known = |wish: &str| TEXTS.get(language(wish).to_ascii_lowercase().as_str()).map(|texts| (wish.to_owned(), texts));
    let mut found = wishes.filter(|wish| parse(wish).is_ok()).filter_map(known);
    found.next().unwrap_or_else(|| (FALLBACK.to_owned(), &TEXTS[FALLBACK]))
}
