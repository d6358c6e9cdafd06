//! Section "Customers - Affiliate APIs", but for its export and its wallet; and "Get sources from referred customers".

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::json;

use super::answers::{Done, Outcome, Refusal};
use super::books::{AffiliateKey, Books, CustomerKey};
use super::customers::{Customer, compare};
use super::input::Input;
use super::member_area::Page;
use super::signup::{admit, referrer};
use super::tokens::Holder;

/// "AffiliateCreateCustomer": "enables creation of customers for affiliates via third party systems".
pub(super) fn create(books: &mut Books, input: &Input, affiliate: AffiliateKey) -> Outcome {
    // The customer is the credential's, "referred by requesting user", or whoever created it could never see it again. A referrer's
    // key that says otherwise is a mistake.
    if referrer(books, input)?.is_some_and(|referrer| referrer != affiliate) {
        return Err(Refusal::invalid("Field \"wtreferrer\" is not your reference key"));
    }
    let key = admit(books, input, Some(affiliate))?;
    let redirect_url = books.link(key, Page::Home);
    let deposit_url = books.link(key, Page::Deposit);
    let refresh_token = books.refresh_token(Holder::Customer(key));
    let id = books.customer(key).id.clone();
    let answer = json!({ "refreshToken": refresh_token, "id": id, "success": true });
    let links = [("redirectUrl", redirect_url), ("depositUrl", deposit_url)];
    Ok(Done { created: Some(id), numbered: Some(key), ..Done::json(answer).with_links(links) })
}

/// "AffiliateGetCustomers": "Retrieves all customers that are referred by requesting user".
pub(super) fn list(books: &mut Books, input: &Input, affiliate: AffiliateKey) -> Outcome {
    let (limit, offset) = (input.query.number("limit").unwrap_or(1), input.query.number("offset").unwrap_or_default());
    let search = input.query.first("search").unwrap_or_default().to_lowercase();
    // "since provided date" and "up to provided date": a date is taken for the moment that it begins, in UTC. The document does not say
    // whether the second includes its day; a client that needs it asks for the day after.
    let (since, to) = (input.query.first("updatedSince").and_then(midnight), input.query.first("updatedTo").and_then(midnight));
    let sources: Vec<_> = input.query.all("sources").collect();
    let chosen = |customer: &&Customer| {
        // "to search by name or account id"
        (customer.text("name").to_lowercase().contains(&search) || customer.text("accountId").contains(&search))
            && input.query.first("externalId").is_none_or(|id| customer.external_id.as_deref() == Some(id))
            && since.is_none_or(|since| customer.updated_at >= since)
            && to.is_none_or(|to| customer.updated_at <= to)
            && (sources.is_empty() || sources.contains(&customer.text("source")))
    };
    let mut customers: Vec<_> = books.referred(affiliate).filter(chosen).map(Customer::shown).collect();
    let (column, order) = input.query.first("orderBy").and_then(|order| order.split_once('|')).unwrap_or(("createdAt", "ASC"));
    customers.sort_by(|a, b| {
        let ordering = compare(&a[column], &b[column]);
        if order == "DESC" { ordering.reverse() } else { ordering }
    });
    let pages = customers.len().div_ceil(limit);
    let page: Vec<_> = customers.into_iter().skip(offset).take(limit).collect();
    Ok(Done::json(json!({ "pages": pages, "customers": page })))
}

fn midnight(date: &str) -> Option<Timestamp> {
    Some(date.parse::<Date>().ok()?.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

/// "Show": "Get referral and all it's values".
pub(super) fn show(books: &mut Books, input: &Input, affiliate: AffiliateKey) -> Outcome {
    let key = own(books, input, affiliate)?;
    Ok(Done::json(json!({ "customer": books.customer(key).shown() })))
}

/// "AffiliateUpdateCustomer": "Updates a referral Pass notes in body to add or update notes".
pub(super) fn update(books: &mut Books, input: &Input, affiliate: AffiliateKey) -> Outcome {
    let key = own(books, input, affiliate)?;
    let customer = books.customer_mut(key);
    customer.members.extend(input.body.clone());
    customer.updated_at = Timestamp::now();
    Ok(Done::json(json!({ "customer": customer.shown() })))
}

fn own(books: &Books, input: &Input, affiliate: AffiliateKey) -> Result<CustomerKey, Refusal> {
    let found = books.customer_of_id(&input.parameter).filter(|key| books.customer(*key).affiliate == Some(affiliate));
    found.ok_or_else(|| Refusal::not_found("Customer not found"))
}

/// "Get sources from referred customers": each once, in alphabetical order.
pub(super) fn sources(books: &mut Books, _: &Input, affiliate: AffiliateKey) -> Outcome {
    let mut sources: Vec<_> = books.referred(affiliate).map(|customer| customer.text("source")).filter(|text| !text.is_empty()).collect();
    sources.sort_unstable();
    sources.dedup();
    Ok(Done::json(json!(sources)))
}
