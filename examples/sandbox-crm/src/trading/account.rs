//! An affiliate's figures: "Get affiliate wallet and transactions", "Get wallets", "Get affiliate dashboard data", "Get affiliate
//! earnings", "Get the total balance", "Get downline statistics".

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned};
use serde_json::{Value, json};

use super::answers::{Done, Outcome};
use super::books::{AffiliateKey, Books, Wallet};
use super::input::Input;
use super::money::Cents;

/// The first of the affiliate's wallets, and the transactions of all.
pub(super) fn wallet(books: &mut Books, _: &Input, affiliate: AffiliateKey) -> Outcome {
    let own: Vec<_> = own_wallets(books, affiliate).collect();
    let transactions: Vec<_> = books.transactions.iter().filter(|it| own.iter().any(|wallet| wallet.id == it.wallet_id)).collect();
    let wallet = own.first().map(|wallet| shown(books, wallet));
    Ok(Done::json(json!({ "wallet": wallet, "transactions": transactions })))
}

pub(super) fn wallets(books: &mut Books, _: &Input, affiliate: AffiliateKey) -> Outcome {
    let wallets: Vec<_> = own_wallets(books, affiliate).map(|wallet| shown(books, wallet)).collect();
    // There is nothing to page by: all are on one page.
    Ok(Done::json(json!({ "wallets": wallets, "pages": 1 })))
}

pub(super) fn own_wallets(books: &Books, affiliate: AffiliateKey) -> impl Iterator<Item = &Wallet> {
    books.wallets.iter().filter(move |wallet| wallet.affiliate == affiliate)
}

/// The members of "Get wallet by id" that concern the wallet itself.
pub(super) fn shown(books: &Books, wallet: &Wallet) -> Value {
    let balance = in_wallet(books, wallet);
    json!({
        "id": wallet.id, "customerId": books.affiliate(wallet.affiliate).id, "platform": "NEO", "status": "ACTIVE",
        "currency": wallet.currency, "createdAt": wallet.created_at, "updatedAt": wallet.created_at, "groupId": 1, "leverage": 1,
        "isDemo": false, "balance": balance.to_string(), "credit": Cents::default().to_string(), "equity": balance.to_string(),
    })
}

fn in_wallet(books: &Books, wallet: &Wallet) -> Cents {
    books.transactions.iter().filter(|transaction| transaction.wallet_id == wallet.id).map(|transaction| transaction.amount).sum()
}

fn total_balance(books: &Books, affiliate: AffiliateKey) -> Cents {
    own_wallets(books, affiliate).map(|wallet| in_wallet(books, wallet)).sum()
}

pub(super) fn balance(books: &mut Books, _: &Input, affiliate: AffiliateKey) -> Outcome {
    Ok(Done::json(json!({ "balance": total_balance(books, affiliate).number() })))
}

pub(super) fn earnings(books: &mut Books, _: &Input, affiliate: AffiliateKey) -> Outcome {
    Ok(Done::json(json!({ "earnings": earned(books, affiliate, |_| true).number() })))
}

/// What the ledger has of it, at the times that are wanted.
fn earned(books: &Books, affiliate: AffiliateKey, when: impl Fn(Timestamp) -> bool) -> Cents {
    let own = books.commissions.iter().filter(|commission| commission.affiliate == affiliate && when(commission.action_timestamp));
    own.map(|commission| commission.due()).sum()
}

