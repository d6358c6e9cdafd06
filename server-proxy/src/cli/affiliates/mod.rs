//! `latchkey affiliates`: those whose dashboards portals show, beside the configuration's.

mod add;
mod entry;
mod import;
mod list;
mod state;

use std::sync::Arc;

use clap::Subcommand;

use super::Common;
use crate::{
    config::Config,
    store::{Store, StoredAffiliate},
};

#[derive(Subcommand)]
pub(super) enum Command {
    /// Add an affiliate, or change the one of that id, while the proxy runs
    ///
    /// A funnel pins affiliates of the configuration only. A credential is read now, and sealed.
    #[command(
        after_help = "Examples:\n  latchkey affiliates add a-18 --connection eu --crm-id 1234567891 --bucket 69ce524d741e8f2238329fff=facebook_ads --portal acme --scope figures --scope leads\n  latchkey affiliates add a-19 --connection tcrm --crm-id 19 --portal acme --scope money --user env:A19_USER --password env:A19_PASSWORD"
    )]
    Add(Box<add::Add>),
    /// List affiliates, those of the configuration too
    #[command(after_help = "Example:\n  latchkey affiliates list --json")]
    List(list::List),
    /// Show one affiliate and how fresh its mirror is
    #[command(after_help = "Example:\n  latchkey affiliates show a-18 --json")]
    Show(list::Show),
    /// Show an affiliate to nobody any more: its tokens end at once, and its mirror goes
    #[command(after_help = "Example:\n  latchkey affiliates disable a-18")]
    Disable(state::Disable),
    /// Show it again
    #[command(after_help = "Example:\n  latchkey affiliates enable a-18")]
    Enable(state::Enable),
    /// Drop an affiliate's mirror: with the next look at it, it is read from the CRM anew
    #[command(after_help = "Example:\n  latchkey affiliates rebuild a-18")]
    Rebuild(state::Rebuild),
    /// Add the affiliates of a CSV file, all or none
    ///
    /// Columns: id, connection, crm_id; and, where they are there: buckets ("b1=source+source b2"), portals and scopes (with spaces
    /// between), api_key, bearer, user, password (each a reference such as env:NAME).
    #[command(after_help = "Example:\n  latchkey affiliates import affiliates.csv")]
    Import(import::Import),
}

pub(super) async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Add(add) => add.run().await,
        Command::List(list) => list.run().await,
        Command::Show(show) => show.run().await,
        Command::Disable(disable) => disable.run().await,
        Command::Enable(enable) => enable.run().await,
        Command::Rebuild(rebuild) => rebuild.run().await,
        Command::Import(import) => import.run().await,
    }
}

async fn open(common: &Common) -> anyhow::Result<(Config, Arc<Store>)> {
    let (config, _) = super::load(&common.config)?;
    let store = Store::open(&config.database, config.keys.clone()).await?;
    Ok((config, Arc::new(store.for_operator())))
}

/// One that was added at a prompt. The configuration's are changed there.
async fn stored(config: &Config, store: &Store, id: &str) -> anyhow::Result<StoredAffiliate> {
    anyhow::ensure!(!is_configured(config, id), "{id} stands in the configuration: change it there, and restart the proxy");
    store.affiliate(id).await?.ok_or_else(|| anyhow::anyhow!("there is no affiliate {id}: see `latchkey affiliates list`"))
}

fn is_configured(config: &Config, id: &str) -> bool {
    config.shown.iter().any(|shown| shown.affiliate.id == id)
}
