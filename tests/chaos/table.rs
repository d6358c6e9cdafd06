//! The result, for people.

use std::{collections::BTreeMap, fmt::Write, time::Duration};

use crate::{
    crowd::Visitor,
    plan::{Kept, Plan},
    tally::Tally,
    trouble::Troubles,
};

pub(crate) fn shown(plan: &Plan, visitors: &[Visitor], troubles: &Troubles, tally: &Tally, time: Duration) -> String {
    let store = match plan.store {
        Kept::Sqlite => "SQLite",
        Kept::Postgres => "PostgreSQL",
    };
    let Plan { signups, proxies, rate, seed, .. } = plan;
    let Troubles { kills, database_restarts } = troubles;
    // Writing to a String cannot fail.
    let mut text = format!("{signups} signups, {rate} a second, on {store}; proxies: {proxies}; seed: {seed}; {} s\n", time.as_secs());
    let _ = writeln!(text, "kill -9: {kills}; restarts of the database: {database_restarts}");
    let answers: Vec<_> = answers(visitors).into_iter().map(|(status, count)| format!("{} ×{count}", name(status))).collect();
    let _ = writeln!(text, "answers: {}\n", answers.join(", "));
    let head = ["accepted", "registered", "rejected", "parked", "CRM's users", "lost", "twice"];
    let _ = writeln!(text, "{:10}{}", "", head.map(|title| format!("{title:>13}")).concat());
    for (crm, count) in &tally.of {
        let states = [count.accepted, count.registered, count.rejected, count.parked].map(|count| count as usize);
        let ends = [count.users, count.lost.len(), count.twice.len()];
        let line: String = states.iter().chain(&ends).map(|count| format!("{count:13}")).collect();
        let _ = writeln!(text, "{crm:10}{line}");
    }
    for ((crm, reason), count) in &tally.parked {
        let _ = writeln!(text, "{crm}: {count} parked as {reason}");
    }
    text
}

/// All answers by status.
fn answers(visitors: &[Visitor]) -> BTreeMap<u16, u32> {
    let mut answers = BTreeMap::new();
    for visitor in visitors {
        visitor.before.iter().for_each(|(status, count)| *answers.entry(*status).or_default() += count);
        if let Some(told) = &visitor.told {
            *answers.entry(told.status).or_default() += 1;
        }
    }
    answers
}

fn name(status: u16) -> String {
    if status == 0 { "none".to_owned() } else { status.to_string() }
}
