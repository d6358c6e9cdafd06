//! `GET /api/v1/ib/…`: sections "Leads" to "Positions", and "Notes".
//!
//! The records of a report come in the order in which they became known, so that pages hold still while records are modified.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::Impact;
use super::access::{Sees, User};
use super::documented::Refusal;
use super::filters::{Filters, Page};
use super::person::{Person, Registration};
use super::records::{AccountId, Position, Transaction};
use super::state::{Module, State};
use crate::answer::Answer;
use crate::check::{DATE, Member, Rule};
use crate::exchange::{Crm, Request, spoiled};
use crate::faults::Has;
use crate::lock::lock;
use crate::record::Entry;

#[derive(Debug, Clone, Copy)]
pub(super) enum Report {
    Leads,
    Registrations,
    Transactions,
    Servers,
    Positions,
}

const fn day(name: &'static str) -> Member {
    Member::new(name, DATE)
}

const PAGE: Member = Member::new("page", Rule::AtLeast(1));
const PAGE_SIZE: Member = Member::new("pageSize", Rule::AtLeast(1));

const OF_PEOPLE: &[Member] =
    &[day("registrationDateFrom"), day("registrationDateTo"), day("lastModifiedDateFrom"), day("lastModifiedDateTo"), PAGE, PAGE_SIZE];

const OF_TRANSACTIONS: &[Member] = &[
    day("transactionDateFrom"),
    day("transactionDateTo"),
    PAGE,
    PAGE_SIZE,
    // "Optional [true/false] - Default = false".
    Member::new("includeFake", Rule::Flag),
];

const OF_POSITIONS: &[Member] =
    &[day("positionCloseDateFrom"), day("positionCloseDateTo"), Member::new("serverTag", Rule::Text), PAGE, PAGE_SIZE];

impl Report {
    /// "Query parameters (i.e. filters)".
    fn parameters(self) -> &'static [Member] {
        match self {
            Report::Leads | Report::Registrations => OF_PEOPLE,
            Report::Transactions => OF_TRANSACTIONS,
            Report::Servers => &[],
            Report::Positions => OF_POSITIONS,
        }
    }

    /// "Depends on the leads module", and so on.
    fn module(self) -> (Module, &'static str) {
        match self {
            Report::Leads | Report::Registrations => (Module::Leads, "leads"),
            Report::Transactions => (Module::Transactions, "transactions"),
            Report::Servers | Report::Positions => (Module::Platforms, "platforms"),
        }
    }
}

impl Impact {
    pub(super) fn report(&self, entry: Entry, request: &Request, report: Report) -> Answer {
        let found = lock(&self.state).report(request, report);
        match found {
            Ok(body) => spoiled(self.on_success(entry, Has::NEITHER).as_ref(), Answer::json(StatusCode::OK, body)),
            Err(refusal) => refusal.into(),
        }
    }
}

impl State {
    fn report(&self, request: &Request, report: Report) -> Result<Value, Refusal> {
        let reader = self.access.reader(request)?;
        let (module, name) = report.module();
        if self.without_modules.contains(&module) {
            return Err(Refusal::forbidden(format!("The {name} module is not enabled")));
        }
        let filters = Filters::read(request.query(), report.parameters())?;
        match report {
            Report::Leads => self.leads(reader, &filters),
            Report::Registrations => self.registrations(reader, &filters),
            Report::Transactions => self.transactions(reader, &filters),
            Report::Servers => Ok(json!(self.servers)),
            Report::Positions => self.positions(reader, &filters),
        }
    }

    fn leads(&self, reader: &User, filters: &Filters) -> Result<Value, Refusal> {
        let wanted = people(filters)?;
        let leads = self.people.leads.iter().filter(|lead| sees(reader, lead) && wanted(lead));
        Ok(envelope("leads", leads, Person::row, filters.page()?))
    }

    fn registrations(&self, reader: &User, filters: &Filters) -> Result<Value, Refusal> {
        let wanted = people(filters)?;
        let all = self.people.registrations.iter();
        let registrations = all.filter(|registration| sees(reader, &registration.person) && wanted(&registration.person));
        Ok(envelope("registrations", registrations, Registration::row, filters.page()?))
    }

    fn transactions(&self, reader: &User, filters: &Filters) -> Result<Value, Refusal> {
        let days = filters.days("transactionDate")?.ok_or("Transaction date is required")?;
        let include_fake = filters.text("includeFake") == Some("true");
        // "Only successful transactions are returned".
        let transactions = self.transactions.iter().filter(|transaction| {
            transaction.successful
                && (include_fake || !transaction.is_fake)
                && days.include(transaction.transaction_date)
                && self.sees_account(reader, transaction.account())
        });
        Ok(envelope("transactions", transactions, Transaction::row, filters.page()?))
    }

    fn positions(&self, reader: &User, filters: &Filters) -> Result<Value, Refusal> {
        let days = filters.days("positionCloseDate")?.ok_or("Position close date is required")?;
        let tag = filters.text("serverTag").filter(|tag| !tag.is_empty()).ok_or("Server tag is required")?;
        // "Single server id as fetched from 5.": what answers another is not documented.
        if !self.has_server(tag) {
            return Err(format!("There is no server \"{tag}\"").into());
        }
        let positions = self.positions.iter().filter(|position| {
            position.server_tag == tag
                && position.close_date.is_some_and(|closed| days.include(closed))
                && self.sees_account(reader, position.account())
        });
        Ok(envelope("positions", positions, Position::row, filters.page()?))
    }

    fn sees_account(&self, reader: &User, account: AccountId<'_>) -> bool {
        let own = || self.people.registrations.iter().any(|registration| registration.has(account) && sees(reader, &registration.person));
        reader.sees == Sees::All || own()
    }
}

fn sees(reader: &User, person: &Person) -> bool {
    reader.sees == Sees::All || person.source.as_ref() == Some(&reader.email)
}

/// "This endpoint requires either registration date OR last modified date to be present in the request". Where both are, both hold.
fn people(filters: &Filters) -> Result<impl Fn(&Person) -> bool, Refusal> {
    let registered = filters.days("registrationDate")?;
    let modified = filters.days("lastModifiedDate")?;
    if registered.is_none() && modified.is_none() {
        return Err("Registration date or last modified date is required".into());
    }
    Ok(move |person: &Person| {
        registered.is_none_or(|days| days.include(person.registration_date))
            && modified.is_none_or(|days| days.include(person.last_modified_date))
    })
}

/// `total` is of all pages.
fn envelope<'a, T: 'a>(name: &str, records: impl Iterator<Item = &'a T>, row: fn(&T) -> Value, page: Page) -> Value {
    let records: Vec<_> = records.collect();
    let total = records.len();
    let rows = records.into_iter().skip(page.skip).take(page.take).map(row).collect();
    let members = [("total".to_owned(), total.into()), (name.to_owned(), Value::Array(rows))];
    Value::Object(Map::from_iter(members))
}
