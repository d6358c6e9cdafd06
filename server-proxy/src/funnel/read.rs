//! Checks a funnel's file as a whole, against its connection's CRM too. Every mistake is reported.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use latchkey_contract::{Channel, FieldKind, HONEYPOT, countries, rules};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use url::Url;

use super::{
    AffiliateRule, Finish, Funnel, Language,
    expand::{self, Given, Wants},
    language,
    tables::{Agreement, Choice, Field, File, FinishKind, FinishTable, LONGEST_LEAST_FILL_MS, Localised, Step, Tracking},
    template::Template,
    view,
};
use crate::{
    config::Problems,
    crm::{Action, Affiliate, Catalog, Crm, FormField, List, Rest, SignupForm},
    origin::Origin,
};

/// What a funnel refers to.
pub(crate) struct Surroundings<'a> {
    /// `None` for a connection that is there but wrong: the funnel is checked without it.
    pub(crate) connections: &'a BTreeMap<String, Option<Arc<dyn Crm>>>,
    pub(crate) affiliates: &'a [Arc<Affiliate>],
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
    let file: File = problems.read("", value.clone())?;
    let read = Reader { surroundings, problems, locales: Vec::new() }.funnel(file, version, given)?;
    problems.is_empty().then_some(read)
}

struct Reader<'a> {
    surroundings: &'a Surroundings<'a>,
    problems: &'a mut Problems,
    locales: Vec<String>,
}

