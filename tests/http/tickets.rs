//! `GET /go/{ticket}`: from a ticket to the autologin link, for the visitor alone.

use harness::{Answer, Setup, World, send};
use reqwest::Method;

use crate::words::text;

async fn ticket(world: &World) -> String {
    text(&world.signup(&world.form().await).await.json_of(201), "/next/url").to_owned()
}

#[track_caller]
fn assert_private(answer: &Answer) {
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("referrer-policy"), "no-referrer");
    assert_eq!(answer.header("access-control-allow-origin"), "", "no page can read where it leads");
}

#[track_caller]
fn assert_spent(answer: &Answer) {
    assert_eq!(answer.status, 410, "{}", answer.text());
    assert_private(answer);
    assert!(answer.header("content-type").starts_with("text/html"));
    assert!(answer.header("content-security-policy").starts_with("default-src 'none'"));
    assert_eq!(answer.header("location"), "");
}

#[tokio::test]
async fn a_ticket_redirects_and_a_lost_answer_does_not_lock_out() {
    let world = World::start(Setup::new()).await;
    let url = ticket(&world).await;
    let first = send(world.client.get(&url)).await;
    assert_eq!(first.status, 303);
    assert_private(&first);
    assert!(first.header("location").starts_with(&format!("{}/wi/autologin/", world.sandbox.origin)), "{}", first.header("location"));
    let again = send(world.client.get(&url)).await;
    assert_eq!((again.status, again.header("location")), (303, first.header("location")), "within 30 seconds");
}

#[tokio::test]
async fn looking_ahead_uses_nothing() {
    let world = World::start(Setup::new()).await;
    let url = ticket(&world).await;
    let head = send(world.client.head(&url)).await;
    assert_eq!((head.status, head.header("location")), (200, ""));
    assert_private(&head);
    for (name, value) in
        [("sec-purpose", "prefetch"), ("sec-purpose", "prefetch;prerender"), ("purpose", "prefetch"), ("x-moz", "prefetch")]
    {
        let ahead = send(world.client.get(&url).header(name, value)).await;
        assert_eq!((ahead.status, ahead.header("location")), (503, ""), "{value}");
        assert_private(&ahead);
    }
    let frame = send(world.client.get(&url).header("sec-fetch-dest", "iframe")).await;
    assert_eq!((frame.status, frame.header("location")), (200, ""));
    // The 30 seconds after its first use have not begun: this is told by the store, which the CLI does not show, so by a question of our own.
    assert_eq!(first_use(&world).await, None);
    assert_eq!(send(world.client.get(&url)).await.status, 303);
    assert!(first_use(&world).await.is_some());
}

/// When the only signup's ticket was first used.
async fn first_use(world: &World) -> Option<i64> {
    world.store.number("SELECT ticket_used_at FROM signups").await
}

#[tokio::test]
async fn in_a_frame_it_opens_in_the_top_window() {
    let world = World::start(Setup::new()).await;
    let url = ticket(&world).await;
    for destination in ["iframe", "frame", "embed", "object", "fencedframe"] {
        let page = send(world.client.get(&url).header("sec-fetch-dest", destination)).await;
        assert_eq!(page.status, 200, "{destination}");
        assert_private(&page);
        let html = page.text();
        let name = url.rsplit('/').next().unwrap();
        assert!(html.contains("target=\"_top\"") && html.contains(name), "{html}");
        assert!(!html.contains(&world.sandbox.origin), "the link stays on the server: {html}");
    }
    let german = send(world.client.get(&url).header("sec-fetch-dest", "iframe").header("accept-language", "de")).await;
    assert!(german.text().contains("<html lang=\"de\""), "{}", german.text());
}

#[tokio::test]
async fn what_we_never_issued_is_a_page_that_says_what_to_do() {
    let world = World::start(Setup::new()).await;
    let url = ticket(&world).await;
    let (good, other) = (url.rsplit('/').next().unwrap(), ticket(&world).await);
    let other = other.rsplit('/').next().unwrap();
    let (body, signature) = good.rsplit_once('.').unwrap();
    let (id, _) = body.split_once('.').unwrap();
    let forged = [
        "x".to_owned(),
        "a.b.c".to_owned(),
        body.to_owned(),
        format!("{body}."),
        format!("{good}x"),
        format!("{id}.1.{signature}"),
        format!("{}.{signature}", other.rsplit_once('.').unwrap().0),
        "%3Cscript%3E".to_owned(),
        "x".repeat(5_000),
    ];
    for ticket in forged {
        assert_spent(&world.get(&format!("/go/{ticket}")).await);
    }
    let broken = world.get("/go/%ff").await;
    assert!([404, 410].contains(&broken.status) && !broken.text().contains("UTF-8"), "{} {}", broken.status, broken.text());
    let posted = send(world.request(Method::POST, &format!("/go/{good}"))).await;
    posted.problem(405, "method-not-allowed");
    assert_eq!(send(world.client.get(&url)).await.status, 303, "none of it has used the ticket");
}

#[tokio::test]
async fn a_ticket_ends_with_its_link() {
    let world = World::start(Setup::new().limit("autologin_seconds", 1)).await;
    let form = world.form().await;
    let answer = world.signup_with_key(&form, "key-1").await.json_of(201);
    let url = text(&answer, "/next/url");
    let gone = harness::until("the link's second is over", async || {
        let answer = send(world.client.get(url)).await;
        (answer.status != 303).then_some(answer)
    })
    .await;
    assert_spent(&gone);
    assert!(gone.text().contains("https://broker.example/login"), "it says where to log in: {}", gone.text());
    assert_spent(&send(world.client.get(url).header("sec-fetch-dest", "iframe")).await);
    let replay = world.signup_with_key(&form, "key-1").await.json_of(201);
    assert_eq!(text(&replay, "/next/kind"), "message", "there is no link any more to make a ticket for");
}

#[tokio::test]
async fn a_spent_ticket_is_issued_anew_while_the_link_lives() {
    let world = World::start(Setup::new()).await;
    let form = world.form().await;
    let first = text(&world.signup_with_key(&form, "key-1").await.json_of(201), "/next/url").to_owned();
    assert_eq!(send(world.client.get(&first)).await.status, 303);
    // Thirty seconds pass in the store.
    world.store.change("UPDATE signups SET ticket_used_at = ticket_used_at - 31000").await;
    assert_spent(&send(world.client.get(&first)).await);
    let second = text(&world.signup_with_key(&form, "key-1").await.json_of(201), "/next/url").to_owned();
    assert_ne!(first, second);
    assert_eq!(send(world.client.get(&second)).await.status, 303);
    assert_spent(&send(world.client.get(&first)).await);
}
