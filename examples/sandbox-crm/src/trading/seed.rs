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

use super::account::own_wallets;
use super::books::{Affiliate, AffiliateKey, AffiliateName, Books, CustomerKey, Transaction, Volume, Wallet, new_id};
use super::commissions::{Commission, Payout};
use super::countries::Country;
use super::customers::{Customer, is_settable};
use super::documented::{STAGES, STEPS, TRANSACTION_TYPES};
use super::money::Cents;
use super::onboarding::{FormField, StepAtStage};
use super::promotion::{Banner, LandingPage, TargetGroup};

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Records {
    affiliates: Vec<AffiliateRecord>,
    customers: Vec<Map<String, Value>>,
    wallets: Vec<WalletRecord>,
    transactions: Vec<TransactionRecord>,
    volumes: Vec<VolumeRecord>,
    commissions: Vec<CommissionRecord>,
    payouts: Vec<PayoutRecord>,
    banners: Option<Vec<Banner>>,
    countries: Option<Vec<Country>>,
    onboarding_steps: Option<Vec<StepAtStage>>,
    forms: BTreeMap<String, Vec<FormField>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct AffiliateRecord {
    id: String,
    username: String,
    password: String,
    api_key: String,
    name: Option<String>,
    ref_key: Option<String>,
    parent: Option<String>,
    #[serde(default)]
    grey_labeling: bool,
    landing_pages: Option<Vec<LandingPage>>,
    target_groups: Option<Vec<TargetGroup>>,
    wallet_id: Option<u64>,
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
struct WalletRecord {
    id: u64,
    #[serde(default)]
    affiliate: AffiliateName,
    #[serde(default = "usd")]
    currency: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct TransactionRecord {
    #[serde(default)]
    affiliate: AffiliateName,
    wallet_id: Option<u64>,
    id: Option<String>,
    r#type: String,
    amount: Cents,
    #[serde(default = "Timestamp::now")]
    created_at: Timestamp,
    #[serde(default = "usd")]
    currency: String,
    #[serde(default)]
    method: String,
    #[serde(default)]
    comment: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct VolumeRecord {
    #[serde(default)]
    affiliate: AffiliateName,
    volume: Cents,
    #[serde(default = "Timestamp::now")]
    at: Timestamp,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct CommissionRecord {
    #[serde(default)]
    affiliate: AffiliateName,
    #[serde(default)]
    referral_id: String,
    #[serde(default = "cpa")]
    commission_type: String,
    #[serde(default = "ftd")]
    action_type: String,
    #[serde(default)]
    action_details: String,
    commission_amount: Cents,
    corrected_commission_amount: Option<Cents>,
    #[serde(default = "usd")]
    currency: String,
    #[serde(default = "Timestamp::now")]
    action_timestamp: Timestamp,
    payout_at: Option<Timestamp>,
    admin_comments: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PayoutRecord {
    #[serde(default)]
    affiliate: AffiliateName,
    payout_wallet_id: Option<u64>,
    #[serde(default = "Timestamp::now")]
    requested_at: Timestamp,
    approved_at: Option<Timestamp>,
    rejected_at: Option<Timestamp>,
    reject_reason: Option<String>,
    transaction_id: Option<String>,
}

fn usd() -> String {
    "USD".to_owned()
}

fn cpa() -> String {
    "CPA".to_owned()
}

fn ftd() -> String {
    "FTD".to_owned()
}

pub(super) fn read(records: Value) -> Result<Records, String> {
    serde_json::from_value(records).map_err(|error| error.to_string())
}

/// Affiliates first, as the others may name them.
pub(super) fn enter(books: &mut Books, records: Records) -> Result<(), String> {
    records.affiliates.into_iter().try_for_each(|record| enter_affiliate(books, record))?;
    records.countries.into_iter().for_each(|countries| books.countries = countries);
    records.banners.into_iter().for_each(|banners| books.banners = banners);
    for (step, fields) in records.forms {
        books.forms.insert(one_of("step", step, &STEPS)?, fields);
    }
    if let Some(steps) = records.onboarding_steps {
        for configured in &steps {
            one_of("step", configured.step.clone(), &STEPS)?;
            one_of("stage", configured.stage.clone(), &STAGES)?;
        }
        books.steps = steps;
    }
    records.customers.into_iter().try_for_each(|record| enter_customer(books, record))?;
    for record in records.wallets {
        let affiliate = record.affiliate.find(books)?;
        enter_wallet(books, affiliate, record.id, record.currency)?;
    }
    records.transactions.into_iter().try_for_each(|record| enter_transaction(books, record))?;
    for record in records.volumes {
        let volume = Volume { affiliate: record.affiliate.find(books)?, at: record.at, volume: record.volume };
        books.volumes.push(volume);
    }
    records.commissions.into_iter().try_for_each(|record| enter_commission(books, record))?;
    records.payouts.into_iter().try_for_each(|record| enter_payout(books, record))
}

fn one_of(what: &str, value: String, choices: &[&str]) -> Result<String, String> {
    if choices.contains(&value.as_str()) { Ok(value) } else { Err(format!("{what} {value:?} is none of {}", choices.join(", "))) }
}

/// Without pages or groups of its own, an affiliate has some to look at.
pub(super) fn enter_affiliate(books: &mut Books, record: AffiliateRecord) -> Result<(), String> {
    let ref_key = record.ref_key.unwrap_or_else(|| new_id().chars().filter(|letter| *letter != '-').take(10).collect());
    let taken = books.affiliates.iter().any(|known| {
        known.id == record.id
            || known.api_key == record.api_key
            || known.username.eq_ignore_ascii_case(&record.username)
            || known.ref_key == ref_key
    });
    if taken {
        return Err(format!("affiliate {:?}: its id, apiKey, username or refKey is taken", record.id));
    }
    let parent = match record.parent {
        None => None,
        Some(id) => Some(books.affiliate_by(|known| known.id == id).ok_or_else(|| format!("there is no affiliate {id:?}"))?),
    };
    let landing_page = |id: &str, name: &str| LandingPage {
        id: id.to_owned(),
        name: name.to_owned(),
        url: format!("https://broker.example/landing/{id}?wtreferrer={ref_key}"),
    };
    let landing_pages = record.landing_pages.unwrap_or_else(|| vec![landing_page("1", "Start trading"), landing_page("2", "Free demo")]);
    let group = TargetGroup { id: "1".to_owned(), name: "Newcomers".to_owned() };
    let affiliate = AffiliateKey(books.affiliates.len());
    books.affiliates.push(Affiliate {
        name: record.name.unwrap_or_else(|| record.id.clone()),
        id: record.id,
        username: record.username,
        password: record.password,
        api_key: record.api_key,
        ref_key,
        parent,
        grey_labeling: record.grey_labeling,
        landing_pages,
        target_groups: record.target_groups.unwrap_or_else(|| vec![group]),
    });
    let wallet = record.wallet_id.unwrap_or_else(|| 1000 + books.number());
    enter_wallet(books, affiliate, wallet, usd())
}

fn enter_wallet(books: &mut Books, affiliate: AffiliateKey, id: u64, currency: String) -> Result<(), String> {
    if books.wallets.iter().any(|known| known.id == id) {
        return Err(format!("there is a wallet {id} already"));
    }
    books.wallets.push(Wallet { id, affiliate, currency, created_at: Timestamp::now() });
    Ok(())
}

/// The wallet that a record names, or the affiliate's first.
fn wallet(books: &Books, affiliate: AffiliateKey, id: Option<u64>) -> Result<u64, String> {
    let own = own_wallets(books, affiliate).find(|own| id.is_none_or(|id| own.id == id));
    own.map(|own| own.id).ok_or_else(|| format!("the affiliate has no wallet {}", id.map_or_else(String::new, |id| id.to_string())))
}

fn enter_transaction(books: &mut Books, record: TransactionRecord) -> Result<(), String> {
    let affiliate = record.affiliate.find(books)?;
    let wallet_id = wallet(books, affiliate, record.wallet_id)?;
    books.transactions.push(Transaction {
        id: record.id.unwrap_or_else(new_id),
        wallet_id,
        r#type: one_of("type", record.r#type, &TRANSACTION_TYPES)?,
        amount: record.amount,
        currency: record.currency,
        method: record.method,
        comment: record.comment,
        created_at: record.created_at,
        updated_at: record.created_at,
    });
    Ok(())
}

fn enter_commission(books: &mut Books, record: CommissionRecord) -> Result<(), String> {
    let affiliate = record.affiliate.find(books)?;
    let id = books.number();
    books.commissions.push(Commission {
        id,
        affiliate,
        referral_id: record.referral_id,
        r#type: record.commission_type,
        action_type: record.action_type,
        action_details: record.action_details,
        amount: record.commission_amount,
        corrected_amount: record.corrected_commission_amount,
        currency: record.currency,
        action_timestamp: record.action_timestamp,
        payout_at: record.payout_at,
        admin_comments: record.admin_comments,
    });
    Ok(())
}

fn enter_payout(books: &mut Books, record: PayoutRecord) -> Result<(), String> {
    let affiliate = record.affiliate.find(books)?;
    let wallet = wallet(books, affiliate, record.payout_wallet_id)?;
    let id = books.number();
    books.payouts.push(Payout {
        id,
        affiliate,
        wallet,
        requested_at: record.requested_at,
        approved_at: record.approved_at,
        rejected_at: record.rejected_at,
        reject_reason: record.reject_reason,
        transaction_id: record.transaction_id,
    });
    Ok(())
}

/// The members that are not shown, or not as they are set.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct CustomerRecord {
    id: Option<String>,
    #[serde(default)]
    affiliate: AffiliateName,
    external_id: Option<String>,
    password: Option<String>,
    created_at: Option<Timestamp>,
    #[serde(default = "Timestamp::now")]
    updated_at: Timestamp,
    confirmed_at: Option<Timestamp>,
    logins: Option<Vec<Timestamp>>,
    phone_confirmed: Option<bool>,
    skip_onboarding_steps: Option<Vec<String>>,
}

const NOT_SHOWN: [&str; 10] = [
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

fn enter_customer(books: &mut Books, members: Map<String, Value>) -> Result<(), String> {
    if let Some(unknown) = members.keys().find(|name| !is_settable(name) && !NOT_SHOWN.contains(&name.as_str())) {
        return Err(format!("a customer has no {unknown:?}"));
    }
    let record: CustomerRecord = serde_json::from_value(members.clone().into()).map_err(|error| format!("a customer: {error}"))?;
    let known = record.id.as_deref().and_then(|id| books.customer_of_id(id));
    let key = match known {
        Some(key) => key,
        None => {
            let affiliate = record.affiliate.find(books)?;
            let customer = Customer::new(books, Some(affiliate), Map::new());
            books.customers.push(customer);
            CustomerKey(books.customers.len() - 1)
        }
    };
    let taken = members.get("email").and_then(Value::as_str).and_then(|email| books.customer_of_email(email));
    if taken.is_some_and(|taken| taken != key) {
        return Err("a customer's email is taken".to_owned());
    }
    let mut customer = books.customer(key).clone();
    for (name, value) in members.into_iter().filter(|(name, _)| is_settable(name)) {
        customer.set(books, &name, value);
    }
    set(&mut customer.id, record.id);
    set(&mut customer.password, record.password);
    set(&mut customer.created_at, record.created_at);
    set(&mut customer.logins, record.logins);
    set(&mut customer.phone_confirmed, record.phone_confirmed);
    set(&mut customer.skipped_steps, record.skip_onboarding_steps);
    customer.external_id = record.external_id.or(customer.external_id);
    customer.email_confirmed_at = record.confirmed_at.or(customer.email_confirmed_at);
    customer.updated_at = record.updated_at;
    *books.customer_mut(key) = customer;
    Ok(())
}

fn set<T>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}
