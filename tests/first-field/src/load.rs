//! One load of one page: what is told to Chromium, and what is read from it.

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::chromium::{Chromium, Event};

const WATCH: &str = include_str!("watch.js");
/// For how long a page has to do nothing, in milliseconds, to be done.
const QUIET_MS: u32 = 1500;
/// A telephone's window, in CSS pixels.
const WINDOW: (u32, u32) = (412, 823);

/// What a page is opened under.
#[derive(Clone, Copy)]
pub(crate) struct Conditions {
    /// From a request to the beginning of its answer.
    round_trip_ms: u32,
    bytes_per_second: u32,
    /// How many times as slow as this machine the processor is.
    slower: u32,
}

/// A middling telephone on a middling network: 1.6 Mbit/s.
pub(crate) const SLOW: Conditions = Conditions { round_trip_ms: 150, bytes_per_second: 200_000, slower: 4 };

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
    let tab = chromium.open()?;
    let mut events = Vec::new();
    let mut tell = |method: &str, parameters| chromium.tell(&tab, method, parameters, &mut events);
    prepare(&mut tell, conditions)?;
    tell("Page.navigate", json!({"url": address}))?;
    let first_field_ms = number(&evaluate(&mut tell, "watch.firstField")?)?;
    evaluate(&mut tell, &format!("watch.settled({takes_over}, {QUIET_MS})"))?;
    let watched: Watched = serde_json::from_value(evaluate(&mut tell, "({ tasks: watch.tasks, takenOver: watch.takenOver })")?)?;
    chromium.close(tab)?;

    let wire = wire(&events)?;
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

fn prepare(tell: &mut impl FnMut(&str, Value) -> Result<Value>, conditions: Option<Conditions>) -> Result<()> {
    let (width, height) = WINDOW;
    let metrics = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": true});
    tell("Emulation.setDeviceMetricsOverride", metrics)?;
    tell("Emulation.setFocusEmulationEnabled", json!({"enabled": true}))?;
    tell("Page.enable", json!({}))?;
    tell("Network.enable", json!({}))?;
    tell("Page.addScriptToEvaluateOnNewDocument", json!({"source": WATCH}))?;
    if let Some(Conditions { round_trip_ms, bytes_per_second, slower }) = conditions {
        let network = json!({
            "offline": false,
            "latency": round_trip_ms,
            "downloadThroughput": bytes_per_second,
            "uploadThroughput": bytes_per_second,
        });
        tell("Network.emulateNetworkConditions", network)?;
        tell("Emulation.setCPUThrottlingRate", json!({"rate": slower}))?;
    }
    Ok(())
}

/// What an expression, or the promise that it is, comes to.
fn evaluate(tell: &mut impl FnMut(&str, Value) -> Result<Value>, expression: &str) -> Result<Value> {
    let parameters = json!({"expression": expression, "awaitPromise": true, "returnByValue": true, "timeout": 60_000});
    let mut answer = tell("Runtime.evaluate", parameters)?;
    ensure!(answer.get("exceptionDetails").is_none(), "{expression} fails: {answer}");
    Ok(answer["result"]["value"].take())
}

/// An answer that came over the wire.
struct Answer {
    /// Since the navigation began.
    end_ms: f64,
    bytes: u64,
}

fn wire(events: &[Event]) -> Result<Vec<Answer>> {
    let failed = of(events, "Network.loadingFailed").next();
    ensure!(failed.is_none(), "something could not be loaded: {failed:?}");
    let navigation = of(events, "Network.requestWillBeSent").next().context("the page was never asked for")?;
    let start = number(&navigation["timestamp"])?;
    of(events, "Network.loadingFinished")
        .map(|end| {
            let bytes = number(&end["encodedDataLength"])? as u64;
            Ok(Answer { end_ms: (number(&end["timestamp"])? - start) * 1000.0, bytes })
        })
        .collect()
}

fn of<'a>(events: &'a [Event], name: &'static str) -> impl Iterator<Item = &'a Value> {
    events.iter().filter(move |event| event.name == name).map(|event| &event.parameters)
}

fn number(value: &Value) -> Result<f64> {
    value.as_f64().with_context(|| format!("{value} is no number"))
}
