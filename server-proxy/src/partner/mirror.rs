//! The mirror: an affiliate's records, read from the CRM into our store. It is brought up to date when somebody looks and it is older
//! than it ought to be, by one proxy at a time; whoever looks is answered at once with what is there, and told how old that is.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use jiff::Timestamp;
use latchkey_contract::partner::Age;
use tokio::sync::Notify;

use super::{
    Partners, Refusal, Shown,
    tokens::{Asker, seconds},
};
use crate::{
    crm::{Accounts, Extent, Partner, RecordKind, Sink, Unanswered},
    store::{Freshness, Mirror, StoreError},
};

/// A CRM that did not answer is left alone for so long.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long a proxy that has died in the middle keeps others from going on.
const LEASE: Duration = Duration::from_secs(60);
/// So much more is read again than has passed: clocks differ, and what was being written was not shown yet.
const OVERLAP: Duration = Duration::from_secs(10 * 60);
/// With so few records, everything is read each time.
const FEW: u64 = 2_000;
/// Whoever looks first of all waits so long for what comes.
const FIRST_WAIT: Duration = Duration::from_millis(1_500);

/// Why a mirror is not brought up to date.
#[derive(Debug, thiserror::Error)]
enum Failed {
    #[error(transparent)]
    Crm(#[from] Unanswered),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("another proxy goes on with it")]
    Lost,
}

impl Partners {
    /// How old the asker's mirror is. Has it brought up to date where that is due.
    pub(super) async fn freshen(self: &Arc<Self>, asker: &Asker) -> Result<Age, Refusal> {
        let key = asker.shown().mirror_key();
        let mirror = self.store.mirror(&key).await?;
        let reading = self.begin(asker.shown(), &key, mirror).await?;
        match reading {
            Some(reading) if mirror.as_of == 0 => {
                let read = reading.notified();
                tokio::pin!(read);
                read.as_mut().enable();
                // Over already, where it is not among those that are under way.
                if self.reading.lock().unwrap_or_else(std::sync::PoisonError::into_inner).contains_key(&key) {
                    let _ = tokio::time::timeout(FIRST_WAIT, read).await;
                }
                self.age(&key, self.store.mirror(&key).await?)
            }
            _ => self.age(&key, mirror),
        }
    }

    fn age(&self, key: &str, mirror: Mirror) -> Result<Age, Refusal> {
        let as_of = (mirror.as_of > 0).then(|| Timestamp::from_millisecond(mirror.as_of).ok()).flatten().map(seconds);
        let is_ours = self.reading.lock().unwrap_or_else(std::sync::PoisonError::into_inner).contains_key(key);
        let syncing = is_ours || mirror.held_until > self.store.now().as_millisecond();
        Ok(Age { as_of, stale: mirror.failed_at > 0, syncing })
    }

    /// Begins to read where that is due, in a task of its own: who asked may leave.
    async fn begin(self: &Arc<Self>, shown: &Arc<Shown>, key: &str, mirror: Mirror) -> Result<Option<Arc<Notify>>, Refusal> {
        if let Some(reading) = self.reading.lock().unwrap_or_else(std::sync::PoisonError::into_inner).get(key) {
            return Ok(Some(reading.clone()));
        }
        let now = self.store.now().as_millisecond();
        let passed = |since: i64| Duration::from_millis(u64::try_from(now.saturating_sub(since)).unwrap_or(u64::MAX));
        // Looking costs no write.
        if mirror.held_until > now
            || passed(mirror.as_of) < self.settings.fresh
            || (mirror.failed_at > 0 && passed(mirror.failed_at) < PATIENCE)
        {
            return Ok(None);
        }
        let done = Arc::new(Notify::new());
        {
            let mut reading = self.reading.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            if let Some(reading) = reading.get(key) {
                return Ok(Some(reading.clone()));
            }
            reading.insert(key.to_owned(), done.clone());
        }
        let (partners, shown, key) = (self.clone(), shown.clone(), key.to_owned());
        let told = done.clone();
        tokio::spawn(async move {
            // Let go of also where reading panics.
            let _reading = Under { partners: partners.clone(), key: key.clone(), done: told };
            if let Err(error) = partners.bring_up_to_date(&shown, &key).await {
                tracing::warn!(affiliate = shown.affiliate.id, connection = shown.affiliate.connection, %error, "a mirror is not brought up to date");
            }
        });
        Ok(Some(done))
    }

