//! An affiliate's customers, commissions, payouts and means of promotion, as the dashboard shows them.
//!
//! The document has no dates of first deposits, only whether there was one; and its dashboard gives this month and the last in no
//! currency, so that earnings of any period are added up from the ledger. Only customers can be asked for by when they changed.

use std::collections::BTreeMap;

use async_trait::async_trait;
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use jiff::{Timestamp, ToSpan, tz::TimeZone};
use latchkey_contract::partner::{Creative, CreativeKind, LandingPage, Metric, Quantity, Table, Wallet};
use url::Url;

use super::{
    super::{
        Accounts, Affiliate, Arguments, CrmRecord, Extent, Offers, Partner, Question, RecordKind, Sink, Stage, Unanswered, partner::Balance,
    },
    Trading,
    customers::{self, Customer, OLDEST_FIRST},
    figures::{self, Commission, Order, Payout, Transaction},
    lenient::{Amount, Flag, Moment, Text},
    operations::Op,
    paging::{PAGE, Pages},
    promotion,
};

pub(in crate::crm) static OFFERS: Offers = Offers {
    kinds: &[RecordKind::Person, RecordKind::Transaction, RecordKind::Commission, RecordKind::Payout],
    tables: &[
        (Table::Leads, &["created", "status", "country", "source", "name", "email", "phone", "deposited", "total"]),
        (Table::Registrations, &["registered", "status", "country", "source", "name", "email", "phone", "deposited", "total"]),
        (Table::Transactions, &["date", "type", "amount", "currency", "status", "comment"]),
        (Table::Commissions, &["date", "type", "state", "amount", "corrected", "currency", "action", "paid", "person", "name"]),
        (Table::Payouts, &["requested", "state", "decided", "amount", "currency", "reason"]),
    ],
    metrics: &[Metric::Signups, Metric::Registrations, Metric::Conversion, Metric::Earnings, Metric::Cpa, Metric::Balance, Metric::Unpaid],
    sources: true,
    downline: true,
    servers: false,
    wallet: true,
    request_payout: true,
    links: true,
    creatives: true,
    buckets: false,
    joins_people: false,
};

/// The largest picture that is passed on, in bytes.
const LARGEST_PICTURE: usize = 512 * 1024;

fn question<'a>(op: Op, affiliate: &'a Affiliate) -> Question<'a> {
    Question { operation: op.id(), arguments: Arguments::default(), affiliate: Some(affiliate) }
}

