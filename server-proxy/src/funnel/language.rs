//! Languages: which one a visitor reads, and what is known of it.

/// `de` of `de-AT`.
pub(super) fn language(locale: &str) -> &str {
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
    fn a_browsers_wishes_in_its_order() {
        assert_eq!(wishes("de-AT, en;q=0.5, fr;q=0.9, xx;q=0, yy;q=z"), ["de-AT", "fr", "en"]);
        let locales = ["en".to_owned(), "de".to_owned()];
        assert_eq!(best(&locales, "de-AT").map(String::as_str), Some("de"));
        assert_eq!(best(&locales, "fr"), None);
    }
}
