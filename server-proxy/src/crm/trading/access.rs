//! Which credential a call goes with: the kind that the document gives the operation, of whoever asks.

use reqwest::{StatusCode, header::AUTHORIZATION, header::HeaderName};
use secrecy::SecretString;

use super::{
    super::{
        Affiliate, Credential, Outcome, Trouble, Unanswered,
        access::Login,
        answer::Answer,
        client::{Call, NoAnswer},
    },
    Trading,
    operations::{Auth, Op},
};

/// The document names no header for its API keys.
const API_KEY: HeaderName = HeaderName::from_static("x-api-key");
const BEARER: &str = "Bearer ";

/// What a call is sent with.
#[derive(Clone, Copy)]
pub(super) enum Key<'a> {
    Nothing,
    ApiKey(&'a SecretString),
    Bearer(&'a SecretString),
    Login(&'a Login),
}

/// Why an operation was not answered: the call that was to be made was not, or had no whole answer.
#[derive(Debug)]
pub(super) enum Unsent {
    /// No session could be opened for it.
    NoSession(Unanswered),
    NoAnswer(NoAnswer),
}

impl<'a> Key<'a> {
    /// Of a credential, what an operation takes; `None` where it has nothing of the kind.
    pub(super) fn of(auth: Auth, credential: &'a Credential) -> Option<Key<'a>> {
        let bearer = || credential.bearer.as_ref().map(Key::Bearer).or_else(|| credential.login.as_ref().map(Key::Login));
        match auth {
            Auth::Public => Some(Key::Nothing),
            Auth::Bearer => bearer(),
            Auth::BearerOrKey => credential.api_key.as_ref().map(Key::ApiKey).or_else(bearer),
            Auth::Customer => None,
        }
    }

    /// What it is called in the configuration.
    pub(super) fn name(self) -> &'static str {
        match self {
            Key::Nothing => "the call",
            Key::ApiKey(_) => "api_key",
            Key::Bearer(_) => "bearer",
            Key::Login(_) => "login",
        }
    }
}

/// What an operation's credential may be, for whoever has to configure it.
pub(super) fn needs(auth: Auth) -> &'static str {
    match auth {
        Auth::BearerOrKey => "api_key, bearer or login",
        _ => "bearer or login",
    }
}

impl Trading {
    /// The key of whoever asks. What is an affiliate's is answered with that affiliate's own credential and no other; where no
    /// affiliate is named, it is the connection's holder who is asked about.
    pub(super) fn key<'a>(&'a self, op: Op, affiliate: Option<&'a Affiliate>) -> Result<Key<'a>, Unanswered> {
        let auth = op.auth();
        let own = affiliate.and_then(|affiliate| affiliate.credential.as_deref()).and_then(|credential| Key::of(auth, credential));
        let connections = || (affiliate.is_none() || auth == Auth::Public || op.is_about_nobody()).then_some(&self.credential);
        own.or_else(|| Key::of(auth, connections()?)).ok_or_else(|| {
            let whose = affiliate.map_or("the connection".to_owned(), |affiliate| format!("the affiliate {}", affiliate.id));
            Unanswered::Denied(Trouble::new(format!("{} takes {}, and {whose} has none", op.id(), needs(auth))))
        })
    }

    /// Makes a call. A session that has ended is opened anew, once.
    pub(super) async fn send(&self, call: Call, key: Key<'_>) -> Result<Answer, Unsent> {
        let call = match key {
            Key::Nothing => call,
            Key::ApiKey(key) => call.secret(API_KEY, "", key),
            Key::Bearer(bearer) => call.secret(AUTHORIZATION, BEARER, bearer),
            Key::Login(login) => {
                let session = self.session(login, None).await?;
                let answer = self.network.send(call.clone().secret(AUTHORIZATION, BEARER, &session.token)).await?;
                if answer.status != StatusCode::UNAUTHORIZED {
                    return Ok(answer);
                }
                let session = self.session(login, Some(&session)).await?;
                call.secret(AUTHORIZATION, BEARER, &session.token)
            }
        };
        Ok(self.network.send(call).await?)
    }
}

impl From<Unanswered> for Unsent {
    fn from(unanswered: Unanswered) -> Unsent {
        Unsent::NoSession(unanswered)
    }
}

impl From<NoAnswer> for Unsent {
    fn from(no_answer: NoAnswer) -> Unsent {
        Unsent::NoAnswer(no_answer)
    }
}

impl From<Unsent> for Unanswered {
    fn from(unsent: Unsent) -> Unanswered {
        match unsent {
            Unsent::NoSession(unanswered) => unanswered,
            Unsent::NoAnswer(no_answer) => no_answer.into(),
        }
    }
}

/// Without a session, a registration was surely not sent.
impl From<Unsent> for Outcome {
    fn from(unsent: Unsent) -> Outcome {
        let unanswered = match unsent {
            Unsent::NoAnswer(no_answer) => return no_answer.into(),
            Unsent::NoSession(unanswered) => unanswered,
        };
        match unanswered {
            Unanswered::Denied(trouble) | Unanswered::Refused(trouble) => {
                Outcome::Misconfigured(Trouble { detail: format!("the CRM does not accept login: {trouble}"), ..trouble })
            }
            Unanswered::TooMany(trouble) | Unanswered::Unreachable(trouble) | Unanswered::Unreadable(trouble) => {
                Outcome::Failed(Trouble { detail: format!("no session could be opened: {trouble}"), ..trouble })
            }
            other @ (Unanswered::Unsupported | Unanswered::Argument(_)) => Outcome::Misconfigured(Trouble::new(other.to_string())),
        }
    }
}
