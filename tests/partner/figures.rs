//! Figures equal what is computed from the CRM's records another way: each record's own date in the zone, added up in cents.

use std::collections::BTreeMap;

use fastrand::Rng;
use harness::World;
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde_json::{Value, json};

use crate::stage::{fresh, get, token, world};

const ZONES: [&str; 4] = ["UTC", "Asia/Kathmandu", "America/Los_Angeles", "Pacific/Kiritimati"];
const PERIODS: [(&str, &str); 3] = [("2026-03-01", "2026-03-31"), ("2026-02-27", "2026-03-02"), ("2026-03-29", "2026-03-29")];

/// A moment of the first months of 2026, often close to a month's end or midnight.
fn moment(rng: &mut Rng) -> Timestamp {
    let close = ["2026-03-01T00:00:00Z", "2026-02-28T23:59:59Z", "2026-03-31T23:30:00Z", "2026-03-29T01:00:00Z", "2026-03-31T18:15:00Z"];
    match rng.u8(0..4) {
        0 => close[rng.usize(0..close.len())].parse().expect("a moment"),
        _ => Timestamp::from_second(rng.i64(1_769_900_000..1_775_200_000)).expect("a moment"),
    }
}

fn cents(cents: i64) -> String {
    format!("{}{}.{:02}", if cents < 0 { "-" } else { "" }, cents.abs() / 100, cents.abs() % 100)
}

/// The same number without needless zeros.
fn plain(text: &str) -> String {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text.to_owned() }
}

fn day(at: Timestamp, zone: &str) -> Date {
    at.to_zoned(TimeZone::get(zone).expect("a zone")).date()
}

struct Days {
    from: Date,
    to: Date,
}

impl Days {
    fn of((from, to): (&str, &str)) -> Days {
        Days { from: from.parse().expect("a date"), to: to.parse().expect("a date") }
    }

    fn before(&self) -> Days {
        let days = self.from.until(self.to).expect("a span").get_days() + 1;
        let back = |date: Date| date.checked_sub(jiff::Span::new().days(days)).expect("a date");
        Days { from: back(self.from), to: back(self.to) }
    }

    fn hold(&self, at: Timestamp, zone: &str) -> bool {
        (self.from..=self.to).contains(&day(at, zone))
    }
}

/// What an overview says of a metric: amounts by currency.
fn figure(overview: &Value, metric: &str, when: &str) -> BTreeMap<String, String> {
    let figure = overview["figures"].as_array().expect("figures").iter().find(|figure| figure["metric"] == metric);
    let figure = figure.unwrap_or_else(|| panic!("{metric} is not among {overview}"));
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    figure[when].as_array().expect("quantities").iter().map(|quantity| (text(&quantity["currency"]), text(&quantity["amount"]))).collect()
}

fn count(count: usize) -> BTreeMap<String, String> {
    BTreeMap::from([(String::new(), count.to_string())])
}

/// Cents by currency, as they are told.
fn sums(amounts: impl Iterator<Item = (String, i64)>) -> BTreeMap<String, String> {
    let mut sums = BTreeMap::<String, i64>::new();
    amounts.for_each(|(currency, amount)| *sums.entry(currency).or_default() += amount);
    sums.into_iter().map(|(currency, sum)| (currency, plain(&cents(sum)))).collect()
}

/// Four digits, rounded down.
fn share(part: usize, of: usize) -> BTreeMap<String, String> {
    if of == 0 {
        return BTreeMap::new();
    }
    let all = part * 10_000 / of;
    BTreeMap::from([(String::new(), plain(&format!("{}.{:04}", all / 10_000, all % 10_000)))])
}

async fn overview(world: &World, token: &str, (from, to): (&str, &str), zone: &str) -> Value {
    let path = format!("/overview?from={from}&to={to}&tz={zone}");
    let overview = get(world, &path, token).await.json_of(200);
    assert_eq!(overview["period"], json!({ "from": from, "to": to }));
    assert_eq!(overview["tz"], zone);
    overview
}

