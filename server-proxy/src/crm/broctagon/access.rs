//! Pages "Authentication" (the older signature, V1) and "Authentication V2".

use hmac::{Hmac, KeyInit, Mac};
use reqwest::header::HeaderName;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Map, Value};
use sha1::{Digest, Sha1};
use sha2::Sha256;

/// "Please attach the API key as a http header".
pub(super) const KEY: HeaderName = HeaderName::from_static("key");
/// "Any POST/PATCH/PUT API that contains a request body will need to sign the request".
pub(super) const SIGNATURE: HeaderName = HeaderName::from_static("signature");

/// Which of the two pages an installation follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Signature {
    #[default]
    V2,
    V1,
}

impl Signature {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Signature::V2 => "v2",
            Signature::V1 => "v1",
        }
    }

    /// `bytes` are the body as it is sent.
    pub(super) fn of(self, body: &Map<String, Value>, bytes: &[u8], api_key: &SecretString) -> String {
        match self {
            Signature::V2 => v2(bytes, api_key.expose_secret()),
            Signature::V1 => v1(body, api_key.expose_secret()),
        }
    }
}

/// `sha256=` and the HMAC, hex, of the body.
fn v2(bytes: &[u8], api_key: &str) -> String {
    // HMAC takes a key of any length, so there is always one.
    let mac = Hmac::<Sha256>::new_from_slice(api_key.as_bytes()).map(|mac| mac.chain_update(bytes).finalize().into_bytes());
    format!("sha256={}", hex::encode(mac.unwrap_or_default()))
}

/// The parameters sorted by name, `k=v` joined by `&`, the API key right behind them; SHA-1 in capitals.
fn v1(body: &Map<String, Value>, api_key: &str) -> String {
    let mut pairs: Vec<_> = body.iter().map(|(name, value)| (name, format!("{name}={}", in_a_text(value)))).collect();
    pairs.sort();
    let pairs: Vec<_> = pairs.into_iter().map(|(_, pair)| pair).collect();
    hex::encode_upper(Sha1::digest(format!("{}{api_key}", pairs.join("&"))))
}

/// The page says nothing of nested parameters, and its sample is JavaScript, which makes this of a value beside a text.
fn in_a_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(_) => "[object Object]".to_owned(),
        Value::Array(elements) => {
            let element = |element: &Value| if element.is_null() { String::new() } else { in_a_text(element) };
            elements.iter().map(element).collect::<Vec<_>>().join(",")
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Each computed by another tool, as the comment says.
    #[test]
    fn signatures_are_those_that_other_tools_compute() {
        // printf '%s' '{"name":"Jane"}' | openssl dgst -sha256 -hmac secret
        assert_eq!(v2(br#"{"name":"Jane"}"#, "secret"), "sha256=40e2a1c67ad1d532c2c2cbc4d369acade9d66a3d3248f8dda7bb0c66dce1fee0");
        // RFC 4231, test case 2.
        assert_eq!(v2(b"what do ya want for nothing?", "Jefe"), "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        // printf '%s' 'email=a@b.example&list=1,b&name=Jane&phone=[object Object]secret' | sha1sum | tr a-f A-F
        let body = json!({ "phone": { "number": "1" }, "name": "Jane", "email": "a@b.example", "list": [1, "b"] });
        assert_eq!(v1(body.as_object().expect("an object"), "secret"), "846FCD808D3C0CBDDCB778C6506F453871E7AA3C");
        // printf '%s' 'a=&b=true&c=null&d=1secret' | sha1sum | tr a-f A-F
        let body = json!({ "d": 1, "c": null, "b": true, "a": "" });
        assert_eq!(v1(body.as_object().expect("an object"), "secret"), "AAE030F39F305A3CB862D8D9A2187BE2A070A0E9");
    }
}
