//! The dashboard, opened with nothing in any cache: when the first figure is there, and when nothing changes any more.

use anyhow::{Context, Result};
use latchkey_chromium::{Chromium, Conditions, SLOW, Window, number};
use serde::Serialize;

use crate::Portal;

pub(crate) const WATCH: &str = include_str!("watch.js");
/// For how long a page has to do nothing, in milliseconds, to be at rest.
const QUIET_MS: u32 = 1500;
/// A telephone's window.
const WINDOW: Window = Window { width: 412, height: 823, mobile: true };

/// One opening. Times are in milliseconds since the navigation began.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Opened {
    slow: bool,
    first_figure_ms: f64,
    /// When the last thing changed.
    settled_ms: f64,
    /// What had come over the wire by the first figure, headers included, and what came in all.
    first_figure_bytes: u64,
    bytes: u64,
    requests: usize,
    /// 0 where none took 50 ms.
    longest_task_ms: f64,
}

pub(crate) async fn measure(portal: &Portal, rounds: u32) -> Result<Vec<Opened>> {
    let address = portal.serve().await?;
    let mut chromium = Chromium::start()?;
    let mut all = Vec::new();
    for round in 1..=rounds {
        for conditions in [Some(SLOW), None] {
            all.push(open(&mut chromium, &address, conditions)?);
        }
        eprintln!("      {round} of {rounds} rounds");
    }
    Ok(all)
}

fn open(chromium: &mut Chromium, address: &str, conditions: Option<Conditions>) -> Result<Opened> {
    let mut tab = chromium.tab()?;
    tab.prepare(WINDOW, WATCH, conditions)?;
    tab.open(address)?;
    let first_figure_ms = number(&tab.evaluate("watch.firstFigure()")?).context("no first figure")?;
    let settled_ms = number(&tab.evaluate(&format!("watch.settled({QUIET_MS})"))?)?;
    let longest_task_ms = number(&tab.evaluate("watch.longestTask")?)?;
    let wire = tab.wire()?;
    tab.close()?;
    Ok(Opened {
        slow: conditions.is_some(),
        first_figure_ms,
        settled_ms,
        first_figure_bytes: wire.iter().filter(|answer| answer.end_ms <= first_figure_ms).map(|answer| answer.bytes).sum(),
        bytes: wire.iter().map(|answer| answer.bytes).sum(),
        requests: wire.len(),
        longest_task_ms,
    })
}
