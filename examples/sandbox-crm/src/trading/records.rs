//! What `POST /_control/trading/records` takes: an object of lists, each of which may be absent. Either all of it is entered, or
//! none. A record that names no `affiliate` (by its id) is the first one's, which the command line describes and whose id is `broker`.
//!
//! | list | a record of it |
//! |---|---|
//! | `affiliates` | `{"id", "username", "password", "apiKey", "name"?, "refKey"?, "parent"? (another's id), "greyLabeling"?, "landingPages"?: [{"id","name","url"}], "targetGroups"?: [{"id","name"}], "walletId"?}`; each comes with a wallet in USD, the first with one of id 1 |
//! | `customers` | any members of "Get a specific customer by ID", and `affiliate`, `externalId`, `password`, `updatedAt`, `logins`: [moment], `phoneConfirmed`, `skipOnboardingSteps`. With the `id` of one who is there, changes that one; `updatedAt` is now unless given |
//! | `wallets` | `{"id", "affiliate"?, "currency"?}` |
//! | `transactions` | `{"walletId"? (else the affiliate's first), "affiliate"?, "id"?, "type" (the document's), "amount" (negative: out of the wallet), "createdAt"?, "currency"?, "method"?, "comment"?}` |
//! | `volumes` | `{"affiliate"?, "volume", "at"?}`: what customers traded, for the dashboard and the downline |
//! | `commissions` | `{"affiliate"?, "commissionAmount", "commissionType"? (CPA), "actionType"? (FTD), "actionDetails"?, "referralId"?, "correctedCommissionAmount"?, "currency"?, "actionTimestamp"?, "payoutAt"?, "adminComments"?}` |
//! | `payouts` | `{"affiliate"?, "payoutWalletId"? (else the affiliate's first), "requestedAt"?, "approvedAt"?, "rejectedAt"?, "rejectReason"?, "transactionId"?}` |
//! | `banners` | `{"id","name","startDate","endDate","link"?,"linkTarget"?,"token"}`; these take the place of the ones there were |
//! | `countries` | `{"id","name","enabled"?}`; likewise |
//! | `onboardingSteps` | `{"step","stage"}`; likewise |
//! | `forms` | not a list: `{step: [{"field","required","editable"}]}`; each takes the place of that step's |
//!
//! Amounts are numbers or texts with at most two decimals, moments are RFC 3339.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::books::AffiliateName;
use super::countries::Country;
use super::money::Cents;
use super::onboarding::{FormField, StepAtStage};
use super::promotion::{Banner, LandingPage, TargetGroup};

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Records {
    pub(super) affiliates: Vec<AffiliateRecord>,
    pub(super) customers: Vec<Map<String, Value>>,
    pub(super) wallets: Vec<WalletRecord>,
    pub(super) transactions: Vec<TransactionRecord>,
    pub(super) volumes: Vec<VolumeRecord>,
    pub(super) commissions: Vec<CommissionRecord>,
    pub(super) payouts: Vec<PayoutRecord>,
    pub(super) banners: Option<Vec<Banner>>,
    pub(super) countries: Option<Vec<Country>>,
    pub(super) onboarding_steps: Option<Vec<StepAtStage>>,
    pub(super) forms: BTreeMap<String, Vec<FormField>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct AffiliateRecord {
    pub(super) id: String,
    pub(super) username: String,
    pub(super) password: String,
    pub(super) api_key: String,
    pub(super) name: Option<String>,
    pub(super) ref_key: Option<String>,
    pub(super) parent: Option<String>,
    #[serde(default)]
    pub(super) grey_labeling: bool,
    pub(super) landing_pages: Option<Vec<LandingPage>>,
    pub(super) target_groups: Option<Vec<TargetGroup>>,
    pub(super) wallet_id: Option<u64>,
}

impl AffiliateRecord {
    /// The one that is always there. Its reference key is the `wtreferrer` of the document's example, so that the example works.
    pub(super) fn first(api_key: String, username: String, password: String) -> Self {
        Self {
            id: "broker".to_owned(),
            username,
            password,
            api_key,
            name: Some("Sandbox Partner".to_owned()),
            ref_key: Some("0BaHeZI1Je".to_owned()),
            parent: None,
            grey_labeling: true,
            landing_pages: None,
            target_groups: None,
            wallet_id: Some(1),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct WalletRecord {
    pub(super) id: u64,
    #[serde(default)]
    pub(super) affiliate: AffiliateName,
    #[serde(default = "usd")]
    pub(super) currency: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct TransactionRecord {
    #[serde(default)]
    pub(super) affiliate: AffiliateName,
    pub(super) wallet_id: Option<u64>,
    pub(super) id: Option<String>,
    pub(super) r#type: String,
    pub(super) amount: Cents,
    #[serde(default = "Timestamp::now")]
    pub(super) created_at: Timestamp,
    #[serde(default = "usd")]
    pub(super) currency: String,
    #[serde(default)]
    pub(super) method: String,
    #[serde(default)]
    pub(super) comment: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct VolumeRecord {
    #[serde(default)]
    pub(super) affiliate: AffiliateName,
    pub(super) volume: Cents,
    #[serde(default = "Timestamp::now")]
    pub(super) at: Timestamp,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct CommissionRecord {
    #[serde(default)]
    pub(super) affiliate: AffiliateName,
    #[serde(default)]
    pub(super) referral_id: String,
    #[serde(default = "cpa")]
    pub(super) commission_type: String,
    #[serde(default = "ftd")]
    pub(super) action_type: String,
    #[serde(default)]
    pub(super) action_details: String,
    pub(super) commission_amount: Cents,
    pub(super) corrected_commission_amount: Option<Cents>,
    #[serde(default = "usd")]
    pub(super) currency: String,
    #[serde(default = "Timestamp::now")]
    pub(super) action_timestamp: Timestamp,
    pub(super) payout_at: Option<Timestamp>,
    pub(super) admin_comments: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct PayoutRecord {
    #[serde(default)]
    pub(super) affiliate: AffiliateName,
    pub(super) payout_wallet_id: Option<u64>,
    #[serde(default = "Timestamp::now")]
    pub(super) requested_at: Timestamp,
    pub(super) approved_at: Option<Timestamp>,
    pub(super) rejected_at: Option<Timestamp>,
    pub(super) reject_reason: Option<String>,
    pub(super) transaction_id: Option<String>,
}

pub(super) fn usd() -> String {
    "USD".to_owned()
}

fn cpa() -> String {
    "CPA".to_owned()
}

fn ftd() -> String {
    "FTD".to_owned()
}

/// The members that are not shown, or not as they are set.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CustomerRecord {
    pub(super) id: Option<String>,
    #[serde(default)]
    pub(super) affiliate: AffiliateName,
    pub(super) external_id: Option<String>,
    pub(super) password: Option<String>,
    pub(super) created_at: Option<Timestamp>,
    #[serde(default = "Timestamp::now")]
    pub(super) updated_at: Timestamp,
    pub(super) confirmed_at: Option<Timestamp>,
    pub(super) logins: Option<Vec<Timestamp>>,
    pub(super) phone_confirmed: Option<bool>,
    pub(super) skip_onboarding_steps: Option<Vec<String>>,
}

pub(super) const NOT_SHOWN: [&str; 10] = [
    "id",
    "affiliate",
    "externalId",
    "password",
    "createdAt",
    "updatedAt",
    "confirmedAt",
    "logins",
    "phoneConfirmed",
    "skipOnboardingSteps",
];
