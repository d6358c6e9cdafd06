//! What reads signups.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sqlx::{AssertSqlSafe, Row, any::AnyRow};
use uuid::Uuid;

use super::{Attempt, Content, Reason, Signup, State, Store, StoreError, Ticket, place};

/// All but what is sealed and what is the queue's.
macro_rules! columns {
    () => {
        "id, funnel, funnel_version, variant, connection, state, reason, refused_field, received_at, changed_at, crm_id, link_expires_at, \
         ticket_serial, ticket_used_at"
    };
}
pub(super) use columns;

/// Which signups an operator asks for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    pub(crate) funnel: Option<String>,
    pub(crate) connection: Option<String>,
    pub(crate) state: Option<State>,
    pub(crate) reason: Option<Reason>,
    /// Received at that time or later.
    pub(crate) since: Option<Timestamp>,
    /// Received before that time.
    pub(crate) until: Option<Timestamp>,
    /// Older than this one: where a longer list goes on.
    pub(crate) after: Option<(Timestamp, Uuid)>,
    pub(crate) limit: u32,
}

/// What waits to be delivered through one connection.
#[derive(Clone, Debug)]
pub(crate) struct Backlog {
    pub(crate) connection: String,
    pub(crate) waiting: i64,
    pub(crate) oldest: Timestamp,
}

/// What is parked of one connection, for one reason.
#[derive(Clone, Debug)]
pub(crate) struct Parked {
    pub(crate) connection: String,
    /// A word of [`Reason`], or one that only a newer version knows.
    pub(crate) reason: String,
    pub(crate) count: i64,
}

impl Store {
    pub(crate) async fn signup(&self, id: Uuid) -> Result<Option<Signup>, StoreError> {
        let select = concat!("SELECT ", columns!(), " FROM signups WHERE id = $1");
        let row = sqlx::query(select).bind(id.to_string()).fetch_optional(&self.reader).await?;
        row.as_ref().map(signup).transpose()
    }

    /// The newest first.
    pub(crate) async fn signups(&self, filter: &Filter) -> Result<Vec<Signup>, StoreError> {
        // An absent value asks for nothing.
        let select = concat!(
            "SELECT ",
            columns!(),
            " FROM signups WHERE ($1 IS NULL OR funnel = $1) AND ($2 IS NULL OR connection = $2) AND ($3 IS NULL OR state = $3) \
             AND ($4 IS NULL OR reason = $4) AND received_at >= $5 AND received_at < $6 \
             AND (received_at < $7 OR (received_at = $7 AND id < $8)) ORDER BY received_at DESC, id DESC LIMIT "
        );
        let (last, last_id) = filter.after.map_or((i64::MAX, String::new()), |(at, id)| (at.as_millisecond(), id.to_string()));
        let rows = sqlx::query(AssertSqlSafe(format!("{select}{}", filter.limit)))
            .bind(filter.funnel.as_deref())
            .bind(filter.connection.as_deref())
            .bind(filter.state.map(State::as_str))
            .bind(filter.reason.map(Reason::as_str))
            .bind(filter.since.map_or(i64::MIN, Timestamp::as_millisecond))
            .bind(filter.until.map_or(i64::MAX, Timestamp::as_millisecond))
            .bind(last)
            .bind(last_id)
            .fetch_all(&self.reader)
            .await?;
        rows.iter().map(signup).collect()
    }

    /// How many signups stand in each state, also where none does.
    pub(crate) async fn counts(&self) -> Result<Vec<(State, i64)>, StoreError> {
        let rows = sqlx::query("SELECT state, COUNT(*) FROM signups GROUP BY state").fetch_all(&self.reader).await?;
        let counted: BTreeMap<String, i64> =
            rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect::<Result<_, StoreError>>()?;
        let count = |state: State| (state, counted.get(state.as_str()).copied().unwrap_or_default());
        Ok(State::ALL.iter().copied().map(count).collect())
    }

    /// What is received or being delivered, by connection; none for a connection that nothing waits for.
    pub(crate) async fn backlog(&self) -> Result<Vec<Backlog>, StoreError> {
        let select =
            "SELECT connection, COUNT(*), MIN(received_at) FROM signups WHERE state IN ('received', 'delivering') GROUP BY connection";
        let rows = sqlx::query(select).fetch_all(&self.reader).await?;
        let backlog = |row: &AnyRow| Ok(Backlog { connection: row.try_get(0)?, waiting: row.try_get(1)?, oldest: time(row.try_get(2)?)? });
        rows.iter().map(backlog).collect()
    }

