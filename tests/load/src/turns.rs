//! Whose turn it is, and when it was due.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::{Duration, Instant},
};

use tokio::sync::{Mutex, mpsc};

pub(crate) struct Turn {
    pub(crate) number: u64,
    pub(crate) due: Instant,
}

pub(crate) enum Turns {
    /// Whoever is free sends.
    AsTheyCome { next: AtomicU64, most: u64, until: Instant },
    /// By the clock.
    AtRate(Mutex<mpsc::UnboundedReceiver<Turn>>),
}

impl Turns {
    pub(crate) fn as_they_come(time: Duration, most: u64) -> Turns {
        Turns::AsTheyCome { next: AtomicU64::new(0), most, until: Instant::now() + time }
    }

    pub(crate) fn at_rate(per_second: u64, most: u64) -> Turns {
        let (sender, receiver) = mpsc::unbounded_channel();
        let start = Instant::now();
        // A thread of its own: tokio's clock has milliseconds, and a busy runtime would not be on time.
        thread::spawn(move || {
            for number in 0..most {
                let due = start + Duration::from_nanos(number * 1_000_000_000 / per_second);
                thread::sleep(due.saturating_duration_since(Instant::now()));
                if sender.send(Turn { number, due }).is_err() {
                    return;
                }
            }
        });
        Turns::AtRate(Mutex::new(receiver))
    }

    /// None when all is sent.
    pub(crate) async fn next(&self) -> Option<Turn> {
        match self {
            Turns::AsTheyCome { next, most, until } => {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let due = Instant::now();
                (number < *most && due < *until).then_some(Turn { number, due })
            }
            Turns::AtRate(receiver) => receiver.lock().await.recv().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::Turns;

    #[tokio::test]
    async fn a_turn_is_due_by_the_clock_however_late_it_is_taken() {
        let turns = Turns::at_rate(100, 3);
        let first = turns.next().await.expect("the first of three");
        tokio::time::sleep(Duration::from_millis(100)).await;
        let second = turns.next().await.expect("the second of three");
        assert_eq!(second.due - first.due, Duration::from_millis(10));
        assert!(second.due + Duration::from_millis(50) < Instant::now(), "it waited, and that counts");
        assert!(turns.next().await.is_some());
        assert!(turns.next().await.is_none());
    }

    #[tokio::test]
    async fn no_more_are_sent_than_asked_for() {
        let turns = Turns::as_they_come(Duration::from_secs(60), 2);
        assert_eq!(turns.next().await.map(|turn| turn.number), Some(0));
        assert_eq!(turns.next().await.map(|turn| turn.number), Some(1));
        assert!(turns.next().await.is_none());
        assert!(Turns::as_they_come(Duration::ZERO, 2).next().await.is_none());
    }
}
