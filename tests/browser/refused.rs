//! A page that the funnel is not for.

use harness::{Landing, Setup, World};

use crate::{
    chromium::{Chromium, DESKTOP},
    form::Form,
};

#[tokio::test]
async fn a_page_of_another_origin_is_refused() {
    let world = World::start(Setup::new()).await;
    // The funnel does not name this page's origin.
    let stranger = Landing::start(world.folder(), &world.address, &["demo"]).await;
    let chromium = Chromium::start(DESKTOP).await;
    let form = Form::open(&chromium.driver, &format!("{}/", stranger.origin)).await;
    form.fill_in("jane.stranger@mail.example").await;
    form.send().await;
    form.until("the form says that it cannot be sent", "return root.querySelector('[role=alert]').innerText.trim() !== ''").await;
    chromium.screenshot("refused-1280").await;
    assert!(world.sandbox.requests().await.is_empty());
    assert!(world.signups().await.is_empty());
    let console = chromium.console().await;
    assert!(console.iter().any(|line| line.contains("origins")), "the page's engineer is told why: {console:#?}");
    chromium.quit().await;
}
