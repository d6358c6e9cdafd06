//! The document's operations that an affiliate or a visitor uses: our ids for them, the methods and paths that stand where a
//! connection gives none, and the authorisation that the document gives each.
//!
//! The document gives no methods and, but for `GET /affiliates/customers`, no paths: an installation's real ones go into
//! `[connections.<name>.operations]`. Titles repeat in it ("Get a payout request", "Get wallets"), ids here do not.

use std::collections::BTreeMap;

use reqwest::Method;
use serde::Deserialize;

use crate::config::Problems;

/// "Authorizations" of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Auth {
    /// None is given: nothing is sent.
    Public,
    /// "BearerAuth".
    Bearer,
    /// "BearerAuthApiKey", "ApiKeyBearerAuth".
    BearerOrKey,
    /// "BearerAuth" of the customer whom a sign-up made.
    Customer,
}

/// Makes [`Op`] of a table.
macro_rules! operations {
    ($($(#[$title:meta])* $id:ident $method:ident $path:literal $auth:ident)*) => {
        /// An operation, by our id for it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Op { $($(#[$title])* $id),* }

        impl Op {
            pub(super) const ALL: &[Op] = &[$(Op::$id),*];

            pub(super) const fn id(self) -> &'static str {
                match self { $(Op::$id => stringify!($id)),* }
            }

            pub(super) const fn auth(self) -> Auth {
                match self { $(Op::$id => Auth::$auth),* }
            }

            const fn path(self) -> &'static str {
                match self { $(Op::$id => $path),* }
            }

            const fn method(self) -> Method {
                match self { $(Op::$id => Method::$method),* }
            }
        }
    };
}

operations! {
    /// "Create a new session"
    CreateNewSession POST "/sessions" Public
    /// "Request access token": the only operation that takes a refresh token.
    RequestAccessToken POST "/oauth/token" Public
    // "Customers - Affiliate APIs"
    AffiliateCreateCustomer POST "/affiliates/customers" BearerOrKey
    AffiliateGetCustomers GET "/affiliates/customers" BearerOrKey
    AffiliateUpdateCustomer PATCH "/affiliates/customers/{id}" BearerOrKey
    Show GET "/affiliates/customers/{id}" BearerOrKey
    CountForExport GET "/affiliates/customers/count" BearerOrKey
    ExportCSV GET "/affiliates/customers/export" BearerOrKey
    GetAffiliateWalletAndTransactions GET "/affiliates/wallet" BearerOrKey
    // "Affiliates", "Affiliate Keys"
    GetGreyLabelLogos GET "/affiliates/grey-label/logos" Bearer
    CheckGreyLabeling GET "/affiliates/grey-label" Bearer
    UpdateReferenceKey PUT "/affiliates/reference-key" Bearer
    GetSourcesFromReferredCustomers GET "/affiliates/sources" Bearer
    GenerateAffiliateKey POST "/affiliate-keys" Bearer
    // "Analytics", "Dashboard", "Users", "Transactions"
    GetDownlineStatistics GET "/analytics/downline" Bearer
    GetAffiliateDashboardData GET "/dashboard/affiliate" Bearer
    GetAffiliateEarnings GET "/affiliates/earnings" Bearer
    /// "Get the total balance for the authenticated affiliate user"
    GetTotalBalance GET "/affiliates/balance" Bearer
    // "Commissions", what an affiliate may ask of it
    GetCommissionLedgerRecords GET "/commissions/ledger" Bearer
    GetPayoutRequests GET "/commissions/payout-requests" Bearer
    CheckPendingPayoutRequest GET "/commissions/payout-requests/has-pending" Bearer
    /// The one that answers `payoutRequest`.
    GetPayoutRequest GET "/commissions/payout-requests/{id}" Bearer
    CreatePayoutRequest POST "/commissions/payout-requests" Bearer
    /// The second of that title, which takes no parameters.
    GetWallets GET "/wallets" Bearer
    // "Landing Pages", "Banners", "Referrers", "Target Groups"
    GetAffiliateLandingPages GET "/landing-pages" Bearer
    GetActiveBanner GET "/banners/active" Bearer
    GetBannerFile GET "/banners/file/{token}" Bearer
    /// "Get custom logos for the authenticated user's referrer"
    GetReferrerLogos GET "/referrers/logos" Bearer
    GetTargetGroups GET "/target-groups" Bearer
    // "Leads", "Users"
    CreateLead POST "/leads" Public
    CheckSignupCode GET "/leads/signup-code" Public
    /// "Create a new user"
    CreateUser POST "/users" Public
    // "Countries", "Settings", "Forms", "Onboarding Step Configuration"
    GetCountries GET "/countries" Public
    GetCaptchaSiteKey GET "/settings/captcha-site-key" Public
    /// "Get form attribute configurations for a specific step"
    GetFormConfigurations GET "/forms/{step}" Public
    GetOnboardingStepConfigurations GET "/onboarding-steps" Public
    GetOnboardingStages GET "/onboarding-steps/stages" Public
    // What the customer's own session opens
    GetPendingOnboardingSteps GET "/onboarding-steps/pending/{stage}" Customer
    SendMobileConfirmationCode POST "/users/mobile-confirmation" Customer
    VerifyMobileConfirmationCode POST "/users/mobile-confirmation/verify" Customer
    ResendConfirmationEmail POST "/users/email-confirmation" Customer
    CheckEmailConfirmed GET "/users/email-confirmation" Customer
}

