//! What the CRM receives: the document's body, and nothing that a page could have put there.

use std::collections::BTreeSet;

use harness::{CRM_KEY, DESK, PINNED_AFFILIATE, PROJECT, Setup, World, send};
use jiff::Timestamp;
use serde_json::json;

use crate::words::text;

#[tokio::test]
async fn the_crm_receives_exactly_what_its_document_describes() {
    let world = World::start(Setup::new().behind_a_proxy()).await;
    let mut form = world.form().await;
    form["fields"] = json!({
        "email": "  Jane.Doe+news@Mail.example ", "phone": "0044 (20) 7946-0958", "firstName": " Jane ", "lastName": "Doe",
        "gender": "f", "dateOfBirth": "1990-02-28", "additionalPhone": "", "billing.country": "DE", "billing.city": "Köln",
    });
    form["agreements"] = json!(["Newsletter", "Terms and Conditions"]);
    form["tracking"] = json!({ "subID": "sub-1", "campaignId": "c-2", "sourceId": "s-3", "utm_source": "news & more", "gclid": "g/4" });
    let before = Timestamp::now();
    let request = world.signup_request().header("x-forwarded-for", "198.51.100.1, 203.0.113.9").json(&form);
    let answer = send(request).await.json_of(201);
    let received = world.sandbox.requests().await.remove(0);
    let signed_at = text(&received, "/body/agreements/0/signedAt").to_owned();
    assert_eq!(
        received["body"],
        json!({
            "email": "Jane.Doe+news@Mail.example", "phone": "+442079460958", "firstName": "Jane", "lastName": "Doe", "gender": "f",
            "dateOfBirth": "1990-02-28",
            "billing": { "country": "DE", "city": "Köln" },
            "agreements": [
                { "label": "Terms and Conditions", "ip": "203.0.113.9", "signedAt": signed_at },
                { "label": "Newsletter", "ip": "203.0.113.9", "signedAt": signed_at },
            ],
            "affiliateID": PINNED_AFFILIATE,
            "subID": "sub-1", "campaignId": "c-2", "sourceId": "s-3", "meta": "gclid=g%2F4&utm_source=news+%26+more",
            "externalId": answer["id"],
            "project": PROJECT, "desk": DESK, "processed": false, "sendEmail": true,
        })
    );
    let signed_at: Timestamp = signed_at.parse().unwrap();
    assert!(before <= signed_at && signed_at <= Timestamp::now(), "the server's time: {signed_at}");
    assert_eq!(received["headers"]["x-api-key"], CRM_KEY);
    assert_eq!(received["headers"]["content-type"], "application/json");
}

#[tokio::test]
async fn what_is_not_filled_in_is_not_sent() {
    let world = World::start(Setup::new().edit("affiliate = \"a-17\"", "")).await;
    let answer = world.signup(&world.form().await).await.json_of(201);
    let body = world.sandbox.bodies().await.remove(0);
    let members: BTreeSet<_> = body.as_object().unwrap().keys().map(String::as_str).collect();
    let expected = ["agreements", "desk", "email", "externalId", "firstName", "phone", "processed", "project", "sendEmail"];
    assert_eq!(members, BTreeSet::from(expected));
    assert_eq!(body["externalId"], answer["id"]);
    assert_eq!(body["agreements"].as_array().map(Vec::len), Some(1));
}
