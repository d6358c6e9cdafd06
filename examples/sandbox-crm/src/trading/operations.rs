//! The operations that are simulated: the document's title, the method and path that we give it (the document gives neither), the
//! kind of authorisation that the document gives it, what its request may carry, and whose credential it is answered for.
//!
//! Titles repeat in the document ("Get a payout request", "Get wallets"): the ids here are ours, and do not.

use axum::http::Method;

use super::answers::{Outcome, Refusal};
use super::books::{AffiliateKey, Books, CustomerKey};
use super::input::Input;
use super::requests::{self, Body, NONE};
use super::tokens::Holder;
use super::{account, commissions, confirmation, export, onboarding, promotion, referrals, sessions, signup};
use crate::check::Member;

/// "Authorizations" of an operation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Auth {
    /// None is given.
    Public,
    /// "BearerAuth": `Authorization: Bearer`, and nothing else.
    Bearer,
    /// "BearerAuthApiKey": that, or an API key.
    BearerOrKey,
}

/// What answers, and for whom. The document says only "authenticated user"; that an affiliate's operations are not a customer's, nor
/// the other way round, is ours.
#[derive(Debug, Clone, Copy)]
pub(super) enum Handler {
    Anybody(fn(&mut Books, &Input) -> Outcome),
    Affiliate(fn(&mut Books, &Input, AffiliateKey) -> Outcome),
    Customer(fn(&mut Books, &Input, CustomerKey) -> Outcome),
    Either(fn(&mut Books, &Input, Holder) -> Outcome),
}

#[derive(Debug)]
pub(super) struct Operation {
    pub(super) id: &'static str,
    method: &'static str,
    path: &'static str,
    pub(super) auth: Auth,
    pub(super) query: &'static [Member],
    pub(super) body: Body,
    pub(super) handler: Handler,
}

use Auth::{Bearer, BearerOrKey, Public};
use Body::{Form, Json};
use Handler::{Affiliate, Anybody, Customer, Either};

const OPERATIONS: &[Operation] = &[
    // Sessions; OAuth
    send("CreateNewSession", "POST", "/sessions", Public, Json(requests::SESSION), Anybody(sessions::create)),
    send("RequestAccessToken", "POST", "/oauth/token", Public, Form(requests::ACCESS_TOKEN), Anybody(sessions::access_token)),
    // Customers - Affiliate APIs
    send(
        "AffiliateCreateCustomer",
        "POST",
        "/affiliates/customers",
        BearerOrKey,
        Json(requests::CREATE_CUSTOMER),
        Affiliate(referrals::create),
    ),
    ask("AffiliateGetCustomers", "/affiliates/customers", BearerOrKey, requests::GET_CUSTOMERS, Affiliate(referrals::list)),
    send(
        "AffiliateUpdateCustomer",
        "PATCH",
        "/affiliates/customers/{id}",
        BearerOrKey,
        Json(requests::UPDATE_CUSTOMER),
        Affiliate(referrals::update),
    ),
    get("Show", "/affiliates/customers/{id}", BearerOrKey, Affiliate(referrals::show)),
    get("CountForExport", "/affiliates/customers/count", BearerOrKey, Affiliate(export::count)),
    get("ExportCSV", "/affiliates/customers/export", BearerOrKey, Affiliate(export::csv)),
    get("GetAffiliateWalletAndTransactions", "/affiliates/wallet", BearerOrKey, Affiliate(account::wallet)),
    // Affiliates; Affiliate Keys
    get("GetGreyLabelLogos", "/affiliates/grey-label/logos", Bearer, Affiliate(promotion::own_logos)),
    get("CheckGreyLabeling", "/affiliates/grey-label", Bearer, Affiliate(promotion::grey_labeling)),
    send(
        "UpdateReferenceKey",
        "PUT",
        "/affiliates/reference-key",
        Bearer,
        Json(requests::REFERENCE_KEY),
        Affiliate(promotion::update_reference_key),
    ),
    get("GetSourcesFromReferredCustomers", "/affiliates/sources", Bearer, Affiliate(referrals::sources)),
    send("GenerateAffiliateKey", "POST", "/affiliate-keys", Bearer, Body::None, Affiliate(promotion::generate_key)),
    // Analytics; Dashboard; Users: "Get affiliate earnings"; Transactions: "Get the total balance …"
    get("GetDownlineStatistics", "/analytics/downline", Bearer, Affiliate(account::downline)),
    get("GetAffiliateDashboardData", "/dashboard/affiliate", Bearer, Affiliate(account::dashboard)),
    get("GetAffiliateEarnings", "/affiliates/earnings", Bearer, Affiliate(account::earnings)),
    get("GetTotalBalance", "/affiliates/balance", Bearer, Affiliate(account::balance)),
    // Commissions
    ask("GetPayoutRequests", "/commissions/payout-requests", Bearer, requests::GET_PAYOUTS, Affiliate(commissions::payouts)),
    get("CheckPendingPayoutRequest", "/commissions/payout-requests/has-pending", Bearer, Affiliate(commissions::has_pending)),
    ask("GetPayoutRequest", "/commissions/payout-requests/{id}", Bearer, requests::GET_PAYOUT, Affiliate(commissions::payout)),
    send(
        "CreatePayoutRequest",
        "POST",
        "/commissions/payout-requests",
        Bearer,
        Json(requests::CREATE_PAYOUT),
        Affiliate(commissions::request_payout),
    ),
    ask("GetCommissionLedgerRecords", "/commissions/ledger", Bearer, requests::GET_LEDGER, Affiliate(commissions::ledger)),
    // Wallets: the second "Get wallets", which has no parameters. The first filters other people's.
    get("GetWallets", "/wallets", Bearer, Affiliate(account::wallets)),
    // Landing Pages; Banners; Referrers; Target Groups
    get("GetAffiliateLandingPages", "/landing-pages", Bearer, Affiliate(promotion::landing_pages)),
    get("GetActiveBanner", "/banners/active", Bearer, Affiliate(promotion::active_banner)),
    get("GetBannerFile", "/banners/file/{token}", Bearer, Affiliate(promotion::banner_file)),
    ask("GetReferrerLogos", "/referrers/logos", Bearer, requests::REFERRER_LOGOS, Either(promotion::referrer_logos)),
    get("GetTargetGroups", "/target-groups", Bearer, Affiliate(promotion::target_groups)),
    // Leads; Users: "Create a new user"
    ask("CheckSignupCode", "/leads/signup-code", Public, requests::SIGNUP_CODE, Anybody(signup::check_code)),
    send("CreateLead", "POST", "/leads", Public, Json(requests::CREATE_LEAD), Anybody(signup::create_lead)),
    send("CreateUser", "POST", "/users", Public, Json(requests::CREATE_USER), Anybody(signup::create_user)),
    // Countries; Settings; Forms; Onboarding Step Configuration
    get("GetCountries", "/countries", Public, Anybody(onboarding::countries)),
    get("GetCaptchaSiteKey", "/settings/captcha-site-key", Public, Anybody(onboarding::captcha_site_key)),
    get("GetFormConfigurations", "/forms/{step}", Public, Anybody(onboarding::form)),
    get("GetOnboardingStepConfigurations", "/onboarding-steps", Public, Anybody(onboarding::configurations)),
    get("GetOnboardingStages", "/onboarding-steps/stages", Public, Anybody(onboarding::stages)),
    get("GetPendingOnboardingSteps", "/onboarding-steps/pending/{stage}", Bearer, Customer(onboarding::pending)),
    // Users, the customer's own session
    send("SendMobileConfirmationCode", "POST", "/users/mobile-confirmation", Bearer, Body::None, Customer(confirmation::send_code)),
    send(
        "VerifyMobileConfirmationCode",
        "POST",
        "/users/mobile-confirmation/verify",
        Bearer,
        Json(requests::CONFIRMATION),
        Customer(confirmation::verify_code),
    ),
    send("ResendConfirmationEmail", "POST", "/users/email-confirmation", Bearer, Body::None, Customer(confirmation::resend_email)),
    get("CheckEmailConfirmed", "/users/email-confirmation", Bearer, Customer(confirmation::email_confirmed)),
];

