//! The figures side by side, and what was aimed at.

use serde::Serialize;

use super::{
    disk::Disk,
    rounds::{Measured, RATE, Rounds},
    waiting::{PACE, Waiting},
};

#[derive(Serialize)]
pub(super) struct Report {
    pub(super) disk: Disk,
    pub(super) rounds: Rounds,
    /// Absent where it was not asked for.
    pub(super) waiting: Option<Waiting>,
}

const LEAST_RATIO: f64 = 0.5;
const MOST_ADDED_MS: f64 = 10.0;
const MOST_MEMORY_MB: f64 = 60.0;
const MOST_START_MS: f64 = 1000.0;

impl Report {
    pub(super) fn table(&self) -> String {
        let Disk { p50_ms, p99_ms } = self.disk;
        let waiting = self.waiting.as_ref().map(Waiting::lines).unwrap_or_default();
        let disk = row("one small write to disk", ["", ""], p50_ms, p99_ms, "");
        format!(
            "{:24}{:>10}{:>10}{:>10}{:>10}\n{}{}{disk}{waiting}",
            "",
            "a second",
            "of nginx",
            "p50 ms",
            "p99 ms",
            self.rates(),
            self.times()
        )
    }

    fn rates(&self) -> String {
        let Rounds { nginx, sqlite, postgres } = &self.rounds;
        let line = |name, measured: &[Measured], aim: Option<f64>| {
            if measured.is_empty() {
                return String::new();
            }
            let rate = middle(measured, |it| it.at_most.per_second);
            let ratio = paired(measured, nginx, |it, nginx| it.at_most.per_second / nginx.at_most.per_second);
            let (p50, p99) = (middle(measured, |it| it.at_most.p50_ms), middle(measured, |it| it.at_most.p99_ms));
            let aim = aim.map(|aim| format!(", {}", at_least(ratio, aim))).unwrap_or_default();
            let aim = spread(measured, |it| it.at_most.per_second) + &aim;
            row(name, [&format!("{rate:.0}"), &format!("{ratio:.2}")], p50, p99, &aim)
        };
        [
            String::from("As many as come back\n"),
            line("  nginx", nginx, None),
            line("  proxy on SQLite", sqlite, Some(LEAST_RATIO)),
            line("  proxy on PostgreSQL", postgres, None),
        ]
        .concat()
    }

    fn times(&self) -> String {
        let Rounds { nginx, sqlite, postgres } = &self.rounds;
        let line = |name, measured: &[Measured], aim: Option<f64>| {
            if measured.is_empty() {
                return String::new();
            }
            let added = paired(measured, nginx, |it, nginx| it.at_rate.p99_ms - nginx.at_rate.p99_ms);
            let (p50, p99) = (middle(measured, |it| it.at_rate.p50_ms), middle(measured, |it| it.at_rate.p99_ms));
            let aim = aim.map(|aim| format!("p99 added: {added:.1} ms, {}", at_most(added, aim, "ms"))).unwrap_or_default();
            row(name, ["", ""], p50, p99, &aim)
        };
        [
            format!("{RATE} a second\n"),
            line("  nginx", nginx, None),
            line("  proxy on SQLite", sqlite, Some(MOST_ADDED_MS)),
            line("  proxy on PostgreSQL", postgres, Some(MOST_ADDED_MS)),
        ]
        .concat()
    }
}

impl Waiting {
    fn lines(&self) -> String {
        let megabytes = |bytes: u64| bytes as f64 / 1e6;
        let memory = megabytes(self.memory_after_taking.max(self.memory_after_start));
        let line = |what: &str, figure: String, aim: String| format!("{what:<40}{figure:>24}   {aim}").trim_end().to_owned() + "\n";
        [
            format!("{} signups wait, taken at {:.0} a second\n", self.signups, self.taken_per_second),
            line(
                "  memory that took them, and at a start",
                format!("{:.1}, {:.1} MB", megabytes(self.memory_after_taking), megabytes(self.memory_after_start)),
                at_most(memory, MOST_MEMORY_MB, "MB"),
            ),
            line("  from start to ready", format!("{:.0} ms", self.start_ms), at_most(self.start_ms, MOST_START_MS, "ms")),
            line("  delivered when the CRM is back", format!("{:.1} of {PACE} a second", self.delivered_per_second), String::new()),
        ]
        .concat()
    }
}

fn row(name: &str, [rate, ratio]: [&str; 2], p50_ms: f64, p99_ms: f64, aim: &str) -> String {
    format!("{name:<24}{rate:>10}{ratio:>10}{p50_ms:>10.1}{p99_ms:>10.1}   {aim}").trim_end().to_owned() + "\n"
}

fn at_least(figure: f64, aim: f64) -> String {
    format!("aim: at least {aim}: {}", met(figure >= aim))
}

pub(super) fn at_most(figure: f64, aim: f64, unit: &str) -> String {
    format!("aim: under {aim} {unit}: {}", met(figure < aim))
}

pub(super) fn met(met: bool) -> &'static str {
    if met { "met" } else { "MISSED" }
}

fn middle(measured: &[Measured], figure: impl Fn(&Measured) -> f64) -> f64 {
    median(measured.iter().map(figure).collect())
}

/// How far the rounds lie apart: on a machine that does other things as well, far.
fn spread(measured: &[Measured], figure: impl Fn(&Measured) -> f64) -> String {
    let figures: Vec<f64> = measured.iter().map(figure).collect();
    let (least, most) = figures.iter().fold((f64::MAX, 0.0_f64), |(least, most), figure| (least.min(*figure), most.max(*figure)));
    format!("{least:.0} to {most:.0}")
}

/// The middle of what it is beside nginx in the same round, when the machine was as busy.
fn paired(measured: &[Measured], nginx: &[Measured], figure: impl Fn(&Measured, &Measured) -> f64) -> f64 {
    median(measured.iter().zip(nginx).map(|(it, nginx)| figure(it, nginx)).collect())
}

/// Of an even number, the lower of the two in the middle.
pub(super) fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len().saturating_sub(1) / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{at_least, at_most, median};

    #[test]
    fn the_middle_figure_counts() {
        assert_eq!(median(vec![9.0, 1.0, 5.0]), 5.0);
        assert_eq!(median(vec![4.0, 1.0]), 1.0);
        assert_eq!(median(Vec::new()), 0.0);
    }

    #[test]
    fn an_aim_is_met_or_missed() {
        assert_eq!(at_least(0.5, 0.5), "aim: at least 0.5: met");
        assert_eq!(at_least(0.49, 0.5), "aim: at least 0.5: MISSED");
        assert_eq!(at_most(60.0, 60.0, "MB"), "aim: under 60 MB: MISSED");
        assert_eq!(at_most(-1.0, 10.0, "ms"), "aim: under 10 ms: met");
    }
}
