//! How long this disk takes to make one small write durable: what no proxy that keeps its promise can be faster than.

use std::{fs::File, io::Write, time::Instant};

use anyhow::{Context, Result};
use serde::Serialize;

use super::Place;

const WRITES: usize = 300;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Disk {
    pub(super) p50_ms: f64,
    pub(super) p99_ms: f64,
}

pub(super) fn measure(place: &Place) -> Result<Disk> {
    let path = place.folder.join("disk");
    let mut times = times(&path).with_context(|| format!("cannot write {}", path.display()))?;
    times.sort_by(f64::total_cmp);
    Ok(Disk { p50_ms: times[WRITES / 2], p99_ms: times[WRITES * 99 / 100] })
}

fn times(path: &std::path::Path) -> std::io::Result<Vec<f64>> {
    let mut file = File::create(path)?;
    let page = [0; 4096];
    let write = |_| {
        let start = Instant::now();
        file.write_all(&page)?;
        file.sync_data()?;
        Ok(start.elapsed().as_secs_f64() * 1000.0)
    };
    (0..WRITES).map(write).collect()
}
