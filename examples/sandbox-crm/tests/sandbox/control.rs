//! The control endpoints.

use serde_json::{Value, json};

use crate::client::send;
use crate::server::{KEY, SIGN_UP, Server, jane};

#[test]
fn requests_keep_what_was_received_in_order() {
    let server = Server::start();
    let headers = [("X-Api-Key", "wrong"), ("Content-Type", "text/plain"), ("X-Twice", "1"), ("X-Twice", "2")];
    send(server.address, "POST", SIGN_UP, &headers, b"not json").unwrap();
    let id = server.sign_up(&jane()).json()["id"].clone();

    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    let first = &requests[0];
    assert_eq!((&first["method"], &first["body"]), (&json!("POST"), &json!("not json")));
    assert_eq!((&first["headers"]["x-api-key"], &first["headers"]["x-twice"]), (&json!("wrong"), &json!("1, 2")));
    assert_eq!(first["answer"], json!({ "status": 401, "body": { "message": "Invalid secret key", "providerStatus": 401 } }));
    assert!(first.get("createdUserId").is_none() && first.get("fault").is_none());

    let second = &requests[1];
    assert_eq!((&second["body"], &second["headers"]["x-api-key"], &second["createdUserId"]), (&jane(), &json!(KEY), &id));
    assert_eq!((&second["answer"]["status"], &second["answer"]["body"]["id"]), (&json!(200), &id));
    let moment = |value: &Value| value.as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    assert!(moment(&first["receivedAt"]) <= moment(&second["receivedAt"]));

    let user = &server.users()[0];
    assert_eq!(
        (&user["id"], &user["email"], &user["loggedIn"], &user["fields"]),
        (&id, &json!("user@example.com"), &json!(false), &jane())
    );
    assert!(moment(&user["createdAt"]) >= moment(&second["receivedAt"]));
}

#[test]
fn faults_can_be_queued_listed_and_cleared() {
    let server = Server::start();
    let orders = json!([{ "fault": { "kind": "html" }, "times": 2 }, { "fault": { "kind": "delay", "ms": 9 } }]);
    let answer = server.control("POST", "/wi/faults", &orders);
    assert_eq!((answer.status, answer.json()), (200, orders.clone()));
    assert_eq!(server.get("/_control/wi/faults").json(), orders);

    for (order, words) in [
        (json!({ "fault": { "kind": "empty" } }), "nothing can be queued behind it"),
        (json!({ "kind": "empty" }), "unknown field `kind`"),
        (json!({ "fault": { "kind": "earthquake" } }), "unknown variant `earthquake`"),
    ] {
        let answer = server.control("POST", "/wi/faults", &order);
        assert_eq!(answer.status, 400);
        assert!(answer.json()["message"].as_str().unwrap().contains(words), "{}", answer.text());
    }
    assert_eq!(server.get("/_control/wi/faults").json(), orders);

    assert_eq!(server.control("DELETE", "/wi/faults", &Value::Null).status, 204);
    assert_eq!(server.get("/_control/wi/faults").json(), json!([]));
    assert_eq!(server.sign_up(&jane()).status, 200);
}

#[test]
fn reset_forgets_everything() {
    let server = Server::start();
    let url = server.sign_up(&jane()).json()["url"].as_str().unwrap().to_owned();
    let link = url.strip_prefix(&format!("http://{}", server.address)).unwrap();
    let cookie = server.get(link).header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    server.fault(json!({ "kind": "html" }));
    assert_eq!(server.control("POST", "/reset", &Value::Null).status, 204);
    assert!(server.requests().is_empty() && server.users().is_empty());
    assert_eq!(server.get("/_control/wi/faults").json(), json!([]));
    assert_eq!(server.get(link).status, 404);
    assert_eq!(send(server.address, "GET", "/wi/member", &[("cookie", &cookie)], b"").unwrap().status, 401);
    assert_eq!(server.sign_up(&jane()).status, 200);
}

#[test]
fn health_and_unknown_crms() {
    let server = Server::start();
    assert_eq!(server.get("/_control/health").status, 200);
    let answer = server.get("/_control/wo/users");
    assert_eq!(answer.status, 404);
    assert!(answer.json()["message"].as_str().unwrap().starts_with("there is no CRM \"wo\" here, only: wi"), "{}", answer.text());
}
