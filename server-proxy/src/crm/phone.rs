//! A phone number as `+441234567890`, taken apart for CRMs that want it so. The contract's rules have checked its form only.

use phonenumber::PhoneNumber;

/// A number's country calling code and the rest.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Split {
    /// Digits: `44`.
    pub(super) code: String,
    /// Digits: `1234567890`.
    pub(super) number: String,
    /// ISO 3166-1 alpha-2, where the number tells it.
    pub(super) country: Option<String>,
}

/// `None` for what is no international number.
pub(super) fn split(number: &str) -> Option<Split> {
    let parsed: PhoneNumber = phonenumber::parse(None, number).ok()?;
    // Where several countries share a calling code and the crate cannot tell which it is, the code's main country counts.
    // A code that is no country's (+800) has a "region" of digits.
    let main = || {
        let regions = phonenumber::metadata::DATABASE.region(&parsed.code().value())?;
        regions.first().filter(|region| region.bytes().all(|byte| byte.is_ascii_uppercase())).map(|region| (*region).to_owned())
    };
    Some(Split {
        code: parsed.code().value().to_string(),
        number: parsed.national().to_string(),
        country: parsed.country().id().map(|country| country.as_ref().to_owned()).or_else(main),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_taken_apart() {
        let parts = |number| split(number).map(|split| (split.code, split.number, split.country));
        let some = |code: &str, number: &str, country: &str| Some((code.to_owned(), number.to_owned(), Some(country.to_owned())));
        assert_eq!(parts("+442079460958"), some("44", "2079460958", "GB"));
        assert_eq!(parts("+49301234567"), some("49", "301234567", "DE"));
        assert_eq!(parts("+35725123456"), some("357", "25123456", "CY"));
        // Leading zeros belong to an Italian number.
        assert_eq!(parts("+390236618300"), some("39", "0236618300", "IT"));
        for no_number in ["", "12345", "+", "phone", "+0001"] {
            assert_eq!(split(no_number), None, "{no_number}");
        }
    }
}
