//! What the proxy knows of telephone numbers, and no widget carries: `GET /api/v1/funnels/{funnel}/phones?number=&country=&locale=`.

use serde::{Deserialize, Serialize};

/// The answer for a number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhoneAnswer {
    /// Whether there are such numbers in its country.
    pub valid: bool,
    /// As the CRM is sent it: `+49301234567`. Absent where nothing tells the number's country.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub e164: Option<String>,
    /// As people of its country write it: `030 1234567`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub national: Option<String>,
    /// ISO 3166-1 alpha-2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// What a signup with it would be refused with, in the visitor's language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// The answer where no number is named: every country's dial code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhoneCountries {
    /// In the order of their codes.
    pub countries: Vec<PhoneCountry>,
}

/// A country and what its numbers begin with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhoneCountry {
    /// ISO 3166-1 alpha-2.
    pub code: String,
    /// Digits: `49`.
    pub dial: String,
}
