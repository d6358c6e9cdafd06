//! A sign-up whose answer was lost: the affiliate's buckets tell whether it arrived.

use harness::{Setup, World};
use serde_json::{Value, json};

use crate::unknown::{SETTLE_MS, cases, creates_repeats, impatient, put_clock, registered_once, slow, times_sent};

const BUCKET: &str = "69ce524d741e8f2238329fff";
const SIGN_UP: &str = "/tradersroom/api/auth/signup";

const AFFILIATE: &str = r#"
[[affiliates]]
id = "b-1"
connection = "wi"
crm_id = "1234567890"
buckets = [{ id = "other-bucket" }, { id = "69ce524d741e8f2238329fff" }]
"#;

fn setup(settle_ms: u32) -> Setup {
    impatient(Setup::new(), "wi", settle_ms)
        .set("connections.wi", "identification_token", r#""env:WI_TOKEN""#)
        .more(AFFILIATE)
        .edit("affiliate = \"a-17\"", "affiliate = \"b-1\"")
}

async fn start(settle_ms: u32) -> World {
    let world = World::start(setup(settle_ms)).await;
    let buckets =
        json!([{"id": BUCKET, "affiliateID": "1234567890"}, {"id": "other-bucket", "affiliateID": "1234567890", "sources": ["x"]}]);
    world.sandbox.seed(json!({ "buckets": buckets })).await;
    creates_repeats(&world, "wi").await;
    world
}

async fn registered(world: &World, ordered: &[Value], times: usize) {
    let form = world.form().await;
    let email = &form["fields"]["email"];
    faults(world, ordered).await;
    let answer = world.signup(&form).await;
    registered_once(world, &world.sandbox, &answer, email).await;
    assert_eq!(times_sent(&world.sandbox, SIGN_UP, email).await, times, "{ordered:?}");
}

async fn faults(world: &World, faults: &[Value]) {
    for fault in faults {
        world.sandbox.fault(fault.clone()).await;
    }
}

#[tokio::test]
async fn whoever_it_is_is_registered_once() {
    let world = start(0).await;
    for (ordered, times) in cases() {
        registered(&world, &ordered, times).await;
        world.sandbox.no_faults().await;
    }
}

#[tokio::test]
async fn a_slow_crm_is_given_the_time_it_needs() {
    registered(&start(SETTLE_MS).await, &[slow()], 1).await;
}

#[tokio::test]
async fn neither_an_older_user_nor_a_wrong_clock_makes_a_difference() {
    let world = start(0).await;
    for ahead in [0, 3_600, -3_600] {
        put_clock(&world, "wi", ahead).await;
        for (fault, times) in [("reset-after", 1), ("reset-before", 2)] {
            let form = world.form().await;
            let email = &form["fields"]["email"];
            let older = json!({"id": format!("older-{email}"), "email": email, "affiliateID": "1234567890", "createdDate": "2021-01-01T00:00:00.000Z"});
            world.sandbox.seed(json!({ "leads": [older] })).await;
            faults(&world, &[json!({ "kind": fault })]).await;
            let answer = world.signup(&form).await;
            registered_once(&world, &world.sandbox, &answer, email).await;
            assert_eq!(times_sent(&world.sandbox, SIGN_UP, email).await, times, "{ahead} {fault}");
        }
    }
}

#[tokio::test]
async fn without_a_bucket_to_look_into_it_is_parked() {
    let no_token = Setup::new().more(AFFILIATE).edit("affiliate = \"a-17\"", "affiliate = \"b-1\"");
    for setup in [impatient(no_token, "wi", 0), setup(0).edit("affiliate = \"b-1\"", "affiliate = \"a-17\"")] {
        let world = World::start(setup).await;
        faults(&world, &[json!({"kind": "reset-after"})]).await;
        let answer = world.signup(&world.form().await).await.json_of(202);
        assert_eq!(world.becomes(&answer["id"], "parked").await["reason"], "outcome-unknown");
        assert_eq!(world.sandbox.requests().await.len(), 1, "nothing was asked, and nothing sent again");
    }
}
