//! What a refusal's words are about, where a CRM's document names neither a code nor a member for it.

use super::Refused;

/// A field, and the words that name it.
pub(super) type Named = (&'static str, &'static [&'static str]);

/// The one field that the words name. "Email, phone and first name are required" names three, so it is about none of them.
/// Words that hold another field's come before it in `names`, and are taken out of the text: "additional phone" names no phone.
pub(super) fn refused(said: &str, names: &[Named]) -> Refused {
    let mut rest = said.to_lowercase();
    let mut is_named = |words: &[&str]| words.iter().filter(|words| take(&mut rest, words)).count() > 0;
    let named: Vec<_> = names.iter().filter(|(_, words)| is_named(words)).map(|(field, _)| *field).collect();
    match named[..] {
        [field] => Refused::Field(field.to_owned()),
        _ => Refused::Signup,
    }
}

/// The configuration's `duplicate_when`, as [`is_known_email`] takes it.
pub(super) fn lower(duplicate_when: &[String]) -> Vec<String> {
    duplicate_when.iter().map(|words| words.to_lowercase()).collect()
}

/// Whether one of the configuration's `duplicate_when`, in lower case, stands in what was said.
pub(super) fn is_known_email(said: &str, duplicate_when: &[String]) -> bool {
    let said = said.to_lowercase();
    duplicate_when.iter().any(|words| said.contains(words))
}

/// Takes the words out of the text wherever they stand by themselves: "smartphone" holds no phone. Whether they did.
fn take(text: &mut String, words: &str) -> bool {
    let alone = |start: usize| {
        let (before, after) = (&text[..start], &text[start + words.len()..]);
        !before.ends_with(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric)
    };
    let found: Vec<usize> = text.match_indices(words).map(|(start, _)| start).filter(|start| alone(*start)).collect();
    found.iter().rev().for_each(|start| text.replace_range(*start..start + words.len(), " "));
    !found.is_empty()
}
