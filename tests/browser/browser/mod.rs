//! One browser with its driver, both ended with the test.

mod chromium;
mod engine;
mod firefox;
mod programs;
mod webkit;

use std::cell::Cell;

use thirtyfour::WebDriver;

pub(crate) use chromium::Held;

pub(crate) use engine::{Engine, not_in};
use programs::Programs;

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
pub(crate) const TABLET: Window = Window { name: "768", width: 768, height: 1024 };
/// What [`DESKTOP`] has room for when everything is twice as large (1.4.4).
pub(crate) const ENLARGED: Window = Window { name: "200-percent", width: 640, height: 450 };
pub(crate) const DESKTOP: Window = Window { name: "1280", width: 1280, height: 900 };
/// All of a form is in sight.
pub(crate) const TALL: Window = Window { name: "tall", width: 1280, height: 1600 };

/// Whether pages may run any. A driver's own run in either case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scripts {
    On,
    Off,
}

/// How browsers complain of a request that no answer came to.
pub(crate) const NO_ANSWER: [&str; 5] = [
    "ERR_CONNECTION_REFUSED",
    "ERR_CONNECTION_RESET",
    "ERR_SOCKET_NOT_CONNECTED",
    "ERR_INTERNET_DISCONNECTED",
    "CORS request did not succeed",
];

pub(crate) struct Browser {
    pub(crate) driver: WebDriver,
    window: Cell<Window>,
    engine: Driven,
    _programs: Programs,
}

/// By which engine's driver.
enum Driven {
    Chromium,
    Firefox(firefox::Firefox),
    Webkit,
}

impl Browser {
    /// Starts a browser of the engine that is asked for.
    pub(crate) async fn start(window: Window) -> Browser {
        Browser::with(Scripts::On, window, None).await
    }

    /// The same, of a visitor in that time zone.
    pub(crate) async fn start_in(zone: &'static str, window: Window) -> Browser {
        Browser::with(Scripts::On, window, Some(zone)).await
    }

    /// The same, of a visitor who has switched scripts off. Nothing of it can be waited for in the page, so no screenshots.
    pub(crate) async fn without_scripts(window: Window) -> Browser {
        let browser = Browser::with(Scripts::Off, window, None).await;
        if let Driven::Chromium = browser.engine {
            chromium::switch_scripts_off(&browser.driver).await;
        }
        browser
    }

    async fn with(scripts: Scripts, window: Window, zone: Option<&'static str>) -> Browser {
        let mut programs = Programs::new(zone);
        let (driver, engine) = match Engine::asked() {
            Engine::Chromium => (chromium::start(&mut programs, window).await, Driven::Chromium),
            Engine::Firefox => {
                let driver = firefox::start(&mut programs, scripts).await;
                let firefox = firefox::Firefox::new(&driver).await;
                (driver, Driven::Firefox(firefox))
            }
            Engine::Webkit => (webkit::start(&mut programs, scripts).await, Driven::Webkit),
        };
        let browser = Browser { driver, window: Cell::new(window), engine, _programs: programs };
        browser.show_in(window).await;
        browser
    }

    /// Gives the page that size.
    pub(crate) async fn show_in(&self, window: Window) {
        self.window.set(window);
        self.resize(window.width, window.height).await;
    }

    pub(crate) async fn goto(&self, address: &str) {
        self.driver.goto(address).await.unwrap();
        if let Driven::Webkit = self.engine {
            webkit::listen(&self.driver).await;
        }
    }

    /// The whole page, kept for people to look at: the window grows to its height for the moment, so that all of it is drawn.
    pub(crate) async fn screenshot(&self, name: &str) {
        let height =
            self.driver.execute("return document.documentElement.scrollHeight", Vec::new()).await.unwrap().json().as_u64().unwrap();
        let height = u32::try_from(height).unwrap();
        let window = self.window.get();
        self.resize(window.width, window.height.max(height)).await;
        if let Driven::Webkit = self.engine {
            webkit::drawn(&self.driver).await;
        }
        let folder = Engine::asked().screenshots();
        self.driver.screenshot(&folder.join(format!("{name}.png"))).await.unwrap();
        self.resize(window.width, window.height).await;
    }

    /// The same in both colour schemes, where there is a way to choose; ends in the light one.
    pub(crate) async fn screenshots(&self, name: &str) {
        for (dark, scheme) in [(true, "dark"), (false, "light")] {
            if self.prefer_dark(dark).await {
                self.screenshot(&format!("{name}-{}-{scheme}", self.window.get().name)).await;
            }
        }
    }

    /// Says whether the page has the colours that were asked for: only Chromium's driver lets a test choose.
    pub(crate) async fn prefer_dark(&self, dark: bool) -> bool {
        match &self.engine {
            Driven::Chromium => {
                let scheme = if dark { "dark" } else { "light" };
                chromium::prefer(&self.driver, "prefers-color-scheme", scheme).await;
            }
            Driven::Firefox(_) | Driven::Webkit => return !dark,
        }
        true
    }

    /// Has few colours only, which the visitor has chosen. Chromium only.
    pub(crate) async fn force_colours(&self) {
        chromium::prefer(&self.driver, "forced-colors", "active").await;
    }

    /// What the page holds in memory after all rubbish is gone. Chromium only.
    pub(crate) async fn held(&self) -> Held {
        chromium::held(&self.driver).await
    }

    /// Takes the network away, and gives it back.
    pub(crate) async fn offline(&self, offline: bool) {
        match &self.engine {
            Driven::Chromium => chromium::offline(&self.driver, offline).await,
            Driven::Firefox(firefox) => firefox.offline(offline).await,
            Driven::Webkit => panic!("WebKit's network cannot be taken away"),
        }
    }

    async fn resize(&self, width: u32, height: u32) {
        match &self.engine {
            Driven::Chromium => chromium::resize(&self.driver, width, height).await,
            Driven::Firefox(firefox) => firefox.resize(width, height).await,
            Driven::Webkit => webkit::resize(&self.driver, width, height).await,
        }
    }

    /// What was complained about since the last time: errors and warnings of the page, and of the browser as far as its engine
    /// tells a driver. Chromium tells of the network too; WebKit of nothing that was before the page had loaded, or on another page.
    pub(crate) async fn console(&self) -> Vec<String> {
        match &self.engine {
            Driven::Chromium => chromium::console(&self.driver).await,
            Driven::Firefox(firefox) => firefox.console().await,
            Driven::Webkit => webkit::console(&self.driver).await,
        }
    }

    pub(crate) async fn quit(self) {
        let driver = self.driver.clone();
        driver.quit().await.unwrap();
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // A failed test ends here too: then the driver is not asked to close the browser, which takes it minutes, and the
        // programs are ended as they are.
        let _ = self.driver.clone().leak();
    }
}
