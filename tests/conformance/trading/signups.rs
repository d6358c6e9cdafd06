//! "AffiliateCreateCustomer", "Create a new user", "Create a lead": what is sent, and what becomes of the visitor.

use harness::{World, send};
use serde_json::{Value, json};

use super::{FUNNEL, LEAD_FUNNEL, crm, john, setup, sign_up, to, wire, world};

#[tokio::test]
async fn a_customer_is_created_as_the_documents_example_has_it() {
    let world = world().await;
    let body = sign_up(&world, john(1), json!({ "sourceId": "FB", "gclid": "made-up" })).await.json_of(201);
    let sent = to(&world, "/affiliates/customers").await;
    assert_eq!(sent.len(), 1, "nothing more is called: {sent:?}");
    assert_eq!(
        wire(&sent[0]),
        json!({
            "call": "POST /affiliates/customers", "credential": "key sandbox-trading-key",
            "body": {
                "externalId": body["id"], "firstname": "John", "lastname": "Doe", "mobilenumber": "+015500475947",
                "email": "johndoe1@gmail.com", "wtreferrer": "0BaHeZI1Je", "country": "HR", "communicationLanguage": "en",
                "skipOnboardingSteps": ["PhoneConfirmation", "KYC"], "source": "FB",
            },
        })
    );
    let user = crm(&world).users().await.remove(0);
    assert_eq!(world.stored(&body["id"]).await["crmId"], user["id"]);
}

#[tokio::test]
async fn each_link_leads_where_the_funnel_says() {
    for (option, path, page) in [
        ("", "autologin", "/trading/member"),
        ("link = \"redirectUrl\"", "autologin", "/trading/member"),
        ("link = \"depositUrl\"", "deposit", "/trading/member/deposit"),
    ] {
        let world = World::start(setup().funnel("demo", &FUNNEL.replace("[finish]", &format!("[finish]\n{option}")))).await;
        let answer = sign_up(&world, john(1), json!({})).await;
        let refresh_token = to(&world, "/affiliates/customers").await[0]["answer"]["body"]["refreshToken"].as_str().unwrap().to_owned();
        let body = answer.json_of(201);
        assert!(!answer.text().contains(&refresh_token) && !answer.text().contains("trading"), "{}", answer.text());
        let go = send(world.client.get(body["next"]["url"].as_str().unwrap())).await;
        assert_eq!(go.status, 303);
        assert!(go.header("location").starts_with(&format!("{}/trading/{path}/", world.sandbox.origin)), "{}", go.header("location"));
        let autologin = send(world.client.get(go.header("location"))).await;
        assert_eq!((autologin.status, autologin.header("location")), (303, page), "{option}");
        assert_eq!(crm(&world).users().await[0]["loggedIn"], true);
        assert!(!world.logs().contains(&refresh_token), "nor is it logged");
    }
}

#[tokio::test]
async fn a_user_is_created_where_the_connection_says_so() {
    let world = World::start(setup().set("connections.trading", "create", "\"user\"")).await;
    let body = sign_up(&world, john(1), json!({ "sourceId": "FB" })).await.json_of(201);
    assert_eq!(
        wire(&to(&world, "/users").await[0]),
        json!({
            "call": "POST /users", "credential": "none",
            "body": {
                "firstname": "John", "lastname": "Doe", "email": "johndoe1@gmail.com", "mobilenumber": "+015500475947", "country": "HR",
                "communicationLanguage": "en", "wtreferrer": "0BaHeZI1Je", "skipOnboardingSteps": ["PhoneConfirmation", "KYC"], "source": "FB",
            },
        })
    );
    assert_eq!(body["next"]["kind"], "redirect");
    assert_eq!(world.stored(&body["id"]).await["crmId"], Value::Null, "its answer has no id");
    sign_up(&world, john(1), json!({})).await.problem(409, "known-email");
}

#[tokio::test]
async fn a_lead_is_left() {
    let world = World::start(setup().funnel("demo", LEAD_FUNNEL)).await;
    let person = |number: u32| json!({ "name": "John Doe", "email": format!("lead{number}@gmail.com"), "mobilenumber": "+015500475947" });
    let body = sign_up(&world, person(1), json!({})).await.json_of(201);
    assert_eq!(body["next"]["kind"], "message", "a lead is not logged in: {body}");
    assert_eq!(
        wire(&to(&world, "/leads").await[0]),
        json!({
            "call": "POST /leads", "credential": "none",
            "body": { "name": "John Doe", "email": "lead1@gmail.com", "mobilenumber": "+015500475947", "source": "made-up-source" },
        })
    );
    let lead = crm(&world).users().await.remove(0);
    assert_eq!((&world.stored(&body["id"]).await["crmId"], &lead["kind"]), (&lead["id"], &json!("lead")));
    sign_up(&world, person(2), json!({ "sourceId": "FB" })).await.json_of(201);
    assert_eq!(to(&world, "/leads").await[1]["body"]["source"], "FB");
    crm(&world).fault(json!({ "kind": "refuse", "message": "mobilenumber is not valid" })).await;
    assert_eq!(sign_up(&world, person(3), json!({})).await.errors(), [("mobilenumber".to_owned(), "refused".to_owned())]);
    for fault in ["nulls", "no-members", "broken-json", "empty"] {
        crm(&world).fault(json!({ "kind": fault })).await;
        let body = sign_up(&world, person(4), json!({ "utm_source": fault })).await.json_of(202);
        assert_eq!(world.stored(&body["id"]).await["reason"], "outcome-unknown", "{fault}");
    }
}

