//! Checks a funnel's file as a whole, against its connection's CRM too. Every mistake is reported.

mod conditions;
mod kinds;
mod steps;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use latchkey_contract::{
    Channel, FieldKind,
    rules::{self, Violation},
};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use url::Url;

use super::{
    AffiliateRule, Challenge, Finish, Funnel, Language, Variant,
    expand::{self, Given, Wants},
    language,
    tables::{Agreement, File, FinishKind, FinishTable, Isolation, LONGEST_LEAST_FILL_MS, Localised, Tracking},
    template::Template,
    texts, theme, variants, view,
};
use crate::{
    captcha::{Captchas, WORK},
    config::Problems,
    crm::{Action, Affiliate, Catalog, Crm, List, Rest, SignupForm},
    origin::Origin,
};

/// What a funnel refers to.
pub(crate) struct Surroundings<'a> {
    /// `None` for a connection that is there but wrong: the funnel is checked without it.
    pub(crate) connections: &'a BTreeMap<String, Option<Arc<dyn Crm>>>,
    pub(crate) affiliates: &'a [Arc<Affiliate>],
    pub(crate) captchas: &'a Captchas,
    /// The proxy's own origin, from which every funnel may be sent.
    pub(crate) own_origin: Option<&'a Origin>,
}

/// The largest `maxLength` a funnel may give.
const LONGEST: usize = 2_000;

/// A funnel's file, checked.
pub(crate) enum Read {
    Whole(Box<Funnel>),
    /// Right as far as it goes: its CRM says the rest.
    Wanting {
        id: String,
        connection: String,
        origins: Vec<Origin>,
        wants: Wants,
    },
}

/// Reads a funnel, with what its CRM gave, where it has given it. Every mistake is reported; with any, there is no funnel.
pub(crate) fn read(value: &Value, given: Option<&Given>, surroundings: &Surroundings<'_>, problems: &mut Problems) -> Option<Read> {
    // What figment reads is sorted by key, so the same content gives the same version whatever its order in the file.
    let content = match given {
        Some(given) => format!("{value}{}", serde_json::json!(given)),
        None => value.to_string(),
    };
    let version = hex::encode(Sha256::digest(content))[..16].to_owned();
    let mut own = value.clone();
    let variants = variants::split(&mut own, problems);
    let mut read = whole(own, None, &version, given, surroundings, problems);
    for variant in variants {
        let mut found = problems.aside();
        let said = whole(variant.file, Some(&variant.id), &version, given, surroundings, &mut found);
        problems.absorb_new(found, &format!("variants.{}", variant.id));
        read = read.zip(said).map(|(read, said)| read.with(variant.id, variant.weight, said));
    }
    read.filter(|_| problems.is_empty())
}

/// A file without variants, or what a variant makes of it.
fn whole(
    value: Value,
    variant: Option<&str>,
    version: &str,
    given: Option<&Given>,
    surroundings: &Surroundings<'_>,
    problems: &mut Problems,
) -> Option<Read> {
    let file: File = problems.read("", value)?;
    let framed = file.isolation == Isolation::Frame;
    Reader { surroundings, problems, locales: Vec::new(), framed }.funnel(file, version, variant, given)
}

impl Read {
    fn with(self, variant: String, weight: u32, said: Read) -> Read {
        match (self, said) {
            (Read::Whole(mut funnel), Read::Whole(said)) => {
                funnel.variants.push(Variant { id: variant, weight, languages: said.languages });
                Read::Whole(funnel)
            }
            (Read::Wanting { id, connection, origins, wants }, said) | (said, Read::Wanting { id, connection, origins, wants }) => {
                let wants = match said {
                    Read::Wanting { wants: more, .. } => wants.and(more),
                    Read::Whole(_) => wants,
                };
                Read::Wanting { id, connection, origins, wants }
            }
        }
    }
}

struct Reader<'a> {
    surroundings: &'a Surroundings<'a>,
    problems: &'a mut Problems,
    locales: Vec<String>,
    /// Whether the whole form stands in a frame of the proxy's own origin.
    framed: bool,
}

