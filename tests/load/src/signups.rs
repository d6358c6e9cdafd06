//! What is sent: everybody has an e-mail address that nobody else has, in no other run either.

use std::{net::SocketAddr, time::SystemTime};

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use clap::ValueEnum;
use http_body_util::Full;
use hyper::Request;
use latchkey_load::Connection;
use serde::Deserialize;
use serde_json::{Value, json};

/// Who answers, and so what is sent.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum To {
    /// The proxy: a visitor's signup
    Proxy,
    /// What merely forwards to the CRM: the CRM's own sign-up
    Forwarder,
}

/// The page that the funnel is for.
const ORIGIN: &str = "https://landing.example";
const VISITS: &str = "/api/v1/funnels/bench/visits";
const SIGNUPS: &str = "/api/v1/funnels/bench/signups";
const CRM_SIGN_UP: &str = "/tradersroom/api/auth/signup";
/// How many signups go with one form token. The proxy takes a few more.
const USES: u64 = 25;

pub(crate) struct Signups {
    to: To,
    host: String,
    /// Tells this run's people from those of every other.
    run: u128,
    form_tokens: Vec<String>,
}

impl Signups {
    /// Gets the form tokens for that many.
    pub(crate) async fn prepare(to: To, address: SocketAddr, most: u64) -> Result<Signups> {
        let run = SystemTime::UNIX_EPOCH.elapsed().context("the clock is before 1970")?.as_micros();
        let host = address.to_string();
        let mut form_tokens = Vec::new();
        if to == To::Proxy {
            let mut connection = Connection::new(address);
            for _ in 0..most.div_ceil(USES) {
                form_tokens.push(visit(&mut connection, &host).await?);
            }
        }
        Ok(Signups { to, host, run, form_tokens })
    }

    pub(crate) fn request(&self, number: u64) -> Request<Full<Bytes>> {
        let email = format!("jane.doe.{}.{number}@mail.example", self.run);
        match self.to {
            To::Proxy => {
                let key = format!("{}-{number}", self.run);
                let token = self.form_tokens.get((number / USES) as usize).map(String::as_str).unwrap_or_default();
                post(&self.host, SIGNUPS, &signup(&email, token), Some(&key))
            }
            To::Forwarder => post(&self.host, CRM_SIGN_UP, &sign_up(&email), None),
        }
    }
}

async fn visit(connection: &mut Connection, host: &str) -> Result<String> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Visit {
        form_token: String,
    }
    let (status, body) = connection.send(post(host, VISITS, &json!({}), None)).await?;
    ensure!(status == 200, "a visit is answered with {status}: {}", String::from_utf8_lossy(&body));
    let visit: Visit = serde_json::from_slice(&body).context("a visit without a form token")?;
    Ok(visit.form_token)
}

fn post(host: &str, path: &str, body: &Value, idempotency_key: Option<&str>) -> Request<Full<Bytes>> {
    let mut request = Request::post(path).header("host", host).header("origin", ORIGIN).header("content-type", "application/json");
    if let Some(key) = idempotency_key {
        request = request.header("idempotency-key", key);
    }
    request.body(Full::from(body.to_string())).expect("nothing of it comes from outside")
}

/// What the widget sends.
fn signup(email: &str, form_token: &str) -> Value {
    json!({
        "fields": { "email": email, "phone": "+442079460958", "firstName": "Jane", "lastName": "Doe" },
        "agreements": ["Terms and Conditions"],
        "tracking": { "subID": "s-1", "campaignId": "c-1" },
        "locale": "en",
        "formToken": form_token,
    })
}

/// The same person, as the CRM wants to be told of them.
fn sign_up(email: &str) -> Value {
    json!({
        "email": email, "phone": "+442079460958", "firstName": "Jane", "lastName": "Doe",
        "agreements": [{ "label": "Terms and Conditions", "ip": "127.0.0.1", "signedAt": "2026-01-01T00:00:00Z" }],
        "subID": "s-1", "campaignId": "c-1",
        "project": "made-up-project-41", "desk": "made-up-desk-41",
    })
}

#[cfg(test)]
mod tests {
    use super::{Signups, To, USES};

    #[test]
    fn nobody_is_sent_twice_and_a_token_goes_with_a_few_only() {
        let form_tokens = vec!["first".to_owned(), "second".to_owned()];
        let signups = Signups { to: To::Proxy, host: "127.0.0.1:80".to_owned(), run: 7, form_tokens };
        let keys: Vec<_> = (0..USES * 2).map(|number| signups.request(number).headers()["idempotency-key"].clone()).collect();
        let different: std::collections::HashSet<_> = keys.iter().collect();
        assert_eq!(different.len() as u64, USES * 2);
        let body = |number| format!("{:?}", signups.request(number).body());
        assert!(body(USES - 1).contains("first") && body(USES).contains("second"));
        assert!(body(3).contains("jane.doe.7.3@mail.example"));
    }
}
