//! Whether a customer has arrived: "Id in your system as string, which you can later use to identify the customer via GET
//! /affiliates/customers endpoint". Users and leads have no such id.
//!
//! A customer's documented members do not show it. So that a CRM which overlooks the parameter does not make everybody seem to have
//! arrived, one without it counts only by the e-mail, and only where the CRM gives nobody for an id that nobody has.

use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use super::{
    super::{LookedUp, Registration, Unanswered, answer::Answer, row::Row},
    Trading,
    access::{Key, needs},
    customers::OLDEST_FIRST,
    operations::Op,
    signup::body,
};

/// More than one has the same id of ours only where the CRM overlooks it.
const LIMIT: &str = "10";

/// What of a customer tells who it is.
struct Customer {
    id: Option<String>,
    external_id: Option<String>,
    email: Option<String>,
}

impl Trading {
    pub(super) fn can_find(&self, registration: &Registration) -> bool {
        let creates = self.action(registration.action).map(|(op, _)| op);
        creates == Some(Op::AffiliateCreateCustomer) && self.finding_key(registration).is_ok()
    }

    pub(super) async fn find(&self, registration: &Registration) -> LookedUp {
        self.find_customer(registration).await.unwrap_or_else(LookedUp::from)
    }

    async fn find_customer(&self, registration: &Registration) -> Result<LookedUp, Unanswered> {
        let key = self.finding_key(registration)?;
        let ours = registration.id.to_string();
        let (answer, customers) = self.customers_with(&ours, key).await?;
        let status = answer.status.as_u16();
        let unclear = |why: &str| Ok(LookedUp::Unanswered(answer.trouble(why)));
        if customers.is_empty() {
            // The holder of a credential is shown whom it has referred: whoever goes by another's reference key may be hidden from it.
            return match body(Op::AffiliateCreateCustomer, registration).get("wtreferrer") {
                Some(_) => unclear("it shows no such customer, but may hide one with the reference key of somebody else"),
                None => Ok(LookedUp::Absent { status }),
            };
        }
        let known = |customer: &&Customer| customer.external_id.as_deref() == Some(&ours);
        if let Some(customer) = customers.iter().find(known) {
            return Ok(LookedUp::Arrived { id: customer.id.clone(), status });
        }
        let email = registration.fields.get("email").map(|email| email.to_lowercase());
        let nameless = |customer: &&Customer| customer.external_id.is_none() && email.is_some() && customer.email == email;
        let Some(customer) = customers.iter().find(nameless) else {
            return unclear("it answers with customers of another externalId than was asked for");
        };
        let (_, of_nobody) = self.customers_with(&Uuid::new_v4().to_string(), key).await?;
        if of_nobody.is_empty() {
            Ok(LookedUp::Arrived { id: customer.id.clone(), status })
        } else {
            unclear("it answers with customers for an externalId that nobody has")
        }
    }

    /// The one that the customer was created with: a credential's holder is shown its own.
    fn finding_key<'a>(&'a self, registration: &'a Registration) -> Result<Key<'a>, Unanswered> {
        let (op, credential) = (Op::AffiliateGetCustomers, registration.credential.as_deref().unwrap_or(&self.credential));
        Key::of(op.auth(), credential).ok_or_else(|| Unanswered::Argument(format!("{} takes {}", op.id(), needs(op.auth()))))
    }

    async fn customers_with(&self, external_id: &str, key: Key<'_>) -> Result<(Answer, Vec<Customer>), Unanswered> {
        #[derive(Deserialize)]
        struct Page {
            customers: Vec<Value>,
        }
        let call = self.call(Op::AffiliateGetCustomers, &[]).long();
        let call = call.query("limit", LIMIT).query("offset", "0").query("orderBy", OLDEST_FIRST).query("externalId", external_id);
        let answer = self.send(call, key).await?;
        let page: Page = answer.read()?;
        let read = |customer: &Value| {
            let row = Row::of(customer)?;
            let email = row.text(&["email"])?.map(|email| email.to_lowercase());
            Ok(Customer { id: row.text(&["id"])?, external_id: row.text(&["externalId"])?, email })
        };
        let customers: Result<Vec<_>, String> = page.customers.iter().map(read).collect();
        let customers = customers.map_err(|why| Unanswered::Unreadable(answer.trouble(format!("a customer {why}"))))?;
        Ok((answer, customers))
    }
}

#[cfg(test)]
mod tests;
