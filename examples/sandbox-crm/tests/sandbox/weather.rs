//! What many calls at once need: faults at random, repeats that show, and records that do not fill the memory.

use serde_json::{Value, json};

use crate::client::send;
use crate::server::{SIGN_UP, Server, jane, jane_with};

fn strike(server: &Server, crm: &str, share: f64, faults: Value) {
    let weather = json!({ "share": share, "seed": 7, "faults": faults });
    let answer = server.control("POST", &format!("/{crm}/weather"), &weather);
    assert_eq!(answer.status, 200, "{}", answer.text());
}

#[test]
fn a_share_of_all_calls_is_struck_before_or_after_the_work() {
    let server = Server::start();
    assert_eq!(server.get("/_control/wi/weather").json(), Value::Null);
    strike(&server, "wi", 0.5, json!([{"kind": "status", "status": 503}, {"kind": "reset-after"}]));
    let (mut refused, mut lost, mut whole) = (0, 0, 0);
    for number in 0..200 {
        match server.try_sign_up(&jane_with("email", json!(format!("n{number}@example.com")))).map(|answer| answer.status) {
            Ok(503) => refused += 1,
            Ok(status) => {
                assert_eq!(status, 200);
                whole += 1;
            }
            Err(_) => lost += 1,
        }
    }
    assert_eq!(refused + lost + whole, 200);
    assert!((30..70).contains(&refused) && (30..70).contains(&lost), "{refused} {lost}");
    let counts = server.get("/_control/wi/counts").json();
    assert_eq!(counts, json!({"users": lost + whole, "requests": 200}), "whoever got no answer was created");
    let told = server.get("/_control/wi/weather").json();
    let struck = json!([{"fault": {"kind": "status", "status": 503}, "times": refused}, {"fault": {"kind": "reset-after"}, "times": lost}]);
    assert_eq!(told, json!({"share": 0.5, "seed": 7, "calls": 200, "struck": struck}));
    let faults = server.requests().iter().filter(|request| request.get("fault").is_some()).count();
    assert_eq!(faults, refused + lost);

    assert_eq!(server.control("DELETE", "/wi/weather", &Value::Null).status, 204);
    assert_eq!(server.sign_up(&jane()).status, 200);
    assert_eq!(server.get("/_control/wi/weather").json(), Value::Null);
}

#[test]
fn look_ups_are_struck_too_and_ordered_faults_go_first() {
    let server = Server::start();
    strike(&server, "impact", 1.0, json!([{"kind": "html"}]));
    let answer = server.control("POST", "/impact/faults", &json!({"fault": {"kind": "status", "status": 500}, "times": 1}));
    assert_eq!(answer.status, 200);
    let log_in = || send(server.address, "POST", "/impact/api/v1/auth/login", &[], b"{}").unwrap();
    assert_eq!((log_in().status, log_in().header("content-type")), (500, Some("text/html; charset=utf-8")));
    assert_eq!(server.sign_up(&jane()).status, 200, "another CRM has its own");
    assert_eq!(server.control("POST", "/reset", &Value::Null).status, 204);
    assert_eq!(server.get("/_control/impact/weather").json(), Value::Null);
    for (body, words) in [(json!({"share": 2, "seed": 1, "faults": [{"kind": "html"}]}), "share"), (json!({}), "missing field")] {
        let answer = server.control("POST", "/wi/weather", &body);
        assert!(answer.status == 400 && answer.text().contains(words), "{}", answer.text());
    }
}

#[test]
fn whoever_is_sent_twice_is_created_twice_where_a_test_wants_to_see_it() {
    let server = Server::start();
    assert_eq!((server.sign_up(&jane()).status, server.sign_up(&jane()).status), (200, 400));
    for crm in ["wi", "trading", "impact"] {
        assert_eq!(server.control("POST", &format!("/{crm}/repeats"), &json!({"created": true})).status, 204);
    }
    assert_eq!(server.sign_up(&jane()).status, 200);
    assert_eq!(server.users().len(), 2);

    let json_type = ("Content-Type", "application/json");
    let customer = json!({"email": "a@example.com", "externalId": "x-1"}).to_string();
    let headers = [json_type, ("X-Api-Key", "sandbox-trading-key")];
    let create = || send(server.address, "POST", "/trading/affiliates/customers", &headers, customer.as_bytes()).unwrap();
    assert_eq!((create().status, create().status), (200, 200));
    let users = server.get("/_control/trading/users").json();
    assert_eq!((&users[0]["fields"]["externalId"], &users[1]["fields"]["externalId"]), (&json!("x-1"), &json!("x-1")));

    let lead = json!({"firstName": "A", "lastName": "B", "email": "a@example.com", "natonalityCountryCode": "CY", "phone": "+35799123456",
                      "phoneCountryCode": "CY", "latchkeySignup": "x-1"});
    let headers = [json_type, ("X-Api-Key", "sandbox-impact-key"), ("X-DOMAIN", "brand.example")];
    let create = || send(server.address, "POST", "/impact/api/v1/public/lead", &headers, lead.to_string().as_bytes()).unwrap();
    assert_eq!((create().status, create().status), (200, 200));
    assert_eq!(server.get("/_control/impact/counts").json(), json!({"users": 2, "requests": 2}));
    assert_eq!(server.get("/_control/impact/users").json()[1]["metadata"]["latchkeySignup"], "x-1");

    assert_eq!(server.control("POST", "/broctagon/repeats", &json!({"created": true})).status, 400);
    assert_eq!(server.control("POST", "/reset", &Value::Null).status, 204);
    assert_eq!((server.sign_up(&jane()).status, server.sign_up(&jane()).status), (200, 400));
}

#[test]
fn only_the_newest_requests_are_kept_where_a_test_says_so() {
    let server = Server::start();
    let sign_up = |number: u32| server.sign_up(&jane_with("email", json!(format!("n{number}@example.com")))).status;
    assert!((0..3).all(|number| sign_up(number) == 200));
    assert_eq!(server.control("POST", "/wi/log", &json!({"keep": 2})).status, 204);
    assert_eq!(sign_up(3), 200);
    let kept = server.requests();
    let emails: Vec<_> = kept.iter().map(|request| request["body"]["email"].as_str().unwrap()).collect();
    assert_eq!(emails, ["n2@example.com", "n3@example.com"]);
    assert!(kept.iter().all(|request| request["answer"]["status"] == 200 && request["createdUserId"].is_string()));
    assert_eq!(server.control("POST", "/wi/log", &json!({"keep": 0})).status, 204);
    // What is not kept is worked on all the same.
    server.fault(json!({ "kind": "delay", "ms": 100 }));
    assert_eq!(sign_up(4), 200);
    assert!(server.requests().is_empty());
    assert_eq!(server.get("/_control/wi/counts").json(), json!({"users": 5, "requests": 5}));
    assert_eq!(server.control("POST", "/wi/log", &json!({"keep": null})).status, 204);
    send(server.address, "POST", SIGN_UP, &[], b"").unwrap();
    assert_eq!(server.requests().len(), 1);
}
