//! One load of one page: what is told to Chromium, and what is read from it.

use anyhow::Result;
use latchkey_chromium::{Chromium, Conditions, Window, number};
use serde::{Deserialize, Serialize};

const WATCH: &str = include_str!("watch.js");
/// For how long a page has to do nothing, in milliseconds, to be done.
const QUIET_MS: u32 = 1500;
/// A telephone's window.
const WINDOW: Window = Window { width: 412, height: 823, mobile: true };

/// What was measured. Times are in milliseconds since the navigation began.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Load {
    /// Until a first field could be typed into.
    first_field_ms: f64,
    /// What had come over the wire until then, headers included, and what came in all.
    first_field_bytes: u64,
    bytes: u64,
    requests: usize,
    /// When WebAssembly had taken the form over; absent for a page without.
    taken_over_ms: Option<f64>,
    /// The longest task before the first field could be typed into, and after; absent where none took 50 ms.
    longest_task_before_ms: Option<f64>,
    longest_task_after_ms: Option<f64>,
}

/// As the page's own script notes it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Watched {
    tasks: Vec<Task>,
    taken_over: Option<f64>,
}

#[derive(Deserialize)]
struct Task {
    start: f64,
    duration: f64,
}

/// `takes_over`: whether components come after the first field.
pub(crate) fn load(chromium: &mut Chromium, address: &str, conditions: Option<Conditions>, takes_over: bool) -> Result<Load> {
    let mut tab = chromium.tab()?;
    tab.prepare(WINDOW, WATCH, conditions)?;
    tab.open(address)?;
    let first_field_ms = number(&tab.evaluate("watch.firstField")?)?;
    tab.evaluate(&format!("watch.settled({takes_over}, {QUIET_MS})"))?;
    let watched: Watched = serde_json::from_value(tab.evaluate("({ tasks: watch.tasks, takenOver: watch.takenOver })")?)?;
    let wire = tab.wire()?;
    tab.close()?;

    let before: u64 = wire.iter().filter(|answer| answer.end_ms <= first_field_ms).map(|answer| answer.bytes).sum();
    let (tasks_before, tasks_after): (Vec<_>, Vec<_>) = watched.tasks.iter().partition(|task| task.start < first_field_ms);
    let longest = |tasks: Vec<&Task>| tasks.into_iter().map(|task| task.duration).reduce(f64::max);
    Ok(Load {
        first_field_ms,
        first_field_bytes: before,
        bytes: wire.iter().map(|answer| answer.bytes).sum(),
        requests: wire.len(),
        taken_over_ms: watched.taken_over,
        longest_task_before_ms: longest(tasks_before),
        longest_task_after_ms: longest(tasks_after),
    })
}
