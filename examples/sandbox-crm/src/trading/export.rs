//! "CountForExport" and "ExportCSV". The document does not tell the columns: they are the members of a customer that are one value.

use serde_json::{Value, json};

use super::answers::{Done, Outcome};
use super::books::{AffiliateKey, Books};
use super::customers::Customer;
use super::input::Input;

const COLUMNS: [&str; 20] = [
    "id",
    "accountId",
    "firstname",
    "lastname",
    "email",
    "mobilenumber",
    "country",
    "countryName",
    "createdAt",
    "status",
    "kycStatus",
    "source",
    "hasFTD",
    "depositTotal",
    "withdrawalTotal",
    "lastDepositDate",
    "totalVolumeTraded",
    "lastLoginDate",
    "communicationLanguage",
    "notes",
];

pub(super) fn count(books: &mut Books, _: &Input, affiliate: AffiliateKey) -> Outcome {
    Ok(Done::json(json!({ "count": books.referred(affiliate).count() })))
}

pub(super) fn csv(books: &mut Books, _: &Input, affiliate: AffiliateKey) -> Outcome {
    let rows = books.referred(affiliate).map(Customer::shown).map(|shown| line(COLUMNS.iter().map(|column| cell(&shown[*column]))));
    let header = line(COLUMNS.iter().map(|column| (*column).to_owned()));
    Ok(Done::text("text/csv; charset=utf-8", std::iter::once(header).chain(rows).collect()))
}

fn line(cells: impl Iterator<Item = String>) -> String {
    cells.collect::<Vec<_>>().join(",") + "\r\n"
}

/// As RFC 4180 has it. A cell that a spreadsheet would run is left as it is: not every CRM is that careful.
fn cell(value: &Value) -> String {
    let text = match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    if text.contains([',', '"', '\r', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}
