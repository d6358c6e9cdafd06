//! Figures of what is mirrored: counts and sums between given times, by currency.

use std::fmt::Write;

use sqlx::{AssertSqlSafe, Row};

use super::super::{Store, StoreError};

/// What is counted, and by which time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Measure {
    Signups,
    /// Of those who signed up then, how many have deposited.
    Deposited,
    Registrations,
    FirstDeposits,
    Deposits,
    Volume,
    Earnings,
    Cpa,
}

/// Of one stretch of time and one currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sum {
    /// Which of the stretches.
    pub(crate) index: usize,
    pub(crate) currency: String,
    pub(crate) count: u64,
    pub(crate) whole: i64,
    pub(crate) part: i64,
}

/// How a measure is written: kind, time, currency, whole ones, parts, and what else has to hold.
type Written = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

impl Measure {
    fn written(self) -> Written {
        const CORRECTED: (&str, &str) = (
            "CASE WHEN r.second <> '' THEN r.second_whole ELSE r.amount_whole END",
            "CASE WHEN r.second <> '' THEN r.second_part ELSE r.amount_part END",
        );
        match self {
            Measure::Signups => ("person", "at", "''", "0", "0", ""),
            Measure::Deposited => ("person", "at", "''", "0", "0", " AND r.deposited = 1"),
            Measure::Registrations => ("person", "registered_at", "''", "0", "0", ""),
            Measure::FirstDeposits => ("person", "deposited_at", "''", "0", "0", ""),
            Measure::Deposits => {
                ("transaction", "at", "r.currency", "r.amount_whole", "r.amount_part", " AND r.is_deposit = 1 AND r.is_fake = 0")
            }
            Measure::Volume => ("position", "at", "''", "r.second_whole", "r.second_part", ""),
            Measure::Earnings => ("commission", "at", "r.currency", CORRECTED.0, CORRECTED.1, ""),
            Measure::Cpa => ("commission", "at", "r.currency", CORRECTED.0, CORRECTED.1, " AND LOWER(r.type) = 'cpa'"),
        }
    }
}

impl Store {
    /// Of an affiliate, between each two of these times; what is nothing is left out.
    pub(crate) async fn sums(&self, affiliate: &str, measure: Measure, bounds: &[i64]) -> Result<Vec<Sum>, StoreError> {
        if bounds.len() < 2 {
            return Ok(Vec::new());
        }
        let (kind, time, currency, whole, part, more) = measure.written();
        let mut stretches = String::new();
        for (index, pair) in bounds.windows(2).enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            // What has no time stands at 0. Said here and not as a condition of its own: an index is entered at one of two lower bounds,
            // and SQLite would take that one and read all that lies before, for each stretch anew. Writing to a String does not fail.
            let _ = write!(stretches, "{comma}({index}, {}, {})", pair[0].max(1), pair[1]);
        }
        let sql = format!(
            "WITH b(i, lo, hi) AS (VALUES {stretches}) \
             SELECT CAST(b.i AS BIGINT), {currency}, COUNT(*), CAST(SUM({whole}) AS BIGINT), CAST(SUM({part}) AS BIGINT) \
             FROM b JOIN records r ON r.{time} >= b.lo AND r.{time} < b.hi \
             WHERE r.affiliate = $1 AND r.kind = '{kind}'{more} GROUP BY 1, 2 ORDER BY 1, 2"
        );
        let rows = sqlx::query(AssertSqlSafe(sql)).bind(affiliate).fetch_all(&self.reader).await?;
        let sum = |row: &sqlx::any::AnyRow| -> Result<Sum, StoreError> {
            Ok(Sum {
                index: usize::try_from(row.try_get::<i64, _>(0)?).unwrap_or_default(),
                currency: row.try_get(1)?,
                count: u64::try_from(row.try_get::<i64, _>(2)?).unwrap_or_default(),
                whole: row.try_get(3)?,
                part: row.try_get(4)?,
            })
        };
        rows.iter().map(sum).collect()
    }

    /// Of each source: sign-ups, registrations, and who of them has deposited.
    pub(crate) async fn sums_by_source(&self, affiliate: &str) -> Result<Vec<(String, [u64; 3])>, StoreError> {
        let select = "SELECT source, COUNT(*), CAST(SUM(CASE WHEN registered_at > 0 THEN 1 ELSE 0 END) AS BIGINT), \
            CAST(SUM(deposited) AS BIGINT) FROM records WHERE affiliate = $1 AND kind = 'person' GROUP BY source ORDER BY source";
        let rows = sqlx::query(select).bind(affiliate).fetch_all(&self.reader).await?;
        let count = |row: &sqlx::any::AnyRow, index: usize| -> Result<u64, StoreError> {
            Ok(u64::try_from(row.try_get::<i64, _>(index)?).unwrap_or_default())
        };
        rows.iter().map(|row| Ok((row.try_get(0)?, [count(row, 1)?, count(row, 2)?, count(row, 3)?]))).collect()
    }
}
