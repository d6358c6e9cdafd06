//! `/embed/partner.json` and the general loader: what the elements on a portal's page are given.

use harness::{Setup, World, send};
use reqwest::Method;

#[tokio::test]
async fn words_come_in_the_language_that_is_asked_for() {
    let world = World::start(Setup::new()).await;
    for (query, browser, locale, rtl, go) in [
        ("", "", "en", false, "Look up"),
        ("?locale=de-AT", "", "de-AT", false, "Nachschlagen"),
        ("", "xx, ar;q=0.9", "ar", true, "ابحث"),
        ("?locale=%3Cb%3E", "fr", "fr", false, "Rechercher"),
    ] {
        let request = world.request(Method::GET, &format!("/embed/partner.json{query}")).header("accept-language", browser);
        let answer = send(request).await;
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        assert_eq!(answer.header("vary"), "accept-language");
        // The same for everybody who reads that language.
        assert_eq!((answer.status, answer.header("cache-control")), (200, "public, max-age=3600"));
        let words = answer.json();
        assert_eq!(
            (words["locale"].as_str(), words["rtl"].as_bool(), words["texts"]["buckets.go"].as_str()),
            (Some(locale), Some(rtl), Some(go))
        );
    }
    world.get("/embed/other.json").await.problem(404, "unknown-funnel");
}

#[tokio::test]
async fn only_the_general_loader_carries_them() {
    let world = World::start(Setup::new()).await;
    let general = world.get("/embed/latchkey.js").await.text();
    assert!(general.contains("buckets.wasm") && general.contains("fetchToken"));
    let funnel = world.get("/embed/demo.js").await.text();
    assert!(!funnel.contains("buckets.wasm") && !funnel.contains("fetchToken"));
}