#[async_trait]
impl Partner for Trading {
    fn offers(&self) -> &'static Offers {
        &OFFERS
    }

    async fn read(
        &self,
        affiliate: &Affiliate,
        kind: RecordKind,
        extent: Extent,
        _accounts: &Accounts,
        sink: &Sink,
    ) -> Result<(), Unanswered> {
        match kind {
            RecordKind::Person => self.read_customers(affiliate, extent, sink).await,
            RecordKind::Transaction => {
                let op = Op::GetAffiliateWalletAndTransactions;
                let all: figures::WalletAndTransactions = self.read_plain(op, &question(op, affiliate)).await?;
                sink.take(kind, all.transactions.into_iter().enumerate().map(transaction).collect()).await
            }
            RecordKind::Commission => self.read_commissions(affiliate, sink).await,
            RecordKind::Payout => self.read_payouts(affiliate, sink).await,
            RecordKind::Position => Err(Unanswered::Unsupported),
        }
    }

    async fn balance(&self, affiliate: &Affiliate) -> Result<Balance, Unanswered> {
        let op = Op::GetAffiliateDashboardData;
        let dashboard: figures::Dashboard = self.read_plain(op, &question(op, affiliate)).await?;
        let quantity = |amount: Option<Amount>| amount.map(|amount| Quantity { currency: String::new(), amount: amount.0 });
        Ok(Balance { balance: quantity(dashboard.total_balance), unpaid: quantity(dashboard.unpaid_balance) })
    }

    async fn sources(&self, affiliate: &Affiliate) -> Result<Vec<String>, Unanswered> {
        let op = Op::GetSourcesFromReferredCustomers;
        let sources: customers::Sources = self.read_plain(op, &question(op, affiliate)).await?;
        Ok(sources.0.into_iter().map(|source| source.0).collect())
    }

    async fn downline(&self, affiliate: &Affiliate) -> Result<Vec<BTreeMap<String, String>>, Unanswered> {
        let op = Op::GetDownlineStatistics;
        let downline: figures::Downline = self.read_plain(op, &question(op, affiliate)).await?;
        let text = |value: serde_json::Value| match value {
            serde_json::Value::String(text) => Some(text),
            serde_json::Value::Null => None,
            other => Some(other.to_string()),
        };
        let row = |members: BTreeMap<_, _>| members.into_iter().filter_map(|(name, value)| Some((name, text(value)?))).collect();
        Ok(downline.stats.into_iter().map(|stats| row(stats.0)).collect())
    }

    async fn wallets(&self, affiliate: &Affiliate) -> Result<Vec<Wallet>, Unanswered> {
        let wallets = self.all_wallets(&question(Op::GetWallets, affiliate)).await?.wallets;
        let wallet = |wallet: figures::Wallet| {
            let currency = wallet.currency.map(|currency| currency.0).unwrap_or_default();
            let balance = wallet.balance.map(|balance| Quantity { currency, amount: balance.0 });
            Wallet { id: wallet.id.0, status: wallet.status.map(|status| status.0), balance }
        };
        Ok(wallets.into_iter().map(wallet).collect())
    }

    async fn payout_pending(&self, affiliate: &Affiliate) -> Result<bool, Unanswered> {
        let op = Op::CheckPendingPayoutRequest;
        let pending: figures::Pending = self.read_plain(op, &question(op, affiliate)).await?;
        Ok(pending.has_pending_payout_request == Flag(true))
    }

    async fn ask_payout(&self, affiliate: &Affiliate, wallet: &str) -> Result<(), Unanswered> {
        let wallet: u64 = wallet.parse().map_err(|_| Unanswered::Argument("wallet: is no wallet's id".to_owned()))?;
        let mut question = question(Op::CreatePayoutRequest, affiliate);
        question.arguments.0.insert("payoutWalletId".to_owned(), wallet.into());
        self.request_payout(&question).await.map(|_| ())
    }

    async fn landing_pages(&self, affiliate: &Affiliate) -> Result<Vec<LandingPage>, Unanswered> {
        let op = Op::GetAffiliateLandingPages;
        let pages: promotion::LandingPages = self.read_plain(op, &question(op, affiliate)).await?;
        let shown = |page: promotion::LandingPage| {
            let url = web_address(&page.url?.0)?;
            Some(LandingPage { name: page.name.map_or_else(|| url.clone(), |name| name.0), url })
        };
        Ok(pages.landing_pages.into_iter().filter_map(shown).collect())
    }

    async fn creatives(&self, affiliate: &Affiliate) -> Result<Vec<Creative>, Unanswered> {
        let op = Op::GetActiveBanner;
        let active: promotion::ActiveBanner = self.read_plain(op, &question(op, affiliate)).await?;
        let Some(banner) = active.banner else { return Ok(Vec::new()) };
        let image = match &banner.token {
            Some(token) => self.picture(affiliate, token).await?,
            None => None,
        };
        let link = banner.link.and_then(|link| web_address(&link.0));
        let name = banner.name.map(|name| name.0).unwrap_or_default();
        Ok(vec![Creative { kind: CreativeKind::Banner, name, link, image }])
    }
}

impl Trading {
    async fn read_customers(&self, affiliate: &Affiliate, extent: Extent, sink: &Sink) -> Result<(), Unanswered> {
        let question = question(Op::AffiliateGetCustomers, affiliate);
        let updated_since = match extent {
            Extent::Whole => None,
            // A day, of a zone that the document does not name.
            Extent::Since(since) => Some((since - 24.hours()).to_zoned(TimeZone::UTC).date()),
        };
        let wish = customers::Wish::since(updated_since);
        let mut pages = Pages::new(|id: &String| id);
        loop {
            let page = self.page_of_customers(&question, &wish, PAGE, pages.offset, OLDEST_FIRST).await?;
            let ids = page.customers.iter().map(|customer| customer.id.0.clone()).collect();
            sink.take(RecordKind::Person, page.customers.into_iter().map(customer).collect()).await?;
            if !pages.take(ids, page.pages.map(|pages| pages.0))? {
                return Ok(());
            }
        }
    }

    async fn read_commissions(&self, affiliate: &Affiliate, sink: &Sink) -> Result<(), Unanswered> {
        let op = Op::GetCommissionLedgerRecords;
        let mut pages = Pages::new(|id: &String| id);
        loop {
            let call = self.listing(op, Some(PAGE), Some(pages.offset), Some(Order::Ascending), &[]);
            let ledger: figures::Ledger = self.read(op, &question(op, affiliate), call).await?;
            let ids = ledger.commission_ledger.iter().map(|commission| commission.id.0.clone()).collect();
            sink.take(RecordKind::Commission, ledger.commission_ledger.into_iter().map(commission).collect()).await?;
            if !pages.take(ids, None)? {
                return Ok(());
            }
        }
    }

