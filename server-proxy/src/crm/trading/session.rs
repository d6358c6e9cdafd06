//! "Create a new session": what a log-in becomes where only a bearer will do; and the session of the customer whom a sign-up made.

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    super::{access::Login, session::Session},
    Trading, Unanswered,
    operations::Op,
};

impl Trading {
    /// The log-in's session; `ended` is one that the CRM no longer takes.
    pub(super) async fn session(&self, login: &Login, ended: Option<&Session>) -> Result<Session, Unanswered> {
        self.sessions.session(&[&login.user, &login.password], ended, self.log_in(login)).await
    }

    async fn log_in(&self, login: &Login) -> Result<SecretString, Unanswered> {
        #[derive(Deserialize)]
        struct Opened {
            token: Value,
        }
        let body = json!({ "username": login.user.expose_secret(), "password": login.password.expose_secret() });
        let answer = self.network.send(self.call(Op::CreateNewSession, &[]).json(&body)).await?;
        let opened: Opened = answer.read()?;
        token(opened.token).ok_or_else(|| Unanswered::Unreadable(answer.trouble("the session has no token")))
    }

    /// "Request access token": the session of the customer whose refresh token a sign-up's answer had. Some CRMs take it once only.
    pub(super) async fn customer_session(&self, refresh_token: &SecretString) -> Result<SecretString, Unanswered> {
        #[derive(Deserialize)]
        struct Granted {
            access_token: Value,
        }
        let form = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", "refresh_token")
            .append_pair("refresh_token", refresh_token.expose_secret())
            .finish();
        let call = self.call(Op::RequestAccessToken, &[]).bytes(form.into_bytes());
        let call = call.header(reqwest::header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let answer = self.network.send(call).await?;
        let granted: Granted = answer.read()?;
        token(granted.access_token).ok_or_else(|| Unanswered::Unreadable(answer.trouble("there is no access token")))
    }
}

fn token(value: Value) -> Option<SecretString> {
    let text = value.as_str().filter(|text| !text.is_empty())?;
    Some(SecretString::from(text))
}
