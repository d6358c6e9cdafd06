//! Who may ask: pages "Authentication" (the older signature, V1) and "Authentication V2".

use axum::http::Method;
use clap::ValueEnum;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Map, Value};
use sha1::{Digest, Sha1};
use sha2::Sha256;

use super::documented::Refusal;
use crate::exchange::Request;

/// Which of the two pages an installation follows. The names are those of the option's values.
#[derive(Debug, Clone, Copy, PartialEq, ValueEnum)]
pub(super) enum Signature {
    V2,
    V1,
}

/// "Requesting every API in this documentation requires authentication via the above API key. Please attach the API key as a http
/// header": `key`.
pub(super) fn key(request: &Request, api_key: &str) -> Result<(), Refusal> {
    if request.header("key") == Some(api_key) { Ok(()) } else { Err(Refusal::denied()) }
}

/// "Any POST/PATCH/PUT API that contains a request body will need to sign the request and provide the signature as a HTTP header":
/// `signature`. One that is sent twice is none.
pub(super) fn signature(request: &Request, api_key: &str, version: Signature) -> Result<(), Refusal> {
    let signed = [Method::POST, Method::PATCH, Method::PUT].contains(&request.method) && !request.body.is_empty();
    if !signed {
        return Ok(());
    }
    let expected = match version {
        Signature::V2 => v2(&request.body, api_key),
        // A body without parameters cannot have been signed.
        Signature::V1 => v1(&serde_json::from_slice(&request.body).map_err(|_| Refusal::denied())?, api_key),
    };
    // Letter by letter: the samples of both pages are definite about upper and lower case.
    if request.header("signature") == Some(&expected) { Ok(()) } else { Err(Refusal::denied()) }
}

/// "CRM uses an HMAC hex digest to compute the hash", and the samples put `sha256=` before it. Of the bytes as they came: "ensure that
/// you handle the payload as UTF-8".
fn v2(body: &[u8], api_key: &str) -> String {
    let digest = Hmac::<Sha256>::new_from_slice(api_key.as_bytes()).map(|mac| mac.chain_update(body).finalize().into_bytes());
    format!("sha256={}", hex::encode(digest.unwrap_or_default()))
}

/// The sample of the page: `Object.keys(data).sort()`, `key=value` joined by `&`, the API key right after it, SHA-1, upper case.
fn v1(parameters: &Map<String, Value>, api_key: &str) -> String {
    let mut pairs: Vec<_> = parameters.iter().collect();
    pairs.sort_by_key(|(name, _)| name.as_str());
    let pairs: Vec<_> = pairs.into_iter().map(|(name, value)| format!("{name}={}", in_a_text(value))).collect();
    hex::encode_upper(Sha1::digest(pairs.join("&") + api_key))
}

/// What the sample's `'=' + data[key]` makes of a value. The page says nothing of nested parameters, and its sample is JavaScript: an
/// object becomes `[object Object]`.
fn in_a_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(_) => "[object Object]".to_owned(),
        Value::Array(elements) => {
            let elements: Vec<_> =
                elements.iter().map(|element| if element.is_null() { String::new() } else { in_a_text(element) }).collect();
            elements.join(",")
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values that other tools computed.
    #[test]
    fn signatures_are_those_of_the_samples() {
        // printf '%s' '{"name":"Jane"}' | openssl dgst -sha256 -hmac secret
        assert_eq!(v2(br#"{"name":"Jane"}"#, "secret"), "sha256=40e2a1c67ad1d532c2c2cbc4d369acade9d66a3d3248f8dda7bb0c66dce1fee0");
        // printf '%s' 'email=a@b.example&list=1,b&name=Jane&phone=[object Object]secret' | sha1sum
        let body = serde_json::json!({ "phone": { "number": "1" }, "name": "Jane", "email": "a@b.example", "list": [1, "b"] });
        assert_eq!(v1(body.as_object().unwrap(), "secret"), "846FCD808D3C0CBDDCB778C6506F453871E7AA3C");
    }
}
