//! Checks a funnel's file as a whole, against its connection's CRM too. Every mistake is reported.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use latchkey_contract::{FieldKind, HONEYPOT, countries, rules};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use url::Url;

use super::{
    AffiliateRule, Finish, Funnel, Language, language,
    tables::{Agreement, Choice, Field, File, FinishKind, FinishTable, LONGEST_LEAST_FILL_MS, Localised, Step, Tracking},
    template::Template,
    view,
};
use crate::{
    config::{Affiliate, Problems},
    crm::{Crm, SignupForm},
    origin::Origin,
};

/// What a funnel refers to.
pub(crate) struct Surroundings<'a> {
    /// `None` for a connection that is there but wrong: the funnel is checked without it.
    pub(crate) connections: &'a BTreeMap<String, Option<Arc<dyn Crm>>>,
    pub(crate) affiliates: &'a [Affiliate],
    /// The proxy's own origin, from which every funnel may be sent.
    pub(crate) own_origin: Option<&'a Origin>,
}

/// The largest `maxLength` a funnel may give.
const LONGEST: usize = 2_000;

/// Reads a funnel. Every mistake is reported; with any, there is no funnel.
pub(crate) fn read(value: Value, surroundings: &Surroundings<'_>, problems: &mut Problems) -> Option<Funnel> {
    // What figment reads is sorted by key, so the same content gives the same version whatever its order in the file.
    let version = hex::encode(Sha256::digest(value.to_string()))[..16].to_owned();
    let file: File = problems.read("", value)?;
    let funnel = Reader { surroundings, problems, locales: Vec::new() }.funnel(file, version)?;
    problems.is_empty().then_some(funnel)
}

struct Reader<'a> {
    surroundings: &'a Surroundings<'a>,
    problems: &'a mut Problems,
    locales: Vec<String>,
}

