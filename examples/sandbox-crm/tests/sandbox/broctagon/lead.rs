//! "Create Lead".

use serde_json::{Value, json};

use super::{Broctagon, LEAD, lead, with};

#[test]
fn every_member_of_the_table_is_taken() {
    let crm = Broctagon::start();
    let everything = json!({
        "email": "jane@example.com", "phone": { "country_code": "+49", "number": "15112345678" }, "name": "Jane Doe", "gender": "female",
        "owner_id": "owner001", "comment": "from the landing page", "nationality": "DE"
    });
    let answer = crm.post(LEAD, &everything);
    assert_eq!((answer.status, answer.header("content-type")), (201, Some("application/json")), "{}", answer.text());
    let id = answer.json()["id"].clone();
    assert_eq!(id.as_str().unwrap().len(), 8);

    let user = &crm.users()[0];
    let told = (&user["id"], &user["kind"], &user["email"], &user["loggedIn"], &user["fields"]);
    assert_eq!(told, (&id, &json!("lead"), &json!("jane@example.com"), &json!(false), &everything));
    assert!(user["createdAt"].as_str().unwrap().parse::<jiff::Timestamp>().is_ok());
    assert_eq!(crm.listed("requests")[0]["createdUserId"], id);
}

#[test]
fn email_or_phone_is_enough_and_nothing_is_unique() {
    let crm = Broctagon::start();
    assert_eq!(crm.post(LEAD, &json!({ "name": "Jane", "phone": { "number": "15112345678" } })).status, 201);
    assert_eq!(crm.post(LEAD, &with(lead(), "comment", json!(""))).status, 201);
    assert_eq!(crm.post(LEAD, &lead()).status, 201);
    assert_eq!(crm.users().len(), 3);
    crm.invalid(LEAD, &json!({ "name": "Jane" }), "\"email\" or \"phone\" is required");
    crm.invalid(LEAD, &json!({ "name": "Jane", "email": "" }), "\"email\" or \"phone\" is required");
}

#[test]
fn what_the_table_does_not_allow_is_refused() {
    let crm = Broctagon::start();
    for (path, value, message) in [
        ("name", Value::Null, "\"name\" is required"),
        ("name", json!(" "), "\"name\" is required"),
        ("name", json!(7), "\"name\" must be a string"),
        ("email", json!("jane"), "\"email\" must be a valid email"),
        ("email", json!(["jane@example.com"]), "\"email\" must be a string"),
        ("phone", json!("+4915112345678"), "\"phone\" must be an object"),
        ("phone", json!({ "country_code": "49" }), "\"phone.number\" is required"),
        ("phone", json!({ "country_code": 49, "number": "15112345678" }), "\"phone.country_code\" must be a string"),
        ("phone", json!({ "country_code": "DE", "number": "15112345678" }), "\"phone.country_code\" must be digits"),
        ("phone", json!({ "country_code": "49", "number": "+4915112345678" }), "\"phone.number\" must be digits"),
        ("phone", json!({ "number": "15112345678", "ext": "1" }), "\"phone.ext\" is not allowed"),
        ("owner_id", json!("owner"), "\"owner_id\" must be 8 characters long"),
        ("owner_id", json!(12_345_678), "\"owner_id\" must be a string"),
        ("first_name", json!("Jane"), "\"first_name\" is not allowed"),
    ] {
        crm.invalid(LEAD, &with(lead(), path, value), message);
    }
    crm.invalid(LEAD, &json!({ "name": "Jane", "email": null }), "\"email\" must be a string");
}
