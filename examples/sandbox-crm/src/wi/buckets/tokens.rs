//! Identification tokens: sections "How to Connect to the WBCS API" and "Authentication".

use std::net::IpAddr;

use serde::Deserialize;

use super::documented::Refusal;
use crate::exchange::Request;
use crate::moment::Moment;

/// "Required permission".
const VIEW_OWN: &str = "Buckets: View Own";

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Token {
    token: String,
    /// What its role allows.
    #[serde(default = "view_own")]
    permissions: Vec<String>,
    /// "If no expiration date is specified, the token will remain valid indefinitely."
    expires: Option<Moment>,
    /// "If no whitelist is provided, the token will be valid for any IP address."
    #[serde(default)]
    ips: Vec<IpAddr>,
    /// Whose buckets are its own. The document does not say what "Own" means, so that a token is anybody's unless this says other.
    #[serde(rename = "affiliateID")]
    affiliate_id: Option<String>,
}

fn view_own() -> Vec<String> {
    vec![VIEW_OWN.to_owned()]
}

#[derive(Debug)]
pub(super) struct Tokens {
    all: Vec<Token>,
    /// The document has two answers for it.
    invalid: Refusal,
}

impl Tokens {
    pub(super) fn new(token: &str) -> Self {
        let token = Token { token: token.to_owned(), permissions: view_own(), expires: None, ips: Vec::new(), affiliate_id: None };
        Self { all: vec![token], invalid: Refusal::INCORRECT }
    }

    pub(super) fn put(&mut self, token: Token) {
        self.all.retain(|known| known.token != token.token);
        self.all.push(token);
    }

    pub(super) fn answer_invalid_with(&mut self, status: u16) -> Result<(), String> {
        self.invalid = match status {
            400 => Refusal::NO_TOKEN,
            401 => Refusal::INCORRECT,
            _ => return Err(format!("invalidTokenStatus is 400 or 401, not {status}")),
        };
        Ok(())
    }

    /// "Authorization: <API_TOKEN>. No Bearer prefix. Token must be passed as-is." Expired, or sent from an address that is not on its
    /// list, it is not valid, which is all that the document says of either.
    pub(super) fn admit(&self, request: &Request, affiliate: &str) -> Result<(), Refusal> {
        let sent = request.header("authorization");
        let token = self.all.iter().find(|token| Some(token.token.as_str()) == sent).ok_or_else(|| self.invalid.clone())?;
        let expired = token.expires.is_some_and(Moment::is_past);
        if expired || !(token.ips.is_empty() || token.ips.contains(&request.peer)) {
            return Err(self.invalid.clone());
        }
        let own = token.affiliate_id.as_ref().is_none_or(|own| own == affiliate);
        (own && token.permissions.iter().any(|permission| permission == VIEW_OWN)).then_some(()).ok_or(Refusal::NO_PERMISSION)
    }
}