impl Op {
    pub(super) fn find(id: &str) -> Option<Op> {
        Op::ALL.iter().copied().find(|op| op.id() == id)
    }

    /// Whether it answers the same whoever asks; everything else that needs a credential is about its holder.
    pub(super) fn is_about_nobody(self) -> bool {
        matches!(self, Op::GetActiveBanner | Op::GetBannerFile)
    }
}

/// A method and a path, as `[connections.<name>.operations]` gives them.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PlaceTable {
    method: Option<String>,
    path: Option<String>,
}

/// Where every operation is.
#[derive(Debug)]
pub(super) struct Places(Vec<(Method, String)>);

impl Places {
    /// The defaults, with what the connection gives in their place.
    pub(super) fn read(at: &str, tables: &BTreeMap<String, PlaceTable>, problems: &mut Problems) -> Places {
        for id in tables.keys().filter(|id| Op::find(id).is_none()) {
            let known: Vec<_> = Op::ALL.iter().map(|op| op.id()).collect();
            problems.add(format!("{at}.operations.{id}"), format!("is no operation of this CRM's; there is {}", known.join(", ")));
        }
        let place = |op: &Op| {
            let table = tables.get(op.id());
            let key = |name: &str| format!("{at}.operations.{}.{name}", op.id());
            let given = |member: fn(&PlaceTable) -> &Option<String>| table.and_then(|table| member(table).as_deref());
            let method = problems.parse(&key("method"), given(|table| &table.method), method);
            let path = problems.parse(&key("path"), given(|table| &table.path), |path| self::path(path, op.path()));
            (method.unwrap_or_else(|| op.method()), path.unwrap_or_else(|| op.path().to_owned()))
        };
        Places(Op::ALL.iter().map(place).collect())
    }

    pub(super) fn of(&self, op: Op) -> (Method, &str) {
        // In the order of `ALL`, which is that of the variants.
        let (method, path) = &self.0[op as usize];
        (method.clone(), path)
    }
}

fn method(text: &str) -> Result<Method, String> {
    match text {
        "GET" | "POST" | "PUT" | "PATCH" | "DELETE" => text.parse().map_err(|_| format!("\"{text}\" is no method")),
        _ => Err(format!("\"{text}\" is none of GET, POST, PUT, PATCH, DELETE")),
    }
}

/// Below the connection's address, with a place for the same values as the default.
fn path(text: &str, default: &str) -> Result<String, String> {
    if !text.starts_with('/') {
        return Err(format!("\"{text}\" does not begin with \"/\""));
    }
    if text.contains(|c: char| matches!(c, '?' | '#' | '\\') || c.is_control() || c.is_whitespace()) {
        return Err(format!("\"{text}\" is no path: it may hold no ?, no #, no \\ and no space"));
    }
    if text.split('/').any(|segment| matches!(segment, "." | "..")) {
        return Err(format!("\"{text}\" leads elsewhere: a segment may not be . or .."));
    }
    let (given, demanded) = (placeholders(text), placeholders(default));
    if given == demanded {
        Ok(text.to_owned())
    } else if let Some(name) = demanded {
        Err(format!("\"{text}\" has to hold {name}, and no other {{…}}"))
    } else {
        Err(format!("\"{text}\" may hold no {{…}}"))
    }
}

/// All of a path's `{…}`, one behind the other; `None` where it has none.
fn placeholders(path: &str) -> Option<String> {
    let mut found = String::new();
    let mut rest = path;
    while let Some(start) = rest.find(['{', '}']) {
        let end = rest[start..].find('}').map_or(rest.len(), |end| start + end + 1);
        found.push_str(&rest[start..end]);
        rest = &rest[end..];
    }
    (!found.is_empty()).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_is_found_by_its_id_and_stands_in_its_place() {
        let places = Places::read("connections.t", &BTreeMap::new(), &mut Problems::of("test"));
        for op in Op::ALL {
            assert_eq!(Op::find(op.id()), Some(*op));
            assert_eq!(places.of(*op), (op.method(), op.path()), "{op:?}");
            assert!(path(op.path(), op.path()).is_ok(), "{op:?}");
        }
    }

    #[test]
    fn a_path_keeps_its_placeholders() {
        assert!(path("/v2/clients/{id}/profile", "/affiliates/customers/{id}").is_ok());
        for (bad, default) in [
            ("clients", "/countries"),
            ("/clients", "/customers/{id}"),
            ("/clients/{id}/{id}", "/customers/{id}"),
            ("/clients/{key}", "/customers/{id}"),
            ("/clients/{id", "/customers/{id}"),
            ("/clients/id}", "/customers/{id}"),
            ("/clients/{id}", "/countries"),
            ("/clients?x=1", "/countries"),
            ("/cl ients", "/countries"),
            ("/../clients", "/countries"),
            ("", "/countries"),
        ] {
            assert!(path(bad, default).is_err(), "{bad}");
        }
    }
}
