//! The port that every CRM implements. No CRM's name appears outside this folder and the configuration.
//!
//! To add a CRM: write one file that implements [`Crm`] from the vendor's document, and name its kind in [`KINDS`].
//! What a CRM cannot do it leaves out: everything but [`Crm::form`], [`Crm::register`], [`Crm::probe`], [`Crm::settle`]
//! and [`Crm::at_once`] has an answer already.
//!
//! | file | |
//! |---|---|
//! | `form` | which fields, routing values and tracking members a CRM's document names |
//! | `registration` | what is handed over |
//! | `outcome` | what became of it |
//! | `look_up` | whether a registration whose outcome is unknown has arrived |
//! | `catalog` | fields, steps and lists that a CRM can give to a funnel |
//! | `ask` | everything else that a CRM can be asked, by its operation's id |
//! | `partner` | what an affiliate's dashboard is shown |
//! | `access` | affiliates as their CRM knows them, credentials, and how a connection's are tried |
//! | `routes` | where a CRM's operations are, and what the configuration says otherwise |
//! | `session` | log-ins, kept and renewed |
//! | `client`, `answer`, `clock`, `link`, `phone`, `password`, `row`, `words`, `tried` | what the adapters share |

mod access;
mod answer;
mod ask;
mod broctagon;
#[cfg(test)]
mod canned;
mod catalog;
mod client;
mod clock;
mod form;
mod impact;
mod link;
mod look_up;
mod outcome;
mod partner;
mod password;
#[cfg(test)]
mod patience;
mod phone;
mod registration;
mod routes;
mod row;
mod session;
mod trading;
mod tried;
mod wi;
mod words;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use async_trait::async_trait;
use jiff::Timestamp;
use latchkey_contract::Channel;
use serde_json::Value;

pub(crate) use access::{Affiliate, Bucket, Credential, CredentialTable, Finding, Found, Login};
pub(crate) use ask::{Arguments, Operation, Question, Unanswered};
pub(crate) use catalog::{Catalog, CrmChoice, CrmDocument, CrmField, CrmStep, List};
pub(crate) use form::{FormField, Rest, SignupForm, ValueKind};
pub(crate) use link::{AutologinLink, RedirectHosts};
pub(crate) use look_up::LookedUp;
pub(crate) use outcome::{CodeOutcome, NoLink, Outcome, Refusal, Refused, Registered, Trouble};
pub(crate) use partner::{Accounts, Balance, BucketWish, CrmRecord, Extent, Offers, Partner, RecordKind, Sink, Stage};
pub(crate) use registration::{Action, Registration, SignedAgreement};

use crate::config::Problems;

/// A connection's kinds, and what builds each from its table of the configuration.
const KINDS: [(&str, Build); 4] =
    [("wi", wi::build), ("trading", trading::build), ("impact", impact::build), ("broctagon", broctagon::build)];

/// Reads the connection's own keys, reports what is wrong with them under `connections.<name>`, and makes the adapter.
type Build = fn(&str, Value, &mut Problems) -> Option<Arc<dyn Crm>>;

/// Makes the adapter for one `[connections.<name>]` table.
pub(crate) fn build(name: &str, mut table: Value, problems: &mut Problems) -> Option<Arc<dyn Crm>> {
    let at = format!("connections.{name}");
    let kind = table.as_object_mut().and_then(|table| table.remove("kind"));
    let key = format!("{at}.kind");
    let kind = problems.required(&key, kind)?;
    let build = kind.as_str().and_then(|kind| KINDS.iter().find(|(known, _)| *known == kind));
    let Some((_, build)) = build else {
        let known: Vec<_> = KINDS.iter().map(|(kind, _)| format!("\"{kind}\"")).collect();
        problems.add(key, format!("{kind} is no kind that this version knows; it knows {}", known.join(", ")));
        return None;
    };
    build(&at, table, problems)
}

