//! What came back, and what it means: the same for all CRMs where their documents say nothing else.

use std::time::Duration;

use reqwest::StatusCode;
use serde::de::DeserializeOwned;

use super::{
    Outcome, Trouble, Unanswered,
    client::NoAnswer,
    clock::{Clocks, http_date},
};

/// An answer, whatever its status. It may hold a token, so it does not print.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    /// As the header stands.
    pub(super) retry_after: Option<String>,
    pub(super) clocks: Clocks,
    pub(super) body: Vec<u8>,
}

/// A CRM that asks to be left alone for longer is asked again after a day: nothing of ours waits much longer than that.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 60 * 60);

impl Answer {
    /// Reads the body; the error says where it is not what the document describes, and repeats none of it.
    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T, String> {
        let mut reader = serde_json::Deserializer::from_slice(&self.body);
        let read = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
            let path = error.path().to_string();
            // A key may be somebody's address.
            let reason = masked(&error.inner().to_string());
            if path == "." || path.contains('@') { reason } else { format!("{path}: {reason}") }
        })?;
        reader.end().map_err(|error| error.to_string())?;
        Ok(read)
    }

    /// The CRM's own words: a JSON error's `message` (or the like), else the body's beginning.
    pub(super) fn words(&self) -> String {
        let value: Option<serde_json::Value> = serde_json::from_slice(&self.body).ok();
        // Where a message is there and no text, the words are inside it somewhere: then the whole body is what was said.
        let names = ["message", "error", "detail", "error_description", "type"];
        let said = value.as_ref().and_then(|value| names.iter().find_map(|name| value.get(name))).and_then(serde_json::Value::as_str);
        said.map_or_else(|| shorten(&String::from_utf8_lossy(&self.body)), shorten)
    }

    /// How long the CRM asks to wait: seconds, or until a date by its own clock.
    pub(super) fn wait(&self) -> Option<Duration> {
        let asked = self.retry_after.as_deref()?.trim();
        let is_number = !asked.is_empty() && asked.bytes().all(|byte| byte.is_ascii_digit());
        let wait = if is_number {
            // More digits than a number has are as long as can be.
            asked.parse().map_or(Duration::MAX, Duration::from_secs)
        } else {
            let left = http_date(asked)?.duration_since(self.clocks.now());
            // What is over need not be waited for.
            Duration::try_from(left).unwrap_or_default()
        };
        Some(wait.min(LONGEST_WAIT))
    }

    pub(super) fn trouble(&self, detail: impl Into<String>) -> Trouble {
        Trouble { retry_after: self.wait(), ..Trouble::of(self.status.as_u16(), detail) }
    }

    /// What an answer that is no success says of a registration, where the CRM's document does not say: `key` is what a refused
    /// credential is called in the configuration.
    pub(super) fn unregistered(&self, key: &str) -> Outcome {
        let said = self.words();
        match self.status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                Outcome::Misconfigured(self.trouble(format!("the CRM does not accept {key}: {said}")))
            }
            StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => {
                Outcome::Misconfigured(self.trouble(format!("the CRM has no such address: {said}")))
            }
            // "See other", and what browsers make of "found", may answer what was done.
            StatusCode::FOUND | StatusCode::SEE_OTHER => {
                Outcome::Unknown(self.trouble(format!("the CRM answers {}, and redirects are not followed", self.status)))
            }
            status if status.is_redirection() => {
                Outcome::Misconfigured(self.trouble(format!("the CRM answers {status}, and redirects are not followed")))
            }
            StatusCode::TOO_MANY_REQUESTS => {
                let wait = self.wait().map_or_else(String::new, |wait| format!(" for {} s", wait.as_secs()));
                Outcome::Failed(self.trouble(format!("the CRM asks to slow down{wait}: {said}")))
            }
            // A server's error may come after the client was created.
            status => Outcome::Unknown(self.trouble(format!("the CRM answers {status}: {said}"))),
        }
    }

    /// What a success that is not as the document has it says of a registration.
    pub(super) fn garbled(&self, error: &str) -> Outcome {
        Outcome::Unknown(self.trouble(format!("the CRM answers {} with what cannot be read: {error}", self.status.as_u16())))
    }

    /// What an answer that is no success says to whoever asked for a report or a list.
    pub(super) fn unanswered(&self) -> Unanswered {
        let said = self.words();
        match self.status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Unanswered::Denied(self.trouble(said)),
            StatusCode::TOO_MANY_REQUESTS => Unanswered::TooMany(self.trouble(said)),
            status if status.is_client_error() => Unanswered::Refused(self.trouble(said)),
            status if status.is_redirection() => {
                Unanswered::Unreadable(self.trouble(format!("it answers {status}, and redirects are not followed")))
            }
            status => Unanswered::Unreachable(self.trouble(format!("it answers {status}: {said}"))),
        }
    }

    /// The body of a success.
    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T, Unanswered> {
        if !self.status.is_success() {
            return Err(self.unanswered());
        }
        self.json().map_err(|error| Unanswered::Unreadable(self.trouble(error)))
    }
}

