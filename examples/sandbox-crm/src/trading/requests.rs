//! What each operation's request may carry: the members and query parameters of the document, in its order.
//!
//! The document marks none of a sign-up's members as required, and says nothing of members it does not list, of `null`, or of what
//! else makes a value wrong. What is not listed is refused by name: an adapter's slip of the pen should show in a test, not get lost
//! in a CRM that is more forgiving. Where a member is demanded that the document does not demand, the line says why.

use super::documented::{GRANT_TYPES, LEDGER_STATUSES, ORDERS, PAYOUT_STATUSES, STEPS};

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kind {
    Text,
    /// `<email>`: a string that looks like an address.
    Email,
    /// The document has a bare string. "International format as number string with prefix" is what its "Proptrading" section says of
    /// a phone, and its example for a sign-up agrees: a plus and digits.
    Phone,
    Flag,
    Number,
    /// `[ 5 .. 20 ] characters`
    TextOf(usize, usize),
    Choice(&'static [&'static str]),
    Texts,
    Choices(&'static [&'static str]),
    /// "E.G. 2023-09-13"
    Date,
    /// "name|ASC where name is a column and ASC/DESC is sort order"
    Order,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Member {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) required: bool,
    /// "string or null"
    pub(super) nullable: bool,
}

impl Member {
    const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    const fn or_null(self) -> Self {
        Self { nullable: true, ..self }
    }
}

const fn member(name: &'static str, kind: Kind) -> Member {
    Member { name, kind, required: false, nullable: false }
}

const fn text(name: &'static str) -> Member {
    member(name, Kind::Text)
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
pub(super) const SESSION: &[Member] = &[text("username").required(), text("password").required()];

/// "Request access token". None is marked as required; without a grant there is nothing to answer.
pub(super) const ACCESS_TOKEN: &[Member] = &[
    text("client_id"),
    text("client_secret"),
    member("grant_type", Kind::Choice(&GRANT_TYPES)).required(),
    text("code"),
    text("refresh_token"),
    text("redirect_uri"),
];

/// "AffiliateCreateCustomer". The e-mail is demanded because the customer could not be told from others, nor log in, without one.
pub(super) const CREATE_CUSTOMER: &[Member] = &[
    text("externalId").or_null(),
    text("firstname"),
    text("lastname"),
    member("mobilenumber", Kind::Phone),
    member("email", Kind::Email).required(),
    text("wtreferrer").or_null(),
    text("country"),
    text("password").or_null(),
    text("communicationLanguage"),
    member("skipOnboardingSteps", Kind::Choices(&STEPS)),
    text("source"),
];

/// "AffiliateGetCustomers"
pub(super) const GET_CUSTOMERS: &[Member] = &[
    member("limit", Kind::Number).required(),
    member("offset", Kind::Number).required(),
    member("orderBy", Kind::Order).required(),
    text("search"),
    text("externalId"),
    member("updatedSince", Kind::Date),
    member("updatedTo", Kind::Date),
    member("sources", Kind::Texts),
];

/// "AffiliateUpdateCustomer"
pub(super) const UPDATE_CUSTOMER: &[Member] = &[text("source"), text("notes")];

/// "Update the reference key"
pub(super) const REFERENCE_KEY: &[Member] = &[member("refKey", Kind::TextOf(5, 20)).required()];

/// "Get payout requests"
pub(super) const GET_PAYOUTS: &[Member] = &[
    member("limit", Kind::Number),
    member("offset", Kind::Number),
    member("order", Kind::Choice(&ORDERS)),
    member("statuses", Kind::Choices(&PAYOUT_STATUSES)),
];

/// "Get a payout request", the affiliate's. What a limit means for one request, the document does not say: nothing, here.
pub(super) const GET_PAYOUT: &[Member] = &[member("limit", Kind::Number), member("offset", Kind::Number)];

/// "Create a payout request"
pub(super) const CREATE_PAYOUT: &[Member] = &[member("payoutWalletId", Kind::Number).required()];

/// "Get commission ledger records"
pub(super) const GET_LEDGER: &[Member] = &[
    member("limit", Kind::Number),
    member("offset", Kind::Number),
    member("order", Kind::Choice(&ORDERS)),
    member("statuses", Kind::Choices(&LEDGER_STATUSES)),
];

/// "Get custom logos for the authenticated user's referrer"
pub(super) const REFERRER_LOGOS: &[Member] = &[text("wtreferrer")];

/// "Create a lead". The name is demanded, and one of the other two (see `signup`), because a lead that nobody can call by name or
/// reach is none.
pub(super) const CREATE_LEAD: &[Member] =
    &[text("name").required(), member("email", Kind::Email).or_null(), member("mobilenumber", Kind::Phone).or_null(), text("source")];

/// "Check signup code"
pub(super) const SIGNUP_CODE: &[Member] = &[text("code").required()];

/// "Create a new user". The e-mail is demanded as in [`CREATE_CUSTOMER`].
pub(super) const CREATE_USER: &[Member] = &[
    text("firstname"),
    text("lastname"),
    member("email", Kind::Email).required(),
    member("mobilenumber", Kind::Phone),
    text("country"),
    text("communicationLanguage"),
    text("wtreferrer").or_null(),
    member("wants_to_become_leader", Kind::Flag).or_null(),
    member("skipOnboardingSteps", Kind::Choices(&STEPS)).or_null(),
    text("source").or_null(),
];

/// "Verify mobile confirmation code"
pub(super) const CONFIRMATION: &[Member] = &[text("confirmationToken").required()];

pub(super) const NONE: &[Member] = &[];
