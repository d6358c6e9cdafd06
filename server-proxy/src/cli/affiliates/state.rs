//! `latchkey affiliates disable`, `enable` and `rebuild`.

use clap::Args;

use super::super::Common;
use crate::partner::Shown;

#[derive(Args)]
pub(in super::super) struct Disable {
    #[command(flatten)]
    common: Common,
    /// What portals call it
    id: String,
}

#[derive(Args)]
pub(in super::super) struct Enable {
    #[command(flatten)]
    common: Common,
    /// What portals call it
    id: String,
}

#[derive(Args)]
pub(in super::super) struct Rebuild {
    #[command(flatten)]
    common: Common,
    /// What portals call it
    id: String,
}

impl Disable {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let (config, store) = super::open(&self.common).await?;
        let stored = super::stored(&config, &store, &self.id).await?;
        store.enable_affiliate(&self.id, false).await?;
        store.revoke_tokens_of(&self.id).await?;
        store.drop_mirror(&Shown::stored(stored)?.mirror_key()).await?;
        println!("{} is disabled", self.id);
        Ok(())
    }
}

impl Enable {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let (config, store) = super::open(&self.common).await?;
        super::stored(&config, &store, &self.id).await?;
        store.enable_affiliate(&self.id, true).await?;
        println!("{} is enabled", self.id);
        Ok(())
    }
}

impl Rebuild {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let (config, store) = super::open(&self.common).await?;
        let configured = config.shown.iter().find(|shown| shown.affiliate.id == self.id);
        let key = match configured {
            Some(shown) => shown.mirror_key(),
            None => Shown::stored(super::stored(&config, &store, &self.id).await?)?.mirror_key(),
        };
        store.drop_mirror(&key).await?;
        println!("{}: the mirror is dropped, and read anew when somebody looks", self.id);
        Ok(())
    }
}
