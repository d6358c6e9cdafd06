//! What a refusal's words are about, where a CRM's document names neither a code nor a member for it.

use super::{Outcome, Refusal, Refused, Registration, Trouble, password::PASSWORD};

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

/// What a refusal is about: a known e-mail, unless its words name another field ("Phone number already exists").
pub(super) fn refusal(said: &str, names: &[Named], duplicate_when: &[String]) -> Refused {
    match refused(said, names) {
        Refused::Field(field) if field != "email" => Refused::Field(field),
        _ if is_known_email(said, duplicate_when) => Refused::KnownEmail,
        other => other,
    }
}

/// Members that only we set, beside those of `[routing]`; a password that the visitor did not choose.
const OURS: [&str; 6] = ["affiliateid", "affiliate_id", "externalid", PASSWORD, "utmdetails", "wtreferrer"];

/// A refusal of what only the configuration sets is no visitor's fault, and would be every visitor's.
pub(super) fn unless_ours(outcome: Outcome, registration: &Registration) -> Outcome {
    let Outcome::Refused(Refusal { what: Refused::Signup, detail, status }) = outcome else { return outcome };
    let mut said = detail.to_lowercase();
    if registration.fields.contains_key(PASSWORD) && take(&mut said, PASSWORD) {
        return Outcome::Refused(Refusal { what: Refused::Field(PASSWORD.to_owned()), detail, status });
    }
    let routing = registration.routing.keys().map(|name| name.to_lowercase());
    if routing.chain(OURS.map(str::to_owned)).any(|name| take(&mut said, &name)) {
        return Outcome::Misconfigured(Trouble::of(status, format!("the CRM refuses what the configuration sets: {detail}")));
    }
    Outcome::Refused(Refusal { what: Refused::Signup, detail, status })
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::crm::Action;

    fn outcome(said: &str) -> Outcome {
        let routing = serde_json::json!({ "desk": "sales" });
        let registration = Registration {
            id: uuid::Uuid::nil(),
            action: Action::Signup,
            fields: BTreeMap::new(),
            routing: routing.as_object().cloned().expect("a table"),
            finish: serde_json::Map::new(),
            tracking: BTreeMap::new(),
            affiliate: None,
            buckets: Vec::new(),
            credential: None,
            agreements: Vec::new(),
            locale: "en".to_owned(),
        };
        let refusal = Refusal { what: Refused::Signup, detail: said.to_owned(), status: 400 };
        unless_ours(Outcome::Refused(refusal), &registration)
    }

    #[test]
    fn what_the_configuration_sets_is_no_visitors_fault() {
        for ours in ["Desk not found", "affiliateID is unknown", "invalid value for 'desk'"] {
            assert!(matches!(outcome(ours), Outcome::Misconfigured(_)), "{ours}");
        }
        // "manager" is not sent here, and a "desktop" is no desk.
        for theirs in ["No", "manager is missing", "open it on a desktop"] {
            assert!(matches!(outcome(theirs), Outcome::Refused(_)), "{theirs}");
        }
    }

    #[test]
    fn another_field_that_is_known_is_no_known_e_mail() {
        let names: [Named; 2] = [("email", &["email"]), ("phone", &["phone"])];
        let known = ["already exists".to_owned()];
        assert_eq!(refusal("Email already exists", &names, &known), Refused::KnownEmail);
        assert_eq!(refusal("It already exists", &names, &known), Refused::KnownEmail);
        assert_eq!(refusal("Phone already exists", &names, &known), Refused::Field("phone".to_owned()));
        assert_eq!(refusal("Email is not valid", &names, &known), Refused::Field("email".to_owned()));
    }
}
