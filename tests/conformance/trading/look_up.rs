//! A sign-up whose answer was lost: our signup's id tells whether it arrived.

use harness::{Setup, World};
use serde_json::{Value, json};

use super::{FUNNEL, LEAD_FUNNEL, crm, john, setup, sign_up};
use crate::unknown::{SETTLE_MS, cases, creates_repeats, impatient, registered_once, slow, times_sent};

const CUSTOMERS: &str = "/affiliates/customers";
const OWN_REFERENCE: &str = "wtreferrer = \"0BaHeZI1Je\"\n";

async fn start(setup: Setup) -> World {
    let world = World::start(setup).await;
    creates_repeats(&world, "trading").await;
    world
}

/// A funnel that names no reference key, so that the CRM hides no customer from us.
async fn customers(settle_ms: u32) -> World {
    let funnel = FUNNEL.replace(OWN_REFERENCE, "");
    let world = start(impatient(setup(), "trading", settle_ms).funnel("demo", &funnel)).await;
    // The countries are looked up first, and kept.
    sign_up(&world, john(1_000), json!({})).await.json_of(201);
    world
}

async fn registered(world: &World, number: u32, ordered: &[Value], times: usize) {
    let fields = john(number);
    for fault in ordered {
        crm(world).fault(fault.clone()).await;
    }
    let answer = sign_up(world, fields.clone(), json!({})).await;
    registered_once(world, &crm(world), &answer, &fields["email"]).await;
    assert_eq!(times_sent(&crm(world), CUSTOMERS, &fields["email"]).await, times, "{ordered:?}");
}

#[tokio::test]
async fn whoever_it_is_is_registered_once() {
    let world = customers(0).await;
    for (number, (ordered, times)) in (1..).zip(cases()) {
        registered(&world, number, &ordered, times).await;
        crm(&world).no_faults().await;
    }
}

#[tokio::test]
async fn a_slow_crm_is_given_the_time_it_needs() {
    registered(&customers(SETTLE_MS).await, 1, &[slow()], 1).await;
}

#[tokio::test]
async fn a_lead_and_a_user_are_parked() {
    let lead = json!({"name": "John Doe", "email": "johndoe@gmail.com"});
    let users = setup().set("connections.trading", "create", "\"user\"");
    for (setup, fields) in [(setup().funnel("demo", LEAD_FUNNEL), lead), (users, john(1))] {
        let world = start(impatient(setup, "trading", 0)).await;
        // The countries, where they are asked for, are kept.
        sign_up(&world, if fields.get("name").is_some() { fields.clone() } else { john(2) }, json!({})).await.json_of(201);
        let before = crm(&world).requests().await.len();
        crm(&world).fault(json!({"kind": "reset-after"})).await;
        let answer = sign_up(&world, fields, json!({})).await.json_of(202);
        assert_eq!(world.becomes(&answer["id"], "parked").await["reason"], "outcome-unknown");
        assert_eq!(crm(&world).requests().await.len(), before + 1, "nothing was asked, and nothing sent again");
    }
}
