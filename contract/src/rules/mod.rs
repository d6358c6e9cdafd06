//! The rules of every field, checked in the browser when a field is left and on the server before a signup is kept.

mod date;
mod email;
mod phone;

pub use date::Date;

use crate::{FieldKind, FieldView, countries};

/// What is wrong with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Violation {
    /// Empty, and it may not be.
    Required,
    /// More characters than the field's `maxLength`.
    TooLong,
    /// A control character, or half of a character.
    Characters,
    Email,
    Phone,
    /// Not a date of the calendar.
    Date,
    /// A date that lies ahead, or before 1900.
    DateRange,
    /// Younger than the field's `minAge`.
    TooYoung,
    /// Not one of the field's options.
    Option,
    Number,
    /// Not a code's letters and digits.
    Code,
}

impl Violation {
    /// The name that errors carry over HTTP and that texts are found by (`error.<code>`).
    pub fn code(self) -> &'static str {
        match self {
            Violation::Required => "required",
            Violation::TooLong => "too_long",
            Violation::Characters => "characters",
            Violation::Email => "email",
            Violation::Phone => "phone",
            Violation::Date => "date",
            Violation::DateRange => "date_range",
            Violation::TooYoung => "too_young",
            Violation::Option => "option",
            Violation::Number => "number",
            Violation::Code => "code",
        }
    }
}

/// The value as it is checked, kept and sent: without surrounding white space, a phone number without its punctuation.
pub fn normalise(kind: FieldKind, value: &str) -> String {
    let value = value.trim();
    match kind {
        FieldKind::Tel => phone::normalise(value),
        // Codes are copied as they are shown: "123 456", "123-456".
        FieldKind::Code => value.chars().filter(|c| !c.is_whitespace() && *c != '-').collect(),
        _ => value.to_owned(),
    }
}

/// Checks a normalised value. `today` is the checker's own date: the rules have no clock.
pub fn check(field: &FieldView, value: &str, today: Date) -> Result<(), Violation> {
    if value.is_empty() {
        return if field.required { Err(Violation::Required) } else { Ok(()) };
    }
    if value.chars().count() > field.max_length {
        return Err(Violation::TooLong);
    }
    let allowed = |c: char| field.kind == FieldKind::Area && matches!(c, '\n' | '\r' | '\t');
    if value.chars().any(|c| is_forbidden(c) && !allowed(c)) {
        return Err(Violation::Characters);
    }
    match field.kind {
        FieldKind::Text | FieldKind::Area | FieldKind::Password | FieldKind::Hidden => Ok(()),
        FieldKind::Number if is_number(value) => Ok(()),
        FieldKind::Number => Err(Violation::Number),
        FieldKind::Checkbox if value == "true" => Ok(()),
        FieldKind::Checkbox => Err(Violation::Option),
        FieldKind::Code if value.bytes().all(|byte| byte.is_ascii_alphanumeric()) => Ok(()),
        FieldKind::Code => Err(Violation::Code),
        // Which values there are is the proxy's to know: it looks them up as the widget did.
        FieldKind::Select | FieldKind::Country if field.lookup => Ok(()),
        FieldKind::Email => email::check(value),
        FieldKind::Tel => phone::check(value),
        FieldKind::Date => date::check(value, field.min_age, today),
        FieldKind::Country if field.options.is_empty() && countries::is_code(value) => Ok(()),
        FieldKind::Several if value.split(',').all(|one| is_option(field, one)) => Ok(()),
        FieldKind::Several => Err(Violation::Option),
        FieldKind::Select | FieldKind::Radio | FieldKind::Country if is_option(field, value) => Ok(()),
        FieldKind::Select | FieldKind::Radio | FieldKind::Country => Err(Violation::Option),
    }
}

fn is_option(field: &FieldView, value: &str) -> bool {
    field.options.iter().any(|option| option.value == value)
}

/// `-12.5`: a sign, digits, a dot with digits behind it.
fn is_number(value: &str) -> bool {
    let value = value.strip_prefix('-').unwrap_or(value);
    let (whole, fraction) = value.split_once('.').unwrap_or((value, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole) && digits(fraction)
}

/// Whether an address can be an e-mail address that a public sign-up takes; see [`check`] for a whole field.
pub fn is_email(value: &str) -> bool {
    email::check(value).is_ok()
}

/// C0 and C1 controls, the line and paragraph separators, the byte order mark, and the marks that make text read in
/// another order than it is stored (as in "Trojan Source").
pub fn is_forbidden(c: char) -> bool {
    matches!(c, '\0'..='\x1f' | '\x7f'..='\u{9f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{fffd}')
}

#[cfg(test)]
mod tests;
