//! The reports' records. Their sample files are not public: the members that the document names are `utmDetails`, `firstName`,
//! `lastName`, `email`, the categorised tags, "User additional ID" and `isFake`; the rest is read under the names that its filters
//! suggest, where they are there. What is not listed here is not shown to anybody.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::session::Holder;
use crate::crm::{
    Affiliate,
    row::{self, Row},
};

/// A lead, or a registration, which has accounts.
#[derive(Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Person {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) lead_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) first_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) last_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) registration_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_modified_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) source: Option<String>,
    pub(super) utm_details: BTreeMap<String, String>,
    tags: Vec<Category>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) accounts: Vec<Account>,
}

/// "Categorized tags: array of tag category containing all assigned tags from the specific category".
#[derive(Debug, Default, PartialEq, Serialize)]
pub(super) struct Category {
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<String>,
    tags: Vec<String>,
}

/// "login id, platform server, type".
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Account {
    pub(super) login_id: String,
    pub(super) platform_server: String,
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Transaction {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) transaction_date: Option<String>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub(super) kind: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) amount: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) currency: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    product_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) login_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) platform_server: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) is_fake: Option<bool>,
    tags: Vec<Category>,
}

#[derive(Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Position {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) login_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) server_tag: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) symbol: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) open_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) close_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) volume: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) profit: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) currency: Option<String>,
}

/// Where nothing is there: "If not found N/A is displayed".
const NOT_AVAILABLE: &str = "N/A";

impl Person {
    pub(super) fn read(row: &Row<'_>) -> Result<Person, String> {
        Ok(Person {
            id: row.text(&["id"])?,
            lead_id: row.text(&["leadId"])?,
            first_name: row.text(&["firstName"])?,
            last_name: row.text(&["lastName"])?,
            email: row.text(&["email"])?,
            registration_date: row.moment(&["registrationDate"])?,
            last_modified_date: row.moment(&["lastModifiedDate"])?,
            source: row.text(&["source"])?,
            utm_details: utm_details(row)?,
            tags: tags(row)?,
            accounts: row.text(&["userAdditionalId"])?.map(|text| accounts(&text)).unwrap_or_default(),
        })
    }

    /// Whether they are the affiliate's: that it says so, or that it names nobody and the affiliate's own log-in is shown it.
    pub(super) fn is_of(&self, affiliate: &Affiliate, holder: &Holder<'_>) -> bool {
        self.affiliate().map_or(holder.is_own(), |id| id == affiliate.crm_id)
    }

    /// Whose it says it is, by the affiliate's id in the CRM.
    pub(super) fn affiliate(&self) -> Option<&str> {
        // The document's member goes first; one of another spelling, which a page may have made up, only where there is none.
        if let Some(affiliate) = self.utm_details.get("affiliate_id").filter(|value| !value.is_empty()) {
            return Some(affiliate);
        }
        let mut others = self.utm_details.iter().filter(|(name, value)| row::plain(name) == "affiliateid" && !value.is_empty());
        let (_, affiliate) = others.next()?;
        others.all(|(_, other)| other == affiliate).then_some(affiliate.as_str())
    }
}

impl Transaction {
    pub(super) fn read(row: &Row<'_>) -> Result<Transaction, String> {
        Ok(Transaction {
            id: row.text(&["transactionId", "id"])?,
            transaction_date: row.moment(&["transactionDate", "date"])?,
            kind: row.text(&["type", "transactionType"])?,
            amount: row.decimal(&["amount"])?,
            currency: row.text(&["currency"])?,
            product_id: row.text(&["productId"])?.filter(|id| id != NOT_AVAILABLE),
            login_id: row.text(&["loginId", "login"])?,
            platform_server: row.text(&["platformServer", "serverTag", "server"])?,
            is_fake: row.flag(&["isFake"])?,
            tags: tags(row)?,
        })
    }
}

impl Position {
    pub(super) fn read(row: &Row<'_>) -> Result<Position, String> {
        Ok(Position {
            id: row.text(&["positionId", "id"])?,
            login_id: row.text(&["loginId", "login"])?,
            server_tag: row.text(&["serverTag", "platformServer", "server"])?,
            symbol: row.text(&["symbol"])?,
            open_date: row.moment(&["openDate", "positionOpenDate"])?,
            close_date: row.moment(&["closeDate", "positionCloseDate"])?,
            volume: row.decimal(&["volume"])?,
            profit: row.decimal(&["profit"])?,
            currency: row.text(&["currency"])?,
        })
    }
}

