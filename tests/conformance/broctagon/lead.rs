//! "Create Lead".

use harness::World;
use serde_json::{Value, json};

use super::*;
use crate::unknown::{ends, impatient, tried_once};

const PATH: &str = "/public/v1/leads/create";

#[tokio::test]
async fn the_request_is_the_pages() {
    let world = start().await;
    let fields = json!({
        "name": "Jane Doe", "email": "jane@mail.example", "phone": "+44 20 7946 0958", "gender": "female", "nationality": "GB",
        "comment": "Call me\nin the morning",
    });
    let tracking = json!({ "utm_source": "news letter", "gclid": "a&b" });
    let answer = lead(&world, fields, tracking).await;
    let told = answer.json_of(201);
    assert_eq!((&told["status"], &told["next"]["kind"]), (&json!("registered"), &json!("message")), "nobody is logged in");
    says_nothing_of_the_crm(&answer, &world);

    let crm = crm(&world);
    let requests = received(&crm, PATH).await;
    assert_eq!(requests.len(), 1);
    let (request, headers) = (&requests[0], &requests[0]["headers"]);
    assert_eq!((&request["method"], request.get("query")), (&json!("POST"), None));
    assert_eq!((&headers["key"], &headers["content-type"]), (&json!("sandbox-broctagon-key"), &json!("application/json")));
    assert_eq!(
        request["body"],
        json!({
            "name": "Jane Doe", "email": "jane@mail.example", "phone": { "country_code": "44", "number": "2079460958" },
            "gender": "female", "nationality": "GB", "owner_id": "owner-17",
            "comment": "Call me\nin the morning\naffiliateID=partner7\ngclid=a%26b&utm_source=news+letter",
        })
    );
    let stored = world.stored(&told["id"]).await;
    assert_eq!((&stored["state"], &stored["crmId"]), (&json!("registered"), &crm.users().await[0]["id"]));
}

#[tokio::test]
async fn only_what_there_is_is_sent() {
    let phone_only = LEAD
        .replace("{ name = \"email\", required = true }, { name = \"phone\" }", "{ name = \"phone\", required = true }")
        .replace("affiliate = \"b-17\"", "")
        .replace("owner_id = \"owner-17\"", "");
    let world = World::start(setup().funnel("lead", &phone_only)).await;
    lead(&world, json!({ "name": "Jane", "phone": "+390236618300" }), json!({})).await.json_of(201);
    // A number of no country goes whole.
    lead(&world, json!({ "name": "Jane", "phone": "+9991234567" }), json!({ "subID": "s-1" })).await.json_of(201);
    let bodies = crm(&world).bodies().await;
    assert_eq!(bodies[0], json!({ "name": "Jane", "phone": { "country_code": "39", "number": "0236618300" } }));
    assert_eq!(bodies[1], json!({ "name": "Jane", "phone": { "number": "9991234567" }, "comment": "subID=s-1" }));
}

#[tokio::test]
async fn a_funnel_may_word_where_a_visitor_came_from() {
    let mapped = LEAD
        .replace("[finish]", "[tracking]\nmap = { comment = \"Campaign {utm_campaign}\" }\n[finish]")
        .replace("affiliate = \"b-17\"", "");
    let world = World::start(setup().funnel("lead", &mapped)).await;
    let fields = json!({ "name": "Jane", "email": email(), "comment": "Hello" });
    lead(&world, fields, json!({ "utm_campaign": "spring", "utm_source": "x" })).await.json_of(201);
    assert_eq!(crm(&world).bodies().await[0]["comment"], "Hello\nCampaign spring");
}

#[tokio::test]
async fn every_way_to_finish_ends_in_a_message() {
    let own = LEAD.replace("[finish]", "[finish]\nkind = \"message\"\nmessage = \"We call you.\"").replace("id = \"lead\"", "id = \"own\"");
    let world = World::start(setup().funnel("own", &own)).await;
    let fields = || json!({ "name": "Jane", "email": email() });
    let usual = lead(&world, fields(), json!({})).await.json_of(201);
    let text = "Thank you. We have your details and will be in touch.";
    assert_eq!(usual["next"], json!({ "kind": "message", "text": text }), "there is no account yet");
    let body = json!({ "fields": fields(), "formToken": world.visit_of("own").await });
    let told = post(&world, "own", "signups", &body).await.json_of(201);
    assert_eq!(told["next"], json!({ "kind": "message", "text": "We call you." }));
}

