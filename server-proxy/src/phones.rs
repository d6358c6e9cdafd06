//! Telephone numbers, by what is known of every country's: which can be, and how they are written.

use std::sync::LazyLock;

use latchkey_contract::{PhoneAnswer, PhoneCountry, countries};
use phonenumber::{Mode, PhoneNumber, Type, country, metadata::DATABASE};

/// A number whose country is known.
pub(crate) struct Phone(PhoneNumber);

/// What numbers there are; only of these is it known how long they are.
const KINDS: [Type; 10] = [
    Type::FixedLine,
    Type::Mobile,
    Type::TollFree,
    Type::PremiumRate,
    Type::SharedCost,
    Type::PersonalNumber,
    Type::Voip,
    Type::Pager,
    Type::Uan,
    Type::Voicemail,
];

/// Why a number that names its country is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Impossible {
    /// It begins like no country's.
    Code,
    /// Its country's have another length.
    Length,
}

impl Phone {
    /// A normalised number: one that names its country, or one of that country. `None` for what is no number there.
    pub(crate) fn read(number: &str, country: Option<&str>) -> Option<Phone> {
        let country: Option<country::Id> = match country {
            Some(code) => Some(code.parse().ok()?),
            None => None,
        };
        let is_told = country.is_some() || number.starts_with('+');
        let parsed = phonenumber::parse(country, number).ok().filter(|_| is_told)?;
        DATABASE.region(&parsed.code().value()).map(|_| Phone(parsed))
    }

    /// A number that begins with a plus. Only what surely is none is refused: numbering plans change faster than what is known of
    /// them, and a visitor may not be lost to that.
    pub(crate) fn international(number: &str) -> Result<Phone, (Impossible, Option<Phone>)> {
        let phone = Phone::read(number, None).ok_or((Impossible::Code, None))?;
        if phone.is_possible() { Ok(phone) } else { Err((Impossible::Length, Some(phone))) }
    }

    /// Whether its country has numbers of that length.
    pub(crate) fn is_possible(&self) -> bool {
        let length = u16::try_from(self.0.national().to_string().len()).unwrap_or(u16::MAX);
        let plans = DATABASE.by_code(&self.0.code().value()).unwrap_or_default();
        plans
            .iter()
            .any(|plan| KINDS.iter().filter_map(|kind| plan.descriptors().get(*kind)).any(|kind| kind.possible_length().contains(&length)))
    }

    pub(crate) fn is_valid(&self) -> bool {
        self.0.is_valid()
    }

    /// `+49301234567`
    pub(crate) fn e164(&self) -> String {
        self.0.format().mode(Mode::E164).to_string()
    }

    /// ISO 3166-1 alpha-2. Of countries that share a code and cannot be told apart, the main one.
    pub(crate) fn country(&self) -> Option<String> {
        let main = || DATABASE.region(&self.0.code().value()).and_then(|regions| regions.first().map(|region| (*region).to_owned()));
        let told = self.0.country().id().map(|country| country.as_ref().to_owned());
        told.or_else(main).filter(|code| countries::is_code(code))
    }
}

/// What is known of a number that was typed, of that country where it names none.
pub(crate) fn answer(number: &str, country: Option<&str>) -> PhoneAnswer {
    let Some(phone) = typed(number, country).filter(Phone::is_possible) else { return PhoneAnswer::default() };
    PhoneAnswer {
        valid: phone.is_valid(),
        e164: Some(phone.e164()),
        national: Some(phone.0.format().mode(Mode::National).to_string()),
        country: phone.country(),
        message: None,
    }
}

/// The country of a number that was typed and is none of its.
pub(crate) fn impossible(number: &str, country: Option<&str>) -> Option<String> {
    typed(number, country).filter(|phone| !phone.is_possible())?.country()
}

fn typed(number: &str, country: Option<&str>) -> Option<Phone> {
    if number.starts_with('+') { Phone::read(number, None) } else { country.and_then(|code| Phone::read(number, Some(code))) }
}

static DIAL_CODES: LazyLock<Vec<PhoneCountry>> = LazyLock::new(|| {
    let dial = |code: &str| DATABASE.by_id(code).map(|plan| plan.country_code().to_string());
    countries::codes().filter_map(|code| Some(PhoneCountry { code: code.to_owned(), dial: dial(code)? })).collect()
});

/// Every country that has numbers.
pub(crate) fn dial_codes() -> &'static [PhoneCountry] {
    &DIAL_CODES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_known_by_its_country() {
        let known = |number, country| {
            let PhoneAnswer { valid, e164, national, country, message: _ } = answer(number, country);
            (valid, e164.unwrap_or_default(), national.unwrap_or_default(), country.unwrap_or_default())
        };
        let of = |valid, e164: &str, national: &str, country: &str| (valid, e164.to_owned(), national.to_owned(), country.to_owned());
        assert_eq!(known("+442079460958", None), of(true, "+442079460958", "020 7946 0958", "GB"));
        assert_eq!(known("02079460958", Some("GB")), of(true, "+442079460958", "020 7946 0958", "GB"));
        assert_eq!(known("+442079460958", Some("DE")), of(true, "+442079460958", "020 7946 0958", "GB"), "its own country counts");
        assert_eq!(known("030901820", Some("DE")), of(true, "+4930901820", "030 901820", "DE"));
        assert_eq!(known("+490301234567", None).1, "+49301234567", "as it is written with (0)");
        assert_eq!(known("0236618300", Some("IT")), of(true, "+390236618300", "02 3661 8300", "IT"), "whose zeros belong to it");
        for (number, country) in [("02079460958", None), ("+999123456789", None), ("+4412", None), ("12345678", Some("XX")), ("", None)] {
            assert_eq!(answer(number, country), PhoneAnswer::default(), "{number} {country:?}");
        }
    }

    #[test]
    fn a_number_that_cannot_be_is_told_with_its_country() {
        for (number, country, told) in [
            ("+44207946", None, Some("GB")),
            ("0207946", Some("GB"), Some("GB")),
            ("0207946", None, None),
            ("+442079460958", None, None),
            ("+999123456789", None, None),
            ("call me", Some("GB"), None),
        ] {
            assert_eq!(impossible(number, country).as_deref(), told, "{number} {country:?}");
        }
    }

    #[test]
    fn only_what_surely_is_no_number_is_refused() {
        for good in ["+442079460958", "+4930901820", "+15555550123", "+35725123456", "+390236618300", "+80012345678", "+97141234567"] {
            assert!(Phone::international(good).is_ok(), "{good}");
        }
        let wrong = |number| Phone::international(number).err().map(|(why, phone)| (why, phone.and_then(|phone| phone.country())));
        for no_code in ["+999123456", "+0301234567", "+2101234567"] {
            assert_eq!(wrong(no_code), Some((Impossible::Code, None)), "{no_code}");
        }
        assert_eq!(wrong("+44207946"), Some((Impossible::Length, Some("GB".to_owned()))));
        assert_eq!(wrong("+15555501234567"), Some((Impossible::Length, Some("US".to_owned()))));
    }

    #[test]
    fn every_country_that_has_numbers_has_a_dial_code() {
        let dial = |code: &str| dial_codes().iter().find(|known| known.code == code).map(|known| known.dial.as_str());
        assert_eq!(
            (dial("DE"), dial("GB"), dial("US"), dial("BS"), dial("IT")),
            (Some("49"), Some("44"), Some("1"), Some("1"), Some("39"))
        );
        assert_eq!(dial("AQ"), None, "nobody has a number of the Antarctic");
        assert!(dial_codes().len() > 230 && dial_codes().is_sorted_by(|a, b| a.code < b.code));
    }
}
