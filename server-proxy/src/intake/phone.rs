//! Telephone numbers on their way in: those that are too long or too short for their country are refused, and those whose country is known are kept as CRMs take
//! them, `+49301234567`.

use latchkey_contract::rules::Violation;

use crate::{
    funnel::{Language, countries},
    phones::{Impossible, Phone},
};

/// The number as it is kept, or what is wrong with it and of which country.
///
/// One that names no country is never refused: it may be another country's than the visitor's own. It is kept as it was typed where
/// it is of none of `homes`, the likeliest first.
pub(super) fn checked(number: String, homes: &[String]) -> Result<String, (Violation, Option<String>)> {
    if number.starts_with('+') {
        return match Phone::international(&number) {
            Ok(phone) => Ok(phone.e164()),
            Err((Impossible::Length, phone)) => Err((Violation::PhoneCountry, phone.and_then(|phone| phone.country()))),
            // A CRM's own document has such a number as its example: it is the CRM's to refuse.
            Err((Impossible::Code, _)) => Ok(number),
        };
    }
    let at_home = homes.iter().filter_map(|home| Phone::read(&number, Some(home))).find(Phone::is_valid);
    Ok(at_home.map_or(number, |phone| phone.e164()))
}

/// What is said of a number that is none of its country.
pub(crate) fn message(language: &Language, country: &str) -> String {
    let named = countries::named([country], &language.view.locale);
    let name = named.first().map_or(country, |(_, name)| name.as_str());
    language.texts.fill(Violation::PhoneCountry.code(), |_| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(number: &str, homes: &[&str]) -> Result<String, (Violation, Option<String>)> {
        checked(number.to_owned(), &homes.iter().map(|home| (*home).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn a_number_is_kept_as_crms_take_it_where_its_country_is_known() {
        for (number, homes, expected) in [
            ("+442079460958", &[][..], "+442079460958"),
            ("+490301234567", &["GB"], "+49301234567"),
            ("02079460958", &["GB"], "+442079460958"),
            ("030901820", &["GB", "DE"], "+4930901820"),
            ("02079460958", &[], "02079460958"),
            ("1234567", &["GB"], "1234567"),
            ("+999123456789", &["DE"], "+999123456789"),
        ] {
            assert_eq!(kept(number, homes).as_deref(), Ok(expected), "{number} {homes:?}");
        }
    }

    #[test]
    fn what_is_no_number_is_refused() {
        assert_eq!(kept("+44207946", &["DE"]), Err((Violation::PhoneCountry, Some("GB".to_owned()))));
    }
}
