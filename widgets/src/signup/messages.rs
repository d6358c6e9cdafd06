//! Sentences about what is wrong, from the funnel's texts.
//!
//! The same as [`Texts::violation`] and [`Texts::error`] make, without `str::replace`: its search for any pattern costs
//! a visitor 4 KB.

use latchkey_contract::{FieldView, Texts, rules::Violation};

pub(super) fn violation(texts: &Texts, field: &FieldView, violation: Violation) -> String {
    fill(texts, violation.code(), |name| match name {
        "label" => field.label.clone(),
        "max" => field.max_length.to_string(),
        _ => field.min_age.unwrap_or_default().to_string(),
    })
}

pub(super) fn error(texts: &Texts, code: &str, label: &str) -> String {
    fill(texts, code, |_| label.to_owned())
}

/// The text of that error, with values for the names in braces.
fn fill(texts: &Texts, code: &str, value: impl Fn(&str) -> String) -> String {
    let mut message = String::new();
    // Every other part stands between braces.
    for (index, part) in texts.get(&["error.", code].concat()).split(['{', '}']).enumerate() {
        if index % 2 == 0 {
            message.push_str(part);
        } else {
            message.push_str(&value(part));
        }
    }
    message
}

#[cfg(test)]
mod tests {
    use latchkey_contract::Texts;

    #[test]
    fn the_same_sentence_as_the_contract_makes() {
        for text in ["{label} is needed.", "Needed: {label}", "{label}", "Something is wrong.", ""] {
            let texts = Texts([("error.required".to_owned(), text.to_owned())].into());
            assert_eq!(super::error(&texts, "required", "E-mail"), texts.error("required", "E-mail"));
        }
    }
}
