//! Section "Users", with the customer's own session: "Send mobile confirmation code", "Verify mobile confirmation code", "Resend
//! confirmation email", "Check if user's email is confirmed".
//!
//! The document describes no code: six digits, usable once and for a time that is set, the latest only. An e-mail is confirmed by the
//! link in it, which `GET /_control/trading/outbox` shows.

use std::time::Instant;

use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;

use super::answers::{Done, Outcome, Refusal};
use super::books::{Books, CustomerKey};
use super::input::Input;

#[derive(Debug, Clone)]
pub(super) struct Code {
    text: String,
    expires: Instant,
}

pub(super) fn send_code(books: &mut Books, _: &Input, key: CustomerKey) -> Outcome {
    let customer = books.customer(key);
    if customer.phone_confirmed {
        return Err(Refusal::invalid("The phone number is already confirmed"));
    }
    let to = customer.text("mobilenumber").to_owned();
    if to.is_empty() {
        return Err(Refusal::invalid("There is no phone number to send a code to"));
    }
    let text = books.outbox.code("phone", &to);
    let expires = Instant::now() + books.settings.code_ttl;
    books.customer_mut(key).code = Some(Code { text, expires });
    Ok(Done::json(json!({ "success": true })))
}

pub(super) fn verify_code(books: &mut Books, input: &Input, key: CustomerKey) -> Outcome {
    let customer = books.customer_mut(key);
    let given = input.text("confirmationToken");
    match &customer.code {
        Some(code) if given != Some(&code.text) => Err(Refusal::invalid("The confirmation code is wrong")),
        Some(code) if Instant::now() >= code.expires => Err(Refusal::invalid("The confirmation code has expired")),
        Some(_) => {
            customer.code = None;
            customer.phone_confirmed = true;
            customer.updated_at = Timestamp::now();
            Ok(Done::json(json!({ "success": true })))
        }
        None => Err(Refusal::invalid("No confirmation code was sent")),
    }
}

pub(super) fn resend_email(books: &mut Books, _: &Input, key: CustomerKey) -> Outcome {
    if books.customer(key).email_confirmed_at.is_some() {
        return Err(Refusal::invalid("The email is already confirmed"));
    }
    send_email(books, key);
    Ok(Done::json(json!({ "success": true, "email": books.customer(key).email() })))
}

pub(super) fn email_confirmed(books: &mut Books, _: &Input, key: CustomerKey) -> Outcome {
    Ok(Done::json(json!({ "confirmed": books.customer(key).email_confirmed_at.is_some() })))
}

/// The first e-mail, which "resend" supposes; nobody is asked to confirm who was let off.
pub(super) fn welcome(books: &mut Books, key: CustomerKey) {
    let wanted = books.steps.iter().any(|configured| configured.step == "EmailConfirmation");
    if wanted && !books.customer(key).skipped_steps.iter().any(|step| step == "EmailConfirmation") {
        send_email(books, key);
    }
}

fn send_email(books: &mut Books, key: CustomerKey) {
    let token = Uuid::new_v4().simple().to_string();
    let link = format!("{}/trading/confirm-email/{token}", books.settings.links.public_url);
    let customer = books.customer_mut(key);
    customer.email_token = Some(token.clone());
    let to = customer.email().to_owned();
    books.outbox.link(&to, &token, &link);
}

/// What the link in the e-mail does. The latest link works, again and again: mail programs open links on their own.
pub(super) fn confirm_email(books: &mut Books, token: &str) -> bool {
    let customer = books.customers.iter_mut().find(|customer| customer.email_token.as_deref() == Some(token));
    let Some(customer) = customer else { return false };
    if customer.email_confirmed_at.is_none() {
        let now = Timestamp::now();
        customer.email_confirmed_at = Some(now);
        customer.updated_at = now;
    }
    true
}
