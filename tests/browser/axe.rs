//! axe looks at an element: whatever it knows to be wrong by WCAG 2.0 to 2.2, A and AA, or against good practice.

use serde_json::{Value, json};

use crate::{browser::Browser, site::vendored};

/// Calls back with a line for each thing that is wrong.
const RUN: &str = "
    const done = arguments[arguments.length - 1], [element, tags] = arguments;
    axe.run(document.querySelector(element), { runOnly: tags, resultTypes: ['violations'], preload: false }).then(
      ({ violations }) => done(violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, html, failureSummary }) => `${id} at ${target.flat().join(' ')}: ${html}\\n  ${failureSummary}`))),
      error => done([`axe: ${error}`]));";

/// With the form. `place` is said where something is wrong.
pub(crate) async fn nothing_is_wrong(browser: &Browser, place: &str) {
    nothing_is_wrong_in(browser, "latchkey-signup", place).await;
}

/// With the element of that name.
pub(crate) async fn nothing_is_wrong_in(browser: &Browser, element: &str, place: &str) {
    let script = format!("{}\n{RUN}", vendored("axe-core/axe.min.js"));
    let tags = json!(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]);
    let wrong = browser.driver.execute_async(script, vec![element.into(), tags]).await.unwrap();
    let wrong: Vec<Value> = wrong.convert().unwrap();
    let lines: Vec<_> = wrong.iter().filter_map(Value::as_str).collect();
    assert!(lines.is_empty(), "{place}:\n{}", lines.join("\n"));
}
