//! The IB reports: sections "Leads" to "Positions". Whose a record is, the document does not say for all of them:
//!
//! - a lead or a registration is the affiliate's that `utmDetails.affiliate_id` names. Where the affiliate has a log-in of its own, what
//!   that log-in is shown is the affiliate's as well, unless `affiliate_id` names another;
//! - transactions and positions name nobody. They are joined through the trading accounts ("login id, platform server") of the affiliate's
//!   registrations; what does not join is not shown. The registrations are those from `registrationDateFrom`, or else
//!   [`LONG_AGO`], to the end of the range that is asked for: nobody deposits before they are registered.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{
    Impact,
    dates::{self, Days},
    endpoints,
    records::{Person, Position, Transaction},
    session::Holder,
};
use crate::crm::{Affiliate, Operation, Question, Trouble, Unanswered, row, row::Row};

/// Before the vendor's first customer.
pub(super) const LONG_AGO: &str = "2000-01-01";

const OF_PEOPLE: &[&str] = &["registrationDateFrom", "registrationDateTo", "lastModifiedDateFrom", "lastModifiedDateTo"];

pub(super) const OPERATIONS: &[Operation] = &[
    Operation {
        id: endpoints::LEADS,
        about: "leads registered, or modified, in a range of days (one of the two ranges is demanded, YYYY-MM-DD); an affiliate's, or all",
        arguments: OF_PEOPLE,
        changes: false,
    },
    Operation {
        id: endpoints::REGISTRATIONS,
        about: "customers with their live trading accounts; ranges as for Leads",
        arguments: OF_PEOPLE,
        changes: false,
    },
    Operation {
        id: endpoints::TRANSACTIONS,
        about: "successful transactions; for an affiliate those of its registrations since registrationDateFrom (2000-01-01)",
        arguments: &["transactionDateFrom!", "transactionDateTo!", "includeFake", "registrationDateFrom"],
        changes: false,
    },
    Operation { id: endpoints::SERVERS, about: "the platforms' servers, by their tags", arguments: &[], changes: false },
    Operation {
        id: endpoints::POSITIONS,
        about: "closed positions of one server; for an affiliate those of its registrations since registrationDateFrom (2000-01-01)",
        arguments: &["positionCloseDateFrom!", "positionCloseDateTo!", "serverTag!", "registrationDateFrom"],
        changes: false,
    },
];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct OfPeople {
    registration_date_from: Option<String>,
    registration_date_to: Option<String>,
    last_modified_date_from: Option<String>,
    last_modified_date_to: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct OfTransactions {
    transaction_date_from: Option<String>,
    transaction_date_to: Option<String>,
    include_fake: Option<bool>,
    registration_date_from: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct OfPositions {
    position_close_date_from: Option<String>,
    position_close_date_to: Option<String>,
    server_tag: Option<String>,
    registration_date_from: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfServers {}

/// Which trading accounts are the affiliate's, and how that was found.
struct Joined {
    accounts: BTreeSet<(String, String)>,
    registered: Days,
}

impl Impact {
    pub(super) async fn report(&self, question: &Question<'_>) -> Result<Value, Unanswered> {
        match question.operation {
            endpoints::LEADS => self.people(endpoints::LEADS, "leads", question).await,
            endpoints::REGISTRATIONS => self.people(endpoints::REGISTRATIONS, "registrations", question).await,
            endpoints::TRANSACTIONS => self.transactions(question).await,
            endpoints::SERVERS => {
                let OfServers {} = question.arguments.read()?;
                Ok(json!(self.servers(&self.holder(question.affiliate)?).await?))
            }
            endpoints::POSITIONS => self.positions(question).await,
            _ => Err(Unanswered::Unsupported),
        }
    }

    async fn people(&self, report: &'static str, name: &str, question: &Question<'_>) -> Result<Value, Unanswered> {
        let asked: OfPeople = question.arguments.read()?;
        let registered = dates::days("registrationDate", asked.registration_date_from.as_deref(), asked.registration_date_to.as_deref())?;
        let modified = dates::days("lastModifiedDate", asked.last_modified_date_from.as_deref(), asked.last_modified_date_to.as_deref())?;
        let mut query = Vec::new();
        if let Some(days) = &registered {
            query.extend([("registrationDateFrom", days.from.as_str()), ("registrationDateTo", days.to.as_str())]);
        }
        if let Some(days) = &modified {
            query.extend([("lastModifiedDateFrom", days.from.as_str()), ("lastModifiedDateTo", days.to.as_str())]);
        }
        if query.is_empty() {
            let what = "registrationDateFrom and registrationDateTo, or lastModifiedDateFrom and lastModifiedDateTo: the CRM demands one";
            return Err(Unanswered::Argument(what.to_owned()));
        }
        let people = self.people_of(report, &query, question.affiliate).await?;
        Ok(json!({ name: people }))
    }

    /// The people of a report that are the affiliate's, or all.
    async fn people_of(
        &self,
        report: &'static str,
        query: &[(&str, &str)],
        affiliate: Option<&Affiliate>,
    ) -> Result<Vec<Person>, Unanswered> {
        let holder = self.holder(affiliate)?;
        let mut people = read(report, &self.all(&holder, report, query, None).await?, Person::read)?;
        if let Some(affiliate) = affiliate {
            people.retain(|person| person.is_of(affiliate, &holder));
        }
        Ok(people)
    }

    async fn transactions(&self, question: &Question<'_>) -> Result<Value, Unanswered> {
        let asked: OfTransactions = question.arguments.read()?;
        let days = dates::demanded("transactionDate", asked.transaction_date_from.as_deref(), asked.transaction_date_to.as_deref())?;
        let since = since(asked.registration_date_from.as_deref(), question)?;
        let query = [("transactionDateFrom", days.from.as_str()), ("transactionDateTo", days.to.as_str())];
        let fake = asked.include_fake.map(|fake| ("includeFake", if fake { "true" } else { "false" }));
        let joined = self.joined(question.affiliate, since, &days).await?;
        let records = self.all(&self.holder(question.affiliate)?, endpoints::TRANSACTIONS, &query, fake).await?;
        let mut transactions = read(endpoints::TRANSACTIONS, &records, Transaction::read)?;
        if let Some(joined) = &joined {
            transactions.retain(|transaction| joined.holds(transaction.login_id.as_ref(), transaction.platform_server.as_ref()));
        }
        Ok(answer("transactions", &transactions, joined.as_ref()))
    }

    async fn positions(&self, question: &Question<'_>) -> Result<Value, Unanswered> {
        let asked: OfPositions = question.arguments.read()?;
        let (from, to) = (asked.position_close_date_from.as_deref(), asked.position_close_date_to.as_deref());
        let days = dates::demanded("positionCloseDate", from, to)?;
        let tag = asked.server_tag.filter(|tag| !tag.trim().is_empty());
        let tag = tag.ok_or_else(|| Unanswered::Argument("serverTag: the CRM demands one of those that Servers lists".to_owned()))?;
        let since = since(asked.registration_date_from.as_deref(), question)?;
        let query = [("positionCloseDateFrom", days.from.as_str()), ("positionCloseDateTo", days.to.as_str()), ("serverTag", tag.as_str())];
        let joined = self.joined(question.affiliate, since, &days).await?;
        let records = self.all(&self.holder(question.affiliate)?, endpoints::POSITIONS, &query, None).await?;
        let mut positions = read(endpoints::POSITIONS, &records, Position::read)?;
        // They are those of one server, also where they do not repeat which.
        positions.iter_mut().for_each(|position| {
            position.server_tag.get_or_insert_with(|| tag.clone());
        });
        if let Some(joined) = &joined {
            positions.retain(|position| joined.holds(position.login_id.as_ref(), position.server_tag.as_ref()));
        }
        Ok(answer("positions", &positions, joined.as_ref()))
    }

    /// "Available servers response groups all servers by platform type".
    pub(super) async fn servers(&self, holder: &Holder<'_>) -> Result<BTreeMap<String, Vec<String>>, Unanswered> {
        let answer = self.asked(holder, |call| call, endpoints::SERVERS).await?;
        let unreadable = || Unanswered::Unreadable(answer.trouble("Servers: is no table from platform type to tags"));
        let mut groups: Map<String, Value> = answer.read()?;
        // As an envelope has it.
        if let Some(Value::Object(inner)) = groups.get_mut("servers") {
            groups = std::mem::take(inner);
        }
        let tags = |tags: &Value| tags.as_array()?.iter().map(row::text).collect::<Option<Vec<_>>>();
        groups.iter().map(|(platform, value)| Some((platform.clone(), tags(value)?))).collect::<Option<_>>().ok_or_else(unreadable)
    }

    async fn joined(&self, affiliate: Option<&Affiliate>, since: &str, days: &Days) -> Result<Option<Joined>, Unanswered> {
        let Some(affiliate) = affiliate else { return Ok(None) };
        let registered = Days { from: since.to_owned().min(days.to.clone()), to: days.to.clone() };
        let query = [("registrationDateFrom", registered.from.as_str()), ("registrationDateTo", registered.to.as_str())];
        let people = self.people_of(endpoints::REGISTRATIONS, &query, Some(affiliate)).await?;
        let accounts = people.into_iter().flat_map(|person| person.accounts);
        Ok(Some(Joined { accounts: accounts.map(|account| (account.login_id, account.platform_server)).collect(), registered }))
    }
}

impl Joined {
    /// One login id may stand on two servers, for two customers: without the server nothing joins.
    fn holds(&self, login_id: Option<&String>, server: Option<&String>) -> bool {
        login_id.zip(server).is_some_and(|(login_id, server)| self.accounts.contains(&(login_id.clone(), server.clone())))
    }
}

/// Since when the affiliate's registrations are looked through.
fn since<'a>(argument: Option<&'a str>, question: &Question<'_>) -> Result<&'a str, Unanswered> {
    match (argument, question.affiliate) {
        (Some(_), None) => {
            Err(Unanswered::Argument("registrationDateFrom: only an affiliate's are joined through registrations".to_owned()))
        }
        (Some(day), Some(_)) => dates::day("registrationDateFrom", day).map(|_| day),
        (None, _) => Ok(LONG_AGO),
    }
}

/// Reads a report's records; the error names the first that cannot be read, and repeats none of it.
pub(super) fn read<T>(report: &str, records: &[Value], read: impl Fn(&Row<'_>) -> Result<T, String>) -> Result<Vec<T>, Unanswered> {
    let one = |(index, record): (usize, &Value)| Row::of(record).and_then(|row| read(&row)).map_err(|why| (index, why));
    let all: Result<Vec<T>, _> = records.iter().enumerate().map(one).collect();
    all.map_err(|(index, why)| Unanswered::Unreadable(Trouble::new(format!("{report}: record {}: {why}", index + 1))))
}

fn answer<T: Serialize>(name: &str, records: &[T], joined: Option<&Joined>) -> Value {
    let mut answer = Map::from_iter([(name.to_owned(), json!(records))]);
    if let Some(Joined { registered, .. }) = joined {
        let through = json!({"registrationDateFrom": registered.from, "registrationDateTo": registered.to});
        answer.insert("joinedThrough".to_owned(), through);
    }
    answer.into()
}
