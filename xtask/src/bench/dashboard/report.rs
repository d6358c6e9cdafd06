//! The figures, and what was aimed at.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::super::report::{at_most, median, met};

const MOST_MEMORY_MB: f64 = 64.0;
/// "At most a handful of CRM calls": what one dashboard alone asks for.
const MOST_CRM_CALLS: u64 = 15;
const LONGEST_FRAME_MS: f64 = 50.0;
/// An overview that takes longer is to be kept.
const LONGEST_OVERVIEW_MS: f64 = 500.0;

#[derive(Serialize)]
pub(super) struct Report {
    /// Absent where it was not asked for; so are the others.
    pub(super) crowd: Option<Crowd>,
    pub(super) export: Option<Export>,
    pub(super) opened: Option<Vec<Opened>>,
    pub(super) scrolled: Option<Scrolled>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Crowd {
    pub(super) asked: u32,
    pub(super) crm_calls: u64,
    #[serde(flatten)]
    pub(super) told: OfCrowd,
}

#[derive(Deserialize, Serialize)]
pub(super) struct OfCrowd {
    /// Of each question, and until each dashboard had all of its answers.
    answers: Times,
    dashboards: Times,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Times {
    answers: BTreeMap<u16, u64>,
    broken: BTreeMap<String, u64>,
    p50_ms: f64,
    p99_ms: f64,
    longest_ms: f64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Export {
    /// In bytes; the most while it was downloaded.
    pub(super) memory_before: u64,
    pub(super) memory: u64,
    #[serde(flatten)]
    pub(super) told: OfExport,
    /// The most while figures and pages were asked for.
    pub(super) memory_of_figures: u64,
    pub(super) figures: Vec<Asked>,
}

#[derive(Deserialize, Serialize)]
pub(super) struct OfExport {
    rows: u64,
    bytes: u64,
    seconds: f64,
}

#[derive(Deserialize, Serialize)]
pub(super) struct Asked {
    what: String,
    ms: Vec<f64>,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Opened {
    slow: bool,
    first_figure_ms: f64,
    settled_ms: f64,
    first_figure_bytes: f64,
    bytes: f64,
    requests: f64,
    longest_task_ms: f64,
}

#[derive(Deserialize, Serialize)]
pub(super) struct Scrolled {
    rows: u64,
    phases: Vec<Phase>,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Phase {
    what: String,
    seconds: f64,
    frames: u64,
    /// Those that took more than 50 ms.
    slow_frames: u64,
    longest_frame_ms: f64,
    longest_gap_ms: f64,
    longest_task_ms: f64,
    /// The most that a task had of the processor, and how many had more than 50 ms.
    longest_work_ms: f64,
    long_works: u64,
}

impl Report {
    pub(super) fn table(&self) -> String {
        let Report { crowd, export, opened, scrolled } = self;
        let parts = [
            crowd.as_ref().map(Crowd::lines),
            export.as_ref().map(Export::lines),
            opened.as_deref().map(openings),
            scrolled.as_ref().map(Scrolled::lines),
        ];
        parts.into_iter().flatten().collect()
    }
}

fn line(what: &str, figure: &str, aim: &str) -> String {
    format!("  {what:<38}{figure:>24}   {aim}").trim_end().to_owned() + "\n"
}

fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

impl Crowd {
    fn lines(&self) -> String {
        let Crowd { asked, crm_calls, told: OfCrowd { answers, dashboards } } = self;
        let is_met = *crm_calls <= MOST_CRM_CALLS;
        let times = |times: &Times| format!("{:.0}, {:.0}, {:.0} ms", times.p50_ms, times.p99_ms, times.longest_ms);
        let refused: u64 = answers.answers.iter().filter(|(status, _)| **status != 200).map(|(_, count)| count).sum();
        let broken: u64 = answers.broken.values().sum();
        [
            format!("{asked} dashboards opened at once\n"),
            line("calls to the CRM", &crm_calls.to_string(), &format!("aim: at most {MOST_CRM_CALLS}: {}", met(is_met))),
            line("an answer: p50, p99, longest", &times(answers), ""),
            line("a dashboard's last: p50, p99, longest", &times(dashboards), ""),
            line("refused, without an answer", &format!("{refused}, {broken}"), &format!("aim: none: {}", met(refused + broken == 0))),
        ]
        .concat()
    }
}

impl Export {
    fn lines(&self) -> String {
        let Export { memory_before, memory, told: OfExport { rows, bytes, seconds }, memory_of_figures, figures } = self;
        let (before, most) = (megabytes(*memory_before), megabytes(*memory));
        let asked = |asked: &Asked| {
            let (middle, longest) = (median(asked.ms.clone()), asked.ms.iter().copied().fold(0.0, f64::max));
            let aim = if asked.what.starts_with("overview") { at_most(middle, LONGEST_OVERVIEW_MS, "ms") } else { String::new() };
            line(&asked.what, &format!("{middle:.0}, {longest:.0} ms"), &aim)
        };
        let head = [
            format!("An export of {rows} rows, {:.0} MB\n", megabytes(*bytes)),
            line("memory before, the most meanwhile", &format!("{before:.1}, {most:.1} MB"), &at_most(most, MOST_MEMORY_MB, "MB")),
            line("time", &format!("{seconds:.1} s, {:.0} rows/s", *rows as f64 / seconds), ""),
            format!("Figures and pages of as many people: the middle, the longest (at most {:.1} MB)\n", megabytes(*memory_of_figures)),
        ];
        head.into_iter().chain(figures.iter().map(asked)).collect()
    }
}

fn openings(all: &[Opened]) -> String {
    let mut text = format!(
        "{:<28}{:>14}{:>12}{:>12}{:>10}{:>10}{:>14}\n",
        "The dashboard is opened", "first figure", "settled", "KB before", "KB in all", "requests", "longest task"
    );
    for (slow, how) in [(true, "  slow"), (false, "  as fast as it gets")] {
        let middle = |figure: fn(&Opened) -> f64| median(all.iter().filter(|one| one.slow == slow).map(figure).collect());
        text += &format!(
            "{how:<28}{:>11.0} ms{:>9.0} ms{:>12.1}{:>10.1}{:>10.0}{:>11.0} ms\n",
            middle(|one| one.first_figure_ms),
            middle(|one| one.settled_ms),
            middle(|one| one.first_figure_bytes) / 1000.0,
            middle(|one| one.bytes) / 1000.0,
            middle(|one| one.requests),
            middle(|one| one.longest_task_ms),
        );
    }
    text
}

impl Scrolled {
    fn lines(&self) -> String {
        let mut text = format!(
            "{:<28}{:>10}{:>10}{:>14}{:>10}{:>15}{:>10}{:>13}\n",
            format!("{} leads, CPU ÷4", self.rows),
            "seconds",
            "frames",
            "longest work",
            "over 50",
            "longest frame",
            "over 50",
            "longest gap"
        );
        for phase in &self.phases {
            text += &format!(
                "  {:<26}{:>10.1}{:>10}{:>11.0} ms{:>10}{:>12.0} ms{:>10}{:>10.0} ms\n",
                phase.what,
                phase.seconds,
                phase.frames,
                phase.longest_work_ms,
                phase.long_works,
                phase.longest_frame_ms,
                phase.slow_frames,
                phase.longest_gap_ms,
            );
        }
        let most = |figure: fn(&Phase) -> f64| self.phases.iter().map(figure).fold(0.0, f64::max);
        let (work, frame) = (most(|phase| phase.longest_work_ms), most(|phase| phase.longest_frame_ms));
        text + &line("work of a frame, without other programs", &format!("{work:.0} ms"), &at_most(work, LONGEST_FRAME_MS, "ms"))
            + &line("a frame, with what they took", &format!("{frame:.0} ms"), &at_most(frame, LONGEST_FRAME_MS, "ms"))
    }
}
