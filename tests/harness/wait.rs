//! Waiting for something to become true, with a deadline.

use std::time::{Duration, Instant};

/// Longer than anything takes on a busy machine.
const DEADLINE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(20);

/// Asks again and again until there is an answer; panics with `what` when that takes too long.
pub async fn until<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(start.elapsed() < DEADLINE, "waited {} s in vain: {what}", DEADLINE.as_secs());
        tokio::time::sleep(PAUSE).await;
    }
}
