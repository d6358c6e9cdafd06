//! Many signups wait because the CRM is down: what they cost, how soon a proxy that starts with them is ready, and how fast
//! they are delivered when the CRM is back.

use std::{
    thread,
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};
use serde::Serialize;

use super::{
    Effort, Place,
    load::{self, To, Way},
    proxy::Proxy,
    sandbox::Sandbox,
};

/// What the CRM bears, in calls a second.
pub(super) const PACE: u32 = 200;
const CONNECTIONS: u32 = 64;
/// For what is done after the start to show in the memory.
const SETTLE: Duration = Duration::from_secs(5);
/// A proxy leaves a CRM that was down alone for a while, at most a minute.
const BACK: Duration = Duration::from_secs(90);

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Waiting {
    pub(super) signups: u64,
    pub(super) taken_per_second: f64,
    /// Of the proxy that took them, and of one that started with them.
    pub(super) memory_after_taking: u64,
    pub(super) memory_after_start: u64,
    pub(super) start_ms: f64,
    /// How many a second reached the CRM when it was back, of [`PACE`].
    pub(super) delivered_per_second: f64,
}

pub(super) fn measure(place: &Place, effort: &Effort) -> Result<Waiting> {
    let mut sandbox = Sandbox::start(place)?;
    let mut proxy = Proxy::start(place, "waiting", "sqlite://latchkey.db", sandbox.address, Some(PACE))?;
    sandbox.stop();
    let taken =
        load::send(place, To::Proxy, proxy.address, &Way::AsTheyCome { connections: CONNECTIONS }, 24 * 60 * 60, Some(effort.waiting))?;
    thread::sleep(SETTLE);
    let memory_after_taking = proxy.memory()?;
    let started = proxy.restart()?;
    thread::sleep(SETTLE);
    let memory_after_start = proxy.memory()?;
    sandbox.restart()?;
    Ok(Waiting {
        signups: taken.count(),
        taken_per_second: taken.per_second,
        memory_after_taking,
        memory_after_start,
        start_ms: started.as_secs_f64() * 1000.0,
        delivered_per_second: delivered_per_second(&sandbox, effort.seconds)?,
    })
}

/// By the CRM's own count, from when the first has arrived.
fn delivered_per_second(sandbox: &Sandbox, seconds: u64) -> Result<f64> {
    let back = Instant::now();
    while sandbox.people()? == 0 {
        ensure!(back.elapsed() < BACK, "the CRM is back for {} s, and nothing is delivered", BACK.as_secs());
        thread::sleep(Duration::from_millis(100));
    }
    // The first are a probe; the rest follow.
    thread::sleep(Duration::from_secs(2));
    let (start, before) = (Instant::now(), sandbox.people()?);
    thread::sleep(Duration::from_secs(seconds));
    let (time, after) = (start.elapsed(), sandbox.people()?);
    Ok((after - before) as f64 / time.as_secs_f64())
}
