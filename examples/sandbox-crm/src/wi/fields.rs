//! What a sign-up may carry: sections "Full Field Reference" and "Nested Objects", in the document's order.
//!
//! The document says nothing of members it does not list, of `null`, or of what else makes a value wrong. All of it is refused here,
//! by name: an adapter's slip of the pen should show in a test, not get lost in a CRM that is more forgiving.

use std::net::IpAddr;

use serde_json::{Map, Value};

use super::documented::REQUIRED;
use crate::check::{array, boolean, email, is_date, is_moment, missing, object, required, string, unknown};

#[derive(Debug, Clone, Copy)]
enum Kind {
    Text,
    Flag,
    /// A string that looks like an address.
    Email,
    /// "Date of birth (ISO format)": a date, or a date with a time, as both are ISO 8601.
    Date,
    Billing,
    Agreements,
}

const FIELDS: &[(&str, Kind)] = &[
    // Basic Information
    ("email", Kind::Email),
    ("phone", Kind::Text),
    ("firstName", Kind::Text),
    ("middleName", Kind::Text),
    ("lastName", Kind::Text),
    ("gender", Kind::Text),
    ("dateOfBirth", Kind::Date),
    ("nationality", Kind::Text),
    ("passport", Kind::Text),
    // Contact Information
    ("additionalPhone", Kind::Text),
    // Affiliate & Marketing
    ("affiliateID", Kind::Text),
    ("subID", Kind::Text),
    ("campaignId", Kind::Text),
    ("sourceId", Kind::Text),
    ("meta", Kind::Text),
    ("externalId", Kind::Text),
    // Business / Routing Configuration
    ("project", Kind::Text),
    ("desk", Kind::Text),
    ("manager", Kind::Text),
    ("status", Kind::Text),
    ("state", Kind::Text),
    ("type", Kind::Text),
    ("companyFeeGroup", Kind::Text),
    ("processed", Kind::Flag),
    // Verification & Permissions
    ("verificationLevel", Kind::Text),
    ("verificationStatus", Kind::Text),
    ("allowToCreateAsset", Kind::Flag),
    ("agreements", Kind::Agreements),
    // Traders Room Options
    ("sendEmail", Kind::Flag),
    // Nested Objects
    ("billing", Kind::Billing),
];

/// "Required Fields".
const REQUIRED_FIELDS: [&str; 3] = ["email", "phone", "firstName"];

/// The members of `billing`, all strings; none is marked as required.
const BILLING: [&str; 5] = ["country", "region", "city", "postcode", "address"];

/// The members of one of the `agreements`. The table does not say which are required; an agreement that lacks one proves nothing,
/// so all are demanded.
const AGREEMENT: [&str; 3] = ["label", "ip", "signedAt"];

/// The message of the refusal, if there is one.
pub(super) fn check(fields: &Map<String, Value>) -> Result<(), String> {
    if REQUIRED_FIELDS.iter().any(|name| missing(fields.get(*name))) {
        return Err(REQUIRED.to_owned());
    }
    for (name, value) in fields {
        // Also what catches `id` and its like: "some system fields are automatically managed and cannot be overridden".
        let (_, kind) = FIELDS.iter().find(|(known, _)| known == name).ok_or_else(|| unknown(name))?;
        kind.check(name, value)?;
    }
    Ok(())
}

impl Kind {
    fn check(self, name: &str, value: &Value) -> Result<(), String> {
        match self {
            Kind::Text => string(name, value).map(drop),
            Kind::Flag => boolean(name, value).map(drop),
            Kind::Email => email(name, value),
            Kind::Date => {
                let text = string(name, value)?;
                (is_date(text) || is_moment(text)).then_some(()).ok_or_else(|| format!("Field \"{name}\" must be an ISO date"))
            }
            Kind::Billing => billing(name, value),
            Kind::Agreements => agreements(name, value),
        }
    }
}

fn billing(name: &str, value: &Value) -> Result<(), String> {
    for (member, value) in object(name, value)? {
        let path = format!("{name}.{member}");
        if !BILLING.contains(&member.as_str()) {
            return Err(unknown(&path));
        }
        string(&path, value)?;
    }
    Ok(())
}

fn agreements(name: &str, value: &Value) -> Result<(), String> {
    for (index, agreement) in array(name, value)?.iter().enumerate() {
        let path = format!("{name}[{index}]");
        let members = object(&path, agreement)?;
        if let Some(member) = members.keys().find(|member| !AGREEMENT.contains(&member.as_str())) {
            return Err(unknown(&format!("{path}.{member}")));
        }
        let member = |member: &str| {
            let path = format!("{path}.{member}");
            let value = members.get(member).ok_or_else(|| required(&path))?;
            Ok::<_, String>((string(&path, value)?, path))
        };
        let (label, path) = member("label")?;
        if label.trim().is_empty() {
            return Err(required(&path));
        }
        let (ip, path) = member("ip")?;
        ip.parse::<IpAddr>().map_err(|_| format!("Field \"{path}\" must be an IP address"))?;
        let (signed_at, path) = member("signedAt")?;
        // "ISO date", and the example has a time and a zone; without them it would not say when.
        if !is_moment(signed_at) {
            return Err(format!("Field \"{path}\" must be an ISO date with time and zone"));
        }
    }
    Ok(())
}
