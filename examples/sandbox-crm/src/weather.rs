//! Misbehaviour at random: each call is struck with one probability, by one of some faults. The same seed and the same order of calls
//! make the same weather.
//!
//! Whether a call is struck is thrown for once when it arrives, for the faults that come first, and once more when it has succeeded, for
//! those that spoil an answer; the two throws together have the probability that was asked for.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::faults::{Fault, Has};

/// What `POST …/weather` takes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Forecast {
    /// From 0 to 1: of all calls.
    share: f64,
    seed: u64,
    faults: Vec<Fault>,
}

#[derive(Debug, Clone)]
pub(crate) struct Weather {
    share: f64,
    seed: u64,
    dice: Dice,
    calls: u64,
    struck: Vec<Struck>,
}

#[derive(Debug, Clone, Serialize)]
struct Struck {
    fault: Fault,
    times: u64,
}

impl Forecast {
    pub(crate) fn read(body: &[u8]) -> Result<Self, String> {
        let forecast: Self = serde_json::from_slice(body).map_err(|error| error.to_string())?;
        if !(0.0..=1.0).contains(&forecast.share) {
            return Err(format!("share must be between 0 and 1, not {}", forecast.share));
        }
        if forecast.faults.is_empty() {
            return Err("faults must name at least one".to_owned());
        }
        forecast.faults.iter().try_for_each(Fault::check)?;
        Ok(forecast)
    }
}

impl Weather {
    pub(crate) fn new(Forecast { share, seed, faults }: Forecast) -> Self {
        let struck = faults.into_iter().map(|fault| Struck { fault, times: 0 }).collect();
        Self { share, seed, dice: Dice(seed), calls: 0, struck }
    }

    /// The fault that strikes a request which has just arrived.
    pub(crate) fn on_arrival(&mut self) -> Option<Fault> {
        self.calls += 1;
        self.throw(self.share_of_first(), Fault::comes_first)
    }

    /// The fault that strikes the answer to a request which succeeded.
    pub(crate) fn on_success(&mut self, answer: Has) -> Option<Fault> {
        let first = self.share_of_first();
        // Of the calls that came so far.
        let share = if first < 1.0 { (self.share - first) / (1.0 - first) } else { 0.0 };
        self.throw(share, |fault| !fault.comes_first() && fault.fits(answer))
    }

    pub(crate) fn told(&self) -> Value {
        json!({ "share": self.share, "seed": self.seed, "calls": self.calls, "struck": self.struck })
    }

    fn share_of_first(&self) -> f64 {
        let first = self.struck.iter().filter(|struck| struck.fault.comes_first()).count();
        // Counts of faults are small.
        let part = first as f64 / self.struck.len() as f64;
        self.share * part
    }

    fn throw(&mut self, share: f64, can: impl Fn(&Fault) -> bool) -> Option<Fault> {
        // Both are thrown whatever comes of it, so that the next call's do not depend on it.
        let (chance, choice) = (self.dice.chance(), self.dice.next());
        let mut fit: Vec<_> = self.struck.iter_mut().filter(|struck| can(&struck.fault)).collect();
        if chance >= share || fit.is_empty() {
            return None;
        }
        let index = usize::try_from(choice % fit.len() as u64).unwrap_or_default();
        fit[index].times += 1;
        Some(fit[index].fault.clone())
    }
}

/// SplitMix64: small, and the same everywhere.
#[derive(Debug, Clone)]
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to below 1.
    fn chance(&mut self) -> f64 {
        // The 53 bits that the type has.
        let bits = (self.next() >> 11) as f64;
        bits / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn weather(body: &str) -> Weather {
        Weather::new(Forecast::read(body.as_bytes()).unwrap())
    }

    #[test]
    fn a_forecast_is_refused_in_words() {
        for (body, words) in [
            ("nonsense", "expected"),
            (r#"{"share":0.3,"seed":7}"#, "missing field `faults`"),
            (r#"{"share":0.3,"seed":7,"faults":[]}"#, "at least one"),
            (r#"{"share":1.1,"seed":7,"faults":[{"kind":"html"}]}"#, "between 0 and 1"),
            (r#"{"share":0.3,"seed":7,"faults":[{"kind":"status","status":200}]}"#, "between 400 and 599"),
            (r#"{"share":0.3,"seed":7,"faults":[{"kind":"earthquake"}]}"#, "unknown variant"),
        ] {
            let message = Forecast::read(body.as_bytes()).unwrap_err();
            assert!(message.contains(words), "{body}: {message}");
        }
    }

    #[test]
    fn so_many_calls_are_struck_and_the_same_each_time() {
        let body = r#"{"share":0.3,"seed":7,"faults":[{"kind":"html"},{"kind":"reset-before"},{"kind":"reset-after"},{"kind":"empty"}]}"#;
        let strike = |weather: &mut Weather| weather.on_arrival().or_else(|| weather.on_success(Has::NEITHER));
        let (mut first, mut second) = (weather(body), weather(body));
        let struck: Vec<_> = (0..10_000).map(|_| strike(&mut first)).collect();
        let again: Vec<_> = (0..10_000).map(|_| strike(&mut second)).collect();
        assert_eq!(struck, again);
        let count = struck.iter().flatten().count();
        assert!((2_800..3_200).contains(&count), "{count}");
        assert_eq!(first.calls, 10_000);
        for Struck { fault, times } in &first.struck {
            assert!((600..900).contains(times), "{fault:?}: {times}");
        }
    }

    #[test]
    fn a_fault_that_cannot_spoil_an_answer_does_not_strike_it() {
        let mut links = weather(r#"{"share":1,"seed":1,"faults":[{"kind":"no-link"}]}"#);
        assert_eq!((links.on_arrival(), links.on_success(Has::ID)), (None, None));
        assert_eq!(links.on_success(Has::LINK_AND_ID), Some(Fault::NoLink {}));
        let mut always = weather(r#"{"share":1,"seed":1,"faults":[{"kind":"html"}]}"#);
        assert_eq!(always.on_arrival(), Some(Fault::Html {}));
        let mut never = weather(r#"{"share":0,"seed":1,"faults":[{"kind":"html"},{"kind":"empty"}]}"#);
        assert!((0..100).all(|_| never.on_arrival().is_none() && never.on_success(Has::ID).is_none()));
    }
}
