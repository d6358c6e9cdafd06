//! `/f/{funnel}`: the form on a page of ours, filled in by form posts alone.

use std::collections::BTreeMap;

use harness::{Answer, LANDING, Setup, World, send, until};
use reqwest::Method;
use serde_json::{Value, json};

const TWO_STEPS: &str = r#"
id = "two"
connection = "wi"
action = "signup"
origins = ["https://landing.example"]
locales = ["en", "de"]

[[steps]]
id = "contact"
title = { en = "Who are you?", de = "Wer sind Sie?" }
[[steps.fields]]
name = "email"
required = true
[[steps.fields]]
name = "firstName"
required = true
from_url = "name"

[[steps]]
id = "phone"
title = { en = "How do we reach you?", de = "Wie erreichen wir Sie?" }
[[steps.fields]]
name = "phone"
required = true

[bots]
least_fill_ms = 0
"#;

/// A page, as a browser without a script reads it.
struct Page {
    answer: Answer,
    html: String,
}

impl Page {
    #[track_caller]
    fn of(answer: Answer, status: u16) -> Page {
        let html = answer.text();
        assert_eq!(answer.status, status, "{html}");
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
        assert_eq!(answer.header("cache-control"), "no-store");
        Page { answer, html }
    }

    /// The start tag of the input of that name.
    fn tag(&self, name: &str) -> &str {
        let at = self.html.find(&format!(r#" name="{name}""#)).unwrap_or_else(|| panic!("no {name} in {}", self.html));
        let from = self.html[..at].rfind('<').expect("in a tag");
        &self.html[from..=from + self.html[from..].find('>').expect("a tag ends")]
    }

    fn has(&self, name: &str) -> bool {
        self.html.contains(&format!(r#" name="{name}""#))
    }

    fn value(&self, name: &str) -> &str {
        let tag = self.tag(name);
        tag.split_once(r#" value=""#).map_or("", |(_, rest)| rest.split('"').next().unwrap_or_default())
    }

    /// What is said to be wrong with that input.
    fn error(&self, name: &str) -> &str {
        let (_, rest) = self.html.split_once(&format!(r#"id="lk-{name}-error">"#)).unwrap_or_else(|| panic!("no {name}: {}", self.html));
        rest.split('<').next().unwrap_or_default()
    }

    /// Whether it becomes the widget where there is a script.
    fn is_taken_over(&self) -> bool {
        self.html.contains("/embed/demo.js")
    }
}

async fn open(world: &World, path: &str) -> Page {
    Page::of(world.get(path).await, 200)
}

/// Sends a page's form with these entries, as a browser does.
async fn post(world: &World, path: &str, page: &Page, entries: &[(&str, &str)]) -> Answer {
    let mut form: Vec<(&str, &str)> = vec![("latchkey", page.value("latchkey")), ("website", "")];
    form.extend(entries);
    post_from(world, path, Some(&world.address), &form).await
}

async fn post_from(world: &World, path: &str, origin: Option<&str>, form: &[(&str, &str)]) -> Answer {
    let request = world.request(Method::POST, path).form(form);
    send(origin.iter().fold(request, |request, origin| request.header("origin", *origin))).await
}

const DEMO: [(&str, &str); 4] =
    [("email", "jane.doe@mail.example"), ("phone", "+442079460958"), ("firstName", "Jane"), ("agreement-1", "on")];

/// Where a signup that was sent ends.
#[track_caller]
fn done(answer: &Answer) -> String {
    assert_eq!(answer.status, 303, "{}", answer.text());
    assert_eq!(answer.header("cache-control"), "no-store");
    answer.header("location").to_owned()
}

#[tokio::test]
async fn the_page_is_the_form_and_says_who_may_frame_it() {
    let world = World::start(Setup::new()).await;
    let page = open(&world, "/f/demo").await;
    assert!(page.html.contains(r#"<template shadowrootmode="open">"#), "{}", page.html);
    assert!(page.value("latchkey").len() > 100, "what goes along: {}", page.tag("latchkey"));
    for name in ["email", "phone", "firstName", "billing.country", "agreement-1", "agreement-2"] {
        assert!(page.tag(name).starts_with('<'), "{name}");
    }
    assert!(page.html.contains(&format!(r#"action="{}/f/demo""#, world.address)), "{}", page.html);
    assert!(page.html.contains(r#"value="DE""#), "countries can be chosen without a script");
    assert!(page.is_taken_over(), "with a script it becomes the widget");
    let policy = page.answer.header("content-security-policy");
    assert!(policy.contains(&format!("frame-ancestors {LANDING} {}", world.address)), "{policy}");
    assert!(policy.contains("form-action 'self'") && !policy.contains("unsafe-inline"), "{policy}");
    let german = open(&world, "/f/demo?locale=de").await;
    assert!(german.html.contains(r#"<html lang="de""#) && german.html.contains("Vorname"), "{}", german.html);
}

#[tokio::test]
async fn a_form_that_is_posted_is_a_signup_and_ends_in_the_member_area() {
    let world = World::start(Setup::new()).await;
    let page = open(&world, "/f/demo?subID=s-9&utm_source=news&unknown=1").await;
    let address = done(&post(&world, "/f/demo", &page, &DEMO).await);
    assert_eq!(world.sandbox.users().await.len(), 1);
    let body = world.sandbox.bodies().await[0].to_string();
    assert!(body.contains("s-9") && body.contains("news") && body.contains("Terms and Conditions"), "{body}");
    let end = Page::of(send(world.client.get(&address)).await, 200);
    let ticket = end.html.split("url=").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_else(|| panic!("{}", end.html));
    assert!(ticket.starts_with(&world.url("/go/")), "{ticket}");
    assert!(end.html.contains(&format!(r#"href="{ticket}""#)), "for a browser that does not go on by itself");
    assert_eq!(send(world.client.get(ticket)).await.status, 303);
    let stored = &world.signups().await[0];
    assert_eq!(stored["state"], "registered");
}

#[tokio::test]
async fn sending_twice_makes_one_user() {
    let world = World::start(Setup::new()).await;
    let page = open(&world, "/f/demo").await;
    let (first, second) = tokio::join!(post(&world, "/f/demo", &page, &DEMO), post(&world, "/f/demo", &page, &DEMO));
    assert_eq!(done(&first), done(&second));
    assert_eq!(done(&first), done(&post(&world, "/f/demo", &page, &DEMO).await), "and a reload");
    assert_eq!(world.sandbox.users().await.len(), 1);
}

#[tokio::test]
async fn what_is_wrong_is_said_at_its_input_and_the_rest_stays() {
    let world = World::start(Setup::new()).await;
    let page = open(&world, "/f/demo").await;
    let wrong = [("email", "jane"), ("phone", "+442079460958"), ("firstName", "J\"<b>"), ("billing.country", "DE"), ("agreement-2", "on")];
    let page = Page::of(post(&world, "/f/demo", &page, &wrong).await, 422);
    assert_eq!(page.error("email"), "Please enter an e-mail address such as name@example.com.");
    assert_eq!(page.error("agreement-1"), "Please accept this to go on.");
    assert_eq!((page.error("phone"), page.error("firstName")), ("", ""));
    assert_eq!((page.value("email"), page.value("firstName")), ("jane", "J&quot;&lt;b&gt;"));
    assert!(page.html.contains(r#"value="DE" selected"#), "{}", page.html);
    assert!(page.tag("email").contains(r#"aria-invalid="true""#), "{}", page.tag("email"));
    assert!(!page.is_taken_over(), "what was filled in is not handed to a script");
    let address = done(&post(&world, "/f/demo", &page, &DEMO).await);
    assert!(address.contains("/f/demo/done/"), "{address}");
    assert_eq!(world.sandbox.users().await.len(), 1);
}

#[tokio::test]
async fn steps_go_forward_and_back_and_lose_nothing() {
    let world = World::start(Setup::new().funnel("two", TWO_STEPS)).await;
    let first = open(&world, "/f/two?locale=de&name=Ana&utm_source=mail").await;
    assert_eq!(first.value("firstName"), "Ana", "the page's address fills it in");
    assert!(first.html.contains(r#"data-step="phone" hidden"#), "the second step comes later: {}", first.html);
    let wrong = Page::of(post(&world, "/f/two", &first, &[("email", ""), ("firstName", "Ana")]).await, 422);
    assert!(!wrong.error("email").is_empty(), "{}", wrong.html);
    let second = Page::of(post(&world, "/f/two", &wrong, &[("email", "ana@mail.example"), ("firstName", "Ana")]).await, 200);
    assert!(second.html.contains("Wie erreichen wir Sie?") && second.html.contains(r#"lang="de""#), "{}", second.html);
    assert!(second.has("phone") && !second.has("email"));
    let back = Page::of(post(&world, "/f/two", &second, &[("phone", "+4930"), ("latchkey-back", "1")]).await, 200);
    assert_eq!((back.value("email"), back.value("firstName")), ("ana@mail.example", "Ana"));
    let again = Page::of(post(&world, "/f/two", &back, &[("email", "ana2@mail.example"), ("firstName", "Ana")]).await, 200);
    assert_eq!(again.value("phone"), "+4930", "also what was not right yet");
    let refused = Page::of(post(&world, "/f/two", &again, &[("phone", "12")]).await, 422);
    assert!(!refused.error("phone").is_empty());
    done(&post(&world, "/f/two", &refused, &[("phone", "+493012345678")]).await);
    let body = world.sandbox.bodies().await[0].to_string();
    assert!(body.contains("ana2@mail.example") && body.contains("mail"), "{body}");
}

#[tokio::test]
async fn an_element_may_post_before_its_webassembly_is_there() {
    let world = World::start(Setup::new()).await;
    let token = world.visit().await;
    let sent = json!({ "token": token, "locale": "de", "query": "?subID=s-1", "version": "from another time" }).to_string();
    let mut form = vec![("latchkey", sent.as_str())];
    form.extend(DEMO);
    let address = done(&post_from(&world, "/f/demo", Some(LANDING), &form).await);
    assert!(address.ends_with("?locale=de"), "{address}");
    assert!(world.sandbox.bodies().await[0].to_string().contains("s-1"));
}

#[tokio::test]
async fn what_no_page_of_ours_has_sent_is_shown_once_more() {
    let world = World::start(Setup::new()).await;
    for sent in ["", "{}", "forged", r#"{"query":7}"#] {
        let mut form = vec![("latchkey", sent)];
        form.extend(DEMO);
        let page = Page::of(post_from(&world, "/f/demo", Some(LANDING), &form).await, 200);
        assert!(page.html.contains("Please check your entries and send them."), "{sent}: {}", page.html);
        assert_eq!((page.value("email"), page.value("firstName")), ("jane.doe@mail.example", "Jane"), "{sent}");
    }
    assert!(world.sandbox.requests().await.is_empty(), "nobody is signed up by it");
    let sent = post_from(&world, "/f/demo", None, &[("latchkey", "{}")]).await;
    assert_eq!(sent.status, 403, "and not where it is not said where it is from");
}

#[tokio::test]
async fn other_pages_may_not_post() {
    let world = World::start(Setup::new()).await;
    let page = open(&world, "/f/demo").await;
    let form: Vec<(&str, &str)> = [("latchkey", page.value("latchkey"))].into_iter().chain(DEMO).collect();
    let refused = post_from(&world, "/f/demo", Some("https://evil.example"), &form).await;
    assert_eq!(refused.status, 403);
    assert!(refused.header("content-type").starts_with("text/html"), "a person reads it");
    assert!(world.sandbox.requests().await.is_empty());
    // A browser that hides where it is from shows what we have sealed.
    done(&post_from(&world, "/f/demo", Some("null"), &form).await);
}

#[tokio::test]
async fn another_funnels_page_does_not_open_here() {
    let world = World::start(Setup::new().funnel("two", TWO_STEPS)).await;
    let page = open(&world, "/f/two").await;
    let form: Vec<(&str, &str)> = [("latchkey", page.value("latchkey"))].into_iter().chain(DEMO).collect();
    Page::of(post_from(&world, "/f/demo", Some(&world.address), &form).await, 200);
    assert!(world.sandbox.requests().await.is_empty(), "it is shown once more, not sent");
}

#[tokio::test]
async fn while_the_crm_is_away_the_page_waits_and_then_goes_on() {
    let world = World::start(Setup::new().patience(200)).await;
    world.sandbox.fault(json!({ "kind": "delay", "ms": 1_500 })).await;
    let page = open(&world, "/f/demo").await;
    let address = done(&post(&world, "/f/demo", &page, &DEMO).await);
    let waiting = Page::of(send(world.client.get(&address)).await, 200);
    assert!(waiting.html.contains(r#"http-equiv="refresh" content="5""#), "{}", waiting.html);
    assert!(waiting.html.contains("Thank you."), "{}", waiting.html);
    until("the page goes on", async || send(world.client.get(&address)).await.text().contains("/go/").then_some(())).await;
    let forged = address.replace("/done/", "/done/0");
    assert_eq!(send(world.client.get(forged)).await.status, 404);
}

#[tokio::test]
async fn a_known_email_is_offered_the_log_in() {
    let world = World::start(Setup::new()).await;
    let page = open(&world, "/f/demo").await;
    done(&post(&world, "/f/demo", &page, &DEMO).await);
    let page = open(&world, "/f/demo").await;
    let page = Page::of(post(&world, "/f/demo", &page, &DEMO).await, 422);
    assert_eq!(page.error("email"), "There is already an account with this e-mail address.");
    assert!(page.html.contains("https://broker.example/login"), "{}", page.html);
    let other: Vec<(&str, &str)> = [("email", "other@mail.example")].into_iter().chain(DEMO.into_iter().skip(1)).collect();
    done(&post(&world, "/f/demo", &page, &other).await);
    assert_eq!(world.sandbox.users().await.len(), 2, "what is mended is another signup");
}

#[tokio::test]
async fn a_bot_is_thanked() {
    let world = World::start(Setup::new()).await;
    let page = open(&world, "/f/demo").await;
    let mut form: Vec<(&str, &str)> = vec![("latchkey", page.value("latchkey")), ("website", "https://spam.example")];
    form.extend(DEMO);
    done(&post_from(&world, "/f/demo", Some(&world.address), &form).await);
    assert_eq!(world.signups().await[0]["reason"], "honeypot");
    assert!(world.sandbox.requests().await.is_empty());
}

#[tokio::test]
async fn what_is_not_there_is_a_page_too() {
    let world = World::start(Setup::new()).await;
    for (path, status) in [("/f/nothing", 404), ("/f/demo/done/x", 404), ("/f/demo/done/0190.x", 404), ("/f/nothing/thanks", 404)] {
        let answer = world.get(path).await;
        assert_eq!(answer.status, status, "{path}");
        assert!(answer.header("content-type").starts_with("text/html"), "{path}");
    }
    assert_eq!(world.get("/f/demo/thanks").await.status, 200);
    let typed = send(world.request(Method::POST, "/f/demo").header("origin", &world.address).json(&json!({}))).await;
    assert_eq!(typed.status, 415);
}

#[tokio::test]
async fn a_fragment_holds_the_form_and_its_script() {
    let world = World::start(Setup::new()).await;
    let answer = world.get("/embed/demo.html?locale=de").await;
    assert_eq!(answer.status, 200);
    let html = answer.text();
    for part in [
        r#"<latchkey-signup funnel="demo" locale="de"><template shadowrootmode="open">"#,
        &format!(r#"href="{}/embed/demo.css?locale=de""#, world.address),
        &format!(r#"src="{}/embed/demo.js?locale=de""#, world.address),
        r#"name="email""#,
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
    let styles = world.get("/embed/demo.css").await;
    assert_eq!((styles.status, styles.header("content-type")), (200, "text/css; charset=utf-8"));
    assert_eq!(world.get("/embed/nothing.css").await.status, 404);
    assert_eq!(world.get("/embed/demo.txt").await.status, 404);
}

#[tokio::test]
async fn the_loader_carries_the_rendered_form() {
    let world = World::start(Setup::new()).await;
    let loaded = crate::loader::configuration(&world, "/embed/demo.js").await;
    let mut names = BTreeMap::new();
    collect(&loaded["form"]["tree"], &mut names);
    assert_eq!(names["email"], "input");
    assert_eq!(names["billing.country"], "select");
    assert_eq!(names["agreement-1"], "input");
    assert_eq!(loaded["form"]["view"]["id"], "demo");
}

/// The names of a tree's inputs, and what each is.
fn collect(tree: &Value, names: &mut BTreeMap<String, String>) {
    let Some([tag, attributes, children @ ..]) = tree.as_array().map(Vec::as_slice) else { return };
    if let (Some(name), Some(tag)) = (attributes["name"].as_str(), tag.as_str()) {
        names.insert(name.to_owned(), tag.to_owned());
    }
    children.iter().for_each(|child| collect(child, names));
}
