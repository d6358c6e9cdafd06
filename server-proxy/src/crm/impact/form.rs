//! What a customer and a lead may carry. The documents name marketing parameters and "any dynamic parameters passed as metadata"; the
//! members' names are the vendor's public ones. What a lead must have is documented nowhere: it is asked for what a customer
//! must have, so that no installation refuses it, and gets no password.

use latchkey_contract::FieldKind;

use crate::crm::{FormField, Rest, SignupForm, ValueKind, password::PASSWORD};

pub(super) const PHONE: &str = "phone";
pub(super) const PHONE_COUNTRY: &str = "phoneCountryCode";
/// The vendor's spelling.
pub(super) const NATIONALITY: &str = "natonalityCountryCode";
pub(super) const UTM_DETAILS: &str = "utmDetails";
pub(super) const AFFILIATE: &str = "affiliate_id";
/// Metadata of ours: what the visitor agreed to, and our signup's id.
pub(super) const AGREEMENTS: &str = "agreements";
pub(super) const SIGNUP: &str = "latchkeySignup";

pub(super) const RETURN_URL: &str = "return_url";
pub(super) const STATUS_POPUP: &str = "status_popup";

const FIRST_NAME: FormField = FormField::text("firstName");
const LAST_NAME: FormField = FormField::text("lastName");
const EMAIL: FormField = FormField::new("email", FieldKind::Email);
const COUNTRY: FormField = FormField::new(NATIONALITY, FieldKind::Country);
const NUMBER: FormField = FormField::new(PHONE, FieldKind::Tel);
const NUMBERS_COUNTRY: FormField = FormField::new(PHONE_COUNTRY, FieldKind::Country);

/// All but the phone's country, which the number tells, and the password, which is made where it is not chosen.
const DEMANDS: &[&[&str]] = &[&["firstName"], &["lastName"], &["email"], &[NATIONALITY], &[PHONE]];

/// What a page could otherwise send as metadata.
const OURS: &[(&str, ValueKind)] =
    &[(PASSWORD, ValueKind::Ours), (UTM_DETAILS, ValueKind::Ours), (AGREEMENTS, ValueKind::Ours), (SIGNUP, ValueKind::Ours)];

/// The documented members of `utmDetails` that a page's address tells.
const TRACKING: &[(&str, &str)] = &[
    ("utm_campaign", "utm_campaign"),
    ("utm_medium", "utm_medium"),
    ("utm_source", "utm_source"),
    ("campaignId", "campaign_id"),
    ("utm_term", "utm_term"),
    ("utm_ad_group", "utm_ad_group"),
    ("utm_placement", "utm_placement"),
    ("utm_device", "utm_device"),
    ("gclid", "gclid"),
];

/// Those that only a funnel's `tracking.map` can fill.
const MAPPED: [&str; 2] = ["source_page", "data_referrer"];

/// Whether a tracking value goes into `utmDetails`. The document's list of its members is open, but nothing says that one which is
/// not in it is kept; metadata is. So what is not named goes there, and nothing is lost.
pub(super) fn is_utm_detail(name: &str) -> bool {
    TRACKING.iter().any(|(_, member)| *member == name) || MAPPED.contains(&name) || name == AFFILIATE
}

pub(super) const CUSTOMER: SignupForm = SignupForm {
    fields: &[FIRST_NAME, LAST_NAME, EMAIL, COUNTRY, NUMBER, NUMBERS_COUNTRY, FormField::new(PASSWORD, FieldKind::Password)],
    further: &[""],
    demands: DEMANDS,
    routing: OURS,
    finish: &[(RETURN_URL, ValueKind::Path), (STATUS_POPUP, ValueKind::Flag)],
    tracking: TRACKING,
    rest: Rest::Members,
};

pub(super) const LEAD: SignupForm =
    SignupForm { fields: &[FIRST_NAME, LAST_NAME, EMAIL, COUNTRY, NUMBER, NUMBERS_COUNTRY], finish: &[], ..CUSTOMER };
