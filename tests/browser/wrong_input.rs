//! Each kind of wrong input: said beside the field, in words, by the browser's rules and by the server's.

use harness::Setup;

use crate::{browser::DESKTOP, stage::Stage};

#[tokio::test]
async fn every_rule_is_said_beside_its_field() {
    let stage = Stage::set(Setup::new(), DESKTOP).await;
    let form = stage.form().await;
    let cases = [
        ("email", "jane@", "Please enter an e-mail address"),
        ("email", "jane@nodot", "Please enter an e-mail address"),
        ("phone", "12", "Please enter a phone number"),
        ("phone", "call me", "Please enter a phone number"),
        ("lastName", &"x".repeat(41), "Last name may have at most 40 characters."),
        ("dateOfBirth", "1850-01-01", "Please enter a date in the past."),
        ("dateOfBirth", "2020-01-01", "You have to be at least 18 years old."),
        ("additionalPhone", "1", "Please enter a phone number"),
    ];
    for (name, value, message) in cases {
        match name {
            "dateOfBirth" => form.fill_date(name, value).await,
            _ => form.fill(name, value).await,
        }
        form.input("billing.city").await.focus().await.unwrap();
        let said = form.error(name).await;
        assert!(said.contains(message), "{name} = {value}: {said:?}");
    }
    stage.browser.screenshot("errors-1280-light").await;
    assert!(stage.world.sandbox.requests().await.is_empty());
    // Mended, it is no longer said: at once, while typing.
    form.fill("email", "jane@mail.example").await;
    assert_eq!(form.error("email").await, "");
    stage.end().await;
}

#[tokio::test]
async fn an_empty_form_names_what_is_needed_and_goes_to_the_first() {
    let stage = Stage::set(Setup::new(), DESKTOP).await;
    let form = stage.form().await;
    // Nothing is said before it is tried.
    assert_eq!(form.error("email").await, "");
    form.send().await;
    for (name, message) in [("email", "E-mail is needed."), ("phone", "Phone is needed."), ("firstName", "First name is needed.")] {
        assert!(form.error(name).await.contains(message), "{name}");
    }
    assert!(form.error("agreement-1").await.contains("Please accept this to go on."));
    assert_eq!(form.error("lastName").await, "");
    // Several: the summary has the focus, and leads to each.
    form.until("the summary has the focus", "return root.activeElement?.part.value === 'summary'").await;
    form.find("[part=summary] a").await.click().await.unwrap();
    form.until("the first has it", "return root.activeElement?.name === 'email'").await;
    assert!(stage.world.signups().await.is_empty());
    stage.end().await;
}

#[tokio::test]
async fn inputs_are_labelled_and_of_the_right_type() {
    let stage = Stage::set(Setup::new(), DESKTOP).await;
    let form = stage.form().await;
    form.until("the list can be searched", "return !!root.querySelector(\"[data-of='billing.country']\")").await;
    let inputs = form
        .ask(
            "return [...root.querySelectorAll('input, select')]
                .filter(input => !input.closest('[aria-hidden=true], [hidden]') && input.type !== 'hidden')
                .map(input => [input.name, input.type, input.getAttribute('autocomplete') ?? '', input.labels?.[0]?.innerText?.trim() ?? ''].join('|'))",
        )
        .await;
    let inputs: Vec<&str> = inputs.as_array().unwrap().iter().filter_map(|input| input.as_str()).collect();
    for expected in [
        "email|email|email|E-mail",
        "phone|tel|tel|Phone",
        "firstName|text|given-name|First name",
        "dateOfBirth|date|bday|",
        // The list that can be searched, in front of the select.
        "|text|country-name|Country",
    ] {
        assert!(inputs.iter().any(|input| input.starts_with(expected)), "{expected} is not in {inputs:#?}");
    }
    assert!(inputs.iter().all(|input| !input.ends_with('|')), "every input has a label: {inputs:#?}");
    stage.end().await;
}

#[tokio::test]
async fn what_the_server_alone_knows_lands_on_its_field() {
    let stage = Stage::set(Setup::new(), DESKTOP).await;
    stage.world.sandbox.fault(serde_json::json!({"kind": "refuse", "message": "Phone is not valid"})).await;
    let form = stage.form().await;
    form.fill_in("jane.refused@mail.example").await;
    form.send().await;
    form.until_text("Phone was not accepted. Please check it.").await;
    assert!(form.error("phone").await.contains("was not accepted"));
    assert_eq!(form.focused().await, "phone");
    assert_eq!(form.value("email").await, "jane.refused@mail.example", "nothing is lost");
    // Mended and sent again, it goes through.
    form.fill("phone", "+49 30 901820").await;
    form.send().await;
    harness::until("the user", async || Some(stage.world.sandbox.users().await).filter(|users| users.len() == 1)).await;
    stage.browser.console().await.iter().for_each(|line| assert!(line.contains("422"), "{line}"));
    stage.browser.quit().await;
}

#[tokio::test]
async fn a_known_email_is_offered_the_log_in() {
    let stage = Stage::set(Setup::new(), DESKTOP).await;
    let first = stage.world.signup(&stage.world.form().await).await;
    let email = stage.world.sandbox.users().await[0]["email"].as_str().unwrap().to_owned();
    assert_eq!(first.status, 201);
    let form = stage.form().await;
    form.fill_in(&email).await;
    form.send().await;
    form.until_text("There is already an account with this e-mail address.").await;
    assert!(form.error("email").await.contains("already an account"));
    let login = form.find("a[href='https://broker.example/login']").await;
    assert!(login.is_displayed().await.unwrap());
    assert_eq!(form.focused().await, "email");
    stage.browser.screenshot("known-email-1280").await;
    stage.browser.console().await.iter().for_each(|line| assert!(line.contains("409"), "{line}"));
    stage.browser.quit().await;
}

#[tokio::test]
async fn a_filled_trap_is_thanked_and_kept_apart() {
    let stage = Stage::set(Setup::new(), DESKTOP).await;
    let form = stage.form().await;
    form.fill_in("bot@mail.example").await;
    form.ask("root.querySelector('[name=website]').value = 'https://spam.example'").await;
    form.send().await;
    form.until_text("Thank you.").await;
    let stored = &stage.world.signups().await[0];
    assert_eq!((&stored["state"], &stored["reason"]), (&"parked".into(), &"honeypot".into()));
    assert!(stage.world.sandbox.requests().await.is_empty());
    stage.end().await;
}
