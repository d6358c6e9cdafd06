//! What an operator can ask: the forms and the places, as they are read.

use serde::Deserialize;
use serde_json::Value;

use super::{Broctagon, records, routes, shape};
use crate::crm::{Operation, Question, Unanswered, ask::serialised};

pub(super) const OPERATIONS: &[Operation] = &[
    Operation { id: routes::REGISTRATION_FORM, about: "the registration form of traders", arguments: &[], changes: false },
    Operation { id: routes::KYC_FORMS, about: "the KYC forms, by id", arguments: &[], changes: false },
    Operation { id: routes::KYC_FORM, about: "one KYC form", arguments: &["form!"], changes: false },
    Operation { id: routes::COUNTRIES, about: "the countries that the CRM knows", arguments: &[], changes: false },
    Operation { id: routes::STATES, about: "the states of a country", arguments: &["country!"], changes: false },
    Operation { id: routes::CITIES, about: "the cities of a state", arguments: &["state!"], changes: false },
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfForm {
    form: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfCountry {
    country: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfState {
    state: String,
}

impl Broctagon {
    pub(super) async fn answer(&self, question: &Question<'_>) -> Result<Value, Unanswered> {
        let arguments = &question.arguments;
        match question.operation {
            routes::REGISTRATION_FORM => {
                arguments.read::<Nothing>()?;
                serialised(&*self.fetch_form(shape::TRADER).await?)
            }
            routes::KYC_FORM => {
                let of: OfForm = arguments.read()?;
                serialised(&*self.fetch_form(&shape::kyc(&of.form)).await?)
            }
            routes::KYC_FORMS => {
                arguments.read::<Nothing>()?;
                self.records(routes::KYC_FORMS, &[]).await
            }
            routes::COUNTRIES => {
                arguments.read::<Nothing>()?;
                self.records(routes::COUNTRIES, &[]).await
            }
            routes::STATES => {
                let of: OfCountry = arguments.read()?;
                self.records(routes::STATES, &[("country", &of.country)]).await
            }
            routes::CITIES => {
                let of: OfState = arguments.read()?;
                self.records(routes::CITIES, &[("state", &of.state)]).await
            }
            _ => Err(Unanswered::Unsupported),
        }
    }

    async fn records(&self, operation: &str, values: &[(&str, &str)]) -> Result<Value, Unanswered> {
        serialised(&records::read(&self.get(operation, values).await?)?)
    }
}
