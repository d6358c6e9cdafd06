//! How long until a signup is tried again.

use std::time::Duration;

use crate::config::Delivery;

/// Anything between nothing and a ceiling that doubles with each try ("full jitter"): what failed together does not come back together.
pub(super) fn before_next(delivery: &Delivery, tries: u32) -> Duration {
    ceiling(delivery, tries).mul_f64(fastrand::f64())
}

fn ceiling(delivery: &Delivery, tries: u32) -> Duration {
    let doubled = 2_u32.checked_pow(tries).and_then(|factor| delivery.first_pause.checked_mul(factor));
    doubled.map_or(delivery.longest_pause, |pause| pause.min(delivery.longest_pause))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delivery() -> Delivery {
        let second = Duration::from_secs(1);
        Delivery {
            first_pause: second * 2,
            longest_pause: second * 600,
            give_up_after: second,
            lease: second,
            breaker_failures: 1,
            breaker_pause: second,
            breaker_longest_pause: second,
        }
    }

    #[test]
    fn the_ceiling_doubles_up_to_the_longest_pause() {
        let ceilings = [0, 1, 2, 8, 9, 31, 32, u32::MAX].map(|tries| ceiling(&delivery(), tries).as_secs());
        assert_eq!(ceilings, [2, 4, 8, 512, 600, 600, 600, 600]);
    }

    #[test]
    fn a_pause_is_anywhere_below_its_ceiling() {
        let pauses: Vec<_> = (0..1_000).map(|_| before_next(&delivery(), 3).as_secs_f64()).collect();
        assert!(pauses.iter().all(|pause| (0.0..=16.0).contains(pause)));
        assert!(pauses.iter().any(|pause| *pause < 4.0) && pauses.iter().any(|pause| *pause > 12.0), "not all alike");
    }
}
