//! The misbehaviours a test can order, and the queue they wait in.
//!
//! A fault is used up by the requests it strikes: `times` of them, or all until the queue is cleared. Faults strike in the order
//! in which they were ordered. Some answer in the CRM's place, before anything is looked at; the others spoil the answer to a
//! request that succeeded, and wait through the ones that are refused; those about an autologin link or about the id of somebody new also
//! wait through the answers that have none. Where no ordered fault waits, the `weather` may strike.

use std::collections::VecDeque;
use std::num::NonZeroU32;
use std::sync::Mutex;

use axum::http::HeaderValue;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::lock::lock;
use crate::weather::{Forecast, Weather};

// The members without content are written `{}`, because serde overlooks unknown members of a unit variant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub(crate) enum Fault {
    // In the CRM's place. No user is created, except after a delay.
    /// Waits, then goes on as if nothing were.
    Delay { ms: u32 },
    /// This status, 400 to 599, with the body the document gives it, or one like it.
    Status { status: u16 },
    /// 429 with `Retry-After`.
    RateLimited { retry_after_seconds: u32 },
    /// The request is read, and the connection reset.
    ResetBefore {},
    /// 200 with a page instead of JSON.
    Html {},
    /// 302 to somewhere else.
    Redirect {
        #[serde(default = "elsewhere")]
        to: String,
    },
    /// 400 with this message.
    Refuse { message: String },

    // After the user was created, or whatever else was asked for was done.
    /// The connection is reset without an answer.
    ResetAfter {},
    /// 200 with JSON that breaks off.
    BrokenJson {},
    /// The head at once, the body little by little.
    SlowBody { ms: u32 },
    /// The right answer, padded to this many bytes.
    HugeBody { bytes: u64 },
    /// 200 with no body at all.
    Empty {},
    /// An autologin link of a foreign host.
    ForeignLink {},
    /// An autologin link with the scheme `javascript:`.
    ScriptLink {},
    /// Success without an autologin link.
    NoLink {},
    /// The user's id is a JSON number.
    NumericId {},
    /// Every member is there, and `null`.
    Nulls {},
    /// Numbers as texts, texts as lists, lists as texts.
    OtherTypes {},
    /// 200 with an object that has no members.
    NoMembers {},
}

/// What the answer to a request that succeeded has, and a fault may be about: a fault about anything else waits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Has {
    /// An autologin link.
    pub(crate) link: bool,
    /// The id of somebody new.
    pub(crate) id: bool,
}

impl Has {
    pub(crate) const NEITHER: Self = Self { link: false, id: false };
    pub(crate) const ID: Self = Self { link: false, id: true };
    pub(crate) const LINK_AND_ID: Self = Self { link: true, id: true };
}

fn elsewhere() -> String {
    "https://elsewhere.example/".to_owned()
}

impl Fault {
    /// Whether the CRM does not get to look at the request (yet).
    pub(crate) fn comes_first(&self) -> bool {
        matches!(
            self,
            Fault::Delay { .. }
                | Fault::Status { .. }
                | Fault::RateLimited { .. }
                | Fault::ResetBefore {}
                | Fault::Html {}
                | Fault::Redirect { .. }
                | Fault::Refuse { .. }
        )
    }

    /// Whether it can spoil such an answer.
    pub(crate) fn fits(&self, answer: Has) -> bool {
        match self {
            Fault::ForeignLink {} | Fault::ScriptLink {} | Fault::NoLink {} => answer.link,
            Fault::NumericId {} => answer.id,
            _ => true,
        }
    }

    pub(crate) fn check(&self) -> Result<(), String> {
        match self {
            Fault::Status { status } if !(400..=599).contains(status) => Err(format!("status must be between 400 and 599, not {status}")),
            Fault::Redirect { to } if HeaderValue::from_str(to).is_err() => Err("to must be fit for a Location header".to_owned()),
            _ => Ok(()),
        }
    }
}

/// A fault, and how many requests it strikes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ordered {
    fault: Fault,
    /// Absent: until it is cleared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    times: Option<NonZeroU32>,
}

/// Reads what `POST …/faults` was sent: one order, or a list of them.
pub(crate) fn parse(body: &[u8]) -> Result<Vec<Ordered>, String> {
    let value: Value = serde_json::from_slice(body).map_err(|error| format!("the body is not JSON: {error}"))?;
    let orders = match value {
        Value::Array(orders) => orders,
        order => vec![order],
    };
    let read = |(index, order)| {
        let order: Ordered = serde_json::from_value(order).map_err(|error| format!("fault {index}: {error}"))?;
        order.fault.check().map_err(|message| format!("fault {index}: {message}"))?;
        Ok(order)
    };
    orders.into_iter().enumerate().map(read).collect()
}

/// The faults still to come.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    ordered: Mutex<VecDeque<Ordered>>,
    weather: Mutex<Option<Weather>>,
}

impl Faults {
    /// Queues these behind the ones that wait. What stands behind a fault without end would never strike: that is refused, as a
    /// test which orders it means something else.
    pub(crate) fn order(&self, orders: Vec<Ordered>) -> Result<(), String> {
        let mut queue = lock(&self.ordered);
        let mut all = queue.clone();
        all.extend(orders);
        if all.iter().rev().skip(1).any(|order| order.times.is_none()) {
            return Err("a fault without times never ends, so nothing can be queued behind it: give it times, or clear it first".to_owned());
        }
        *queue = all;
        Ok(())
    }

