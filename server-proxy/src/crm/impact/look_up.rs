//! Whether somebody has arrived: a customer by the report "Registrations", a lead by "Leads" or, once it has been converted, by
//! "Registrations" too. A customer of whom there is only the lead has not arrived: sent again, "the customer will be associated with that
//! lead".
//!
//! Our signup's id is sent as metadata, and decides wherever a record shows it. The reports are not known to, and then it is the e-mail
//! and the time of registration, or the e-mail alone where that is no more than a day.

use jiff::{
    Span, Timestamp,
    civil::{Date, DateTime},
    tz::TimeZone,
};
use serde_json::Value;

use super::{Impact, endpoints, form, session::Holder};
use crate::crm::{
    Action, LookedUp, Registration, Trouble, Unanswered,
    answer::Answer,
    clock::Clocks,
    row::{self, Row},
};

/// The document's days are in nobody knows which time zone, so a day is added on either side.
const MARGIN_DAYS: i32 = 1;
/// That leaves so much for a clock that is wrong.
const FURTHEST_APART: std::time::Duration = std::time::Duration::from_secs(10 * 60 * 60);
/// A page that was not answered is asked for again, so that a long report is read to its end.
const TRIES: usize = 3;

/// Whom we look for.
struct Wanted<'a> {
    id: String,
    email: &'a str,
    since: Timestamp,
    /// The first and the last day that is asked for.
    days: (Date, Date),
}

/// What a record is to the one we look for.
#[derive(Debug, PartialEq, Eq)]
enum Seen {
    Ours,
    Another,
    /// Why it cannot be told.
    Unclear(&'static str),
}

impl Impact {
    pub(super) fn can_find(&self, registration: &Registration) -> bool {
        !reports(registration.action).is_empty() && registration.fields.contains_key("email") && self.finder(registration).is_ok()
    }

    pub(super) async fn find(&self, registration: &Registration, since: Timestamp) -> LookedUp {
        self.look_into_reports(registration, since).await.unwrap_or_else(LookedUp::from)
    }

    async fn look_into_reports(&self, registration: &Registration, since: Timestamp) -> Result<LookedUp, Unanswered> {
        let holder = self.finder(registration)?;
        let email = registration.fields.get("email").ok_or(Unanswered::Unsupported)?;
        let day = |moment: Timestamp| moment.to_zoned(TimeZone::UTC).date();
        let margin = Span::new().days(MARGIN_DAYS);
        let now = Timestamp::now();
        let days = (day(since.min(now)).saturating_sub(margin), day(since.max(now)).saturating_add(margin));
        let wanted = Wanted { id: registration.id.to_string(), email, since, days };
        let mut looked = Err(Unanswered::Unsupported);
        for report in reports(registration.action) {
            match self.look_into(&holder, report, &wanted).await? {
                LookedUp::Absent { status } => looked = Ok(LookedUp::Absent { status }),
                told => return Ok(told),
            }
        }
        looked
    }

