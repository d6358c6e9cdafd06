//! Section "Authenticating": `POST /api/v1/auth/login` gives the token that every report asks for. The document does not say how long
//! it works. It is kept for its holder, and renewed when the CRM no longer takes it: by one caller, while the others wait.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use reqwest::StatusCode;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;

use super::{Impact, endpoints};
use crate::crm::{Affiliate, Trouble, Unanswered, access::Login, answer::Answer, client::Call};

/// A log-in that was refused is not tried again at once: whoever waited for it would lock the account.
const PATIENCE: Duration = Duration::from_secs(10);

/// Who asks for reports.
pub(super) struct Holder<'a> {
    /// The affiliate whose own log-in it is; `None` for the connection's.
    affiliate: Option<&'a str>,
    api_key: &'a SecretString,
    login: &'a Login,
}

impl Holder<'_> {
    /// Whether it is an affiliate's own.
    pub(super) fn is_own(&self) -> bool {
        self.affiliate.is_some()
    }
}

/// The tokens of all holders.
#[derive(Default)]
pub(super) struct Sessions(Mutex<HashMap<Option<String>, Arc<tokio::sync::Mutex<Session>>>>);

#[derive(Default)]
struct Session {
    /// Counts the log-ins, so that whoever was refused with an older token asks for no newer one than there is.
    number: u64,
    token: Option<SecretString>,
    refused: Option<(Instant, Trouble)>,
}

struct Token {
    number: u64,
    secret: SecretString,
}

impl Sessions {
    fn of(&self, holder: &Holder<'_>) -> Arc<tokio::sync::Mutex<Session>> {
        // Nothing panics while it holds the lock; if it did, what is inside would still be whole.
        let mut all = self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        all.entry(holder.affiliate.map(str::to_owned)).or_default().clone()
    }
}

impl Impact {
    /// An affiliate's own log-in, where it has one, or the connection's.
    pub(super) fn holder<'a>(&'a self, affiliate: Option<&'a Affiliate>) -> Result<Holder<'a>, Unanswered> {
        let own = affiliate.and_then(|affiliate| Some((affiliate, affiliate.credential.as_deref()?)));
        if let Some((affiliate, credential)) = own
            && let Some(login) = &credential.login
        {
            let api_key = credential.api_key.as_ref().unwrap_or(&self.api_key);
            return Ok(Holder { affiliate: Some(&affiliate.id), api_key, login });
        }
        let login = self.login.as_ref().ok_or_else(|| Unanswered::Denied(Trouble::new("the connection has no login")))?;
        Ok(Holder { affiliate: None, api_key: &self.api_key, login })
    }

    /// Asks with the holder's token. A token that stopped working is renewed once.
    pub(super) async fn asked(
        &self,
        holder: &Holder<'_>,
        call: impl Fn(Call) -> Call,
        operation: &'static str,
    ) -> Result<Answer, Unanswered> {
        let with = |token: &Token| call(self.call(operation, holder.api_key)).secret(super::AUTH_TOKEN, "", &token.secret).long();
        let token = self.token(holder, None).await?;
        let answer = self.network.send(with(&token)).await?;
        if answer.status != StatusCode::UNAUTHORIZED {
            return Ok(answer);
        }
        let token = self.token(holder, Some(token.number)).await?;
        Ok(self.network.send(with(&token)).await?)
    }

    /// The holder's token, but not that of the log-in `refused`.
    async fn token(&self, holder: &Holder<'_>, refused: Option<u64>) -> Result<Token, Unanswered> {
        let session = self.sessions.of(holder);
        // Whoever comes while another logs in waits here, and finds the new token.
        let mut session = session.lock().await;
        let number = session.number;
        if let Some(token) = session.token.as_ref().filter(|_| refused != Some(number)) {
            return Ok(Token { number, secret: token.clone() });
        }
        if let Some((since, trouble)) = session.refused.as_ref().filter(|(since, _)| since.elapsed() < PATIENCE) {
            let seconds = since.elapsed().as_secs();
            return Err(Unanswered::Denied(Trouble {
                detail: format!("{} ({seconds} s ago; not tried again yet)", trouble.detail),
                status: trouble.status,
            }));
        }
        session.token = None;
        match self.log_in(holder).await {
            Ok(token) => {
                *session = Session { number: number + 1, token: Some(token.clone()), refused: None };
                Ok(Token { number: number + 1, secret: token })
            }
            Err(error) => {
                if let Unanswered::Denied(trouble) = &error {
                    session.refused = Some((Instant::now(), trouble.clone()));
                }
                Err(error)
            }
        }
    }

    async fn log_in(&self, holder: &Holder<'_>) -> Result<SecretString, Unanswered> {
        #[derive(Deserialize)]
        struct LoggedIn {
            token: String,
        }
        let Login { user, password } = holder.login;
        let body = json!({"email": user.expose_secret(), "password": password.expose_secret(), "rememberMe": true});
        let answer = self.network.send(self.call(endpoints::LOG_IN, holder.api_key).json(&body)).await?;
        let LoggedIn { token } = answer.read()?;
        if token.is_empty() || token.bytes().any(|byte| !(0x21..=0x7e).contains(&byte)) {
            return Err(Unanswered::Unreadable(answer.trouble("the log-in's token is no such text")));
        }
        Ok(SecretString::from(token))
    }
}
