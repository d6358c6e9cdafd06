//! The trading CRM, held against its document.

mod access;
mod account;
mod commissions;
mod confirmation;
mod faults;
mod links;
mod promotion;
mod records;
mod referrals;
mod sessions;
mod signup;

use serde_json::{Value, json};

use crate::client::{Answer, send};
use crate::server::Server;

pub(crate) const KEY: &str = "sandbox-trading-key";
const USERNAME: &str = "broker@example.com";
const PASSWORD: &str = "sandbox-password";

/// A second affiliate, for what the first must not see.
const OTHER: &str = r#"{"id":"other","username":"other@example.com","password":"other-password","apiKey":"other-key","refKey":"OTHER-REF","parent":"broker"}"#;
const OTHER_KEY: &str = "other-key";

/// The simulation, with two affiliates, and a session of the first.
struct Crm {
    server: Server,
    token: String,
}

impl Crm {
    fn start() -> Self {
        Self::start_with(&[])
    }

    fn start_with(options: &[&str]) -> Self {
        let server = Server::start_with(&[&["--trading-affiliate", OTHER], options].concat());
        let mut crm = Self { server, token: String::new() };
        crm.token = crm.log_in(USERNAME, PASSWORD);
        crm
    }

    fn log_in(&self, username: &str, password: &str) -> String {
        let answer = self.open("POST", "/sessions", Some(&json!({ "username": username, "password": password })));
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()["token"].as_str().unwrap().to_owned()
    }

    fn call(&self, credential: &[(&str, &str)], method: &str, path: &str, body: Option<&Value>) -> Answer {
        let content_type: &[_] = if body.is_some() { &[("content-type", "application/json")] } else { &[] };
        let text = body.map(Value::to_string).unwrap_or_default();
        send(self.server.address, method, &format!("/trading{path}"), &[credential, content_type].concat(), text.as_bytes()).unwrap()
    }

    /// Without a credential.
    fn open(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        self.call(&[], method, path, body)
    }

    fn with_key(&self, key: &str, method: &str, path: &str, body: Option<&Value>) -> Answer {
        self.call(&[("x-api-key", key)], method, path, body)
    }

    fn with_token(&self, token: &str, method: &str, path: &str, body: Option<&Value>) -> Answer {
        self.call(&[("authorization", &format!("Bearer {token}"))], method, path, body)
    }

    /// What the first affiliate's session gets, with success.
    fn get(&self, path: &str) -> Value {
        let answer = self.with_token(&self.token, "GET", path, None);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        answer.json()
    }

    fn create(&self, body: &Value) -> Value {
        let answer = self.with_key(KEY, "POST", "/affiliates/customers", Some(body));
        assert_eq!(answer.status, 200, "{body}: {}", answer.text());
        answer.json()
    }

    /// Registers the document's customer, and opens their session with the refresh token.
    fn customer(&self) -> (Value, String) {
        let created = self.create(&john());
        let session = self.grant(created["refreshToken"].as_str().unwrap());
        (created, session.json()["access_token"].as_str().unwrap().to_owned())
    }

    fn grant(&self, refresh_token: &str) -> Answer {
        self.form(&format!("grant_type=refresh_token&refresh_token={refresh_token}"))
    }

    fn form(&self, form: &str) -> Answer {
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        send(self.server.address, "POST", "/trading/oauth/token", &headers, form.as_bytes()).unwrap()
    }

    fn seed(&self, records: &Value) {
        let answer = self.server.control("POST", "/trading/records", records);
        assert_eq!(answer.status, 204, "{}", answer.text());
    }

    fn control(&self, what: &str) -> Vec<Value> {
        self.server.get(&format!("/_control/trading/{what}")).json().as_array().unwrap().clone()
    }

    fn fault(&self, fault: Value) {
        let answer = self.server.control("POST", "/trading/faults", &json!({ "fault": fault, "times": 1 }));
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
}

/// The example of "AffiliateCreateCustomer", but for its `externalId`, which is a sentence there.
fn john() -> Value {
    json!({
        "externalId": "signup-1", "firstname": "John", "lastname": "Doe", "mobilenumber": "+015500475947", "email": "johndoe@gmail.com",
        "password": "JohnDoe500", "wtreferrer": "0BaHeZI1Je", "country": "HR", "communicationLanguage": "en",
        "skipOnboardingSteps": [], "source": "FB"
    })
}

fn john_with(name: &str, value: Value) -> Value {
    let mut body = john();
    body[name] = value;
    body
}

fn refused(answer: &Answer, status: u16, error: &str) {
    assert_eq!((answer.status, answer.json()), (status, json!({ "error": error })));
}
