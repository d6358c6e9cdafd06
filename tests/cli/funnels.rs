//! What is wrong with what a funnel's file says of kinds, rules, conditions and variants.

use crate::check::{CONFIG, FUNNEL, Files};

/// The mistakes of the tests' funnel with that in the place of its optional last name.
async fn mistakes(fields: &str) -> Vec<String> {
    let from = "name = \"lastName\"\nmax_length = 40";
    assert!(FUNNEL.contains(from), "the funnel has changed");
    Files::new(CONFIG, &FUNNEL.replacen(from, fields, 1)).mistakes().await
}

/// One mistake, which begins so, less the file's name.
async fn assert_one(fields: &str, expected: &str) {
    let mistakes = mistakes(fields).await;
    assert!(mistakes.len() == 1 && mistakes[0].starts_with(&format!("funnels/demo.toml: {expected}")), "{fields}\n{mistakes:#?}");
}

#[tokio::test]
async fn a_key_that_does_not_go_with_the_kind_is_a_mistake() {
    for (fields, expected) in [
        ("name = \"lastName\"\nkind = \"radio\"", "steps[0].fields[3].options: is missing: a field of kind \"radio\" has options"),
        ("name = \"lastName\"\nkind = \"several\"\noptions = [\"a,b\"]", "steps[0].fields[3].options[0]: holds a comma"),
        ("name = \"lastName\"\nkind = \"radio\"\noptions = [\"a\", \"a\"]", "steps[0].fields[3].options[1]: \"a\" stands twice"),
        ("name = \"lastName\"\noptions = [\"a\"]\nkind = \"area\"", "steps[0].fields[3].options: a field of kind \"area\" has no options"),
        ("name = \"lastName\"\nmin_length = 101", "steps[0].fields[3].min_length: is more than the longest value may have"),
        ("name = \"lastName\"\nmin = 1", "steps[0].fields[3].min: is for a field of kind number or date"),
        ("name = \"lastName\"\nkind = \"number\"\nmin = \"x\"", "steps[0].fields[3].min: \"x\" is no number such as 12.5"),
        ("name = \"lastName\"\nkind = \"number\"\nmin = 2\nmax = \"1.9\"", "steps[0].fields[3].max: \"1.9\" is less than min"),
        ("name = \"lastName\"\nkind = \"date\"\nmax = \"31.12.2030\"", "steps[0].fields[3].max: \"31.12.2030\" is no date"),
        ("name = \"lastName\"\nsearch = true", "steps[0].fields[3].search: is for a field of kind select or country"),
        ("name = \"lastName\"\nneeds = [\"digit\"]", "steps[0].fields[3].needs: is for a field of kind password"),
        ("name = \"lastName\"\nkind = \"hidden\"\nrequired = true", "steps[0].fields[3].required: a hidden field that has to hold"),
        (
            "name = \"lastName\"\nmessages = { nonsense = \"x\" }",
            "steps[0].fields[3].messages.nonsense: is nothing that can be wrong; there is required, too_long",
        ),
        (
            "name = \"lastName\"\nmessages = { required = { en = \"x\" } }",
            "steps[0].fields[3].messages.required: lacks the language \"de\" of locales",
        ),
        ("name = \"lastName\"\nkind = \"number\"\ndefault = \"7\"\nmax = 6", "steps.contact.lastName.default: the default breaks"),
    ] {
        assert_one(fields, expected).await;
    }
}

#[tokio::test]
async fn a_field_matches_one_of_its_kind_that_stands_before_it() {
    for (matches, expected) in [
        ("email\"\nkind = \"text", "steps.again.matches: \"email\" is of kind \"email\": this one has to be, too"),
        ("billing.city", "steps.again.matches: names \"billing.city\", which is no field that stands before it"),
        ("again", "steps.again.matches: names \"again\", which is no field that stands before it"),
    ] {
        assert_one(&format!("name = \"again\"\nmatches = \"{matches}\""), expected).await;
    }
}