/// What each point of a series adds up to is what the overview says.
async fn assert_series(world: &World, token: &str, metric: &str, (from, to): (&str, &str), zone: &str, overview: &Value) {
    for by in ["day", "week", "month"] {
        let path = format!("/series?metric={metric}&by={by}&from={from}&to={to}&tz={zone}");
        let series = get(world, &path, token).await.json_of(200);
        let points = series["starts"].as_array().expect("starts").len();
        if by == "day" {
            let days = Days::of((from, to));
            assert_eq!(points as i32, days.from.until(days.to).expect("a span").get_days() + 1);
        }
        for (when, wanted) in [("now", figure(overview, metric, "now")), ("before", figure(overview, metric, "before"))] {
            let total = |line: &Value| -> i64 {
                let points = line[when].as_array().expect("points");
                points.iter().map(|point| hundredths(point.as_str().expect("a text"))).sum()
            };
            for line in series["lines"].as_array().expect("lines") {
                let currency = line["currency"].as_str().expect("a text");
                let wanted = wanted.get(currency).map_or(0, |amount| hundredths(amount));
                assert_eq!(total(line), wanted, "{metric} {when} by {by} in {zone}, {currency}: {series}");
            }
        }
    }
}

fn hundredths(text: &str) -> i64 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let sign = if whole.starts_with('-') { -1 } else { 1 };
    let fraction = format!("{fraction:0<2}");
    whole.parse::<i64>().expect("a number") * 100 + sign * fraction.parse::<i64>().expect("two digits")
}

#[tokio::test]
async fn of_buckets() {
    let world = world().await;
    let mut rng = Rng::with_seed(6);
    let leads: Vec<(Timestamp, Option<Timestamp>)> = (0..230)
        .map(|_| {
            let created = moment(&mut rng);
            (created, rng.bool().then(|| created + std::time::Duration::from_secs(rng.u64(60..2_000_000))))
        })
        .collect();
    let lead = |(index, (created, ftd)): (usize, &(Timestamp, Option<Timestamp>))| {
        let source = (index % 3 == 0).then_some("facebook_ads");
        json!({ "id": format!("lead-{index}"), "email": format!("lead{index}@mail.example"), "affiliateID": "W1", "sourceId": source,
                "createdDate": created, "ftd": ftd })
    };
    let records: Vec<Value> = leads.iter().enumerate().map(lead).collect();
    world.sandbox.of("wi").seed(json!({ "leads": records })).await;
    let token = token(&world, "w-1").await;
    assert_eq!(fresh(&world, "/leads?limit=1", &token).await["total"], 230);
    for zone in ZONES {
        for period in PERIODS {
            let overview = overview(&world, &token, period, zone).await;
            for (when, days) in [("now", Days::of(period)), ("before", Days::of(period).before())] {
                let came: Vec<_> = leads.iter().filter(|(created, _)| days.hold(*created, zone)).collect();
                let deposited = came.iter().filter(|(_, ftd)| ftd.is_some()).count();
                let first = leads.iter().filter(|(_, ftd)| ftd.is_some_and(|ftd| days.hold(ftd, zone))).count();
                let of = |metric| figure(&overview, metric, when);
                assert_eq!(of("signups"), count(came.len()), "{zone} {period:?} {when}");
                assert_eq!(of("registrations"), count(came.len()));
                assert_eq!(of("firstDeposits"), count(first));
                assert_eq!(of("conversion"), share(deposited, came.len()));
            }
            assert_series(&world, &token, "signups", period, zone, &overview).await;
        }
    }
}

