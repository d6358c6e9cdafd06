//! Whoever sells a captcha, simulated: its script, and its word on what was solved.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    extract::{Query, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::{Value, json};

use crate::{CAPTCHA_SECRET, Setup};

/// Draws a button in the place of the captcha; a click solves it. As Turnstile's it calls back.
const SCRIPT: &str = r#"
globalThis.turnstile = {
  render(place, options) {
    const button = document.createElement("button");
    button.textContent = "I am a person, says " + options.sitekey;
    button.style.height = "70px";
    let count = 0;
    button.onclick = () => options.callback(`good-${performance.timeOrigin}-${count++}`);
    place.append(button);
  },
};
globalThis[new URL(document.querySelector("script[src*=onload]").src).searchParams.get("onload")]();
"#;

/// A form that was posted.
type Fields = Vec<(String, String)>;

/// What it was asked, and how it answers.
#[derive(Clone, Default)]
pub struct Captcha {
    origin: String,
    asked: Arc<Mutex<Vec<Fields>>>,
    is_down: Arc<Mutex<bool>>,
}

impl Captcha {
    pub async fn start() -> Captcha {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let origin = format!("http://{}", listener.local_addr().expect("an address"));
        let captcha = Captcha { origin, ..Captcha::default() };
        let script = get(async || ([(header::CONTENT_TYPE, "text/javascript")], SCRIPT));
        let router = Router::new().route("/api.js", script).route("/verify", post(verify)).with_state(captcha.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        captcha
    }

    /// The funnel `demo` asks for it.
    pub fn setup(&self) -> Setup {
        Setup::new()
            .set("captchas.seller", "kind", r#""turnstile""#)
            .set("captchas.seller", "site_key", r#""made-up-site-key""#)
            .set("captchas.seller", "secret", r#""env:CAPTCHA_SECRET""#)
            .set("captchas.seller", "script_url", &format!("\"{}/api.js\"", self.origin))
            .set("captchas.seller", "verify_url", &format!("{:?}", self.verify_url()))
            .set("captchas.seller", "allow_insecure", "true")
            .set("captchas.seller", "allow_private", "true")
            .edit("least_fill_ms = 0", "least_fill_ms = 0\nchallenge = \"seller\"")
    }

    pub fn verify_url(&self) -> String {
        format!("{}/verify", self.origin)
    }

    /// From now on it answers nothing of use.
    pub fn go_down(&self) {
        *self.is_down.lock().expect("a lock") = true;
    }

    /// Every question, in order.
    pub fn asked(&self) -> Vec<Vec<(String, String)>> {
        self.asked.lock().expect("the list").clone()
    }

    /// What was proved is good once.
    fn verdict(&self, form: Fields) -> Value {
        let value = |name: &str| form.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()).unwrap_or_default();
        let (secret, response) = (value("secret"), value("response"));
        let mut asked = self.asked.lock().expect("the list");
        let is_known = asked.iter().flatten().any(|(_, value)| *value == response);
        asked.push(form);
        match (secret == CAPTCHA_SECRET, response.starts_with("good"), is_known) {
            (false, ..) => json!({ "success": false, "error-codes": ["invalid-input-secret"] }),
            (_, false, _) => json!({ "success": false, "error-codes": ["invalid-input-response"] }),
            (.., true) => json!({ "success": false, "error-codes": ["timeout-or-duplicate"] }),
            _ => json!({ "success": true, "error-codes": [] }),
        }
    }
}

/// A form that is posted reads as a query does.
async fn verify(State(captcha): State<Captcha>, body: String) -> Response {
    if *captcha.is_down.lock().expect("a lock") {
        return (StatusCode::BAD_GATEWAY, "<html>not now").into_response();
    }
    let uri = format!("/?{body}").parse().expect("a query");
    let Query(form) = Query::try_from_uri(&uri).expect("names and values");
    axum::Json(captcha.verdict(form)).into_response()
}
