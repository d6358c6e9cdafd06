//! One tab, how it is set up, and what came over the wire.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::Tab;

/// In CSS pixels.
#[derive(Clone, Copy)]
pub struct Window {
    pub width: u32,
    pub height: u32,
    /// Whether it is a telephone's.
    pub mobile: bool,
}

/// What a page is opened under.
#[derive(Clone, Copy)]
pub struct Conditions {
    /// From a request to the beginning of its answer.
    round_trip_ms: u32,
    bytes_per_second: u32,
    /// How many times as slow as this machine the processor is.
    slower: u32,
}

/// A middling telephone on a middling network: 1.6 Mbit/s.
pub const SLOW: Conditions = Conditions { round_trip_ms: 150, bytes_per_second: 200_000, slower: 4 };

/// An answer that came over the wire.
pub struct Answer {
    /// Since the navigation began.
    pub end_ms: f64,
    /// Headers included.
    pub bytes: u64,
}

impl Tab<'_> {
    /// `watch` runs in every page before anything of the page's own does.
    pub fn prepare(&mut self, window: Window, watch: &str, conditions: Option<Conditions>) -> Result<()> {
        let Window { width, height, mobile } = window;
        let metrics = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile});
        self.tell("Emulation.setDeviceMetricsOverride", metrics)?;
        self.tell("Emulation.setFocusEmulationEnabled", json!({"enabled": true}))?;
        self.tell("Page.enable", json!({}))?;
        self.tell("Network.enable", json!({}))?;
        self.tell("Page.addScriptToEvaluateOnNewDocument", json!({"source": watch}))?;
        if let Some(Conditions { round_trip_ms, bytes_per_second, slower }) = conditions {
            let network = json!({
                "offline": false,
                "latency": round_trip_ms,
                "downloadThroughput": bytes_per_second,
                "uploadThroughput": bytes_per_second,
            });
            self.tell("Network.emulateNetworkConditions", network)?;
            self.slow_down(slower)?;
        }
        Ok(())
    }

    /// Makes the processor so many times as slow as this machine.
    pub fn slow_down(&mut self, times: u32) -> Result<()> {
        self.tell("Emulation.setCPUThrottlingRate", json!({"rate": times})).map(drop)
    }

    pub fn open(&mut self, address: &str) -> Result<()> {
        self.tell("Page.navigate", json!({"url": address})).map(drop)
    }

    /// What an expression, or the promise that it is, comes to.
    pub fn evaluate(&mut self, expression: &str) -> Result<Value> {
        let parameters = json!({"expression": expression, "awaitPromise": true, "returnByValue": true, "timeout": 60_000});
        let mut answer = self.tell("Runtime.evaluate", parameters)?;
        ensure!(answer.get("exceptionDetails").is_none(), "{expression} fails: {answer}");
        Ok(answer["result"]["value"].take())
    }

    /// All that came since the navigation began. What could not be loaded is an error.
    pub fn wire(&self) -> Result<Vec<Answer>> {
        let failed = self.events("Network.loadingFailed").next();
        ensure!(failed.is_none(), "something could not be loaded: {failed:?}");
        let navigation = self.events("Network.requestWillBeSent").next().context("the page was never asked for")?;
        let start = number(&navigation["timestamp"])?;
        self.events("Network.loadingFinished")
            .map(|end| {
                let bytes = number(&end["encodedDataLength"])? as u64;
                Ok(Answer { end_ms: (number(&end["timestamp"])? - start) * 1000.0, bytes })
            })
            .collect()
    }

    /// Begins to note what each thread does.
    pub fn trace(&mut self) -> Result<()> {
        let categories = json!({"excludedCategories": ["*"], "includedCategories": ["toplevel", "disabled-by-default-devtools.timeline"]});
        self.tell("Tracing.start", json!({"transferMode": "ReportEvents", "traceConfig": categories})).map(drop)
    }

    /// How much of the processor each task of the page's thread has had since, in milliseconds. What other programs had meanwhile does
    /// not count, as it does in what a page can see of itself.
    pub fn traced(&mut self) -> Result<Vec<f64>> {
        self.tell("Tracing.end", json!({}))?;
        // It comes in pieces, which are read while something else is answered.
        while self.events("Tracing.tracingComplete").next().is_none() {
            self.evaluate("new Promise((done) => setTimeout(done, 100))")?;
        }
        let pieces = self.events("Tracing.dataCollected").filter_map(|piece| piece["value"].as_array());
        let events: Vec<&Value> = pieces.flatten().collect();
        let thread = |event: &Value| (event["pid"].as_u64(), event["tid"].as_u64());
        let is_of_a_page = |event: &&Value| event["name"] == "thread_name" && event["args"]["name"] == "CrRendererMain";
        let of_pages: Vec<_> = events.iter().copied().filter(is_of_a_page).map(thread).collect();
        let tasks = events.iter().filter(|event| event["name"] == "RunTask" && of_pages.contains(&thread(event)));
        let times = tasks.filter_map(|task| Some(task["tdur"].as_f64()? / 1000.0)).collect();
        self.happened.retain(|event| !event.name.starts_with("Tracing."));
        Ok(times)
    }

    fn events<'a>(&'a self, name: &'static str) -> impl Iterator<Item = &'a Value> {
        self.happened.iter().filter(move |event| event.name == name).map(|event| &event.parameters)
    }
}

pub fn number(value: &Value) -> Result<f64> {
    value.as_f64().with_context(|| format!("{value} is no number"))
}
