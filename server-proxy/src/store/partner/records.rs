//! What is mirrored, written. Names, e-mails and phone numbers are sealed; by a keyed hash they are found all the same.

use std::{collections::BTreeSet, time::Duration};

use async_trait::async_trait;
use serde_json::json;
use sqlx::{AnyConnection, AssertSqlSafe, Row};

use super::super::{Store, StoreError, change::Change, clock::milliseconds, parameters};
use crate::{
    crm::{Accounts, CrmRecord, RecordKind, Stage},
    keys::Keyring,
    partner::money,
};

/// Rows that go at once: few enough that nobody waits for them.
const TOGETHER: usize = 500;

/// What is personal in a record is bound to its row.
pub(super) fn place(affiliate: &str, kind: RecordKind, id: &str) -> String {
    format!("records/{affiliate}/{}/{id}", kind.as_str())
}

/// What finds an e-mail or a phone number, under each key.
pub(super) fn email_hashes(keys: &Keyring, email: &str) -> Vec<[u8; 32]> {
    keys.hashes("mirrored e-mail", email.trim().to_lowercase().as_bytes())
}

pub(super) fn phone_hashes(keys: &Keyring, phone: &str) -> Vec<[u8; 32]> {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    keys.hashes("mirrored phone", digits.trim_start_matches('0').as_bytes())
}

const COLUMNS: [&str; 32] = [
    "affiliate",
    "kind",
    "id",
    "at",
    "stage",
    "status",
    "type",
    "country",
    "source",
    "sub_id",
    "campaign",
    "currency",
    "account",
    "server",
    "about",
    "person",
    "registered_at",
    "deposited_at",
    "other_at",
    "deposited",
    "is_fake",
    "is_deposit",
    "amount",
    "amount_whole",
    "amount_part",
    "second",
    "second_whole",
    "second_part",
    "email_hash",
    "phone_hash",
    "personal",
    "seen_at",
];

/// What of a person is found among their transactions.
const FIRST_DEPOSIT: [&str; 6] = ["deposited", "deposited_at", "amount", "amount_whole", "amount_part", "currency"];

/// What of a person either record may have.
const OF_EITHER: [&str; 5] = ["status", "country", "source", "sub_id", "campaign"];

fn upsert(kind: RecordKind, joins_people: bool) -> String {
    let joins = kind == RecordKind::Person && joins_people;
    let updates = COLUMNS.iter().skip(3).filter(|column| !(joins && FIRST_DEPOSIT.contains(column)));
    let update = |column: &&str| match (kind, *column) {
        // Whoever was a lead before signed up then; whoever is a customer stays one.
        (RecordKind::Person, "at") => {
            "at = CASE WHEN excluded.stage = 'lead' OR records.stage = 'customer' AND records.at = records.registered_at THEN excluded.at \
             ELSE records.at END"
                .to_owned()
        }
        (RecordKind::Person, "stage") => {
            "stage = CASE WHEN records.stage = 'customer' THEN records.stage ELSE excluded.stage END".to_owned()
        }
        (RecordKind::Person, "registered_at") => {
            "registered_at = CASE WHEN excluded.stage = 'customer' THEN excluded.registered_at ELSE records.registered_at END".to_owned()
        }
        // What the customer's record has not, the lead's may have had.
        (_, column) if joins && OF_EITHER.contains(&column) => {
            format!("{column} = COALESCE(NULLIF(excluded.{column}, ''), records.{column})")
        }
        (_, column @ ("personal" | "email_hash" | "phone_hash")) if joins => {
            format!("{column} = COALESCE(excluded.{column}, records.{column})")
        }
        (_, column) => format!("{column} = excluded.{column}"),
    };
    let updates: Vec<String> = updates.map(update).collect();
    format!(
        "INSERT INTO records ({}) VALUES ({}) ON CONFLICT (affiliate, kind, id) DO UPDATE SET {}",
        COLUMNS.join(", "),
        parameters(1, COLUMNS.len()),
        updates.join(", ")
    )
}