/// Months are those of UTC. `cpas…` count the commissions of type "CPA"; the document tells neither.
pub(super) fn dashboard(books: &mut Books, _: &Input, affiliate: AffiliateKey) -> Outcome {
    let now = Timestamp::now().to_zoned(TimeZone::UTC);
    let this = |at: Timestamp| same_month(&now, at);
    // A month has as many days as it has: a day back from its first is in the one before.
    let before = now.first_of_month().and_then(|first| first.checked_sub(1.day())).unwrap_or_else(|_| now.clone());
    let last = |at: Timestamp| same_month(&before, at);

    let sign_ups = |when: &dyn Fn(Timestamp) -> bool| books.referred(affiliate).filter(|customer| when(customer.created_at)).count();
    let cpas = |when: &dyn Fn(Timestamp) -> bool| {
        let own = books.commissions.iter().filter(|commission| commission.affiliate == affiliate && commission.r#type == "CPA");
        own.filter(|commission| when(commission.action_timestamp)).count()
    };
    let volumes = |when: &dyn Fn(Timestamp) -> bool| traded(books, affiliate, when).number();
    let logins = |when: &dyn Fn(Timestamp) -> bool| {
        books.referred(affiliate).flat_map(|customer| &customer.logins).filter(|login| when(**login)).count()
    };
    let unpaid = books.commissions.iter().filter(|commission| commission.affiliate == affiliate && commission.payout_at.is_none());
    let unpaid: Cents = unpaid.map(|commission| commission.due()).sum();

    Ok(Done::json(json!({
        "signUpsLastMonth": sign_ups(&last), "signupsThisMonth": sign_ups(&this),
        "earningsLastMonth": earned(books, affiliate, last).number(), "earningsThisMonth": earned(books, affiliate, this).number(),
        "cpasLastMonth": cpas(&last), "cpasThisMonth": cpas(&this),
        "volumesLastMonth": volumes(&last), "volumesThisMonth": volumes(&this),
        "totalBalance": total_balance(books, affiliate).number(), "unpaidBalance": unpaid.number(),
        "totalLoginsLastMonth": logins(&last), "totalLoginsThisMonth": logins(&this),
        "last5SignIns": last_sign_ins(books, affiliate),
    })))
}

fn same_month(month: &Zoned, at: Timestamp) -> bool {
    let at = at.to_zoned(TimeZone::UTC);
    (at.year(), at.month()) == (month.year(), month.month())
}

fn traded(books: &Books, affiliate: AffiliateKey, when: impl Fn(Timestamp) -> bool) -> Cents {
    books.volumes.iter().filter(|volume| volume.affiliate == affiliate && when(volume.at)).map(|volume| volume.volume).sum()
}

/// The customers who logged in last, the latest first. The document does not show what one of `last5SignIns` has: some members of a
/// customer, under their names.
fn last_sign_ins(books: &Books, affiliate: AffiliateKey) -> Vec<Value> {
    let mut logins: Vec<_> = books.referred(affiliate).filter_map(|customer| Some((customer.logins.iter().max()?, customer))).collect();
    logins.sort_by_key(|(login, _)| std::cmp::Reverse(**login));
    let shown = logins.into_iter().take(5).map(|(login, customer)| {
        json!({
            "id": customer.id, "name": customer.text("name"), "email": customer.email(), "country": customer.text("country"),
            "lastLoginDate": login,
        })
    });
    shown.collect()
}

/// The affiliates that this one referred, and those that they did, in the order of their level. The document shows no member of one of
/// the `stats`: these are ours.
pub(super) fn downline(books: &mut Books, _: &Input, affiliate: AffiliateKey) -> Outcome {
    let mut stats: Vec<(usize, Value)> = (0..books.affiliates.len())
        .map(AffiliateKey)
        .filter_map(|below| {
            let level = level(books, affiliate, below)?;
            let statistics = json!({
                "id": books.affiliate(below).id, "name": books.affiliate(below).name, "level": level,
                "registrations": books.referred(below).count(),
                "ftds": books.referred(below).filter(|customer| customer.has_ftd()).count(),
                "volume": traded(books, below, |_| true).number(), "earnings": earned(books, below, |_| true).number(),
            });
            Some((level, statistics))
        })
        .collect();
    stats.sort_by_key(|(level, _)| *level);
    Ok(Done::json(json!({ "stats": stats.into_iter().map(|(_, statistics)| statistics).collect::<Vec<_>>() })))
}

/// How far below, from 1. A parent is always entered before a child, so this ends.
fn level(books: &Books, above: AffiliateKey, below: AffiliateKey) -> Option<usize> {
    let parent = books.affiliate(below).parent?;
    if parent == above { Some(1) } else { level(books, above, parent).map(|level| level + 1) }
}
