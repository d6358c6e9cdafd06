//! What an installation is configured with: its forms, and the places it knows. `POST /_control/broctagon/records` replaces any of
//! `registration_form`, `kyc_forms` and `countries`, and adds `accounts`, by their e-mail addresses, as if they had registered long ago.

use serde::Deserialize;
use serde_json::Value;

use super::forms::Form;
use super::places::Places;

#[derive(Debug, Clone)]
pub(super) struct Records {
    pub(super) registration: Form,
    pub(super) kyc: Vec<Form>,
    pub(super) places: Places,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Replacement {
    registration_form: Option<Value>,
    kyc_forms: Option<Vec<Value>>,
    countries: Option<Places>,
    #[serde(default)]
    pub(super) accounts: Vec<String>,
}

impl Records {
    pub(super) fn standard() -> Result<Self, String> {
        Ok(Self {
            registration: Form::read(parse(include_str!("defaults/registration.json"))?)?,
            kyc: forms(parse(include_str!("defaults/kyc.json"))?)?,
            places: parse(include_str!("defaults/countries.json"))?,
        })
    }

    /// All of it or nothing.
    pub(super) fn replaced(&self, with: &mut Replacement) -> Result<Self, String> {
        let mut records = self.clone();
        if let Some(form) = with.registration_form.take() {
            records.registration = Form::read(form)?;
        }
        if let Some(kyc) = with.kyc_forms.take() {
            records.kyc = forms(kyc)?;
        }
        if let Some(places) = with.countries.take() {
            records.places = places;
        }
        Ok(records)
    }

    pub(super) fn kyc_form(&self, id: &str) -> Option<&Form> {
        self.kyc.iter().find(|form| form.id == id)
    }
}

fn forms(bodies: Vec<Value>) -> Result<Vec<Form>, String> {
    bodies.into_iter().map(Form::read).collect()
}

fn parse<T: for<'de> Deserialize<'de>>(json: &str) -> Result<T, String> {
    serde_json::from_str(json).map_err(|error| format!("a default record: {error}"))
}