impl Store {
    /// Keeps what was read, as seen at that time, and holds the mirror on. Whether it still is ours: if not, nothing more is kept.
    pub(crate) async fn mirror_records(
        &self,
        affiliate: &str,
        kind: RecordKind,
        records: Vec<CrmRecord>,
        joins_people: bool,
        seen_at: i64,
        lease: Duration,
    ) -> Result<bool, StoreError> {
        let sql = upsert(kind, joins_people);
        for records in records.chunks(TOGETHER) {
            let rows = records.iter().map(|record| self.sealed(affiliate, kind, record)).collect();
            let (affiliate, owner) = (affiliate.to_owned(), self.owner.clone());
            let held_until = self.clock.now().saturating_add(milliseconds(lease));
            if !self.change(Put { affiliate, owner, held_until, kind, sql: sql.clone(), rows, seen_at }).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn sealed(&self, affiliate: &str, kind: RecordKind, record: &CrmRecord) -> Sealed {
        let personal = (record.name.is_some() || record.email.is_some() || record.phone.is_some()).then(|| {
            let plain = json!({"name": record.name, "email": record.email, "phone": record.phone}).to_string();
            self.keys.seal(&place(affiliate, kind, &record.id), plain.as_bytes())
        });
        let first = |hashes: Vec<[u8; 32]>| hashes.first().map(|hash| hash.to_vec());
        Sealed {
            record: CrmRecord { name: None, email: None, phone: None, ..record.clone() },
            email_hash: record.email.as_deref().and_then(|email| first(email_hashes(&self.keys, email))),
            phone_hash: record.phone.as_deref().and_then(|phone| first(phone_hashes(&self.keys, phone))),
            personal,
        }
    }

    /// Whose which account is.
    pub(crate) async fn accounts(&self, affiliate: &str) -> Result<Accounts, StoreError> {
        let rows =
            sqlx::query("SELECT login, server, person FROM accounts WHERE affiliate = $1").bind(affiliate).fetch_all(&self.reader).await?;
        rows.iter().map(|row| Ok(((row.try_get(0)?, row.try_get(1)?), row.try_get(2)?))).collect()
    }

    /// What was last seen before that time goes: of one kind, or of all.
    pub(crate) async fn forget_records(&self, affiliate: &str, kind: Option<RecordKind>, seen_before: i64) -> Result<(), StoreError> {
        let kinds = match kind {
            Some(kind) => vec![kind],
            None => {
                use RecordKind::{Commission, Payout, Person, Position, Transaction};
                vec![Person, Transaction, Position, Commission, Payout]
            }
        };
        for kind in kinds {
            let mut last = String::new();
            loop {
                let select = format!(
                    "SELECT id FROM records WHERE affiliate = $1 AND kind = $2 AND id > $3 AND seen_at < $4 ORDER BY id LIMIT {TOGETHER}"
                );
                let query = sqlx::query_scalar(AssertSqlSafe(select)).bind(affiliate).bind(kind.as_str()).bind(last).bind(seen_before);
                let ids: Vec<String> = query.fetch_all(&self.reader).await?;
                let Some(id) = ids.last() else { break };
                last = id.clone();
                self.change(Forget { affiliate: affiliate.to_owned(), kind, ids, seen_before }).await?;
            }
        }
        Ok(())
    }

    /// Finds the first deposits of these people, and what they have deposited, among their transactions.
    pub(crate) async fn find_deposits(&self, affiliate: &str, people: &BTreeSet<String>) -> Result<(), StoreError> {
        let people: Vec<String> = people.iter().cloned().collect();
        for people in people.chunks(TOGETHER) {
            self.change(FindDeposits { affiliate: affiliate.to_owned(), people: people.to_vec() }).await?;
        }
        Ok(())
    }

    /// How many people are mirrored.
    pub(crate) async fn people(&self, affiliate: &str) -> Result<u64, StoreError> {
        let select = "SELECT COUNT(*) FROM records WHERE affiliate = $1 AND kind = 'person'";
        let count: i64 = sqlx::query_scalar(select).bind(affiliate).fetch_one(&self.reader).await?;
        Ok(u64::try_from(count).unwrap_or_default())
    }

    /// Those who are known to have deposited.
    pub(crate) async fn depositors(&self, affiliate: &str) -> Result<BTreeSet<String>, StoreError> {
        let select = "SELECT id FROM records WHERE affiliate = $1 AND kind = 'person' AND deposited = 1";
        let ids: Vec<String> = sqlx::query_scalar(select).bind(affiliate).fetch_all(&self.reader).await?;
        Ok(ids.into_iter().collect())
    }
}

/// A record whose personal part cannot be read.
struct Sealed {
    record: CrmRecord,
    email_hash: Option<Vec<u8>>,
    phone_hash: Option<Vec<u8>>,
    personal: Option<Vec<u8>>,
}

struct Put {
    affiliate: String,
    owner: String,
    held_until: i64,
    kind: RecordKind,
    sql: String,
    rows: Vec<Sealed>,
    seen_at: i64,
}

#[async_trait]
impl Change for Put {
    type Done = bool;

    async fn make(&self, on: &mut AnyConnection) -> Result<bool, StoreError> {
        // In the same transaction: a mirror that is dropped at this moment stays empty.
        let hold = "UPDATE mirrors SET held_until = $1 WHERE affiliate = $2 AND owner = $3";
        let hold = sqlx::query(hold).bind(self.held_until).bind(self.affiliate.as_str()).bind(self.owner.as_str());
        if hold.execute(&mut *on).await?.rows_affected() == 0 {
            return Ok(false);
        }
        let at = |time: Option<jiff::Timestamp>| time.map_or(0, jiff::Timestamp::as_millisecond);
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let parts = |amount: &Option<String>| amount.as_deref().and_then(money::parts).unwrap_or_default();
        for Sealed { record, email_hash, phone_hash, personal } in &self.rows {
            let (amount, second) = (parts(&record.amount), parts(&record.second));
            let registered_at = if record.stage == Some(Stage::Customer) { at(record.at) } else { 0 };
            let stage = match record.stage {
                Some(Stage::Lead) => "lead",
                Some(Stage::Customer) => "customer",
                None => "",
            };
            sqlx::query(AssertSqlSafe(self.sql.clone()))
                .bind(self.affiliate.as_str())
                .bind(self.kind.as_str())
                .bind(record.id.as_str())
                .bind(at(record.at))
                .bind(stage)
                .bind(text(&record.status))
                .bind(text(&record.kind))
                .bind(text(&record.country))
                .bind(text(&record.source))
                .bind(text(&record.sub_id))
                .bind(text(&record.campaign))
                .bind(text(&record.currency))
                .bind(text(&record.account))
                .bind(text(&record.server))
                .bind(text(&record.about))
                .bind(text(&record.person))
                .bind(registered_at)
                .bind(at(record.deposited_at))
                .bind(at(record.other_at))
                .bind(i64::from(record.deposited))
                .bind(i64::from(record.is_fake))
                .bind(i64::from(record.is_deposit))
                .bind(text(&record.amount))
                .bind(amount.0)
                .bind(amount.1)
                .bind(text(&record.second))
                .bind(second.0)
                .bind(second.1)
                .bind(email_hash.clone())
                .bind(phone_hash.clone())
                .bind(personal.clone())
                .bind(self.seen_at)
                .execute(&mut *on)
                .await?;
            for (login, server) in &record.accounts {
                sqlx::query(
                    "INSERT INTO accounts (affiliate, login, server, person, seen_at) VALUES ($1, $2, $3, $4, $5) \
                     ON CONFLICT (affiliate, login, server) DO UPDATE SET person = excluded.person, seen_at = excluded.seen_at",
                )
                .bind(self.affiliate.as_str())
                .bind(login.as_str())
                .bind(server.as_str())
                .bind(record.id.as_str())
                .bind(self.seen_at)
                .execute(&mut *on)
                .await?;
            }
        }
        Ok(true)
    }
}

struct Forget {
    affiliate: String,
    kind: RecordKind,
    ids: Vec<String>,
    seen_before: i64,
}

#[async_trait]
impl Change for Forget {
    type Done = ();

    async fn make(&self, on: &mut AnyConnection) -> Result<(), StoreError> {
        let ids = parameters(4, self.ids.len());
        let delete = format!("DELETE FROM records WHERE affiliate = $1 AND kind = $2 AND seen_at < $3 AND id IN ({ids})");
        let query = sqlx::query(AssertSqlSafe(delete)).bind(self.affiliate.as_str()).bind(self.kind.as_str()).bind(self.seen_before);
        self.ids.iter().fold(query, |query, id| query.bind(id.as_str())).execute(&mut *on).await?;
        if self.kind == RecordKind::Person {
            let ids = parameters(3, self.ids.len());
            let delete = format!("DELETE FROM accounts WHERE affiliate = $1 AND seen_at < $2 AND person IN ({ids})");
            let query = sqlx::query(AssertSqlSafe(delete)).bind(self.affiliate.as_str()).bind(self.seen_before);
            self.ids.iter().fold(query, |query, id| query.bind(id.as_str())).execute(on).await?;
        }
        Ok(())
    }
}

struct FindDeposits {
    affiliate: String,
    people: Vec<String>,
}

#[async_trait]
impl Change for FindDeposits {
    type Done = ();

    async fn make(&self, on: &mut AnyConnection) -> Result<(), StoreError> {
        for person in &self.people {
            let select = "SELECT currency, MIN(at), CAST(SUM(amount_whole) AS BIGINT), CAST(SUM(amount_part) AS BIGINT) FROM records \
                WHERE affiliate = $1 AND kind = 'transaction' AND person = $2 AND is_deposit = 1 AND is_fake = 0 GROUP BY currency";
            let rows = sqlx::query(select).bind(self.affiliate.as_str()).bind(person.as_str()).fetch_all(&mut *on).await?;
            let mut first = None;
            let mut totals = Vec::new();
            for row in &rows {
                let at: i64 = row.try_get(1)?;
                first = Some(first.map_or(at, |first: i64| first.min(at)));
                totals.push((row.try_get::<String, _>(0)?, money::sum(row.try_get(2)?, row.try_get(3)?)));
            }
            // In several currencies there is no total.
            let (currency, total) = if totals.len() == 1 { totals.remove(0) } else { (String::new(), String::new()) };
            let (whole, part) = money::parts(&total).unwrap_or_default();
            sqlx::query(
                "UPDATE records SET deposited = $1, deposited_at = $2, currency = $3, amount = $4, amount_whole = $5, amount_part = $6 \
                 WHERE affiliate = $7 AND kind = 'person' AND id = $8",
            )
            .bind(i64::from(first.is_some()))
            .bind(first.unwrap_or_default())
            .bind(currency)
            .bind(total)
            .bind(whole)
            .bind(part)
            .bind(self.affiliate.as_str())
            .bind(person.as_str())
            .execute(&mut *on)
            .await?;
        }
        Ok(())
    }
}
