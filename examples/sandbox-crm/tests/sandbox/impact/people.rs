//! Impact: the reports on leads and registrations.

use serde_json::{Value, json};

use super::{EVER, create, customer, lead, refused, report, seed, token};
use crate::server::Server;

/// Both reports on the same people, registered on four days and modified on one more.
fn with_people(server: &Server) -> String {
    let people: Vec<_> = (1..=4)
        .map(|day| {
            let registered = format!("2026-01-0{day}T23:59:59.999Z");
            let modified = format!("2026-02-0{day}");
            json!({ "email": format!("u{day}@example.com"), "registrationDate": registered, "lastModifiedDate": modified })
        })
        .collect();
    seed(server, json!({ "registrations": people }));
    token(server)
}

fn emails(answer: &Value, name: &str) -> Vec<String> {
    let rows = answer[name].as_array().unwrap();
    rows.iter().map(|row| row["email"].as_str().unwrap().trim_end_matches("@example.com").to_owned()).collect()
}

#[test]
fn dates_filter_with_both_ends() {
    let server = Server::start();
    let token = with_people(&server);
    let registered = |from: &str, to: &str| format!("registrationDateFrom={from}&registrationDateTo={to}");
    let modified = |from: &str, to: &str| format!("lastModifiedDateFrom={from}&lastModifiedDateTo={to}");
    for name in ["leads", "registrations"] {
        for (filters, expected) in [
            (registered("2026-01-02", "2026-01-03"), vec!["u2", "u3"]),
            (registered("2026-01-04", "2026-01-04"), vec!["u4"]),
            (modified("2026-02-01", "2026-02-02"), vec!["u1", "u2"]),
            (format!("{}&{}", registered("2026-01-01", "2026-01-03"), modified("2026-02-02", "2026-02-28")), vec!["u2", "u3"]),
            (registered("2020-01-01", "2020-12-31"), vec![]),
        ] {
            let answer = report(&server, &token, &format!("{name}?{filters}"));
            assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")));
            let answer = answer.json();
            assert_eq!(answer["total"], expected.len(), "{filters}");
            assert_eq!(emails(&answer, name), expected, "{filters}");
        }
    }
}

#[test]
fn pages_are_counted_to_the_end() {
    let server = Server::start();
    let people: Vec<_> = (0..1203).map(|number| json!({ "email": format!("u{number}@example.com") })).collect();
    seed(&server, json!({ "registrations": people }));
    let token = token(&server);
    for name in ["leads", "registrations"] {
        let mut all = Vec::new();
        let mut sizes = Vec::new();
        for page in 1..=4 {
            let answer = report(&server, &token, &format!("{name}?{EVER}&page={page}&pageSize=500")).json();
            assert_eq!(answer["total"], 1203);
            sizes.push(answer[name].as_array().unwrap().len());
            all.extend(emails(&answer, name));
        }
        assert_eq!(sizes, [500, 500, 203, 0]);
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 1203);
        let rows = |page: &str| report(&server, &token, &format!("{name}?{EVER}{page}")).json()[name].as_array().unwrap().len();
        assert_eq!((rows(""), rows("&page=2"), rows("&page=18446744073709551615")), (1000, 203, 0));
    }
}

