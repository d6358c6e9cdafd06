//! Section "Sessions", "Create a new session"; section "OAuth", "Request access token".
//!
//! The second is the only operation of the document that takes a refresh token, and so what turns the `refreshToken` of a sign-up into
//! a session. The document knows clients there (`client_id`, `client_secret`) and marks neither as required; nothing is made of them
//! here. A grant of type "authorization_code" needs the cashier's page, which is not simulated.

use serde_json::{Value, json};

use super::answers::{Done, Outcome, Refusal};
use super::books::Books;
use super::input::Input;
use super::onboarding;
use super::tokens::Holder;

/// An affiliate's user name, or the e-mail of a customer.
pub(super) fn create(books: &mut Books, input: &Input) -> Outcome {
    let (username, password) = (input.text("username").unwrap_or_default(), input.text("password").unwrap_or_default());
    let affiliate = books.affiliate_by(|known| known.username.eq_ignore_ascii_case(username) && known.password == password);
    let customer = || books.customer_of_email(username).filter(|key| books.customer(*key).password == password);
    let holder = affiliate.map(Holder::Affiliate).or_else(|| customer().map(Holder::Customer));
    let holder = holder.ok_or_else(|| Refusal::unauthorized("Invalid username or password"))?;

    let steps = match holder {
        Holder::Affiliate(_) => Vec::new(),
        Holder::Customer(key) => {
            books.customer_mut(key).logins.push(jiff::Timestamp::now());
            // "outstanding": of the stages that come before a customer may go in.
            ["SignUp", "BeforeSignIn"].iter().flat_map(|stage| onboarding::outstanding(books, key, stage)).collect()
        }
    };
    let token = books.tokens.bearer(holder, books.settings.session_ttl);
    let refresh_token = books.refresh_token(holder);
    let user = user(books, holder);
    Ok(Done::json(json!({ "token": token, "refreshToken": refresh_token, "user": user, "outstandingOnboardingSteps": steps })))
}

pub(super) fn access_token(books: &mut Books, input: &Input) -> Outcome {
    if input.text("grant_type") != Some("refresh_token") {
        return Err(Refusal::invalid("Field \"grant_type\" must be refresh_token"));
    }
    let refresh_token = input.text("refresh_token").ok_or_else(|| Refusal::invalid("Field \"refresh_token\" is required"))?;
    let holder = books.tokens.spend(refresh_token).ok_or_else(|| Refusal::unauthorized("Invalid or expired refresh token"))?;
    let ttl = books.settings.session_ttl;
    Ok(Done::json(json!({
        "access_token": books.tokens.bearer(holder, ttl),
        "token_type": "Bearer",
        "expires_in": ttl.as_secs(),
        "refresh_token": books.refresh_token(holder),
    })))
}

/// The members of the answer to "Update user".
fn user(books: &Books, holder: Holder) -> Value {
    let mut user = json!({
        "avatarUrl": null, "localCurrency": "USD", "permissions": [], "coperatoAgentId": null, "terminationRequestedAt": null,
        "loyaltyLevel": null
    });
    let members = match holder {
        Holder::Affiliate(key) => {
            let affiliate = books.affiliate(key);
            json!({
                "id": affiliate.id, "name": affiliate.name, "firstname": affiliate.name, "lastname": "", "email": affiliate.username,
                "accountId": key.0 + 1, "mobilenumber": "", "refKey": affiliate.ref_key,
                "referralURL": format!("{}/trading/join?wtreferrer={}", books.settings.links.public_url, affiliate.ref_key),
                "roles": ["affiliate"], "confirmedAt": null, "country": "", "communicationLanguage": "en"
            })
        }
        Holder::Customer(key) => {
            let customer = books.customer(key);
            json!({
                "id": customer.id, "name": customer.text("name"), "firstname": customer.text("firstname"),
                "lastname": customer.text("lastname"), "email": customer.email(),
                "accountId": customer.text("accountId").parse::<u64>().ok(), "mobilenumber": customer.text("mobilenumber"),
                "refKey": null, "referralURL": null, "roles": customer.members.get("roles"),
                "confirmedAt": customer.email_confirmed_at, "country": customer.text("country"),
                "communicationLanguage": customer.text("communicationLanguage")
            })
        }
    };
    if let (Some(user), Value::Object(members)) = (user.as_object_mut(), members) {
        user.extend(members);
    }
    user
}
