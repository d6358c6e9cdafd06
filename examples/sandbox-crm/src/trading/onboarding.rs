//! What a sign-up is made of: sections "Forms" and "Onboarding Step Configuration", "Get all countries", "Get the CAPTCHA site key".
//!
//! Fields have no labels in the document. Their names here are those of a customer's members, and `password`; the steps of a stage are
//! texts, as elsewhere in the document.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::answers::{Done, Outcome, Refusal};
use super::books::{Books, CustomerKey};
use super::customers::Customer;
use super::documented::{STAGES, STEPS};
use super::input::Input;

/// A "CustomerFieldConfiguration", but for its `step`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FormField {
    field: String,
    required: bool,
    editable: bool,
}

/// The members of an onboarding step configuration are not shown; these are what "Update onboarding step configuration" takes.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StepAtStage {
    pub(super) step: String,
    pub(super) stage: String,
}

pub(super) fn first_forms() -> BTreeMap<String, Vec<FormField>> {
    let form = |fields: &[(&str, bool)]| {
        let field = |(field, required): &(&str, bool)| FormField { field: (*field).to_owned(), required: *required, editable: true };
        fields.iter().map(field).collect()
    };
    let real = [
        ("firstname", true),
        ("lastname", true),
        ("email", true),
        ("mobilenumber", true),
        ("country", true),
        ("password", false),
        ("communicationLanguage", false),
    ];
    let demo = [("firstname", true), ("lastname", true), ("email", true), ("mobilenumber", false), ("country", true), ("password", false)];
    let account = [("dateOfBirth", true), ("address", true), ("city", true), ("postcode", true)];
    BTreeMap::from([
        ("SignupRealForm".to_owned(), form(&real)),
        ("SignupDemoForm".to_owned(), form(&demo)),
        ("CompleteAccountBeforeDepositForm".to_owned(), form(&account)),
        ("CompleteAccountBeforeWithdrawalForm".to_owned(), form(&account)),
    ])
}

/// "SignupDemoForm" has no stage: customers here open real accounts.
pub(super) fn first_steps() -> Vec<StepAtStage> {
    let steps = [
        ("SignupRealForm", "SignUp"),
        ("PhoneConfirmation", "SignUp"),
        ("CompleteAccountBeforeDepositForm", "BeforeDeposit"),
        ("EmailConfirmation", "BeforeDeposit"),
        ("DisclaimerBeforeDeposit", "BeforeDeposit"),
        ("CompleteAccountBeforeWithdrawalForm", "BeforeWithdrawal"),
        ("KYC", "BeforeWithdrawal"),
    ];
    steps.map(|(step, stage)| StepAtStage { step: step.to_owned(), stage: stage.to_owned() }).into()
}

/// The steps of a stage that a customer has yet to take.
pub(super) fn outstanding(books: &Books, key: CustomerKey, stage: &str) -> Vec<String> {
    let customer = books.customer(key);
    let steps = books.steps.iter().filter(|configured| configured.stage == stage).map(|configured| &configured.step);
    steps.filter(|step| !customer.skipped_steps.contains(step) && !taken(books, customer, step)).cloned().collect()
}

/// A form is filled in where every field that it demands has a value.
fn taken(books: &Books, customer: &Customer, step: &str) -> bool {
    match step {
        "EmailConfirmation" => customer.email_confirmed_at.is_some(),
        "PhoneConfirmation" => customer.phone_confirmed,
        "KYC" => customer.text("kycStatus") == "APPROVED",
        "DisclaimerBeforeDeposit" => false,
        form => books.forms.get(form).is_some_and(|fields| fields.iter().all(|field| !field.required || has(customer, &field.field))),
    }
}

fn has(customer: &Customer, field: &str) -> bool {
    let text = customer.members.get(field).or_else(|| customer.sent.get(field)).and_then(Value::as_str);
    field == "password" || text.is_some_and(|text| !text.trim().is_empty())
}

/// "Get form attribute configurations for a specific step". A step that is no form has none.
pub(super) fn form(books: &mut Books, input: &Input) -> Outcome {
    let step = one_of("step", &input.parameter, &STEPS)?;
    let fields = books.forms.get(step).into_iter().flatten();
    let configurations: Vec<_> =
        fields.map(|field| json!({ "field": field.field, "step": step, "required": field.required, "editable": field.editable })).collect();
    Ok(Done::json(json!({ "customerFieldConfigurations": configurations })))
}

pub(super) fn configurations(books: &mut Books, _: &Input) -> Outcome {
    Ok(Done::json(json!({ "configurations": books.steps })))
}

pub(super) fn stages(_: &mut Books, _: &Input) -> Outcome {
    Ok(Done::json(json!({ "stages": STAGES })))
}

/// "Get pending onboarding steps for the authenticated user for a specific stage".
pub(super) fn pending(books: &mut Books, input: &Input, customer: CustomerKey) -> Outcome {
    let stage = one_of("stage", &input.parameter, &STAGES)?;
    Ok(Done::json(json!({ "steps": outstanding(books, customer, stage) })))
}

fn one_of<'a>(name: &str, value: &'a str, choices: &[&str]) -> Result<&'a str, Refusal> {
    let wrong = || Refusal::invalid(format!("Parameter \"{name}\" must be one of {}", choices.join(", ")));
    choices.contains(&value).then_some(value).ok_or_else(wrong)
}

pub(super) fn countries(books: &mut Books, _: &Input) -> Outcome {
    Ok(Done::json(json!({ "countries": books.countries })))
}

pub(super) fn captcha_site_key(books: &mut Books, _: &Input) -> Outcome {
    Ok(Done::json(json!({ "value": books.settings.captcha_site_key })))
}
