//! "Create a new session": what a log-in becomes where only a bearer will do. A session is opened by whoever needs it first, kept
//! for all who have the same log-in, and opened anew once when it has ended, by one caller while the others wait.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Instant,
};

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{super::access::Login, Trading, Unanswered, operations::Op};

/// The sessions of every log-in that was used.
#[derive(Default)]
pub(super) struct Sessions(Mutex<HashMap<[u8; 32], Arc<tokio::sync::Mutex<Slot>>>>);

#[derive(Default)]
struct Slot {
    open: Option<Session>,
    /// When the last try failed, and why.
    failed: Option<(Instant, Unanswered)>,
    opened: u64,
}

/// An open session.
#[derive(Clone)]
pub(super) struct Session {
    pub(super) token: SecretString,
    /// The how-manieth it is of its log-in.
    number: u64,
}

impl Sessions {
    fn slot(&self, login: &Login) -> Arc<tokio::sync::Mutex<Slot>> {
        let digest = Sha256::new()
            .chain_update(login.user.expose_secret())
            .chain_update([0])
            .chain_update(login.password.expose_secret())
            .finalize()
            .into();
        self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).entry(digest).or_default().clone()
    }
}

impl Trading {
    /// The log-in's session; `ended` is one that the CRM no longer takes.
    pub(super) async fn session(&self, login: &Login, ended: Option<&Session>) -> Result<Session, Unanswered> {
        let since = Instant::now();
        let slot = self.sessions.slot(login);
        let mut slot = slot.lock().await;
        if let Some(open) = &slot.open
            && ended.is_none_or(|ended| ended.number < open.number)
        {
            return Ok(open.clone());
        }
        // Whoever waited while another tried in vain does not try as well: some CRMs lock a log-in that fails often.
        if let Some((at, why)) = &slot.failed
            && *at > since
        {
            return Err(why.clone());
        }
        slot.open = None;
        match self.log_in(login).await {
            Ok(token) => {
                slot.opened += 1;
                slot.failed = None;
                let session = Session { token, number: slot.opened };
                slot.open = Some(session.clone());
                Ok(session)
            }
            Err(why) => {
                slot.failed = Some((Instant::now(), why.clone()));
                Err(why)
            }
        }
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
