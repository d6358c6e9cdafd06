//! Where each operation is. Paths of pages that could be read are the document's; those of the KYC forms, countries, states and
//! cities are ours, in its spirit, because only these pages' titles could be read: `[connections.<name>.operations]` says otherwise.

use reqwest::Method;

use crate::crm::routes::Usual;

pub(super) const CREATE_LEAD: &str = "CreateLead";
pub(super) const REGISTRATION_REQUEST: &str = "RegistrationRequestForOtp";
pub(super) const REGISTRATION: &str = "MultiStepRegistrationRequest";
pub(super) const REGISTRATION_FORM: &str = "TraderRegistrationForm";
pub(super) const KYC_FORMS: &str = "UserKycFormCollections";
pub(super) const KYC_FORM: &str = "UserKycForm";
pub(super) const COUNTRIES: &str = "Countries";
pub(super) const STATES: &str = "States";
pub(super) const CITIES: &str = "Cities";

pub(super) const USUAL: [Usual; 9] = [
    (CREATE_LEAD, Method::POST, "/public/v1/leads/create"),
    (REGISTRATION_REQUEST, Method::POST, "/public/v1/account/register/request"),
    (REGISTRATION, Method::POST, "/public/v1/account/register/multistep"),
    (REGISTRATION_FORM, Method::GET, "/public/v1/form/registration/trader"),
    (KYC_FORMS, Method::GET, "/public/v1/form/kyc/collections"),
    (KYC_FORM, Method::GET, "/public/v1/form/kyc/{form}"),
    (COUNTRIES, Method::GET, "/public/v1/config/countries"),
    (STATES, Method::GET, "/public/v1/config/states?country={country}"),
    (CITIES, Method::GET, "/public/v1/config/cities?state={state}"),
];
