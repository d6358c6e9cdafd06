//! The IB reports, as an affiliate's dashboard shows them. People say whose they are; transactions and positions are told to be the
//! affiliate's by the trading accounts of its people, and what joins none of them is left out.

use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use latchkey_contract::partner::{Metric, Table};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{
    Impact, endpoints,
    records::{Person, Position, Transaction},
    reports::{LONG_AGO, read},
    session::Holder,
};
use crate::crm::{
    Accounts, Affiliate, CrmRecord, Extent, Offers, Partner, RecordKind, Sink, Stage, Unanswered,
    partner::{is_deposit, moment},
    row,
};

pub(in crate::crm) static OFFERS: Offers = Offers {
    kinds: &[RecordKind::Person, RecordKind::Transaction, RecordKind::Position],
    tables: &[
        (
            Table::Leads,
            &[
                "created",
                "stage",
                "source",
                "subId",
                "campaign",
                "name",
                "email",
                "registered",
                "firstDeposit",
                "deposited",
                "total",
                "currency",
            ],
        ),
        (
            Table::Registrations,
            &["registered", "source", "subId", "campaign", "name", "email", "created", "firstDeposit", "deposited", "total", "currency"],
        ),
        (Table::Transactions, &["date", "type", "amount", "currency", "fake", "account", "server", "person"]),
        (Table::Positions, &["closed", "opened", "symbol", "volume", "profit", "currency", "server", "account", "person"]),
    ],
    metrics: &[Metric::Signups, Metric::Registrations, Metric::FirstDeposits, Metric::Deposits, Metric::Conversion, Metric::Volume],
    sources: false,
    downline: false,
    servers: true,
    wallet: false,
    request_payout: false,
    links: false,
    creatives: false,
    buckets: false,
    joins_people: true,
};

#[async_trait]
impl Partner for Impact {
    fn offers(&self) -> &'static Offers {
        &OFFERS
    }

    async fn read(
        &self,
        affiliate: &Affiliate,
        kind: RecordKind,
        extent: Extent,
        accounts: &Accounts,
        sink: &Sink,
    ) -> Result<(), Unanswered> {
        let holder = self.holder(Some(affiliate))?;
        let days = days(extent);
        let report = |report, names| Report { holder: &holder, report, names, days, server: None, fake: false };
        match kind {
            RecordKind::Person => {
                let names = match extent {
                    Extent::Whole => ["registrationDateFrom", "registrationDateTo"],
                    Extent::Since(_) => ["lastModifiedDateFrom", "lastModifiedDateTo"],
                };
                // The leads first: whoever was one before signed up when they became one.
                for (name, stage) in [(endpoints::LEADS, Stage::Lead), (endpoints::REGISTRATIONS, Stage::Customer)] {
                    let people = |records: &[Value]| {
                        let people = read(name, records, Person::read)?.into_iter();
                        Ok(people.filter(|person| person.is_of(affiliate, &holder)).filter_map(|person| record(person, stage)).collect())
                    };
                    self.pages(&report(name, names), kind, people, sink).await?;
                }
                Ok(())
            }
            RecordKind::Transaction => {
                let transactions = |records: &[Value]| {
                    let all = read(endpoints::TRANSACTIONS, records, Transaction::read)?.into_iter();
                    Ok(all.filter_map(|transaction| joined(transaction, accounts)).collect())
                };
                let report = report(endpoints::TRANSACTIONS, ["transactionDateFrom", "transactionDateTo"]);
                self.pages(&Report { fake: true, ..report }, kind, transactions, sink).await
            }
            RecordKind::Position => {
                // No account, no position: then nothing need be asked.
                if accounts.is_empty() {
                    return Ok(());
                }
                for tag in self.servers(&holder).await?.into_values().flatten() {
                    let positions = |records: &[Value]| {
                        let all = read(endpoints::POSITIONS, records, Position::read)?.into_iter();
                        Ok(all.filter_map(|position| position_of(position, &tag, accounts)).collect())
                    };
                    let report = report(endpoints::POSITIONS, ["positionCloseDateFrom", "positionCloseDateTo"]);
                    self.pages(&Report { server: Some(&tag), ..report }, kind, positions, sink).await?;
                }
                Ok(())
            }
            RecordKind::Commission | RecordKind::Payout => Err(Unanswered::Unsupported),
        }
    }

    async fn servers(&self, affiliate: &Affiliate) -> Result<BTreeMap<String, Vec<String>>, Unanswered> {
        self.servers(&self.holder(Some(affiliate))?).await
    }
}

/// A report, and what of it is asked for.
#[derive(Clone, Copy)]
struct Report<'a> {
    holder: &'a Holder<'a>,
    report: &'static str,
    /// What its range goes by.
    names: [&'a str; 2],
    days: (Date, Date),
    server: Option<&'a str>,
    fake: bool,
}

