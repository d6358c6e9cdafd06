//! An answer over HTTP, read whole.

use reqwest::{RequestBuilder, header::HeaderMap};
use serde_json::Value;

#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

/// Sends a request and reads the answer.
pub async fn send(request: RequestBuilder) -> Answer {
    let response = request.send().await.expect("there is an answer");
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Answer { status, headers, body: response.bytes().await.expect("the answer arrives whole").to_vec() }
}

impl Answer {
    /// A header's value; empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("a header of text"))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {} {}", self.status, self.text()))
    }

    /// The JSON of an answer that has to have this status.
    #[track_caller]
    pub fn json_of(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        assert_eq!(self.header("content-type"), "application/json");
        assert_eq!(self.header("cache-control"), "no-store", "an answer to one visitor is nobody else's");
        self.json()
    }

    /// A refusal as RFC 9457 has it, of this status and this code.
    #[track_caller]
    pub fn problem(&self, status: u16, code: &str) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(self.header("cache-control"), "no-store");
        let problem = self.json();
        assert_eq!(problem["type"], format!("urn:latchkey:problem:{code}"), "{problem}");
        assert_eq!(problem["status"], status);
        assert!(problem["title"].as_str().is_some_and(|title| !title.is_empty()), "{problem}");
        problem
    }

    /// A refused signup: each error's field and code, in order.
    #[track_caller]
    pub fn errors(&self) -> Vec<(String, String)> {
        let problem = self.problem(422, "invalid");
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let errors = problem["errors"].as_array().expect("a refused signup has errors");
        for error in errors {
            assert!(error["message"].as_str().is_some_and(|message| !message.is_empty()), "every error says why: {error}");
        }
        errors.iter().map(|error| (text(&error["field"]), text(&error["code"]))).collect()
    }
}
