//! One Chromium with its driver, both ended with the test.

use std::{
    os::unix::process::CommandExt,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process_group};
use serde_json::json;
use thirtyfour::{ChromiumLikeCapabilities, DesiredCapabilities, LoggingPrefsLogLevel, WebDriver};

/// Without these a fresh profile asks hosts on the internet for this and that, and root may not start it at all.
const ARGUMENTS: [&str; 9] = [
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
];

/// A window of that size, in CSS pixels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Window {
    pub(crate) name: &'static str,
    width: u32,
    height: u32,
}

/// The narrowest screen that WCAG 2.2 asks for (1.4.10).
pub(crate) const NARROWEST: Window = Window { name: "320", width: 320, height: 640 };
pub(crate) const PHONE: Window = Window { name: "360", width: 360, height: 740 };
pub(crate) const DESKTOP: Window = Window { name: "1280", width: 1280, height: 900 };

pub(crate) struct Chromium {
    pub(crate) driver: WebDriver,
    window: Window,
    process: Child,
    _profile: tempfile::TempDir,
}

impl Chromium {
    pub(crate) async fn start(window: Window) -> Chromium {
        let profile = tempfile::tempdir().unwrap();
        let port = harness::free_port();
        let process = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .process_group(0)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver starts: `cargo xtask test` installs it, or says how");
        let mut capabilities = DesiredCapabilities::chrome();
        for argument in ARGUMENTS {
            capabilities.add_arg(argument).unwrap();
        }
        capabilities.add_arg(&format!("--user-data-dir={}", profile.path().display())).unwrap();
        capabilities.add_arg("--lang=en").unwrap();
        let metrics = json!({"width": window.width, "height": window.height, "pixelRatio": 1.0, "mobile": false, "touch": false});
        capabilities.add_experimental_option("mobileEmulation", json!({"deviceMetrics": metrics})).unwrap();
        capabilities.set_browser_log_level(LoggingPrefsLogLevel::All).unwrap();
        let started = Instant::now();
        let driver = loop {
            match WebDriver::new(format!("http://127.0.0.1:{port}"), capabilities.clone()).await {
                Ok(driver) => break driver,
                Err(error) => assert!(started.elapsed() < Duration::from_secs(30), "no browser: {error}"),
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        };
        Chromium { driver, window, process, _profile: profile }
    }

    pub(crate) async fn prefer_dark(&self, dark: bool) {
        let scheme = if dark { "dark" } else { "light" };
        self.cdp("Emulation.setEmulatedMedia", json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]})).await;
    }

    pub(crate) async fn offline(&self, offline: bool) {
        self.cdp("Network.enable", json!({})).await;
        let conditions = json!({"offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1});
        self.cdp("Network.emulateNetworkConditions", conditions).await;
    }

    async fn cdp(&self, method: &str, parameters: serde_json::Value) {
        self.driver.cdp().send_raw(method, parameters).await.unwrap();
    }

    /// The whole page, kept for people to look at: the window grows to its height for the moment, so that all of it is drawn.
    pub(crate) async fn screenshot(&self, name: &str) {
        let height =
            self.driver.execute("return document.documentElement.scrollHeight", Vec::new()).await.unwrap().json().as_u64().unwrap();
        self.metrics(u64::from(self.window.height).max(height)).await;
        self.driver.screenshot(&harness::screenshots().join(format!("{name}.png"))).await.unwrap();
        self.metrics(self.window.height.into()).await;
    }

    /// The same in both colour schemes; ends in the light one.
    pub(crate) async fn screenshots(&self, name: &str) {
        for (dark, scheme) in [(true, "dark"), (false, "light")] {
            self.prefer_dark(dark).await;
            self.screenshot(&format!("{name}-{}-{scheme}", self.window.name)).await;
        }
    }

    async fn metrics(&self, height: u64) {
        let metrics = json!({"width": self.window.width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.cdp("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    /// What the console holds since the last time: errors and warnings of the page, the browser and the network.
    pub(crate) async fn console(&self) -> Vec<String> {
        let entries = self.driver.browser_log().await.unwrap();
        entries.into_iter().filter(|entry| entry.level == "SEVERE" || entry.level == "WARNING").map(|entry| entry.message).collect()
    }

    pub(crate) async fn quit(self) {
        let driver = self.driver.clone();
        driver.quit().await.unwrap();
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // A failed test ends here too: then the driver is not asked to close the browser, which takes it minutes, and the
        // whole group is ended. After `quit`, all of them are gone already.
        let _ = self.driver.clone().leak();
        if let Some(group) = i32::try_from(self.process.id()).ok().and_then(Pid::from_raw) {
            let _ = kill_process_group(group, Signal::KILL);
        }
        let _ = self.process.wait();
    }
}
