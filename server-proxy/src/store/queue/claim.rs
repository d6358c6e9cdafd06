//! Claims: rows put under a lease, and kept under it.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::{AnyConnection, AssertSqlSafe, Row, any::AnyRow};
use uuid::Uuid;

use super::Lane;
use crate::store::{Signup, StoreError, change::Change, database::Engine, parameters, read};

#[derive(Debug)]
pub(super) enum Which {
    One(Uuid),
    Parked(Uuid),
    Due { lane: Lane, limit: usize, far: i64 },
    Left { lane: Lane, limit: usize },
    NotOurs { lane: Lane, limit: usize },
}

impl Which {
    /// A lane none of whose funnels is there yet.
    pub(super) fn is_nothing(&self) -> bool {
        match self {
            Which::One(_) | Which::Parked(_) => false,
            Which::Due { lane, .. } | Which::Left { lane, .. } | Which::NotOurs { lane, .. } => lane.funnels.is_empty(),
        }
    }
}

pub(super) struct Claim {
    pub(super) which: Which,
    pub(super) engine: Engine,
    pub(super) owner: String,
    pub(super) now: i64,
    pub(super) until: i64,
}

/// A claimed row.
pub(super) struct Leased {
    pub(super) signup: Signup,
    pub(super) content: Vec<u8>,
    pub(super) unsure: bool,
    pub(super) tries: u32,
    pub(super) give_up_at: i64,
    pub(super) attempts: i64,
}

/// Puts a row under a lease.
const LEASE: &str = "UPDATE signups SET lease_owner = $1, lease_until = $2";
/// And begins an attempt. What is taken over goes on with the one that was under way: it began when the signup was last changed.
const BEGIN: &str = "state = 'delivering', attempts = attempts + 1, changed_at";

#[async_trait]
impl Change for Claim {
    type Done = Vec<Leased>;

    async fn make(&self, on: &mut AnyConnection) -> Result<Vec<Leased>, StoreError> {
        let begun = Timestamp::now().as_millisecond();
        let skip = self.engine.skip_locked();
        let sql = match &self.which {
            Which::One(_) => format!("{LEASE}, {BEGIN} = $3 WHERE id = $4 AND state = 'received'"),
            Which::Parked(_) => format!("{LEASE}, {BEGIN} = $3 WHERE id = $4 AND state = 'parked'"),
            Which::Due { lane, limit, .. } => format!(
                "{} {LEASE}, {BEGIN} = $3 {PICKED}",
                pick(&format!(
                    "state = 'received' AND connection = $4 AND (due_at <= $5 OR due_at > $6) AND funnel IN ({}) \
                     ORDER BY due_at LIMIT {limit}{skip}",
                    parameters(7, lane.funnels.len())
                ))
            ),
            // An operator works beside the proxy, and what that was at is parked.
            Which::Left { lane, limit } => format!(
                "{} {LEASE} {PICKED}",
                pick(&format!(
                    "state = 'delivering' AND connection = $3 AND COALESCE(lease_until, 0) < $4 \
                     AND COALESCE(lease_owner, '') NOT LIKE 'operator-%' AND funnel IN ({}) LIMIT {limit}{skip}",
                    parameters(5, lane.funnels.len())
                ))
            ),
            Which::NotOurs { lane, limit } => format!(
                "{} {LEASE} {PICKED}",
                pick(&format!(
                    "state = 'delivering' AND connection = $3 AND COALESCE(lease_owner, '') <> $1 \
                     AND COALESCE(lease_owner, '') NOT LIKE 'operator-%' AND funnel IN ({}) LIMIT {limit}{skip}",
                    parameters(4, lane.funnels.len())
                ))
            ),
        };
        let returning = concat!(" RETURNING content, unsure, tries, give_up_at, attempts, ", read::columns!());
        let query = sqlx::query(AssertSqlSafe(sql + returning)).bind(self.owner.as_str()).bind(self.until);
        let (query, lane) = match &self.which {
            Which::One(id) | Which::Parked(id) => (query.bind(begun).bind(id.to_string()), None),
            Which::Due { lane, far, .. } => {
                let query = query.bind(begun).bind(lane.connection.as_str()).bind(self.now).bind(self.now.saturating_add(*far));
                (query, Some(lane))
            }
            Which::Left { lane, .. } => (query.bind(lane.connection.as_str()).bind(self.now), Some(lane)),
            Which::NotOurs { lane, .. } => (query.bind(lane.connection.as_str()), Some(lane)),
        };
        let funnels = lane.into_iter().flat_map(|lane| &lane.funnels);
        let query = funnels.fold(query, |query, funnel| query.bind(funnel.as_str()));
        query.fetch_all(on).await?.iter().map(row).collect()
    }
}

/// Picked once, before any is claimed: a server might otherwise pick anew for each.
fn pick(which: &str) -> String {
    format!("WITH picked AS MATERIALIZED (SELECT id FROM signups WHERE {which})")
}

const PICKED: &str = "WHERE id IN (SELECT id FROM picked)";

fn row(row: &AnyRow) -> Result<Leased, StoreError> {
    let (unsure, tries): (i64, i64) = (row.try_get("unsure")?, row.try_get("tries")?);
    Ok(Leased {
        signup: read::signup(row)?,
        content: row.try_get("content")?,
        unsure: unsure != 0,
        tries: u32::try_from(tries).unwrap_or(u32::MAX),
        give_up_at: row.try_get("give_up_at")?,
        attempts: row.try_get("attempts")?,
    })
}

pub(super) struct Extend {
    pub(super) owner: String,
    pub(super) ids: Vec<Uuid>,
    pub(super) until: i64,
}

#[async_trait]
impl Change for Extend {
    type Done = ();

    async fn make(&self, on: &mut AnyConnection) -> Result<(), StoreError> {
        let ids = parameters(3, self.ids.len());
        let sql = format!("UPDATE signups SET lease_until = $1 WHERE state = 'delivering' AND lease_owner = $2 AND id IN ({ids})");
        let query = sqlx::query(AssertSqlSafe(sql)).bind(self.until).bind(self.owner.as_str());
        self.ids.iter().fold(query, |query, id| query.bind(id.to_string())).execute(on).await?;
        Ok(())
    }
}
