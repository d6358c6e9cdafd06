//! nginx, and the proxy on each store, in turn: as many signups as come back, and then a constant rate.

use anyhow::{Context, Result};
use serde::Serialize;

use super::{
    Effort, Place, Store,
    load::{self, Figures, To, Way},
    nginx,
    postgres::Postgres,
    proxy::Proxy,
    sandbox::Sandbox,
};

/// Enough that nobody is idle: each waits for the CRM most of the time.
const CONNECTIONS: u32 = 256;
/// Signups a second, where the time that is added is measured.
pub(super) const RATE: u32 = 200;

/// What one of them did in one round.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Measured {
    /// With as many as come back.
    pub(super) at_most: Figures,
    /// With [`RATE`] a second.
    pub(super) at_rate: Figures,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Rounds {
    pub(super) nginx: Vec<Measured>,
    /// Empty where it was not asked for.
    pub(super) sqlite: Vec<Measured>,
    pub(super) postgres: Vec<Measured>,
}

pub(super) fn measure(place: &Place, effort: &Effort) -> Result<Rounds> {
    let mut sandbox = Sandbox::start(place)?;
    let postgres = effort.measures(Store::Postgres).then(|| Postgres::start(place)).transpose()?;
    let mut rounds = Rounds::default();
    for round in 1..=effort.rounds {
        let name = |who: &str| format!("{who}-{round}");
        let nginx = nginx::start(place, sandbox.address)?;
        rounds.nginx.push(both(place, effort, &mut sandbox, To::Nginx, nginx.address).context("nginx")?);
        drop(nginx);
        if effort.measures(Store::Sqlite) {
            let proxy = Proxy::start(place, &name("sqlite"), "sqlite://latchkey.db", sandbox.address, None)?;
            rounds.sqlite.push(both(place, effort, &mut sandbox, To::Proxy, proxy.address).context("the proxy on SQLite")?);
        }
        if let Some(postgres) = &postgres {
            let proxy = Proxy::start(place, &name("postgres"), &postgres.database(&name("latchkey"))?, sandbox.address, None)?;
            rounds.postgres.push(both(place, effort, &mut sandbox, To::Proxy, proxy.address).context("the proxy on PostgreSQL")?);
        }
        println!("      round {round} of {}", effort.rounds);
    }
    Ok(rounds)
}

fn both(place: &Place, effort: &Effort, sandbox: &mut Sandbox, to: To, address: std::net::SocketAddr) -> Result<Measured> {
    sandbox.restart()?;
    let at_most = load::send(place, to, address, &Way::AsTheyCome { connections: CONNECTIONS }, effort.seconds, None)?;
    sandbox.restart()?;
    let at_rate = load::send(place, to, address, &Way::AtRate(RATE), effort.seconds, None)?;
    Ok(Measured { at_most, at_rate })
}
