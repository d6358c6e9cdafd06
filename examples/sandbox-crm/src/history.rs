//! Ninety days of an affiliate's records in each CRM that shows an affiliate any: more on weekdays than on weekends, more lately than at
//! first. The same at each start, but for their days, which end today. For the demo, whose dashboards would be empty without.

use jiff::{Timestamp, ToSpan, civil::Weekday, tz::TimeZone};
use serde_json::{Value, json};

const DAYS: i64 = 90;
const SOURCES: [&str; 4] = ["google_ads", "facebook_ads", "newsletter", "youtube"];
const COUNTRIES: [&str; 8] = ["DE", "ES", "IT", "PL", "BR", "TR", "AE", "ZA"];
const FIRST: [&str; 10] = ["Anna", "Ben", "Carla", "Deniz", "Elif", "Felix", "Giulia", "Hugo", "Ines", "Jan"];
const LAST: [&str; 8] = ["Keller", "Lopez", "Marino", "Nowak", "Oliveira", "Petrov", "Rossi", "Silva"];

/// Whose the records are: the demo's affiliate, by its id in each CRM.
const WI: &str = "AFF-17";
const BUCKET: &str = "69ce524d741e8f2238329fff";
const IMPACT: &str = "17";

/// Numbers that are the same at each start (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }

    fn one_of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        let index = self.below(all.len() as u64);
        all[usize::try_from(index).unwrap_or_default()]
    }

    /// Whether it happens to so many of a hundred.
    fn happens(&mut self, of_a_hundred: u64) -> bool {
        self.below(100) < of_a_hundred
    }
}

/// Somebody who came, and what became of them.
struct Person {
    number: usize,
    first: &'static str,
    last: &'static str,
    country: &'static str,
    source: &'static str,
    came: Timestamp,
    registered: Option<Timestamp>,
    /// When, and cents.
    deposits: Vec<(Timestamp, u64)>,
}

impl Person {
    fn email(&self) -> String {
        format!("{}.{}{}@mail.example", self.first.to_lowercase(), self.last.to_lowercase(), self.number)
    }

    fn status(&self) -> &'static str {
        match (self.registered, self.deposits.len()) {
            (None, _) => "new",
            (Some(_), 0) => "registered",
            (Some(_), 1) => "active",
            (Some(_), _) => "vip",
        }
    }

    fn deposited(&self) -> u64 {
        self.deposits.iter().map(|(_, cents)| cents).sum()
    }
}

