//! What an affiliate has earned: "Get affiliate wallet and transactions", "Wallets", "Dashboard", "Analytics", "Commissions".

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    super::{Question, Trouble, Unanswered, ask::serialised, client::Call},
    Trading,
    ask::Done,
    lenient::{Amount, Count, Flag, Loose, Moment, Named, Text},
    operations::Op,
    paging::{PAGE, Pages},
};

/// "Get affiliate wallet and transactions"; an affiliate may have no wallet yet, and the answer says so.
#[derive(Deserialize, Serialize)]
pub(super) struct WalletAndTransactions {
    #[serde(deserialize_with = "Option::deserialize")]
    pub(super) wallet: Option<Wallet>,
    pub(super) transactions: Vec<Transaction>,
}

/// The members of "Get wallet by id" that are about the wallet itself.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Wallet {
    pub(super) id: Text,
    customer_id: Option<Text>,
    platform: Option<Text>,
    pub(super) status: Option<Text>,
    pub(super) currency: Option<Text>,
    pub(super) balance: Option<Amount>,
    credit: Option<Amount>,
    equity: Option<Amount>,
    group_id: Option<Text>,
    leverage: Option<Amount>,
    is_demo: Option<Flag>,
    created_at: Option<Moment>,
    updated_at: Option<Moment>,
}

/// The document shows none; these are the members that are given when one is made.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Transaction {
    pub(super) id: Option<Text>,
    pub(super) r#type: Option<Text>,
    pub(super) amount: Option<Amount>,
    pub(super) currency: Option<Text>,
    method: Option<Text>,
    pub(super) comment: Option<Text>,
    pub(super) status: Option<Text>,
    pub(super) created_at: Option<Moment>,
    updated_at: Option<Moment>,
}

/// "Get wallets": all at once, since it takes no parameters.
#[derive(Deserialize, Serialize)]
pub(super) struct Wallets {
    pub(super) wallets: Vec<Wallet>,
    pages: Option<Count>,
}

/// "Get affiliate dashboard data": this month and the last, in no currency that it names.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Dashboard {
    sign_ups_last_month: Count,
    /// Spelt so in the document.
    signups_this_month: Count,
    earnings_last_month: Amount,
    earnings_this_month: Amount,
    cpas_last_month: Option<Amount>,
    cpas_this_month: Option<Amount>,
    volumes_last_month: Option<Amount>,
    volumes_this_month: Option<Amount>,
    pub(super) total_balance: Option<Amount>,
    pub(super) unpaid_balance: Option<Amount>,
    total_logins_last_month: Option<Count>,
    total_logins_this_month: Option<Count>,
    #[serde(rename = "last5SignIns")]
    last_sign_ins: Option<Vec<SignIn>>,
}

/// The document shows none; these are some of a customer's members.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct SignIn {
    id: Option<Text>,
    name: Option<Text>,
    email: Option<Text>,
    country: Option<Text>,
    last_login_date: Option<Moment>,
}

#[derive(Deserialize, Serialize)]
pub(super) struct Earnings {
    earnings: Amount,
}

#[derive(Deserialize, Serialize)]
pub(super) struct Balance {
    balance: Amount,
}

/// "Get downline statistics": the document shows no member of one of them.
#[derive(Deserialize, Serialize)]
pub(super) struct Downline {
    pub(super) stats: Vec<Loose>,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Pending {
    pub(super) has_pending_payout_request: Flag,
}

/// "Get a commission ledger"
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Commission {
    pub(super) id: Text,
    introducer_id: Option<Text>,
    introducer: Option<Named>,
    pub(super) referral_id: Option<Text>,
    pub(super) referral: Option<Named>,
    pub(super) commission_type: Option<Text>,
    pub(super) action_type: Option<Text>,
    pub(super) action_details: Option<Text>,
    pub(super) commission_amount: Option<Amount>,
    pub(super) corrected_commission_amount: Option<Amount>,
    pub(super) currency: Option<Text>,
    pub(super) action_timestamp: Option<Moment>,
    pub(super) payout_at: Option<Moment>,
    updated_at: Option<Moment>,
    pub(super) created_at: Option<Moment>,
    admin_comments: Option<Text>,
}

/// "Get a payout request"
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Payout {
    pub(super) id: Text,
    introducer_id: Option<Text>,
    introducer: Option<Named>,
    payout_wallet_id: Option<Text>,
    pub(super) payout_wallet: Option<Wallet>,
    pub(super) requested_at: Option<Moment>,
    pub(super) approved_at: Option<Moment>,
    pub(super) rejected_at: Option<Moment>,
    pub(super) reject_reason: Option<Text>,
    updated_at: Option<Moment>,
    pub(super) created_at: Option<Moment>,
    transaction_id: Option<Text>,
    pub(super) transaction: Option<Transaction>,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Ledger {
    pub(super) commission_ledger: Vec<Commission>,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Payouts {
    pub(super) payout_requests: Vec<Payout>,
    pub(super) count: Option<Count>,
}

#[derive(Clone, Copy, Deserialize)]
pub(super) enum Order {
    #[serde(rename = "ASC")]
    Ascending,
    #[serde(rename = "DESC")]
    Descending,
}

/// The query of "Get commission ledger records" and "Get payout requests"; `all` asks page after page.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish<Status> {
    #[serde(default)]
    all: bool,
    limit: Option<u32>,
    offset: Option<u32>,
    order: Option<Order>,
    #[serde(default = "Vec::new")]
    statuses: Vec<Status>,
}

/// The document names those of commissions.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum CommissionStatus {
    Pending,
    Paidout,
}

impl CommissionStatus {
    fn as_str(self) -> &'static str {
        match self {
            CommissionStatus::Pending => "PENDING",
            CommissionStatus::Paidout => "PAIDOUT",
        }
    }
}

