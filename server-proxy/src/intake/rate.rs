//! How often one address may ask.

use std::{net::IpAddr, num::NonZeroU32, time::Duration};

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter, clock::Clock, clock::DefaultClock};

use super::client_ip::rate_key;

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
