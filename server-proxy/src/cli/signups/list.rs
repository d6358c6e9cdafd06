//! `latchkey signups list`.

use clap::Args;

use super::{super::Common, Line, choice::Narrowed};
use crate::store::State;

#[derive(Args)]
pub(in super::super) struct List {
    #[command(flatten)]
    common: Common,
    /// Only those in this state
    #[arg(long, value_enum)]
    state: Option<State>,
    #[command(flatten)]
    narrowed: Narrowed,
    /// At most this many
    #[arg(long, default_value_t = 100)]
    limit: u32,
    /// JSON instead of a table
    #[arg(long)]
    json: bool,
}

impl List {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let (_, store) = super::open(&self.common).await?;
        let signups = store.signups(&self.narrowed.filter(self.state, self.limit)).await?;
        let lines: Vec<Line> = signups.into_iter().map(Line::from).collect();
        if self.json {
            println!("{}", serde_json::to_string_pretty(&lines)?)
        } else {
            table(&lines)
        }
        if lines.len() == self.limit as usize {
            eprintln!("these are the newest {}; see more with --limit", self.limit);
        }
        Ok(())
    }
}

fn table(lines: &[Line]) {
    println!("{:36}  {:20}  {:10}  {:16}  {:24}  CRM ID", "ID", "FUNNEL", "STATE", "REASON", "RECEIVED");
    for line in lines {
        let received = line.received_at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        println!(
            "{:36}  {:20}  {:10}  {:16}  {received:24}  {}",
            line.id,
            line.funnel,
            line.state,
            line.reason.unwrap_or("-"),
            line.crm_id.as_deref().unwrap_or("-")
        );
    }
}
