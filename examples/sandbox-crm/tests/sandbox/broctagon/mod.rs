//! Broctagon, held against its document.

mod access;
mod codes;
mod faults;
mod lead;
mod reads;
mod register;

use std::io;

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::client::{Answer, send};
use crate::server::Server;

pub(crate) const KEY: &str = "sandbox-broctagon-key";
pub(crate) const LEAD: &str = "/public/v1/leads/create";
pub(crate) const REQUEST: &str = "/public/v1/account/register/request";
pub(crate) const MULTISTEP: &str = "/public/v1/account/register/multistep";

pub(crate) struct Broctagon(pub(crate) Server);

impl Broctagon {
    pub(crate) fn start() -> Self {
        Self(Server::start())
    }

    pub(crate) fn start_with(options: &[&str]) -> Self {
        Self(Server::start_with(options))
    }

    /// Signed as "Authentication V2" says.
    pub(crate) fn post(&self, path: &str, body: &Value) -> Answer {
        self.try_post(path, body).unwrap()
    }

    pub(crate) fn try_post(&self, path: &str, body: &Value) -> io::Result<Answer> {
        let body = body.to_string();
        self.try_send(
            "POST",
            path,
            &[("key", KEY), ("content-type", "application/json"), ("signature", &v2(body.as_bytes()))],
            body.as_bytes(),
        )
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.try_send("GET", path, &[("key", KEY)], b"").unwrap()
    }

    pub(crate) fn try_send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> io::Result<Answer> {
        send(self.0.address, method, &format!("/broctagon{path}"), headers, body)
    }

    pub(crate) fn listed(&self, what: &str) -> Vec<Value> {
        self.0.get(&format!("/_control/broctagon/{what}")).json().as_array().unwrap().clone()
    }

    pub(crate) fn users(&self) -> Vec<Value> {
        self.listed("users")
    }

    /// Asks for a code, and reads it from the outbox.
    pub(crate) fn code(&self, otp_type: &str) -> String {
        let answer = self.post(REQUEST, &with(request(), "otp_type", json!(otp_type)));
        assert_eq!(answer.status, 204, "{}", answer.text());
        self.listed("outbox").last().unwrap()["code"].as_str().unwrap().to_owned()
    }

    pub(crate) fn refused(&self, path: &str, body: &Value, kind: &str, message: &str) {
        let before = self.users().len();
        let answer = self.post(path, body);
        assert_eq!((answer.status, answer.json()), (400, json!({ "type": kind, "message": message })), "{body}");
        assert_eq!(self.users().len(), before, "{body}");
    }

    pub(crate) fn invalid(&self, path: &str, body: &Value, message: &str) {
        self.refused(path, body, "invalid_request", message);
    }
}

pub(crate) fn v2(body: &[u8]) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(KEY.as_bytes()).unwrap().chain_update(body);
    format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
}

/// Puts a value at a path such as `register.phone`; `null` takes away what is there.
pub(crate) fn with(mut body: Value, path: &str, value: Value) -> Value {
    let (parents, name) = path.rsplit_once('.').unwrap_or(("", path));
    let parent = parents.split('.').filter(|name| !name.is_empty()).fold(&mut body, |parent, name| &mut parent[name]);
    let parent = parent.as_object_mut().unwrap();
    if value.is_null() {
        parent.remove(name);
    } else {
        parent.insert(name.to_owned(), value);
    }
    body
}

/// The least the document allows.
pub(crate) fn lead() -> Value {
    json!({ "name": "Jane Doe", "email": "jane@example.com" })
}

pub(crate) fn request() -> Value {
    json!({
        "email": "jane@example.com", "type": "trader", "name": "Jane Doe", "phone": { "country_code": "49", "number": "15112345678" },
        "otp_type": "email", "password": "Secret-1234", "repeat_password": "Secret-1234", "form_id": "regform1"
    })
}

pub(crate) fn registration(email_code: &str) -> Value {
    json!({
        "trader_register": "trader_register",
        "register": {
            "email": "jane@example.com", "type": "trader", "email_code": email_code,
            "password": "Secret-1234", "repeat_password": "Secret-1234", "form_id": "regform1",
            "custom_fields": { "date_of_birth": "1990-02-28", "country": "DE", "terms": true }
        },
        "kyc": { "form_id": "kycindiv", "custom_fields": { "nationality": "DE", "address": "Unter den Linden 1" } }
    })
}
