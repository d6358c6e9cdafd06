//! `latchkey signups reconcile`.

use std::collections::BTreeMap;

use clap::Args;

use super::{super::Common, choice::Chosen};
use crate::delivery::{Courier, Reconciled};

#[derive(Args)]
pub(in super::super) struct Reconcile {
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    chosen: Chosen,
}

impl Reconcile {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let (config, store) = super::open(&self.common).await?;
        config.funnels.remember(&store).await;
        let courier = Courier::new(store.clone(), config.connections, config.funnels, config.delivery, config.server.limits.autologin);
        let mut counts = BTreeMap::<&str, usize>::new();
        for id in self.chosen.parked(&store).await? {
            store.is_no_news(id).await?;
            let word = match courier.reconcile(id).await? {
                Reconciled::Arrived => "arrived",
                Reconciled::Absent => "absent",
                Reconciled::Unanswered => "unanswered",
                Reconciled::Untold => "untold",
                Reconciled::UnderWay => "under-way",
                Reconciled::NotParked => "not-parked",
            };
            println!("{id}  {word}");
            *counts.entry(word).or_default() += 1;
        }
        let count = |word| counts.get(word).copied().unwrap_or_default();
        eprintln!(
            "{} arrived and registered, {} absent (`latchkey signups retry` sends them), {} unanswered (the CRM could not tell now), \
             {} untold (this CRM cannot tell), {} not looked up (another with this e-mail is under way), {} not parked",
            count("arrived"),
            count("absent"),
            count("unanswered"),
            count("untold"),
            count("under-way"),
            count("not-parked")
        );
        Ok(())
    }
}
