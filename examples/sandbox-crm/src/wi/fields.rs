//! What a sign-up may carry: sections "Full Field Reference" and "Nested Objects", in the document's order.

use std::net::IpAddr;

use serde_json::{Map, Value};

use super::documented::REQUIRED;
use crate::check::{self, EMAIL, Member, Rule, is_missing};
use crate::shapes::{is_date, is_moment};

const fn text(name: &'static str) -> Member {
    Member::new(name, Rule::Text)
}

const fn flag(name: &'static str) -> Member {
    Member::new(name, Rule::Flag)
}

const FIELDS: &[Member] = &[
    // Basic Information
    Member::new("email", EMAIL),
    text("phone"),
    text("firstName"),
    text("middleName"),
    text("lastName"),
    text("gender"),
    // "Date of birth (ISO format)": a date, or a date with a time, as both are ISO 8601.
    Member::new("dateOfBirth", Rule::Like(|text| is_date(text) || is_moment(text), "be an ISO date")),
    text("nationality"),
    text("passport"),
    // Contact Information
    text("additionalPhone"),
    // Affiliate & Marketing
    text("affiliateID"),
    text("subID"),
    text("campaignId"),
    text("sourceId"),
    text("meta"),
    text("externalId"),
    // Business / Routing Configuration
    text("project"),
    text("desk"),
    text("manager"),
    text("status"),
    text("state"),
    text("type"),
    text("companyFeeGroup"),
    flag("processed"),
    // Verification & Permissions
    text("verificationLevel"),
    text("verificationStatus"),
    flag("allowToCreateAsset"),
    Member::new("agreements", Rule::ListOf(AGREEMENT)),
    // Traders Room Options
    flag("sendEmail"),
    // Nested Objects
    Member::new("billing", Rule::Members(BILLING)),
];

/// "Required Fields".
const REQUIRED_FIELDS: [&str; 3] = ["email", "phone", "firstName"];

/// None is marked as required.
const BILLING: &[Member] = &[text("country"), text("region"), text("city"), text("postcode"), text("address")];

/// The table does not say which are required; an agreement that lacks one proves nothing, so all are demanded.
const AGREEMENT: &[Member] = &[
    text("label").filled(),
    Member::new("ip", Rule::Like(|text| text.parse::<IpAddr>().is_ok(), "be an IP address")).required(),
    // "ISO date", and the example has a time and a zone; without them it would not say when.
    Member::new("signedAt", Rule::Like(is_moment, "be an ISO date with time and zone")).required(),
];

/// The message of the refusal, if there is one. A member that the document does not list is one: `id` and its like, as "some system
/// fields are automatically managed and cannot be overridden".
pub(super) fn check(fields: &Map<String, Value>) -> Result<(), String> {
    if REQUIRED_FIELDS.iter().any(|name| is_missing(fields.get(*name))) {
        return Err(REQUIRED.to_owned());
    }
    check::check("", fields, FIELDS).map_err(|wrong| wrong.to_string())
}
