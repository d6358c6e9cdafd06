//! `chaos`: the program of that name, with the programs that it starts, and kills.

use anyhow::{Result, ensure};
use clap::ValueEnum;

use crate::{
    cli::{Chaos, ChaosStore},
    demo, run,
    steps::Steps,
    tools::{postgres, prerequisites},
    workspace::Workspace,
};

pub(crate) fn run(workspace: &Workspace, chaos: &Chaos) -> Result<()> {
    let is_sqlite = chaos.store == ChaosStore::Sqlite;
    ensure!(chaos.proxies == 1 || !is_sqlite, "SQLite's file is one proxy's: for {} proxies add `--store postgres`", chaos.proxies);
    ensure!(chaos.signups > 0 && chaos.rate > 0 && chaos.proxies > 0, "--signups, --rate and --proxies have to be at least 1");
    prerequisites::check()?;
    let mut steps = Steps::new(6);
    let postgres = steps.run("Finding PostgreSQL, where it is asked for", || (!is_sqlite).then(postgres::ensure).transpose())?;
    demo::prepare(workspace, &mut steps)?;
    steps.run("Signing up, and killing", || {
        let mut command = workspace.cargo_with_widgets();
        command.args(["run", "--quiet", "-p", "latchkey-tests", "--bin", "chaos", "--"]);
        if let Some(folder) = &postgres {
            command.env(postgres::POSTGRES_BIN, folder);
        }
        let Chaos { signups, rate, kills, proxies, seed, store } = chaos;
        let store = store.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
        let counts = [("--signups", signups), ("--rate", rate), ("--kills", kills), ("--proxies", proxies)];
        for (option, count) in counts {
            command.args([option, &count.to_string()]);
        }
        run::run(command.args(["--seed", &seed.to_string(), "--store", &store]))
    })
}
