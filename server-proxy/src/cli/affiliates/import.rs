//! `latchkey affiliates import`.

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use serde::Deserialize;

use super::{
    super::Common,
    entry::{self, Entry},
};

#[derive(Args)]
pub(in super::super) struct Import {
    #[command(flatten)]
    common: Common,
    /// The CSV file, with a heading
    file: PathBuf,
}

/// A line of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    id: String,
    connection: String,
    crm_id: String,
    #[serde(default)]
    buckets: String,
    #[serde(default)]
    portals: String,
    #[serde(default)]
    scopes: String,
    #[serde(default)]
    api_key: Option<String>,
    #[serde(default)]
    bearer: Option<String>,
    #[serde(default)]
    user: Option<String>,
    #[serde(default)]
    password: Option<String>,
}

impl Line {
    fn entry(self) -> Result<Entry, String> {
        let given = |text: Option<String>| text.filter(|text| !text.is_empty());
        Ok(Entry {
            id: self.id,
            connection: self.connection,
            crm_id: self.crm_id,
            buckets: self.buckets.split_whitespace().map(entry::bucket).collect::<Result<_, _>>()?,
            portals: self.portals.split_whitespace().map(str::to_owned).collect(),
            scopes: self.scopes.split_whitespace().map(entry::scope).collect::<Result<_, _>>()?,
            api_key: given(self.api_key),
            bearer: given(self.bearer),
            user: given(self.user),
            password: given(self.password),
        })
    }
}

impl Import {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let (config, store) = super::open(&self.common).await?;
        let path = self.file.display();
        let mut csv =
            csv::ReaderBuilder::new().trim(csv::Trim::All).from_path(&self.file).with_context(|| format!("cannot read {path}"))?;
        let (mut affiliates, mut wrong) = (Vec::new(), 0);
        for (index, line) in csv.deserialize::<Line>().enumerate() {
            let entry = line.map_err(|error| error.to_string()).and_then(Line::entry);
            match entry.map_err(anyhow::Error::msg).and_then(|entry| entry.checked(&config)) {
                Ok(affiliate) => affiliates.push(affiliate),
                Err(error) => {
                    wrong += 1;
                    // The heading is the first line.
                    eprintln!("{path}, line {}: {error:#}", index + 2);
                }
            }
        }
        anyhow::ensure!(wrong == 0, "{wrong} lines are wrong: none is added");
        let count = affiliates.len();
        store.put_affiliates(affiliates).await?;
        println!("{count} affiliates are added");
        Ok(())
    }
}
