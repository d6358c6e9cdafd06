//! Where signups are kept: in one SQLite file, or on a PostgreSQL server that several proxies share. What was answered survives
//! `kill -9` and a power cut.
//!
//! The SQL is the same for both, through sqlx's `Any` driver: texts, 64-bit integers and bytes only.
//!
//! | file | |
//! |---|---|
//! | `database` | how either is opened, and brought up to date |
//! | `change` | what changes a row, in transactions: on SQLite all changes that have gathered are one |
//! | `clock` | the queue's time |
//! | `signup`, `attempt` | what is kept |
//! | `keep` | a signup's way in |
//! | `queue` | its way out: claims, leases, and how attempts end |
//! | `ticket`, `given`, `read` | links and their tickets, what CRMs gave, what is asked for |
//! | `alerts` | what operators are to be told of |
//! | `forget` | what goes, and the evidence of consent that stays |
//! | `partner` | what an affiliate's dashboard is made of |
//! | `seal` | sealing anew under another key |

mod alerts;
mod attempt;
mod change;
mod clock;
mod database;
mod forget;
mod given;
mod keep;
mod partner;
mod queue;
mod read;
mod seal;
mod signup;
mod ticket;

use std::{path::PathBuf, sync::Arc};

pub(crate) use alerts::{Alert, Event};
pub(crate) use attempt::{Again, Attempt, AttemptKind, Conclusion};
pub(crate) use database::{Database, Exclusive};
pub(crate) use forget::KeepDays;
pub(crate) use keep::Kept;
pub(crate) use partner::{Freshness, Key, KnownToken, Measure, Mirror, Order, Row, Search, StoredAffiliate, Sum, Wanted};
pub(crate) use queue::{Claimed, Lane, Retried};
pub(crate) use read::{Backlog, Filter, Parked};
pub(crate) use signup::{Content, Idempotency, NewSignup, Reason, Signup, State, Ticket};

use crate::keys::Keyring;

/// Signups, their attempts and their links.
pub(crate) struct Store {
    changes: change::Changes,
    reader: sqlx::AnyPool,
    engine: database::Engine,
    keys: Arc<Keyring>,
    clock: clock::Clock,
    /// Names this run of this program in its leases.
    owner: String,
    held: queue::Held,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    #[error("store.url: {}: another `latchkey serve` uses it, or is still stopping", path.display())]
    InUse { path: PathBuf },
    #[error("store.url: {}: {error}", path.display())]
    Lock { path: PathBuf, error: std::io::Error },
    #[error("store.url: {store}: {error}")]
    Open { store: String, error: sqlx::Error },
    #[error("store.url: {store}: cannot bring the tables up to date: {error}")]
    Migrate { store: String, error: sqlx::migrate::MigrateError },
    #[error(transparent)]
    Sql(#[from] sqlx::Error),
    #[error(transparent)]
    Unopenable(#[from] crate::keys::Unopenable),
    /// Something else than this program wrote there, or a newer version of it did.
    #[error("a row holds what this version does not know: {0}")]
    Unreadable(String),
    #[error("the store cannot be written: {0}")]
    Unwritable(String),
    #[error("the store is being closed")]
    Closed,
}

impl StoreError {
    /// Whether another row is in the way.
    pub(crate) fn is_conflict(&self) -> bool {
        matches!(self, StoreError::Sql(sqlx::Error::Database(error)) if error.is_unique_violation())
    }
}

/// Binds what is sealed to its column and row.
fn place(column: &str, id: uuid::Uuid) -> String {
    format!("signups/{column}/{id}")
}

/// `$3, $4, $5`: so many parameters, from that one on.
fn parameters(first: usize, count: usize) -> String {
    (first..first + count).map(|number| format!("${number}")).collect::<Vec<_>>().join(", ")
}

type Query<'q> = sqlx::query::Query<'q, sqlx::Any, sqlx::any::AnyArguments>;

/// Binds what [`parameters`] stand for.
fn bind_hashes<'q>(query: Query<'q>, hashes: &[[u8; 32]]) -> Query<'q> {
    hashes.iter().fold(query, |query, hash| query.bind(hash.to_vec()))
}

/// Keyed hashes of what tells whether somebody signed up before, under each key.
fn address_hashes(keys: &Keyring, address: &str) -> Vec<[u8; 32]> {
    keys.hashes("e-mail", address.to_lowercase().as_bytes())
}

#[cfg(test)]
mod tests;
