//! Money and volumes: decimal text, such as `-12.50`. It is kept as it came; nothing here calculates.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Decimal(String);

impl TryFrom<String> for Decimal {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let unsigned = text.strip_prefix('-').unwrap_or(&text);
        let valid = match unsigned.split_once('.') {
            Some((whole, fraction)) => digits(whole) && digits(fraction),
            None => digits(unsigned),
        };
        if valid { Ok(Self(text)) } else { Err(format!("{text:?} is not a decimal number")) }
    }
}

impl Decimal {
    pub(super) fn zero() -> Self {
        Self("0.00".to_owned())
    }
}
