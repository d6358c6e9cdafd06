//! WebKit, by `WebKitWebDriver` of WebKitGTK and its example of a browser, MiniBrowser, on a screen that nobody sees.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use serde_json::json;
use thirtyfour::WebDriver;

use super::{Scripts, programs::Programs};

/// As narrow as MiniBrowser's toolbar is, its window cannot be narrower.
const NARROW_TOOLBAR: &str = "button, entry, toolbar, headerbar { min-width: 0; min-height: 0; padding: 0; margin: 0; border: none }";

/// A page that scrolls smoothly moves away under a click.
const REDUCED_MOTION: &str = "[Settings]\ngtk-enable-animations=0\n";

/// The driver asks the page itself to wake it after that time. No widget waits as long, so the two can be told apart.
const SCRIPT_TIMEOUT: Duration = Duration::from_hours(24);

pub(super) async fn start(programs: &mut Programs, scripts: Scripts) -> WebDriver {
    let settings = programs.folder().join("settings");
    write_settings(&settings);
    let screen = start_screen(programs);
    let port = harness::free_port();
    let mut driver = Command::new("WebKitWebDriver");
    driver.arg(format!("--port={port}")).env("DISPLAY", screen).env("XDG_CONFIG_HOME", settings);
    // The language that pages are asked for in; whether the machine knows it does not matter.
    driver.env("LANG", "en_US.UTF-8").env("LANGUAGE", "en").env_remove("LC_ALL");
    // Root may not make the sandbox.
    driver.env("WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS", "1");
    programs.start(driver.stdout(Stdio::null()));
    let mut arguments = vec!["--automation"];
    if scripts == Scripts::Off {
        arguments.push("--enable-javascript=false");
    }
    let capabilities = json!({"browserName": "MiniBrowser", "webkitgtk:browserOptions": {"args": arguments}});
    let driver = programs.session(port, capabilities).await;
    driver.set_script_timeout(SCRIPT_TIMEOUT).await.unwrap();
    driver
}

fn write_settings(folder: &Path) {
    let folder = folder.join("gtk-3.0");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("gtk.css"), NARROW_TOOLBAR).unwrap();
    fs::write(folder.join("settings.ini"), REDUCED_MOTION).unwrap();
}

/// Starts a display server on a number that is free, and gives its name.
fn start_screen(programs: &mut Programs) -> String {
    let mut server = Command::new("Xvfb");
    server.args(["-displayfd", "1", "-screen", "0", "1400x1000x24", "-nolisten", "tcp"]);
    let server = programs.start(server.stdout(Stdio::piped()));
    let mut number = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut number).unwrap();
    format!(":{}", number.trim())
}

/// The page gets the size; the window is higher by its toolbar.
pub(super) async fn resize(driver: &WebDriver, width: u32, height: u32) {
    driver.set_window_rect(0, 0, width, height).await.unwrap();
    let page = driver.execute("return innerHeight", Vec::new()).await.unwrap().json().as_u64().unwrap();
    let toolbar = height.saturating_sub(u32::try_from(page).unwrap());
    driver.set_window_rect(0, 0, width, height + toolbar).await.unwrap();
}

/// Waits until what is there is on the screen: the driver takes it from there.
pub(super) async fn drawn(driver: &WebDriver) {
    let script = "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50)))";
    driver.execute_async(script, Vec::new()).await.unwrap();
}

/// The driver has no console to read: from now on the page keeps what would be written there.
pub(super) async fn listen(driver: &WebDriver) {
    let script = "if (window.complaints) return;
        const complain = window.complaints = [];
        for (const level of ['error', 'warn']) {
          const real = console[level];
          console[level] = (...words) => { complain.push(words.join(' ')); real.apply(console, words); };
        }
        addEventListener('error', event => complain.push(String(event.message)));
        addEventListener('unhandledrejection', event => complain.push(String(event.reason)));
        document.addEventListener('securitypolicyviolation', event => complain.push(`${event.violatedDirective} ${event.blockedURI}`));";
    driver.execute(script, Vec::new()).await.unwrap();
}

pub(super) async fn console(driver: &WebDriver) -> Vec<String> {
    let complaints = driver.execute("return window.complaints?.splice(0) ?? []", Vec::new()).await.unwrap();
    complaints.convert().unwrap()
}
