//! Where each operation is. Paths of pages that could be read are the document's; those of the KYC forms, countries, states and
//! cities are ours, in its spirit, because only these pages' titles could be read: `[connections.<name>.operations]` says otherwise.

use std::collections::{BTreeMap, HashMap};

use reqwest::Method;
use serde::Deserialize;

use crate::{config::Problems, crm::client::Call};

pub(super) const CREATE_LEAD: &str = "CreateLead";
pub(super) const REGISTRATION_REQUEST: &str = "RegistrationRequestForOtp";
pub(super) const REGISTRATION: &str = "MultiStepRegistrationRequest";
pub(super) const REGISTRATION_FORM: &str = "TraderRegistrationForm";
pub(super) const KYC_FORMS: &str = "UserKycFormCollections";
pub(super) const KYC_FORM: &str = "UserKycForm";
pub(super) const COUNTRIES: &str = "Countries";
pub(super) const STATES: &str = "States";
pub(super) const CITIES: &str = "Cities";

/// Operation, method, path. `{name}` is filled in, in the path and in the query.
const DEFAULTS: [(&str, Method, &str); 9] = [
    (CREATE_LEAD, Method::POST, "/public/v1/leads/create"),
    (REGISTRATION_REQUEST, Method::POST, "/public/v1/account/register/request"),
    (REGISTRATION, Method::POST, "/public/v1/account/register/multistep"),
    (REGISTRATION_FORM, Method::GET, "/public/v1/form/registration/trader"),
    (KYC_FORMS, Method::GET, "/public/v1/form/kyc/collections"),
    (KYC_FORM, Method::GET, "/public/v1/form/kyc/{form}"),
    (COUNTRIES, Method::GET, "/public/v1/config/countries"),
    (STATES, Method::GET, "/public/v1/config/states?country={country}"),
    (CITIES, Method::GET, "/public/v1/config/cities?state={state}"),
];

/// What an installation has otherwise.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Override {
    method: Option<String>,
    path: Option<String>,
}

#[derive(Debug)]
pub(super) struct Routes(BTreeMap<&'static str, Route>);

#[derive(Debug)]
struct Route {
    method: Method,
    path: String,
}

impl Routes {
    /// Reports what is wrong under `at`, the connection's place in the configuration.
    pub(super) fn read(at: &str, overrides: &HashMap<String, Override>, problems: &mut Problems) -> Option<Routes> {
        let mut routes: BTreeMap<_, _> =
            DEFAULTS.map(|(id, method, path)| (id, Route { method, path: path.to_owned() })).into_iter().collect();
        let mut right = true;
        for (id, said) in overrides {
            let key = format!("{at}.operations.{id}");
            let Some(route) = routes.get_mut(id.as_str()) else {
                let known: Vec<_> = DEFAULTS.iter().map(|(id, ..)| *id).collect();
                problems.add(key, format!("is no operation of this CRM; it has {}", known.join(", ")));
                right = false;
                continue;
            };
            if let Err((member, reason)) = route.replace(said) {
                problems.add(format!("{key}.{member}"), reason);
                right = false;
            }
        }
        right.then_some(Routes(routes))
    }

    /// The call, without what authenticates it and without a body.
    pub(super) fn call(&self, operation: &str, values: &[(&str, &str)]) -> Call {
        let Some(route) = self.0.get(operation) else {
            // Every operation that there is a name for is in the table.
            return Call::new(Method::GET, "/", &[]);
        };
        let (path, query) = route.path.split_once('?').unwrap_or((&route.path, ""));
        let in_path: Vec<_> = values.iter().filter(|(name, _)| path.contains(&placeholder(name))).copied().collect();
        let call = Call::new(route.method.clone(), path, &in_path);
        query.split('&').filter_map(|pair| pair.split_once('=')).fold(call, |call, (name, value)| {
            let value = values.iter().fold(value.to_owned(), |text, (name, value)| text.replace(&placeholder(name), value));
            call.query(name, value)
        })
    }
}

fn placeholder(name: &str) -> String {
    format!("{{{name}}}")
}

impl Route {
    /// The error says which member is wrong, and why.
    fn replace(&mut self, said: &Override) -> Result<(), (&'static str, String)> {
        if let Some(text) = &said.method {
            let has_body = self.method != Method::GET;
            let known = if has_body { &[Method::POST, Method::PUT, Method::PATCH][..] } else { &[Method::GET] };
            let method = known.iter().find(|method| method.as_str() == text);
            let names: Vec<_> = known.iter().map(Method::as_str).collect();
            self.method = method.ok_or_else(|| ("method", format!("\"{text}\" is not {}", names.join(" or "))))?.clone();
        }
        if let Some(path) = &said.path {
            if !path.starts_with('/') || path.starts_with("//") || path.contains(['#', '\\']) || path.contains(char::is_whitespace) {
                return Err(("path", format!("\"{path}\" is no path such as \"{}\"", self.path)));
            }
            if placeholders(path) != placeholders(&self.path) {
                return Err(("path", format!("\"{path}\" has to have the same names in braces as \"{}\"", self.path)));
            }
            self.path.clone_from(path);
        }
        Ok(())
    }
}

/// The names in braces, sorted.
fn placeholders(path: &str) -> Vec<&str> {
    let mut names: Vec<_> = path.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0)).collect();
    names.sort_unstable();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(toml: &str) -> Result<Routes, Vec<String>> {
        let overrides: HashMap<String, Override> = serde_json::from_str(toml).expect("a table");
        let mut problems = Problems::of("latchkey.toml");
        let routes = Routes::read("connections.b", &overrides, &mut problems);
        routes.ok_or_else(|| problems.found().map(ToString::to_string).collect())
    }

    #[test]
    fn an_operation_may_be_elsewhere() {
        let routes = read(r#"{"States": {"path": "/v2/{country}/states?lang=en"}, "CreateLead": {"method": "PUT"}}"#).expect("right");
        assert_eq!(routes.0[STATES].path, "/v2/{country}/states?lang=en");
        assert_eq!((&routes.0[CREATE_LEAD].method, routes.0[CREATE_LEAD].path.as_str()), (&Method::PUT, "/public/v1/leads/create"));
    }

    #[test]
    fn a_mistake_is_named() {
        for (toml, words) in [
            (r#"{"Stats": {"path": "/x"}}"#, "connections.b.operations.Stats: is no operation of this CRM; it has CreateLead,"),
            (r#"{"States": {"path": "/x"}}"#, "operations.States.path: \"/x\" has to have the same names in braces as"),
            (r#"{"States": {"method": "POST"}}"#, "operations.States.method: \"POST\" is not GET"),
            (r#"{"CreateLead": {"method": "GET"}}"#, "is not POST or PUT or PATCH"),
            (r#"{"CreateLead": {"path": "leads"}}"#, "is no path such as"),
            (r#"{"CreateLead": {"path": "//elsewhere.example/leads"}}"#, "is no path such as"),
        ] {
            let problems = read(toml).expect_err(toml);
            assert!(problems.len() == 1 && problems[0].contains(words), "{problems:?}");
        }
    }
}
