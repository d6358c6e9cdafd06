//! Form tokens: what a page is given with a visit and sends back with the signup.
//!
//! A token says when the visit began and for which funnel, signed. It is bound to no address: phones change theirs.

use std::{collections::HashMap, sync::Mutex, time::Duration};

use jiff::Timestamp;
use uuid::Uuid;

use crate::keys::Keyring;

/// How long a token is good. A page that is open for longer gets a new one for the same visit.
const GOOD_FOR: Duration = Duration::from_secs(2 * 60 * 60);
/// How long after its end a token still tells its visit.
const RENEWABLE_FOR: Duration = Duration::from_secs(12 * 60 * 60);
/// How often one visit may send: enough for a person who mends one field after the other.
const MOST_USES: u32 = 30;
const PURPOSE: &str = "form token";

/// What a token stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Visit {
    pub(super) id: Uuid,
    /// When the form was first shown, also of a renewed token.
    pub(crate) began_at: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BadToken {
    Missing,
    Forged,
    Expired,
    Spent,
}

impl BadToken {
    pub(crate) fn code(self) -> &'static str {
        match self {
            BadToken::Missing => "required",
            BadToken::Forged => "invalid",
            BadToken::Expired => "expired",
            BadToken::Spent => "spent",
        }
    }
}

/// A token and its end.
pub(crate) struct Issued {
    pub(crate) token: String,
    pub(crate) expires_at: Timestamp,
    pub(super) visit: Visit,
}

/// A token for a new visit, or for the visit that `renewed` tells.
pub(crate) fn issue(keys: &Keyring, funnel: &str, renewed: Option<Visit>, now: Timestamp) -> Issued {
    let visit = renewed.unwrap_or(Visit { id: Uuid::new_v4(), began_at: now });
    let expires_at = now + GOOD_FOR;
    let body = format!("{}.{}.{}", visit.id.simple(), visit.began_at.as_millisecond(), expires_at.as_second());
    let signature = keys.sign(PURPOSE, format!("{funnel}.{body}").as_bytes());
    Issued { token: format!("{body}.{signature}"), expires_at, visit }
}

/// Reads a token of ours, whether or not its time is over.
fn read(keys: &Keyring, funnel: &str, token: &str) -> Result<(Visit, Timestamp), BadToken> {
    let (body, signature) = token.rsplit_once('.').ok_or(BadToken::Forged)?;
    if !keys.verify(PURPOSE, format!("{funnel}.{body}").as_bytes(), signature) {
        return Err(BadToken::Forged);
    }
    let mut parts = body.split('.');
    let mut part = || parts.next().ok_or(BadToken::Forged);
    let id = part()?.parse().map_err(|_| BadToken::Forged)?;
    let began_at = part()?.parse().ok().and_then(|ms| Timestamp::from_millisecond(ms).ok()).ok_or(BadToken::Forged)?;
    let expires_at = part()?.parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok()).ok_or(BadToken::Forged)?;
    Ok((Visit { id, began_at }, expires_at))
}

/// The visit that a token is renewed for: also of one that is over, but not of one from another day.
pub(crate) fn renewable(keys: &Keyring, funnel: &str, token: &str, now: Timestamp) -> Option<Visit> {
    read(keys, funnel, token).ok().filter(|(_, expires_at)| now < *expires_at + RENEWABLE_FOR).map(|(visit, _)| visit)
}

/// Counts how often each visit has sent.
#[derive(Default)]
pub(crate) struct Uses(Mutex<HashMap<Uuid, (u32, Timestamp)>>);

impl Uses {
    /// Checks a token that comes with a signup, and counts the use.
    pub(crate) fn check(&self, keys: &Keyring, funnel: &str, token: Option<&str>, now: Timestamp) -> Result<Visit, BadToken> {
        let (visit, expires_at) = read(keys, funnel, token.ok_or(BadToken::Missing)?)?;
        if expires_at < now {
            return Err(BadToken::Expired);
        }
        // A poisoned lock only says that a thread panicked between two counts.
        let mut uses = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let (count, last) = uses.entry(visit.id).or_insert((0, expires_at));
        *count += 1;
        *last = expires_at.max(*last);
        if *count > MOST_USES { Err(BadToken::Spent) } else { Ok(visit) }
    }

    /// Forgets visits whose tokens are over.
    pub(crate) fn tidy(&self, now: Timestamp) {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).retain(|_, (_, expires_at)| *expires_at + RENEWABLE_FOR >= now);
    }
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;

    use super::*;

    fn keys(secret: &str) -> Keyring {
        Keyring::new(&[SecretString::from(secret)]).expect("a key")
    }

    #[test]
    fn a_token_is_good_for_its_funnel_and_time() {
        let (keys, uses, now) = (keys("made-up one"), Uses::default(), Timestamp::UNIX_EPOCH + Duration::from_secs(1_000_000));
        let issued = issue(&keys, "eu", None, now);
        let check = |funnel, token: &str, at| uses.check(&keys, funnel, Some(token), at);
        let visit = check("eu", &issued.token, now).expect("good");
        assert_eq!(visit.began_at, now);
        assert_eq!(check("us", &issued.token, now), Err(BadToken::Forged));
        assert_eq!(check("eu", &issued.token, issued.expires_at + Duration::from_secs(1)), Err(BadToken::Expired));
        assert_eq!(check("eu", &issued.token.replacen('1', "2", 1), now), Err(BadToken::Forged));
        assert_eq!(uses.check(&self::keys("made-up two"), "eu", Some(&issued.token), now), Err(BadToken::Forged));
        for forged in ["", ".", "a.b.c.d", "....."] {
            assert_eq!(check("eu", forged, now), Err(BadToken::Forged), "{forged}");
        }
        assert_eq!(uses.check(&keys, "eu", None, now), Err(BadToken::Missing));
    }

    #[test]
    fn a_renewed_token_keeps_the_visit_and_its_uses() {
        let (keys, uses, now) = (keys("made-up one"), Uses::default(), Timestamp::UNIX_EPOCH);
        let first = issue(&keys, "eu", None, now);
        for _ in 0..MOST_USES {
            assert!(uses.check(&keys, "eu", Some(&first.token), now).is_ok());
        }
        let (visit, _) = read(&keys, "eu", &first.token).expect("ours");
        let later = now + GOOD_FOR;
        let second = issue(&keys, "eu", Some(visit), later);
        assert_eq!(read(&keys, "eu", &second.token).expect("ours").0, visit);
        assert_eq!(uses.check(&keys, "eu", Some(&second.token), later), Err(BadToken::Spent));
        uses.tidy(later + GOOD_FOR * 2 + RENEWABLE_FOR);
        assert!(uses.0.lock().expect("a lock").is_empty());
    }
}