impl Impact {
    /// Reads a report page by page; a range that has too many records for one reading is read in halves.
    async fn pages(
        &self,
        report: &Report<'_>,
        kind: RecordKind,
        normalised: impl Fn(&[Value]) -> Result<Vec<CrmRecord>, Unanswered> + Send + Sync,
        sink: &Sink,
    ) -> Result<(), Unanswered> {
        let mut ranges = vec![report.days];
        while let Some((from, to)) = ranges.pop() {
            let (first, last) = (from.to_string(), to.to_string());
            let mut query = vec![(report.names[0], first.as_str()), (report.names[1], last.as_str())];
            query.extend(report.server.map(|tag| ("serverTag", tag)));
            let mut reading = self.reading(report.holder, report.report, &query, report.fake.then_some(("includeFake", "true")));
            loop {
                match reading.next().await {
                    Ok(None) => break,
                    Ok(Some((_, records))) => sink.take(kind, normalised(&records)?).await?,
                    Err(_) if reading.is_too_long && from < to => {
                        let middle = halfway(from, to);
                        ranges.extend([(middle.tomorrow().unwrap_or(to), to), (from, middle)]);
                        break;
                    }
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(())
    }
}

fn halfway(from: Date, to: Date) -> Date {
    let days = from.until(to).map_or(0, |span| span.get_days());
    from.checked_add((days / 2).days()).unwrap_or(from)
}

/// The days to ask for. Which zone's they are, the document does not say: a day more at each end misses nothing.
fn days(extent: Extent) -> (Date, Date) {
    let day = |at: Timestamp| at.to_zoned(TimeZone::UTC).date();
    let from = match extent {
        Extent::Whole => LONG_AGO.parse().unwrap_or(Date::MIN),
        Extent::Since(since) => day(since).yesterday().unwrap_or(Date::MIN),
    };
    (from, day(Timestamp::now()).tomorrow().unwrap_or(Date::MAX))
}

/// A lead goes by its own id, and so does the customer it became.
fn record(person: Person, stage: Stage) -> Option<CrmRecord> {
    let utm = |name: &str| {
        person.utm_details.iter().find(|(known, value)| row::plain(known) == name && !value.is_empty()).map(|(_, value)| value.clone())
    };
    let (sub_id, campaign) = (utm("subid"), utm("utmcampaign").or_else(|| utm("campaignid")));
    let source = utm("utmsource").or_else(|| person.source.clone());
    let email_id = || person.email.as_ref().map(|email| hex::encode(&Sha256::digest(email.to_lowercase().as_bytes())[..12]));
    let id = match stage {
        Stage::Lead => person.id.clone(),
        Stage::Customer => person.lead_id.clone().or_else(|| person.id.clone()),
    };
    let parts: Vec<String> = [person.first_name, person.last_name].into_iter().flatten().collect();
    let name = (!parts.is_empty()).then(|| parts.join(" "));
    // A customer without a name goes by what is known of the lead.
    let is_known = stage == Stage::Customer && person.lead_id.is_some() && name.is_none();
    Some(CrmRecord {
        // Nobody is nobody.
        id: id.or_else(email_id)?,
        at: person.registration_date.as_deref().and_then(moment),
        stage: Some(stage),
        source,
        sub_id,
        campaign,
        accounts: person.accounts.into_iter().map(|account| (account.login_id, account.platform_server)).collect(),
        name,
        email: person.email.filter(|_| !is_known),
        ..CrmRecord::default()
    })
}

fn owner(login: Option<&String>, server: Option<&String>, accounts: &Accounts) -> Option<String> {
    accounts.get(&(login?.clone(), server?.clone())).cloned()
}

fn joined(transaction: Transaction, accounts: &Accounts) -> Option<CrmRecord> {
    let person = owner(transaction.login_id.as_ref(), transaction.platform_server.as_ref(), accounts)?;
    Some(CrmRecord {
        id: transaction.id?,
        at: transaction.transaction_date.as_deref().and_then(moment),
        is_deposit: transaction.kind.as_deref().is_some_and(is_deposit),
        kind: transaction.kind,
        currency: transaction.currency,
        amount: transaction.amount,
        is_fake: transaction.is_fake.unwrap_or_default(),
        account: transaction.login_id,
        server: transaction.platform_server,
        person: Some(person),
        ..CrmRecord::default()
    })
}

/// It is one of the server's that was asked for, also where it does not repeat which.
fn position_of(position: Position, tag: &String, accounts: &Accounts) -> Option<CrmRecord> {
    let server = position.server_tag.as_ref().unwrap_or(tag);
    let person = owner(position.login_id.as_ref(), Some(server), accounts)?;
    Some(CrmRecord {
        id: format!("{server}/{}", position.id?),
        at: position.close_date.as_deref().and_then(moment),
        other_at: position.open_date.as_deref().and_then(moment),
        currency: position.currency,
        amount: position.profit,
        second: position.volume,
        account: position.login_id,
        server: Some(server.clone()),
        about: position.symbol,
        person: Some(person),
        ..CrmRecord::default()
    })
}
