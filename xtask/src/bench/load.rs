//! Running the load program, and what it measured.

use std::{collections::BTreeMap, net::SocketAddr, process::Command};

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

use super::Place;
use crate::run;

/// To whom the load program sends.
#[derive(Clone, Copy)]
pub(super) enum To {
    Proxy,
    Nginx,
}

/// How it sends.
pub(super) enum Way {
    /// Every connection sends its next signup when the one before is answered.
    AsTheyCome { connections: u32 },
    /// So many a second.
    AtRate(u32),
}

/// What it measured.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Figures {
    answers: BTreeMap<u16, u64>,
    broken: BTreeMap<String, u64>,
    pub(super) seconds: f64,
    pub(super) per_second: f64,
    pub(super) p50_ms: f64,
    pub(super) p99_ms: f64,
    longest_ms: f64,
}

pub(super) fn send(place: &Place, to: To, address: SocketAddr, way: &Way, seconds: u64, most: Option<u64>) -> Result<Figures> {
    let mut command = Command::new(place.programs.join("load"));
    let to = match to {
        To::Proxy => "proxy",
        To::Nginx => "forwarder",
    };
    command.args(["--to", to, "--address", &address.to_string(), "--seconds", &seconds.to_string()]);
    match way {
        Way::AsTheyCome { connections } => command.args(["--connections", &connections.to_string()]),
        Way::AtRate(rate) => command.args(["--rate", &rate.to_string()]),
    };
    if let Some(most) = most {
        command.args(["--most", &most.to_string()]);
    }
    let text = run::output(&mut command)?;
    let figures: Figures = serde_json::from_str(&text).with_context(|| format!("the load program prints {text:?}"))?;
    figures.check()?;
    Ok(figures)
}

impl Figures {
    /// A refusal is faster than a signup: with one among them, nothing was measured.
    fn check(&self) -> Result<()> {
        let refused = self.answers.keys().any(|status| !(200..300).contains(status));
        ensure!(!refused && self.broken.is_empty() && !self.answers.is_empty(), "not all was taken: {:?}, {:?}", self.answers, self.broken);
        Ok(())
    }

    pub(super) fn count(&self) -> u64 {
        self.answers.values().sum()
    }
}
