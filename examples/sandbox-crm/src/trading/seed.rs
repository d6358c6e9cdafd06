//! Enters the records of `POST /_control/trading/records`, which [`super::records`] describes.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::account::own_wallets;
use super::books::{Affiliate, AffiliateKey, Books, CustomerKey, Transaction, Volume, Wallet, new_id};
use super::commissions::{Commission, Payout};
use super::customers::{Customer, is_settable};
use super::documented::{STAGES, STEPS, TRANSACTION_TYPES};
use super::promotion::{LandingPage, TargetGroup};
use super::records::{AffiliateRecord, CommissionRecord, CustomerRecord, NOT_SHOWN, PayoutRecord, Records, TransactionRecord, usd};

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
