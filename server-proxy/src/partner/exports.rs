//! Downloads: a table as CSV. Whoever asked for one has an address for one use; the rows come out of the mirror a chunk at a time, so that
//! a million of them take no more memory than a thousand.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use bytes::Bytes;
use latchkey_contract::partner::{ExportAnswer, ExportRequest, Kind, Scope};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;

use super::{
    Partners, Refusal,
    columns::Spec,
    money,
    query::Asked,
    tokens::{Asker, Minted, hash, seconds},
};
use crate::spreadsheet;

/// For how long an address can be used.
const LIFE: Duration = Duration::from_secs(5 * 60);
/// Rows of a chunk.
const CHUNK: u32 = 1_000;
/// The longest ticket that is looked at.
const LONGEST: usize = 64;

/// What is kept of a download that was asked for.
#[derive(Serialize, Deserialize)]
struct Kept {
    affiliate: String,
    portal: String,
    scopes: BTreeSet<Scope>,
    request: ExportRequest,
}

/// A download: its name, and its chunks as they are read. It ends with an error where the rows do.
pub(crate) struct Download {
    pub(crate) name: String,
    pub(crate) chunks: mpsc::Receiver<std::io::Result<Bytes>>,
}

fn parameters(query: &str) -> Vec<(String, String)> {
    url::form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

impl Partners {
    /// Gives an address to download a table from; `root` is what browsers call the proxy.
    pub(crate) async fn export(self: &Arc<Self>, asker: &Asker, request: ExportRequest, root: &url::Url) -> Result<ExportAnswer, Refusal> {
        self.demand(asker, request.table.scope())?;
        let asked = self.asked(asker, &request)?;
        self.freshen(asker).await?;
        let rows = self.store.count_rows(&asked.wanted).await?;
        let minted = Minted::new();
        let expires_at = self.store.now() + LIFE;
        let name = file_name(&request);
        let (affiliate, portal) = (asker.affiliate().id.clone(), asker.portal().to_owned());
        let kept = Kept { affiliate, portal, scopes: asker.scopes().clone(), request };
        let content = serde_json::to_string(&kept).map_err(|error| Refusal::NotJson(error.to_string()))?;
        self.store.keep_export(minted.hash, content, expires_at.as_millisecond()).await?;
        let expires_at = seconds(jiff::Timestamp::now() + LIFE);
        Ok(ExportAnswer { url: format!("{root}api/v1/partner/exports/{}", minted.text), rows, name, expires_at })
    }

    /// Begins a download, and ends its address.
    pub(crate) async fn download(self: &Arc<Self>, ticket: &str) -> Result<Download, Refusal> {
        if ticket.len() > LONGEST {
            return Err(Refusal::UnknownExport);
        }
        let kept = self.store.take_export(hash(ticket)).await?.ok_or(Refusal::UnknownExport)?;
        let Kept { affiliate, portal, scopes, request } = serde_json::from_str(&kept).map_err(|_| Refusal::UnknownExport)?;
        let shown = self.shown(&affiliate).await?.filter(|shown| shown.is_shown_by(&portal)).ok_or(Refusal::UnknownExport)?;
        let asker = Asker::of_export(shown, portal, &scopes);
        self.demand(&asker, request.table.scope())?;
        let asked = self.asked(&asker, &request)?;
        let (sender, chunks) = mpsc::channel(1);
        let (partners, is_personal, name) = (self.clone(), asker.is_personal(), file_name(&request));
        tokio::spawn(async move {
            if let Err(error) = partners.write(&asked, is_personal, &sender).await {
                tracing::error!(%error, "an export ends in the middle");
                // An error says that nobody reads any more.
                let _ = sender.send(Err(std::io::Error::other("the export ends in the middle"))).await;
            }
        });
        Ok(Download { name, chunks })
    }

    fn asked(&self, asker: &Asker, request: &ExportRequest) -> Result<Asked, Refusal> {
        let (_, offers) = self.crm(asker)?;
        let query: Vec<_> =
            parameters(&request.query).into_iter().filter(|(name, _)| !matches!(name.as_str(), "cursor" | "limit" | "choices")).collect();
        let mut asked = self.read_query(asker, request.table, offers, &query, self.store.now())?;
        if !request.columns.is_empty() {
            let find = |name: &String| {
                let spec = asked.specs.iter().copied().find(|spec| spec.name == name);
                spec.ok_or_else(|| Refusal::invalid("columns", "option", format!("the table has no column \"{name}\"")))
            };
            asked.specs = request.columns.iter().map(find).collect::<Result<_, _>>()?;
        }
        Ok(asked)
    }

    async fn write(&self, asked: &Asked, is_personal: bool, sender: &mpsc::Sender<std::io::Result<Bytes>>) -> anyhow::Result<()> {
        let heading = asked.specs.iter().map(|spec| spec.name.to_owned());
        let mut chunk = csv_line(heading)?;
        let mut after = None;
        loop {
            let found = self.store.rows(&asked.wanted, after.as_deref(), CHUNK).await?;
            for row in &found.rows {
                let line = csv_line(asked.specs.iter().map(|spec| cell(spec, row, is_personal)))?;
                chunk.extend(line);
            }
            if sender.send(Ok(std::mem::take(&mut chunk).into())).await.is_err() {
                // Whoever was reading has stopped it.
                return Ok(());
            }
            match found.next {
                Some(next) => after = Some(next),
                None => return Ok(()),
            }
        }
    }
}

fn file_name(request: &ExportRequest) -> String {
    format!("{}.csv", request.table.as_str())
}

fn csv_line(cells: impl Iterator<Item = String>) -> anyhow::Result<Vec<u8>> {
    let mut line = csv::Writer::from_writer(Vec::new());
    line.write_record(cells)?;
    Ok(line.into_inner()?)
}

/// A number is a number to a spreadsheet, also one below zero.
fn cell(spec: &Spec, row: &crate::store::Row, is_personal: bool) -> String {
    let cell = spec.cell(row, is_personal);
    let text = cell.as_ref().map(|cell| cell.as_str()).unwrap_or_default();
    let is_number = matches!(spec.kind, Kind::Money | Kind::Number) && money::parts(text).is_some();
    if is_number { text.to_owned() } else { spreadsheet::cell(text) }
}
