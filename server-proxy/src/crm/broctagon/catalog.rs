//! What funnels take: the fields of the registration form and of KYC forms, countries, states and cities.

use async_trait::async_trait;

use super::{
    Broctagon,
    fields::{self, Which},
    records, routes, shape,
};
use crate::crm::{Action, Catalog, CrmChoice, CrmField, List, Trouble, Unanswered};

#[async_trait]
impl Catalog for Broctagon {
    fn forms(&self, action: Action) -> &'static [&'static str] {
        if action == Action::Register { &[shape::TRADER] } else { &[] }
    }

    /// KYC forms too, by their ids: `kyc/abcd1234`.
    fn has_form(&self, action: Action, form: &str) -> bool {
        action == Action::Register && (form == shape::TRADER || shape::kyc_id(form).is_some())
    }

    async fn fields(&self, form: &str) -> Result<Vec<CrmField>, Unanswered> {
        let which = if shape::kyc_id(form).is_some() { Which::Kyc } else { Which::Registration };
        let form = self.fetch_form(form).await?;
        fields::read(&form, which).map_err(|reason| Unanswered::Unreadable(Trouble::new(reason)))
    }

    fn lists(&self) -> &'static [List] {
        &[List::Countries, List::States, List::Cities]
    }

    async fn list(&self, list: List, within: Option<&str>) -> Result<Vec<CrmChoice>, Unanswered> {
        let within = || within.ok_or_else(|| Unanswered::Argument(format!("{} of what?", list.as_str())));
        let answer = match list {
            List::Countries => self.get(routes::COUNTRIES, &[]).await?,
            List::States => self.get(routes::STATES, &[("country", within()?)]).await?,
            List::Cities => self.get(routes::CITIES, &[("state", within()?)]).await?,
        };
        Ok(records::read(&answer)?.into_iter().map(|record| CrmChoice { value: record.code, labels: record.labels }).collect())
    }
}
