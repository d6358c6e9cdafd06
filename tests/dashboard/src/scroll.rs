//! The table of leads with all of its rows loaded: scrolled by the wheel, sorted, searched; and how long the longest frame takes.

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
/// What is searched for: the beginning of some ids.
const SEARCHED: &str = "customer-00012";

#[derive(Serialize)]
pub(crate) struct Scrolled {
    rows: u64,
    phases: Vec<Phase>,
}

#[derive(Serialize)]
pub(crate) struct Phase {
    what: &'static str,
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
        tab.evaluate("watch.look()")?;
        act(tab).context(what)?;
        phases.push(Phase { what, seen: tab.evaluate("watch.seen()")? });
        Ok(())
    };
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
