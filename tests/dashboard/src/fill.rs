//! Made-up people, straight into the mirror's table: reading a million from a CRM takes its time, and is not what is measured.
//!
//! The rows are what the trading CRM's adapter would have made of them, personal data sealed. The same people each time.

use std::{
    io::{IsTerminal, Write},
    path::PathBuf,
};

use anyhow::{Context, Result};
use clap::Args;
use jiff::Timestamp;
use serde_json::json;
use sqlx::{
    Connection, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};

use crate::seal::Sealer;

/// The proxy's key is in the variable `LATCHKEY_KEY`.
#[derive(Args)]
pub(crate) struct Fill {
    /// The store, of a proxy that does not run now
    #[arg(long, value_name = "FILE")]
    database: PathBuf,
    /// Whose mirror it is; it was read once
    #[arg(long, value_name = "ID")]
    affiliate: String,
    #[arg(long, value_name = "COUNT")]
    people: u64,
    /// How many days ago the first of them came
    #[arg(long, value_name = "DAYS")]
    days: u64,
}

const COUNTRIES: [&str; 12] = ["DE", "ES", "IT", "PL", "BR", "TR", "AE", "ZA", "FR", "GB", "NL", "SE"];
const SOURCES: [&str; 5] = ["google_ads", "facebook_ads", "newsletter", "youtube", "partner_blog"];
const STATUSES: [&str; 4] = ["new", "registered", "active", "vip"];
const FIRST: [&str; 10] = ["Anna", "Ben", "Carla", "Deniz", "Elif", "Felix", "Giulia", "Hugo", "Ines", "Jan"];
const LAST: [&str; 8] = ["Keller", "Lopez", "Marino", "Nowak", "Oliveira", "Petrov", "Rossi", "Silva"];
/// Every so manieth person has earned the affiliate something.
const A_COMMISSION: u64 = 4;
/// Rows of one transaction.
const TOGETHER: u64 = 50_000;
const DAY_MS: u64 = 24 * 60 * 60 * 1000;

const PERSON: &str = "INSERT INTO records (affiliate, kind, id, at, stage, status, country, source, registered_at, deposited, amount, \
    amount_whole, amount_part, email_hash, phone_hash, personal, seen_at) \
    VALUES (?1, 'person', ?2, ?3, 'customer', ?4, ?5, ?6, ?3, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)";
const COMMISSION: &str = "INSERT INTO records (affiliate, kind, id, at, status, type, currency, person, amount, amount_whole, amount_part, \
    about, seen_at) VALUES (?1, 'commission', ?2, ?3, 'pending', ?4, ?5, ?6, ?7, ?8, ?9, 'FTD', ?10)";

/// Numbers that are the same each time (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }

    fn one_of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len() as u64) as usize]
    }
}

/// As text, in whole ones and in 10⁻⁸ parts.
fn amount(cents: u64) -> (String, i64, i64) {
    (format!("{}.{:02}", cents / 100, cents % 100), (cents / 100) as i64, (cents % 100 * 1_000_000) as i64)
}

impl Fill {
    pub(crate) async fn run(&self) -> Result<()> {
        let sealer = Sealer::new(&std::env::var("LATCHKEY_KEY").context("LATCHKEY_KEY is not set")?)?;
        let options = SqliteConnectOptions::new().filename(&self.database);
        // Without a journal, and in memory as far as that goes: what is broken off is filled in again. The proxy sets its own journal.
        let options = options.journal_mode(SqliteJournalMode::Off).synchronous(SqliteSynchronous::Off).pragma("cache_size", "-1000000");
        let mut store = SqliteConnection::connect_with(&options).await.context("cannot open the store")?;
        let select = "SELECT affiliate FROM mirrors WHERE affiliate LIKE ?1 || '@%'";
        let mirror: Option<String> = sqlx::query_scalar(select).bind(&self.affiliate).fetch_optional(&mut store).await?;
        let mirror = mirror.context("the affiliate's mirror was never read")?;
        sqlx::query("DELETE FROM records WHERE affiliate = ?1").bind(&mirror).execute(&mut store).await?;
        let now = Timestamp::now().as_millisecond();
        let (mut dice, mut begun) = (Dice(0x1a7c_4e9d), 0);
        while begun < self.people {
            let until = (begun + TOGETHER).min(self.people);
            let mut together = store.begin().await?;
            for number in begun..until {
                self.person(&mut together, &sealer, &mirror, &mut dice, number, now).await?;
            }
            together.commit().await?;
            begun = until;
            self.tell(begun);
        }
        let fresh = "UPDATE mirrors SET as_of = ?1, whole_as_of = ?1, failed_at = 0, owner = '', held_until = 0 WHERE affiliate = ?2";
        sqlx::query(fresh).bind(now).bind(&mirror).execute(&mut store).await?;
        store.close().await?;
        Ok(())
    }

    async fn person(
        &self,
        store: &mut SqliteConnection,
        sealer: &Sealer,
        mirror: &str,
        dice: &mut Dice,
        number: u64,
        now: i64,
    ) -> Result<()> {
        // The last came a moment ago.
        let ago = (self.people - number) * self.days * DAY_MS / self.people;
        let at = now - ago as i64;
        let id = format!("customer-{number:07}");
        let (first, last) = (dice.one_of(&FIRST), dice.one_of(&LAST));
        let (email, phone) =
            (format!("{}.{}.{number}@mail.example", first.to_lowercase(), last.to_lowercase()), 44_207_900_000_000 + number);
        let personal = json!({ "name": format!("{first} {last}"), "email": email, "phone": format!("+{phone}") }).to_string();
        let has_deposited = dice.below(3) == 0;
        let (text, whole, part) = amount(if has_deposited { 10_000 + dice.below(900_000) } else { 0 });
        sqlx::query(PERSON)
            .bind(mirror)
            .bind(&id)
            .bind(at)
            .bind(dice.one_of(&STATUSES))
            .bind(dice.one_of(&COUNTRIES))
            .bind(dice.one_of(&SOURCES))
            .bind(i64::from(has_deposited))
            .bind(text)
            .bind(whole)
            .bind(part)
            .bind(sealer.hash("mirrored e-mail", &email))
            .bind(sealer.hash("mirrored phone", &phone.to_string()))
            .bind(sealer.seal(&format!("records/{mirror}/person/{id}"), personal.as_bytes())?)
            .bind(now)
            .execute(&mut *store)
            .await?;
        if number.is_multiple_of(A_COMMISSION) {
            let (text, whole, part) = amount(5_000 + dice.below(40_000));
            sqlx::query(COMMISSION)
                .bind(mirror)
                .bind(number.to_string())
                .bind(at)
                .bind(dice.one_of(&["CPA", "REVSHARE"]))
                .bind(dice.one_of(&["USD", "EUR"]))
                .bind(&id)
                .bind(text)
                .bind(whole)
                .bind(part)
                .bind(now)
                .execute(&mut *store)
                .await?;
        }
        Ok(())
    }

    /// How far it is: a line that is written over, or in a log one for every tenth.
    fn tell(&self, done: u64) {
        let is_over = done == self.people;
        let mut error = std::io::stderr();
        let _ = if error.is_terminal() {
            write!(error, "\r      {done} of {} people{}", self.people, if is_over { "\n" } else { "" })
        } else if is_over || done % (self.people / 10).max(1) < TOGETHER {
            writeln!(error, "      {done} of {} people", self.people)
        } else {
            Ok(())
        };
    }
}
