//! The figures side by side, and what was aimed at.

use anyhow::{Context, Result};
use serde::Deserialize;

use super::{
    super::report::{median, met},
    pages::NAMES,
};

/// What it is aimed at: at most this part of SurveyJS's time.
const OF_SURVEY: f64 = 0.25;
/// A task that is longer keeps a finger waiting.
const LONGEST_TASK_MS: f64 = 50.0;

/// One load, as the program tells it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Load {
    page: String,
    slow: bool,
    first_field_ms: f64,
    first_field_bytes: f64,
    bytes: f64,
    requests: f64,
    taken_over_ms: Option<f64>,
    longest_task_before_ms: Option<f64>,
    longest_task_after_ms: Option<f64>,
}

pub(super) struct Report(Vec<Load>);

impl Report {
    pub(super) fn read(text: &str) -> Result<Report> {
        serde_json::from_str(text).map(Report).context("not as expected")
    }

    pub(super) fn table(&self) -> String {
        let head = format!(
            "{:28}{:>10}{:>10}{:>12}{:>10}{:>10}{:>12}\n{:28}{:>10}{:>10}{:>12}{:>10}{:>10}{:>12}\n",
            "first field", "slow ms", "fast ms", "KB before", "KB in all", "requests", "task before", "", "", "", "", "", "", "slow, ms"
        );
        let lines: String = NAMES.iter().map(|(page, name)| self.line(page, name)).collect();
        head + &lines + &self.aims()
    }

    fn line(&self, page: &str, name: &str) -> String {
        let slow = |figure: fn(&Load) -> f64| self.middle(page, true, figure);
        let fast = self.middle(page, false, |load| load.first_field_ms);
        let task = self.middle_of(page, |load| load.longest_task_before_ms);
        format!(
            "{name:28}{:>10.0}{fast:>10.0}{:>12.1}{:>10.1}{:>10.0}{:>12}\n",
            slow(|load| load.first_field_ms),
            slow(|load| load.first_field_bytes) / 1000.0,
            slow(|load| load.bytes) / 1000.0,
            slow(|load| load.requests),
            task.map_or_else(|| String::from("under 50"), |task| format!("{task:.0}")),
        )
    }

    fn aims(&self) -> String {
        let first = |page, slow| self.middle(page, slow, |load| load.first_field_ms);
        let mut text = String::new();
        for (slow, how) in [(true, "slow"), (false, "fast")] {
            let (ours, plain, survey) = (first("snippet", slow), first("plain", slow), first("survey", slow));
            text += &format!("{how}: {:.2} of the element by hand, aim: under 1: {}\n", ours / plain, met(ours < plain));
            text += &format!("{how}: {:.2} of SurveyJS, aim: under {OF_SURVEY}: {}\n", ours / survey, met(ours < survey * OF_SURVEY));
        }
        let taken = |slow| self.middle(NAMES[0].0, slow, |load| load.taken_over_ms.unwrap_or(f64::NAN));
        text += &format!("WebAssembly has taken over after {:.0} ms slow, {:.0} ms fast\n", taken(true), taken(false));
        let task = self.middle_of(NAMES[0].0, |load| load.longest_task_after_ms);
        let shown = task.map_or_else(|| String::from("under 50 ms"), |task| format!("{task:.0} ms"));
        let aim = met(task.is_none_or(|task| task < LONGEST_TASK_MS));
        text + &format!("The longest task by which it takes over, slow: {shown}, aim: under {LONGEST_TASK_MS} ms: {aim}\n")
    }

    fn middle(&self, page: &str, slow: bool, figure: impl Fn(&Load) -> f64) -> f64 {
        median(self.of(page, slow).map(figure).collect())
    }

    /// Of a slow page's longest tasks; nothing where most loads had none.
    fn middle_of(&self, page: &str, figure: impl Fn(&Load) -> Option<f64>) -> Option<f64> {
        let middle = median(self.of(page, true).map(|load| figure(load).unwrap_or_default()).collect());
        (middle > 0.0).then_some(middle)
    }

    fn of(&self, page: &str, slow: bool) -> impl Iterator<Item = &Load> {
        self.0.iter().filter(move |load| load.page == page && load.slow == slow)
    }
}
