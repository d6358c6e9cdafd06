//! `latchkey affiliates add`.

use clap::Args;
use latchkey_contract::partner::Scope;

use super::{
    super::Common,
    entry::{self, Entry},
};
use crate::crm::Bucket;

#[derive(Args)]
pub(in super::super) struct Add {
    #[command(flatten)]
    common: Common,
    /// What portals call it
    id: String,
    /// The name of [connections.<name>]
    #[arg(long, value_name = "NAME")]
    connection: String,
    /// Its id in the CRM
    #[arg(long, value_name = "ID")]
    crm_id: String,
    /// A bucket with its sources; may be given often
    #[arg(long = "bucket", value_name = "ID[=SOURCE+SOURCE]", value_parser = entry::bucket)]
    buckets: Vec<Bucket>,
    /// A portal that may show it; may be given often
    #[arg(long = "portal", value_name = "NAME")]
    portals: Vec<String>,
    /// What may be shown of it; may be given often
    #[arg(long = "scope", value_name = "SCOPE", value_parser = entry::scope)]
    scopes: Vec<Scope>,
    /// A credential of its own: an API key,
    #[arg(long, value_name = "env:NAME|file:PATH")]
    api_key: Option<String>,
    /// a bearer,
    #[arg(long, value_name = "env:NAME|file:PATH")]
    bearer: Option<String>,
    /// or a log-in's user
    #[arg(long, value_name = "env:NAME|file:PATH", requires = "password")]
    user: Option<String>,
    /// and password
    #[arg(long, value_name = "env:NAME|file:PATH", requires = "user")]
    password: Option<String>,
}

impl Add {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let Add { common, id, connection, crm_id, buckets, portals, scopes, api_key, bearer, user, password } = self;
        let (config, store) = super::open(&common).await?;
        let entry = Entry { id, connection, crm_id, buckets, portals, scopes, api_key, bearer, user, password };
        let affiliate = entry.checked(&config)?;
        let id = affiliate.id.clone();
        store.put_affiliates(vec![affiliate]).await?;
        println!("{id} is added");
        Ok(())
    }
}
