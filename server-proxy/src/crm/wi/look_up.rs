//! Whether a sign-up has arrived: the look-up by e-mail in the affiliate's buckets, which hold whoever signed up with its `affiliateID`.
//!
//! The document shows no `externalId` there, so it is the e-mail and the time: who was created before we received the signup is
//! somebody else's doing. Nothing is filtered by time in the request: a CRM whose clock is wrong by more than we allow for would hide whom
//! we look for. By e-mail there are few.

use jiff::Timestamp;

use super::{
    Wi,
    buckets::{Body, CHUNK, Door, KeyBy, Lead},
};
use crate::crm::{Bucket, LookedUp, Registration, Unanswered, clock::Clocks};

/// What a lead is to the one we look for.
#[derive(Debug, PartialEq, Eq)]
enum Seen {
    Ours,
    /// An older user with the same e-mail, or another sign-up's.
    Another,
    /// Why it cannot be told.
    Unclear(&'static str),
}

impl Wi {
    pub(super) fn can_find(&self, registration: &Registration) -> bool {
        let has_token = self.identification_token(registration.credential.as_deref()).is_ok();
        has_token && registration.affiliate.is_some() && email(registration).is_some() && holding(registration).next().is_some()
    }

    pub(super) async fn find(&self, registration: &Registration, since: Timestamp) -> LookedUp {
        self.look_into_buckets(registration, since).await.unwrap_or_else(LookedUp::from)
    }

    async fn look_into_buckets(&self, registration: &Registration, since: Timestamp) -> Result<LookedUp, Unanswered> {
        let token = self.identification_token(registration.credential.as_deref())?;
        let (Some(affiliate), Some(email)) = (registration.affiliate.as_deref(), email(registration)) else {
            return Err(Unanswered::Unsupported);
        };
        // A CRM that keeps addresses in small letters may compare them letter by letter.
        let mut emails = vec![email.to_owned(), email.to_lowercase()];
        emails.dedup();
        // By id: keyed by e-mail, of two users with one address the CRM shows one.
        let body = Body { emails: &emails, key_by: Some(KeyBy::Id), limit: Some(CHUNK as u64), offset: Some(0), ..Body::default() };
        let (mut absent, mut unanswered) = (None, None);
        for bucket in holding(registration) {
            let door = Door { bucket: &bucket.id, affiliate, source: None, token };
            match self.look_into(&door, &body, registration, since).await {
                Ok(LookedUp::Absent { status }) => absent = Some(status),
                Ok(arrived @ LookedUp::Arrived { .. }) => return Ok(arrived),
                // It may be in the next one.
                unclear => unanswered = Some(unclear),
            }
        }
        unanswered.unwrap_or_else(|| absent.map(|status| LookedUp::Absent { status }).ok_or(Unanswered::Unsupported))
    }

    async fn look_into(
        &self,
        door: &Door<'_>,
        body: &Body<'_>,
        registration: &Registration,
        since: Timestamp,
    ) -> Result<LookedUp, Unanswered> {
        let (answer, leads) = self.answered(door, body).await?;
        let status = answer.status.as_u16();
        let mut unclear = (leads.len() >= CHUNK).then_some("there are more leads with this e-mail than it shows at once");
        for (key, lead) in leads {
            match seen(&lead, registration, since, &answer.clocks) {
                // Where it has no id, the key is the e-mail.
                Seen::Ours => return Ok(LookedUp::Arrived { id: lead.id.or_else(|| (!key.contains('@')).then_some(key)), status }),
                Seen::Another => {}
                Seen::Unclear(why) => unclear = Some(why),
            }
        }
        Ok(match unclear {
            Some(why) => LookedUp::Unanswered(answer.trouble(format!("bucket {}: {why}", door.bucket))),
            None => LookedUp::Absent { status },
        })
    }
}

fn email(registration: &Registration) -> Option<&str> {
    registration.fields.get("email").map(String::as_str)
}

/// The affiliate's buckets that the signup is in once it has arrived: what it says of its source is one of a bucket's own, where that
/// has some.
fn holding(registration: &Registration) -> impl Iterator<Item = &Bucket> {
    let source = registration.tracking.get("sourceId");
    registration
        .buckets
        .iter()
        .filter(move |bucket| bucket.sources.is_empty() || source.is_none_or(|source| bucket.sources.contains(source)))
}

fn seen(lead: &Lead, registration: &Registration, since: Timestamp, clocks: &Clocks) -> Seen {
    if let Some(id) = &lead.external_id {
        return if *id == registration.id.to_string() { Seen::Ours } else { Seen::Another };
    }
    let wanted = email(registration).unwrap_or_default().to_lowercase();
    if lead.email.as_ref().is_none_or(|email| email.to_lowercase() != wanted) {
        return Seen::Unclear("it answers with others than those who were asked for");
    }
    let Some(created) = lead.created_date.as_ref().and_then(|date| date.parse().ok()) else {
        return Seen::Unclear("it does not say when somebody with this e-mail was created");
    };
    match clocks.is_since(created, since) {
        Some(true) => Seen::Ours,
        Some(false) => Seen::Another,
        None => Seen::Unclear("somebody with this e-mail was created since then by our clock, and before by the CRM's"),
    }
}

#[cfg(test)]
mod tests;
