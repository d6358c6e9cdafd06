//! How attempts end.

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::AnyConnection;
use uuid::Uuid;

use crate::{
    crash,
    store::{AttemptKind, Conclusion, Query, Reason, Signup, State, StoreError, change::Change, clock::milliseconds, read},
};

pub(super) struct GoOn {
    pub(super) owner: String,
    pub(super) attempt: Made,
    pub(super) next: i64,
}

#[async_trait]
impl Change for GoOn {
    /// Whether the signup is still ours to send.
    type Done = bool;

    async fn make(&self, on: &mut AnyConnection) -> Result<bool, StoreError> {
        let ours = "UPDATE signups SET attempts = $1 WHERE id = $2 AND state = 'delivering' AND lease_owner = $3 AND attempts = $4";
        let ours = sqlx::query(ours)
            .bind(self.next)
            .bind(self.attempt.signup.to_string())
            .bind(self.owner.as_str())
            .bind(self.attempt.number)
            .execute(&mut *on)
            .await?;
        if ours.rows_affected() == 0 {
            return Ok(false);
        }
        self.attempt.write(on).await?;
        Ok(true)
    }
}

/// An attempt that was made.
pub(super) struct Made {
    pub(super) signup: Uuid,
    pub(super) number: i64,
    pub(super) kind: AttemptKind,
    pub(super) started_at: Timestamp,
    pub(super) took: Option<Duration>,
    pub(super) outcome: Option<&'static str>,
    pub(super) crm_status: Option<u16>,
    pub(super) detail: Option<Vec<u8>>,
}

impl Made {
    /// Of two that end the same attempt, one because it had taken it over, who ends it last knows best.
    async fn write(&self, on: &mut AnyConnection) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO attempts (signup, number, kind, started_at, took_ms, outcome, crm_status, detail) \
             SELECT id, $2, $3, $4, $5, $6, $7, $8 FROM signups WHERE id = $1 ON CONFLICT (signup, number) DO UPDATE SET kind = excluded.kind, \
             took_ms = excluded.took_ms, outcome = excluded.outcome, crm_status = excluded.crm_status, detail = excluded.detail",
        )
        .bind(self.signup.to_string())
        .bind(self.number)
        .bind(self.kind.as_str())
        .bind(self.started_at.as_millisecond())
        .bind(self.took.map(milliseconds))
        .bind(self.outcome)
        .bind(self.crm_status.map(i64::from))
        .bind(self.detail.as_deref())
        .execute(on)
        .await?;
        Ok(())
    }
}

pub(super) struct Conclude {
    pub(super) made: Made,
    pub(super) owner: String,
    pub(super) conclusion: Conclusion,
    pub(super) link: Option<Vec<u8>>,
    pub(super) content: Option<Vec<u8>>,
    pub(super) due_at: i64,
    pub(super) now: Timestamp,
}

macro_rules! conclude {
    ($which:literal) => {
        concat!(
            "UPDATE signups SET state = $1, reason = $2, refused_field = $3, changed_at = $4, crm_id = $5, link = $6, link_expires_at = $7, \
             due_at = $8, unsure = $9, tries = tries + $10, content = COALESCE($11, content), lease_owner = NULL, lease_until = NULL \
             WHERE id = $12 AND ",
            $which,
            " RETURNING ",
            read::columns!()
        )
    };
}

#[async_trait]
impl Change for Conclude {
    type Done = Option<Signup>;

    async fn make(&self, on: &mut AnyConnection) -> Result<Option<Signup>, StoreError> {
        let ours = self.query(conclude!("state = 'delivering' AND lease_owner = $13 AND attempts = $14"));
        let mut row = ours.bind(self.owner.as_str()).bind(self.made.number).fetch_optional(&mut *on).await?;
        // The lease was lost. A yes is true whatever somebody else has made of it since; a no may be about the one whom that was.
        let late = match self.conclusion.state {
            State::Registered => Some(conclude!(
                "(state IN ('received', 'delivering', 'rejected') \
                 OR (state = 'parked' AND reason IN ('outcome-unknown', 'interrupted', 'crm-unreachable')))"
            )),
            State::Rejected => Some(conclude!(
                "(state = 'received' OR (state = 'parked' AND reason IN ('outcome-unknown', 'interrupted', 'crm-unreachable')))"
            )),
            _ => None,
        };
        if let (None, Some(late)) = (&row, late) {
            row = self.query(late).fetch_optional(&mut *on).await?;
        }
        self.made.write(on).await?;
        crash::point("before-commit");
        row.as_ref().map(read::signup).transpose()
    }
}

impl Conclude {
    fn query(&self, sql: &'static str) -> Query<'_> {
        let conclusion = &self.conclusion;
        let again = conclusion.again;
        sqlx::query(sql)
            .bind(conclusion.state.as_str())
            .bind(conclusion.reason.map(Reason::as_str))
            .bind(conclusion.refused_field.as_deref())
            .bind(self.now.as_millisecond())
            .bind(conclusion.crm_id.as_deref())
            .bind(self.link.as_deref())
            .bind(conclusion.link.as_ref().map(|(_, expires_at)| expires_at.as_millisecond()))
            .bind(self.due_at)
            .bind(i64::from(again.map_or_else(|| conclusion.reason.is_some_and(Reason::is_doubt), |again| again.unsure)))
            .bind(i64::from(again.is_some()))
            .bind(self.content.as_deref())
            .bind(self.made.signup.to_string())
    }
}
