//! Looking up a list of leads, in the affiliate's own buckets and no others.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use latchkey_contract::partner::{BucketAnswer, BucketLead, BucketQuestion, KeyBy, MOST_KEYS, Scope};

use super::{Partners, Refusal, mask, tokens::Asker};
use crate::crm::{BucketWish, Unanswered};

/// The longest e-mail or id, in bytes.
const LONGEST_KEY: usize = 320;
const MOST_LEADS: u64 = 1_000;

impl Partners {
    pub(crate) async fn look_up(
        &self,
        asker: &Asker,
        bucket: &str,
        source: Option<&str>,
        question: &BucketQuestion,
    ) -> Result<BucketAnswer, Refusal> {
        self.demand(asker, Scope::Buckets)?;
        let (partner, offers) = self.crm(asker)?;
        if !offers.buckets {
            return Err(Refusal::NotOffered);
        }
        let affiliate = asker.affiliate();
        let known = affiliate.buckets.iter().find(|known| known.id == bucket).ok_or(Refusal::UnknownBucket)?;
        if source.is_some_and(|source| !known.sources.iter().any(|own| own == source)) {
            return Err(Refusal::UnknownBucket);
        }
        check(question)?;
        let (emails, ids) = (trimmed(&question.emails), trimmed(&question.ids));
        let created = question.filters.as_ref().and_then(|filters| filters.created_date.as_ref()).map(range).transpose()?;
        // By ids, since two leads may have one address; and an address that nobody asked by is not told as a key either.
        let wish = BucketWish {
            bucket,
            source,
            emails: &emails,
            ids: &ids,
            key_by: KeyBy::Id,
            created,
            limit: question.limit,
            offset: question.offset,
        };
        let leads = partner.bucket_leads(affiliate, &wish).await.map_err(|error| match error {
            Unanswered::Refused(_) => {
                Refusal::invalid("bucket", "refused", "the broker's system does not open this bucket to this affiliate")
            }
            error => Refusal::unanswered(&affiliate.connection, "bucket", &error),
        })?;
        let asked: BTreeSet<String> = emails.iter().map(|email| email.to_lowercase()).collect();
        Ok(BucketAnswer { leads: shown(leads, question.key_by, &asked, asker.is_personal()) })
    }
}

/// Under the keys that are wanted, with the addresses that may be seen. Of two with one address the one created last stays.
fn shown(leads: BTreeMap<String, BucketLead>, key_by: KeyBy, asked: &BTreeSet<String>, is_personal: bool) -> BTreeMap<String, BucketLead> {
    let mut all = BTreeMap::<String, BucketLead>::new();
    for (id, mut lead) in leads {
        let may_be_seen = |email: &str| is_personal || asked.contains(&email.to_lowercase());
        let key = match (key_by, lead.email.as_deref().filter(|email| may_be_seen(email))) {
            (KeyBy::Email, Some(email)) => email.to_owned(),
            // Without an id it stands under its address.
            _ if id.contains('@') && !may_be_seen(&id) => mask::email(&id),
            _ => id,
        };
        lead.email = lead.email.map(|email| if may_be_seen(&email) { email } else { mask::email(&email) });
        if all.get(&key).is_none_or(|known| known.created <= lead.created) {
            all.insert(key, lead);
        }
    }
    all
}

fn check(question: &BucketQuestion) -> Result<(), Refusal> {
    if question.emails.len() + question.ids.len() > MOST_KEYS {
        return Err(Refusal::invalid("emails", "range", format!("at most {MOST_KEYS} e-mails and ids are looked up at once")));
    }
    for (name, keys) in [("emails", &question.emails), ("ids", &question.ids)] {
        if keys.iter().any(|key| key.trim().is_empty() || key.len() > LONGEST_KEY) {
            return Err(Refusal::invalid(name, "length", "one is empty, or too long"));
        }
    }
    if question.limit.is_some_and(|limit| !(1..=MOST_LEADS).contains(&limit)) {
        return Err(Refusal::invalid("limit", "range", format!("has to be a number from 1 to {MOST_LEADS}")));
    }
    Ok(())
}

fn trimmed(keys: &[String]) -> Vec<String> {
    keys.iter().map(|key| key.trim().to_owned()).collect()
}

fn range(dates: &[String; 2]) -> Result<[Timestamp; 2], Refusal> {
    let wrong = |message: &str| Refusal::invalid("filters.createdDate", "date", message);
    let read = |text: &String| {
        let milliseconds = || Timestamp::from_millisecond(text.parse().ok()?).ok();
        text.parse().ok().or_else(milliseconds).filter(|at| *at >= Timestamp::UNIX_EPOCH).ok_or_else(|| wrong("is no date and time"))
    };
    let [from, to] = [read(&dates[0])?, read(&dates[1])?];
    if from > to { Err(wrong("ends before it begins")) } else { Ok([from, to]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_to_whoever_asked_by_it() {
        let lead = |id: &str, email: &str, created: &str| {
            (
                id.to_owned(),
                BucketLead {
                    id: Some(id.to_owned()),
                    email: Some(email.to_owned()),
                    created: Some(created.to_owned()),
                    ..BucketLead::default()
                },
            )
        };
        let leads = BTreeMap::from([
            lead("1", "Jane@mail.example", "2026"),
            lead("2", "joe@mail.example", "2025"),
            lead("3", "jane@mail.example", "2024"),
        ]);
        let asked = BTreeSet::from(["jane@mail.example".to_owned()]);
        let seen = shown(leads.clone(), KeyBy::Email, &asked, false);
        assert_eq!(seen.keys().collect::<Vec<_>>(), ["2", "Jane@mail.example", "jane@mail.example"]);
        assert_eq!(seen["2"].email.as_deref(), Some("j***@m***.example"));
        let seen = shown(leads, KeyBy::Id, &BTreeSet::new(), true);
        assert_eq!(seen["2"].email.as_deref(), Some("joe@mail.example"));
    }
}
