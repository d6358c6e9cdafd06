//! Section "Auto Login": the member area's address with the token, and where it leads then.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};
use url::Url;

use super::form::{RETURN_URL, STATUS_POPUP};

/// Unreserved characters (RFC 3986) stand for themselves: a token that holds an `&` adds no parameter.
const VALUE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// In a path the slashes too, as in the document's example.
const PATH: &AsciiSet = &VALUE.remove(b'/');

/// `{member_area}/auth/login?token=…[&returnUrl=…][&statusPopup=false]`.
pub(super) fn link(member_area: &Url, token: &str, finish: &Map<String, Value>) -> String {
    let mut link = format!("{}/auth/login?token={}", member_area.as_str().trim_end_matches('/'), utf8_percent_encode(token, VALUE));
    if let Some(path) = finish.get(RETURN_URL).and_then(Value::as_str) {
        link.push_str(&format!("&returnUrl={}", utf8_percent_encode(path, PATH)));
    }
    // The pop-up is there unless it is refused: the document has no other value.
    if finish.get(STATUS_POPUP) == Some(&Value::Bool(false)) {
        link.push_str("&statusPopup=false");
    }
    link
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_examples_of_the_document() {
        let area = Url::parse("https://member.mydomain.com").expect("an address");
        let link = |finish: Value| link(&area, "user-token", finish.as_object().expect("a table"));
        assert_eq!(link(json!({})), "https://member.mydomain.com/auth/login?token=user-token");
        let deposit = "https://member.mydomain.com/auth/login?token=user-token&returnUrl=/wallet/deposit";
        assert_eq!(link(json!({"return_url": "/wallet/deposit"})), deposit);
        assert_eq!(link(json!({"return_url": "/wallet/deposit", "status_popup": false})), format!("{deposit}&statusPopup=false"));
        assert_eq!(link(json!({"status_popup": true})), "https://member.mydomain.com/auth/login?token=user-token");
    }

    #[test]
    fn neither_a_token_nor_a_path_adds_a_parameter() {
        let area = Url::parse("https://member.mydomain.com/area/").expect("an address");
        let finish = json!({"return_url": "/a?b=c&d#e"});
        let link = link(&area, "x&returnUrl=https://evil.example/", finish.as_object().expect("a table"));
        assert_eq!(
            link,
            "https://member.mydomain.com/area/auth/login?token=x%26returnUrl%3Dhttps%3A%2F%2Fevil.example%2F&returnUrl=/a%3Fb%3Dc%26d%23e"
        );
    }
}
