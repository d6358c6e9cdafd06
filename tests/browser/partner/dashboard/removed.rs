//! Removed and put back, again and again.

use serde_json::json;

use super::stage::{desk, setup, twelve};

#[tokio::test]
async fn fifty_times_there_is_one_of_it_and_it_works() {
    let desk = desk(setup()).await;
    desk.seed_trading(twelve()).await;
    desk.see("t-1").await;
    // Now and then before it is there, now and then when all of it is.
    desk.ask(
        "const place = host.parentNode, next = host.nextSibling;
         (async () => {
           for (let time = 1; time <= 50; time++) {
             host.remove();
             await new Promise(done => setTimeout(done, time % 3));
             place.insertBefore(host, next);
             const begun = Date.now();
             while (time % 2 && !root.querySelector('[part=dashboard]') && Date.now() - begun < 5000) await new Promise(done => setTimeout(done, 10));
             window.times = time;
           }
         })()",
    )
    .await;
    desk.is("all of them", "window.times", &json!(50)).await;
    desk.figure("signups", &["12"]).await;
    desk.reads("Rows: 12").await;
    for part in ["root", "content", "dashboard", "overview"] {
        assert_eq!(desk.ask(&format!("return root.querySelectorAll('[part={part}]').length")).await, 1, "{part}");
    }
    desk.fill("leads-search", "p-12").await;
    desk.rows(&["p-12"]).await;
    // Moved within the page it is the same.
    desk.ask("window.content = root.querySelector('[part=content]'); document.body.append(host)").await;
    assert_eq!(desk.ask("return root.querySelector('[part=content]') === window.content").await, true);
    desk.end().await;
}