impl<Status> Wish<Status> {
    fn check(&self) -> Result<(), Unanswered> {
        if self.all && (self.limit.is_some() || self.offset.is_some()) {
            return Err(Unanswered::Argument("all takes neither limit nor offset".to_owned()));
        }
        Ok(())
    }
}

impl Trading {
    /// "Get commission ledger records"
    pub(super) async fn ledger(&self, question: &Question<'_>) -> Result<Value, Unanswered> {
        let wish: Wish<CommissionStatus> = question.arguments.read()?;
        wish.check()?;
        let statuses: Vec<_> = wish.statuses.iter().map(|status| status.as_str()).collect();
        if !wish.all {
            let call = self.listing(Op::GetCommissionLedgerRecords, wish.limit, wish.offset, wish.order, &statuses);
            let ledger: Ledger = self.read(Op::GetCommissionLedgerRecords, question, call).await?;
            return serialised(&ledger);
        }
        let mut pages = Pages::new(|commission: &Commission| &commission.id.0);
        loop {
            let call = self.listing(Op::GetCommissionLedgerRecords, Some(PAGE), Some(pages.offset), wish.order, &statuses);
            let ledger: Ledger = self.read(Op::GetCommissionLedgerRecords, question, call).await?;
            if !pages.take(ledger.commission_ledger, None)? {
                return serialised(&json!({ "commissionLedger": pages.all() }));
            }
        }
    }

    /// "Get payout requests"; the document does not name its statuses.
    pub(super) async fn payouts(&self, question: &Question<'_>) -> Result<Value, Unanswered> {
        let wish: Wish<Text> = question.arguments.read()?;
        wish.check()?;
        let statuses: Vec<_> = wish.statuses.iter().map(|status| status.0.as_str()).collect();
        if !wish.all {
            let call = self.listing(Op::GetPayoutRequests, wish.limit, wish.offset, wish.order, &statuses);
            let payouts: Payouts = self.read(Op::GetPayoutRequests, question, call).await?;
            return serialised(&payouts);
        }
        let mut pages = Pages::new(|payout: &Payout| &payout.id.0);
        loop {
            let call = self.listing(Op::GetPayoutRequests, Some(PAGE), Some(pages.offset), wish.order, &statuses);
            let payouts: Payouts = self.read(Op::GetPayoutRequests, question, call).await?;
            if !pages.take_counted(payouts.payout_requests, payouts.count.map(|count| count.0))? {
                return serialised(&json!({ "payoutRequests": pages.all() }));
            }
        }
    }

    pub(super) fn listing(&self, op: Op, limit: Option<u32>, offset: Option<u32>, order: Option<Order>, statuses: &[&str]) -> Call {
        let call = self.call(op, &[]).long();
        let call = call.maybe("limit", limit.map(|limit| limit.to_string())).maybe("offset", offset.map(|offset| offset.to_string()));
        let order = order.map(|order| match order {
            Order::Ascending => "ASC",
            Order::Descending => "DESC",
        });
        statuses.iter().fold(call.maybe("order", order), |call, status| call.query("statuses", *status))
    }

    /// "Get a payout request", the affiliate's own. What its `limit` and `offset` mean for one request, the document does not say.
    pub(super) async fn payout(&self, question: &Question<'_>) -> Result<Value, Unanswered> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Wish {
            id: u64,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct One {
            payout_request: Payout,
        }
        let wish: Wish = question.arguments.read()?;
        let call = self.call(Op::GetPayoutRequest, &[("id", &wish.id.to_string())]);
        let one: One = self.read(Op::GetPayoutRequest, question, call).await?;
        serialised(&one.payout_request)
    }

    /// "Create a payout request": of all that is in the wallet, since it takes no amount.
    pub(super) async fn request_payout(&self, question: &Question<'_>) -> Result<Value, Unanswered> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        struct Wish {
            payout_wallet_id: u64,
        }
        let wish: Wish = question.arguments.read()?;
        let op = Op::CreatePayoutRequest;
        let call = self.call(op, &[]).json(&json!({ "payoutWalletId": wish.payout_wallet_id }));
        let done: Done = self.read(op, question, call).await?;
        done.checked()
    }

    /// "Get wallets"
    pub(super) async fn wallets(&self, question: &Question<'_>) -> Result<Value, Unanswered> {
        serialised(&self.all_wallets(question).await?)
    }

    /// More than the one page that can be asked for would be lost, so it is said.
    pub(super) async fn all_wallets(&self, question: &Question<'_>) -> Result<Wallets, Unanswered> {
        let wallets: Wallets = self.read_plain(Op::GetWallets, question).await?;
        if wallets.pages.is_some_and(|pages| pages.0 > 1) {
            return Err(Unanswered::Unreadable(Trouble::new("there are further pages, and the document has no way to ask for them")));
        }
        Ok(wallets)
    }
}
