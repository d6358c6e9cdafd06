//! Overview and series.

use serde::{Deserialize, Serialize};

/// What can be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Metric {
    /// People who came: leads, and customers who never were one.
    Signups,
    /// People who became customers.
    Registrations,
    /// People whose first deposit was then.
    FirstDeposits,
    /// What was deposited, fake ones left out.
    Deposits,
    /// Of those who signed up in the period, the share that has deposited by now: `"0.125"`.
    Conversion,
    /// What was traded, in lots.
    Volume,
    /// Commissions, corrected where they were.
    Earnings,
    /// Those of them that are paid for an acquisition.
    Cpa,
    /// What the CRM says there is now; in no period.
    Balance,
    /// What of it was not paid out; in no period.
    Unpaid,
}

impl Metric {
    pub const ALL: [Metric; 10] = [
        Metric::Signups,
        Metric::Registrations,
        Metric::FirstDeposits,
        Metric::Deposits,
        Metric::Conversion,
        Metric::Volume,
        Metric::Earnings,
        Metric::Cpa,
        Metric::Balance,
        Metric::Unpaid,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Metric::Signups => "signups",
            Metric::Registrations => "registrations",
            Metric::FirstDeposits => "firstDeposits",
            Metric::Deposits => "deposits",
            Metric::Conversion => "conversion",
            Metric::Volume => "volume",
            Metric::Earnings => "earnings",
            Metric::Cpa => "cpa",
            Metric::Balance => "balance",
            Metric::Unpaid => "unpaid",
        }
    }

    pub fn parse(text: &str) -> Option<Metric> {
        Metric::ALL.into_iter().find(|metric| metric.as_str() == text)
    }

    pub fn unit(self) -> Unit {
        match self {
            Metric::Signups | Metric::Registrations | Metric::FirstDeposits => Unit::Count,
            Metric::Conversion => Unit::Ratio,
            Metric::Volume => Unit::Number,
            Metric::Deposits | Metric::Earnings | Metric::Cpa | Metric::Balance | Metric::Unpaid => Unit::Money,
        }
    }

    /// Whether it is of a period; what is not, is as it is now.
    pub fn is_of_period(self) -> bool {
        !matches!(self, Metric::Balance | Metric::Unpaid)
    }
}

/// How a metric's amounts are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    Count,
    /// Of 1.
    Ratio,
    Number,
    Money,
}

/// An amount. A metric has one for each currency that occurs, by its code; one with currency `""` where it is no money, or where the
/// CRM names no currency. Of money there may be none at all: nothing was earned in any currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quantity {
    pub currency: String,
    /// Decimal text.
    pub amount: String,
}

/// One metric, in the period and in the one of the same length before it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    pub metric: Metric,
    pub unit: Unit,
    pub now: Vec<Quantity>,
    /// Absent where there is no period ([`Metric::is_of_period`]). Those without sign-ups have no conversion: then it is empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Vec<Quantity>>,
}

/// Days, both included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    pub from: String,
    pub to: String,
}

/// How old an answer is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Age {
    /// When the CRM was last asked with success, RFC 3339 in UTC. Absent where it never was: then what is here is nothing yet, or not all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<String>,
    /// Older than it ought to be: the CRM did not answer lately.
    pub stale: bool,
    /// The CRM is being asked now: ask again in a moment.
    pub syncing: bool,
}

/// The body of `GET /overview`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Overview {
    pub period: Period,
    /// The period before, of as many days.
    pub before: Period,
    pub tz: String,
    /// In the order of [`super::Capabilities::metrics`]. A metric whose source does not answer at all is left out.
    pub figures: Vec<Figure>,
    pub age: Age,
}

/// What a series goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Grain {
    Day,
    /// From Monday on.
    Week,
    Month,
}

/// The body of `GET /series`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Series {
    pub metric: Metric,
    pub unit: Unit,
    pub by: Grain,
    pub period: Period,
    pub before: Period,
    pub tz: String,
    /// The first day of each point that lies in the period.
    pub starts: Vec<String>,
    /// One for each currency that occurs; one where the unit is no money.
    pub lines: Vec<Line>,
    pub age: Age,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub currency: String,
    /// As many as [`Series::starts`], decimal text.
    pub now: Vec<String>,
    /// The period before, from its own first point on: it may have one more or one less.
    pub before: Vec<String>,
}
