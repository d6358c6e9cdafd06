//! Where a CRM's operations are. Each adapter has a table of its own, and an installation may have an operation elsewhere:
//! `[connections.<name>.operations]`, `CreateLead = { method = "PUT", path = "/v2/leads" }`, either or both.

use std::collections::BTreeMap;

use reqwest::Method;
use serde::Deserialize;

use super::client::Call;
use crate::config::Problems;

/// An operation's id, method and path. `{name}` is filled in, in the path and in the query behind it.
pub(super) type Usual = (&'static str, Method, &'static str);

/// What an installation has otherwise, by the operation's id.
pub(super) type Overrides = BTreeMap<String, Override>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Override {
    method: Option<String>,
    path: Option<String>,
}

/// Which methods may stand for the usual one.
pub(super) type Methods = fn(&Method) -> &'static [Method];

pub(super) fn any(_usual: &Method) -> &'static [Method] {
    static ANY: [Method; 5] = [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
    &ANY
}

/// For a CRM whose calls with a body are made otherwise than those without.
pub(super) fn with_a_body_or_without(usual: &Method) -> &'static [Method] {
    static WITHOUT: [Method; 1] = [Method::GET];
    static WITH: [Method; 3] = [Method::POST, Method::PUT, Method::PATCH];
    if *usual == Method::GET { &WITHOUT } else { &WITH }
}

