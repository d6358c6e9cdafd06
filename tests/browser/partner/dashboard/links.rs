//! Links of one's own.

use serde_json::json;

use super::stage::{desk, setup};
use crate::partner::desk::Desk;

async fn at_the_links() -> Desk {
    let desk = desk(setup()).await;
    desk.see("t-1").await;
    desk.tab("Links").await;
    desk.is("the first page's", "root.querySelector('#link')?.value", &json!("https://broker.example/t-1")).await;
    desk
}

#[tokio::test]
async fn a_link_is_composed_of_a_page_a_sub_id_and_a_campaign() {
    let desk = at_the_links().await;
    desk.fill("sub-id", " partner one&two ").await;
    desk.fill("campaign", "spring").await;
    let link = "root.querySelector('#link').value";
    desk.is("both", link, &json!("https://broker.example/t-1?subID=partner+one%26two&campaignId=spring")).await;
    // What the page's own address has by that name is replaced, and the rest stays.
    desk.choose("landing-page", "https://broker.example/spring?lang=de&subID=old&of=t-1").await;
    desk.is("another page's", link, &json!("https://broker.example/spring?lang=de&subID=partner+one%26two&of=t-1&campaignId=spring")).await;
    desk.fill("sub-id", "").await;
    desk.fill("campaign", "").await;
    desk.is("as it was", link, &json!("https://broker.example/spring?lang=de&subID=old&of=t-1")).await;
    desk.reads("Trade the world").await;
    desk.end().await;
}

#[tokio::test]
async fn it_is_copied_or_said_why_not() {
    let desk = at_the_links().await;
    // Whether a page without a person before it may write to the clipboard, browsers see differently.
    desk.ask(
        "Object.defineProperty(navigator, 'clipboard', { configurable: true, value: { writeText: async (text) => {
           if (window.refuses) throw new DOMException('no', 'NotAllowedError');
           window.copied = text;
         } } })",
    )
    .await;
    desk.fill("sub-id", "one").await;
    desk.click("Copy link").await;
    desk.reads("Copied.").await;
    assert_eq!(desk.ask("return window.copied").await, "https://broker.example/t-1?subID=one");
    desk.ask("window.refuses = true").await;
    desk.click("Copy link").await;
    desk.reads("This browser does not let the page copy. Select the link and copy it.").await;
    desk.end().await;
}

#[tokio::test]
async fn it_is_a_qr_code_to_save() {
    let desk = at_the_links().await;
    desk.keep_files().await;
    let drawn = "return root.querySelector('[part=qr-code] path').getAttribute('d')";
    let first = desk.ask(drawn).await;
    desk.fill("sub-id", "another").await;
    desk.until("another code", &format!("{drawn} !== {first}")).await;
    let path = desk.ask(drawn).await;
    desk.click("Save as SVG").await;
    let file = desk.file().await;
    assert!(file.starts_with("<svg "), "{file}");
    assert!(path.as_str().is_some_and(|path| path.len() > 1_000 && file.contains(path)), "what is shown is what is saved");
    desk.click("Save as PNG").await;
    let png = desk.file().await;
    assert!(png.contains("PNG"), "{}", png.chars().take(8).collect::<String>());
    // Too long for one.
    desk.fill("sub-id", &"x".repeat(3_000)).await;
    desk.reads("This link is too long for a QR code.").await;
    desk.end().await;
}
