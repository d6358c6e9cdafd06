//! A creation whose answer was lost: the reports tell whether it arrived.

use harness::{Setup, World};
use serde_json::{Value, json};

use super::world::{AFFILIATES, FUNNEL, form, impact, lead, setup};
use crate::unknown::{SETTLE_MS, cases, creates_repeats, impatient, put_clock, registered_once, slow, times_sent};

const CUSTOMER: &str = "/api/v1/public/customer";
const LEAD: &str = "/api/v1/public/lead";

async fn start(setup: Setup) -> World {
    let world = World::start(setup).await;
    creates_repeats(&world, "impact").await;
    world
}

async fn registered(world: &World, path: &str, form: &Value, faults: &[Value], times: usize) {
    for fault in faults {
        impact(world).fault(fault.clone()).await;
    }
    let answer = world.signup(form).await;
    let email = &form["fields"]["email"];
    registered_once(world, &impact(world), &answer, email).await;
    assert_eq!(times_sent(&impact(world), path, email).await, times, "{faults:?}");
    impact(world).no_faults().await;
}

#[tokio::test]
async fn whoever_it_is_is_registered_once() {
    for (setup, path) in [(setup(), CUSTOMER), (lead(setup()), LEAD)] {
        let world = start(impatient(setup, "impact", 0)).await;
        for (faults, times) in cases() {
            registered(&world, path, &form(&world).await, &faults, times).await;
        }
    }
}

#[tokio::test]
async fn a_slow_crm_is_given_the_time_it_needs() {
    let world = start(impatient(setup(), "impact", SETTLE_MS)).await;
    registered(&world, CUSTOMER, &form(&world).await, &[slow()], 1).await;
}

#[tokio::test]
async fn neither_somebody_older_nor_a_wrong_clock_makes_a_difference() {
    let world = start(impatient(setup(), "impact", 0)).await;
    for ahead in [0, 3_600, -3_600] {
        put_clock(&world, "impact", ahead).await;
        for (fault, times) in [("reset-after", 1), ("reset-before", 2)] {
            let form = form(&world).await;
            let email = &form["fields"]["email"];
            let day_before = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(20);
            let older = json!([{"email": email, "registrationDate": day_before.to_string()}]);
            impact(&world).seed(json!({ "leads": older, "registrations": older })).await;
            registered(&world, CUSTOMER, &form, &[json!({ "kind": fault })], times).await;
        }
    }
}

#[tokio::test]
async fn a_customer_of_whom_there_is_only_the_lead_is_sent_again() {
    let world = start(impatient(setup(), "impact", 0)).await;
    let form = form(&world).await;
    impact(&world).seed(json!({"leads": [{"email": form["fields"]["email"]}]})).await;
    registered(&world, CUSTOMER, &form, &[json!({"kind": "reset-before"})], 2).await;
}

#[tokio::test]
async fn our_id_decides_where_the_reports_show_it() {
    let world = start(impatient(setup(), "impact", 0).patience(500)).await;
    let form = form(&world).await;
    // The answer is lost, and the look-ups too, until the report says whose it is.
    impact(&world).fault(json!({"kind": "reset-before"})).await;
    impact(&world).fault_for_good(json!({"kind": "status", "status": 503})).await;
    let answer = world.signup(&form).await.json_of(202);
    let email = form["fields"]["email"].clone();
    let shown = json!({"email": "changed@mail.example", "more": {"metadata": {"latchkeySignup": answer["id"]}}});
    impact(&world).seed(json!({ "registrations": [shown] })).await;
    impact(&world).no_faults().await;
    world.becomes(&answer["id"], "registered").await;
    assert_eq!(times_sent(&impact(&world), CUSTOMER, &email).await, 1);
}

#[tokio::test]
async fn without_a_log_in_it_is_parked() {
    let keys = [
        ("kind", r#""impact""#),
        ("base_url", r#""{sandbox}/impact""#),
        ("domain", r#""brand.example""#),
        ("api_key", r#""env:IMPACT_KEY""#),
        ("allow_insecure", "true"),
        ("allow_private", "true"),
    ];
    let setup = keys.iter().fold(Setup::new(), |setup, (key, value)| setup.set("connections.impact", key, value));
    let world = start(impatient(setup.more(AFFILIATES).funnel("demo", FUNNEL), "impact", 0)).await;
    impact(&world).fault(json!({"kind": "reset-after"})).await;
    let answer = world.signup(&form(&world).await).await.json_of(202);
    assert_eq!(world.becomes(&answer["id"], "parked").await["reason"], "outcome-unknown");
    assert_eq!(impact(&world).requests().await.len(), 1, "nothing was asked, and nothing sent again");
}