#[tokio::test]
async fn refusals_are_told_on_what_they_are_about() {
    let world = world().await;
    sign_up(&world, john(1), json!({})).await.json_of(201);
    let problem = sign_up(&world, john(1), json!({})).await.problem(409, "known-email");
    assert_eq!(problem["next"], json!({ "kind": "login", "url": "https://broker.example/login" }));
    for (message, field) in [
        ("Field \"mobilenumber\" must be a number with its prefix", "mobilenumber"),
        ("Last name is too long", "lastname"),
        ("email must be an email", "email"),
        ("Field \"country\" must be one of the countries served", "country"),
        ("This mobile number already exists", "mobilenumber"),
        ("firstname and lastname are the same", ""),
        ("Computer says no", ""),
    ] {
        crm(&world).fault(json!({ "kind": "refuse", "message": message })).await;
        let answer = sign_up(&world, john(2), json!({})).await;
        assert_eq!(answer.errors(), [(field.to_owned(), "refused".to_owned())], "{message}");
        assert!(!answer.text().contains(message), "in our words: {}", answer.text());
    }
    crm(&world).fault(json!({ "kind": "status", "status": 409 })).await;
    sign_up(&world, john(2), json!({})).await.problem(409, "known-email");
    crm(&world).fault(json!({ "kind": "refuse", "message": "Customer with this externalId already exists" })).await;
    let body = sign_up(&world, john(2), json!({})).await.json_of(202);
    assert_eq!(world.stored(&body["id"]).await["reason"], "outcome-unknown", "it had been there before");
}

#[tokio::test]
async fn every_method_and_path_can_be_another() {
    let setup = setup().set("connections.trading.operations", "AffiliateCreateCustomer", r#"{ method = "PUT", path = "/v2/clients" }"#);
    let world = World::start(setup).await;
    let body = sign_up(&world, john(1), json!({})).await.json_of(202);
    assert_eq!(world.stored(&body["id"]).await["reason"], "misconfigured", "there is nothing at that address");
    assert_eq!(wire(&to(&world, "/v2/clients").await[0])["call"], "PUT /v2/clients");
    let config = std::fs::read_to_string(world.folder().join("latchkey.toml")).unwrap();
    let bad = config.replace("\"PUT\"", "\"FETCH\"").replace("/v2/clients", "v2/clients").replace(
        "[connections.trading.operations]",
        "[connections.trading.operations]\nShow = { path = \"/clients\" }\nCreateClient = { method = \"POST\" }",
    );
    std::fs::write(world.folder().join("bad.toml"), bad).unwrap();
    let ended = world.latchkey(&["check", "--config", "bad.toml"]).await;
    for mistake in [
        "connections.trading.operations.AffiliateCreateCustomer.method: \"FETCH\" is none of GET, POST",
        "connections.trading.operations.AffiliateCreateCustomer.path: \"v2/clients\" does not begin with \"/\"",
        "connections.trading.operations.Show.path: \"/clients\" has to hold {id}",
        "connections.trading.operations.CreateClient: is no operation of this CRM; it has CreateNewSession,",
    ] {
        assert!(ended.stderr.contains(mistake), "{mistake}\n{}", ended.stderr);
    }
}

#[tokio::test]
async fn a_customer_is_whose_credential_created_them() {
    let secrets = tempfile::tempdir().unwrap();
    std::fs::write(secrets.path().join("key"), "made-up-acme-key").unwrap();
    let affiliate = format!(
        "[[affiliates]]\nid = \"acme\"\nconnection = \"trading\"\ncrm_id = \"ACME00001\"\ncredential = {{ api_key = \"file:{}\" }}",
        secrets.path().join("key").display()
    );
    let funnel = FUNNEL.replace("[[steps]]", "affiliate = \"acme\"\n[[steps]]").replace("wtreferrer = \"0BaHeZI1Je\"", "");
    let world = World::start(setup().more(&affiliate).funnel("demo", &funnel)).await;
    crm(&world).seed(json!({ "affiliates": [{ "id": "acme", "apiKey": "made-up-acme-key", "username": "acme", "password": "p", "refKey": "ACME00001" }] })).await;
    sign_up(&world, john(1), json!({})).await.json_of(201);
    let sent = wire(&to(&world, "/affiliates/customers").await[0]);
    assert_eq!((&sent["credential"], sent["body"].get("wtreferrer")), (&json!("key made-up-acme-key"), None));
    assert_eq!(crm(&world).users().await[0]["affiliateId"], "acme");
}

#[tokio::test]
async fn a_log_in_will_do() {
    let config = |world: &World| std::fs::read_to_string(world.folder().join("latchkey.toml")).unwrap();
    let mut world = world().await;
    let without_key: String = config(&world).lines().filter(|line| !line.contains("TRADING_KEY")).map(|line| format!("{line}\n")).collect();
    std::fs::write(world.folder().join("latchkey.toml"), without_key).unwrap();
    world.terminate();
    world.exit().await;
    world.restart().await;
    for number in 1..4 {
        sign_up(&world, john(number), json!({})).await.json_of(201);
    }
    let sessions = to(&world, "/sessions").await;
    assert_eq!(sessions.len(), 1, "it is opened once");
    assert_eq!(wire(&sessions[0])["body"], json!({ "username": "broker@example.com", "password": "sandbox-password" }));
    assert!(to(&world, "/affiliates/customers").await.iter().all(|request| wire(request)["credential"] == "bearer"));
    // The CRM forgets the session, and several visitors come at once: one opens it anew, and all are signed up.
    world.sandbox.reset().await;
    let world = std::sync::Arc::new(world);
    let together: Vec<_> = (10..14)
        .map(|number| {
            let world = world.clone();
            tokio::spawn(async move { sign_up(&world, john(number), json!({})).await.status })
        })
        .collect();
    for one in together {
        assert_eq!(one.await.unwrap(), 201);
    }
    assert_eq!(to(&world, "/sessions").await.len(), 1, "one opens it, the others wait");
}
