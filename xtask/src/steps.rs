//! Progress: a line when a step begins, a line with its time when it has ended.

use std::{
    io::{self, Write},
    time::{Duration, Instant},
};

use anyhow::Result;

pub(crate) struct Steps {
    total: usize,
    begun: usize,
}

impl Steps {
    pub(crate) fn new(total: usize) -> Self {
        Self { total, begun: 0 }
    }

    pub(crate) fn run<T>(&mut self, what: &str, step: impl FnOnce() -> Result<T>) -> Result<T> {
        self.begun += 1;
        println!("[{}/{}] {what}…", self.begun, self.total);
        // What the step's programs print must come after this line even where our output is a file.
        io::stdout().flush()?;
        let start = Instant::now();
        let result = step()?;
        println!("      done in {}", spoken(start.elapsed()));
        Ok(result)
    }
}

/// A length of time for people.
pub(crate) fn spoken(time: Duration) -> String {
    match time.as_secs() {
        0..60 => format!("{:.1} s", time.as_secs_f64()),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::spoken;

    #[test]
    fn times_read_well() {
        assert_eq!(spoken(Duration::from_millis(1234)), "1.2 s");
        assert_eq!(spoken(Duration::from_secs(112)), "1 min 52 s");
    }
}