impl Reader<'_> {
    fn funnel(&mut self, mut file: File, version: &str, variant: Option<&str>, given: Option<&Given>) -> Option<Read> {
        let id = self.problems.required("id", file.id.clone());
        let id = self.problems.parse("id", id.as_deref(), parse_id);
        self.locales(&file.locales);
        let origins = self.origins(&file.origins);
        let crm = self.connection(file.connection.as_deref());
        let form = crm.as_deref().and_then(|crm| self.form(crm, file.action));
        let wants = self.wants(&file, crm.as_deref());
        if let (Some(given), Some(form)) = (given, form) {
            let usual = crm.as_deref().and_then(|crm| usual_form(crm, file.action));
            for told in expand::expand(&mut file, given, form, &self.locales, usual, lists(crm.as_deref())) {
                self.problems.warn("steps", told);
            }
        }
        let is_whole = wants.is_empty() || given.is_some();
        self.steps(&file, form, crm.as_deref(), is_whole);
        self.agreements(&file.agreements);
        self.routing(&file.routing, form);
        let tracking_map = self.tracking(&file.tracking, form);
        let affiliate = self.affiliate(&file);
        let finish = self.finish(&file.finish, form);
        if file.bots.least_fill_ms() > LONGEST_LEAST_FILL_MS {
            self.problems.add("bots.least_fill_ms", format!("is more than {LONGEST_LEAST_FILL_MS}"));
        }
        let challenge = self.challenge(file.bots.challenge.as_deref());
        self.texts(&file.texts);
        let theme = theme::theme_css(&theme::read(&file.theme, self.problems)).into();

        let (id, connection) = (id?, file.connection.clone()?);
        if !self.problems.is_empty() {
            return None;
        }
        if !is_whole {
            return Some(Read::Wanting { id, connection, origins, wants });
        }
        let of = view::Of { theme: &theme, id: &id, version, variant, affiliate: &affiliate, form: form?, lists: lists(crm.as_deref()) };
        let languages: BTreeMap<_, _> =
            self.locales.iter().map(|locale| (locale.clone(), Arc::new(view::language(&file, &of, locale)))).collect();
        self.defaults(languages.values().next()?);
        let known = |affiliate: &&Arc<Affiliate>| affiliate.connection == connection;
        Some(Read::Whole(Box::new(Funnel {
            id,
            version: version.to_owned(),
            origins,
            action: file.action,
            locales: self.locales.clone(),
            languages,
            variants: Vec::new(),
            routing: file.routing,
            affiliate,
            affiliates: self.surroundings.affiliates.iter().filter(known).cloned().collect(),
            tracking_map,
            finish,
            known_email: file.known_email,
            on_unknown: file.on_unknown,
            least_fill: Duration::from_millis(file.bots.least_fill_ms().into()),
            challenge,
            connection,
        })))
    }

    fn locales(&mut self, locales: &[String]) {
        for (index, locale) in locales.iter().enumerate() {
            let key = format!("locales[{index}]");
            let parsed = self.problems.parse(&key, Some(locale), language::parse);
            if !texts::is_built_in(locale) {
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

    fn connection(&mut self, name: Option<&str>) -> Option<Arc<dyn Crm>> {
        let name = self.problems.required("connection", name)?;
        let known = self.surroundings.connections.get(name);
        if known.is_none() {
            let names: Vec<_> = self.surroundings.connections.keys().map(String::as_str).collect();
            self.problems.add("connection", format!("there is no [connections.{name}]; there is {}", list(&names)));
        }
        known?.clone()
    }

    fn form<'c>(&mut self, crm: &'c dyn Crm, action: Action) -> Option<&'c SignupForm> {
        let form = crm.form(action);
        if form.is_none() {
            let known: Vec<_> = Action::ALL.into_iter().filter(|action| crm.form(*action).is_some()).map(Action::as_str).collect();
            self.problems.add("action", format!("the CRM has no \"{}\"; it has {}", action.as_str(), list(&known)));
        }
        form
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
            let members = |form: &SignupForm| {
                let rest = if let Rest::Query(member) = form.rest { Some(member) } else { None };
                form.tracking.iter().map(|(_, member)| *member).chain(rest).collect::<BTreeSet<_>>()
            };
            if let Some(form) = form.filter(|form| form.rest != Rest::Members && !members(form).contains(member.as_str())) {
                let known: Vec<_> = members(form).into_iter().collect();
                self.problems.add(key.clone(), format!("the CRM has no such tracking value; it has {}", list(&known)));
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
            Some(affiliate) => return AffiliateRule::Pinned(affiliate.clone()),
        }
        AffiliateRule::Nobody
    }

    fn finish(&mut self, finish: &FinishTable, form: Option<&SignupForm>) -> Finish {
        let login_url = self.problems.parse("finish.login_url", finish.login_url.as_deref(), page_address);
        self.localised("finish.message", finish.message.as_ref());
        let own = form.map(|form| form.finish).unwrap_or_default();
        for (name, value) in &finish.of_the_crm {
            let key = format!("finish.{name}");
            match own.iter().find(|(known, _)| known == name) {
                // Without the CRM's form nothing is known of it.
                None if form.is_none() => {}
                None => {
                    let known: Vec<_> = ["kind", "login_url", "message"].into_iter().chain(own.iter().map(|(name, _)| *name)).collect();
                    self.problems.add(key, format!("is unknown here: there is {}", list(&known)));
                }
                Some((_, kind)) if !kind.takes(value) => self.problems.add(key, format!("{value} is not {}", kind.describe())),
                Some(_) => {}
            }
        }
        Finish { redirect: finish.kind == FinishKind::Redirect, login_url, of_the_crm: finish.of_the_crm.clone() }
    }

    fn challenge(&mut self, name: Option<&str>) -> Option<Challenge> {
        let name = name?;
        if name == WORK {
            return Some(Challenge::Work);
        }
        let captchas = self.surroundings.captchas;
        if !captchas.contains_key(name) {
            let names: Vec<_> = std::iter::once(WORK).chain(captchas.keys().map(String::as_str)).collect();
            self.problems.add("bots.challenge", format!("there is no [captchas.{name}]; there is {}", list(&names)));
        }
        captchas.get(name).cloned().flatten().map(Challenge::Captcha)
    }

    fn texts(&mut self, texts: &BTreeMap<String, Localised>) {
        for (key, text) in texts {
            let at = format!("texts.{key}");
            if !texts::is_text(key) {
                self.problems.add(at.clone(), "is no text of ours");
            }
            self.localised(&at, Some(text));
        }
    }

    /// A default that breaks its field's rules would greet every visitor with an error.
    fn defaults(&mut self, language: &Language) {
        for (step, field) in language.view.steps.iter().flat_map(|step| step.fields.iter().map(move |field| (step, field))) {
            let default = field.default.as_deref().filter(|default| !default.is_empty());
            let checked = default.map(|default| rules::check(field, &rules::normalise(field.kind, default), "", rules::Date::LATEST));
            // What it has to match is not there yet.
            if let Some(Err(violation)) = checked.filter(|checked| *checked != Err(Violation::Matches)) {
                let reason = format!("the default breaks the field's own rules: {}", language.violation(field, violation));
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
pub(super) fn parse_id(text: &str) -> Result<String, String> {
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

/// The kind of field that says where such a code goes.
pub(crate) fn channel_kind(channel: Channel) -> FieldKind {
    match channel {
        Channel::Email => FieldKind::Email,
        Channel::Phone => FieldKind::Tel,
    }
}

/// The form of a step that names none.
fn usual_form(crm: &dyn Crm, action: Action) -> Option<&'static str> {
    crm.catalog()?.forms(action).first().copied()
}

fn lists(crm: Option<&dyn Crm>) -> &'static [List] {
    crm.and_then(Crm::catalog).map(Catalog::lists).unwrap_or_default()
}

fn list(names: &[&str]) -> String {
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}
