//! What each operation's request may carry: the members and query parameters of the document, in its order.
//!
//! The document marks none of a sign-up's members as required. Where a member is demanded that the document does not demand, the line
//! says why.

use super::customers::is_column;
use super::documented::{GRANT_TYPES, LEDGER_STATUSES, ORDERS, PAYOUT_STATUSES, STEPS};
use crate::check::{DATE, EMAIL, Member, Rule};
use crate::shapes::phone_digits;

const fn member(name: &'static str, rule: Rule) -> Member {
    Member::new(name, rule)
}

const fn text(name: &'static str) -> Member {
    member(name, Rule::Text)
}

/// The document has a bare string. "International format as number string with prefix" is what its "Proptrading" section says of a
/// phone, and its example for a sign-up agrees: a plus and digits.
const PHONE: Rule = Rule::Like(is_phone, "be a phone number in international format");

/// "name|ASC where name is a column and ASC/DESC is sort order"
const ORDER: Rule = Rule::Like(is_order, "be a column and an order, such as name|ASC");

/// The document's example has 12 digits, the first of which is a zero.
fn is_phone(text: &str) -> bool {
    phone_digits(text).is_some_and(|digits| digits.len() >= 6)
}

fn is_order(text: &str) -> bool {
    text.split_once('|').is_some_and(|(column, order)| is_column(column) && ORDERS.contains(&order))
}

/// How the body of a request is written.
#[derive(Debug, Clone, Copy)]
pub(super) enum Body {
    None,
    Json(&'static [Member]),
    /// `application/x-www-form-urlencoded`
    Form(&'static [Member]),
}

/// "Create a new session". Neither is marked as required; without both nobody logs in.
pub(super) const SESSION: &[Member] = &[text("username").filled(), text("password").filled()];

/// "Request access token". None is marked as required; without a grant there is nothing to answer.
pub(super) const ACCESS_TOKEN: &[Member] = &[
    text("client_id"),
    text("client_secret"),
    member("grant_type", Rule::OneOf(&GRANT_TYPES)).required(),
    text("code"),
    text("refresh_token"),
    text("redirect_uri"),
];

/// "AffiliateCreateCustomer". The e-mail is demanded because the customer could not be told from others, nor log in, without one.
pub(super) const CREATE_CUSTOMER: &[Member] = &[
    text("externalId").or_null(),
    text("firstname"),
    text("lastname"),
    member("mobilenumber", PHONE),
    member("email", EMAIL).required(),
    text("wtreferrer").or_null(),
    text("country"),
    text("password").or_null(),
    text("communicationLanguage"),
    member("skipOnboardingSteps", Rule::SomeOf(&STEPS)),
    text("source"),
];

/// "AffiliateGetCustomers". No page has no customers: there would be no number of pages.
pub(super) const GET_CUSTOMERS: &[Member] = &[
    member("limit", Rule::AtLeast(1)).required(),
    member("offset", Rule::AtLeast(0)).required(),
    member("orderBy", ORDER).required(),
    text("search"),
    text("externalId"),
    member("updatedSince", DATE),
    member("updatedTo", DATE),
    member("sources", Rule::Texts),
];

/// "AffiliateUpdateCustomer"
pub(super) const UPDATE_CUSTOMER: &[Member] = &[text("source"), text("notes")];

/// "Update the reference key"
pub(super) const REFERENCE_KEY: &[Member] = &[member("refKey", Rule::Length(5, 20)).required()];

/// "Get payout requests"
pub(super) const GET_PAYOUTS: &[Member] = &[
    member("limit", Rule::AtLeast(0)),
    member("offset", Rule::AtLeast(0)),
    member("order", Rule::OneOf(&ORDERS)),
    member("statuses", Rule::SomeOf(&PAYOUT_STATUSES)),
];

/// "Get a payout request", the affiliate's. What a limit means for one request, the document does not say: nothing, here.
pub(super) const GET_PAYOUT: &[Member] = &[member("limit", Rule::AtLeast(0)), member("offset", Rule::AtLeast(0))];

/// "Create a payout request"
pub(super) const CREATE_PAYOUT: &[Member] = &[member("payoutWalletId", Rule::AtLeast(0)).required()];

/// "Get commission ledger records"
pub(super) const GET_LEDGER: &[Member] = &[
    member("limit", Rule::AtLeast(0)),
    member("offset", Rule::AtLeast(0)),
    member("order", Rule::OneOf(&ORDERS)),
    member("statuses", Rule::SomeOf(&LEDGER_STATUSES)),
];

/// "Get custom logos for the authenticated user's referrer"
pub(super) const REFERRER_LOGOS: &[Member] = &[text("wtreferrer")];

/// "Create a lead". The name is demanded, and one of the other two (see `signup`), because a lead that nobody can call by name or
/// reach is none.
pub(super) const CREATE_LEAD: &[Member] =
    &[text("name").filled(), member("email", EMAIL).or_null(), member("mobilenumber", PHONE).or_null(), text("source")];

/// "Check signup code"
pub(super) const SIGNUP_CODE: &[Member] = &[text("code").filled()];

/// "Create a new user". The e-mail is demanded as in [`CREATE_CUSTOMER`].
pub(super) const CREATE_USER: &[Member] = &[
    text("firstname"),
    text("lastname"),
    member("email", EMAIL).required(),
    member("mobilenumber", PHONE),
    text("country"),
    text("communicationLanguage"),
    text("wtreferrer").or_null(),
    member("wants_to_become_leader", Rule::Flag).or_null(),
    member("skipOnboardingSteps", Rule::SomeOf(&STEPS)).or_null(),
    text("source").or_null(),
];

/// "Verify mobile confirmation code"
pub(super) const CONFIRMATION: &[Member] = &[text("confirmationToken").filled()];

pub(super) const NONE: &[Member] = &[];
