//! How often one address may ask.

use std::{
    collections::HashMap,
    net::IpAddr,
    num::NonZeroU32,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter, clock::Clock, clock::DefaultClock};

use super::client_ip::rate_key;

/// Codes that one recipient is sent in that time.
const MOST_CODES: u32 = 6;
const MANY_CODES: Duration = Duration::from_secs(30 * 60);

/// One kind of request, counted by address: an even rate, with bursts of a minute's worth.
pub(crate) struct Rate(DefaultKeyedRateLimiter<IpAddr>);

impl Rate {
    pub(crate) fn per_minute(count: u32) -> Rate {
        Rate(RateLimiter::keyed(Quota::per_minute(NonZeroU32::new(count).unwrap_or(NonZeroU32::MIN))))
    }

    /// `Err` with the time until the next one may come.
    pub(crate) fn check(&self, ip: IpAddr) -> Result<(), Duration> {
        self.0.check_key(&rate_key(ip)).map_err(|until| until.wait_time_from(DefaultClock::default().now()))
    }

    /// Forgets addresses that have been quiet.
    pub(crate) fn tidy(&self) {
        self.0.retain_recent();
        self.0.shrink_to_fit();
    }
}

/// Codes that were sent, by a keyed hash of the e-mail or phone number: nobody's inbox is flooded from many addresses.
#[derive(Default)]
pub(crate) struct Recipients(Mutex<HashMap<[u8; 32], Sent>>);

struct Sent {
    count: u32,
    since: Instant,
}

impl Recipients {
    /// `Err` with the time until the next one may be sent.
    pub(crate) fn check(&self, recipient: [u8; 32]) -> Result<(), Duration> {
        let over = |sent: &Sent| MANY_CODES.checked_sub(sent.since.elapsed()).filter(|_| sent.count >= MOST_CODES);
        self.lock().get(&recipient).and_then(over).map_or(Ok(()), Err)
    }

    /// One was sent.
    pub(crate) fn count(&self, recipient: [u8; 32]) {
        let mut sent = self.lock();
        let sent = sent.entry(recipient).or_insert_with(|| Sent { count: 0, since: Instant::now() });
        if sent.since.elapsed() >= MANY_CODES {
            *sent = Sent { count: 0, since: Instant::now() };
        }
        sent.count += 1;
    }

    pub(crate) fn tidy(&self) {
        self.lock().retain(|_, sent| sent.since.elapsed() < MANY_CODES);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<[u8; 32], Sent>> {
        // Nothing panics while it holds the lock; if it did, what is inside would still be whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Codes on their way, by a keyed hash of the CRM and the recipient, each with the time from which another may be asked for. The CRM
/// is not asked before: most tell that it is too soon, and few how long it takes until it is not.
#[derive(Default)]
pub(crate) struct OnTheWay(Mutex<HashMap<[u8; 32], Instant>>);

impl OnTheWay {
    pub(crate) fn sent(&self, recipient: [u8; 32], resend_after: Duration) {
        self.lock().insert(recipient, Instant::now() + resend_after);
    }

    /// `Err` with the time until another may be asked for.
    pub(crate) fn check(&self, recipient: [u8; 32]) -> Result<(), Duration> {
        let wait = self.lock().get(&recipient).and_then(|until| until.checked_duration_since(Instant::now()));
        wait.filter(|wait| !wait.is_zero()).map_or(Ok(()), Err)
    }

    pub(crate) fn tidy(&self) {
        self.lock().retain(|_, until| *until > Instant::now());
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<[u8; 32], Instant>> {
        // Nothing panics while it holds the lock; if it did, what is inside would still be whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
