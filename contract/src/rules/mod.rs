//! The rules of every field, checked in the browser when a field is left and on the server before a signup is kept.

mod date;
mod email;
mod number;
mod password;
mod phone;

pub use date::Date;

use std::cmp::Ordering;

use crate::{FieldKind, FieldView, Need, countries};

/// What is wrong with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Violation {
    /// Empty, and it may not be.
    Required,
    /// More characters than the field's `maxLength`.
    TooLong,
    /// Fewer characters than the field's `minLength`.
    TooShort,
    /// A control character, or half of a character.
    Characters,
    Email,
    Phone,
    /// Not a number of the country that its beginning names. Only the proxy knows.
    PhoneCountry,
    /// Not a date of the calendar.
    Date,
    /// A date that lies ahead, or before 1900.
    DateRange,
    /// Younger than the field's `minAge`.
    TooYoung,
    /// Not one of the field's options.
    Option,
    Number,
    /// Less than the field's `min`, which has no `max`.
    RangeMin,
    /// More than the field's `max`, which has no `min`.
    RangeMax,
    /// Not between the field's `min` and `max`.
    Range,
    /// Not the same as the field that it has to match.
    Matches,
    /// A password that lacks one of the field's `needs`.
    Password,
    /// Not a code's letters and digits.
    Code,
}

impl Violation {
    pub const ALL: [Violation; 18] = [
        Violation::Required,
        Violation::TooLong,
        Violation::TooShort,
        Violation::Characters,
        Violation::Email,
        Violation::Phone,
        Violation::PhoneCountry,
        Violation::Date,
        Violation::DateRange,
        Violation::TooYoung,
        Violation::Option,
        Violation::Number,
        Violation::RangeMin,
        Violation::RangeMax,
        Violation::Range,
        Violation::Matches,
        Violation::Password,
        Violation::Code,
    ];

    /// The name that errors carry over HTTP and that texts are found by (`error.<code>`).
    pub fn code(self) -> &'static str {
        match self {
            Violation::Required => "required",
            Violation::TooLong => "too_long",
            Violation::TooShort => "min_length",
            Violation::Characters => "characters",
            Violation::Email => "email",
            Violation::Phone => "phone",
            Violation::PhoneCountry => "phone_country",
            Violation::Date => "date",
            Violation::DateRange => "date_range",
            Violation::TooYoung => "too_young",
            Violation::Option => "option",
            Violation::Number => "number",
            Violation::RangeMin => "range_min",
            Violation::RangeMax => "range_max",
            Violation::Range => "range",
            Violation::Matches => "matches",
            Violation::Password => "password",
            Violation::Code => "code",
        }
    }
}

/// The value as it is checked, kept and sent: without surrounding white space, a phone number without its punctuation, and a
/// password as it is.
pub fn normalise(kind: FieldKind, value: &str) -> String {
    if kind == FieldKind::Password {
        return value.to_owned();
    }
    let value = value.trim();
    match kind {
        // What stood behind the punctuation that was taken out goes too.
        FieldKind::Tel => phone::normalise(value).trim().to_owned(),
        // Codes are copied as they are shown: "123 456", "123-456".
        FieldKind::Code => value.chars().filter(|c| !c.is_whitespace() && *c != '-').collect(),
        _ => value.to_owned(),
    }
}

/// Checks a normalised value. `other`: what the field holds that this one has to match, normalised too; nothing counts where it has
/// none. `today` is the checker's own date: the rules have no clock.
pub fn check(field: &FieldView, value: &str, other: &str, today: Date) -> Result<(), Violation> {
    let is_match = field.matches.is_none() || is_same(field.kind, value, other);
    if value.is_empty() {
        return match is_match {
            _ if field.required => Err(Violation::Required),
            true => Ok(()),
            false => Err(Violation::Matches),
        };
    }
    let length = value.chars().count();
    if length > field.max_length {
        return Err(Violation::TooLong);
    }
    let allowed = |c: char| field.kind == FieldKind::Area && matches!(c, '\n' | '\r' | '\t');
    if value.chars().any(|c| is_forbidden(c) && !allowed(c)) {
        return Err(Violation::Characters);
    }
    if length < field.min_length {
        return Err(Violation::TooShort);
    }
    of_kind(field, value, today)?;
    if is_match { Ok(()) } else { Err(Violation::Matches) }
}

fn of_kind(field: &FieldView, value: &str, today: Date) -> Result<(), Violation> {
    match field.kind {
        FieldKind::Text | FieldKind::Area => Ok(()),
        FieldKind::Number if number::is_number(value) => range(field, |bound| number::compare(value, bound)),
        FieldKind::Number => Err(Violation::Number),
        FieldKind::Checkbox if value == "true" => Ok(()),
        FieldKind::Checkbox => Err(Violation::Option),
        FieldKind::Code if value.bytes().all(|byte| byte.is_ascii_alphanumeric()) => Ok(()),
        FieldKind::Code => Err(Violation::Code),
        FieldKind::Password if field.needs.iter().all(|need| password::has(*need, value)) => Ok(()),
        FieldKind::Password => Err(Violation::Password),
        FieldKind::Hidden if field.options.is_empty() => Ok(()),
        // Which values there are is the proxy's to know: it looks them up as the widget did.
        FieldKind::Select | FieldKind::Country if field.lookup => Ok(()),
        FieldKind::Email => email::check(value),
        FieldKind::Tel => phone::check(value),
        FieldKind::Date => date::check(field, value, today),
        FieldKind::Country if field.options.is_empty() && countries::is_code(value) => Ok(()),
        FieldKind::Several if value.split(',').all(|one| is_option(field, one)) => Ok(()),
        FieldKind::Select | FieldKind::Radio | FieldKind::Country | FieldKind::Hidden if is_option(field, value) => Ok(()),
        FieldKind::Select | FieldKind::Radio | FieldKind::Country | FieldKind::Hidden | FieldKind::Several => Err(Violation::Option),
    }
}

/// Whether a value lies within the field's bounds, as far as it has any.
fn range(field: &FieldView, compare: impl Fn(&str) -> Ordering) -> Result<(), Violation> {
    let is_less = field.min.as_deref().is_some_and(|min| compare(min).is_lt());
    let is_more = field.max.as_deref().is_some_and(|max| compare(max).is_gt());
    match (is_less || is_more, &field.min, &field.max) {
        (false, ..) => Ok(()),
        (true, Some(_), Some(_)) => Err(Violation::Range),
        (true, Some(_), None) => Err(Violation::RangeMin),
        (true, None, _) => Err(Violation::RangeMax),
    }
}

/// Telephones begin an e-mail address with a capital letter as they please.
fn is_same(kind: FieldKind, value: &str, other: &str) -> bool {
    if kind == FieldKind::Email { value.eq_ignore_ascii_case(other) } else { value == other }
}

fn is_option(field: &FieldView, value: &str) -> bool {
    field.options.iter().any(|option| option.value == value)
}

/// Whether a password holds what a field [`needs`](FieldView::needs), so that a form can tell while it is typed.
pub fn has(need: Need, password: &str) -> bool {
    password::has(need, password)
}

/// Whether that is a number, and [`compare`](Ordering) of two of them: for what configures their bounds.
pub fn compare_numbers(one: &str, other: &str) -> Option<Ordering> {
    (number::is_number(one) && number::is_number(other)).then(|| number::compare(one, other))
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
