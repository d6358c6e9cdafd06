//! What visitors do without a log-in: sections "Leads" ("Check signup code", "Create a lead") and "Users" ("Create a new user"). And
//! what it takes to become a customer, whichever way.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::answers::{Done, Outcome, Refusal};
use super::books::{AffiliateKey, Books, CustomerKey, new_id};
use super::confirmation;
use super::customers::Customer;
use super::input::Input;
use super::member_area::Page;
use super::tokens::Holder;

#[derive(Debug, Clone)]
pub(super) struct Lead {
    pub(super) id: String,
    pub(super) created_at: Timestamp,
    pub(super) sent: Map<String, Value>,
}

/// The affiliate whose key is sent as `wtreferrer`. The document does not say what becomes of a key that is nobody's: refused.
pub(super) fn referrer(books: &Books, input: &Input) -> Result<Option<AffiliateKey>, Refusal> {
    let Some(ref_key) = input.text("wtreferrer") else { return Ok(None) };
    let referrer = books.affiliate_by(|affiliate| affiliate.ref_key == ref_key);
    referrer.map(Some).ok_or_else(|| Refusal::invalid("Field \"wtreferrer\" is not a known reference key"))
}

/// Makes a customer of what was sent.
pub(super) fn admit(books: &mut Books, input: &Input, affiliate: Option<AffiliateKey>) -> Result<CustomerKey, Refusal> {
    if !books.creates_repeats && input.text("email").is_some_and(|email| books.customer_of_email(email).is_some()) {
        // The document gives neither a status nor words for it: these are ours.
        return Err(Refusal::invalid("Customer with this email already exists"));
    }
    // The document does not say what a country must be; its example is a code, and "Update a country" turns one off.
    if let Some(country) = input.body.get("country").and_then(Value::as_str)
        && !books.countries.iter().any(|known| known.id == country && known.enabled)
    {
        return Err(Refusal::invalid("Field \"country\" must be one of the countries served"));
    }
    let external_id = input.text("externalId").map(str::to_owned);
    // "Unique identifier in your system": two customers with one could not be told apart by it.
    let names_one = external_id.is_some() && !books.creates_repeats;
    if names_one && books.customers.iter().any(|known| known.affiliate == affiliate && known.external_id == external_id) {
        return Err(Refusal::invalid("Customer with this externalId already exists"));
    }
    let mut customer = Customer::new(books, affiliate, input.body.clone());
    customer.external_id = external_id;
    customer.skipped_steps = input.texts("skipOnboardingSteps");
    if let Some(password) = input.text("password") {
        customer.password = password.to_owned();
    }
    let key = CustomerKey(books.customers.len());
    books.customers.push(customer);
    confirmation::welcome(books, key);
    Ok(key)
}

/// "Create a new user". The answer has no id.
pub(super) fn create_user(books: &mut Books, input: &Input) -> Outcome {
    let referrer = referrer(books, input)?;
    let key = admit(books, input, referrer)?;
    let refresh_token = books.refresh_token(Holder::Customer(key));
    let redirect_url = books.link(key, Page::Home);
    let answer = json!({ "success": true, "refreshToken": refresh_token });
    Ok(Done { created: Some(books.customer(key).id.clone()), ..Done::json(answer).with_links([("redirectUrl", redirect_url)]) })
}

/// "Create a lead". Nothing says that a lead's e-mail must be new, and a lead is not a customer: it need not be.
pub(super) fn create_lead(books: &mut Books, input: &Input) -> Outcome {
    if input.text("email").is_none() && input.text("mobilenumber").is_none() {
        return Err(Refusal::invalid("Field \"email\" or \"mobilenumber\" is required"));
    }
    let lead = Lead { id: new_id(), created_at: Timestamp::now(), sent: input.body.clone() };
    let member = |name: &str| lead.sent.get(name).cloned().unwrap_or_default();
    // The members of "Get lead by ID".
    let shown = json!({
        "canBeCalled": input.text("mobilenumber").is_some(), "name": member("name"), "email": member("email"),
        "mobilenumber": member("mobilenumber"), "source": member("source"), "salesStatus": "New", "lastContactAt": null,
        "salesPersonId": null, "id": lead.id, "createdAt": lead.created_at, "salesPerson": null,
    });
    let created = Some(lead.id.clone());
    books.leads.push(lead);
    Ok(Done { created, ..Done::json(json!({ "lead": shown })) })
}

/// "Check signup code". The answer repeats a code that is somebody's reference key; the document does not say what answers one that is
/// not: 404.
pub(super) fn check_code(books: &mut Books, input: &Input) -> Outcome {
    let code = input.query.first("code").unwrap_or_default();
    match books.affiliate_by(|affiliate| affiliate.ref_key == code) {
        Some(_) => Ok(Done::json(json!({ "code": code }))),
        None => Err(Refusal::not_found("Unknown signup code")),
    }
}