    pub(crate) fn waiting(&self) -> Vec<Ordered> {
        lock(&self.ordered).iter().cloned().collect()
    }

    pub(crate) fn clear(&self) {
        lock(&self.ordered).clear();
    }

    /// From now on, in place of whatever the weather was.
    pub(crate) fn forecast(&self, forecast: Forecast) {
        *lock(&self.weather) = Some(Weather::new(forecast));
    }

    pub(crate) fn no_weather(&self) {
        *lock(&self.weather) = None;
    }

    /// `null` where there is none.
    pub(crate) fn weather(&self) -> Value {
        lock(&self.weather).as_ref().map(Weather::told).unwrap_or_default()
    }

    /// Neither ordered faults nor weather any more.
    pub(crate) fn forget(&self) {
        self.clear();
        self.no_weather();
    }

    /// The fault that strikes a request which has just arrived.
    pub(crate) fn on_arrival(&self) -> Option<Fault> {
        self.take(Fault::comes_first, Weather::on_arrival)
    }

    /// The fault that strikes the answer to a request which succeeded.
    pub(crate) fn on_success(&self, answer: Has) -> Option<Fault> {
        self.take(|fault| !fault.comes_first() && fault.fits(answer), |weather| weather.on_success(answer))
    }

    fn take(&self, strikes: impl FnOnce(&Fault) -> bool, weather: impl FnOnce(&mut Weather) -> Option<Fault>) -> Option<Fault> {
        let mut queue = lock(&self.ordered);
        if queue.is_empty() {
            return lock(&self.weather).as_mut().and_then(weather);
        }
        let order = queue.front_mut().filter(|order| strikes(&order.fault))?;
        let fault = order.fault.clone();
        if let Some(times) = order.times {
            match NonZeroU32::new(times.get() - 1) {
                Some(left) => order.times = Some(left),
                None => drop(queue.pop_front()),
            }
        }
        Some(fault)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn orders(json: &str) -> Vec<Ordered> {
        parse(json.as_bytes()).unwrap()
    }

    #[test]
    fn an_order_is_refused_in_words() {
        for (json, words) in [
            ("nonsense", "not JSON"),
            (r#"{"fault":{"kind":"earthquake"}}"#, "unknown variant `earthquake`"),
            (r#"{"fault":{"kind":"delay"}}"#, "missing field `ms`"),
            (r#"{"fault":{"kind":"delay","ms":1,"s":1}}"#, "unknown field `s`"),
            (r#"{"fault":{"kind":"empty","ms":1}}"#, "unknown field `ms`"),
            (r#"{"fault":{"kind":"empty"},"times":0}"#, "nonzero"),
            (r#"{"fault":{"kind":"empty"},"time":1}"#, "unknown field `time`"),
            (r#"{"fault":{"kind":"status","status":200}}"#, "between 400 and 599"),
            (r#"{"fault":{"kind":"redirect","to":"\n"}}"#, "Location"),
            (r#"[{"fault":{"kind":"empty"}},7]"#, "fault 1"),
        ] {
            let message = parse(json.as_bytes()).unwrap_err();
            assert!(message.contains(words), "{json}: {message}");
        }
    }

    #[test]
    fn faults_strike_in_order_and_are_used_up() {
        let faults = Faults::default();
        faults.order(orders(r#"[{"fault":{"kind":"html"},"times":2},{"fault":{"kind":"empty"},"times":1}]"#)).unwrap();
        faults.order(orders(r#"{"fault":{"kind":"delay","ms":5}}"#)).unwrap();
        assert_eq!(faults.on_success(Has::LINK_AND_ID), None);
        assert_eq!(faults.on_arrival(), Some(Fault::Html {}));
        assert_eq!(faults.on_arrival(), Some(Fault::Html {}));
        assert_eq!(faults.on_arrival(), None);
        assert_eq!(faults.on_success(Has::NEITHER), Some(Fault::Empty {}));
        assert_eq!(faults.on_arrival(), Some(Fault::Delay { ms: 5 }));
        assert_eq!(faults.on_arrival(), Some(Fault::Delay { ms: 5 }));
        assert!(faults.order(orders(r#"{"fault":{"kind":"empty"}}"#)).is_err());
        faults.clear();
        assert_eq!(faults.on_arrival(), None);
    }

    #[test]
    fn a_fault_waits_for_an_answer_that_it_can_spoil() {
        let faults = Faults::default();
        faults.order(orders(r#"[{"fault":{"kind":"no-link"},"times":1},{"fault":{"kind":"numeric-id"},"times":1}]"#)).unwrap();
        assert_eq!((faults.on_success(Has::NEITHER), faults.on_success(Has::ID)), (None, None));
        assert_eq!(faults.on_success(Has::LINK_AND_ID), Some(Fault::NoLink {}));
        assert_eq!((faults.on_success(Has::NEITHER), faults.on_success(Has::ID)), (None, Some(Fault::NumericId {})));
    }
}
