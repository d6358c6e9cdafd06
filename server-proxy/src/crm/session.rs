//! Log-ins, where a CRM answers only to what one of them gives. It is kept for all who log in with the same, and renewed when the CRM
//! no longer takes it: by one caller, while the others wait and share what comes of it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use tokio::time::Instant;

use super::{Trouble, Unanswered};

/// A log-in that was refused is not tried again at once: a CRM may lock one that fails often.
const PATIENCE: Duration = Duration::from_secs(10);

/// The sessions of every log-in that was used, by a digest of it.
#[derive(Default)]
pub(super) struct Sessions(Mutex<HashMap<[u8; 32], Arc<tokio::sync::Mutex<Slot>>>>);

#[derive(Default)]
struct Slot {
    open: Option<Session>,
    /// When the last try failed, and why.
    failed: Option<(Instant, Unanswered)>,
    /// Counts the sessions, so that whoever was refused with an older one asks for no newer one than there is.
    opened: u64,
}

/// What a log-in gave.
#[derive(Clone)]
pub(super) struct Session {
    pub(super) token: SecretString,
    /// The how-manieth it is of its log-in.
    number: u64,
}

impl Sessions {
    /// The session of whoever shows the CRM these secrets to log in. `ended` is one that the CRM no longer takes; `log_in` is awaited
    /// only where it is needed.
    pub(super) async fn session(
        &self,
        shown: &[&SecretString],
        ended: Option<&Session>,
        log_in: impl Future<Output = Result<SecretString, Unanswered>>,
    ) -> Result<Session, Unanswered> {
        let since = Instant::now();
        let slot = self.slot(shown);
        let mut slot = slot.lock().await;
        if let Some(open) = &slot.open
            && ended.is_none_or(|ended| ended.number < open.number)
        {
            return Ok(open.clone());
        }
        if let Some(why) = slot.failed.as_ref().and_then(|(at, why)| still_fails(*at, why, since)) {
            return Err(why);
        }
        slot.open = None;
        match log_in.await {
            Ok(token) => {
                let number = slot.opened + 1;
                let session = Session { token, number };
                *slot = Slot { open: Some(session.clone()), failed: None, opened: number };
                Ok(session)
            }
            Err(why) => {
                slot.failed = Some((Instant::now(), why.clone()));
                Err(why)
            }
        }
    }

    fn slot(&self, shown: &[&SecretString]) -> Arc<tokio::sync::Mutex<Slot>> {
        let each = |digest: Sha256, secret: &&SecretString| digest.chain_update(Sha256::digest(secret.expose_secret()));
        let digest = shown.iter().fold(Sha256::new(), each).finalize().into();
        // Nothing panics while it holds the lock; if it did, what is inside would still be whole.
        self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).entry(digest).or_default().clone()
    }
}

/// What somebody who has waited since then is told of a try that failed; `None` where they may try themselves.
fn still_fails(at: Instant, why: &Unanswered, since: Instant) -> Option<Unanswered> {
    if at > since {
        return Some(why.clone());
    }
    let ago = at.elapsed();
    if ago >= PATIENCE {
        return None;
    }
    let again = |trouble: &Trouble| Trouble {
        detail: format!("{} ({} s ago; not tried again yet)", trouble.detail, ago.as_secs()),
        ..trouble.clone()
    };
    match why {
        Unanswered::Denied(trouble) => Some(Unanswered::Denied(again(trouble))),
        Unanswered::Refused(trouble) => Some(Unanswered::Refused(again(trouble))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[derive(Default)]
    struct Crm {
        sessions: Sessions,
        log_ins: AtomicUsize,
    }

    impl Crm {
        async fn ask(&self, user: &str, ended: Option<&Session>, answer: Result<(), Unanswered>) -> Result<Session, Unanswered> {
            let log_in = async {
                let number = self.log_ins.fetch_add(1, Ordering::SeqCst) + 1;
                tokio::time::sleep(Duration::from_millis(100)).await;
                answer.map(|()| SecretString::from(format!("token-{number}")))
            };
            self.sessions.session(&[&SecretString::from(user), &SecretString::from("password")], ended, log_in).await
        }

        fn log_ins(&self) -> usize {
            self.log_ins.load(Ordering::SeqCst)
        }
    }

    fn token(session: &Result<Session, Unanswered>) -> &str {
        session.as_ref().expect("a session").token.expose_secret()
    }

    fn denied() -> Unanswered {
        Unanswered::Denied(Trouble::of(401, "wrong password"))
    }

    #[tokio::test(start_paused = true)]
    async fn one_logs_in_for_all_who_show_the_same() {
        let crm = Crm::default();
        let (first, second, other) = tokio::join!(crm.ask("a", None, Ok(())), crm.ask("a", None, Ok(())), crm.ask("b", None, Ok(())));
        assert_eq!((token(&first), token(&second), token(&other)), ("token-1", "token-1", "token-2"));
        let ended = first.as_ref().ok();
        let (first, second) = tokio::join!(crm.ask("a", ended, Ok(())), crm.ask("a", ended, Ok(())));
        assert_eq!((token(&first), token(&second)), ("token-3", "token-3"));
        assert_eq!((token(&crm.ask("a", ended, Ok(())).await), crm.log_ins()), ("token-3", 3), "there is a newer one already");
    }

    #[tokio::test(start_paused = true)]
    async fn a_refused_log_in_is_shared_and_then_waits() {
        let crm = Crm::default();
        let (first, second) = tokio::join!(crm.ask("a", None, Err(denied())), crm.ask("a", None, Ok(())));
        assert_eq!((first.err(), second.err(), crm.log_ins()), (Some(denied()), Some(denied()), 1));
        tokio::time::sleep(Duration::from_secs(3)).await;
        let why = crm.ask("a", None, Ok(())).await.err();
        assert_eq!(why, Some(Unanswered::Denied(Trouble::of(401, "wrong password (3 s ago; not tried again yet)"))));
        assert_eq!(crm.log_ins(), 1);
        assert!(crm.ask("b", None, Ok(())).await.is_ok(), "it is another's");
        tokio::time::sleep(Duration::from_secs(7)).await;
        assert_eq!(token(&crm.ask("a", None, Ok(())).await), "token-3");
    }

    #[tokio::test(start_paused = true)]
    async fn a_log_in_without_an_answer_is_shared_and_may_be_tried_again() {
        let crm = Crm::default();
        let down = || Unanswered::Unreachable(Trouble::new("no answer"));
        let (first, second) = tokio::join!(crm.ask("a", None, Err(down())), crm.ask("a", None, Ok(())));
        assert_eq!((first.err(), second.err(), crm.log_ins()), (Some(down()), Some(down()), 1));
        tokio::time::sleep(Duration::from_millis(1)).await;
        assert_eq!(token(&crm.ask("a", None, Ok(())).await), "token-2");
    }
}
