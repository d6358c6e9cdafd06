//! `latchkey funnel`: what a funnel's file may say.

use clap::Subcommand;

use crate::funnel::SCHEMA;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Print the JSON Schema of a funnel's file, for editors and other programs
    #[command(after_help = "Example:\n  latchkey funnel schema > funnel.schema.json")]
    Schema,
}

pub(super) fn run(command: Command) {
    match command {
        Command::Schema => print!("{SCHEMA}"),
    }
}
