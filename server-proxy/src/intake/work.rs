//! Proof of work: a browser looks for a number that, behind a text of ours, has a hash that begins with so many zero bits.
//!
//! The text is `visit.bits.end.signature`: whose it is, how hard, until when, and signed. What is hashed is `signature.number`, which
//! fits into one block of SHA-256. `widgets/loader/work.js` does it. A proof is good once, for its visit and its funnel.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::keys::Keyring;

const PURPOSE: &str = "proof of work";
/// The longest proof: what is longer is none.
const LONGEST: usize = 128;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BadProof {
    /// Not ours, of another visit, or not solved.
    Invalid,
    Expired,
    Spent,
}

impl BadProof {
    pub(super) fn code(self) -> &'static str {
        match self {
            BadProof::Invalid => "invalid",
            BadProof::Expired => "expired",
            BadProof::Spent => "spent",
        }
    }
}

/// What a visit's browser has to work on.
pub(super) fn task(keys: &Keyring, funnel: &str, visit: Uuid, bits: u8, until: Timestamp) -> String {
    let body = format!("{}.{bits}.{}", visit.simple(), until.as_second());
    let signature = keys.sign(PURPOSE, format!("{funnel}.{body}").as_bytes());
    format!("{body}.{signature}")
}

/// The proofs that were taken, until their time is over.
#[derive(Default)]
pub(super) struct Taken(Mutex<HashMap<String, Timestamp>>);

impl Taken {
    /// Takes a proof of that visit, once.
    pub(super) fn take(&self, keys: &Keyring, funnel: &str, visit: Uuid, proof: &str, now: Timestamp) -> Result<(), BadProof> {
        let (task, until) = solved(keys, funnel, visit, proof).ok_or(BadProof::Invalid)?;
        if until < now {
            return Err(BadProof::Expired);
        }
        // A poisoned lock only says that a thread panicked between two proofs.
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if taken.insert(task.to_owned(), until).is_some() { Err(BadProof::Spent) } else { Ok(()) }
    }

    /// Forgets what would not be taken any more.
    pub(super) fn tidy(&self, now: Timestamp) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|_, until| *until >= now);
    }
}

/// The task that a proof solves, and its end.
fn solved<'a>(keys: &Keyring, funnel: &str, visit: Uuid, proof: &'a str) -> Option<(&'a str, Timestamp)> {
    if proof.len() > LONGEST {
        return None;
    }
    let (task, number) = proof.rsplit_once('.')?;
    let (body, signature) = task.rsplit_once('.')?;
    if !keys.verify(PURPOSE, format!("{funnel}.{body}").as_bytes(), signature) {
        return None;
    }
    let mut parts = body.split('.');
    let whose: Uuid = parts.next()?.parse().ok()?;
    let bits: u32 = parts.next()?.parse().ok()?;
    let until = Timestamp::from_second(parts.next()?.parse().ok()?).ok()?;
    let hash = Sha256::digest(format!("{signature}.{number}"));
    let beginning = u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]);
    (whose == visit && beginning.leading_zeros() >= bits).then_some((task, until))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use secrecy::SecretString;

    use super::*;

    fn solve(keys: &Keyring, visit: Uuid, task: &str) -> String {
        let taken = Taken::default();
        let now = Timestamp::UNIX_EPOCH;
        let proofs = (0..u32::MAX).map(|number| format!("{task}.{number}"));
        proofs.into_iter().find(|proof| taken.take(keys, "eu", visit, proof, now).is_ok()).expect("there is a number")
    }

    #[test]
    fn a_proof_is_good_once_for_its_visit_and_time() {
        let keys = Keyring::new(&[SecretString::from("made-up one")]).expect("a key");
        let (now, visit) = (Timestamp::UNIX_EPOCH, Uuid::new_v4());
        let until = now + Duration::from_secs(60);
        let task = task(&keys, "eu", visit, 8, until);
        let proof = solve(&keys, visit, &task);
        let taken = Taken::default();
        let take = |funnel, visit, proof: &str, now| taken.take(&keys, funnel, visit, proof, now);
        assert_eq!(take("us", visit, &proof, now), Err(BadProof::Invalid));
        assert_eq!(take("eu", Uuid::new_v4(), &proof, now), Err(BadProof::Invalid));
        assert_eq!(take("eu", visit, &proof, until + Duration::from_secs(1)), Err(BadProof::Expired));
        assert_eq!(take("eu", visit, &proof.replacen(".8.", ".0.", 1), now), Err(BadProof::Invalid), "how hard it is, is signed");
        for none in ["", ".", "a.b", &format!("{task}."), &"1.".repeat(100)] {
            assert_eq!(take("eu", visit, none, now), Err(BadProof::Invalid), "{none}");
        }
        assert_eq!(take("eu", visit, &proof, now), Ok(()));
        assert_eq!(take("eu", visit, &proof, now), Err(BadProof::Spent));
        taken.tidy(until + Duration::from_secs(1));
        assert!(taken.0.lock().expect("a lock").is_empty());
    }

    #[test]
    fn it_is_work() {
        let keys = Keyring::new(&[SecretString::from("made-up one")]).expect("a key");
        let (now, visit) = (Timestamp::UNIX_EPOCH, Uuid::new_v4());
        let task = task(&keys, "eu", visit, 12, now);
        let taken = Taken::default();
        let good = (0..1000).filter(|number| taken.take(&keys, "eu", visit, &format!("{task}.{number}"), now) != Err(BadProof::Invalid));
        assert!(good.count() < 10, "one in 4,096 is good");
    }
}
