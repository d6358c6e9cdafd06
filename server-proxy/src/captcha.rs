//! Captchas of others: reCAPTCHA, hCaptcha, Turnstile. All three are asked in the same words whether a visitor has solved one.
//!
//! They are told what the visitor's browser was given by them, and nothing of the visitor: no address, no name.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use reqwest::Client;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use url::Url;

use crate::outbound;

/// What a funnel says for proof of work; no captcha is named so.
pub(crate) const WORK: &str = "work";

/// `[captchas.<name>]`; `None` for one that is there but wrong.
pub(crate) type Captchas = BTreeMap<String, Option<Arc<Captcha>>>;

const CONNECT_TIME: Duration = Duration::from_secs(2);
/// The visitor waits for it.
const TIME: Duration = Duration::from_secs(5);
/// The largest answer that is read.
const MOST_BYTES: usize = 64 * 1024;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    Recaptcha,
    Hcaptcha,
    Turnstile,
}

/// What a frame that shows one has to load, as Content-Security-Policy writes it.
pub(crate) struct Sources {
    pub(crate) scripts: &'static str,
    pub(crate) frames: &'static str,
    pub(crate) styles: &'static str,
    pub(crate) calls: &'static str,
}

impl Kind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Kind::Recaptcha => "recaptcha",
            Kind::Hcaptcha => "hcaptcha",
            Kind::Turnstile => "turnstile",
        }
    }

    fn script(self) -> &'static str {
        match self {
            Kind::Recaptcha => "https://www.google.com/recaptcha/api.js",
            Kind::Hcaptcha => "https://js.hcaptcha.com/1/api.js",
            Kind::Turnstile => "https://challenges.cloudflare.com/turnstile/v0/api.js",
        }
    }

    fn verify(self) -> &'static str {
        match self {
            Kind::Recaptcha => "https://www.google.com/recaptcha/api/siteverify",
            Kind::Hcaptcha => "https://api.hcaptcha.com/siteverify",
            Kind::Turnstile => "https://challenges.cloudflare.com/turnstile/v0/siteverify",
        }
    }

    /// As each documents it.
    pub(crate) fn sources(self) -> Sources {
        match self {
            Kind::Recaptcha => Sources {
                scripts: "https://www.google.com/recaptcha/ https://www.gstatic.com/recaptcha/",
                frames: "https://www.google.com/recaptcha/ https://recaptcha.google.com/recaptcha/",
                styles: "",
                calls: "https://www.google.com/recaptcha/",
            },
            Kind::Hcaptcha => Sources {
                scripts: "https://hcaptcha.com https://*.hcaptcha.com",
                frames: "https://hcaptcha.com https://*.hcaptcha.com",
                styles: "https://hcaptcha.com https://*.hcaptcha.com",
                calls: "https://hcaptcha.com https://*.hcaptcha.com",
            },
            Kind::Turnstile => {
                Sources { scripts: "https://challenges.cloudflare.com", frames: "https://challenges.cloudflare.com", styles: "", calls: "" }
            }
        }
    }
}

/// Addresses in the place of those that the kind has.
pub(crate) struct Endpoints {
    pub(crate) script: Option<Url>,
    pub(crate) verify: Option<Url>,
}

/// One configured captcha.
#[derive(Debug)]
pub(crate) struct Captcha {
    pub(crate) kind: Kind,
    /// Public: it stands in the page that shows the captcha.
    pub(crate) site_key: String,
    pub(crate) script: Url,
    secret: SecretString,
    verify: Url,
    client: Client,
}

/// What they have against a proof; all else is ours, or theirs, to mend.
const OF_PROOF: [&str; 6] = [
    "missing-input-response",
    "invalid-input-response",
    "expired-input-response",
    "already-seen-response",
    "invalid-or-already-seen-response",
    "timeout-or-duplicate",
];

/// What came of asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Solved,
    /// Never solved, solved too long ago, or told before.
    NotSolved,
    /// There is no answer, or one that is about us and not about the visitor.
    Unavailable,
}

/// The answer, the same of all three.
#[derive(Deserialize)]
struct Answer {
    success: bool,
    #[serde(default, rename = "error-codes")]
    errors: Vec<String>,
}

impl Captcha {
    pub(crate) fn new(
        kind: Kind,
        site_key: String,
        secret: SecretString,
        endpoints: Endpoints,
        allow_private: bool,
    ) -> Result<Captcha, String> {
        let own = |text: &str| Url::parse(text).map_err(|error| error.to_string());
        let client =
            outbound::client(CONNECT_TIME, TIME, allow_private).map_err(|error| format!("cannot set up outbound calls: {error}"))?;
        let script = endpoints.script.map_or_else(|| own(kind.script()), Ok)?;
        let verify = endpoints.verify.map_or_else(|| own(kind.verify()), Ok)?;
        Ok(Captcha { kind, site_key, script, secret, verify, client })
    }

    /// Whether a visitor has solved it. Each proof is good once, and the kinds see to that themselves.
    pub(crate) async fn verify(&self, proof: &str) -> Verdict {
        match self.ask(proof).await {
            Ok(answer) => answer.verdict(self.kind),
            Err(error) => {
                tracing::warn!(captcha = self.kind.as_str(), error, "cannot be asked: the signup is parked");
                Verdict::Unavailable
            }
        }
    }

    async fn ask(&self, proof: &str) -> Result<Answer, String> {
        let form = [("secret", self.secret.expose_secret()), ("response", proof), ("sitekey", &self.site_key)];
        // Only one of them reads the last.
        let form = &form[..if self.kind == Kind::Hcaptcha { 3 } else { 2 }];
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = self.client.post(self.verify.clone()).header("content-type", "application/x-www-form-urlencoded").body(body);
        let mut response = request.send().await.map_err(outbound::describe)?;
        let status = response.status();
        let mut read = Vec::new();
        while let Some(part) = response.chunk().await.map_err(outbound::describe)? {
            read.extend_from_slice(&part);
            if read.len() > MOST_BYTES {
                return Err("its answer is too long".to_owned());
            }
        }
        // One of them says with 400 what it has against a proof.
        serde_json::from_slice(&read).map_err(|_| format!("it answers {} without a verdict", status.as_u16()))
    }
}

impl Answer {
    fn verdict(&self, kind: Kind) -> Verdict {
        if self.success {
            return Verdict::Solved;
        }
        match self.errors.iter().find(|error| !OF_PROOF.contains(&error.as_str())) {
            None => Verdict::NotSolved,
            Some(error) => {
                tracing::error!(captcha = kind.as_str(), error, "does not take what it is asked with: look at site_key and secret");
                Verdict::Unavailable
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_a_proof_is_told_from_what_is_wrong_with_us() {
        let verdict = |answer: &str| serde_json::from_str::<Answer>(answer).expect("an answer").verdict(Kind::Turnstile);
        assert_eq!(verdict(r#"{"success":true,"hostname":"join.example","error-codes":[]}"#), Verdict::Solved);
        for error in ["invalid-input-response", "timeout-or-duplicate", "already-seen-response", "missing-input-response"] {
            assert_eq!(verdict(&format!(r#"{{"success":false,"error-codes":["{error}"]}}"#)), Verdict::NotSolved, "{error}");
        }
        assert_eq!(verdict(r#"{"success":false}"#), Verdict::NotSolved);
        for error in ["invalid-input-secret", "internal-error", "sitekey-secret-mismatch", "bad-request"] {
            assert_eq!(verdict(&format!(r#"{{"success":false,"error-codes":["{error}"]}}"#)), Verdict::Unavailable, "{error}");
        }
    }
}
