//! What is not the visitor's fault: the CRM down, the network gone, the proxy busy or away.

use harness::Setup;
use serde_json::json;

use crate::{
    browser::{DESKTOP, Engine, NO_ANSWER, not_in},
    stage::Stage,
};

#[tokio::test]
async fn the_crm_is_down_and_the_signup_is_there_after_a_restart() {
    let mut stage = Stage::set(Setup::new().patience(1000), DESKTOP).await;
    stage.world.sandbox.fault_for_good(json!({"kind": "reset-before"})).await;
    let form = stage.form().await;
    form.fill_in("jane.down@mail.example").await;
    form.send().await;
    form.until_text("Thank you. We have your details").await;
    stage.browser.screenshot("accepted-1280").await;
    assert!(form.ask("return root.activeElement !== null").await == true, "the focus is on what happened");
    // A page that waits for it would ask a proxy that is not there.
    stage.browser.driver.goto("about:blank").await.unwrap();
    stage.world.kill();
    stage.world.restart().await;
    let signups = stage.world.signups().await;
    assert_eq!(signups.len(), 1);
    assert_eq!(signups[0]["state"], "parked");
    let shown = stage.world.latchkey(&["signups", "show", signups[0]["id"].as_str().unwrap(), "--personal"]).await;
    assert!(shown.stdout.contains("jane.down@mail.example"), "{}", shown.stdout);
    stage.end().await;
}

#[tokio::test]
async fn the_network_goes_and_comes_back() {
    if not_in(&[Engine::Webkit], "WebDriver has no command that takes the network away, and WebKit's driver has nothing besides") {
        return;
    }
    let stage = Stage::set(Setup::new(), DESKTOP).await;
    let form = stage.form().await;
    form.until_visit().await;
    form.fill_in("jane.offline@mail.example").await;
    stage.browser.offline(true).await;
    form.send().await;
    form.until_text("This could not be sent yet.").await;
    assert_eq!(form.value("email").await, "jane.offline@mail.example", "the form stays filled");
    stage.browser.screenshot("offline-1280").await;
    // As long as there is no network nothing is tried: not one try is used up.
    form.count_requests("/signups").await;
    form.hurry(50).await;
    form.let_pass(120).await;
    assert_eq!(form.requests().await, 0);
    stage.browser.offline(false).await;
    harness::until("the user", async || Some(stage.world.sandbox.users().await).filter(|users| users.len() == 1)).await;
    let expected = |line: &str| NO_ANSWER.iter().any(|said| line.contains(said)) || line.contains("latchkey: no answer");
    stage.browser.console().await.iter().for_each(|line| assert!(expected(line), "{line}"));
    stage.browser.quit().await;
}

/// The answer is lost on its way: sent again, it has the same `Idempotency-Key`, so there is one user.
#[tokio::test]
async fn a_lost_answer_makes_no_second_user() {
    let stage = Stage::set(Setup::new(), DESKTOP).await;
    let form = stage.form().await;
    let lose_one = "const real = window.fetch; window.keys = []; let lost = false;
        window.fetch = async (resource, options) => {
          const answer = await real(resource, options);
          if (!String(resource.url ?? resource).includes('/signups')) return answer;
          window.keys.push(new Headers(resource.headers ?? options?.headers).get('idempotency-key'));
          if (lost) return answer;
          lost = true;
          throw new TypeError('the answer is lost');
        };";
    form.ask(lose_one).await;
    form.ask("host.addEventListener('latchkey:registered', event => event.preventDefault())").await;
    form.fill_in("jane.lost@mail.example").await;
    form.send().await;
    form.until_text("This could not be sent yet.").await;
    assert_eq!(stage.world.sandbox.users().await.len(), 1, "the first one arrived");
    form.until_text("Your account is open.").await;
    let keys = form.ask("return window.keys").await;
    let keys = keys.as_array().unwrap();
    assert_eq!(keys.len(), 2);
    assert!(keys[0].as_str().is_some_and(|key| key.len() >= 32), "{keys:?}");
    assert_eq!(keys[0], keys[1]);
    assert_eq!(stage.world.sandbox.users().await.len(), 1);
    assert_eq!(stage.world.signups().await.len(), 1);
    stage.browser.console().await.iter().for_each(|line| assert!(line.contains("latchkey: no answer"), "{line}"));
    stage.browser.quit().await;
}

#[tokio::test]
async fn a_busy_proxy_is_said_and_the_form_stays() {
    let stage = Stage::set(Setup::new().limit("signups_per_minute", 1), DESKTOP).await;
    let first = stage.world.signup(&stage.world.form().await).await;
    assert_eq!(first.status, 201);
    let form = stage.form().await;
    form.fill_in("jane.busy@mail.example").await;
    form.send().await;
    form.until_text("This could not be sent yet.").await;
    assert_eq!(form.value("email").await, "jane.busy@mail.example");
    stage.browser.console().await.iter().for_each(|line| assert!(line.contains("429"), "{line}"));
    stage.browser.quit().await;
}

#[tokio::test]
async fn removed_and_put_back_it_works() {
    let stage = Stage::set(Setup::new(), DESKTOP).await;
    let form = stage.form().await;
    form.ask("const place = host.parentElement; for (let i = 0; i < 20; i++) { host.remove(); place.append(host); }").await;
    form.until("one form", "return root.querySelectorAll('form').length === 1").await;
    form.fill_in("jane.moved@mail.example").await;
    form.send().await;
    harness::until("the user", async || Some(stage.world.sandbox.users().await).filter(|users| users.len() == 1)).await;
    stage.end().await;
}
