//! Our sentences that hold a number or a name.

use latchkey_contract::{FunnelView, Texts};

use crate::browser::plural;

/// The text of that key, with values for the names in braces.
pub(super) fn fill(texts: &Texts, key: &str, values: &[(&str, &str)]) -> String {
    filled(texts.get(key), values)
}

/// The text of that key in the wording for that number, which stands for the name in braces.
pub(super) fn counted(view: &FunnelView, key: &str, name: &str, number: usize) -> String {
    let text = view.texts.counted(key, number, &|number| plural::category(&view.locale, number));
    filled(text, &[(name, &number.to_string())])
}

fn filled(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::new();
    // Every other part stands between braces.
    for (index, part) in text.split(['{', '}']).enumerate() {
        let value = values.iter().find(|value| index % 2 == 1 && value.0 == part);
        filled.push_str(value.map_or(part, |value| value.1));
    }
    filled
}

#[cfg(test)]
mod tests {
    use latchkey_contract::Texts;

    use super::fill;

    #[test]
    fn names_in_braces_are_filled_in_any_order() {
        let texts = Texts([("a".to_owned(), "{count} in all, {step} now, step".to_owned())].into());
        assert_eq!(fill(&texts, "a", &[("step", "1"), ("count", "3")]), "3 in all, 1 now, step");
        assert_eq!(fill(&texts, "b", &[]), "b", "a text that is missing shows its key");
    }
}
