//! All leads as CSV.

use std::time::Instant;

use anyhow::{Context, Result, ensure};
use http_body_util::Full;
use hyper::Request;
use serde::Serialize;
use serde_json::json;

use crate::{Portal, portal::read};

#[derive(Serialize)]
pub(crate) struct Export {
    rows: u64,
    bytes: u64,
    seconds: f64,
}

pub(crate) async fn measure(portal: &Portal) -> Result<Export> {
    let mut connection = portal.connection();
    let token = portal.mint(&mut connection).await?;
    let (status, body) = connection.send(portal.post("/exports", &token, &json!({ "table": "leads" }))?).await?;
    let answer = read(status, &body)?;
    let (url, rows) = (answer["url"].as_str().context("no address")?, answer["rows"].as_u64().context("no number of rows")?);
    let path = url.strip_prefix(&format!("http://{}", portal.proxy)).context("an address of another host")?;
    let download = Request::get(path).header("host", portal.proxy.to_string()).header("origin", format!("http://{}", portal.page));
    let start = Instant::now();
    let (status, csv) = connection.send(download.body(Full::default())?).await?;
    let seconds = start.elapsed().as_secs_f64();
    ensure!(status.is_success(), "the download is answered with {status}");
    let lines = csv.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).count() as u64;
    ensure!(lines == rows + 1, "{rows} rows were announced, and {lines} lines came");
    // Opened, and not masked: what was sealed was read.
    let last = csv[..csv.len().saturating_sub(1)].rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
    let last = String::from_utf8_lossy(last);
    ensure!(last.contains("@mail.example"), "the last row has no address: {last}");
    Ok(Export { rows, bytes: csv.len() as u64, seconds })
}
