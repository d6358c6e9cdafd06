//! The "Forms API", the "Configurations API", and their records.

use serde_json::{Value, json};

use super::{Broctagon, MULTISTEP, registration, with};

const FORM: &str = "/public/v1/form/registration/trader";

fn read(crm: &Broctagon, path: &str) -> Value {
    let answer = crm.get(path);
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")), "{path}: {}", answer.text());
    answer.json()
}

#[test]
fn the_registration_form_has_the_members_of_the_table() {
    let crm = Broctagon::start();
    let form = read(&crm, FORM);
    assert_eq!((form["id"].as_str().unwrap().len(), &form["type"]), (8, &json!("trader")));
    let mut types = Vec::new();
    for group in form["groups"].as_array().unwrap() {
        assert!(group["key"].is_string() && ["en-us", "de-de", "ar-sa"].iter().all(|code| group["label"][code].is_string()));
        for field in group["fields"].as_array().unwrap() {
            assert!(field["key"].is_string() && ["en-us", "de-de", "ar-sa"].iter().all(|code| field["label"][code].is_string()), "{field}");
            assert!(["required", "disabled", "readonly"].iter().all(|flag| field[flag] == 0 || field[flag] == 1), "{field}");
            types.push(field["type"].as_str().unwrap().to_owned());
        }
    }
    let field = |test: &dyn Fn(&Value) -> bool| {
        let groups = form["groups"].as_array().unwrap();
        groups.iter().flat_map(|group| group["fields"].as_array().unwrap()).any(test)
    };
    assert!(field(&|field| field["readonly"] == 1) && field(&|field| field["disabled"] == 1));
    assert!(field(&|field| field["docs"][1]["doc_url"].is_string()));
    assert!(field(&|field| field["options"][1]["label"]["ar-sa"].is_string()));
    assert!(
        ["text", "date", "country", "select", "multiselect", "radio", "checkbox"]
            .iter()
            .all(|kind| types.iter().any(|known| known == kind))
    );
}

#[test]
fn kyc_forms_are_listed_and_read() {
    let crm = Broctagon::start();
    let list = read(&crm, "/public/v1/form/kyc/collections");
    assert_eq!((&list["count"], &list["records"][1]["name"]["de-de"]), (&json!(2), &json!("Unternehmen")));
    for record in list["records"].as_array().unwrap() {
        let id = record["id"].as_str().unwrap();
        let form = read(&crm, &format!("/public/v1/form/kyc/{id}"));
        assert_eq!((&form["id"], &form["type"]), (&record["id"], &json!("kyc")));
        assert!(form["groups"][0]["fields"][0]["key"].is_string());
    }
    assert_eq!(crm.get("/public/v1/form/kyc/nothing0").status, 404);
}

#[test]
fn countries_lead_to_states_and_those_to_cities() {
    let crm = Broctagon::start();
    let countries = read(&crm, "/public/v1/config/countries");
    assert_eq!(countries["records"][1], json!({ "code": "DE", "name": "Germany", "phone_code": "49" }));
    assert_eq!(countries["count"], countries["records"].as_array().unwrap().len());
    let states = read(&crm, "/public/v1/config/states?country=DE");
    assert_eq!(states["records"][0], json!({ "code": "DE-BE", "name": "Berlin" }));
    let cities = read(&crm, "/public/v1/config/cities?state=DE-BY");
    assert_eq!(
        cities,
        json!({ "count": 2, "records": [{ "code": "munich", "name": "Munich" }, { "code": "nuremberg", "name": "Nuremberg" }] })
    );
    assert_eq!(read(&crm, "/public/v1/config/states?country=SG"), json!({ "count": 0, "records": [] }));

    for (path, status, message) in [
        ("states", 400, "\"country\" is required"),
        ("states?country=", 400, "\"country\" is required"),
        ("states?state=DE", 400, "\"country\" is required"),
        ("states?country=XX", 404, "Resource not found"),
        ("cities?country=DE", 400, "\"state\" is required"),
        ("cities?state=XX", 404, "Resource not found"),
    ] {
        let answer = crm.get(&format!("/public/v1/config/{path}"));
        assert_eq!((answer.status, &answer.json()["message"]), (status, &json!(message)), "{path}");
    }
}

#[test]
fn records_replace_them_until_a_reset() {
    let crm = Broctagon::start();
    let standard = read(&crm, FORM);
    let form = json!({
        "id": "otherfrm", "type": "trader",
        "groups": [{ "key": "only", "label": {}, "fields": [{ "key": "nickname", "required": true, "type": 7 }, { "key": "fixed", "readonly": 1, "type": "text" }] }]
    });
    let kyc = json!({ "id": "otherkyc", "name": { "en-us": "Other" }, "groups": [] });
    let countries =
        json!([{ "code": "FR", "name": "France", "phone_code": "33", "states": [{ "code": "FR-IDF", "name": "Île-de-France" }] }]);
    let seed = |records: &Value| crm.0.control("POST", "/broctagon/records", records);
    assert_eq!(seed(&json!({ "registration_form": form, "kyc_forms": [kyc], "countries": countries })).status, 204);

    assert_eq!(read(&crm, FORM), form);
    assert_eq!(read(&crm, "/public/v1/form/kyc/collections")["records"], json!([{ "id": "otherkyc", "name": { "en-us": "Other" } }]));
    assert_eq!(read(&crm, "/public/v1/config/states?country=FR")["records"][0]["name"], "Île-de-France");
    assert_eq!(crm.get("/public/v1/config/states?country=DE").status, 404);
    let mut body = with(registration("000000"), "register.form_id", json!("otherfrm"));
    body["register"]["custom_fields"] = json!({});
    body["kyc"] = json!({ "form_id": "otherkyc" });
    crm.invalid(MULTISTEP, &body, "\"register.custom_fields.nickname\" is required");
    body["register"]["custom_fields"] = json!({ "nickname": "Jay", "fixed": "x" });
    crm.invalid(MULTISTEP, &body, "\"register.custom_fields.fixed\" is read-only");

    for (records, words) in [
        (json!({ "forms": [] }), "unknown field `forms`"),
        (json!({ "registration_form": { "id": "short", "groups": [] } }), "eight characters"),
        (json!({ "kyc_forms": [{ "id": "otherkyc" }] }), "missing field `groups`"),
        (json!({ "countries": [{ "code": "FR" }] }), "missing field `name`"),
    ] {
        let answer = seed(&records);
        assert_eq!(answer.status, 400);
        assert!(answer.json()["message"].as_str().unwrap().contains(words), "{}", answer.text());
    }
    assert_eq!(read(&crm, FORM), form);
    assert_eq!(crm.0.control("POST", "/reset", &Value::Null).status, 204);
    assert_eq!(read(&crm, FORM), standard);
}
