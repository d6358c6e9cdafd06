//! `latchkey signups export`.

use std::{
    collections::BTreeSet,
    io::{BufWriter, Write},
};

use anyhow::Context;
use clap::{Args, ValueEnum};
use serde::Serialize;

use super::{
    super::Common,
    Line,
    choice::{Narrowed, Pages},
};
use crate::{
    spreadsheet::cell,
    store::{Content, State, Store},
};

#[derive(Args)]
pub(in super::super) struct Export {
    #[command(flatten)]
    common: Common,
    /// Only those in this state
    #[arg(long, value_enum)]
    state: Option<State>,
    #[command(flatten)]
    narrowed: Narrowed,
    /// How it is written
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    format: Format,
    /// Also what the visitors sent
    #[arg(long)]
    personal: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// A heading, and a line each. A cell that a spreadsheet would run begins with an apostrophe
    Csv,
    /// A JSON object a line
    Json,
}

/// A signup with what its visitor sent.
#[derive(Serialize)]
struct Whole {
    #[serde(flatten)]
    line: Line,
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<Content>,
}

impl Export {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let (_, store) = super::open(&self.common).await?;
        let out = BufWriter::new(std::io::stdout().lock());
        match self.format {
            Format::Json => self.json(&store, out).await,
            Format::Csv => self.csv(&store, out).await,
        }
    }

    async fn json(&self, store: &Store, mut out: impl Write) -> anyhow::Result<()> {
        let mut pages = self.pages();
        while let Some(page) = self.next(&mut pages, store).await? {
            for whole in page {
                serde_json::to_writer(&mut out, &whole)?;
                out.write_all(b"\n")?;
            }
        }
        Ok(out.flush()?)
    }

    async fn csv(&self, store: &Store, out: impl Write) -> anyhow::Result<()> {
        // Twice through the list, rather than all of it at once in memory: the heading has to name every field there is.
        let (mut fields, mut tracking) = (BTreeSet::new(), BTreeSet::new());
        let mut pages = self.pages();
        while let Some(page) = self.next(&mut pages, store).await? {
            for content in page.into_iter().filter_map(|whole| whole.content) {
                fields.extend(content.fields.into_keys());
                tracking.extend(content.tracking.into_keys());
            }
        }
        let mut csv = csv::Writer::from_writer(out);
        let own = ["id", "funnel", "funnelVersion", "connection", "state", "reason", "receivedAt", "changedAt", "crmId", "variant"];
        let personal = ["locale", "ip", "agreements"].iter().filter(|_| self.personal).map(|name| (*name).to_owned());
        let named = |kind: &str, names: &BTreeSet<String>| names.iter().map(|name| format!("{kind}.{name}")).collect::<Vec<_>>();
        let heading = own.iter().map(|name| (*name).to_owned()).chain(personal).chain(named("fields", &fields));
        csv.write_record(heading.chain(named("tracking", &tracking)).map(|name| cell(&name)))?;
        let mut pages = self.pages();
        while let Some(page) = self.next(&mut pages, store).await? {
            for Whole { line, content } in page {
                let mut record = vec![
                    line.id.to_string(),
                    line.funnel,
                    line.funnel_version,
                    line.connection,
                    line.state.to_owned(),
                    line.reason.unwrap_or_default().to_owned(),
                    line.received_at.to_string(),
                    line.changed_at.to_string(),
                    line.crm_id.unwrap_or_default(),
                    line.variant.unwrap_or_default(),
                ];
                if let Some(content) = content {
                    let agreements: Vec<_> = content.agreements.iter().map(|agreement| agreement.label.as_str()).collect();
                    record.extend([content.locale.clone(), content.ip.to_string(), agreements.join("; ")]);
                    record.extend(fields.iter().map(|name| content.fields.get(name).cloned().unwrap_or_default()));
                    record.extend(tracking.iter().map(|name| content.tracking.get(name).cloned().unwrap_or_default()));
                }
                csv.write_record(record.iter().map(|text| cell(text)))?;
            }
        }
        csv.flush().context("cannot write to standard output")
    }

    fn pages(&self) -> Pages {
        Pages::new(self.narrowed.filter(self.state, 0))
    }

    async fn next(&self, pages: &mut Pages, store: &Store) -> anyhow::Result<Option<Vec<Whole>>> {
        let Some(page) = pages.next(store).await? else { return Ok(None) };
        let mut whole = Vec::with_capacity(page.len());
        for signup in page {
            let content = if self.personal { store.content(signup.id).await? } else { None };
            // It has gone meanwhile.
            if self.personal && content.is_none() {
                continue;
            }
            whole.push(Whole { line: signup.into(), content });
        }
        Ok(Some(whole))
    }
}
