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
        let nginx = &self.rounds.nginx;
        let mut lines = vec![row("", ["a second", "of nginx", "p50 ms", "p99 ms"].map(String::from), "")];
        lines.push(row("as many as come back", [""; 4].map(String::from), ""));
        for (name, measured, aim) in self.contenders() {
            let rate = |measured: &Measured| measured.at_most.per_second;
            let ratio = paired(measured, nginx, |it, nginx| rate(it) / rate(nginx));
            let figures = [
                format!("{:.0}", middle(measured, rate)),
                format!("{ratio:.2}"),
                format!("{:.1}", middle(measured, |it| it.at_most.p50_ms)),
                format!("{:.1}", middle(measured, |it| it.at_most.p99_ms)),
            ];
            lines.push(row(name, figures, &aim.then(|| at_least(ratio, LEAST_RATIO)).unwrap_or_default()));
        }
        lines.push(row(&format!("{RATE} a second"), ["p99 added", "", "", ""].map(String::from), ""));
        for (name, measured, aim) in self.contenders() {
            let added = paired(measured, nginx, |it, nginx| it.at_rate.p99_ms - nginx.at_rate.p99_ms);
            let figures = [
                format!("{added:.1} ms"),
                String::new(),
                format!("{:.1}", middle(measured, |it| it.at_rate.p50_ms)),
                format!("{:.1}", middle(measured, |it| it.at_rate.p99_ms)),
            ];
            lines.push(row(name, figures, &aim.then(|| at_most(added, MOST_ADDED_MS, "ms")).unwrap_or_default()));
        }
        let Disk { p50_ms, p99_ms } = self.disk;
        lines.push(row("the disk, by itself", [String::new(), String::new(), format!("{p50_ms:.1}"), format!("{p99_ms:.1}")], ""));
        let mut text = lines.concat();
        if let Some(waiting) = &self.waiting {
            text.push_str(&waiting.lines());
        }
        text
    }

    /// Each with its name, and whether something is aimed at for it.
    fn contenders(&self) -> impl Iterator<Item = (&'static str, &[Measured], bool)> {
        let Rounds { nginx, sqlite, postgres } = &self.rounds;
        [("  nginx", &nginx[..], false), ("  proxy on SQLite", &sqlite[..], true), ("  proxy on PostgreSQL", &postgres[..], false)]
            .into_iter()
            .filter(|(_, measured, _)| !measured.is_empty())
    }
}

impl Waiting {
    fn lines(&self) -> String {
        let megabytes = |bytes: u64| bytes as f64 / 1e6;
        let memory = megabytes(self.memory_after_taking.max(self.memory_after_start));
        let line = |what: &str, figure: String, aim: String| format!("{what:<40}{figure:>22}   {aim}\n");
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

fn row(name: &str, figures: [String; 4], aim: &str) -> String {
    let [first, second, third, fourth] = figures;
    format!("{name:<22}{first:>10}{second:>10}{third:>10}{fourth:>10}   {aim}").trim_end().to_owned() + "\n"
}

fn at_least(figure: f64, aim: f64) -> String {
    format!("aim: at least {aim}: {}", met(figure >= aim))
}

fn at_most(figure: f64, aim: f64, unit: &str) -> String {
    format!("aim: under {aim} {unit}: {}", met(figure < aim))
}

fn met(met: bool) -> &'static str {
    if met { "met" } else { "MISSED" }
}

fn middle(measured: &[Measured], figure: impl Fn(&Measured) -> f64) -> f64 {
    median(measured.iter().map(figure).collect())
}

/// The middle of what it is beside nginx in the same round, when the machine was as busy.
fn paired(measured: &[Measured], nginx: &[Measured], figure: impl Fn(&Measured, &Measured) -> f64) -> f64 {
    median(measured.iter().zip(nginx).map(|(it, nginx)| figure(it, nginx)).collect())
}

/// Of an even number, the lower of the two in the middle.
fn median(mut figures: Vec<f64>) -> f64 {
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
