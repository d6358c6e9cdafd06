//! What a funnel asks of a visitor's browser before it takes a signup: work, or a captcha, as it is configured; and work of every
//! visitor while it is under attack, instead of refusing everybody.
//!
//! A proof that cannot be had (no script; a captcha that a browser cannot load) is no proof of a bot: the signup is kept as suspect,
//! and a person looks. So it is where whoever sells the captcha cannot be asked.

use std::time::Instant;

use jiff::Timestamp;

use super::{
    attack::Attacks,
    form_token::Visit,
    work::{self, Taken},
};
use crate::{
    captcha::Verdict,
    config::Work,
    funnel::{Challenge, Funnel},
    keys::Keyring,
    store::Reason,
};

/// The longest proof that a captcha is asked about, in bytes.
const LONGEST: usize = 16 * 1024;

/// What is asked of one visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// The text that the browser works on.
    Work(String),
    Captcha,
}

/// What stands before the signups of all funnels.
pub(super) struct Challenges {
    work: Work,
    attacks: Attacks,
    taken: Taken,
}

impl Challenges {
    pub(super) fn new(work: Work) -> Challenges {
        Challenges { attacks: Attacks::new(work.attack_per_minute), taken: Taken::default(), work }
    }

    /// A signup has come, whatever becomes of it.
    pub(super) fn count(&self, funnel: &Funnel) {
        self.attacks.count(&funnel.id, Instant::now());
    }

    /// What is asked of a visit that begins now, until its token is over.
    pub(super) fn ask(&self, keys: &Keyring, funnel: &Funnel, visit: Visit, until: Timestamp) -> Option<Asked> {
        let is_attacked = self.is_attacked(funnel);
        let bits = if is_attacked { self.work.bits_under_attack } else { self.work.bits };
        match self.wanted(funnel)? {
            Challenge::Work => Some(Asked::Work(work::task(keys, &funnel.id, visit.id, bits, until))),
            Challenge::Captcha(_) => Some(Asked::Captcha),
        }
    }

    /// Looks at what came with a signup that is right otherwise: proofs are good once. The error is its code; what is not proved nor
    /// disproved is to be looked at.
    pub(super) async fn check(
        &self,
        keys: &Keyring,
        funnel: &Funnel,
        visit: Visit,
        proof: Option<&str>,
        now: Timestamp,
    ) -> Result<Option<Reason>, &'static str> {
        let Some(wanted) = self.wanted(funnel) else { return Ok(None) };
        let proof = proof.ok_or("required")?;
        if proof.is_empty() {
            return Ok(Some(Reason::NoProof));
        }
        match wanted {
            Challenge::Work => self.taken.take(keys, &funnel.id, visit.id, proof, now).map(|()| None).map_err(|bad| bad.code()),
            Challenge::Captcha(_) if proof.len() > LONGEST => Err("invalid"),
            Challenge::Captcha(captcha) => match captcha.verify(proof).await {
                Verdict::Solved => Ok(None),
                Verdict::NotSolved => Err("invalid"),
                Verdict::Unavailable => Ok(Some(Reason::CaptchaUnavailable)),
            },
        }
    }

    pub(super) fn tidy(&self, now: Timestamp) {
        self.attacks.tidy(Instant::now());
        self.taken.tidy(now);
    }

    fn wanted(&self, funnel: &Funnel) -> Option<Challenge> {
        funnel.challenge.clone().or_else(|| self.is_attacked(funnel).then_some(Challenge::Work))
    }

    fn is_attacked(&self, funnel: &Funnel) -> bool {
        self.attacks.is_under_way(&funnel.id, Instant::now())
    }
}