/// All connections, by name.
pub(crate) type Connections = BTreeMap<String, Arc<dyn Crm>>;

/// One configured CRM installation.
#[async_trait]
pub(crate) trait Crm: Send + Sync {
    /// What a funnel with that action may and must hold; `None` where the CRM has no such action.
    fn form(&self, action: Action) -> Option<&SignupForm>;

    /// Hands one visitor over. Takes as long as the connection's time-out allows.
    async fn register(&self, registration: &Registration) -> Outcome;

    /// Whether [`Crm::look_up`] can tell for that registration: not every action leaves something to look for, and not every
    /// affiliate has a place to look in.
    fn can_look_up(&self, _registration: &Registration) -> bool {
        false
    }

    /// Whether that registration, whose outcome is unknown, has arrived. `since`: when the proxy received it, by the proxy's clock.
    /// Only asked where [`Crm::can_look_up`] says so, and not before [`Crm::settle`] is over.
    async fn look_up(&self, _registration: &Registration, _since: Timestamp) -> LookedUp {
        LookedUp::Unanswered(Trouble::new("this CRM cannot tell"))
    }

    /// How long after a lost answer the CRM may still be at work on the request: what is looked up earlier may be missed.
    fn settle(&self) -> Duration;

    /// Has the CRM send a one-time code to whoever is about to be registered. Only asked where a form has a field of kind `code`.
    async fn send_code(&self, _registration: &Registration, _channel: Channel) -> CodeOutcome {
        CodeOutcome::Misconfigured(Trouble::new("this CRM sends no codes"))
    }

    /// Fields, steps and lists, where the CRM has them.
    fn catalog(&self) -> Option<&dyn Catalog> {
        None
    }

    /// What an affiliate's dashboard is shown, where the CRM can show anything.
    fn partner(&self) -> Option<&dyn Partner> {
        None
    }

    /// What [`Crm::ask`] answers.
    fn operations(&self) -> &'static [Operation] {
        &[]
    }

    /// Asks for one of [`Crm::operations`]; the caller has made sure that it is one of them.
    async fn ask(&self, _question: &Question<'_>) -> Result<Value, Unanswered> {
        Err(Unanswered::Unsupported)
    }

    /// Whether the address answers and takes our credentials, and those of its affiliates: by calls that change nothing.
    async fn probe(&self, affiliates: &[&Affiliate]) -> Vec<Finding>;

    /// What is allowed but surely not meant, for `latchkey check`.
    fn warnings(&self) -> Vec<String> {
        Vec::new()
    }

    /// How many calls it bears at once: more than that need not be started.
    fn at_once(&self) -> usize;
}

/// What each of them can show an affiliate.
#[cfg(test)]
pub(crate) fn every_offer() -> [&'static Offers; 3] {
    [&wi::OFFERS, &trading::OFFERS, &impact::OFFERS]
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::KINDS;

    /// Lines with a CRM's name in them, less the tests', which need one to stand for all.
    fn named(folder: &Path, found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() {
                named(&entry, found);
            } else if entry.extension().is_some_and(|extension| extension == "rs") && !entry.ends_with("tests.rs") {
                let text = fs::read_to_string(&entry).expect("a file");
                let code = text.split("#[cfg(test)]").next().unwrap_or_default();
                let words = |line: &str| {
                    line.split(|c: char| !c.is_ascii_alphanumeric())
                        .any(|word| KINDS.iter().any(|(kind, _)| word.eq_ignore_ascii_case(kind)))
                };
                found.extend(code.lines().filter(|line| words(line)).map(|line| format!("{}: {line}", entry.display())));
            }
        }
    }

    #[test]
    fn no_crms_name_stands_outside_this_folder() {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut found = Vec::new();
        for entry in fs::read_dir(&source).expect("the source").map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() && !entry.ends_with("crm") {
                named(&entry, &mut found);
            }
        }
        assert!(found.is_empty(), "{found:#?}");
    }
}
