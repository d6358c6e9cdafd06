//! What a funnel takes from the CRM: forms, onboarding steps, countries.

use harness::World;
use serde_json::{Value, json};

use super::{FUNNEL, crm, setup, sign_up, to, wire};

const BY_CRM: &str = r#"
id = "demo"
connection = "trading"
origins = ["https://landing.example"]
steps = "crm"
[bots]
least_fill_ms = 0
"#;

async fn view(world: &World) -> Value {
    harness::until("the CRM has said its part", async || {
        let answer = world.get("/api/v1/funnels/demo").await;
        (answer.status == 200).then(|| answer.json())
    })
    .await
}

fn fields(step: &Value) -> Vec<(String, String, bool)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let field = |field: &Value| (text(&field["name"]), text(&field["kind"]), field["required"] == true);
    step["fields"].as_array().unwrap().iter().map(field).collect()
}

#[tokio::test]
async fn steps_and_their_fields_are_the_crms() {
    let world = World::start(setup().funnel("demo", BY_CRM)).await;
    let view = view(&world).await;
    let steps = view["steps"].as_array().unwrap();
    assert_eq!((steps.len(), &steps[0]["id"]), (1, &json!("SignupRealForm")), "a confirmation is no form: {view}");
    let expected = [
        ("firstname", "text", true),
        ("lastname", "text", true),
        ("email", "email", true),
        ("mobilenumber", "tel", true),
        ("country", "country", true),
        ("communicationLanguage", "text", false),
    ];
    assert_eq!(fields(&steps[0]), expected.map(|(name, kind, required)| (name.to_owned(), kind.to_owned(), required)));
    for path in ["/onboarding-steps", "/forms/SignupRealForm"] {
        assert_eq!(wire(&to(&world, path).await[0]), json!({ "call": format!("GET {path}"), "credential": "none" }));
    }
    let country = |country: &str| json!({ "firstname": "John", "lastname": "Doe", "mobilenumber": "+015500475947", "email": "johndoe@gmail.com", "country": country });
    sign_up(&world, country("HR"), json!({})).await.json_of(201);
}

#[tokio::test]
async fn countries_are_those_that_are_served() {
    let world = World::start(setup().funnel("demo", FUNNEL)).await;
    let countries = json!([{ "id": "HR", "name": "Croatia" }, { "id": "US", "name": "United States", "enabled": false }]);
    crm(&world).seed(json!({ "countries": countries })).await;
    let options = world.get("/api/v1/funnels/demo/options/country").await;
    assert_eq!(options.status, 200, "{}", options.text());
    assert_eq!(options.json(), json!({ "options": [{ "value": "HR", "label": "Croatia" }] }));
    assert_eq!(wire(&to(&world, "/countries").await[0]), json!({ "call": "GET /countries", "credential": "none" }));
}

#[tokio::test]
async fn what_two_forms_have_is_asked_for_once() {
    let world = World::start(setup().funnel("other", &BY_CRM.replace("\"demo\"", "\"other\""))).await;
    let steps = ["CompleteAccountBeforeDepositForm", "SignupRealForm", "KYC"].map(|step| json!({ "step": step, "stage": "SignUp" }));
    let field = |field: &str| json!({ "field": field, "required": false, "editable": true });
    let forms = json!({
        "CompleteAccountBeforeDepositForm": [field("country"), field("email"), field("address")],
        "SignupRealForm": [field("email"), field("password"), field("firstname")],
    });
    crm(&world).seed(json!({ "onboardingSteps": steps, "forms": forms })).await;
    // Asked anew: the first answer was from before.
    let mut world = world;
    world.kill();
    std::fs::remove_file(world.folder().join("latchkey.db")).unwrap();
    world.restart().await;
    let view = harness::until("the CRM has said its part", async || {
        let answer = world.get("/api/v1/funnels/other").await;
        (answer.status == 200).then(|| answer.json())
    })
    .await;
    let names: Vec<Vec<_>> =
        view["steps"].as_array().unwrap().iter().map(|step| fields(step).into_iter().map(|field| field.0).collect()).collect();
    assert_eq!(names, [vec!["country".to_owned(), "email".to_owned()], vec!["firstname".to_owned()]], "in the CRM's order: {view}");
}
