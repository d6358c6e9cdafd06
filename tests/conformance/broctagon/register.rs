//! "Send Registration Request for OTP" and "Send Multi-Step Registration Request for Approval": the whole way.

use serde_json::json;

use super::*;
use crate::unknown::{ends, tried_once};

const REQUEST: &str = "/public/v1/account/register/request";
const REGISTRATION: &str = "/public/v1/account/register/multistep";

/// What the pages' tables have, less the password; that is taken out, and looked at.
fn without_password(mut members: Value) -> (Value, String) {
    let taken = |members: &mut Value, name: &str| members.as_object_mut().and_then(|members| members.remove(name)).expect("there");
    let (password, repeated) = (taken(&mut members, "password"), taken(&mut members, "repeat_password"));
    assert_eq!(password, repeated);
    (members, password.as_str().expect("a text").to_owned())
}

#[tokio::test]
async fn a_visitor_registers_with_the_code_that_was_sent() {
    let world = start().await;
    let (crm, fields) = (crm(&world), person());
    let answer = code(&world, "register", "email_code", &fields).await;
    assert_eq!(answer.json_of(202), json!({ "resendAfterSeconds": 60 }));
    says_nothing_of_the_crm(&answer, &world);
    let outbox = crm.outbox().await;
    assert_eq!((outbox.len(), &outbox[0]["to"]), (1, &fields["email"]));

    let requests = received(&crm, REQUEST).await;
    assert_eq!((requests.len(), &requests[0]["method"]), (1, &json!("POST")));
    let custom = json!({
        "date_of_birth": "1990-02-28", "country": "DE", "state": "DE-BY", "city": "munich", "interests": ["metals"], "terms": true,
    });
    let (request, first_password) = without_password(requests[0]["body"].clone());
    assert_eq!(
        request,
        json!({
            "email": fields["email"], "type": "trader", "name": "Jane Doe",
            "phone": { "country_code": "44", "number": "2079460958" },
            "otp_type": "email", "form_id": "regform1", "referrer_id": "referrer", "custom_fields": custom,
        })
    );

    // Wrong, then right: nothing that was filled in is lost.
    let digits = sent(&crm, "email").await;
    let wrong = if digits == "000000" { "111111" } else { "000000" };
    let answer = register(&world, "register", &with(fields.clone(), "email_code", wrong)).await;
    assert_eq!(answer.errors(), [("email_code".to_owned(), "refused".to_owned())]);
    assert_eq!(newest(&world).await, pair("rejected", "field-refused"));
    let dashed = format!("{} {}", &digits[..3], &digits[3..]);
    let answer = register(&world, "register", &with(fields.clone(), "email_code", &dashed)).await;
    let told = answer.json_of(201);
    let text = "Thank you. We have your registration. You will hear from us by e-mail when your account is open.";
    assert_eq!((&told["status"], &told["next"]["text"]), (&json!("registered"), &json!(text)), "it waits for approval");
    says_nothing_of_the_crm(&answer, &world);

    let requests = received(&crm, REGISTRATION).await;
    assert_eq!(requests.len(), 2);
    let mut body = requests[1]["body"].clone();
    let (register, second_password) = without_password(body["register"].take());
    assert_eq!(body["trader_register"], "trader_register");
    assert_eq!(
        register,
        json!({
            "email": fields["email"], "type": "trader", "name": "Jane Doe",
            "phone": { "country_code": "44", "number": "2079460958" },
            "email_code": digits, "form_id": "regform1", "link_id": "link-abc", "referrer_id": "referrer", "custom_fields": custom,
        })
    );
    assert_eq!(
        body["kyc"],
        json!({
            "form_id": "kycindiv",
            "custom_fields": { "nationality": "GB", "address": "1 Made-up Street", "source_of_funds": ["salary"] },
        })
    );
    assert!(first_password != second_password && second_password.len() >= 16, "a password a call");
    let users = crm.users().await;
    assert_eq!((users.len(), &users[0]["kind"], &users[0]["email"]), (1, &json!("account"), &fields["email"]));
    let stored = world.stored(&told["id"]).await;
    assert_eq!((&stored["crmId"], &stored["reason"]), (&Value::Null, &Value::Null), "the CRM tells no id");
}