    async fn bring_up_to_date(&self, shown: &Shown, key: &str) -> Result<(), Failed> {
        let Some(crm) = self.connections.get(&shown.affiliate.connection).and_then(|crm| crm.partner()) else { return Ok(()) };
        let when = Freshness { fresh: self.settings.fresh, patience: PATIENCE, lease: LEASE };
        let Some(before) = self.store.hold_mirror(key, when).await? else { return Ok(()) };
        let started = self.store.now();
        let extent = self.extent(key, before, started).await?;
        let read = self.read_all(&Reading { crm, shown, key, extent, started }).await;
        let released = read.as_ref().ok().map(|()| started.as_millisecond());
        if !matches!(read, Err(Failed::Lost)) {
            self.store.release_mirror(key, released, extent == Extent::Whole).await?;
        }
        read
    }

    async fn extent(&self, key: &str, before: Mirror, now: Timestamp) -> Result<Extent, StoreError> {
        let whole = Timestamp::from_millisecond(before.whole_as_of).ok().filter(|_| before.whole_as_of > 0 && before.as_of > 0);
        let is_due = whole.is_none_or(|at| now.duration_since(at).unsigned_abs() >= self.settings.whole);
        if is_due || self.store.people(key).await? <= FEW {
            return Ok(Extent::Whole);
        }
        Ok(Timestamp::from_millisecond(before.as_of).ok().and_then(|at| at.checked_sub(OVERLAP).ok()).map_or(Extent::Whole, Extent::Since))
    }

    async fn read_all(&self, reading: &Reading<'_>) -> Result<(), Failed> {
        let Reading { crm, shown, key, extent, started } = *reading;
        let offers = crm.offers();
        let (mut touched, mut refused, mut answered) = (BTreeSet::new(), None, false);
        for kind in offers.kinds.iter().copied() {
            match self.read_kind(reading, kind, &mut touched).await {
                Ok(()) => {
                    answered = true;
                    if extent == Extent::Whole {
                        self.store.forget_records(key, Some(kind), started.as_millisecond()).await?;
                    }
                }
                // What the affiliate's credential does not open is not there; what it does open is.
                Err(Failed::Crm(error @ (Unanswered::Denied(_) | Unanswered::Unsupported))) => {
                    tracing::warn!(affiliate = shown.affiliate.id, kind = kind.as_str(), %error, "the CRM does not show an affiliate's records");
                    refused = Some(error);
                }
                Err(error) => return Err(error),
            }
        }
        if offers.joins_people {
            if extent == Extent::Whole {
                touched.extend(self.store.depositors(key).await?);
            }
            self.store.find_deposits(key, &touched).await?;
        }
        match refused {
            Some(error) if !answered => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Reads one kind and keeps it, page by page. `touched`: whose transactions came.
    async fn read_kind(&self, reading: &Reading<'_>, kind: RecordKind, touched: &mut BTreeSet<String>) -> Result<(), Failed> {
        let Reading { crm, shown, key, extent, started } = *reading;
        let accounts = match kind {
            RecordKind::Transaction | RecordKind::Position => self.store.accounts(key).await?,
            _ => Accounts::new(),
        };
        let (joins_people, seen_at) = (crm.offers().joins_people, started.as_millisecond());
        let (sink, mut pages) = Sink::new();
        let accounts = &accounts;
        let read = async move { crm.read(&shown.affiliate, kind, extent, accounts, &sink).await };
        let keep = async move {
            while let Some((kind, records)) = pages.recv().await {
                if kind == RecordKind::Transaction {
                    touched.extend(records.iter().filter_map(|record| record.person.clone()));
                }
                if !self.store.mirror_records(key, kind, records, joins_people, seen_at, LEASE).await? {
                    return Err(Failed::Lost);
                }
            }
            Ok(())
        };
        let (read, kept) = tokio::join!(read, keep);
        // What cannot be kept is not read on either: its reason goes first.
        kept?;
        Ok(read?)
    }
}

/// What is read: whose, where from, how much, and since when.
#[derive(Clone, Copy)]
struct Reading<'a> {
    crm: &'a dyn Partner,
    shown: &'a Shown,
    key: &'a str,
    extent: Extent,
    started: Timestamp,
}

/// A mirror that is being read by this proxy.
struct Under {
    partners: Arc<Partners>,
    key: String,
    done: Arc<Notify>,
}

impl Drop for Under {
    fn drop(&mut self) {
        self.partners.reading.lock().unwrap_or_else(std::sync::PoisonError::into_inner).remove(&self.key);
        self.done.notify_waiters();
    }
}