#[tokio::test]
async fn of_customers_and_their_commissions() {
    let world = world().await;
    let mut rng = Rng::with_seed(7);
    let customers: Vec<(Timestamp, bool)> = (0..120).map(|_| (moment(&mut rng), rng.bool())).collect();
    let commissions: Vec<(Timestamp, &str, &str, i64, Option<i64>)> = (0..150)
        .map(|_| {
            let (kind, currency) = (["CPA", "REVSHARE"][rng.usize(0..2)], ["USD", "EUR", "JPY"][rng.usize(0..3)]);
            (moment(&mut rng), kind, currency, rng.i64(-9_999..999_999), (rng.u8(0..4) == 0).then(|| rng.i64(-5_000..500_000)))
        })
        .collect();
    let customer = |(index, (created, has_ftd)): (usize, &(Timestamp, bool))| {
        json!({ "affiliate": "t-1", "id": format!("customer-{index}"), "email": format!("customer{index}@mail.example"), "createdAt": created,
                "updatedAt": created, "hasFTD": has_ftd })
    };
    let commission = |(at, kind, currency, amount, corrected): &(Timestamp, &str, &str, i64, Option<i64>)| {
        json!({ "affiliate": "t-1", "commissionAmount": cents(*amount), "commissionType": kind, "currency": currency, "actionTimestamp": at,
                "correctedCommissionAmount": corrected.map(cents) })
    };
    let records = json!({
        "customers": customers.iter().enumerate().map(customer).collect::<Vec<_>>(),
        "commissions": commissions.iter().map(commission).collect::<Vec<_>>(),
    });
    world.sandbox.of("trading").seed(records).await;
    let token = token(&world, "t-1").await;
    assert_eq!(fresh(&world, "/leads?limit=1", &token).await["total"], 120);
    for zone in ZONES {
        for period in PERIODS {
            let overview = overview(&world, &token, period, zone).await;
            for (when, days) in [("now", Days::of(period)), ("before", Days::of(period).before())] {
                let came: Vec<_> = customers.iter().filter(|(created, _)| days.hold(*created, zone)).collect();
                let of = |metric| figure(&overview, metric, when);
                assert_eq!(of("signups"), count(came.len()), "{zone} {period:?} {when}");
                assert_eq!(of("conversion"), share(came.iter().filter(|(_, has_ftd)| *has_ftd).count(), came.len()));
                let earned = |only: Option<&str>| {
                    let earned = commissions.iter().filter(|(at, kind, ..)| days.hold(*at, zone) && only.is_none_or(|only| only == *kind));
                    sums(earned.map(|(_, _, currency, amount, corrected)| ((*currency).to_owned(), corrected.unwrap_or(*amount))))
                };
                assert_eq!(of("earnings"), earned(None), "{zone} {period:?} {when}");
                assert_eq!(of("cpa"), earned(Some("CPA")));
            }
            assert_series(&world, &token, "earnings", period, zone, &overview).await;
        }
    }
    assert!(figure(&overview(&world, &token, PERIODS[0], "UTC").await, "balance", "now").contains_key(""), "as the CRM tells it");
}

#[tokio::test]
async fn of_reports() {
    let world = world().await;
    let mut rng = Rng::with_seed(8);
    // Leads, of whom some became customers a while later; and customers who never were a lead.
    let people: Vec<(Timestamp, Option<Timestamp>)> = (0..140)
        .map(|_| {
            let came = moment(&mut rng);
            (came, (rng.u8(0..3) > 0).then(|| came + std::time::Duration::from_secs(rng.u64(1..1_500_000))))
        })
        .collect();
    let utm = json!({ "affiliate_id": "I1", "utm_source": "google", "sub_id": "s-1" });
    let lead = |(index, (came, _)): (usize, &(Timestamp, Option<Timestamp>))| json!({ "id": format!("lead-{index}"), "email": format!("p{index}@mail.example"), "registrationDate": came, "lastModifiedDate": came, "utmDetails": utm });
    let registration = |(index, (_, became)): (usize, &(Timestamp, Option<Timestamp>))| {
        let became = (*became)?;
        Some(
            json!({ "id": format!("customer-{index}"), "email": format!("p{index}@mail.example"), "registrationDate": became, "lastModifiedDate": became,
                     "utmDetails": utm, "accounts": [{ "loginId": format!("{index}"), "platformServer": "mt4-1", "type": "live" }] }),
        )
    };
    // Whose account it is, when, which type, cents, currency, whether it is made up.
    let transactions: Vec<(usize, Timestamp, &str, i64, &str, bool)> = (0..260)
        .map(|_| {
            let (kind, currency) = (["Deposit", "Deposit", "Withdrawal"][rng.usize(0..3)], ["USD", "EUR"][rng.usize(0..2)]);
            (rng.usize(0..160), moment(&mut rng), kind, rng.i64(1..9_999_999), currency, rng.u8(0..5) == 0)
        })
        .collect();
    let positions: Vec<(usize, Timestamp, i64)> = (0..90).map(|_| (rng.usize(0..160), moment(&mut rng), rng.i64(1..5_000))).collect();
    let transaction = |(index, (account, at, kind, amount, currency, fake)): (usize, &(usize, Timestamp, &str, i64, &str, bool))| {
        json!({ "transactionId": format!("tr-{index}"), "transactionDate": at, "type": kind, "amount": cents(*amount), "currency": currency,
                "loginId": account.to_string(), "platformServer": "mt4-1", "isFake": fake })
    };
    let position = |(index, (account, at, volume)): (usize, &(usize, Timestamp, i64))| {
        json!({ "positionId": format!("po-{index}"), "loginId": account.to_string(), "serverTag": "mt4-1", "symbol": "EURUSD", "closeDate": at,
                "volume": cents(*volume), "profit": "-1.50" })
    };
    let records = json!({
        "leads": people.iter().enumerate().map(lead).collect::<Vec<_>>(),
        "registrations": people.iter().enumerate().filter_map(registration).collect::<Vec<_>>(),
        "transactions": transactions.iter().enumerate().map(transaction).collect::<Vec<_>>(),
        "positions": positions.iter().enumerate().map(position).collect::<Vec<_>>(),
    });
    world.sandbox.of("impact").seed(records).await;
    let token = token(&world, "i-1").await;
    assert_eq!(fresh(&world, "/leads?limit=1", &token).await["total"], 140, "who became a customer is one person");
    // An account is of one of the people, and they are a customer.
    let is_own = |account: usize| people.get(account).is_some_and(|(_, became)| became.is_some());
    let deposits: Vec<_> =
        transactions.iter().filter(|(account, _, kind, _, _, fake)| is_own(*account) && *kind == "Deposit" && !fake).collect();
    let first = |person: usize| deposits.iter().filter(|(account, ..)| *account == person).map(|(_, at, ..)| *at).min();
    for zone in ZONES {
        for period in PERIODS {
            let overview = overview(&world, &token, period, zone).await;
            for (when, days) in [("now", Days::of(period)), ("before", Days::of(period).before())] {
                let of = |metric| figure(&overview, metric, when);
                let came: Vec<usize> = (0..people.len()).filter(|person| days.hold(people[*person].0, zone)).collect();
                let became = people.iter().filter(|(_, became)| became.is_some_and(|at| days.hold(at, zone))).count();
                let firsts = (0..people.len()).filter(|person| first(*person).is_some_and(|at| days.hold(at, zone))).count();
                assert_eq!(of("signups"), count(came.len()), "{zone} {period:?} {when}");
                assert_eq!(of("registrations"), count(became));
                assert_eq!(of("firstDeposits"), count(firsts));
                assert_eq!(of("conversion"), share(came.iter().filter(|person| first(**person).is_some()).count(), came.len()));
                let paid = deposits.iter().filter(|(_, at, ..)| days.hold(*at, zone));
                assert_eq!(of("deposits"), sums(paid.map(|(_, _, _, amount, currency, _)| ((*currency).to_owned(), *amount))));
                let traded = positions.iter().filter(|(account, at, _)| is_own(*account) && days.hold(*at, zone));
                let volume: i64 = traded.map(|(_, _, volume)| volume).sum();
                assert_eq!(of("volume"), BTreeMap::from([(String::new(), plain(&cents(volume)))]));
            }
            assert_series(&world, &token, "deposits", period, zone, &overview).await;
            assert_series(&world, &token, "volume", period, zone, &overview).await;
        }
    }
}

