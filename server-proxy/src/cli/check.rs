//! `latchkey check`.

use std::path::PathBuf;

use crate::crm::{Affiliate, Found};

pub(super) async fn run(config: PathBuf) -> anyhow::Result<()> {
    let (config, problems) = super::load(&config)?;
    problems.warnings().iter().for_each(|warning| println!("warning: {warning}"));
    for funnel in config.funnels.all() {
        println!("ok: funnel {} (version {}, connection {}, {})", funnel.id, funnel.version, funnel.connection, funnel.locales.join(", "));
    }
    let mut failed = 0;
    for wanting in config.funnels.wanting() {
        match config.funnels.fetch(wanting).await {
            Ok((_, problems)) => {
                problems.warnings().iter().for_each(|warning| println!("warning: {warning}"));
                println!("ok: funnel {} (connection {}, with what the CRM says of it)", wanting.id, wanting.connection);
            }
            Err(error) => {
                println!("error: funnel {}: {error}", wanting.id);
                failed += 1;
            }
        }
    }
    for (name, crm) in &config.connections {
        let affiliates: Vec<&Affiliate> =
            config.affiliates.iter().map(AsRef::as_ref).filter(|affiliate| affiliate.connection == *name).collect();
        for finding in crm.probe(&affiliates).await {
            match finding.found {
                Found::Ready => println!("ok: connection {name}: {}: the CRM answers and accepts it", finding.what),
                Found::Untried(why) => println!("warning: connection {name}: {}: not tried: {why}", finding.what),
                Found::Denied(why) => {
                    println!("error: connection {name}: {} is not accepted: {why}", finding.what);
                    failed += 1;
                }
                Found::Unreachable(why) | Found::Odd(why) => {
                    println!("error: connection {name}: {}: {why}", finding.what);
                    failed += 1;
                }
            }
        }
    }
    anyhow::ensure!(failed == 0, "{failed} of these do not work");
    Ok(())
}
