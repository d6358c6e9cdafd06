//! `fields = "crm"`: funnels whose fields the CRM's forms say.

use harness::until;
use serde_json::json;

use super::*;

/// The registration form, then a KYC form, then the code.
const FORMS: &str = r#"
id = "forms"
connection = "broctagon"
action = "register"
origins = ["https://landing.example"]
locales = ["en", "de"]
[[steps]]
id = "account"
fields = "crm"
[[steps]]
id = "identity"
fields = "crm"
form = "kyc/kycindiv"
[[steps]]
id = "code"
fields = [{ name = "email_code", required = true }]
[routing]
form_id = "regform1"
kyc_form_id = "kycindiv"
[override."custom_fields.employment"]
label = { en = "Your job", de = "Ihr Beruf" }
required = true
[override."custom_fields.experience"]
omit = true
[bots]
least_fill_ms = 0
"#;

async fn with_forms() -> World {
    let world = World::start(setup().funnel("forms", FORMS)).await;
    served(&world).await;
    world
}

/// The view, once the CRM has answered.
async fn served(world: &World) -> Value {
    until("the funnel is served", async || Some(world.get("/api/v1/funnels/forms").await).filter(|answer| answer.status == 200))
        .await
        .json()
}

fn field<'a>(view: &'a Value, name: &str) -> &'a Value {
    let steps = view["steps"].as_array().expect("steps");
    let mut fields = steps.iter().flat_map(|step| step["fields"].as_array().expect("fields"));
    fields.find(|field| field["name"] == name).unwrap_or_else(|| panic!("there is no field {name}: {view}"))
}

fn names(view: &Value, step: usize) -> Vec<&str> {
    view["steps"][step]["fields"].as_array().expect("fields").iter().map(|field| field["name"].as_str().expect("a name")).collect()
}

#[tokio::test]
async fn the_forms_are_the_funnels_fields() {
    let world = with_forms().await;
    let view = served(&world).await;
    assert_eq!(
        names(&view, 0),
        [
            "name",
            "email",
            "phone",
            "custom_fields.account_type",
            "custom_fields.date_of_birth",
            "custom_fields.country",
            "custom_fields.state",
            "custom_fields.city",
            "custom_fields.employment",
            "custom_fields.interests",
            "custom_fields.terms",
        ],
        "in order, without what is disabled or left out"
    );
    assert_eq!(names(&view, 1), ["kyc.custom_fields.nationality", "kyc.custom_fields.address", "kyc.custom_fields.source_of_funds"]);
    let of = |name: &str, member: &str| field(&view, name)[member].clone();
    assert_eq!((of("email", "kind"), of("phone", "kind"), of("name", "required")), (json!("email"), json!("tel"), json!(true)));
    assert_eq!(of("email", "label"), "E-mail");
    assert_eq!(
        (of("custom_fields.account_type", "readOnly"), of("custom_fields.account_type", "default")),
        (json!(true), json!("individual"))
    );
    assert_eq!((of("custom_fields.date_of_birth", "kind"), of("custom_fields.date_of_birth", "required")), (json!("date"), json!(true)));
    assert_eq!((of("custom_fields.country", "kind"), of("custom_fields.country", "lookup")), (json!("country"), json!(true)));
    assert_eq!((of("custom_fields.state", "lookup"), of("custom_fields.state", "within")), (json!(true), json!("custom_fields.country")));
    assert_eq!((of("custom_fields.city", "lookup"), of("custom_fields.city", "within")), (json!(true), json!("custom_fields.state")));
    assert_eq!((of("custom_fields.employment", "label"), of("custom_fields.employment", "required")), (json!("Your job"), json!(true)));
    assert_eq!(of("custom_fields.employment", "options")[1], json!({ "value": "self_employed", "label": "Self-employed" }));
    assert_eq!(of("custom_fields.terms", "kind"), "checkbox");
    let url = "https://broker.example/docs/terms.pdf";
    assert_eq!(of("custom_fields.terms", "documents")[0], json!({ "label": "terms.pdf", "url": url }));
    assert_eq!(of("kyc.custom_fields.nationality", "kind"), "country");
    let german = world.get("/api/v1/funnels/forms?locale=de").await.json();
    assert_eq!(field(&german, "custom_fields.country")["label"], "Land");
    assert_eq!(field(&german, "custom_fields.employment")["label"], "Ihr Beruf");
    assert_eq!(field(&german, "kyc.custom_fields.address")["label"], "Anschrift");
    says_nothing_of_the_crm(&world.get("/api/v1/funnels/forms").await, &world);
}

#[tokio::test]
async fn what_they_say_is_checked_and_sent() {
    let world = with_forms().await;
    let mut fields = with(person(), "custom_fields.employment", "retired");
    // What nobody can change is not the page's to say.
    fields["custom_fields.account_type"] = json!("company");
    code(&world, "forms", "email_code", &fields).await.json_of(202);
    let fields = with(fields, "email_code", &sent(&crm(&world), "email").await);
    let bad = with(fields.clone(), "custom_fields.employment", "astronaut");
    assert_eq!(register(&world, "forms", &bad).await.errors(), [("custom_fields.employment".to_owned(), "option".to_owned())]);
    let bad = with(fields.clone(), "custom_fields.state", "GB-ENG");
    assert_eq!(
        register(&world, "forms", &bad).await.errors(),
        [("custom_fields.state".to_owned(), "option".to_owned()), ("custom_fields.city".to_owned(), "option".to_owned())]
    );
    let mut bad = fields.clone();
    bad.as_object_mut().expect("an object").remove("custom_fields.terms");
    assert_eq!(register(&world, "forms", &bad).await.errors(), [("custom_fields.terms".to_owned(), "required".to_owned())]);
    register(&world, "forms", &fields).await.json_of(201);
    let requests = received(&crm(&world), "/public/v1/account/register/multistep").await;
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0]["body"]["register"]["custom_fields"]["account_type"], "individual");
}