impl Reader<'_> {
    fn funnel(&mut self, file: File, version: String) -> Option<Funnel> {
        let id = self.problems.required("id", file.id.clone());
        let id = self.problems.parse("id", id.as_deref(), parse_id);
        self.locales(&file.locales);
        let origins = self.origins(&file.origins);
        let crm = self.connection(file.connection.as_deref(), file.action.as_deref());
        let form = crm.as_deref().map(Crm::signup_form);
        self.steps(&file.steps, form);
        self.agreements(&file.agreements);
        self.routing(&file.routing, form);
        let tracking_map = self.tracking(&file.tracking, form);
        let affiliate = self.affiliate(&file);
        let finish = self.finish(&file.finish);
        if file.bots.least_fill_ms() > LONGEST_LEAST_FILL_MS {
            self.problems.add("bots.least_fill_ms", format!("is more than {LONGEST_LEAST_FILL_MS}"));
        }
        self.texts(&file.texts);

        let (id, connection) = (id?, file.connection.clone()?);
        if !self.problems.is_empty() {
            return None;
        }
        let identity = view::Identity { id: &id, version: &version, affiliate: &affiliate };
        let languages: BTreeMap<_, _> =
            self.locales.iter().map(|locale| (locale.clone(), view::language(&file, &identity, locale))).collect();
        self.defaults(languages.values().next()?);
        Some(Funnel {
            id,
            version,
            connection,
            origins,
            locales: self.locales.clone(),
            languages,
            routing: file.routing,
            affiliate,
            tracking_map,
            finish,
            known_email: file.known_email,
            least_fill: Duration::from_millis(file.bots.least_fill_ms().into()),
        })
    }

    fn locales(&mut self, locales: &[String]) {
        for (index, locale) in locales.iter().enumerate() {
            let key = format!("locales[{index}]");
            let parsed = self.problems.parse(&key, Some(locale), language::parse);
            if !language::is_built_in(locale) {
                self.problems.warn(key, format!("our own texts are not in \"{locale}\" yet: where [texts] gives none, English stands"));
            }
            self.locales.extend(parsed);
        }
        if self.locales.is_empty() {
            self.locales.push("en".to_owned());
        }
    }

    fn origins(&mut self, origins: &[String]) -> Vec<Origin> {
        if origins.is_empty() {
            self.problems.add("origins", "is missing: name the pages' origins, as [\"https://landing.example\"]");
        }
        let parse = |(index, origin): (usize, &String)| self.problems.parse(&format!("origins[{index}]"), Some(origin), Origin::parse);
        let mut parsed: Vec<_> = origins.iter().enumerate().filter_map(parse).collect();
        parsed.extend(self.surroundings.own_origin.cloned());
        parsed
    }

    fn connection(&mut self, name: Option<&str>, action: Option<&str>) -> Option<Arc<dyn Crm>> {
        if let Some(action) = action.filter(|action| *action != "signup") {
            self.problems.add("action", format!("\"{action}\" is no action of this version; it knows \"signup\""));
        }
        let name = self.problems.required("connection", name)?;
        let known = self.surroundings.connections.get(name);
        if known.is_none() {
            let names: Vec<_> = self.surroundings.connections.keys().map(String::as_str).collect();
            self.problems.add("connection", format!("there is no [connections.{name}]; there is {}", list(&names)));
        }
        known?.clone()
    }

    fn steps(&mut self, steps: &[Step], form: Option<&SignupForm>) {
        match steps {
            [] => self.problems.add("steps", "is missing: a funnel has a step with fields"),
            [_] => {}
            [_, ..] => self.problems.add("steps", format!("has {} steps; this version shows one", steps.len())),
        }
        let mut names = BTreeSet::new();
        for (index, step) in steps.iter().enumerate() {
            let at = format!("steps[{index}]");
            self.problems.required(&format!("{at}.id"), step.id.as_ref());
            self.localised(&format!("{at}.title"), step.title.as_ref());
            if step.fields.is_empty() {
                self.problems.add(format!("{at}.fields"), "is missing: a step has fields");
            }
            for (index, field) in step.fields.iter().enumerate() {
                self.field(&format!("{at}.fields[{index}]"), field, form, &mut names);
            }
        }
        for name in form.map(|form| form.required).unwrap_or_default() {
            let asked = steps.iter().flat_map(|step| &step.fields).find(|field| field.name.as_deref() == Some(*name));
            match asked {
                None => self.problems.add("steps", format!("the CRM demands \"{name}\", and no field asks for it")),
                Some(field) if !field.required => {
                    self.problems.add("steps", format!("the CRM demands \"{name}\": its field needs required = true"))
                }
                Some(_) => {}
            }
        }
    }

    fn field(&mut self, at: &str, field: &Field, form: Option<&SignupForm>, names: &mut BTreeSet<String>) {
        let key = |name: &str| format!("{at}.{name}");
        let Some(name) = self.problems.required(&key("name"), field.name.as_deref()) else { return };
        if name == HONEYPOT {
            self.problems.add(key("name"), format!("\"{HONEYPOT}\" is the trap for bots, which people do not see"));
        } else if let Some(form) = form.filter(|form| !form.fields.contains(&name)) {
            let hint = if form.routing.iter().any(|(routing, _)| *routing == name) {
                "only the server sets it, in [routing]".to_owned()
            } else {
                format!("it has {}", list(form.fields))
            };
            self.problems.add(key("name"), format!("the CRM has no visitor's field \"{name}\": {hint}"));
        }
        if !names.insert(name.to_owned()) {
            self.problems.add(key("name"), format!("\"{name}\" stands twice"));
        }
        for (member, text) in [("label", &field.label), ("help", &field.help), ("placeholder", &field.placeholder)] {
            self.localised(&key(member), text.as_ref());
        }
        if field.max_length.is_some_and(|length| !(1..=LONGEST).contains(&length)) {
            self.problems.add(key("max_length"), format!("is not between 1 and {LONGEST}"));
        }
        let kind = field.kind();
        if let Some(fixed) = field.fixed_kind().filter(|fixed| *fixed != kind) {
            self.problems.add(key("kind"), format!("\"{name}\" is of kind {}", format!("{fixed:?}").to_lowercase()));
        }
        if kind == FieldKind::Select && field.options.is_empty() {
            self.problems.add(key("options"), "is missing: a field of kind \"select\" has options");
        }
        if !matches!(kind, FieldKind::Select | FieldKind::Country) && !field.options.is_empty() {
            self.problems.add(key("options"), "only a field of kind \"select\" or \"country\" has options");
        }
        if kind != FieldKind::Date && field.min_age.is_some() {
            self.problems.add(key("min_age"), "only a field of kind \"date\" has a least age");
        }
        for (index, choice) in field.options.iter().enumerate() {
            let at = format!("{at}.options[{index}]");
            let value = match choice {
                Choice::Value(value) => value,
                Choice::Labelled(labelled) => {
                    self.localised(&format!("{at}.label"), Some(&labelled.label));
                    &labelled.value
                }
            };
            if value.is_empty() || value.chars().any(rules::is_forbidden) {
                self.problems.add(at.clone(), "is empty, or has a control character");
            }
            if kind == FieldKind::Country && !countries::is_code(value) {
                self.problems.add(at, format!("\"{value}\" is no ISO 3166-1 alpha-2 code, such as \"DE\""));
            }
        }
    }

    fn agreements(&mut self, agreements: &[Agreement]) {
        let mut labels = BTreeSet::new();
        for (index, agreement) in agreements.iter().enumerate() {
            let key = |name: &str| format!("agreements[{index}].{name}");
            if let Some(label) = self.problems.required(&key("label"), agreement.label.as_deref())
                && !labels.insert(label)
            {
                self.problems.add(key("label"), format!("\"{label}\" stands twice"));
            }
            self.problems.required(&key("text"), agreement.text.as_ref().map(|_| ()));
            self.localised(&key("text"), agreement.text.as_ref());
            self.problems.parse(&key("url"), agreement.url.as_deref(), page_address);
        }
    }

    fn routing(&mut self, routing: &Map<String, Value>, form: Option<&SignupForm>) {
        let Some(form) = form else { return };
        for (name, value) in routing {
            let key = format!("routing.{name}");
            match form.routing.iter().find(|(known, _)| known == name) {
                None => {
                    let names: Vec<_> = form.routing.iter().map(|(name, _)| *name).collect();
                    self.problems.add(key, format!("the CRM has no such routing value; it has {}", list(&names)));
                }
                Some((_, kind)) if !kind.takes(value) => {
                    self.problems.add(key, format!("{value} is of the wrong type: the CRM takes {}", kind.describe()))
                }
                Some(_) => {}
            }
        }
    }

    fn tracking(&mut self, tracking: &Tracking, form: Option<&SignupForm>) -> BTreeMap<String, Template> {
        if tracking.keep_days.is_some_and(|days| days > 365) {
            self.problems.add("tracking.keep_days", "is more than 365");
        }
        let mut map = BTreeMap::new();
        for (member, text) in &tracking.map {
            let key = format!("tracking.map.{member}");
            if let Some(form) = form.filter(|form| !form.tracking.contains(&member.as_str())) {
                self.problems.add(key.clone(), format!("the CRM has no such tracking value; it has {}", list(form.tracking)));
            }
            if let Some(template) = self.problems.parse(&key, Some(text), Template::parse) {
                map.insert(member.clone(), template);
            }
        }
        map
    }

    fn affiliate(&mut self, file: &File) -> AffiliateRule {
        let Some(id) = file.affiliate.as_deref() else {
            return match file.tracking.affiliates.as_slice() {
                [] => AffiliateRule::Nobody,
                ids if ids.iter().any(|id| id == "*") => AffiliateRule::Any,
                ids => AffiliateRule::OneOf(ids.to_vec()),
            };
        };
        if !file.tracking.affiliates.is_empty() {
            self.problems.add("tracking.affiliates", "a funnel whose affiliate is pinned lets no page name another");
        }
        match self.surroundings.affiliates.iter().find(|affiliate| affiliate.id == id) {
            None => self.problems.add("affiliate", format!("there is no [[affiliates]] with id = \"{id}\"")),
            Some(affiliate) if Some(&affiliate.connection) != file.connection.as_ref() => {
                self.problems.add("affiliate", format!("\"{id}\" belongs to the connection \"{}\"", affiliate.connection));
            }
            Some(affiliate) => return AffiliateRule::Pinned(affiliate.crm_id.clone()),
        }
        AffiliateRule::Nobody
    }

    fn finish(&mut self, finish: &FinishTable) -> Finish {
        let login_url = self.problems.parse("finish.login_url", finish.login_url.as_deref(), page_address);
        self.localised("finish.message", finish.message.as_ref());
        Finish { redirect: finish.kind == FinishKind::Redirect, login_url }
    }

    fn texts(&mut self, texts: &BTreeMap<String, Localised>) {
        for (key, text) in texts {
            let at = format!("texts.{key}");
            if !language::is_text(key) {
                self.problems.add(at.clone(), "is no text of ours");
            }
            self.localised(&at, Some(text));
        }
    }

    /// A default that breaks its field's rules would greet every visitor with an error.
    fn defaults(&mut self, language: &Language) {
        for (step, field) in language.view.steps.iter().flat_map(|step| step.fields.iter().map(move |field| (step, field))) {
            let default = field.default.as_deref().filter(|default| !default.is_empty());
            let checked = default.map(|default| rules::check(field, &rules::normalise(field.kind, default), rules::Date::LATEST));
            if let Some(Err(violation)) = checked {
                let reason = format!("the default breaks the field's own rules: {}", language.view.texts.violation(field, violation));
                self.problems.add(format!("steps.{}.{}.default", step.id, field.name), reason);
            }
        }
    }

    /// Reports languages that the funnel does not have, and those that it has and the text lacks.
    fn localised(&mut self, key: &str, text: Option<&Localised>) {
        let Some(Localised::Each(texts)) = text else { return };
        for locale in texts.keys().filter(|locale| !self.locales.contains(locale)) {
            self.problems.add(format!("{key}.{locale}"), format!("\"{locale}\" is not in locales"));
        }
        for locale in self.locales.iter().filter(|locale| !texts.contains_key(*locale)) {
            self.problems.add(key, format!("lacks the language \"{locale}\" of locales"));
        }
    }
}

/// Letters, digits and dashes: an id stands in addresses and file names.
fn parse_id(text: &str) -> Result<String, String> {
    let well_formed =
        (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    match text {
        "latchkey" => Err("\"latchkey\" is the general loader's name".to_owned()),
        _ if well_formed => Ok(text.to_owned()),
        _ => Err(format!("\"{text}\" is not of small letters, digits and dashes (at most 64)")),
    }
}

/// An address that a page may link to.
fn page_address(text: &str) -> Result<String, String> {
    let url = Url::parse(text).map_err(|error| format!("\"{text}\" is no address ({error})"))?;
    if matches!(url.scheme(), "https" | "http") { Ok(text.to_owned()) } else { Err(format!("\"{text}\" is not an https: address")) }
}

fn list(names: &[&str]) -> String {
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}