    async fn look_into(&self, holder: &Holder<'_>, report: &'static str, wanted: &Wanted<'_>) -> Result<LookedUp, Unanswered> {
        let (from, to) = (wanted.days.0.to_string(), wanted.days.1.to_string());
        let query = [("registrationDateFrom", from.as_str()), ("registrationDateTo", to.as_str())];
        let mut reading = self.reading(holder, report, &query, None);
        let (mut unclear, mut status, mut tries) = (None, 0, 0);
        loop {
            let (answer, records) = match reading.next().await {
                Ok(Some(page)) => page,
                Ok(None) => break,
                Err(Unanswered::Unreachable(_) | Unanswered::Unreadable(_)) if tries + 1 < TRIES => {
                    tries += 1;
                    continue;
                }
                Err(unanswered) => return Err(unanswered),
            };
            tries = 0;
            status = answer.status.as_u16();
            for (index, record) in records.iter().enumerate() {
                let unreadable = |why| Unanswered::Unreadable(answer.trouble(format!("{report}: record {}: {why}", index + 1)));
                let row = Row::of(record).map_err(unreadable)?;
                match seen(record, &row, wanted, &answer.clocks).map_err(unreadable)? {
                    Seen::Ours => return Ok(LookedUp::Arrived { id: row.get(&["id", "leadId"]).and_then(row::id), status }),
                    Seen::Another => {}
                    Seen::Unclear(why) => unclear = Some(answer.trouble(format!("{report}: {why}"))),
                }
            }
            if answer.clocks.apart() > FURTHEST_APART {
                unclear = Some(far_apart(&answer));
            }
        }
        Ok(unclear.map_or(LookedUp::Absent { status }, LookedUp::Unanswered))
    }
}

fn far_apart(answer: &Answer) -> Trouble {
    answer.trouble("the CRM's clock and ours are so far apart that one of the days asked for may be the wrong one")
}

/// Where an action's people are.
fn reports(action: Action) -> &'static [&'static str] {
    match action {
        Action::Signup => &[endpoints::REGISTRATIONS],
        Action::Lead => &[endpoints::LEADS, endpoints::REGISTRATIONS],
        Action::Register => &[],
    }
}

fn seen(record: &Value, row: &Row<'_>, wanted: &Wanted<'_>, clocks: &Clocks) -> Result<Seen, String> {
    // Nobody else has it, so it does not matter where it stands.
    if holds(record, &wanted.id) {
        return Ok(Seen::Ours);
    }
    let email = row.text(&["email"])?;
    if email.is_none_or(|email| email.to_lowercase() != wanted.email.to_lowercase()) {
        return Ok(Seen::Another);
    }
    let registered = row.moment(&["registrationDate", "registeredAt", "createdAt", "createdDate"])?;
    let moment = registered.as_ref().and_then(|text| text.parse::<Timestamp>().ok());
    let is_since = moment.map(|moment| clocks.is_since(moment, wanted.since));
    let is_anothers = names_a_signup(record);
    Ok(match is_since {
        Some(Some(false)) => Seen::Another,
        // A customer may be shown the metadata of the lead that was there before.
        Some(Some(true)) if is_anothers => Seen::Unclear("somebody with this e-mail was created since then, and shows another signup's id"),
        Some(Some(true)) => Seen::Ours,
        Some(None) => Seen::Unclear("somebody with this e-mail was created since then by our clock, and before by the CRM's"),
        None if is_anothers => Seen::Another,
        // A CRM that overlooks the days asked for shows everybody.
        None if registered.as_deref().and_then(day).is_some_and(|day| day < wanted.days.0 || day > wanted.days.1) => Seen::Another,
        None => Seen::Ours,
    })
}

/// The day of a date, or of a date and a time without a zone.
fn day(text: &str) -> Option<Date> {
    text.parse::<DateTime>().map(DateTime::date).or_else(|_| text.parse::<Date>()).ok()
}

/// Whether a text stands anywhere in a record: metadata may be nested, or be a text of its own.
fn holds(value: &Value, wanted: &str) -> bool {
    match value {
        Value::String(text) => text.to_lowercase().contains(wanted),
        Value::Array(values) => values.iter().any(|value| holds(value, wanted)),
        Value::Object(members) => members.values().any(|value| holds(value, wanted)),
        _ => false,
    }
}

/// Whether a record shows the id of a signup: as a member, or as a pair of name and value.
fn names_a_signup(value: &Value) -> bool {
    let ours = row::plain(form::SIGNUP);
    match value {
        Value::Array(values) => values.iter().any(names_a_signup),
        Value::Object(members) => {
            let is_named = |(name, value): (&String, &Value)| row::plain(name) == ours && row::id(value).is_some();
            let is_pair = members.values().any(|value| value.as_str().is_some_and(|text| row::plain(text) == ours));
            is_pair || members.iter().any(is_named) || members.values().any(names_a_signup)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests;
