//! A funnel's file: read as it stands, then checked as a whole against its connection's CRM.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use latchkey_contract::{AgreementView, ChoiceView, FieldKind, FieldView, FunnelView, HONEYPOT, StepView, TrackingView, rules};
use serde::Deserialize;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use url::Url;

use super::{AffiliateRule, Finish, Funnel, KnownEmail, Language, language, template::Template};
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    id: Option<String>,
    connection: Option<String>,
    action: Option<String>,
    #[serde(default)]
    origins: Vec<String>,
    #[serde(default)]
    locales: Vec<String>,
    affiliate: Option<String>,
    #[serde(default)]
    known_email: KnownEmailKey,
    #[serde(default)]
    steps: Vec<Step>,
    #[serde(default)]
    agreements: Vec<Agreement>,
    #[serde(default)]
    routing: Map<String, Value>,
    #[serde(default)]
    tracking: Tracking,
    #[serde(default)]
    finish: FinishTable,
    #[serde(default)]
    bots: Bots,
    /// Our own texts, worded anew.
    #[serde(default)]
    texts: BTreeMap<String, Localised>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    id: Option<String>,
    title: Option<Localised>,
    #[serde(default)]
    fields: Vec<Field>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Field {
    name: Option<String>,
    kind: Option<FieldKind>,
    label: Option<Localised>,
    help: Option<Localised>,
    placeholder: Option<Localised>,
    #[serde(default)]
    required: bool,
    max_length: Option<usize>,
    min_age: Option<u8>,
    default: Option<String>,
    from_url: Option<String>,
    #[serde(default)]
    options: Vec<Choice>,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "a text, or a table of value and label")]
