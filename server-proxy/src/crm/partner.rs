//! What an affiliate's dashboard asks of a CRM. Records are read into the mirror, page by page; the affiliate's own affairs are asked for
//! as they are wanted. Everything is the affiliate's and nobody else's: an adapter that cannot tell leaves the record out.

use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::Timestamp;
use latchkey_contract::partner::{BucketLead, Creative, KeyBy, LandingPage, Metric, Quantity, Table, Wallet};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;

use super::{Affiliate, Trouble, Unanswered, row};

/// What the mirror holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum RecordKind {
    Person,
    Transaction,
    Position,
    Commission,
    Payout,
}

impl RecordKind {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            RecordKind::Person => "person",
            RecordKind::Transaction => "transaction",
            RecordKind::Position => "position",
            RecordKind::Commission => "commission",
            RecordKind::Payout => "payout",
        }
    }

    /// The kind that a table's rows are of.
    pub(crate) const fn of(table: Table) -> RecordKind {
        match table {
            Table::Leads | Table::Registrations => RecordKind::Person,
            Table::Transactions => RecordKind::Transaction,
            Table::Positions => RecordKind::Position,
            Table::Commissions => RecordKind::Commission,
            Table::Payouts => RecordKind::Payout,
        }
    }
}

/// What a CRM can show an affiliate.
#[derive(Debug)]
pub(crate) struct Offers {
    /// In the order in which they are read: people first, since others are told to be the affiliate's by them.
    pub(crate) kinds: &'static [RecordKind],
    /// The tables that it fills, and which of their columns.
    pub(crate) tables: &'static [(Table, &'static [&'static str])],
    pub(crate) metrics: &'static [Metric],
    pub(crate) sources: bool,
    pub(crate) downline: bool,
    pub(crate) servers: bool,
    pub(crate) wallet: bool,
    pub(crate) request_payout: bool,
    pub(crate) links: bool,
    pub(crate) creatives: bool,
    pub(crate) buckets: bool,
    /// Whether a person is put together: of a lead and the customer it became, and of their transactions, which tell what they have
    /// deposited. Else one record says it all.
    pub(crate) joins_people: bool,
}

/// Which records are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    Whole,
    /// Those that came, and as far as the CRM tells also those that changed, since then; more do no harm.
    Since(Timestamp),
}

/// A person's part in a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    Lead,
    Customer,
}

/// One record of a CRM, normalised. What it has not is absent.
#[derive(Clone, Debug, Default)]
pub(crate) struct CrmRecord {
    pub(crate) id: String,
    /// Created, made, closed, or asked for; of a customer who was a lead before, when they became a customer.
    pub(crate) at: Option<Timestamp>,
    pub(crate) stage: Option<Stage>,
    /// Whether they have deposited, and when first.
    pub(crate) deposited: bool,
    pub(crate) deposited_at: Option<Timestamp>,
    /// Opened, paid, decided.
    pub(crate) other_at: Option<Timestamp>,
    pub(crate) status: Option<String>,
    pub(crate) kind: Option<String>,
    pub(crate) country: Option<String>,
    pub(crate) source: Option<String>,
    pub(crate) sub_id: Option<String>,
    pub(crate) campaign: Option<String>,
    pub(crate) currency: Option<String>,
    /// Decimal text: a total of deposits, an amount, a profit.
    pub(crate) amount: Option<String>,
    /// A volume, a corrected amount.
    pub(crate) second: Option<String>,
    pub(crate) is_fake: bool,
    /// Whether it is a person's deposit.
    pub(crate) is_deposit: bool,
    pub(crate) account: Option<String>,
    pub(crate) server: Option<String>,
    /// A symbol, a comment, a reason.
    pub(crate) about: Option<String>,
    /// The id of the person whose it is.
    pub(crate) person: Option<String>,
    /// A person's trading accounts: log-in and server.
    pub(crate) accounts: Vec<(String, String)>,
    pub(crate) name: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) phone: Option<String>,
}

/// Whose a trading account is: by log-in and server, the person's id.
pub(crate) type Accounts = BTreeMap<(String, String), String>;

/// Takes what is read, a page at a time.
#[derive(Clone, Debug)]
pub(crate) struct Sink(mpsc::Sender<(RecordKind, Vec<CrmRecord>)>);