const fn get(id: &'static str, path: &'static str, auth: Auth, handler: Handler) -> Operation {
    ask(id, path, auth, NONE, handler)
}

const fn ask(id: &'static str, path: &'static str, auth: Auth, query: &'static [Member], handler: Handler) -> Operation {
    Operation { id, method: "GET", path, auth, query, body: Body::None, handler }
}

const fn send(id: &'static str, method: &'static str, path: &'static str, auth: Auth, body: Body, handler: Handler) -> Operation {
    Operation { id, method, path, auth, query: NONE, body, handler }
}

/// The operation of a request, and the parameter in its path; empty where it has none.
pub(super) fn find(method: &Method, path: &[&str]) -> Result<(&'static Operation, String), Refusal> {
    let matches: Vec<_> = OPERATIONS.iter().filter_map(|operation| Some((operation, parameter(operation.path, path)?))).collect();
    // `/customers/count` is no customer's id: a path without a parameter goes before one with.
    let plain = matches.iter().any(|(_, parameter)| parameter.is_empty());
    let matches: Vec<_> = matches.into_iter().filter(|(_, parameter)| parameter.is_empty() == plain).collect();
    if matches.is_empty() {
        return Err(Refusal::not_found("Not found"));
    }
    let found = matches.iter().find(|(operation, _)| operation.method == method.as_str());
    let (operation, parameter) =
        found.ok_or_else(|| Refusal::method(&matches.iter().map(|(operation, _)| operation.method).collect::<Vec<_>>()))?;
    Ok((operation, (*parameter).to_owned()))
}

/// The segment that stands in the path where the pattern has `{…}`; empty where it has none.
fn parameter<'a>(pattern: &str, path: &[&'a str]) -> Option<&'a str> {
    let pattern: Vec<_> = pattern.split('/').skip(1).collect();
    if pattern.len() != path.len() {
        return None;
    }
    let mut parameter = "";
    for (pattern, segment) in pattern.into_iter().zip(path) {
        match pattern.starts_with('{') {
            true if !segment.is_empty() => parameter = segment,
            false if pattern == *segment => {}
            _ => return None,
        }
    }
    Some(parameter)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn every_operation_is_found_by_its_own_method_and_path_and_no_id_repeats() {
        for (index, operation) in OPERATIONS.iter().enumerate() {
            let path: Vec<_> =
                operation.path.split('/').skip(1).map(|segment| if segment.starts_with('{') { "7" } else { segment }).collect();
            let (found, _) = find(&operation.method.parse().unwrap(), &path).unwrap();
            assert_eq!(found.id, operation.id);
            assert!(OPERATIONS[index + 1..].iter().all(|other| other.id != operation.id), "{}", operation.id);
        }
    }

    #[test]
    fn a_parameter_is_one_segment() {
        assert_eq!(parameter("/a/{id}", &["a", "7"]), Some("7"));
        assert_eq!(parameter("/a/{id}", &["a", ""]), None);
        assert_eq!(parameter("/a/{id}", &["a", "7", "b"]), None);
        assert_eq!(parameter("/a", &["a"]), Some(""));
    }
}
