//! `latchkey signups`: what is kept, for the operator.

use anyhow::Context;
use clap::{Args, Subcommand};
use serde::Serialize;
use uuid::Uuid;

use super::Common;
use crate::store::{Attempt, Content, Filter, Signup, State, Store};

#[derive(Subcommand)]
pub(super) enum Command {
    /// List signups, the newest first
    #[command(after_help = "Example:\n  latchkey signups list --state parked --json")]
    List(List),
    /// Show one signup and its attempts
    #[command(after_help = "Example:\n  latchkey signups show 01997f3a-0000-7000-8000-000000000000 --personal")]
    Show(Show),
}

#[derive(Args)]
pub(super) struct List {
    #[command(flatten)]
    common: Common,
    /// Only those of this funnel
    #[arg(long)]
    funnel: Option<String>,
    /// Only those in this state
    #[arg(long, value_enum)]
    state: Option<State>,
    /// At most this many
    #[arg(long, default_value_t = 100)]
    limit: u32,
    /// JSON instead of a table
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
pub(super) struct Show {
    #[command(flatten)]
    common: Common,
    /// The signup's id
    id: Uuid,
    /// Also what the visitor sent, and what the CRM wrote about it
    #[arg(long)]
    personal: bool,
}

/// A signup as it is printed.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    id: String,
    funnel: String,
    funnel_version: String,
    connection: String,
    state: &'static str,
    reason: Option<&'static str>,
    received_at: jiff::Timestamp,
    changed_at: jiff::Timestamp,
    crm_id: Option<String>,
}

#[derive(Serialize)]
struct Whole {
    #[serde(flatten)]
    line: Line,
    attempts: Vec<Attempt>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<Content>,
}

impl From<Signup> for Line {
    fn from(signup: Signup) -> Line {
        Line {
            id: signup.id.to_string(),
            funnel: signup.funnel,
            funnel_version: signup.funnel_version,
            connection: signup.connection,
            state: signup.state.as_str(),
            reason: signup.reason.map(|reason| reason.as_str()),
            received_at: signup.received_at,
            changed_at: signup.changed_at,
            crm_id: signup.crm_id,
        }
    }
}

pub(super) async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::List(list) => {
            let store = open(&list.common).await?;
            let filter = Filter { funnel: list.funnel, state: list.state, limit: list.limit };
            let lines: Vec<Line> = store.signups(&filter).await?.into_iter().map(Line::from).collect();
            if list.json { println!("{}", serde_json::to_string_pretty(&lines)?) } else { table(&lines) }
        }
        Command::Show(show) => {
            let store = open(&show.common).await?;
            let signup = store.signup(show.id).await?.with_context(|| format!("there is no signup {}", show.id))?;
            let mut attempts = store.attempts(show.id).await?;
            let content = if show.personal { store.content(show.id).await? } else { None };
            if !show.personal {
                // A CRM may repeat what the visitor wrote.
                attempts.iter_mut().for_each(|attempt| attempt.detail = None);
            }
            println!("{}", serde_json::to_string_pretty(&Whole { line: signup.into(), attempts, content })?);
        }
    }
    Ok(())
}

async fn open(common: &Common) -> anyhow::Result<Store> {
    let (config, _) = super::load(&common.config)?;
    anyhow::ensure!(config.database.path.exists(), "{}: there is no store yet", config.database.path.display());
    Ok(Store::open(&config.database, config.keys).await?)
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
