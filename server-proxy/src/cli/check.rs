//! `latchkey check`.

use std::path::PathBuf;

use crate::crm::Probe;

pub(super) async fn run(config: PathBuf) -> anyhow::Result<()> {
    let (config, problems) = super::load(&config)?;
    problems.warnings().iter().for_each(|warning| println!("warning: {warning}"));
    for funnel in config.funnels.values() {
        println!("ok: funnel {} (version {}, connection {}, {})", funnel.id, funnel.version, funnel.connection, funnel.locales.join(", "));
    }
    let mut failed = 0;
    for (name, crm) in &config.connections {
        match crm.probe().await {
            Probe::Ready => println!("ok: connection {name}: the CRM answers and accepts the key"),
            Probe::Denied(why) | Probe::Unreachable(why) | Probe::Odd(why) => {
                println!("error: connection {name}: {why}");
                failed += 1;
            }
        }
    }
    anyhow::ensure!(failed == 0, "{failed} of {} connections do not work", config.connections.len());
    Ok(())
}
