//! Methods and paths. The documents give those of the log-in and the reports; those of the two creations are the vendor's public
//! ones, and an installation's may differ: each can be overridden by its operation's id.

use std::collections::BTreeMap;

use reqwest::Method;
use serde::Deserialize;

use crate::{config::Problems, crm::client::Call};

pub(super) const CREATE_CUSTOMER: &str = "CreateCustomer";
pub(super) const CREATE_LEAD: &str = "CreateLead";
pub(super) const LOG_IN: &str = "LogIn";
pub(super) const LEADS: &str = "Leads";
pub(super) const REGISTRATIONS: &str = "Registrations";
pub(super) const TRANSACTIONS: &str = "Transactions";
pub(super) const SERVERS: &str = "Servers";
pub(super) const POSITIONS: &str = "Positions";

const DEFAULTS: [(&str, Method, &str); 8] = [
    (CREATE_CUSTOMER, Method::POST, "/api/v1/public/customer"),
    (CREATE_LEAD, Method::POST, "/api/v1/public/lead"),
    (LOG_IN, Method::POST, "/api/v1/auth/login"),
    (LEADS, Method::GET, "/api/v1/ib/leads"),
    (REGISTRATIONS, Method::GET, "/api/v1/ib/registrations"),
    (TRANSACTIONS, Method::GET, "/api/v1/ib/transactions"),
    (SERVERS, Method::GET, "/api/v1/ib/servers"),
    (POSITIONS, Method::GET, "/api/v1/ib/positions"),
];

/// `[connections.<name>.operations]`: `CreateLead = { method = "POST", path = "/api/v2/lead" }`, either or both.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Override {
    method: Option<String>,
    path: Option<String>,
}

#[derive(Debug)]
struct Endpoint {
    method: Method,
    path: String,
}

/// Where each operation is asked for.
#[derive(Debug)]
pub(super) struct Endpoints(BTreeMap<&'static str, Endpoint>);

impl Endpoints {
    pub(super) fn read(at: &str, overrides: &BTreeMap<String, Override>, problems: &mut Problems) -> Endpoints {
        let mut all: BTreeMap<_, _> =
            DEFAULTS.into_iter().map(|(id, method, path)| (id, Endpoint { method, path: path.to_owned() })).collect();
        for (id, said) in overrides {
            let key = format!("{at}.operations.{id}");
            let Some(endpoint) = all.get_mut(id.as_str()) else {
                let known: Vec<_> = DEFAULTS.iter().map(|(id, ..)| *id).collect();
                problems.add(key, format!("is no operation; there is {}", known.join(", ")));
                continue;
            };
            if let Some(method) = problems.parse(&format!("{key}.method"), said.method.as_deref(), method) {
                endpoint.method = method;
            }
            if let Some(path) = problems.parse(&format!("{key}.path"), said.path.as_deref(), path) {
                endpoint.path = path;
            }
        }
        Endpoints(all)
    }

    pub(super) fn path(&self, id: &'static str) -> &str {
        self.0.get(id).map_or("", |endpoint| &endpoint.path)
    }

    pub(super) fn call(&self, id: &'static str) -> Call {
        let method = self.0.get(id).map_or(Method::GET, |endpoint| endpoint.method.clone());
        Call::new(method, self.path(id), &[])
    }
}

fn method(text: &str) -> Result<Method, String> {
    let known = [Method::GET, Method::POST, Method::PUT, Method::PATCH];
    known.into_iter().find(|method| method.as_str() == text).ok_or_else(|| format!("\"{text}\" is not GET, POST, PUT or PATCH"))
}

fn path(text: &str) -> Result<String, String> {
    let is_path = text.starts_with('/') && !text.contains(['?', '#']) && !text.contains(char::is_whitespace);
    if is_path { Ok(text.to_owned()) } else { Err(format!("\"{text}\" is no path such as \"/api/v1/public/lead\"")) }
}
