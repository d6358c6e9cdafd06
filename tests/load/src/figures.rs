//! What is counted and measured, and the figures that come of it.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use hyper::StatusCode;
use serde::Serialize;

#[derive(Default)]
pub struct Tally {
    times: Vec<Duration>,
    answers: BTreeMap<u16, u64>,
    /// Requests without an answer, by what went wrong.
    broken: BTreeMap<String, u64>,
    first_due: Option<Instant>,
    last_answer: Option<Instant>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Figures {
    /// How many answers of each status.
    answers: BTreeMap<u16, u64>,
    broken: BTreeMap<String, u64>,
    seconds: f64,
    per_second: f64,
    p50_ms: f64,
    p99_ms: f64,
    longest_ms: f64,
}

impl Tally {
    pub fn answered(&mut self, due: Instant, status: StatusCode) {
        let now = Instant::now();
        self.times.push(now - due);
        *self.answers.entry(status.as_u16()).or_default() += 1;
        self.first_due.get_or_insert(due);
        self.last_answer = Some(now);
    }

    pub fn broke(&mut self, error: &anyhow::Error) {
        *self.broken.entry(format!("{error:#}")).or_default() += 1;
    }

    pub fn add(&mut self, other: Tally) {
        self.times.extend(other.times);
        other.answers.into_iter().for_each(|(status, count)| *self.answers.entry(status).or_default() += count);
        other.broken.into_iter().for_each(|(error, count)| *self.broken.entry(error).or_default() += count);
        self.first_due = self.first_due.into_iter().chain(other.first_due).min();
        self.last_answer = self.last_answer.max(other.last_answer);
    }

    pub fn figures(mut self) -> Figures {
        self.times.sort_unstable();
        let time = self.first_due.zip(self.last_answer).map_or(Duration::ZERO, |(first, last)| last - first);
        let seconds = time.as_secs_f64();
        let per_second = if seconds > 0.0 { self.times.len() as f64 / seconds } else { 0.0 };
        let [p50_ms, p99_ms, longest_ms] = [50, 99, 100].map(|percent| percentile(&self.times, percent));
        Figures { answers: self.answers, broken: self.broken, seconds, per_second, p50_ms, p99_ms, longest_ms }
    }
}

/// Of times that are in order, in milliseconds; that many in a hundred took no longer.
fn percentile(times: &[Duration], percent: usize) -> f64 {
    let rank = (times.len() * percent).div_ceil(100);
    times.get(rank.saturating_sub(1)).map_or(0.0, |time| time.as_secs_f64() * 1000.0)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use hyper::StatusCode;

    use super::{Tally, percentile};

    #[test]
    fn a_percentile_is_a_time_that_was_measured() {
        let times: Vec<_> = (1..=200).map(Duration::from_millis).collect();
        assert_eq!(percentile(&times, 50), 100.0);
        assert_eq!(percentile(&times, 99), 198.0);
        assert_eq!(percentile(&times, 100), 200.0);
        assert_eq!(percentile(&[], 99), 0.0);
    }

    #[test]
    fn tallies_add_up() {
        let due = Instant::now() - Duration::from_secs(2);
        let (mut all, mut one) = (Tally::default(), Tally::default());
        all.answered(due, StatusCode::CREATED);
        one.answered(due + Duration::from_secs(1), StatusCode::CREATED);
        one.broke(&anyhow::anyhow!("reset"));
        all.add(one);
        let figures = all.figures();
        assert_eq!(figures.answers.get(&201), Some(&2));
        assert_eq!(figures.broken.get("reset"), Some(&1));
        assert!((figures.per_second - 1.0).abs() < 0.1, "two in two seconds: {}", figures.per_second);
    }
}