enum Choice {
    Value(String),
    Labelled(LabelledChoice),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LabelledChoice {
    value: String,
    label: Localised,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Agreement {
    label: Option<String>,
    text: Option<Localised>,
    url: Option<String>,
    #[serde(default)]
    required: bool,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Tracking {
    keep_days: Option<u32>,
    #[serde(default)]
    affiliates: Vec<String>,
    #[serde(default)]
    map: BTreeMap<String, String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct FinishTable {
    #[serde(default)]
    kind: FinishKind,
    login_url: Option<String>,
    message: Option<Localised>,
}

#[derive(Deserialize, Default, PartialEq)]
#[serde(rename_all = "lowercase")]
enum FinishKind {
    #[default]
    Redirect,
    Message,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "lowercase")]
enum KnownEmailKey {
    #[default]
    Tell,
    Quiet,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Bots {
    least_fill_ms: Option<u64>,
}

/// One text for all languages, or one a language.
#[derive(Deserialize, Clone)]
#[serde(untagged, expecting = "a text, or a table of a text a language")]
enum Localised {
    One(String),
    Each(BTreeMap<String, String>),
}

/// The largest `maxLength` a funnel may give.
const LONGEST: usize = 2_000;
const LONGEST_TEXT_DEFAULT: usize = 100;
/// The longest address of RFC 5321, 4.5.3.1.3, less its angle brackets.
const LONGEST_EMAIL: usize = 254;
const LONGEST_PHONE: usize = 32;
const KEEP_DAYS: u32 = 30;
const LEAST_FILL: Duration = Duration::from_secs(1);

/// Reads a funnel. Every mistake is reported; with any, there is no funnel.
pub(crate) fn read(value: Value, surroundings: &Surroundings<'_>, problems: &mut Problems) -> Option<Funnel> {
    // serde_json's tables are sorted by key, so the same content gives the same version whatever its order in the file.
    let version = hex(&Sha256::digest(value.to_string()))[..32].to_owned();
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
        self.texts(&file.texts);

        let (id, connection) = (id?, file.connection.clone()?);
        if !self.problems.is_empty() {
            return None;
        }
        let languages =
            self.locales.iter().map(|locale| (locale.clone(), self.language(&file, &id, &version, locale, &affiliate))).collect();
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
            known_email: match file.known_email {
                KnownEmailKey::Tell => KnownEmail::Tell,
                KnownEmailKey::Quiet => KnownEmail::Quiet,
            },
            least_fill: file.bots.least_fill_ms.map_or(LEAST_FILL, |ms| Duration::from_millis(ms.min(60_000))),
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
        let kind = kind(field);
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
            if kind == FieldKind::Country && celes::Country::from_alpha2(value).is_err() {
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

    /// What was checked, in one language.
    fn language(&self, file: &File, id: &str, version: &str, locale: &str, affiliate: &AffiliateRule) -> Language {
        let mut texts = language::built_in(locale).clone();
        texts.extend(file.texts.iter().filter_map(|(key, text)| Some((key.clone(), text.in_locale(locale)?))));
        let agreements: Vec<_> = file.agreements.iter().filter_map(|agreement| agreement_view(agreement, locale)).collect();
        let agreement_hashes = agreements
            .iter()
            .map(|agreement| hex(&Sha256::digest(format!("{}\n{}", agreement.text, agreement.url.as_deref().unwrap_or_default()))))
            .collect();
        let step = |step: &Step| StepView {
            id: step.id.clone().unwrap_or_default(),
            title: step.title.as_ref().and_then(|title| title.in_locale(locale)),
            fields: step.fields.iter().filter_map(|field| field_view(field, locale, &texts)).collect(),
        };
        let view = FunnelView {
            id: id.to_owned(),
            version: version.to_owned(),
            locale: locale.to_owned(),
            rtl: language::is_right_to_left(locale),
            steps: file.steps.iter().map(step).collect(),
            agreements,
            tracking: TrackingView {
                keep_days: file.tracking.keep_days.unwrap_or(KEEP_DAYS),
                affiliate: matches!(affiliate, AffiliateRule::Any | AffiliateRule::OneOf(_)),
            },
            texts: language::for_widget(&texts),
        };
        let finish_message = file.finish.message.as_ref().and_then(|message| message.in_locale(locale));
        Language { view: Arc::new(view), texts, finish_message, agreement_hashes }
    }
}

impl Localised {
    fn in_locale(&self, locale: &str) -> Option<String> {
        match self {
            Localised::One(text) => Some(text.clone()),
            Localised::Each(texts) => texts.get(locale).cloned(),
        }
    }
}

fn agreement_view(agreement: &Agreement, locale: &str) -> Option<AgreementView> {
    Some(AgreementView {
        label: agreement.label.clone()?,
        text: agreement.text.as_ref()?.in_locale(locale)?,
        url: agreement.url.clone(),
        required: agreement.required,
    })
}

fn field_view(field: &Field, locale: &str, texts: &BTreeMap<String, String>) -> Option<FieldView> {
    let name = field.name.clone()?;
    let kind = kind(field);
    let localised = |text: &Option<Localised>| text.as_ref().and_then(|text| text.in_locale(locale));
    let label = localised(&field.label).or_else(|| texts.get(&format!("field.{name}")).cloned()).unwrap_or_else(|| name.clone());
    let options = match (kind, field.options.as_slice()) {
        (FieldKind::Country, []) => {
            celes::Country::get_countries().iter().map(|country| ChoiceView { value: country.alpha2.to_owned(), label: None }).collect()
        }
        (_, choices) => choices.iter().map(|choice| choice.view(kind, locale)).collect(),
    };
    Some(FieldView {
        autocomplete: autocomplete(&name, kind).map(str::to_owned),
        label,
        required: field.required,
        max_length: field.max_length.unwrap_or(match kind {
            FieldKind::Email => LONGEST_EMAIL,
            FieldKind::Tel => LONGEST_PHONE,
            FieldKind::Text | FieldKind::Date | FieldKind::Select | FieldKind::Country => LONGEST_TEXT_DEFAULT,
        }),
        min_age: field.min_age,
        help: localised(&field.help),
        placeholder: localised(&field.placeholder),
        default: field.default.clone(),
        from_url: field.from_url.clone(),
        options,
        name,
        kind,
    })
}

impl Choice {
    fn view(&self, kind: FieldKind, locale: &str) -> ChoiceView {
        match self {
            // A country's name is the browser's to know; any other value is its own label.
            Choice::Value(value) => ChoiceView { value: value.clone(), label: (kind != FieldKind::Country).then(|| value.clone()) },
            Choice::Labelled(labelled) => ChoiceView { value: labelled.value.clone(), label: labelled.label.in_locale(locale) },
        }
    }
}

/// The kind that is given, or the one that the name says.
fn kind(field: &Field) -> FieldKind {
    field.kind.unwrap_or(match field.name.as_deref() {
        Some("email") => FieldKind::Email,
        Some("phone" | "additionalPhone") => FieldKind::Tel,
        Some("dateOfBirth") => FieldKind::Date,
        Some("billing.country") => FieldKind::Country,
        _ if !field.options.is_empty() => FieldKind::Select,
        _ => FieldKind::Text,
    })
}

/// The HTML standard's autofill tokens.
fn autocomplete(name: &str, kind: FieldKind) -> Option<&'static str> {
    Some(match name {
        "email" => "email",
        "phone" => "tel",
        "firstName" => "given-name",
        "middleName" => "additional-name",
        "lastName" => "family-name",
        "gender" => "sex",
        "dateOfBirth" => "bday",
        "billing.country" => "country",
        "billing.region" => "address-level1",
        "billing.city" => "address-level2",
        "billing.postcode" => "postal-code",
        "billing.address" => "street-address",
        _ if kind == FieldKind::Email => "email",
        _ => return None,
    })
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

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut hex, byte| {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
