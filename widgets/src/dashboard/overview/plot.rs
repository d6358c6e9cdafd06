//! What a chart shows: numbers out of a series, in one currency.

use latchkey_contract::partner::{Line, Series, Unit};

use super::scale::Scale;

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Plot {
    pub(super) unit: Unit,
    pub(super) line: Line,
    /// The first day of each point.
    pub(super) starts: Vec<String>,
    pub(super) now: Vec<f64>,
    /// As many as there are of `now` at most.
    pub(super) before: Vec<f64>,
    pub(super) scale: Scale,
}

impl Plot {
    /// In that currency; in the first one, where there is none such.
    pub(super) fn of(series: &Series, currency: &str) -> Plot {
        let line = series.lines.iter().find(|line| line.currency == currency).or(series.lines.first()).cloned();
        let line = line.unwrap_or(Line { currency: String::new(), now: Vec::new(), before: Vec::new() });
        let count = series.starts.len();
        let numbers = |texts: &[String]| -> Vec<f64> { texts.iter().take(count).map(|text| js_sys::parse_float(text)).collect() };
        let (mut now, before) = (numbers(&line.now), numbers(&line.before));
        now.resize(count, 0.0);
        let all = || now.iter().chain(&before).copied();
        let scale = Scale::of(all().fold(0.0, f64::min), all().fold(0.0, f64::max), series.unit == Unit::Count);
        Plot { unit: series.unit, line, starts: series.starts.clone(), now, before, scale }
    }

    /// Whether anything was, in this period or the one before.
    pub(super) fn is_empty(&self) -> bool {
        self.now.iter().chain(&self.before).all(|value| *value == 0.0)
    }

    /// As it was answered, all of its digits.
    pub(super) fn amount(&self, at: usize) -> &str {
        self.line.now.get(at).map_or("0", String::as_str)
    }

    pub(super) fn amount_before(&self, at: usize) -> Option<&str> {
        self.line.before.get(at).map(String::as_str)
    }
}
