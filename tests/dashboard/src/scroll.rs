//! The table of leads with all of its rows loaded: scrolled by the wheel, sorted, searched; and how long the longest frame takes.
//!
//! Frames are as the page sees them: on a machine that does other things as well they are late for those. What each task has had of the
//! processor, which is made slower by having it wait busily, tells what the page itself takes.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use latchkey_chromium::{Chromium, Tab, Window, number};
use serde::Serialize;
use serde_json::{Value, json};

use crate::{Portal, open::WATCH};

/// A portal on a desk.
const WINDOW: Window = Window { width: 1280, height: 900, mobile: false };
/// How many times as slow as this machine the processor is.
const SLOWER: u32 = 4;
/// What one turn of a wheel scrolls, and a strong one.
const TURNS: [f64; 3] = [120.0, 400.0, 2400.0];
const BETWEEN_TURNS: Duration = Duration::from_millis(30);
/// A task that takes longer keeps a frame waiting.
const LONG_MS: f64 = 50.0;
/// For how long nothing is done, to see what the machine does else.
const NOTHING: &str = "new Promise((done) => setTimeout(done, 5_000))";
/// What is searched for: the beginning of some ids.
const SEARCHED: &str = "customer-00012";

#[derive(Serialize)]
pub(crate) struct Scrolled {
    rows: u64,
    phases: Vec<Phase>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Phase {
    what: &'static str,
    /// Of the processor.
    longest_work_ms: f64,
    /// How many tasks had more than [`LONG_MS`] of it.
    long_works: usize,
    #[serde(flatten)]
    seen: Value,
}

pub(crate) async fn measure(portal: &Portal, seconds: u64) -> Result<Scrolled> {
    let address = portal.serve().await?;
    let mut chromium = Chromium::start()?;
    let mut tab = chromium.tab()?;
    tab.prepare(WINDOW, WATCH, None)?;
    tab.open(&address)?;
    let table = tab.evaluate("watch.table()").context("there is no table")?;
    tab.slow_down(SLOWER)?;
    let mut phases = Vec::new();
    let mut phase = |tab: &mut Tab<'_>, what, act: &dyn Fn(&mut Tab<'_>) -> Result<()>| -> Result<()> {
        eprintln!("      {what}");
        tab.trace()?;
        tab.evaluate("watch.look()")?;
        act(tab).context(what)?;
        let seen = tab.evaluate("watch.seen()")?;
        let works = tab.traced()?;
        let longest_work_ms = works.iter().copied().fold(0.0, f64::max);
        phases.push(Phase { what, longest_work_ms, long_works: works.iter().filter(|work| **work > LONG_MS).count(), seen });
        Ok(())
    };
    phase(&mut tab, "nothing", &|tab| tab.evaluate(NOTHING).map(drop))?;
    phase(&mut tab, "loading all rows", &|tab| load(tab))?;
    phase(&mut tab, "scrolling by the wheel", &|tab| turn(tab, &table, seconds))?;
    phase(&mut tab, "to the end and to the top", &|tab| tab.evaluate("watch.toTheEnd().then(watch.toTheTop)").map(drop))?;
    phase(&mut tab, "sorting", &|tab| tab.evaluate("watch.sort(1)").map(drop))?;
    phase(&mut tab, "searching", &|tab| search(tab))?;
    let rows = table["rows"].as_u64().context("the table does not say how many rows it has")?;
    Ok(Scrolled { rows, phases })
}

/// In pieces: a single evaluation may take a minute at most.
fn load(tab: &mut Tab<'_>) -> Result<()> {
    let piece = "Promise.race([watch.toTheEnd(), new Promise((done) => setTimeout(done, 40_000, 0))])";
    let start = Instant::now();
    while number(&tab.evaluate(piece)?)? == 0.0 {
        ensure!(start.elapsed() < Duration::from_secs(600), "all rows are not loaded after ten minutes");
    }
    Ok(())
}

/// Up and down, slowly and fast.
fn turn(tab: &mut Tab<'_>, table: &Value, seconds: u64) -> Result<()> {
    tab.evaluate("watch.toTheTop()")?;
    let (x, y) = (number(&table["x"])?, number(&table["y"])?);
    let start = Instant::now();
    for count in 0_u32.. {
        if start.elapsed() >= Duration::from_secs(seconds) {
            break;
        }
        let turn = TURNS[(count / 20) as usize % TURNS.len()];
        // Three down for each one up: it goes on to rows that were not shown before.
        let delta = if count % 80 < 60 { turn } else { -turn };
        tab.tell("Input.dispatchMouseEvent", json!({"type": "mouseWheel", "x": x, "y": y, "deltaX": 0, "deltaY": delta}))?;
        std::thread::sleep(BETWEEN_TURNS);
    }
    Ok(())
}

fn search(tab: &mut Tab<'_>) -> Result<()> {
    tab.evaluate("watch.search(), globalThis.finding = watch.found(), null")?;
    for letter in SEARCHED.chars() {
        tab.tell("Input.insertText", json!({"text": letter.to_string()}))?;
    }
    let found = number(&tab.evaluate("globalThis.finding")?)?;
    ensure!(found > 0.0, "nothing is found");
    Ok(())
}