#[tokio::test]
async fn it_is_served_while_the_crm_is_down_also_after_a_restart() {
    let mut world = with_forms().await;
    let before = served(&world).await;
    crm(&world).fault_for_good(json!({ "kind": "reset-before" })).await;
    assert_eq!(served(&world).await, before);
    world.terminate();
    assert!(world.exit().await.success());
    world.restart().await;
    assert_eq!(world.get("/api/v1/funnels/forms").await.json(), before, "at once");
    // Nothing that was sent is lost.
    let fields = with(with(person(), "custom_fields.employment", "retired"), "email_code", "123456");
    register(&world, "forms", &fields).await.json_of(202);
    assert_eq!(newest(&world).await, pair("received", "crm-unreachable"));
}

#[tokio::test]
async fn until_the_crm_has_answered_once_it_is_awaited() {
    let mut world = start().await;
    crm(&world).fault_for_good(json!({ "kind": "status", "status": 500 })).await;
    world.terminate();
    assert!(world.exit().await.success());
    std::fs::write(world.folder().join("funnels/forms.toml"), FORMS).expect("written");
    world.restart().await;
    world.get("/api/v1/funnels/forms").await.problem(503, "crm-unavailable");
    world.get("/embed/forms.js").await.problem(503, "crm-unavailable");
    let ended = world.latchkey(&["check"]).await;
    assert!(ended.code == Some(1) && ended.stdout.contains("error: funnel forms: the CRM does not answer"), "{}", ended.stdout);
    crm(&world).no_faults().await;
    served(&world).await;
    let ended = world.latchkey(&["check"]).await;
    assert!(ended.code == Some(0) && ended.stdout.contains("ok: funnel forms"), "{} {}", ended.stdout, ended.stderr);
}

#[tokio::test]
async fn a_form_that_no_funnel_can_serve_is_told_to_the_operator() {
    let world = start().await;
    std::fs::write(world.folder().join("funnels/forms.toml"), FORMS).expect("written");
    let form = json!({ "id": "regform1", "type": "trader", "groups": [{ "fields": [
        { "key": "name", "type": "text", "required": 1 },
        { "key": "email", "type": "email", "required": 1 },
        { "key": "passport", "type": "file", "required": 1 },
    ] }] });
    crm(&world).seed(json!({ "registration_form": form })).await;
    let ended = world.latchkey(&["check"]).await;
    assert!(ended.code == Some(1) && ended.stdout.contains("the form demands a file, \"passport\""), "{}", ended.stdout);
}

#[tokio::test]
async fn odd_members_are_read_as_what_they_can_mean() {
    let form = json!({ "id": "regform1", "groups": [{ "fields": [
        { "key": "name", "required": "1" }, { "key": "email", "type": "text", "required": true }, { "key": "password", "type": "text", "required": 1 },
        { "key": "state", "type": "state", "label": "State" }, { "key": "mood", "type": "slider" },
        { "key": "rank", "type": "stars", "options": [{ "value": 1, "label": "one" }, "two"] },
        { "key": "bad", "type": "checkbox", "docs": [{ "doc_url": "javascript:alert(1)" }, { "doc_url": "https://broker.example/a.pdf" }, {}] },
        { "key": "fixed", "type": "text", "readonly": 1 }, { "type": "text" }, null,
    ] }, null, { "fields": null }] });
    let world = start().await;
    crm(&world).seed(json!({ "kyc_forms": [{ "id": "kycindiv", "groups": [{ "fields": [{ "key": "email", "type": "email" }] }] }] })).await;
    // The simulation takes only forms that it can hold values against.
    let mut plain = form.clone();
    plain["groups"] = json!([{ "fields": form["groups"][0]["fields"].as_array().expect("fields")[..8].to_vec() }]);
    crm(&world).seed(json!({ "registration_form": plain })).await;
    let mut world = world;
    std::fs::write(world.folder().join("funnels/forms.toml"), FORMS).expect("written");
    world.terminate();
    assert!(world.exit().await.success());
    world.restart().await;
    let view = served(&world).await;
    assert_eq!(names(&view, 0), ["name", "email", "custom_fields.state", "custom_fields.mood", "custom_fields.rank", "custom_fields.bad"]);
    assert_eq!(names(&view, 1), ["kyc.custom_fields.email"]);
    assert_eq!(field(&view, "custom_fields.state")["kind"], "text", "of no country");
    assert_eq!(field(&view, "custom_fields.mood")["kind"], "text");
    assert_eq!(
        field(&view, "custom_fields.rank")["options"],
        json!([{ "value": "1", "label": "one" }, { "value": "two", "label": "two" }])
    );
    let url = "https://broker.example/a.pdf";
    assert_eq!(field(&view, "custom_fields.bad")["documents"], json!([{ "label": "a.pdf", "url": url }]));
}