/// Where every operation is.
#[derive(Debug)]
pub(super) struct Routes(BTreeMap<&'static str, Route>);

#[derive(Debug)]
struct Route {
    method: Method,
    path: String,
}

impl Routes {
    /// The usual ones, with what the connection has in their place. What is wrong is reported under `at`, the connection's place in
    /// the configuration.
    pub(super) fn read(
        at: &str,
        usual: impl IntoIterator<Item = Usual>,
        methods: Methods,
        overrides: &Overrides,
        problems: &mut Problems,
    ) -> Routes {
        let usual: Vec<_> = usual.into_iter().collect();
        for id in overrides.keys().filter(|id| !usual.iter().any(|(known, ..)| known == id)) {
            let known: Vec<_> = usual.iter().map(|(id, ..)| *id).collect();
            problems.add(format!("{at}.operations.{id}"), format!("is no operation of this CRM; it has {}", known.join(", ")));
        }
        let route = |(id, usual_method, usual_path): Usual| {
            let said = overrides.get(id);
            let key = |member: &str| format!("{at}.operations.{id}.{member}");
            let said_method = said.and_then(|said| said.method.as_deref());
            let said_path = said.and_then(|said| said.path.as_deref());
            let method = problems.parse(&key("method"), said_method, |text| method(text, methods(&usual_method)));
            let path = problems.parse(&key("path"), said_path, |text| path(text, usual_path));
            (id, Route { method: method.unwrap_or(usual_method), path: path.unwrap_or_else(|| usual_path.to_owned()) })
        };
        Routes(usual.into_iter().map(route).collect())
    }

    /// As the configuration has it, for the operator.
    pub(super) fn path(&self, id: &str) -> &str {
        self.0.get(id).map_or("", |route| &route.path)
    }

    /// The call, without what authenticates it and without a body.
    pub(super) fn call(&self, id: &str, values: &[(&str, &str)]) -> Call {
        let Some(route) = self.0.get(id) else {
            return Call::unsendable(format!("there is no operation {id}"));
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

fn method(text: &str, known: &[Method]) -> Result<Method, String> {
    let method = known.iter().find(|method| method.as_str() == text).cloned();
    method.ok_or_else(|| {
        let names: Vec<_> = known.iter().map(Method::as_str).collect();
        format!("\"{text}\" is none of {}", names.join(", "))
    })
}

/// Below the connection's address, with a place for the same values as the usual one.
fn path(text: &str, usual: &str) -> Result<String, String> {
    if !text.starts_with('/') {
        return Err(format!("\"{text}\" does not begin with \"/\""));
    }
    if text.contains(|c: char| matches!(c, '#' | '\\') || c.is_control() || c.is_whitespace()) {
        return Err(format!("\"{text}\" is no path: it may hold no #, no \\ and no space"));
    }
    let (path, query) = text.split_once('?').map_or((text, None), |(path, query)| (path, Some(query)));
    let is_dots = |segment: &str| matches!(segment.to_ascii_lowercase().replace("%2e", ".").as_str(), "." | "..");
    if path.starts_with("//") || path.split('/').any(is_dots) {
        return Err(format!("\"{text}\" leads elsewhere: it may not begin with //, and a segment may not be . or .."));
    }
    let is_pair = |pair: &str| pair.split_once('=').is_some_and(|(name, _)| !name.is_empty() && !name.contains(['{', '}']));
    if query.is_some_and(|query| !query.split('&').all(is_pair)) {
        return Err(format!("\"{text}\" is no path: behind its ? stand name=value, joined by &"));
    }
    let (given, demanded) = (placeholders(text), placeholders(usual));
    if given == demanded {
        Ok(text.to_owned())
    } else if demanded.is_empty() {
        Err(format!("\"{text}\" may hold no {{…}}"))
    } else {
        Err(format!("\"{text}\" has to hold {}, and no other {{…}}", demanded.join(" and ")))
    }
}

/// All of a path's `{…}`, sorted; a brace that is not closed, or not opened, stands there as well.
fn placeholders(path: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = path;
    while let Some(start) = rest.find(['{', '}']) {
        let end = rest[start..].find('}').map_or(rest.len(), |end| start + end + 1);
        found.push(&rest[start..end]);
        rest = &rest[end..];
    }
    found.sort_unstable();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL: [Usual; 3] = [
        ("CreateLead", Method::POST, "/leads"),
        ("Show", Method::GET, "/customers/{id}"),
        ("States", Method::GET, "/states?country={country}"),
    ];

    fn read(methods: Methods, overrides: &str) -> Result<Routes, Vec<String>> {
        let overrides = serde_json::from_str(overrides).expect("a table");
        let mut problems = Problems::of("latchkey.toml");
        let routes = Routes::read("connections.c", USUAL, methods, &overrides, &mut problems);
        if problems.is_empty() { Ok(routes) } else { Err(problems.found().map(ToString::to_string).collect()) }
    }

    #[test]
    fn an_operation_may_be_elsewhere() {
        let routes = read(any, r#"{"States": {"path": "/v2/{country}/states?lang=en"}, "CreateLead": {"method": "PUT"}}"#).expect("right");
        assert_eq!(routes.path("States"), "/v2/{country}/states?lang=en");
        assert_eq!((&routes.0["CreateLead"].method, routes.path("CreateLead")), (&Method::PUT, "/leads"));
        assert_eq!((&routes.0["Show"].method, routes.path("Show")), (&Method::GET, "/customers/{id}"));
    }

    #[test]
    fn a_mistake_is_named() {
        for (overrides, words) in [
            (
                r#"{"Stats": {"path": "/x"}}"#,
                "connections.c.operations.Stats: is no operation of this CRM; it has CreateLead, Show, States",
            ),
            (r#"{"States": {"path": "/x"}}"#, "operations.States.path: \"/x\" has to hold {country}, and no other {…}"),
            (r#"{"CreateLead": {"path": "/leads/{id}"}}"#, "\"/leads/{id}\" may hold no {…}"),
            (r#"{"States": {"method": "POST"}}"#, "operations.States.method: \"POST\" is none of GET"),
            (r#"{"CreateLead": {"method": "GET"}}"#, "\"GET\" is none of POST, PUT, PATCH"),
            (r#"{"CreateLead": {"path": "leads"}}"#, "\"leads\" does not begin with \"/\""),
            (r#"{"CreateLead": {"path": "//elsewhere.example/leads"}}"#, "leads elsewhere"),
        ] {
            let problems = read(with_a_body_or_without, overrides).expect_err(overrides);
            assert!(problems.len() == 1 && problems[0].contains(words), "{problems:?}");
        }
        assert!(read(any, r#"{"States": {"method": "POST"}}"#).is_ok());
    }

    #[test]
    fn a_path_stays_below_the_address_and_keeps_its_placeholders() {
        for (good, usual) in [
            ("/v2/clients/{id}/profile", "/customers/{id}"),
            ("/{b}/{a}", "/x/{a}/{b}"),
            ("/clients?x=1&y=", "/countries"),
            ("/states/{country}", "/states?country={country}"),
            ("/a..b/.c/...", "/countries"),
        ] {
            assert_eq!(path(good, usual).as_deref(), Ok(good));
        }
        for (bad, usual) in [
            ("clients", "/countries"),
            ("https://elsewhere.example/clients", "/countries"),
            ("/clients", "/customers/{id}"),
            ("/clients/{id}/{id}", "/customers/{id}"),
            ("/clients/{key}", "/customers/{id}"),
            ("/clients/{id", "/customers/{id}"),
            ("/clients/id}", "/customers/{id}"),
            ("/clients/{id}", "/countries"),
            ("/clients?x", "/countries"),
            ("/clients?{id}=x", "/customers/{id}"),
            ("/clients#x", "/countries"),
            ("/cl ients", "/countries"),
            ("/cl\\ients", "/countries"),
            ("/../clients", "/countries"),
            ("/clients/%2E.", "/countries"),
            ("/clients/.?x=1", "/countries"),
            ("", "/countries"),
        ] {
            assert!(path(bad, usual).is_err(), "{bad}");
        }
    }
}
