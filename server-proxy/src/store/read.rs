//! What reads signups.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sqlx::{QueryBuilder, Row, Sqlite, sqlite::SqliteRow};
use uuid::Uuid;

use super::{Attempt, Content, Reason, Signup, State, Store, StoreError, Ticket, place};
use crate::crm::AutologinLink;

/// All but what is sealed.
macro_rules! select {
    () => {
        "SELECT id, funnel, funnel_version, connection, state, reason, refused_field, received_at, changed_at, crm_id, link_expires_at, \
         ticket_serial, ticket_used_at FROM signups"
    };
}

/// Which signups an operator asks for.
#[derive(Debug, Default)]
pub(crate) struct Filter {
    pub(crate) funnel: Option<String>,
    pub(crate) state: Option<State>,
    pub(crate) limit: u32,
}

impl Store {
    pub(crate) async fn signup(&self, id: Uuid) -> Result<Option<Signup>, StoreError> {
        let row = sqlx::query(concat!(select!(), " WHERE id = ?")).bind(id.to_string()).fetch_optional(&self.reader).await?;
        row.as_ref().map(signup).transpose()
    }

    /// The newest first.
    pub(crate) async fn signups(&self, filter: &Filter) -> Result<Vec<Signup>, StoreError> {
        let mut query = QueryBuilder::<Sqlite>::new(concat!(select!(), " WHERE TRUE"));
        if let Some(funnel) = &filter.funnel {
            query.push(" AND funnel = ").push_bind(funnel);
        }
        if let Some(state) = filter.state {
            query.push(" AND state = ").push_bind(state.as_str());
        }
        query.push(" ORDER BY received_at DESC, id DESC LIMIT ").push_bind(filter.limit);
        query.build().fetch_all(&self.reader).await?.iter().map(signup).collect()
    }

    /// How many signups stand in each state, also where none does.
    pub(crate) async fn counts(&self) -> Result<Vec<(State, i64)>, StoreError> {
        let rows = sqlx::query("SELECT state, COUNT(*) FROM signups GROUP BY state").fetch_all(&self.reader).await?;
        let counted: BTreeMap<String, i64> =
            rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect::<Result<_, StoreError>>()?;
        let count = |state: State| (state, counted.get(state.as_str()).copied().unwrap_or_default());
        Ok(State::ALL.into_iter().map(count).collect())
    }

    /// What was kept and never tried, the oldest first.
    pub(crate) async fn untried(&self) -> Result<Vec<Uuid>, StoreError> {
        let rows = sqlx::query("SELECT id FROM signups WHERE state = 'received' ORDER BY received_at").fetch_all(&self.reader).await?;
        rows.iter().map(id).collect()
    }

    pub(crate) async fn content(&self, id: Uuid) -> Result<Option<Content>, StoreError> {
        let row = sqlx::query("SELECT content FROM signups WHERE id = ?").bind(id.to_string()).fetch_optional(&self.reader).await?;
        let Some(row) = row else { return Ok(None) };
        let sealed: Vec<u8> = row.try_get(0)?;
        let plain = self.keys.open(&place("content", id), &sealed)?;
        serde_json::from_slice(&plain).map(Some).map_err(|error| StoreError::Unreadable(error.to_string()))
    }

    pub(crate) async fn link(&self, id: Uuid) -> Result<Option<AutologinLink>, StoreError> {
        let row = sqlx::query("SELECT link FROM signups WHERE id = ?").bind(id.to_string()).fetch_optional(&self.reader).await?;
        let sealed: Option<Vec<u8>> = row.map(|row| row.try_get(0)).transpose()?.flatten();
        let Some(sealed) = sealed else { return Ok(None) };
        let link =
            String::from_utf8(self.keys.open(&place("link", id), &sealed)?).map_err(|error| StoreError::Unreadable(error.to_string()))?;
        Ok(Some(AutologinLink::checked_before(link)))
    }

    pub(crate) async fn attempts(&self, id: Uuid) -> Result<Vec<Attempt>, StoreError> {
        let rows =
            sqlx::query("SELECT * FROM attempts WHERE signup = ? ORDER BY number").bind(id.to_string()).fetch_all(&self.reader).await?;
        rows.iter()
            .map(|row| {
                let detail: Option<Vec<u8>> = row.try_get("detail")?;
                let detail = detail.map(|sealed| self.keys.open(&place("detail", id), &sealed)).transpose()?;
                Ok(Attempt {
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

pub(super) fn id(row: &SqliteRow) -> Result<Uuid, StoreError> {
    let id: String = row.try_get("id")?;
    id.parse().map_err(|_| StoreError::Unreadable(id))
}

fn signup(row: &SqliteRow) -> Result<Signup, StoreError> {
    let state: String = row.try_get("state")?;
    let reason: Option<String> = row.try_get("reason")?;
    let expires_at: Option<i64> = row.try_get("link_expires_at")?;
    let used_at: Option<i64> = row.try_get("ticket_used_at")?;
    let serial = row.try_get("ticket_serial")?;
    let unreadable = |what: &str| StoreError::Unreadable(what.to_owned());
    Ok(Signup {
        id: id(row)?,
        funnel: row.try_get("funnel")?,
        funnel_version: row.try_get("funnel_version")?,
        connection: row.try_get("connection")?,
        state: State::from_str(&state).ok_or_else(|| unreadable(&state))?,
        reason: reason.map(|reason| Reason::from_str(&reason).ok_or_else(|| unreadable(&reason))).transpose()?,
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

fn time(milliseconds: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_millisecond(milliseconds).map_err(|error| StoreError::Unreadable(error.to_string()))
}