#[tokio::test]
async fn a_phone_may_be_asked_as_well() {
    let world = start().await;
    let (crm, fields) = (crm(&world), person());
    code(&world, "register", "email_code", &fields).await.json_of(202);
    code(&world, "register", "phone_code", &fields).await.json_of(202);
    let (request, _) = without_password(received(&crm, REQUEST).await[1]["body"].clone());
    assert_eq!(request["otp_type"], "phone");
    assert_eq!(crm.outbox().await[1]["to"], "442079460958");
    let fields = with(fields, "email_code", &sent(&crm, "email").await);
    let fields = with(fields, "phone_code", &sent(&crm, "phone").await);
    register(&world, "register", &fields).await.json_of(201);
    let register = &received(&crm, REGISTRATION).await[0]["body"]["register"];
    assert_eq!((&register["email_code"], &register["phone_code"]), (&fields["email_code"], &fields["phone_code"]));
}

#[tokio::test]
async fn of_two_codes_the_first_is_the_one_that_is_told() {
    let world = start().await;
    let fields = with(with(person(), "email_code", "123456"), "phone_code", "123456");
    let answer = register(&world, "register", &fields).await;
    assert_eq!(answer.errors(), [("email_code".to_owned(), "refused".to_owned())]);
}

#[tokio::test]
async fn the_affiliate_is_the_referrer() {
    let pinned = REGISTER.replace("id = \"register\"", "id = \"pinned\"\naffiliate = \"b-17\"");
    let open = REGISTER.replace("id = \"register\"", "id = \"open\"").replace("[routing]", "[tracking]\naffiliates = [\"*\"]\n[routing]");
    let world = World::start(setup().funnel("pinned", &pinned).funnel("open", &open)).await;
    let crm = crm(&world);
    code(&world, "pinned", "email_code", &person()).await.json_of(202);
    assert_eq!(received(&crm, REQUEST).await[0]["body"]["referrer_id"], "partner7");
    for (claimed, referrer) in [("partner9", "partner9"), ("made-up by a page", "referrer")] {
        let fields = with(person(), "email_code", "123456");
        let body = json!({ "fields": fields, "tracking": { "affiliateID": claimed }, "formToken": world.visit_of("open").await });
        post(&world, "open", "signups", &body).await.errors();
        let requests = received(&crm, REGISTRATION).await;
        assert_eq!(requests.last().expect("one")["body"]["register"]["referrer_id"], referrer, "no signup fails by what a page claims");
    }
}

#[tokio::test]
async fn a_known_account_is_told_with_the_log_in_page() {
    let quiet = REGISTER.replace("id = \"register\"", "id = \"quiet\"\nknown_email = \"quiet\"");
    let world = World::start(setup().funnel("quiet", &quiet)).await;
    let crm = crm(&world);
    let known = |email: &str| with(with(person(), "email", email), "email_code", "123456");
    crm.seed(json!({ "accounts": ["known@mail.example", "other@mail.example"] })).await;
    let login = json!({ "kind": "login", "url": "https://broker.example/login" });
    for answer in [
        code(&world, "register", "email_code", &known("known@mail.example")).await,
        register(&world, "register", &known("known@mail.example")).await,
    ] {
        let problem = answer.problem(409, "known-email");
        assert_eq!((&problem["next"], &problem["errors"][0]["field"]), (&login, &json!("email")));
    }
    // Quietly, it looks as it does for anybody.
    let stranger = code(&world, "quiet", "email_code", &person()).await;
    let client = code(&world, "quiet", "email_code", &known("other@mail.example")).await;
    assert_eq!(client.json_of(202), stranger.json_of(202));
    let again = code(&world, "quiet", "email_code", &known("other@mail.example")).await;
    again.problem(429, "too-soon");
    assert_eq!(register(&world, "quiet", &known("other@mail.example")).await.json_of(202)["status"], "accepted");
}

