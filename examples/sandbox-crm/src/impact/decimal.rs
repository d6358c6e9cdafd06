//! Money and volumes: decimal text, such as `-12.50`. It is kept as it came; nothing here calculates.

use serde::{Deserialize, Serialize};

use crate::shapes::is_digits;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Decimal(String);

impl TryFrom<String> for Decimal {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let unsigned = text.strip_prefix('-').unwrap_or(&text);
        let valid = match unsigned.split_once('.') {
            Some((whole, fraction)) => is_digits(whole) && is_digits(fraction),
            None => is_digits(unsigned),
        };
        if valid { Ok(Self(text)) } else { Err(format!("{text:?} is not a decimal number")) }
    }
}

impl Decimal {
    pub(super) fn zero() -> Self {
        Self("0.00".to_owned())
    }
}
