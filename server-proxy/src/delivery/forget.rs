//! What a visitor sent and is not kept any longer, as an attempt ends.

use std::collections::BTreeMap;

use crate::{
    funnel::Funnel,
    store::{Conclusion, Content, State},
};

/// Passwords go as soon as they are delivered, or nobody wants them; and no CRM's words repeat one.
pub(super) fn without_passwords(content: Option<&Content>, mut conclusion: Conclusion) -> Conclusion {
    let Some(content) = content.filter(|content| !content.passwords.is_empty()) else { return conclusion };
    for password in content.passwords.values() {
        conclusion.detail = conclusion.detail.map(|detail| detail.replace(password.as_str(), "[the password]"));
    }
    if matches!(conclusion.state, State::Registered | State::Rejected) {
        let content = conclusion.content.take().unwrap_or_else(|| content.clone());
        conclusion.content = Some(Content { passwords: BTreeMap::new(), ..content });
    }
    conclusion
}

/// One-time codes go as soon as they have been used; `None` where there is none.
pub(super) fn without_codes(funnel: &Funnel, mut content: Content) -> Option<Content> {
    let before = content.fields.len();
    content.fields.retain(|name, _| !funnel.is_code(name));
    (content.fields.len() < before).then_some(content)
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::*;

    fn content(passwords: &[&str]) -> Content {
        Content {
            fields: BTreeMap::from([("email".to_owned(), "jane@mail.example".to_owned())]),
            passwords: passwords.iter().map(|password| ("password".to_owned(), (*password).to_owned())).collect(),
            agreements: Vec::new(),
            tracking: BTreeMap::new(),
            locale: "en".to_owned(),
            ip: IpAddr::from([203, 0, 113, 9]),
            address: None,
        }
    }

    #[test]
    fn a_password_is_kept_until_it_is_delivered() {
        for (state, goes) in [(State::Received, false), (State::Parked, false), (State::Registered, true), (State::Rejected, true)] {
            let kept = without_passwords(Some(&content(&["made up"])), Conclusion { state, ..Conclusion::default() }).content;
            assert_eq!(kept.as_ref().map(|kept| kept.passwords.is_empty()), goes.then_some(true), "{state:?}");
            assert!(kept.is_none_or(|kept| kept.fields.len() == 1), "the rest stays");
            let none = without_passwords(Some(&content(&[])), Conclusion { state, ..Conclusion::default() });
            assert!(none.content.is_none(), "nothing is to be written anew");
        }
    }

    #[test]
    fn a_password_goes_beside_a_code_that_goes() {
        let without_codes = Content { fields: BTreeMap::new(), ..content(&["made up"]) };
        let conclusion = Conclusion { state: State::Registered, content: Some(without_codes), ..Conclusion::default() };
        let kept = without_passwords(Some(&content(&["made up"])), conclusion).content.expect("anew");
        assert!(kept.fields.is_empty() && kept.passwords.is_empty());
    }

    #[test]
    fn no_words_of_a_crm_repeat_it() {
        let conclusion = Conclusion { detail: Some("\"made up\" is too short: made up".to_owned()), ..Conclusion::default() };
        let detail = without_passwords(Some(&content(&["made up"])), conclusion).detail;
        assert_eq!(detail.as_deref(), Some("\"[the password]\" is too short: [the password]"));
    }
}
