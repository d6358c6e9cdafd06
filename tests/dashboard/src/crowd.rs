//! Many dashboards of one affiliate that are opened at once: each asks one question after the other, over a connection and with a token
//! of its own.

use std::time::Instant;

use anyhow::{Context, Result};
use latchkey_load::{Figures, Tally};
use serde::Serialize;

use crate::Portal;

/// What a dashboard asks when it is opened and looked through.
const QUESTIONS: [&str; 6] = ["/capabilities", "/overview", "/series?metric=signups", "/leads?limit=200&choices=true", "/wallet", "/links"];

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Crowd {
    /// Of each question.
    answers: Figures,
    /// Until a dashboard had all of its answers, since the first of all was opened.
    dashboards: Figures,
}

pub(crate) async fn measure(portal: &Portal, dashboards: u32) -> Result<Crowd> {
    let mut minting = portal.connection();
    let mut openings = Vec::new();
    for _ in 0..dashboards {
        let token = portal.mint(&mut minting).await?;
        openings.push(QUESTIONS.map(|path| portal.get(path, &token)).into_iter().collect::<Result<Vec<_>>>()?);
    }
    let start = Instant::now();
    let all = openings.into_iter().map(|questions| {
        let mut connection = portal.connection();
        tokio::spawn(async move {
            let (mut answers, mut opened) = (Tally::default(), Tally::default());
            for question in questions {
                let asked = Instant::now();
                match connection.send(question).await {
                    Ok((status, _)) => {
                        answers.answered(asked, status);
                        opened = Tally::default();
                        opened.answered(start, status);
                    }
                    Err(error) => answers.broke(&error),
                }
            }
            (answers, opened)
        })
    });
    let (mut answers, mut opened) = (Tally::default(), Tally::default());
    for one in all.collect::<Vec<_>>() {
        let (of_one, when) = one.await.context("a dashboard's task failed")?;
        answers.add(of_one);
        opened.add(when);
    }
    Ok(Crowd { answers: answers.figures(), dashboards: opened.figures() })
}