impl Reader<'_> {
    fn funnel(&mut self, mut file: File, version: String, given: Option<&Given>) -> Option<Read> {
        let id = self.problems.required("id", file.id.clone());
        let id = self.problems.parse("id", id.as_deref(), parse_id);
        self.locales(&file.locales);
        let origins = self.origins(&file.origins);
        let crm = self.connection(file.connection.as_deref());
        let form = crm.as_deref().and_then(|crm| self.form(crm, file.action));
        let wants = self.wants(&file, crm.as_deref());
        if let (Some(given), Some(form)) = (given, form) {
            let usual = crm.as_deref().and_then(|crm| usual_form(crm, file.action));
            for left_out in expand::expand(&mut file, given, form, &self.locales, usual) {
                self.problems.warn("steps", left_out);
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
        self.texts(&file.texts);

        let (id, connection) = (id?, file.connection.clone()?);
        if !self.problems.is_empty() {
            return None;
        }
        if !is_whole {
            return Some(Read::Wanting { id, connection, wants });
        }
        let of = view::Of { id: &id, version: &version, affiliate: &affiliate, form: form?, lists: lists(crm.as_deref()) };
        let languages: BTreeMap<_, _> =
            self.locales.iter().map(|locale| (locale.clone(), Arc::new(view::language(&file, &of, locale)))).collect();
        self.defaults(languages.values().next()?);
        let lookups = view::lookups(&file, &of);
        let known = |affiliate: &&Arc<Affiliate>| affiliate.connection == connection;
        Some(Read::Whole(Box::new(Funnel {
            id,
            version,
            origins,
            action: file.action,
            locales: self.locales.clone(),
            languages,
            lookups,
            routing: file.routing,
            affiliate,
            affiliates: self.surroundings.affiliates.iter().filter(known).cloned().collect(),
            tracking_map,
            finish,
            known_email: file.known_email,
            least_fill: Duration::from_millis(file.bots.least_fill_ms().into()),
            connection,
        })))
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

    /// What the funnel wants of its CRM, as far as the CRM has it.
    fn wants(&mut self, file: &File, crm: Option<&dyn Crm>) -> Wants {
        let Some(crm) = crm else { return Wants::default() };
        let forms = crm.catalog().map(|catalog| catalog.forms(file.action)).unwrap_or_default();
        if file.steps.is_crm() && !crm.catalog().is_some_and(Catalog::has_steps) {
            self.problems.add("steps", "this CRM has no steps to take them from");
        }
        for (index, step) in file.steps.own().iter().enumerate().filter(|(_, step)| step.fields.is_crm()) {
            match step.form.as_deref() {
                _ if forms.is_empty() => {
                    self.problems.add(format!("steps[{index}].fields"), "this CRM has no forms to take them from, for this action")
                }
                Some(form) if !crm.catalog().is_some_and(|catalog| catalog.has_form(file.action, form)) => {
                    self.problems.add(format!("steps[{index}].form"), format!("the CRM has no form \"{form}\"; it has {}", list(forms)))
                }
                _ => {}
            }
        }
        Wants::of(file, usual_form(crm, file.action))
    }

    /// `is_whole`: whether what the CRM is to say has been said.
    fn steps(&mut self, file: &File, form: Option<&SignupForm>, crm: Option<&dyn Crm>, is_whole: bool) {
        let steps = file.steps.own();
        if steps.is_empty() && is_whole {
            self.problems.add("steps", "is missing: a funnel has a step with fields");
        }
        let (mut ids, mut names) = (BTreeSet::new(), BTreeSet::new());
        for (index, step) in steps.iter().enumerate() {
            let at = format!("steps[{index}]");
            let id = self.problems.required(&format!("{at}.id"), step.id.as_ref());
            if id.is_some_and(|id| !ids.insert(id)) {
                self.problems.add(format!("{at}.id"), "stands twice");
            }
            self.localised(&format!("{at}.title"), step.title.as_ref());
            if step.form.is_some() && !step.fields.is_crm() && is_whole && !file.steps.is_crm() && step.fields.own().is_empty() {
                self.problems.add(format!("{at}.form"), "is for fields = \"crm\"");
            }
            if step.fields.own().is_empty() && !step.fields.is_crm() {
                self.problems.add(format!("{at}.fields"), "is missing: a step has fields");
            }
            for (index, field) in step.fields.own().iter().enumerate() {
                self.field(&format!("{at}.fields[{index}]"), field, form, &mut names);
            }
        }
        if is_whole && let Some(form) = form {
            self.demands(file, form);
            self.lookups(steps, form, crm);
            self.codes(steps, form);
        }
    }

    fn demands(&mut self, file: &File, form: &SignupForm) {
        for names in form.demands {
            if names.iter().any(|name| file.routing.contains_key(*name)) {
                continue;
            }
            if let Some(name) = names.iter().find(|name| form.sets(name)) {
                self.problems.add(format!("routing.{name}"), "is missing: the CRM demands it");
                continue;
            }
            let asked: Vec<_> = file
                .steps
                .own()
                .iter()
                .flat_map(|step| step.fields.own())
                .filter(|field| field.name.as_deref().is_some_and(|name| names.contains(&name)))
                .collect();
            let names = names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(" or ");
            if asked.is_empty() {
                self.problems.add("steps", format!("the CRM demands {names}, and no field asks for it"));
            } else if !asked.iter().any(|field| field.required) {
                self.problems.add("steps", format!("the CRM demands {names}: its field needs required = true"));
            }
        }
    }

    /// A field whose options come from one of the CRM's lists needs the CRM to have it, and the field that it lies within.
    fn lookups(&mut self, steps: &[Step], form: &SignupForm, crm: Option<&dyn Crm>) {
        let fields: Vec<_> = steps.iter().flat_map(|step| step.fields.own()).collect();
        for (index, field) in fields.iter().enumerate() {
            let name = field.name.as_deref().unwrap_or_default();
            let Some(list) = field.list else { continue };
            if list != List::Countries && !lists(crm).contains(&list) {
                self.problems.add(format!("steps.{name}.list"), format!("this CRM has no list of {}", list.as_str()));
            }
            if list != List::Countries && view::within(field, &fields[..index], form).is_none() {
                self.problems.add(format!("steps.{name}.within"), format!("names no field before this one that {} lie in", list.as_str()));
            }
        }
    }

    /// A code is sent to what was filled in before it.
    fn codes(&mut self, steps: &[Step], form: &SignupForm) {
        let fields: Vec<_> = steps.iter().flat_map(|step| step.fields.own()).collect();
        for (index, field) in fields.iter().enumerate() {
            let name = field.name.as_deref().unwrap_or_default();
            let kind_of = |field: &Field| field.kind(field.name.as_deref().and_then(|name| form.field(name)));
            let Some(channel) = form.field(name).and_then(|known| known.channel) else { continue };
            let kind = channel_kind(channel);
            if !fields[..index].iter().any(|before| kind_of(before) == kind && (before.required || !field.required)) {
                let kind = format!("{kind:?}").to_lowercase();
                self.problems.add(
                    format!("steps.{name}"),
                    format!("is sent to a field of kind \"{kind}\": one has to stand before it, and be required if the code is"),
                );
            }
        }
    }

    fn field(&mut self, at: &str, field: &Field, form: Option<&SignupForm>, names: &mut BTreeSet<String>) {
        let key = |name: &str| format!("{at}.{name}");
        let Some(name) = self.problems.required(&key("name"), field.name.as_deref()) else { return };
        if name == HONEYPOT {
            self.problems.add(key("name"), format!("\"{HONEYPOT}\" is the trap for bots, which people do not see"));
        } else if let Some(form) = form.filter(|form| !form.takes(name)) {
            let hint = if form.sets(name) {
                "only the server sets it, in [routing]".to_owned()
            } else {
                format!("it has {}", list(&form.fields.iter().map(|field| field.name).collect::<Vec<_>>()))
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
        let known = form.and_then(|form| form.field(name));
        let kind = field.kind(known);
        // Without its CRM's form, what a field is by its name is not known: that form's mistake is reported, and is enough.
        if form.is_some() || field.kind.is_some() {
            self.of_kind(at, field, kind, known);
        }
    }

    fn of_kind(&mut self, at: &str, field: &Field, kind: FieldKind, known: Option<&FormField>) {
        let key = |name: &str| format!("{at}.{name}");
        let name = field.name.as_deref().unwrap_or_default();
        if let Some(fixed) = Field::fixed_kind(known).filter(|fixed| *fixed != kind) {
            self.problems.add(key("kind"), format!("\"{name}\" is of kind {}", format!("{fixed:?}").to_lowercase()));
        }
        let from_list = field.list.is_some() || known.is_some_and(|known| known.list.is_some());
        if kind == FieldKind::Code && known.and_then(|known| known.channel).is_none() {
            self.problems.add(key("kind"), "the CRM takes no code here");
        }
        if field.read_only && field.default.is_none() {
            self.problems.add(key("read_only"), "a field that nobody can fill in needs a default");
        }
        if kind == FieldKind::Select && field.options.is_empty() && !from_list {
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
            Some(affiliate) => return AffiliateRule::Pinned(affiliate.crm_id.clone()),
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
