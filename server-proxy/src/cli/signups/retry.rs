//! `latchkey signups retry`.

use clap::Args;

use super::{super::Common, choice::Chosen};
use crate::store::Retried;

#[derive(Args)]
pub(in super::super) struct Retry {
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    chosen: Chosen,
    /// Send also what may have arrived, without looking it up: it may arrive twice
    #[arg(long)]
    anyway: bool,
}

impl Retry {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let (config, store) = super::open(&self.common).await?;
        let (mut queued, mut others) = (0, 0);
        for id in self.chosen.parked(&store).await? {
            let signup = store.signup(id).await?;
            let connection = signup.and_then(|signup| config.connections.get(&signup.connection));
            let settle = connection.map(|crm| crm.settle()).unwrap_or_default();
            let why = match store.retry(id, self.anyway, config.delivery.give_up_after, settle).await? {
                Retried::Queued => {
                    queued += 1;
                    continue;
                }
                Retried::Not(state) => format!("it is {}", state.as_str()),
                Retried::UnderWay => "another signup with this e-mail is under way in its funnel".to_owned(),
                Retried::Missing => "there is no such signup".to_owned(),
            };
            others += 1;
            eprintln!("{id}: {why}");
        }
        println!("{queued} to be delivered again");
        anyhow::ensure!(others == 0, "{others} left as they are");
        Ok(())
    }
}
