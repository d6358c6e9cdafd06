//! Which fields, routing values and tracking members the requests take: the tables "Request Body" of "Create Lead", "Send
//! Registration Request for OTP" and "Send Multi-Step Registration Request for Approval".

use latchkey_contract::{Channel, FieldKind};

use crate::crm::{FormField, Rest, SignupForm, ValueKind, password::PASSWORD};

pub(super) const EMAIL: &str = "email";
pub(super) const PHONE: &str = "phone";
pub(super) const NAME: &str = "name";
pub(super) const COMMENT: &str = "comment";
pub(super) const REPEAT_PASSWORD: &str = "repeat_password";
pub(super) const EMAIL_CODE: &str = "email_code";
pub(super) const PHONE_CODE: &str = "phone_code";
/// What the names of the registration form's additional fields begin with.
pub(super) const CUSTOM: &str = "custom_fields.";
/// The same of the KYC form's.
pub(super) const KYC_CUSTOM: &str = "kyc.custom_fields.";
/// `[routing]`: which KYC form the registration is sent with. In the request it is `kyc.form_id`.
pub(super) const KYC_FORM_ID: &str = "kyc_form_id";

/// "length 8".
pub(super) const ID_LENGTH: usize = 8;
const ID: ValueKind = ValueKind::Length(ID_LENGTH);

pub(super) const LEAD: SignupForm = SignupForm {
    fields: &[
        FormField::new(EMAIL, FieldKind::Email),
        FormField::new(PHONE, FieldKind::Tel),
        FormField::text(NAME),
        FormField::text("gender"),
        FormField::text("nationality"),
        FormField::new(COMMENT, FieldKind::Area),
    ],
    further: &[],
    demands: &[&[EMAIL, PHONE], &[NAME]],
    routing: &[("owner_id", ID)],
    finish: &[],
    tracking: &[],
    rest: Rest::Query(COMMENT),
};

pub(super) const REGISTER: SignupForm = SignupForm {
    fields: &[
        FormField::new(EMAIL, FieldKind::Email),
        FormField::text(NAME),
        FormField::new(PHONE, FieldKind::Tel),
        FormField::code(EMAIL_CODE, Channel::Email),
        FormField::code(PHONE_CODE, Channel::Phone),
        FormField::new(PASSWORD, FieldKind::Password),
    ],
    further: &[CUSTOM, KYC_CUSTOM],
    // Both codes are mandatory by the table, but there are codes by phone only "if you installed twilio", and the error says that
    // "no email or phone otp is sent": one is demanded.
    demands: &[&[EMAIL], &[NAME], &[EMAIL_CODE, PHONE_CODE], &["form_id"], &[KYC_FORM_ID]],
    routing: &[("form_id", ID), (KYC_FORM_ID, ID), ("link_id", ID), ("referrer_id", ID)],
    finish: &[],
    tracking: &[],
    // No member takes them. Who referred the visitor is `referrer_id`.
    rest: Rest::Kept,
};