    async fn read_payouts(&self, affiliate: &Affiliate, sink: &Sink) -> Result<(), Unanswered> {
        let op = Op::GetPayoutRequests;
        let mut pages = Pages::new(|id: &String| id);
        loop {
            let call = self.listing(op, Some(PAGE), Some(pages.offset), Some(Order::Ascending), &[]);
            let payouts: figures::Payouts = self.read(op, &question(op, affiliate), call).await?;
            let ids = payouts.payout_requests.iter().map(|payout| payout.id.0.clone()).collect();
            sink.take(RecordKind::Payout, payouts.payout_requests.into_iter().map(payout).collect()).await?;
            if !pages.take_counted(ids, payouts.count.map(|count| count.0))? {
                return Ok(());
            }
        }
    }

    /// A banner's file, where it is a picture that can do nothing but be looked at.
    async fn picture(&self, affiliate: &Affiliate, token: &Text) -> Result<Option<String>, Unanswered> {
        let op = Op::GetBannerFile;
        let file = self.whole(op, &question(op, affiliate), self.call(op, &[("token", &token.0)]).long()).await?;
        let kind = promotion::content_type(&file.body).filter(|kind| kind.starts_with("image/") && *kind != "image/svg+xml");
        let kind = kind.filter(|_| file.body.len() <= LARGEST_PICTURE);
        Ok(kind.map(|kind| format!("data:{kind};base64,{}", BASE64.encode(&file.body))))
    }
}

fn text(text: Option<Text>) -> Option<String> {
    text.map(|text| text.0)
}

fn amount(amount: Option<Amount>) -> Option<String> {
    amount.map(|amount| amount.0)
}

fn at(moment: Option<Moment>) -> Option<Timestamp> {
    moment.map(|moment| moment.0)
}

fn customer(customer: Customer) -> CrmRecord {
    let parts: Vec<String> = [customer.firstname, customer.lastname].into_iter().filter_map(text).filter(|part| !part.is_empty()).collect();
    let name = text(customer.name).filter(|name| !name.is_empty()).or_else(|| (!parts.is_empty()).then(|| parts.join(" ")));
    CrmRecord {
        id: customer.id.0,
        at: at(customer.created_at),
        stage: Some(Stage::Customer),
        deposited: customer.has_ftd == Some(Flag(true)),
        status: text(customer.status),
        country: text(customer.country),
        source: text(customer.source),
        amount: amount(customer.deposit_total),
        name,
        email: text(customer.email),
        phone: text(customer.mobilenumber),
        ..CrmRecord::default()
    }
}

/// The document shows no id of it: then it is what stands in its place.
fn transaction((index, transaction): (usize, Transaction)) -> CrmRecord {
    CrmRecord {
        id: text(transaction.id).unwrap_or_else(|| format!("#{}", index + 1)),
        at: at(transaction.created_at),
        status: text(transaction.status),
        kind: text(transaction.r#type),
        currency: text(transaction.currency),
        amount: amount(transaction.amount),
        about: text(transaction.comment),
        ..CrmRecord::default()
    }
}

fn commission(commission: Commission) -> CrmRecord {
    let state = if commission.payout_at.is_some() { "paid" } else { "pending" };
    let referral = commission.referral;
    CrmRecord {
        id: commission.id.0,
        at: at(commission.action_timestamp).or(at(commission.created_at)),
        other_at: at(commission.payout_at),
        status: Some(state.to_owned()),
        kind: text(commission.commission_type),
        currency: text(commission.currency),
        amount: amount(commission.commission_amount),
        second: amount(commission.corrected_commission_amount),
        about: text(commission.action_type),
        person: text(commission.referral_id).or_else(|| text(referral.as_ref()?.id.clone())),
        name: referral.and_then(|referral| text(referral.name)),
        ..CrmRecord::default()
    }
}

fn payout(payout: Payout) -> CrmRecord {
    let state = match (payout.approved_at, payout.rejected_at) {
        (Some(_), _) => "approved",
        (None, Some(_)) => "rejected",
        (None, None) => "pending",
    };
    let (sum, currency) = payout.transaction.map_or((None, None), |transaction| (amount(transaction.amount), text(transaction.currency)));
    CrmRecord {
        id: payout.id.0,
        at: at(payout.requested_at).or(at(payout.created_at)),
        other_at: at(payout.approved_at).or(at(payout.rejected_at)),
        status: Some(state.to_owned()),
        amount: sum,
        currency: currency.or_else(|| text(payout.payout_wallet?.currency)),
        about: text(payout.reject_reason),
        ..CrmRecord::default()
    }
}

/// An address that a browser may be given: the web's, over https.
fn web_address(text: &str) -> Option<String> {
    Url::parse(text).ok().filter(|url| url.scheme() == "https" && url.host().is_some()).map(Into::into)
}
