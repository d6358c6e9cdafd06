//! Section "Commissions", the affiliate's part of it: "Get commission ledger records", "Get payout requests", "Check if a user has a
//! pending payout request", "Get a payout request" (the one that answers `payoutRequest`), "Create a payout request".
//!
//! What a record has is not shown there, but under "Get a commission ledger" and the other "Get a payout request".

use jiff::Timestamp;
use serde_json::{Value, json};

use super::account::{own_wallets, shown as shown_wallet};
use super::answers::{Done, Outcome, Refusal};
use super::books::{AffiliateKey, Books};
use super::documented::DEFAULT_LIMIT;
use super::input::Input;
use super::money::Cents;

#[derive(Debug, Clone)]
pub(super) struct Commission {
    pub(super) id: u64,
    pub(super) affiliate: AffiliateKey,
    /// The customer's id; empty where it is for nobody in particular.
    pub(super) referral_id: String,
    pub(super) r#type: String,
    pub(super) action_type: String,
    pub(super) action_details: String,
    pub(super) amount: Cents,
    pub(super) corrected_amount: Option<Cents>,
    pub(super) currency: String,
    pub(super) action_timestamp: Timestamp,
    pub(super) payout_at: Option<Timestamp>,
    pub(super) admin_comments: Option<String>,
}

impl Commission {
    /// What it comes to: a correction takes the place of what was first reckoned.
    pub(super) fn due(&self) -> Cents {
        self.corrected_amount.unwrap_or(self.amount)
    }

    fn status(&self) -> &'static str {
        if self.payout_at.is_some() { "PAIDOUT" } else { "PENDING" }
    }

    fn shown(&self, books: &Books) -> Value {
        let referral = books.customers.iter().find(|customer| customer.id == self.referral_id);
        json!({
            "id": self.id, "introducerId": books.affiliate(self.affiliate).id, "introducer": introducer(books, self.affiliate),
            "referralId": self.referral_id,
            "referral": referral.map(|customer| json!({ "id": customer.id, "name": customer.text("name"), "email": customer.email() })),
            "commissionType": self.r#type, "actionType": self.action_type, "actionDetails": self.action_details,
            "commissionAmount": self.amount.number(), "correctedCommissionAmount": self.corrected_amount.map(Cents::number),
            "currency": self.currency, "actionTimestamp": self.action_timestamp, "payoutAt": self.payout_at,
            "updatedAt": self.payout_at.unwrap_or(self.action_timestamp), "adminComments": self.admin_comments,
            "createdAt": self.action_timestamp, "adminId": null, "admin": null,
        })
    }
}

#[derive(Debug, Clone)]
pub(super) struct Payout {
    pub(super) id: u64,
    pub(super) affiliate: AffiliateKey,
    pub(super) wallet: u64,
    pub(super) requested_at: Timestamp,
    pub(super) approved_at: Option<Timestamp>,
    pub(super) rejected_at: Option<Timestamp>,
    pub(super) reject_reason: Option<String>,
    pub(super) transaction_id: Option<String>,
}

impl Payout {
    fn status(&self) -> &'static str {
        match (self.approved_at, self.rejected_at) {
            (_, Some(_)) => "REJECTED",
            (Some(_), None) => "APPROVED",
            (None, None) => "PENDING",
        }
    }

    fn shown(&self, books: &Books) -> Value {
        let wallet = books.wallets.iter().find(|wallet| wallet.id == self.wallet);
        let transaction = self.transaction_id.as_ref().and_then(|id| books.transactions.iter().find(|known| known.id == *id));
        json!({
            "id": self.id, "introducerId": books.affiliate(self.affiliate).id, "introducer": introducer(books, self.affiliate),
            "payoutWalletId": self.wallet, "payoutWallet": wallet.map(|wallet| shown_wallet(books, wallet)),
            "requestedAt": self.requested_at, "approvedAt": self.approved_at, "rejectedAt": self.rejected_at,
            "rejectReason": self.reject_reason, "updatedAt": self.rejected_at.or(self.approved_at).unwrap_or(self.requested_at),
            "createdAt": self.requested_at, "transactionId": self.transaction_id, "transaction": transaction, "adminId": null,
            "admin": null,
        })
    }
}