#[tokio::test]
async fn a_password_is_typed_into_a_frame_of_ours_or_nowhere() {
    let funnel = r#"
id = "demo"
connection = "crm"
origins = ["https://landing.example"]
[[steps]]
id = "contact"
fields = [{ name = "email", required = true }, { name = "password", min_length = 8 }]
"#;
    let trading =
        CONFIG.replace("[connections.wi]\nkind = \"wi\"", "[connections.crm]\nkind = \"trading\"\napi_key = \"env:WI_SIGNUP_KEY\"");
    let trading = trading.replace("signup_key = \"env:WI_SIGNUP_KEY\"\n", "").replace("connection = \"wi\"", "connection = \"crm\"");
    let mistakes = async |funnel: &str| Files::new(&trading, funnel).mistakes().await;
    let framed = funnel.replace("id = \"demo\"", "id = \"demo\"\nisolation = \"frame\"");
    let page = mistakes(funnel).await;
    assert!(
        page.len() == 1 && page[0].contains("a password is never typed into somebody's page") && page[0].contains("isolation = \"frame\""),
        "{page:#?}"
    );
    let filled = mistakes(&framed.replace("min_length = 8", "from_url = \"secret\"")).await;
    assert!(filled.len() == 1 && filled[0].contains("a password is typed, and comes from nowhere else"), "{filled:#?}");
    let text = mistakes(&framed.replace("min_length = 8", "kind = \"text\"")).await;
    assert!(text.len() == 1 && text[0].ends_with("\"password\" is of kind password"), "{text:#?}");
    let none = self::mistakes("name = \"lastName\"\nkind = \"password\"").await;
    assert!(none.iter().any(|mistake| mistake.ends_with("the CRM takes no password here")), "{none:#?}");
}

#[tokio::test]
async fn a_condition_is_about_what_was_filled_in_before() {
    let show_if = |condition: &str| format!("name = \"lastName\"\nshow_if = {condition}");
    for (condition, expected) in [
        ("{ field = \"nobody\", present = true }", "steps.lastName.show_if: names \"nobody\", which is no field of this funnel"),
        ("{ field = \"gender\", present = true }", "steps.lastName.show_if: names \"gender\", which does not stand before it"),
        ("{ field = \"lastName\", present = true }", "steps.lastName.show_if: names \"lastName\", which does not stand before it"),
        ("{ field = \"email\" }", "steps.lastName.show_if: is written as { field = …, equals = … }"),
        ("{ field = \"email\", equals = \"a\", present = true }", "steps.lastName.show_if: is written as"),
        ("{ and = [] }", "steps.lastName.show_if: is an empty list"),
        ("{ field = \"email\", one_of = [] }", "steps.lastName.show_if: is an empty list"),
        (
            "{ and = [{ field = \"email\", present = true }], not = { field = \"email\", present = true } }",
            "steps.lastName.show_if: is written as",
        ),
        ("{ or = [{ not = { field = \"x\", present = true } }] }", "steps.lastName.show_if.or[0].not: names \"x\""),
        ("{ field = \"email\", present = true, equal = \"a\" }", "steps[0].fields[3].show_if.equal: unknown field `equal`"),
    ] {
        assert_one(&show_if(condition), expected).await;
    }
    let city = |condition: &str| FUNNEL.replace("name = \"billing.city\"", &format!("name = \"billing.city\"\nshow_if = {condition}"));
    for (condition, value) in
        [("{ field = \"gender\", equals = \"x\" }", "x"), ("{ field = \"billing.country\", one_of = [\"DE\", \"Germany\"] }", "Germany")]
    {
        let mistakes = Files::new(CONFIG, &city(condition)).mistakes().await;
        let expected = format!(" never holds \"{value}\"");
        assert!(mistakes.len() == 1 && mistakes[0].ends_with(&expected), "{condition}: {mistakes:#?}");
    }
}

