//! `latchkey connections`: what the CRMs can be asked, and asking them.

use std::collections::BTreeMap;

use clap::Subcommand;
use serde_json::{Map, Value, json};

use super::Common;
use crate::{
    config::Config,
    crm::{Action, Arguments, Catalog, Crm, Operation, Question},
};

#[derive(Subcommand)]
pub(super) enum Command {
    /// List the connections, what each can do, and the operations that can be asked for
    #[command(after_help = "Example:\n  latchkey connections list --config latchkey.toml")]
    List {
        #[command(flatten)]
        common: Common,
        /// JSON instead of lines
        #[arg(long)]
        json: bool,
    },
    /// Ask a CRM for one of its operations, and print what it answers as JSON
    #[command(
        after_help = "The answer may hold personal data of clients.\n\nExamples:\n  latchkey connections list\n  latchkey connections ask eu Leads --affiliate a-17 --set registrationDateFrom=2026-01-01 --set registrationDateTo=2026-01-31"
    )]
    Ask {
        #[command(flatten)]
        common: Common,
        /// The name of [connections.<name>]
        connection: String,
        /// One of those that `latchkey connections list` names
        operation: String,
        /// Ask as this affiliate, with its own credential where it has one
        #[arg(long, value_name = "ID")]
        affiliate: Option<String>,
        /// A value that the operation takes: JSON, or else a text; may be given often
        #[arg(long = "set", value_name = "NAME=VALUE", value_parser = setting)]
        arguments: Vec<(String, Value)>,
        /// Go ahead although the operation changes something in the CRM
        #[arg(long)]
        yes: bool,
    },
}

/// Dates and ids are texts, also where they look like numbers only to us: `"7"` in quotes is a text for JSON too.
fn setting(text: &str) -> Result<(String, Value), String> {
    let (name, value) = text.split_once('=').ok_or_else(|| format!("\"{text}\" is not NAME=VALUE"))?;
    Ok((name.to_owned(), serde_json::from_str(value).unwrap_or_else(|_| value.into())))
}

pub(super) async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::List { common, json } => list(&super::load(&common.config)?.0, json),
        Command::Ask { common, connection, operation, affiliate, arguments, yes } => {
            let (config, _) = super::load(&common.config)?;
            let answer = ask(&config, &connection, &operation, affiliate.as_deref(), arguments, yes).await?;
            println!("{}", serde_json::to_string_pretty(&answer)?);
            Ok(())
        }
    }
}

/// What a connection can do, in one word each.
fn abilities(crm: &dyn Crm) -> Vec<String> {
    let actions = Action::ALL.into_iter().filter(|action| crm.form(*action).is_some()).map(|action| action.as_str().to_owned());
    let catalog = crm.catalog();
    let forms = Action::ALL.into_iter().flat_map(|action| catalog.map(|catalog| catalog.forms(action)).unwrap_or_default());
    let steps = catalog.is_some_and(Catalog::has_steps).then(|| "steps".to_owned());
    let lists = catalog.map(Catalog::lists).unwrap_or_default().iter().map(|list| list.as_str().to_owned());
    let forms: std::collections::BTreeSet<_> = forms.map(|form| format!("form {form}")).collect();
    actions.chain(forms).chain(steps).chain(lists).collect()
}

fn list(config: &Config, as_json: bool) -> anyhow::Result<()> {
    if as_json {
        let operation = |operation: &Operation| json!({"id": operation.id, "about": operation.about, "arguments": operation.arguments, "changes": operation.changes});
        let connection =
            |crm: &dyn Crm| json!({"abilities": abilities(crm), "operations": crm.operations().iter().map(operation).collect::<Vec<_>>()});
        let all: BTreeMap<_, _> = config.connections.iter().map(|(name, crm)| (name, connection(crm.as_ref()))).collect();
        println!("{}", serde_json::to_string_pretty(&all)?);
        return Ok(());
    }
    for (name, crm) in &config.connections {
        println!("{name}: {}", abilities(crm.as_ref()).join(", "));
        for operation in crm.operations() {
            let changes = if operation.changes { " (changes the CRM: needs --yes)" } else { "" };
            println!("  {} {}\n      {}{changes}", operation.id, operation.arguments.join(" "), operation.about);
        }
    }
    Ok(())
}

async fn ask(
    config: &Config,
    connection: &str,
    operation: &str,
    affiliate: Option<&str>,
    arguments: Vec<(String, Value)>,
    yes: bool,
) -> anyhow::Result<Value> {
    let crm = config.connections.get(connection).ok_or_else(|| {
        let names: Vec<_> = config.connections.keys().map(String::as_str).collect();
        anyhow::anyhow!("there is no [connections.{connection}]; there is {}", names.join(", "))
    })?;
    let known = crm
        .operations()
        .iter()
        .find(|known| known.id == operation)
        .ok_or_else(|| anyhow::anyhow!("{connection} has no operation \"{operation}\": see `latchkey connections list`"))?;
    anyhow::ensure!(yes || !known.changes, "{operation} changes something in the CRM: say --yes if that is meant");
    let affiliate = affiliate
        .map(|id| {
            let known = config.affiliates.iter().find(|known| known.id == id && known.connection == connection);
            known.ok_or_else(|| anyhow::anyhow!("there is no [[affiliates]] with id = \"{id}\" and connection = \"{connection}\""))
        })
        .transpose()?;
    let arguments = Arguments(arguments.into_iter().collect::<Map<_, _>>());
    let question = Question { operation: known.id, arguments, affiliate: affiliate.map(AsRef::as_ref) };
    Ok(crm.ask(&question).await?)
}