#[tokio::test]
async fn a_field_that_the_form_demands_is_told() {
    let world = start().await;
    let crm = crm(&world);
    let form = json!({ "id": "regform1", "type": "trader", "groups": [{ "key": "g", "fields": [
        { "key": "interests", "type": "multiselect", "required": 1, "options": [{ "value": "metals" }] },
        { "key": "date_of_birth", "type": "date" }, { "key": "country", "type": "country" }, { "key": "terms", "type": "checkbox" },
        { "key": "state", "type": "state" }, { "key": "city", "type": "city" },
    ] }] });
    crm.seed(json!({ "registration_form": form })).await;
    let mut fields = with(person(), "email_code", "123456");
    fields.as_object_mut().expect("an object").remove("custom_fields.interests");
    let answer = register(&world, "register", &fields).await;
    assert_eq!(answer.errors(), [("custom_fields.interests".to_owned(), "refused".to_owned())]);
    // One that this funnel does not have is nobody's to mend here.
    crm.fault(json!({ "kind": "refuse", "message": "\"register.custom_fields.tax_number\" is required" })).await;
    crm.fault(json!({ "kind": "refuse", "message": "\"kyc.custom_fields.address\" is required" })).await;
    assert_eq!(register(&world, "register", &fields).await.errors(), [(String::new(), "refused".to_owned())]);
    assert_eq!(register(&world, "register", &fields).await.errors(), [("kyc.custom_fields.address".to_owned(), "refused".to_owned())]);
}

#[tokio::test]
async fn a_form_that_is_not_there_is_the_operators_to_mend() {
    let world = World::start(setup().funnel("register", &REGISTER.replace("form_id = \"regform1\"", "form_id = \"regform9\""))).await;
    register(&world, "register", &with(person(), "email_code", "123456")).await.json_of(202);
    assert_eq!(newest(&world).await, pair("parked", "misconfigured"));
    code(&world, "register", "email_code", &person()).await.problem(503, "crm-unavailable");
}

#[tokio::test]
async fn whatever_is_answered_the_visitor_is_thanked() {
    let world = World::start(tried_once(setup(), "broctagon")).await;
    let crm = crm(&world);
    // So that forms and lists are known, and the faults strike the registration.
    register(&world, "register", &with(person(), "email_code", "123456")).await.errors();
    for (fault, status, state, reason) in [
        (json!({ "kind": "html" }), 202, "parked", "outcome-unknown"),
        (json!({ "kind": "redirect" }), 202, "parked", "outcome-unknown"),
        (json!({ "kind": "status", "status": 403 }), 202, "parked", "misconfigured"),
        (json!({ "kind": "status", "status": 404 }), 202, "parked", "misconfigured"),
        (json!({ "kind": "status", "status": 500 }), 202, "parked", "outcome-unknown"),
        (json!({ "kind": "reset-before" }), 202, "parked", "outcome-unknown"),
        (json!({ "kind": "reset-after" }), 202, "parked", "outcome-unknown"),
        (json!({ "kind": "delay", "ms": 4_000 }), 202, "parked", "outcome-unknown"),
        (json!({ "kind": "huge-body", "bytes": 31_457_280 }), 202, "parked", "outcome-unknown"),
        // "204": a body is none of the page's.
        (json!({ "kind": "broken-json" }), 202, "parked", "outcome-unknown"),
        (json!({ "kind": "empty" }), 202, "parked", "outcome-unknown"),
        (json!({ "kind": "nulls" }), 202, "parked", "outcome-unknown"),
        (json!({ "kind": "other-types" }), 202, "parked", "outcome-unknown"),
        (json!({ "kind": "no-members" }), 202, "parked", "outcome-unknown"),
        (json!({ "kind": "slow-body", "ms": 300 }), 202, "parked", "outcome-unknown"),
        (json!({ "kind": "no-link" }), 201, "registered", ""),
        (json!({ "kind": "foreign-link" }), 201, "registered", ""),
        (json!({ "kind": "script-link" }), 201, "registered", ""),
        (json!({ "kind": "numeric-id" }), 201, "registered", ""),
    ] {
        let fields = person();
        code(&world, "register", "email_code", &fields).await.json_of(202);
        let fields = with(fields, "email_code", &sent(&crm, "email").await);
        crm.fault(fault.clone()).await;
        let answer = register(&world, "register", &fields).await;
        assert_eq!(answer.status, status, "{fault}: {}", answer.text());
        says_nothing_of_the_crm(&answer, &world);
        ends(&world, &world.signups().await[0]["id"], state, reason, &fault).await;
        crm.no_faults().await;
    }
}