#[tokio::test]
async fn what_the_crm_demands_is_shown_to_everybody() {
    let before = "[[steps]]\nid = \"contact\"";
    let first = "[[steps]]\nid = \"first\"\nfields = [{ name = \"nationality\", kind = \"country\" }]\n\n[[steps]]\nid = \"contact\"";
    let funnel = FUNNEL.replacen(before, first, 1);
    assert!(funnel.contains("id = \"first\""), "the funnel has changed");
    let hidden = funnel.replacen("name = \"phone\"\n", "name = \"phone\"\nshow_if = { field = \"nationality\", equals = \"DE\" }\n", 1);
    let expected = "funnels/demo.toml: steps: the CRM demands \"phone\": its field has to be shown to everybody, without show_if";
    assert_eq!(Files::new(CONFIG, &hidden).mistakes().await, [expected]);
    let step = funnel.replacen("id = \"contact\"", "id = \"contact\"\nshow_if = { field = \"nationality\", present = true }", 1);
    assert_eq!(Files::new(CONFIG, &step).mistakes().await.len(), 3, "everything that it demands stands on that step");
}

#[tokio::test]
async fn each_variant_is_checked_as_a_whole_funnel() {
    let with = |variants: &str| FUNNEL.replacen("[bots]", &format!("{variants}\n[bots]"), 1);
    for (variants, expected) in [
        ("[[variants]]\nweight = 1", "variants[0].id: is missing"),
        ("[[variants]]\nid = \"B b\"", "variants[0].id: \"B b\" is not of small letters"),
        ("[[variants]]\nid = \"b\"\n[[variants]]\nid = \"b\"", "variants[1].id: there is another variant \"b\""),
        ("[[variants]]\nid = \"b\"\nweight = 0", "variants: have no weight"),
        ("[[variants]]\nid = \"b\"\nweight = 1001", "variants[0].weight: is more than 1000"),
        ("[[variants]]\nid = \"b\"\nweight = \"much\"", "variants[0].weight: invalid type"),
        (
            "[[variants]]\nid = \"b\"\nrouting = { desk = \"x\" }",
            "variants[0].routing: a variant says nothing of it; it may say id, weight, steps",
        ),
        (
            "[[variants]]\nid = \"b\"\nfinish = { login_url = \"https://x.example\" }",
            "variants[0].finish.login_url: a variant has a message",
        ),
        ("[[variants]]\nid = \"b\"\ntexts = { nonsense = \"x\" }", "variants.b.texts.nonsense: is no text of ours"),
        (
            "[[variants]]\nid = \"b\"\nsteps = [{ id = \"s\", fields = [{ name = \"email\", required = true }, { name = \"firstName\", required = true }] }]",
            "variants.b.steps: the CRM demands \"phone\", and no field asks for it",
        ),
    ] {
        let mistakes = Files::new(CONFIG, &with(variants)).mistakes().await;
        assert!(mistakes.len() == 1 && mistakes[0].starts_with(&format!("funnels/demo.toml: {expected}")), "{variants}\n{mistakes:#?}");
    }
    let shared = with("[[variants]]\nid = \"b\"").replacen("sendEmail = true", "sendEmail = 1", 1);
    assert_eq!(Files::new(CONFIG, &shared).mistakes().await.len(), 1, "what both share is told once");
}

#[tokio::test]
async fn the_schema_of_a_funnels_file_is_printed() {
    let ended = Files::new(CONFIG, FUNNEL).run(&["funnel", "schema"]).await;
    let schema: serde_json::Value = serde_json::from_str(&ended.stdout).expect("JSON");
    assert_eq!((ended.code, &schema["title"]), (Some(0), &serde_json::json!("A Latchkey funnel")));
    for member in ["show_if", "variant", "field"] {
        assert!(schema["$defs"][member]["properties"].is_object(), "{member}");
    }
}