impl Sink {
    /// Holds one page that was not taken yet: reading goes no faster than writing.
    pub(crate) fn new() -> (Sink, mpsc::Receiver<(RecordKind, Vec<CrmRecord>)>) {
        let (sender, receiver) = mpsc::channel(1);
        (Sink(sender), receiver)
    }

    pub(crate) async fn take(&self, kind: RecordKind, records: Vec<CrmRecord>) -> Result<(), Unanswered> {
        let sent = self.0.send((kind, records)).await;
        sent.map_err(|_| Unanswered::Unreachable(Trouble::new("what is read cannot be kept")))
    }
}

/// What the CRM says an affiliate has, now.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Balance {
    pub(crate) balance: Option<Quantity>,
    pub(crate) unpaid: Option<Quantity>,
}

/// A look-up in one of the affiliate's buckets.
#[derive(Clone, Debug)]
pub(crate) struct BucketWish<'a> {
    pub(crate) bucket: &'a str,
    pub(crate) source: Option<&'a str>,
    pub(crate) emails: &'a [String],
    pub(crate) ids: &'a [String],
    pub(crate) key_by: KeyBy,
    pub(crate) created: Option<[Timestamp; 2]>,
    pub(crate) limit: Option<u64>,
    pub(crate) offset: Option<u64>,
}

/// What a CRM answers an affiliate; what it [`Partner::offers`] is asked for, and nothing else.
#[async_trait]
pub(crate) trait Partner: Send + Sync {
    fn offers(&self) -> &'static Offers;

    /// Reads records of one kind. `accounts` are those of the people who are mirrored.
    async fn read(
        &self,
        affiliate: &Affiliate,
        kind: RecordKind,
        extent: Extent,
        accounts: &Accounts,
        sink: &Sink,
    ) -> Result<(), Unanswered>;

    async fn balance(&self, _affiliate: &Affiliate) -> Result<Balance, Unanswered> {
        Err(Unanswered::Unsupported)
    }

    async fn sources(&self, _affiliate: &Affiliate) -> Result<Vec<String>, Unanswered> {
        Err(Unanswered::Unsupported)
    }

    async fn downline(&self, _affiliate: &Affiliate) -> Result<Vec<BTreeMap<String, String>>, Unanswered> {
        Err(Unanswered::Unsupported)
    }

    async fn servers(&self, _affiliate: &Affiliate) -> Result<BTreeMap<String, Vec<String>>, Unanswered> {
        Err(Unanswered::Unsupported)
    }

    async fn wallets(&self, _affiliate: &Affiliate) -> Result<Vec<Wallet>, Unanswered> {
        Err(Unanswered::Unsupported)
    }

    async fn payout_pending(&self, _affiliate: &Affiliate) -> Result<bool, Unanswered> {
        Err(Unanswered::Unsupported)
    }

    /// Asks for a payout of all that is in one of the affiliate's wallets.
    async fn ask_payout(&self, _affiliate: &Affiliate, _wallet: &str) -> Result<(), Unanswered> {
        Err(Unanswered::Unsupported)
    }

    async fn landing_pages(&self, _affiliate: &Affiliate) -> Result<Vec<LandingPage>, Unanswered> {
        Err(Unanswered::Unsupported)
    }

    async fn creatives(&self, _affiliate: &Affiliate) -> Result<Vec<Creative>, Unanswered> {
        Err(Unanswered::Unsupported)
    }

    async fn bucket_leads(&self, _affiliate: &Affiliate, _wish: &BucketWish<'_>) -> Result<BTreeMap<String, BucketLead>, Unanswered> {
        Err(Unanswered::Unsupported)
    }
}

/// A moment as CRMs write them; one that names no zone, and a day, are UTC's.
pub(super) fn moment(text: &str) -> Option<Timestamp> {
    let local = || text.parse::<jiff::civil::DateTime>().ok().or_else(|| Some(text.parse::<jiff::civil::Date>().ok()?.at(0, 0, 0, 0)));
    text.parse().ok().or_else(|| Some(local()?.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp()))
}

/// Whether a transaction's type says that somebody has paid in.
pub(super) fn is_deposit(kind: &str) -> bool {
    row::plain(kind) == "deposit"
}