    /// What is parked, by connection and reason; none where nothing is.
    pub(crate) async fn parked(&self) -> Result<Vec<Parked>, StoreError> {
        let select = "SELECT connection, reason, COUNT(*) FROM signups WHERE state = 'parked' GROUP BY connection, reason";
        let rows = sqlx::query(select).fetch_all(&self.reader).await?;
        let parked = |row: &AnyRow| Ok(Parked { connection: row.try_get(0)?, reason: row.try_get(1)?, count: row.try_get(2)? });
        rows.iter().map(parked).collect()
    }

    /// Without passwords: those are for a delivery alone to read.
    pub(crate) async fn content(&self, id: Uuid) -> Result<Option<Content>, StoreError> {
        let row = sqlx::query("SELECT content FROM signups WHERE id = $1").bind(id.to_string()).fetch_optional(&self.reader).await?;
        let Some(row) = row else { return Ok(None) };
        let sealed: Vec<u8> = row.try_get(0)?;
        let content = self.open_content(id, &sealed)?;
        Ok(Some(Content { passwords: BTreeMap::new(), ..content }))
    }

    pub(crate) async fn attempts(&self, id: Uuid) -> Result<Vec<Attempt>, StoreError> {
        let select = "SELECT kind, started_at, took_ms, outcome, crm_status, detail FROM attempts WHERE signup = $1 ORDER BY number";
        let rows = sqlx::query(select).bind(id.to_string()).fetch_all(&self.reader).await?;
        rows.iter()
            .map(|row| {
                let detail: Option<Vec<u8>> = row.try_get("detail")?;
                // One that does not open hides nothing else.
                let detail = detail
                    .map(|sealed| self.keys.open(&place("detail", id), &sealed).unwrap_or_else(|error| error.to_string().into_bytes()));
                Ok(Attempt {
                    kind: row.try_get("kind")?,
                    started_at: time(row.try_get("started_at")?)?,
                    took_ms: row.try_get("took_ms")?,
                    outcome: row.try_get("outcome")?,
                    crm_status: row.try_get("crm_status")?,
                    detail: detail.map(|detail| String::from_utf8_lossy(&detail).into_owned()),
                })
            })
            .collect()
    }
}

pub(super) fn id(row: &AnyRow) -> Result<Uuid, StoreError> {
    let id: String = row.try_get("id")?;
    id.parse().map_err(|_| StoreError::Unreadable(id))
}

pub(super) fn state(row: &AnyRow) -> Result<State, StoreError> {
    let state: String = row.try_get("state")?;
    State::from_str(&state).ok_or(StoreError::Unreadable(state))
}

pub(super) fn signup(row: &AnyRow) -> Result<Signup, StoreError> {
    let reason: Option<String> = row.try_get("reason")?;
    let expires_at: Option<i64> = row.try_get("link_expires_at")?;
    let used_at: Option<i64> = row.try_get("ticket_used_at")?;
    let serial: i64 = row.try_get("ticket_serial")?;
    let serial = u32::try_from(serial).map_err(|_| StoreError::Unreadable(serial.to_string()))?;
    Ok(Signup {
        id: id(row)?,
        funnel: row.try_get("funnel")?,
        funnel_version: row.try_get("funnel_version")?,
        variant: row.try_get("variant")?,
        connection: row.try_get("connection")?,
        state: state(row)?,
        // One that a newer version wrote is none that this one knows.
        reason: reason.as_deref().and_then(Reason::from_str),
        refused_field: row.try_get("refused_field")?,
        received_at: time(row.try_get("received_at")?)?,
        changed_at: time(row.try_get("changed_at")?)?,
        crm_id: row.try_get("crm_id")?,
        ticket: expires_at
            .map(|expires_at| {
                Ok::<_, StoreError>(Ticket { serial, expires_at: time(expires_at)?, used_at: used_at.map(time).transpose()? })
            })
            .transpose()?,
    })
}

pub(super) fn time(milliseconds: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_millisecond(milliseconds).map_err(|error| StoreError::Unreadable(error.to_string()))
}