#[test]
fn filters_are_refused_by_name() {
    let server = Server::start();
    let token = token(&server);
    let unknown = "Parameter \"\u{ae}istrationDateTo\" is unknown";
    let date = "must be a date, YYYY-MM-DD";
    for name in ["leads", "registrations"] {
        let required = "Registration date or last modified date is required";
        let size = "Parameter \"pageSize\" must be between 1 and 1000";
        for (query, message) in [
            (String::new(), required.to_owned()),
            ("?page=1".to_owned(), required.to_owned()),
            (
                "?registrationDateFrom=2026-01-01".to_owned(),
                "Parameter \"registrationDateTo\" is required with \"registrationDateFrom\"".into(),
            ),
            (
                "?lastModifiedDateTo=2026-01-01".to_owned(),
                "Parameter \"lastModifiedDateFrom\" is required with \"lastModifiedDateTo\"".into(),
            ),
            (
                "?registrationDateFrom=01-01-2026&registrationDateTo=2026-01-01".to_owned(),
                format!("Parameter \"registrationDateFrom\" {date}"),
            ),
            (
                "?registrationDateFrom=2026-01-01&registrationDateTo=2026-02-30".to_owned(),
                format!("Parameter \"registrationDateTo\" {date}"),
            ),
            (
                "?registrationDateFrom=2026-01-01&registrationDateTo=2026-01-02T00:00:00Z".to_owned(),
                format!("Parameter \"registrationDateTo\" {date}"),
            ),
            ("?registrationDateFrom=&registrationDateTo=".to_owned(), format!("Parameter \"registrationDateFrom\" {date}")),
            (
                "?registrationDateFrom=2026-01-02&registrationDateTo=2026-01-01".to_owned(),
                "Parameter \"registrationDateFrom\" must not be after \"registrationDateTo\"".into(),
            ),
            (
                "?registrationDateFrom=2017-04-01%C2%AEistrationDateTo=2019-12-31".to_owned(),
                format!("Parameter \"registrationDateFrom\" {date}"),
            ),
            ("?%C2%AEistrationDateTo=2019-12-31".to_owned(), unknown.to_owned()),
            (format!("?{EVER}&transactionDateFrom=2026-01-01"), "Parameter \"transactionDateFrom\" is unknown".into()),
            (format!("?{EVER}&page=1&page=2"), "Parameter \"page\" must be given once".into()),
            (format!("?{EVER}&page=0"), "Parameter \"page\" must be a whole number, at least 1".into()),
            (format!("?{EVER}&page=-1"), "Parameter \"page\" must be a whole number, at least 1".into()),
            (format!("?{EVER}&page=%2B1"), "Parameter \"page\" must be a whole number, at least 1".into()),
            (format!("?{EVER}&page="), "Parameter \"page\" must be a whole number, at least 1".into()),
            (format!("?{EVER}&pageSize=x"), "Parameter \"pageSize\" must be a whole number, at least 1".into()),
            (format!("?{EVER}&pageSize=0"), "Parameter \"pageSize\" must be a whole number, at least 1".into()),
            (format!("?{EVER}&pageSize=1001"), size.to_owned()),
        ] {
            refused(&report(&server, &token, &format!("{name}{query}")), 400, &message);
        }
    }
}

#[test]
fn what_was_created_is_found_by_its_day() {
    let server = Server::start();
    assert_eq!(create(&server, "lead", &lead("lead@example.com")).status, 200);
    assert_eq!(create(&server, "customer", &customer("customer@example.com")).status, 200);
    let token = token(&server);
    // Midnight may pass between the two.
    let day = |days: i64| (jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24 * days)).to_string()[..10].to_owned();
    for filter in ["registrationDate", "lastModifiedDate"] {
        let around = |from: i64, to: i64| format!("{filter}From={}&{filter}To={}", day(from), day(to));
        let leads = report(&server, &token, &format!("leads?{}", around(-1, 1))).json();
        assert_eq!(emails(&leads, "leads"), ["lead", "customer"]);
        let registrations = report(&server, &token, &format!("registrations?{}", around(-1, 1))).json();
        assert_eq!(emails(&registrations, "registrations"), ["customer"]);
        assert_eq!(report(&server, &token, &format!("leads?{}", around(-9, -2))).json()["total"], 0);
    }
}

#[test]
fn trading_accounts_are_live_ones_in_brackets() {
    let server = Server::start();
    let account = |id: &str, server: &str, kind: &str| json!({ "loginId": id, "platformServer": server, "type": kind });
    let accounts = [account("12345", "mt4", "live"), account("1", "mt4", "demo"), account("67890", "mt5", "live")];
    seed(&server, json!({ "registrations": [{ "email": "a@example.com", "accounts": accounts }, { "email": "b@example.com" }] }));
    let rows = report(&server, &token(&server), &format!("registrations?{EVER}")).json()["registrations"].clone();
    assert_eq!(rows[0]["userAdditionalId"], "(12345, mt4, live), (67890, mt5, live)");
    assert_eq!(rows[1]["userAdditionalId"], "");
}

#[test]
fn a_known_person_is_changed_and_modified() {
    let server = Server::start();
    let token = with_people(&server);
    let tags = json!([{ "category": "Campaign", "tags": ["spring", "vip"] }]);
    seed(&server, json!({ "leads": [{ "email": "U2@example.com", "tags": tags, "more": { "country": "CY" } }] }));
    let today = jiff::Timestamp::now().to_string()[..10].to_owned();
    let query = format!("leads?lastModifiedDateFrom={today}&lastModifiedDateTo=2999-01-01");
    let answer = report(&server, &token, &query).json();
    assert_eq!(emails(&answer, "leads"), ["u2"]);
    let lead = &answer["leads"][0];
    assert_eq!((&lead["tags"], &lead["country"]), (&tags, &json!("CY")));
    // It keeps its place and its day.
    let all = report(&server, &token, &format!("leads?{EVER}")).json();
    assert_eq!(emails(&all, "leads"), ["u1", "u2", "u3", "u4"]);
    assert_eq!(all["leads"][1]["registrationDate"], "2026-01-02T23:59:59.999Z");
    assert_eq!(all["leads"][1]["source"], Value::Null);
}
