//! Firefox, by geckodriver. What WebDriver's commands leave out is done with its other half, WebDriver BiDi.

use std::{
    process::{Command, Stdio},
    sync::Mutex,
};

use futures_util::{FutureExt, StreamExt};
use serde_json::json;
use thirtyfour::{
    WebDriver,
    bidi::{
        BiDi, BrowsingContextId, EventStream,
        events::LogEntryAdded,
        modules::{browsing_context::Viewport, emulation::NetworkConditions, log::LogLevel},
    },
};

use super::{Scripts, programs::Programs};

pub(crate) struct Firefox {
    bidi: BiDi,
    page: BrowsingContextId,
    log: Mutex<EventStream<LogEntryAdded>>,
}

pub(super) async fn start(programs: &mut Programs, scripts: Scripts) -> WebDriver {
    let (port, bidi) = (harness::free_port(), harness::free_port());
    let profiles = programs.folder().to_owned();
    let mut geckodriver = Command::new("geckodriver");
    geckodriver.args(["--port", &port.to_string(), "--websocket-port", &bidi.to_string(), "--profile-root"]).arg(profiles);
    programs.start(geckodriver.stdout(Stdio::null()));
    let preferences = json!({
        "intl.accept_languages": "en",
        // A page that scrolls smoothly moves away under a click.
        "ui.prefersReducedMotion": 1,
        // Asks a host on the internet what to try out.
        "app.normandy.enabled": false,
        "javascript.enabled": scripts == Scripts::On,
    });
    let capabilities = json!({
        "browserName": "firefox",
        "moz:firefoxOptions": {"args": ["-headless"], "prefs": preferences},
        "webSocketUrl": true,
    });
    programs.session(port, capabilities).await
}

impl Firefox {
    pub(super) async fn new(driver: &WebDriver) -> Firefox {
        let bidi = driver.bidi().await.unwrap();
        let log = Mutex::new(bidi.subscribe().await.unwrap());
        let page = bidi.browsing_context().top_level().await.unwrap();
        Firefox { bidi, page, log }
    }

    pub(super) async fn resize(&self, width: u32, height: u32) {
        self.bidi.browsing_context().set_viewport(self.page.clone(), Some(Viewport { width, height })).await.unwrap();
    }

    pub(super) async fn offline(&self, offline: bool) {
        self.bidi.emulation().set_network_conditions(offline.then_some(NetworkConditions::Offline)).await.unwrap();
    }

    pub(super) async fn console(&self) -> Vec<String> {
        // Events come in order: once this is answered, all that happened before has come.
        self.bidi.session().status().await.unwrap();
        let mut log = self.log.lock().unwrap();
        let new = std::iter::from_fn(|| log.next().now_or_never().flatten());
        new.filter(|entry| matches!(entry.level, LogLevel::Error | LogLevel::Warn)).filter_map(|entry| entry.text).collect()
    }
}