/// The document shows an empty object; these members are ours.
fn introducer(books: &Books, affiliate: AffiliateKey) -> Value {
    let affiliate = books.affiliate(affiliate);
    json!({ "id": affiliate.id, "name": affiliate.name })
}

pub(super) fn ledger(books: &mut Books, input: &Input, affiliate: AffiliateKey) -> Outcome {
    let mut own: Vec<_> = books.commissions.iter().filter(|commission| commission.affiliate == affiliate).collect();
    own.retain(|commission| wanted(input, commission.status()));
    own.sort_by_key(|commission| commission.action_timestamp);
    let records: Vec<_> = page(input, own).into_iter().map(|commission| commission.shown(books)).collect();
    Ok(Done::json(json!({ "commissionLedger": records })))
}

/// `count` is of all that the filter lets through, or it would say no more than the list does.
pub(super) fn payouts(books: &mut Books, input: &Input, affiliate: AffiliateKey) -> Outcome {
    let mut own: Vec<_> = books.payouts.iter().filter(|payout| payout.affiliate == affiliate).collect();
    own.retain(|payout| wanted(input, payout.status()));
    own.sort_by_key(|payout| payout.requested_at);
    let count = own.len();
    let requests: Vec<_> = page(input, own).into_iter().map(|payout| payout.shown(books)).collect();
    Ok(Done::json(json!({ "payoutRequests": requests, "count": count })))
}

fn wanted(input: &Input, status: &str) -> bool {
    let mut statuses = input.query.all("statuses").peekable();
    statuses.peek().is_none() || statuses.any(|wanted| wanted == status)
}

/// By time, the oldest first unless `order` says otherwise, of which the document gives no default.
fn page<T>(input: &Input, mut all: Vec<T>) -> Vec<T> {
    if input.query.first("order") == Some("DESC") {
        all.reverse();
    }
    all.into_iter().skip(input.query.number("offset").unwrap_or(0)).take(input.query.number("limit").unwrap_or(DEFAULT_LIMIT)).collect()
}

pub(super) fn payout(books: &mut Books, input: &Input, affiliate: AffiliateKey) -> Outcome {
    // The path parameter is a number.
    let id: u64 = input.parameter.parse().map_err(|_| Refusal::invalid("Parameter \"id\" must be a number"))?;
    let payout = books.payouts.iter().find(|payout| payout.id == id && payout.affiliate == affiliate);
    let payout = payout.ok_or_else(|| Refusal::not_found("Payout request not found"))?;
    Ok(Done::json(json!({ "payoutRequest": payout.shown(books) })))
}

pub(super) fn has_pending(books: &mut Books, _: &Input, affiliate: AffiliateKey) -> Outcome {
    Ok(Done::json(json!({ "hasPendingPayoutRequest": is_pending(books, affiliate) })))
}

fn is_pending(books: &Books, affiliate: AffiliateKey) -> bool {
    books.payouts.iter().any(|payout| payout.affiliate == affiliate && payout.status() == "PENDING")
}

/// That there can be but one at a time is ours: it is what "Check if a user has a pending payout request" is for.
pub(super) fn request_payout(books: &mut Books, input: &Input, affiliate: AffiliateKey) -> Outcome {
    let wallet = input.body.get("payoutWalletId").and_then(Value::as_u64).unwrap_or_default();
    if !own_wallets(books, affiliate).any(|own| own.id == wallet) {
        return Err(Refusal::invalid("Field \"payoutWalletId\" is not a wallet of yours"));
    }
    if is_pending(books, affiliate) {
        return Err(Refusal::invalid("A payout request is already pending"));
    }
    let id = books.number();
    books.payouts.push(Payout {
        id,
        affiliate,
        wallet,
        requested_at: Timestamp::now(),
        approved_at: None,
        rejected_at: None,
        reject_reason: None,
        transaction_id: None,
    });
    Ok(Done::json(json!({ "success": true })))
}