#[tokio::test]
async fn of_an_affiliate_with_nothing() {
    let world = world().await;
    for affiliate in ["w-2", "t-2", "i-2"] {
        let token = token(&world, affiliate).await;
        let overview = fresh(&world, "/overview?from=2026-03-01&to=2026-03-31&tz=Europe/Berlin", &token).await;
        assert_eq!((figure(&overview, "signups", "now"), figure(&overview, "signups", "before")), (count(0), count(0)), "{affiliate}");
        assert_eq!(figure(&overview, "conversion", "now"), BTreeMap::new(), "a share of nobody is none");
        assert_eq!(get(&world, "/leads", &token).await.json_of(200)["rows"], json!([]));
        let series = get(&world, "/series?metric=signups&from=2026-03-01&to=2026-03-03", &token).await.json_of(200);
        assert_eq!(series["lines"], json!([{ "currency": "", "now": ["0", "0", "0"], "before": ["0", "0", "0"] }]));
    }
}

#[tokio::test]
async fn what_cannot_be_a_period_is_refused() {
    let world = world().await;
    let token = token(&world, "w-1").await;
    for (query, field) in [
        ("from=2026-02-30", "from"),
        ("to=yesterday", "to"),
        ("from=2026-03-02&to=2026-03-01", "from"),
        ("tz=Mars/Olympus", "tz"),
        ("from=1900-01-01", "from"),
    ] {
        let errors = get(&world, &format!("/overview?{query}"), &token).await.errors();
        assert_eq!(errors[0].0, field, "{query}");
    }
    assert_eq!(get(&world, "/series?metric=nonsense", &token).await.errors()[0].0, "metric");
    assert_eq!(get(&world, "/series?metric=signups&by=hour", &token).await.errors()[0].0, "by");
    get(&world, "/series?metric=earnings", &token).await.problem(501, "not-offered");
}
