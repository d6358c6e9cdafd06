//! Which signups a command is about.

use clap::Args;
use uuid::Uuid;

use crate::store::{Filter, Reason, Signup, State, Store};

/// Signups that are read at once.
const PAGE: u32 = 500;

/// What narrows a list down.
#[derive(Args, Clone)]
pub(super) struct Narrowed {
    /// Only those of this funnel
    #[arg(long)]
    funnel: Option<String>,
    /// Only those for this connection
    #[arg(long)]
    connection: Option<String>,
    /// Only those that stand where they stand for this reason, such as outcome-unknown
    #[arg(long, value_parser = reason)]
    reason: Option<Reason>,
    /// Only those received at this time (RFC 3339) or later
    #[arg(long, value_name = "TIME")]
    since: Option<jiff::Timestamp>,
    /// Only those received before this time
    #[arg(long, value_name = "TIME")]
    until: Option<jiff::Timestamp>,
}

fn reason(word: &str) -> Result<Reason, String> {
    Reason::from_str(word).ok_or_else(|| {
        let known: Vec<_> = Reason::ALL.iter().map(|reason| reason.as_str()).collect();
        format!("the reasons are {}", known.join(", "))
    })
}

impl Narrowed {
    pub(super) fn filter(&self, state: Option<State>, limit: u32) -> Filter {
        Filter {
            funnel: self.funnel.clone(),
            connection: self.connection.clone(),
            state,
            reason: self.reason,
            since: self.since,
            until: self.until,
            after: None,
            limit,
        }
    }

    fn is_empty(&self) -> bool {
        let Narrowed { funnel, connection, reason, since, until } = self;
        funnel.is_none() && connection.is_none() && reason.is_none() && since.is_none() && until.is_none()
    }
}

/// Parked signups: named, or chosen.
#[derive(Args)]
pub(super) struct Chosen {
    /// Signups' ids
    ids: Vec<Uuid>,
    #[command(flatten)]
    narrowed: Narrowed,
    /// All that are parked, but for what looks like a bot's
    #[arg(long, conflicts_with = "ids")]
    all: bool,
}

impl Chosen {
    /// The ids. What looks like a bot's has to be named, or asked for by its reason.
    pub(super) async fn parked(&self, store: &Store) -> anyhow::Result<Vec<Uuid>> {
        if !self.ids.is_empty() {
            anyhow::ensure!(self.narrowed.is_empty(), "name signups by id, or choose them with options: not both");
            return Ok(self.ids.clone());
        }
        anyhow::ensure!(
            self.all || !self.narrowed.is_empty(),
            "which signups? Name them by id, choose them with --funnel, --connection, --reason, --since, --until, or say --all"
        );
        let mut ids = Vec::new();
        let mut pages = Pages::new(self.narrowed.filter(Some(State::Parked), PAGE));
        while let Some(page) = pages.next(store).await? {
            let meant = |signup: &&Signup| self.narrowed.reason.is_some() || !signup.reason.is_some_and(Reason::is_suspicion);
            ids.extend(page.iter().filter(meant).map(|signup| signup.id));
        }
        Ok(ids)
    }
}

/// A list of any length, page by page.
pub(super) struct Pages {
    filter: Filter,
    over: bool,
}

impl Pages {
    pub(super) fn new(filter: Filter) -> Pages {
        Pages { filter: Filter { limit: PAGE, ..filter }, over: false }
    }

    pub(super) async fn next(&mut self, store: &Store) -> anyhow::Result<Option<Vec<Signup>>> {
        if self.over {
            return Ok(None);
        }
        let page = store.signups(&self.filter).await?;
        self.over = page.len() < PAGE as usize;
        self.filter.after = page.last().map(|signup| (signup.received_at, signup.id));
        Ok((!page.is_empty()).then_some(page))
    }
}
