//! Section "Authenticating": `POST /api/v1/auth/login` gives the token that every report asks for. The document does not say how long
//! it works: until the CRM no longer takes it.

use reqwest::StatusCode;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;

use super::{Impact, endpoints};
use crate::crm::{Affiliate, Registration, Trouble, Unanswered, access::Login, answer::Answer, client::Call, session::Session};

/// Who asks for reports.
pub(super) struct Holder<'a> {
    is_own: bool,
    api_key: &'a SecretString,
    login: &'a Login,
}

impl Holder<'_> {
    /// Whether it is an affiliate's own.
    pub(super) fn is_own(&self) -> bool {
        self.is_own
    }
}

impl Impact {
    /// An affiliate's own log-in, where it has one, or the connection's.
    pub(super) fn holder<'a>(&'a self, affiliate: Option<&'a Affiliate>) -> Result<Holder<'a>, Unanswered> {
        if let Some(credential) = affiliate.and_then(|affiliate| affiliate.credential.as_deref())
            && let Some(login) = &credential.login
        {
            let api_key = credential.api_key.as_ref().unwrap_or(&self.api_key);
            return Ok(Holder { is_own: true, api_key, login });
        }
        let login = self.login.as_ref().ok_or_else(|| Unanswered::Denied(Trouble::new("the connection has no login")))?;
        Ok(Holder { is_own: false, api_key: &self.api_key, login })
    }

    /// Whoever sees what was created with that registration's key: the same key's own log-in, or the connection's, which the document lets
    /// see everybody. An affiliate's log-in without a key of its own may see nothing of what the connection's key creates.
    pub(super) fn finder<'a>(&'a self, registration: &'a Registration) -> Result<Holder<'a>, Unanswered> {
        let own = registration.credential.as_deref().and_then(|own| own.api_key.as_ref().zip(own.login.as_ref()));
        match own {
            Some((api_key, login)) => Ok(Holder { is_own: true, api_key, login }),
            None => self.holder(None),
        }
    }

    /// Asks with the holder's token. A token that stopped working is renewed once.
    pub(super) async fn asked(
        &self,
        holder: &Holder<'_>,
        call: impl Fn(Call) -> Call,
        operation: &'static str,
    ) -> Result<Answer, Unanswered> {
        let with = |session: &Session| call(self.call(operation, holder.api_key)).secret(super::AUTH_TOKEN, "", &session.token).long();
        let session = self.session(holder, None).await?;
        let answer = self.network.send(with(&session)).await?;
        if answer.status != StatusCode::UNAUTHORIZED {
            return Ok(answer);
        }
        let session = self.session(holder, Some(&session)).await?;
        Ok(self.network.send(with(&session)).await?)
    }

    /// The holder's session; `ended` is one that the CRM no longer takes. The key is sent along, so it may be the key's as well.
    async fn session(&self, holder: &Holder<'_>, ended: Option<&Session>) -> Result<Session, Unanswered> {
        let Login { user, password } = holder.login;
        self.sessions.session(&[user, password, holder.api_key], ended, self.log_in(holder)).await
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
