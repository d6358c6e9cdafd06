//! `latchkey signups`: what is kept, for the operator.

mod choice;
mod export;
mod list;
mod purge;
mod reconcile;
mod retry;
mod show;

use std::sync::Arc;

use clap::Subcommand;
use serde::Serialize;
use uuid::Uuid;

use super::Common;
use crate::{
    config::Config,
    store::{Signup, Store},
};

#[derive(Subcommand)]
pub(super) enum Command {
    /// List signups, the newest first
    #[command(after_help = "Example:\n  latchkey signups list --state parked --reason misconfigured --json")]
    List(list::List),
    /// Show one signup and its attempts
    #[command(after_help = "Example:\n  latchkey signups show 01997f3a-0000-7000-8000-000000000000 --personal")]
    Show(show::Show),
    /// Have parked signups delivered again, by the proxy that runs
    ///
    /// What may have arrived is looked up in the CRM first. Signups that wait for their next attempt need not wait any longer. What looks
    /// like a bot's has to be named, or asked for by its reason.
    #[command(
        after_help = "Examples:\n  latchkey signups retry 01997f3a-0000-7000-8000-000000000000\n  latchkey signups retry --connection eu --reason misconfigured"
    )]
    Retry(retry::Retry),
    /// Ask the CRM whether parked signups have arrived, and send nothing
    #[command(after_help = "Example:\n  latchkey signups reconcile --reason outcome-unknown")]
    Reconcile(reconcile::Reconcile),
    /// Write signups to standard output, as CSV or as JSON, a line each
    #[command(after_help = "Example:\n  latchkey signups export --since 2026-11-01T00:00:00Z --personal > november.csv")]
    Export(export::Export),
    /// Forget a person who asks for it, and print the receipt
    ///
    /// The evidence of consent stays: agreement, text's hash, time and network, under a keyed hash of the e-mail.
    #[command(after_help = "Example:\n  latchkey signups purge --email jane.doe@mail.example > receipt.json")]
    Purge(purge::Purge),
    /// Print the evidence that somebody agreed, of signups that are gone
    #[command(after_help = "Example:\n  latchkey signups consents --email jane.doe@mail.example")]
    Consents(purge::Consents),
}

pub(super) async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::List(list) => list.run().await,
        Command::Show(show) => show.run().await,
        Command::Retry(retry) => retry.run().await,
        Command::Reconcile(reconcile) => reconcile.run().await,
        Command::Export(export) => export.run().await,
        Command::Purge(purge) => purge.run().await,
        Command::Consents(consents) => consents.run().await,
    }
}

async fn open(common: &Common) -> anyhow::Result<(Config, Arc<Store>)> {
    let (config, _) = super::load(&common.config)?;
    anyhow::ensure!(config.database.is_there(), "{}: there is no store yet", config.database);
    let store = Store::open(&config.database, config.keys.clone()).await?;
    Ok((config, Arc::new(store.for_operator())))
}

/// A signup as it is printed.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    id: Uuid,
    funnel: String,
    funnel_version: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    variant: Option<String>,
    connection: String,
    state: &'static str,
    reason: Option<&'static str>,
    received_at: jiff::Timestamp,
    changed_at: jiff::Timestamp,
    crm_id: Option<String>,
}

impl From<Signup> for Line {
    fn from(signup: Signup) -> Line {
        Line {
            id: signup.id,
            funnel: signup.funnel,
            funnel_version: signup.funnel_version,
            variant: signup.variant,
            connection: signup.connection,
            state: signup.state.as_str(),
            reason: signup.reason.map(|reason| reason.as_str()),
            received_at: signup.received_at,
            changed_at: signup.changed_at,
            crm_id: signup.crm_id,
        }
    }
}
