//! A page that the funnel is not for.

use harness::{Landing, Setup, World};

use crate::{
    browser::{Browser, DESKTOP},
    form::Form,
};

#[tokio::test]
async fn a_page_of_another_origin_is_refused() {
    let world = World::start(Setup::new()).await;
    // The funnel does not name this page's origin.
    let stranger = Landing::start(world.folder(), &world.address, &["demo"]).await;
    let browser = Browser::start(DESKTOP).await;
    let form = Form::open(&browser, &format!("{}/", stranger.origin)).await;
    form.fill_in("jane.stranger@mail.example").await;
    form.send().await;
    form.until("the form says that it cannot be sent", "return root.querySelector('[role=alert]').innerText.trim() !== ''").await;
    browser.screenshot("refused-1280").await;
    assert!(world.sandbox.requests().await.is_empty());
    assert!(world.signups().await.is_empty());
    let console = browser.console().await;
    assert!(console.iter().any(|line| line.contains("origins")), "the page's engineer is told why: {console:#?}");
    browser.quit().await;
}
