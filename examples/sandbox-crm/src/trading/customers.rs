//! A customer. "AffiliateGetCustomers", "Show" and "AffiliateUpdateCustomer" show none of its members: they are those of "Get a
//! specific customer by ID", all of them and no others (so no `externalId`, which can be asked for but is not shown).

use std::cmp::Ordering;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::books::{AffiliateKey, Books, new_id};

#[derive(Debug, Clone)]
pub(super) struct Customer {
    pub(super) id: String,
    /// Who referred them.
    pub(super) affiliate: Option<AffiliateKey>,
    pub(super) external_id: Option<String>,
    pub(super) password: String,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
    /// What was sent when they were created.
    pub(super) sent: Map<String, Value>,
    /// The members of "Get a specific customer by ID", but for those that [`Customer::shown`] adds.
    pub(super) members: Map<String, Value>,
    pub(super) skipped_steps: Vec<String>,
    /// Whichever way.
    pub(super) logins: Vec<Timestamp>,
    /// By a link, in a browser.
    pub(super) came_in: bool,
    pub(super) email_confirmed_at: Option<Timestamp>,
    pub(super) phone_confirmed: bool,
    pub(super) code: Option<super::confirmation::Code>,
    pub(super) email_token: Option<String>,
}

/// A new customer's members, in the document's order, but for those that [`Customer::shown`] adds.
const BLANK: &str = include_str!("customer.json");

fn blank() -> Map<String, Value> {
    serde_json::from_str(BLANK).unwrap_or_default()
}

/// The members that are not kept in [`Customer::members`].
const ADDED: [&str; 5] = ["id", "createdAt", "confirmedAt", "lastLoginDate", "totalLogins"];

/// "where name is a column": the members of a customer, as the document names no other columns.
pub(super) fn is_column(name: &str) -> bool {
    ADDED.contains(&name) || blank().contains_key(name)
}

/// Whether a record may set it.
pub(super) fn is_settable(name: &str) -> bool {
    blank().contains_key(name)
}

impl Customer {
    pub(super) fn new(books: &mut Books, affiliate: Option<AffiliateKey>, sent: Map<String, Value>) -> Self {
        let now = Timestamp::now();
        let mut members = blank();
        let number = 100_000 + books.number();
        members.insert("accountId".to_owned(), number.to_string().into());
        if let Some(affiliate) = affiliate {
            let affiliate = books.affiliate(affiliate);
            members.insert("affiliateId".to_owned(), affiliate.id.clone().into());
            members.insert("referrer".to_owned(), affiliate.name.clone().into());
        }
        let mut customer = Self {
            id: new_id(),
            affiliate,
            external_id: None,
            // Nobody knows it, which is what "auto-generated" comes to where it is not mailed.
            password: new_id(),
            created_at: now,
            updated_at: now,
            sent: Map::new(),
            members,
            skipped_steps: Vec::new(),
            logins: Vec::new(),
            came_in: false,
            email_confirmed_at: None,
            phone_confirmed: false,
            code: None,
            email_token: None,
        };
        let shown = sent.iter().filter(|(name, value)| is_settable(name) && !value.is_null());
        for (name, value) in shown {
            customer.set(books, name, value.clone());
        }
        customer.sent = sent;
        customer
    }

    /// Sets a member, and those that follow from it.
    pub(super) fn set(&mut self, books: &Books, name: &str, value: Value) {
        self.members.insert(name.to_owned(), value);
        match name {
            "country" => {
                let known = books.countries.iter().find(|country| country.id == self.text("country"));
                let country = known.map_or_else(String::new, |country| country.name.clone());
                self.members.insert("countryName".to_owned(), country.into());
            }
            "firstname" | "lastname" => {
                let name = format!("{} {}", self.text("firstname"), self.text("lastname")).trim().to_owned();
                self.members.insert("name".to_owned(), name.into());
            }
            _ => {}
        }
    }

    pub(super) fn text(&self, name: &str) -> &str {
        self.members.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    pub(super) fn email(&self) -> &str {
        self.text("email")
    }

    pub(super) fn has_ftd(&self) -> bool {
        self.members.get("hasFTD").and_then(Value::as_bool).unwrap_or_default()
    }

    pub(super) fn shown(&self) -> Value {
        let mut shown = self.members.clone();
        let added = [
            self.id.clone().into(),
            json!(self.created_at),
            json!(self.email_confirmed_at),
            json!(self.logins.iter().max()),
            self.logins.len().into(),
        ];
        shown.extend(ADDED.map(str::to_owned).into_iter().zip(added));
        shown.into()
    }
}

/// Numbers by size, moments by time, texts without regard to case, and what has no value first.
pub(super) fn compare(a: &Value, b: &Value) -> Ordering {
    if let (Some(a), Some(b)) = (a.as_f64(), b.as_f64()) {
        return a.total_cmp(&b);
    }
    match (a.as_str(), b.as_str()) {
        (Some(a), Some(b)) => match (a.parse::<Timestamp>(), b.parse::<Timestamp>()) {
            (Ok(a), Ok(b)) => a.cmp(&b),
            _ => a.to_lowercase().cmp(&b.to_lowercase()),
        },
        _ => b.is_null().cmp(&a.is_null()).then_with(|| a.to_string().cmp(&b.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_customer_has_the_55_members_of_the_document() {
        assert_eq!(blank().len() + ADDED.len(), 55);
    }
}
