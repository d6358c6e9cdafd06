//! "Get Countries", "Get States" and "Get Cities" of the "Configurations API". Only their titles could be read: paths, parameters and
//! members are ours.

use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Country {
    /// ISO 3166-1 alpha-2.
    code: String,
    name: String,
    phone_code: String,
    #[serde(default)]
    states: Vec<State>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct State {
    /// ISO 3166-2.
    code: String,
    name: String,
    #[serde(default)]
    cities: Vec<City>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct City {
    code: String,
    name: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(transparent)]
pub(super) struct Places(Vec<Country>);

impl Places {
    pub(super) fn countries(&self) -> Vec<Value> {
        let record = |country: &Country| json!({ "code": country.code, "name": country.name, "phone_code": country.phone_code });
        self.0.iter().map(record).collect()
    }

    /// None where there is no such country.
    pub(super) fn states(&self, country: &str) -> Option<Vec<Value>> {
        let country = self.0.iter().find(|known| known.code == country)?;
        Some(country.states.iter().map(|state| json!({ "code": state.code, "name": state.name })).collect())
    }

    /// None where there is no such state.
    pub(super) fn cities(&self, state: &str) -> Option<Vec<Value>> {
        let state = self.all_states().find(|known| known.code == state)?;
        Some(state.cities.iter().map(|city| json!({ "code": city.code, "name": city.name })).collect())
    }

    pub(super) fn has_country(&self, code: &str) -> bool {
        self.0.iter().any(|country| country.code == code)
    }

    pub(super) fn has_state(&self, code: &str) -> bool {
        self.all_states().any(|state| state.code == code)
    }

    pub(super) fn has_city(&self, code: &str) -> bool {
        self.all_states().flat_map(|state| &state.cities).any(|city| city.code == code)
    }

    fn all_states(&self) -> impl Iterator<Item = &State> {
        self.0.iter().flat_map(|country| &country.states)
    }
}
