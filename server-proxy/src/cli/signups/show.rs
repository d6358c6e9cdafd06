//! `latchkey signups show`.

use anyhow::Context;
use clap::Args;
use serde::Serialize;
use uuid::Uuid;

use super::{super::Common, Line};
use crate::store::{Attempt, Content};

#[derive(Args)]
pub(in super::super) struct Show {
    #[command(flatten)]
    common: Common,
    /// The signup's id
    id: Uuid,
    /// Also what the visitor sent, and what the CRM wrote about it
    #[arg(long)]
    personal: bool,
}

#[derive(Serialize)]
struct Whole {
    #[serde(flatten)]
    line: Line,
    attempts: Vec<Attempt>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<Content>,
}

impl Show {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let (_, store) = super::open(&self.common).await?;
        let signup = store.signup(self.id).await?.with_context(|| format!("there is no signup {}", self.id))?;
        let mut attempts = store.attempts(self.id).await?;
        let content = if self.personal { store.content(self.id).await? } else { None };
        if !self.personal {
            // A CRM may repeat what the visitor wrote.
            attempts.iter_mut().for_each(|attempt| attempt.detail = None);
        }
        println!("{}", serde_json::to_string_pretty(&Whole { line: signup.into(), attempts, content })?);
        Ok(())
    }
}