#[tokio::test]
async fn a_refusal_is_told_on_the_field_that_it_names() {
    let world = start().await;
    let fields = || json!({ "name": "Jane", "email": email(), "phone": "+442079460958" });
    for (message, field) in [
        ("\"email\" must be a valid email", "email"),
        ("\"phone.number\" must be digits", "phone"),
        ("\"nationality\" is not allowed", "nationality"),
        ("\"something\" is not allowed", ""),
        ("Computer says no", ""),
    ] {
        crm(&world).fault(json!({ "kind": "refuse", "message": message })).await;
        let answer = lead(&world, fields(), json!({})).await;
        assert_eq!(answer.errors(), [(field.to_owned(), "refused".to_owned())], "{message}");
        assert!(!answer.text().contains(message));
    }
    crm(&world).fault(json!({ "kind": "refuse", "message": "A lead with this e-mail Already Exists" })).await;
    let problem = lead(&world, fields(), json!({})).await.problem(409, "known-email");
    assert_eq!(problem["next"], json!({ "kind": "login", "url": "https://broker.example/login" }));
    // What the configuration says is none of the visitor's business.
    crm(&world).fault(json!({ "kind": "refuse", "message": "\"owner_id\" must be 8 characters long" })).await;
    lead(&world, fields(), json!({})).await.json_of(202);
    assert_eq!(newest(&world).await, pair("parked", "misconfigured"));
    assert!(crm(&world).users().await.is_empty());
}

#[tokio::test]
async fn whatever_is_answered_the_visitor_is_thanked() {
    let world = World::start(tried_once(setup(), "broctagon")).await;
    for (fault, status, state, reason) in [
        (json!({ "kind": "html" }), 202, "parked", "outcome-unknown"),
        (json!({ "kind": "redirect" }), 202, "parked", "outcome-unknown"),
        (json!({ "kind": "status", "status": 403 }), 202, "parked", "misconfigured"),
        (json!({ "kind": "status", "status": 404 }), 202, "parked", "misconfigured"),
        (json!({ "kind": "status", "status": 418 }), 202, "parked", "outcome-unknown"),
        (json!({ "kind": "status", "status": 500 }), 202, "parked", "outcome-unknown"),
        (json!({ "kind": "reset-before" }), 202, "parked", "outcome-unknown"),
        (json!({ "kind": "reset-after" }), 202, "parked", "outcome-unknown"),
        (json!({ "kind": "broken-json" }), 202, "parked", "outcome-unknown"),
        (json!({ "kind": "huge-body", "bytes": 31_457_280 }), 202, "parked", "outcome-unknown"),
        (json!({ "kind": "slow-body", "ms": 500 }), 201, "registered", ""),
        (json!({ "kind": "delay", "ms": 4_000 }), 202, "parked", "outcome-unknown"),
        // "201 Successful object creation": what is in the body no page says.
        (json!({ "kind": "empty" }), 201, "registered", ""),
        (json!({ "kind": "nulls" }), 201, "registered", ""),
        (json!({ "kind": "other-types" }), 201, "registered", ""),
        (json!({ "kind": "no-members" }), 201, "registered", ""),
        (json!({ "kind": "no-link" }), 201, "registered", ""),
        (json!({ "kind": "foreign-link" }), 201, "registered", ""),
        (json!({ "kind": "script-link" }), 201, "registered", ""),
    ] {
        crm(&world).fault(fault.clone()).await;
        let answer = lead(&world, json!({ "name": "Jane", "email": email() }), json!({})).await;
        assert_eq!(answer.status, status, "{fault}: {}", answer.text());
        says_nothing_of_the_crm(&answer, &world);
        ends(&world, &world.signups().await[0]["id"], state, reason, &fault).await;
        crm(&world).no_faults().await;
    }
    crm(&world).fault(json!({ "kind": "numeric-id" })).await;
    let told = lead(&world, json!({ "name": "Jane", "email": email() }), json!({})).await.json_of(201);
    assert!(matches!(&world.stored(&told["id"]).await["crmId"], Value::String(id) if id.parse::<u32>().is_ok()));
}

#[tokio::test]
async fn who_comes_too_often_is_sent_again_when_the_crm_says() {
    let world = World::start(impatient(setup(), "broctagon", 0)).await;
    crm(&world).fault(json!({ "kind": "rate-limited", "retryAfterSeconds": 1 })).await;
    let told = lead(&world, json!({ "name": "Jane", "email": email() }), json!({})).await;
    assert!(matches!(told.status, 201 | 202), "{}", told.text());
    world.becomes(&told.json()["id"], "registered").await;
    let requests = received(&crm(&world), PATH).await;
    let moment = |request: &Value| request["receivedAt"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    assert_eq!(requests.len(), 2);
    assert!(moment(&requests[1]).duration_since(moment(&requests[0])) >= jiff::SignedDuration::from_secs(1), "{requests:#?}");
}
