//! Create customer and create lead, and where they end: "Auto Login".

use harness::{Answer, World, send};
use serde_json::{Value, json};

use super::world::{AGREEMENT, FUNNEL, KEY, OWN_KEY, form, impact, know_affiliate, lead, on_the_wire, setup};
use crate::command::ask as asked;

async fn only_request(world: &World) -> Value {
    let requests = impact(world).requests().await;
    assert_eq!(requests.len(), 1, "{requests:#?}");
    on_the_wire(&requests[0])
}

#[tokio::test]
async fn a_customer_on_the_wire() {
    let world = World::start(setup().edit("[tracking]", &format!("{AGREEMENT}[tracking]"))).await;
    let mut sent = form(&world).await;
    sent["fields"]["tradingExperience"] = json!("none");
    sent["agreements"] = json!(["Terms and Conditions"]);
    sent["tracking"] = json!({
        "affiliateID": "17", "subID": "SUB-1", "campaignId": "CMP-456", "utm_source": "news", "utm_medium": "mail",
        "utm_campaign": "spring", "utm_term": "fx", "utm_ad_group": "a", "utm_placement": "top", "utm_device": "phone",
        "utm_content": "blue", "gclid": "g-1", "fbclid": "f-1",
    });
    let answer = world.signup(&sent).await.json_of(201);
    let wire = only_request(&world).await;
    let password = wire["body"]["password"].as_str().expect("a password").to_owned();
    assert!(password.len() > 6 && password.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{password}");
    let agreements = wire["body"]["agreements"].as_str().expect("a text").to_owned();
    assert!(agreements.starts_with("Terms and Conditions (20") && agreements.ends_with("Z, 127.0.0.1)"), "{agreements}");
    assert_eq!(
        wire,
        json!({
            "method": "POST", "path": "/api/v1/public/customer", "query": null,
            "x-api-key": KEY, "x-domain": "brand.example", "x-auth-token": null, "authorization": null,
            "content-type": "application/json",
            "body": {
                "firstName": "Jane", "lastName": "Doe", "email": sent["fields"]["email"], "natonalityCountryCode": "CY",
                "phone": "+442079460958", "phoneCountryCode": "GB", "password": password,
                "utmDetails": {
                    "utm_campaign": "spring", "utm_medium": "mail", "utm_source": "news", "affiliate_id": "17", "campaign_id": "CMP-456",
                    "utm_term": "fx", "utm_ad_group": "a", "utm_placement": "top", "utm_device": "phone", "gclid": "g-1",
                },
                "tradingExperience": "none", "subID": "SUB-1", "utm_content": "blue", "fbclid": "f-1",
                "agreements": agreements, "latchkeySignup": answer["id"],
            },
        })
    );
    let users = impact(&world).users().await;
    assert_eq!((&users[0]["kind"], &users[0]["id"]), (&json!("customer"), &world.stored(&answer["id"]).await["crmId"]));
    let logs = world.logs();
    assert!(!logs.contains(&password) && !logs.contains(KEY), "{logs}");
}

#[tokio::test]
async fn a_lead_on_the_wire() {
    let world = World::start(lead(setup())).await;
    let sent = form(&world).await;
    let answer = world.signup(&sent).await.json_of(201);
    assert_eq!(answer["next"]["kind"], "message", "a lead has no log-in");
    let stored = world.stored(&answer["id"]).await;
    assert_eq!((&stored["state"], &stored["reason"]), (&json!("registered"), &Value::Null));
    assert_eq!(
        only_request(&world).await,
        json!({
            "method": "POST", "path": "/api/v1/public/lead", "query": null,
            "x-api-key": KEY, "x-domain": "brand.example", "x-auth-token": null, "authorization": null,
            "content-type": "application/json",
            "body": {
                "firstName": "Jane", "lastName": "Doe", "email": sent["fields"]["email"], "natonalityCountryCode": "CY",
                "phone": "+442079460958", "phoneCountryCode": "GB", "latchkeySignup": answer["id"],
            },
        })
    );
    assert_eq!(impact(&world).users().await[0]["kind"], "lead");
}

/// Follows the ticket to the end: the autologin URL, and the page it ends on.
async fn whole_way(world: &World, answer: &Answer) -> (String, String, String) {
    let body = answer.json_of(201);
    let go = send(world.client.get(body["next"]["url"].as_str().expect("a ticket"))).await;
    assert_eq!(go.status, 303, "{}", go.text());
    let link = go.header("location").to_owned();
    let log_in = send(world.client.get(&link)).await;
    assert_eq!(log_in.status, 303, "{link}: {}", log_in.text());
    let cookie = log_in.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
    let path = log_in.header("location").to_owned();
    let page = send(world.client.get(format!("{}{path}", world.sandbox.origin)).header("cookie", cookie)).await;
    assert_eq!(page.status, 200, "{}", page.text());
    (link, path, page.text())
}

#[tokio::test]
async fn a_customer_ends_in_the_member_area_by_all_three_urls() {
    for (finish, query, path, popup) in [
        ("", "", "/impact/member/dashboard", "open"),
        ("return_url = \"/wallet/deposit\"", "&returnUrl=/wallet/deposit", "/impact/member/wallet/deposit", "open"),
        (
            "return_url = \"/wallet/deposit\"\nstatus_popup = false",
            "&returnUrl=/wallet/deposit&statusPopup=false",
            "/impact/member/wallet/deposit?statusPopup=false",
            "closed",
        ),
        ("status_popup = false", "&statusPopup=false", "/impact/member/dashboard?statusPopup=false", "closed"),
    ] {
        let world = World::start(setup().edit("kind = \"redirect\"", &format!("kind = \"redirect\"\n{finish}"))).await;
        let answer = world.signup(&form(&world).await).await;
        let (link, ended, page) = whole_way(&world, &answer).await;
        let start = format!("{}/impact/member/auth/login?token=", world.sandbox.origin);
        assert!(link.starts_with(&start) && link.ends_with(query), "{link}");
        assert_eq!(link.matches('&').count(), query.matches('&').count(), "{link}");
        assert_eq!(ended, path);
        assert!(page.contains(&format!("<span id=\"status-popup\">{popup}</span>")), "{page}");
        assert_eq!(impact(&world).users().await[0]["loggedIn"], true);
    }
}

#[tokio::test]
async fn a_lead_that_becomes_a_customer_is_linked() {
    let world = World::start(setup()).await;
    let sent = form(&world).await;
    let email = sent["fields"]["email"].clone();
    impact(&world).seed(json!({"leads": [{"email": email}]})).await;
    world.signup(&sent).await.json_of(201);
}

#[tokio::test]
async fn a_known_email_is_told() {
    for setup in [setup(), lead(setup())] {
        let world = World::start(setup).await;
        let sent = form(&world).await;
        world.signup(&sent).await.json_of(201);
        let mut again = form(&world).await;
        again["fields"]["email"] = sent["fields"]["email"].clone();
        let problem = world.signup(&again).await.problem(409, "known-email");
        assert_eq!(problem["next"], json!({"kind": "login", "url": "https://broker.example/login"}));
        assert_eq!(impact(&world).users().await.len(), 1);
    }
}

#[tokio::test]
async fn a_refused_field_is_told_on_the_field() {
    let world = World::start(setup()).await;
    // Not international: the CRM says so of the number, or of its country.
    let mut local = form(&world).await;
    local["fields"]["phone"] = json!("02079460958");
    let answer = world.signup(&local).await;
    assert_eq!(answer.errors(), [("phone".to_owned(), "refused".to_owned())]);
    for (message, field) in [
        ("Field \"lastName\" is required", "lastName"),
        ("Nationality is not served", "natonalityCountryCode"),
        ("Email is blacklisted", "email"),
        ("Computer says no", ""),
    ] {
        impact(&world).fault(json!({"kind": "refuse", "message": message})).await;
        let answer = world.signup(&form(&world).await).await;
        assert_eq!(answer.errors(), [(field.to_owned(), "refused".to_owned())], "{message}");
        assert!(!answer.text().contains(message), "in our words: {}", answer.text());
    }
    assert!(impact(&world).users().await.is_empty());
}

#[tokio::test]
async fn an_affiliates_own_key_makes_it_the_source() {
    let world = World::start(setup()).await;
    know_affiliate(&world).await;
    let mut sent = form(&world).await;
    sent["tracking"] = json!({"affiliateID": "18"});
    world.signup(&sent).await.json_of(201);
    let request = only_request(&world).await;
    assert_eq!((&request["x-api-key"], &request["body"]["utmDetails"]), (&json!(OWN_KEY), &json!({"affiliate_id": "18"})));
    let ask = ["impact", "Leads", "--set", "registrationDateFrom=2020-01-01", "--set", "registrationDateTo=2090-01-01"];
    let leads = asked(&world, &ask).await.expect("leads");
    assert_eq!(leads["leads"][0]["source"], "a18@example.com");
}

#[tokio::test]
async fn neither_page_nor_file_sets_what_is_ours() {
    let world = World::start(setup()).await;
    for name in ["password", "utmDetails", "agreements", "latchkeySignup"] {
        let mut sent = form(&world).await;
        sent["fields"][name] = json!("made-up-by-the-page");
        let answer = world.signup(&sent).await;
        assert_eq!(answer.errors(), [(name.to_owned(), "not_allowed".to_owned())]);
    }
    assert!(impact(&world).requests().await.is_empty());
    let path = world.folder().join("funnels/demo.toml");
    for (from, to, words) in [
        ("name = \"tradingExperience\"", "name = \"password\"", "steps[0].fields[5].kind: a password is never typed into somebody's page"),
        ("[tracking]", "[routing]\npassword = \"typed\"\n[tracking]", "routing.password"),
        ("name = \"phone\"\nrequired = true", "name = \"phone\"", "steps: the CRM demands \"phone\""),
        ("kind = \"redirect\"", "return_url = \"//evil.example\"", "finish.return_url"),
        ("kind = \"redirect\"", "status_popup = \"no\"", "finish.status_popup"),
    ] {
        std::fs::write(&path, FUNNEL.replace(from, to)).expect("written");
        let ended = world.latchkey(&["check"]).await;
        assert!(ended.code == Some(1) && ended.stderr.contains(words), "{to}: {}", ended.stderr);
    }
}

#[tokio::test]
async fn methods_and_paths_can_be_overridden() {
    let operations = "[connections.impact.operations]\nCreateLead = { method = \"PUT\", path = \"/api/v2/lead\" }\n";
    let world = World::start(lead(setup()).more(operations)).await;
    let body = world.signup(&form(&world).await).await.json_of(202);
    let request = only_request(&world).await;
    assert_eq!((&request["method"], &request["path"]), (&json!("PUT"), &json!("/api/v2/lead")));
    assert_eq!(world.stored(&body["id"]).await["reason"], "misconfigured", "this CRM has no such address");
}
