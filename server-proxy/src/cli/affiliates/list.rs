//! `latchkey affiliates list` and `show`. Credentials are named, never shown.

use std::collections::BTreeMap;

use clap::Args;
use jiff::Timestamp;
use serde::Serialize;

use super::super::Common;
use crate::{
    config::Config,
    partner::Shown,
    store::{Store, StoredAffiliate},
};

#[derive(Args)]
pub(in super::super) struct List {
    #[command(flatten)]
    common: Common,
    /// JSON instead of a table
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
pub(in super::super) struct Show {
    #[command(flatten)]
    common: Common,
    /// What portals call it
    id: String,
    /// JSON instead of lines
    #[arg(long)]
    json: bool,
}

/// An affiliate as it is printed.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    id: String,
    connection: String,
    crm_id: String,
    buckets: BTreeMap<String, Vec<String>>,
    portals: Vec<String>,
    scopes: Vec<&'static str>,
    credential: Vec<&'static str>,
    enabled: bool,
    /// "configuration", or "store".
    from: &'static str,
}

impl Line {
    fn of(shown: &Shown, enabled: bool, from: &'static str) -> Line {
        let affiliate = &shown.affiliate;
        let credential = affiliate.credential.as_deref();
        let kinds = [
            ("api_key", credential.is_some_and(|own| own.api_key.is_some())),
            ("bearer", credential.is_some_and(|own| own.bearer.is_some())),
            ("login", credential.is_some_and(|own| own.login.is_some())),
        ];
        Line {
            id: affiliate.id.clone(),
            connection: affiliate.connection.clone(),
            crm_id: affiliate.crm_id.clone(),
            buckets: affiliate.buckets.iter().map(|bucket| (bucket.id.clone(), bucket.sources.clone())).collect(),
            portals: shown.portals.clone(),
            scopes: shown.scopes.iter().map(|scope| scope.as_str()).collect(),
            credential: kinds.into_iter().filter(|(_, has)| *has).map(|(kind, _)| kind).collect(),
            enabled,
            from,
        }
    }

    fn stored(stored: StoredAffiliate) -> anyhow::Result<(Line, Shown)> {
        let enabled = stored.enabled;
        let shown = Shown::stored(stored)?;
        Ok((Line::of(&shown, enabled, "store"), shown))
    }
}

async fn all(config: &Config, store: &Store) -> anyhow::Result<Vec<Line>> {
    let mut lines: Vec<Line> = config.shown.iter().map(|shown| Line::of(shown, true, "configuration")).collect();
    for stored in store.affiliates().await? {
        lines.push(Line::stored(stored)?.0);
    }
    Ok(lines)
}

impl List {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let (config, store) = super::open(&self.common).await?;
        let lines = all(&config, &store).await?;
        if self.json {
            println!("{}", serde_json::to_string_pretty(&lines)?);
            return Ok(());
        }
        println!("{:20}  {:16}  {:24}  {:8}  {:16}  SCOPES", "ID", "CONNECTION", "CRM ID", "STATE", "PORTALS");
        for line in lines {
            let state = if line.enabled { "enabled" } else { "disabled" };
            let (portals, scopes) = (line.portals.join(","), line.scopes.join(","));
            println!("{:20}  {:16}  {:24}  {state:8}  {portals:16}  {scopes}", line.id, line.connection, line.crm_id);
        }
        Ok(())
    }
}

/// How fresh a mirror is.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MirrorLine {
    as_of: Option<Timestamp>,
    whole_as_of: Option<Timestamp>,
    failed_at: Option<Timestamp>,
    people: u64,
}

#[derive(Serialize)]
struct Whole {
    #[serde(flatten)]
    line: Line,
    mirror: MirrorLine,
}

impl Show {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let (config, store) = super::open(&self.common).await?;
        let configured = config.shown.iter().find(|shown| shown.affiliate.id == self.id);
        let (line, key) = match configured {
            Some(shown) => (Line::of(shown, true, "configuration"), shown.mirror_key()),
            None => {
                let (line, shown) = Line::stored(super::stored(&config, &store, &self.id).await?)?;
                (line, shown.mirror_key())
            }
        };
        let mirror = store.mirror(&key).await?;
        let time = |at: i64| Timestamp::from_millisecond(at).ok().filter(|_| at > 0);
        let mirror = MirrorLine {
            as_of: time(mirror.as_of),
            whole_as_of: time(mirror.whole_as_of),
            failed_at: time(mirror.failed_at),
            people: store.people(&key).await?,
        };
        let whole = Whole { line, mirror };
        if self.json {
            println!("{}", serde_json::to_string_pretty(&whole)?);
            return Ok(());
        }
        let Whole { line, mirror } = whole;
        let never = |at: Option<Timestamp>| at.map_or("never".to_owned(), |at| at.to_string());
        println!("{} ({}, {})", line.id, line.from, if line.enabled { "enabled" } else { "disabled" });
        println!("connection  {}, as {}", line.connection, line.crm_id);
        println!("buckets     {}", line.buckets.keys().cloned().collect::<Vec<_>>().join(", "));
        println!("portals     {}", line.portals.join(", "));
        println!("scopes      {}", line.scopes.join(", "));
        println!("credential  {}", line.credential.join(", "));
        println!("mirror      {} people, as of {}; read whole {}", mirror.people, never(mirror.as_of), never(mirror.whole_as_of));
        Ok(())
    }
}