fn cents(cents: u64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

fn people(now: Timestamp) -> Vec<Person> {
    let mut dice = Dice(0x1a7c_4e9d);
    let today = now.to_zoned(TimeZone::UTC).date();
    let mut people = Vec::new();
    for back in (0..DAYS).rev() {
        let Ok(day) = today.checked_sub(back.days()) else { continue };
        let is_weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        let many = if is_weekend { 3 } else { 7 } + dice.below(6) + u64::try_from((DAYS - back) / 18).unwrap_or_default();
        let Ok(midnight) = day.to_zoned(TimeZone::UTC) else { continue };
        for _ in 0..many {
            let second = i64::try_from(dice.below(86_400)).unwrap_or_default();
            let later = |from: Timestamp, dice: &mut Dice, hours: u64| {
                from + i64::try_from(3_600 + dice.below(hours * 3_600)).unwrap_or_default().seconds()
            };
            let came = midnight.timestamp() + second.seconds();
            let registered = dice.happens(64).then(|| later(came, &mut dice, 48));
            let mut deposits = Vec::new();
            if let Some(registered) = registered.filter(|_| dice.happens(38)) {
                let mut at = later(registered, &mut dice, 96);
                for _ in 0..=dice.below(4) {
                    deposits.push((at, 10_000 + dice.below(490_000) / 50 * 50));
                    at = later(at, &mut dice, 500);
                }
            }
            let person = Person {
                number: people.len() + 1,
                first: dice.one_of(&FIRST),
                last: dice.one_of(&LAST),
                country: dice.one_of(&COUNTRIES),
                source: dice.one_of(&SOURCES),
                came,
                registered: registered.filter(|at| *at <= now),
                deposits: deposits.into_iter().filter(|(at, _)| *at <= now).collect(),
            };
            if person.came <= now {
                people.push(person);
            }
        }
    }
    people
}

/// What `POST /_control/wi/records` takes.
pub(crate) fn wi(now: Timestamp) -> Value {
    let lead = |person: Person| {
        json!({ "id": format!("{:024x}", 0x69ce_0000_0000_u64 + person.number as u64), "email": person.email(), "affiliateID": WI,
                "bucketId": BUCKET, "sourceId": person.source, "status": person.status(), "createdDate": person.came,
                "ftd": person.deposits.first().map(|(at, _)| at) })
    };
    let leads: Vec<Value> = people(now).into_iter().map(lead).collect();
    json!({ "buckets": [{ "id": BUCKET, "affiliateID": WI, "sources": SOURCES }], "leads": leads })
}

/// What `POST /_control/trading/records` takes; the affiliate is the one that is always there.
pub(crate) fn trading(now: Timestamp) -> Value {
    let (mut customers, mut commissions) = (Vec::new(), Vec::new());
    for person in people(now).into_iter().filter(|person| person.registered.is_some()) {
        let id = format!("customer-{}", person.number);
        customers.push(json!({
            "id": id, "email": person.email(), "firstname": person.first, "lastname": person.last, "country": person.country,
            "mobilenumber": format!("+4420794{:05}", person.number), "source": person.source, "status": person.status(),
            "hasFTD": !person.deposits.is_empty(), "depositTotal": cents(person.deposited()).parse::<f64>().unwrap_or_default(),
            "createdAt": person.registered, "updatedAt": person.registered,
        }));
        for (index, (at, amount)) in person.deposits.iter().enumerate() {
            let (kind, earned) = if index == 0 { ("CPA", 15_000) } else { ("REVSHARE", amount / 12) };
            let paid = (*at + (30 * 24).hours() < now).then(|| *at + (30 * 24).hours());
            commissions.push(json!({
                "referralId": id, "commissionType": kind, "actionType": if index == 0 { "FTD" } else { "DEPOSIT" },
                "commissionAmount": cents(earned), "actionTimestamp": at, "payoutAt": paid,
                "correctedCommissionAmount": (person.number % 40 == 0).then(|| cents(earned / 2)),
            }));
        }
    }
    let month = |back: i64| now - (back * 24).hours();
    let payouts = json!([
        { "requestedAt": month(62), "approvedAt": month(60) },
        { "requestedAt": month(33), "rejectedAt": month(32), "rejectReason": "The bank account's name differs" },
        { "requestedAt": month(31), "approvedAt": month(29) },
    ]);
    let transactions = json!([
        { "type": "COMMISSION_PAYOUT", "amount": "4210.50", "createdAt": month(60), "comment": "Commissions" },
        { "type": "WITHDRAWAL", "amount": "-4000.00", "createdAt": month(58), "comment": "Bank transfer" },
        { "type": "COMMISSION_PAYOUT", "amount": "5120.25", "createdAt": month(29), "comment": "Commissions" },
    ]);
    json!({ "customers": customers, "commissions": commissions, "payouts": payouts, "transactions": transactions })
}

/// What `POST /_control/impact/records` takes.
pub(crate) fn impact(now: Timestamp) -> Value {
    let mut dice = Dice(0x51ce_77aa);
    let (mut leads, mut registrations, mut transactions, mut positions) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for person in people(now) {
        let campaign = dice.one_of(&["spring", "webinar", "retargeting"]);
        let utm = json!({ "affiliate_id": IMPACT, "utm_source": person.source, "utm_campaign": campaign, "sub_id": format!("s-{}", person.number % 23) });
        let lead = json!({ "id": format!("lead-{}", person.number), "email": person.email(), "firstName": person.first, "lastName": person.last,
                           "registrationDate": person.came, "lastModifiedDate": person.came, "utmDetails": utm });
        let (login, server) = (format!("{}", 500_000 + person.number), if person.number % 3 == 0 { "mt5-1" } else { "mt4-1" });
        if let Some(registered) = person.registered {
            let mut registration = lead.clone();
            registration["id"] = json!(format!("customer-{}", person.number));
            registration["registrationDate"] = json!(registered);
            registration["lastModifiedDate"] = json!(registered);
            registration["accounts"] = json!([{ "loginId": login, "platformServer": server, "type": "live" }]);
            registrations.push(registration);
        }
        leads.push(lead);
        let currency = if person.number % 4 == 0 { "EUR" } else { "USD" };
        for (index, (at, amount)) in person.deposits.iter().enumerate() {
            transactions.push(json!({ "transactionId": format!("tr-{}-{index}", person.number), "transactionDate": at, "type": "Deposit",
                "amount": cents(*amount), "currency": currency, "loginId": login, "platformServer": server, "isFake": dice.happens(3) }));
            for trade in 0..dice.below(4) {
                let closed = *at + i64::try_from(dice.below(400_000)).unwrap_or_default().seconds();
                let (volume, profit) = (cents(1 + dice.below(300)), cents(dice.below(40_000)));
                let profit = if dice.happens(55) { format!("-{profit}") } else { profit };
                if closed <= now {
                    positions.push(
                        json!({ "positionId": format!("po-{}-{index}-{trade}", person.number), "loginId": login, "serverTag": server,
                        "symbol": dice.one_of(&["EURUSD", "XAUUSD", "GBPUSD", "US500", "BTCUSD"]), "openDate": at, "closeDate": closed,
                        "volume": volume, "profit": profit, "currency": currency }),
                    );
                }
            }
        }
    }
    json!({ "servers": { "mt4": ["mt4-1"], "mt5": ["mt5-1"] }, "leads": leads, "registrations": registrations,
            "transactions": transactions, "positions": positions })
}