impl From<NoAnswer> for Outcome {
    fn from(no_answer: NoAnswer) -> Outcome {
        match no_answer {
            NoAnswer::NotSent(detail) => Outcome::Failed(Trouble::new(detail)),
            NoAnswer::Lost { detail, status } => {
                Outcome::Unknown(Trouble { status: status.map(|status| status.as_u16()), ..Trouble::new(detail) })
            }
        }
    }
}

impl From<NoAnswer> for Unanswered {
    fn from(no_answer: NoAnswer) -> Unanswered {
        match no_answer {
            NoAnswer::NotSent(detail) => Unanswered::Unreachable(Trouble::new(detail)),
            // A status was there, and then too much or too little of a body.
            NoAnswer::Lost { detail, status: Some(status) } => Unanswered::Unreadable(Trouble::of(status.as_u16(), detail)),
            NoAnswer::Lost { detail, status: None } => Unanswered::Unreachable(Trouble::new(detail)),
        }
    }
}

/// Whether a status is the CRM's no to what was sent, rather than to the credential, the address or the pace.
pub(super) fn says_no(status: StatusCode) -> bool {
    let others = [
        StatusCode::UNAUTHORIZED,
        StatusCode::FORBIDDEN,
        StatusCode::NOT_FOUND,
        StatusCode::METHOD_NOT_ALLOWED,
        StatusCode::TOO_MANY_REQUESTS,
    ];
    status.is_client_error() && !others.contains(&status)
}

/// A reader's error without the value that it stumbled over, which may be anybody's.
pub(super) fn masked(error: &str) -> String {
    match error.split_once(", expected") {
        Some((found, expected)) => format!("{}, expected{expected}", found.split(['"', '`']).next().unwrap_or(found).trim_end()),
        None => error.to_owned(),
    }
}

/// Enough of a text for an operator, on one line.
pub(super) fn shorten(text: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(300).collect();
    line.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_repeats_no_value() {
        let answer =
            |body: &str| Answer { status: StatusCode::OK, retry_after: None, clocks: Clocks::silent(), body: body.as_bytes().to_vec() };
        let error =
            |body: &str| answer(body).json::<std::collections::BTreeMap<String, std::collections::BTreeMap<String, u8>>>().expect_err(body);
        for body in [
            r#"{"a":"jane@private.example"}"#,
            r#"{"a":{"b":"made-up-token"}}"#,
            r#"{"jane@private.example":7}"#,
            r#"{"a":{"b":987654321}}"#,
        ] {
            let told = error(body);
            assert!(!told.contains("private") && !told.contains("made-up") && !told.contains("987"), "{told}");
        }
        assert!(error(r#"{"a":{"b":"x"}}"#).contains("a.b: invalid type: string, expected u8"), "{}", error(r#"{"a":{"b":"x"}}"#));
    }

    #[test]
    fn a_wait_is_seconds_or_a_date_by_the_crms_clock() {
        let mut headers = reqwest::header::HeaderMap::new();
        headers.insert("date", "Sun, 06 Nov 1994 08:49:37 GMT".parse().expect("a value"));
        let wait = |asked: &str| {
            let (clocks, retry_after) = (Clocks::of(&headers), Some(asked.to_owned()));
            Answer { status: StatusCode::SERVICE_UNAVAILABLE, retry_after, clocks, body: Vec::new() }.trouble("").retry_after
        };
        for (asked, seconds) in [
            ("0", 0),
            (" 120 ", 120),
            ("86401", 86_400),
            ("99999999999999999999999999", 86_400),
            ("Sun, 06 Nov 1994 08:51:37 GMT", 120),
            ("Sunday, 06-Nov-94 08:51:37 GMT", 120),
            ("Sun, 06 Nov 1994 08:40:00 GMT", 0),
            ("Tue, 08 Nov 1994 08:49:37 GMT", 86_400),
        ] {
            assert_eq!(wait(asked), Some(Duration::from_secs(seconds)), "{asked}");
        }
        for bad in ["", "soon", "-1", "1.5", "Sun, 06 Nov"] {
            assert_eq!(wait(bad), None, "{bad}");
        }
    }
}
