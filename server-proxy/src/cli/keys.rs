//! `latchkey keys`: the keys that seal what is personal.

use std::io::IsTerminal;

use clap::{Args, Subcommand};

use super::Common;
use crate::store::Store;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Seal everything anew under the first key of store.keys, while the proxy runs
    ///
    /// Put the new key first and restart the proxies before; take the old one out after, but no sooner than a day later: repeated
    /// requests are told by it. Evidence of consent is found by e-mail only as long as the key of its time is there.
    #[command(after_help = "Example:\n  latchkey keys rotate")]
    Rotate(Rotate),
}

#[derive(Args)]
pub(super) struct Rotate {
    #[command(flatten)]
    common: Common,
}

pub(super) async fn run(command: Command) -> anyhow::Result<()> {
    let Command::Rotate(rotate) = command;
    let (config, _) = super::load(&rotate.common.config)?;
    anyhow::ensure!(config.database.is_there(), "{}: there is no store yet", config.database);
    let store = Store::open(&config.database, config.keys).await?;
    let (total, mut seen, mut changed, mut unopenable) = (store.count().await?, 0, 0, 0);
    let mut last = None;
    while let Some(done) = store.seal_anew(last).await? {
        last = Some(done.last);
        seen += done.seen;
        changed += done.changed;
        unopenable += done.unopenable.len();
        done.unopenable.iter().for_each(|id| eprintln!("{id}: no key of store.keys opens it"));
        if std::io::stderr().is_terminal() {
            eprint!("\r{seen} of {total} looked at");
        }
    }
    if std::io::stderr().is_terminal() {
        eprintln!();
    }
    println!("{changed} of {seen} signups sealed anew");
    let credentials = store.seal_credentials_anew().await?;
    if credentials > 0 {
        println!("{credentials} credentials of affiliates sealed anew");
    }
    anyhow::ensure!(unopenable == 0, "{unopenable} do not open: put their key back before it is taken out for good");
    Ok(())
}
