//! The document's operations that an affiliate or a visitor uses: our ids for them, the methods and paths that stand where a
//! connection gives none, and the authorisation that the document gives each.
//!
//! The document gives no methods and, but for `GET /affiliates/customers`, no paths: an installation's real ones go into
//! `[connections.<name>.operations]`. Titles repeat in it ("Get a payout request", "Get wallets"), ids here do not.

use reqwest::Method;

use super::super::routes::Usual;

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

    /// Where it is, if the connection does not say otherwise.
    pub(super) const fn usual(self) -> Usual {
        (self.id(), self.method(), self.path())
    }

    /// Whether it answers the same whoever asks; everything else that needs a credential is about its holder.
    pub(super) fn is_about_nobody(self) -> bool {
        matches!(self, Op::GetActiveBanner | Op::GetBannerFile)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_is_found_by_its_id() {
        for op in Op::ALL {
            assert_eq!(Op::find(op.id()), Some(*op));
        }
    }
}
