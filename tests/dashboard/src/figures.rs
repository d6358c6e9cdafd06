//! Figures and pages of tables, one question at a time.

use std::time::Instant;

use anyhow::{Context, Result};
use jiff::{Timestamp, ToSpan, tz::TimeZone};
use serde::Serialize;

use crate::{Portal, portal::read};

/// What was asked, and how long each answer took.
#[derive(Serialize)]
pub(crate) struct Asked {
    what: &'static str,
    ms: Vec<f64>,
}

pub(crate) async fn measure(portal: &Portal, rounds: u32) -> Result<Vec<Asked>> {
    let mut connection = portal.connection();
    let token = portal.mint(&mut connection).await?;
    let mut all: Vec<Asked> = Vec::new();
    for round in 0..rounds {
        for (index, (what, path)) in questions(round)?.into_iter().enumerate() {
            let start = Instant::now();
            let (status, body) = connection.send(portal.get(&path, &token)?).await?;
            let ms = start.elapsed().as_secs_f64() * 1000.0;
            read(status, &body).with_context(|| path)?;
            if all.len() == index {
                all.push(Asked { what, ms: Vec::new() });
            }
            all[index].ms.push(ms);
        }
    }
    Ok(all)
}

/// Each round asks about a day less: an answer that is kept would tell nothing.
fn questions(round: u32) -> Result<Vec<(&'static str, String)>> {
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
    let day = |back: u32| Ok::<_, anyhow::Error>(today.checked_sub(i64::from(back).days())?);
    let month = format!("from={}&to={today}&tz=UTC", day(29 - round % 28)?);
    let year = format!("from={}&to={today}&tz=UTC", day(364 - round)?);
    Ok(vec![
        ("overview of a month", format!("/overview?{month}")),
        ("the same once more", format!("/overview?{month}")),
        ("overview of a year", format!("/overview?{year}")),
        ("a month by days", format!("/series?metric=signups&by=day&{month}")),
        ("a year by weeks", format!("/series?metric=earnings&by=week&{year}")),
        ("first page of leads", "/leads?limit=200&choices=true".to_owned()),
        ("by total, of a country", "/leads?limit=200&sort=-total&country=DE".to_owned()),
        ("beginning of an id", "/leads?limit=200&search=customer-00001".to_owned()),
        ("sources", "/sources".to_owned()),
    ])
}