fn utm_details(row: &Row<'_>) -> Result<BTreeMap<String, String>, String> {
    match row.get(&["utmDetails"]) {
        None => Ok(BTreeMap::new()),
        Some(Value::Object(members)) => {
            let given = members.iter().filter(|(_, value)| !value.is_null());
            let text = |(name, value)| Some((String::clone(name), row::text(value)?));
            given.map(text).collect::<Option<_>>().ok_or_else(|| "utmDetails holds what is not a text".to_owned())
        }
        // An empty list is what some servers make of an empty table.
        Some(Value::Array(none)) if none.is_empty() => Ok(BTreeMap::new()),
        Some(_) => Err("utmDetails is not an object".to_owned()),
    }
}

fn tags(row: &Row<'_>) -> Result<Vec<Category>, String> {
    let wrong = || "tags are not categories of texts".to_owned();
    let texts = |value: &Value| value.as_array().and_then(|tags| tags.iter().map(row::text).collect::<Option<Vec<_>>>()).ok_or_else(wrong);
    match row.get(&["tags", "categorizedTags"]) {
        None => Ok(Vec::new()),
        Some(Value::Array(categories)) => categories
            .iter()
            .map(|category| match category {
                Value::Object(_) => {
                    let row = Row::of(category)?;
                    let tags = row.get(&["tags"]).map(&texts).transpose()?.unwrap_or_default();
                    Ok(Category { category: row.text(&["category", "name"])?, tags })
                }
                // As they were before there were categories.
                tag => Ok(Category { category: None, tags: vec![row::text(tag).ok_or_else(wrong)?] }),
            })
            .collect(),
        Some(Value::Object(categories)) => {
            categories.iter().map(|(name, tags)| Ok(Category { category: Some(name.clone()), tags: texts(tags)? })).collect()
        }
        Some(_) => Err(wrong()),
    }
}

/// "Comma-separated values of each customer trading account as: login id, platform server, type": `(12345, mt4, live), (…)`. What is
/// no such triple is left out.
fn accounts(text: &str) -> Vec<Account> {
    let parts: Vec<&str> = text.split([',', '(', ')']).map(str::trim).filter(|part| !part.is_empty()).collect();
    let account = |parts: &[&str]| match parts {
        [login_id, platform_server, kind] => {
            Some(Account { login_id: (*login_id).to_owned(), platform_server: (*platform_server).to_owned(), kind: (*kind).to_owned() })
        }
        _ => None,
    };
    if text.contains('(') {
        // Each in its brackets, so that a broken one does not shift the others.
        let groups = text.split('(').skip(1).filter_map(|group| group.split_once(')'));
        groups.filter_map(|(group, _)| account(&group.split(',').map(str::trim).collect::<Vec<_>>())).collect()
    } else {
        parts.chunks(3).filter_map(account).collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn accounts_are_taken_apart() {
        let read = |text| accounts(text).into_iter().map(|account| (account.login_id, account.platform_server)).collect::<Vec<_>>();
        let some = |pairs: &[(&str, &str)]| pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect::<Vec<_>>();
        assert_eq!(read("(12345, mt4, live)"), some(&[("12345", "mt4")]));
        assert_eq!(read("(1, mt4, live), (2,mt5-1,live)"), some(&[("1", "mt4"), ("2", "mt5-1")]));
        assert_eq!(read("1, mt4, live, 2, mt5-1, live"), some(&[("1", "mt4"), ("2", "mt5-1")]));
        assert_eq!(read("(1, mt4), (2, mt5-1, live)"), some(&[("2", "mt5-1")]), "a broken one shifts no other");
        assert_eq!(read(""), some(&[]));
        assert_eq!(read("N/A"), some(&[]));
    }

    #[test]
    fn tags_are_read_in_every_shape_that_the_words_allow() {
        for (value, read) in [
            (json!({"tags": [{"category": "Campaign", "tags": ["spring"]}]}), json!([{"category": "Campaign", "tags": ["spring"]}])),
            (json!({"tags": {"Campaign": ["spring", 7]}}), json!([{"category": "Campaign", "tags": ["spring", "7"]}])),
            (json!({"tags": ["spring"]}), json!([{"tags": ["spring"]}])),
            (json!({"tags": null}), json!([])),
            (json!({}), json!([])),
        ] {
            assert_eq!(json!(tags(&Row::of(&value).expect("an object")).expect("tags")), read, "{value}");
        }
        let wrong = json!({"tags": "spring"});
        assert!(tags(&Row::of(&wrong).expect("an object")).is_err());
    }
}
