//! Chromium, by chromedriver. What WebDriver has no command for is done with the DevTools protocol.

use std::process::{Command, Stdio};

use serde_json::{Value, json};
use thirtyfour::WebDriver;

use super::{Window, programs::Programs};

/// Without these a fresh profile asks hosts on the internet for this and that, and root may not start it at all.
const ARGUMENTS: [&str; 10] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    // A page that scrolls smoothly moves away under a click.
    "--force-prefers-reduced-motion",
    "--lang=en",
];

pub(super) async fn start(programs: &mut Programs, window: Window) -> WebDriver {
    let port = harness::free_port();
    programs.start(Command::new("chromedriver").arg(format!("--port={port}")).stdout(Stdio::null()));
    let mut arguments = ARGUMENTS.map(str::to_owned).to_vec();
    arguments.push(format!("--user-data-dir={}", programs.folder().display()));
    let metrics = json!({"width": window.width, "height": window.height, "pixelRatio": 1.0, "mobile": false, "touch": false});
    let capabilities = json!({
        "browserName": "chrome",
        "goog:chromeOptions": {"args": arguments, "mobileEmulation": {"deviceMetrics": metrics}},
        "goog:loggingPrefs": {"browser": "ALL"},
    });
    programs.session(port, capabilities).await
}

pub(super) async fn switch_scripts_off(driver: &WebDriver) {
    // The browser's own first page would complain of it.
    driver.goto("about:blank").await.unwrap();
    cdp(driver, "Emulation.setScriptExecutionDisabled", json!({"value": true})).await;
}

pub(super) async fn resize(driver: &WebDriver, width: u32, height: u32) {
    let metrics = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
    cdp(driver, "Emulation.setDeviceMetricsOverride", metrics).await;
}

/// The one preference of the visitor's that differs from what is usual.
pub(super) async fn prefer(driver: &WebDriver, feature: &str, value: &str) {
    cdp(driver, "Emulation.setEmulatedMedia", json!({"features": [{"name": feature, "value": value}]})).await;
}

/// What a page holds in memory.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Held {
    pub(crate) nodes: i64,
    pub(crate) listeners: i64,
    pub(crate) heap_bytes: i64,
}

pub(super) async fn held(driver: &WebDriver) -> Held {
    cdp(driver, "Performance.enable", json!({})).await;
    // What the first finds may be held by what it finishes.
    for _ in 0..3 {
        cdp(driver, "HeapProfiler.collectGarbage", json!({})).await;
    }
    let metrics = cdp(driver, "Performance.getMetrics", json!({})).await;
    let metric = |name: &str| {
        let found = metrics["metrics"].as_array().into_iter().flatten().find(|metric| metric["name"] == name);
        found.and_then(|metric| metric["value"].as_f64()).unwrap() as i64
    };
    Held { nodes: metric("Nodes"), listeners: metric("JSEventListeners"), heap_bytes: metric("JSHeapUsedSize") }
}

pub(super) async fn offline(driver: &WebDriver, offline: bool) {
    cdp(driver, "Network.enable", json!({})).await;
    let conditions = json!({"offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1});
    cdp(driver, "Network.emulateNetworkConditions", conditions).await;
}

pub(super) async fn console(driver: &WebDriver) -> Vec<String> {
    let entries = driver.browser_log().await.unwrap();
    entries.into_iter().filter(|entry| entry.level == "SEVERE" || entry.level == "WARNING").map(|entry| entry.message).collect()
}

async fn cdp(driver: &WebDriver, method: &str, parameters: Value) -> Value {
    driver.cdp().send_raw(method, parameters).await.unwrap()
}
