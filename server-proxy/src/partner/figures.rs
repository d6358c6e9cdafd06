//! Overview and series: counted and added up in the mirror, but for what the CRM alone can tell.

use std::{collections::BTreeSet, sync::Arc};

use latchkey_contract::partner::{Age, Figure, Grain, Line, Metric, Overview, Quantity, Scope, Series, Unit};

use super::{
    Partners, Refusal, money,
    period::{Days, Period},
    tokens::Asker,
};
use crate::store::{Measure, Sum};

/// What a metric is made of.
enum Source {
    /// A count or a sum of the mirror's.
    Measured(Measure),
    Conversion,
    /// The CRM's.
    Balance,
    Unpaid,
}

fn source(metric: Metric) -> Source {
    match metric {
        Metric::Signups => Source::Measured(Measure::Signups),
        Metric::Registrations => Source::Measured(Measure::Registrations),
        Metric::FirstDeposits => Source::Measured(Measure::FirstDeposits),
        Metric::Deposits => Source::Measured(Measure::Deposits),
        Metric::Volume => Source::Measured(Measure::Volume),
        Metric::Earnings => Source::Measured(Measure::Earnings),
        Metric::Cpa => Source::Measured(Measure::Cpa),
        Metric::Conversion => Source::Conversion,
        Metric::Balance => Source::Balance,
        Metric::Unpaid => Source::Unpaid,
    }
}

/// One metric between times: of each stretch, what it comes to in each currency.
struct Values {
    unit: Unit,
    sums: Arc<Vec<Sum>>,
    /// Of a conversion, how many there were to convert.
    of: Option<Arc<Vec<Sum>>>,
}

impl Values {
    fn currencies(&self) -> BTreeSet<String> {
        match self.unit {
            Unit::Money => self.sums.iter().map(|sum| sum.currency.clone()).collect(),
            _ => BTreeSet::from([String::new()]),
        }
    }

    /// What a stretch comes to; `None` where that is nothing at all, as a share of nobody is.
    fn amount(&self, index: usize, currency: &str) -> Option<String> {
        let sum = self.sums.iter().find(|sum| sum.index == index && sum.currency == currency);
        match (self.unit, &self.of) {
            (Unit::Count, _) => Some(sum.map_or(0, |sum| sum.count).to_string()),
            (Unit::Ratio, of) => {
                let of = of.as_ref()?.iter().find(|sum| sum.index == index)?;
                money::ratio(sum.map_or(0, |sum| sum.count), of.count)
            }
            (Unit::Number | Unit::Money, _) => Some(sum.map_or("0".to_owned(), |sum| money::sum(sum.whole, sum.part))),
        }
    }

    /// In every currency in which there is something.
    fn quantities(&self, index: usize) -> Vec<Quantity> {
        let is_there =
            |currency: &String| self.unit != Unit::Money || self.sums.iter().any(|sum| sum.index == index && sum.currency == *currency);
        let quantity = |currency: String| Some(Quantity { amount: self.amount(index, &currency)?, currency });
        self.currencies().into_iter().filter(is_there).filter_map(quantity).collect()
    }
}

impl Partners {
    /// This period's figures, and those of the one before it.
    pub(crate) async fn overview(self: &Arc<Self>, asker: &Asker, days: Days<'_>) -> Result<Overview, Refusal> {
        self.demand(asker, Scope::Figures)?;
        let (_, offers) = self.crm(asker)?;
        let period = Period::read(days, self.store.now())?;
        let before = period.before()?;
        let age = self.freshen(asker).await?;
        let ((earlier, begin), (_, end)) = (before.bounds()?, period.bounds()?);
        let mut figures = Vec::new();
        for metric in offers.metrics.iter().copied() {
            let unit = metric.unit();
            let figure = match source(metric) {
                Source::Balance | Source::Unpaid => {
                    // One that the CRM does not tell now is left out; what it told before is told with the other figures' age.
                    let Ok(balance) = self.balance(asker).await else { continue };
                    let quantity = if metric == Metric::Balance { balance.balance } else { balance.unpaid };
                    Figure { metric, unit, now: quantity.into_iter().collect(), before: None }
                }
                _ => {
                    let values = self.values(asker, metric, &[earlier, begin, end], &age).await?;
                    Figure { metric, unit, now: values.quantities(1), before: Some(values.quantities(0)) }
                }
            };
            figures.push(figure);
        }
        Ok(Overview { period: period.shown(), before: before.shown(), tz: period.zone().to_owned(), figures, age })
    }

    /// One metric, point by point.
    pub(crate) async fn series(self: &Arc<Self>, asker: &Asker, metric: Metric, by: Grain, days: Days<'_>) -> Result<Series, Refusal> {
        self.demand(asker, Scope::Figures)?;
        let (_, offers) = self.crm(asker)?;
        if !offers.metrics.contains(&metric) || !metric.is_of_period() {
            return Err(Refusal::NotOffered);
        }
        let period = Period::read(days, self.store.now())?;
        let before = period.before()?;
        let (starts, times) = period.points(by)?;
        let (earlier, earlier_times) = before.points(by)?;
        let age = self.freshen(asker).await?;
        let (now, then) = (self.values(asker, metric, &times, &age).await?, self.values(asker, metric, &earlier_times, &age).await?);
        let currencies: BTreeSet<String> = now.currencies().into_iter().chain(then.currencies()).collect();
        let amounts = |values: &Values, count: usize, currency: &str| -> Vec<String> {
            (0..count).map(|index| values.amount(index, currency).unwrap_or_else(|| "0".to_owned())).collect()
        };
        let line = |currency: String| Line {
            now: amounts(&now, starts.len(), &currency),
            before: amounts(&then, earlier.len(), &currency),
            currency,
        };
        Ok(Series {
            metric,
            unit: metric.unit(),
            by,
            period: period.shown(),
            before: before.shown(),
            tz: period.zone().to_owned(),
            starts: starts.iter().map(ToString::to_string).collect(),
            lines: currencies.into_iter().map(line).collect(),
            age,
        })
    }

    async fn values(&self, asker: &Asker, metric: Metric, bounds: &[i64], age: &Age) -> Result<Values, Refusal> {
        let unit = metric.unit();
        Ok(match source(metric) {
            Source::Measured(measure) => Values { unit, sums: self.sums(asker, measure, bounds, age).await?, of: None },
            Source::Conversion => Values {
                unit,
                sums: self.sums(asker, Measure::Deposited, bounds, age).await?,
                of: Some(self.sums(asker, Measure::Signups, bounds, age).await?),
            },
            Source::Balance | Source::Unpaid => return Err(Refusal::NotOffered),
        })
    }

    /// Of a mirror of that age.
    async fn sums(&self, asker: &Asker, measure: Measure, bounds: &[i64], age: &Age) -> Result<Arc<Vec<Sum>>, Refusal> {
        let affiliate = asker.shown().mirror_key();
        let question = (affiliate.clone(), format!("{measure:?} {bounds:?}"));
        Ok(self.sums.get(question, age.as_of.as_deref(), self.store.sums(&affiliate, measure, bounds)).await?)
    }
}
