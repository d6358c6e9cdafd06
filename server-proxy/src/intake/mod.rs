//! A signup's way in: allowed origin, rate, form token, the contract's rules, what looks like a bot's, and then kept.
//!
//! Who fails the checks for bots is kept as suspect and answered as accepted: autofill trips honeypots, and a lead may not
//! be lost to one.

mod attack;
mod challenge;
pub(crate) mod client_ip;
mod codes;
pub(crate) mod form_token;
pub(crate) mod phone;
mod rate;
mod rules;
mod work;

pub(crate) use challenge::Asked;
pub(crate) use codes::WantedCode;

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
    sync::Arc,
    time::Duration,
};

use jiff::Timestamp;
use latchkey_contract::{FieldError, FieldKind, HONEYPOT, PROOF, SignupRequest, rules::Violation};
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::time::Instant;
use uuid::Uuid;

use crate::{
    config::{Limits, Work},
    crm::{CrmChoice, SignupForm},
    funnel::{Funnel, Language, Lists, Lookup},
    keys::Keyring,
    origin::Origin,
    store::{Content, Idempotency, Kept, NewSignup, Reason, Store, StoreError},
};
use challenge::Challenges;
pub(crate) use form_token::Issued;
use form_token::{BadToken, Uses, Visit};
use rate::{OnTheWay, Rate, Recipients};

/// What stands at the door.
pub(crate) struct Intake {
    keys: Arc<Keyring>,
    store: Arc<Store>,
    /// How long a signup may wait for its CRM.
    patience: Duration,
    uses: Uses,
    challenges: Challenges,
    signups: Rate,
    visits: Rate,
    codes: Rate,
    lookups: Rate,
    recipients: Recipients,
    on_the_way: OnTheWay,
    lists: Arc<Lists>,
}

/// A request to sign up, as HTTP brings it.
pub(crate) struct Arrival<'a> {
    pub(crate) funnel: &'a Funnel,
    pub(crate) form: &'a SignupForm,
    pub(crate) ip: IpAddr,
    /// The visitor's, where a trusted proxy tells it.
    pub(crate) country: Option<&'a str>,
    pub(crate) idempotency_key: Option<&'a str>,
    /// The browser's languages, for a body that names none.
    pub(crate) wishes: Vec<&'a str>,
    pub(crate) body: &'a [u8],
    pub(crate) now: Timestamp,
}

impl<'a> Arrival<'a> {
    /// The funnel in the variant and the language that its visitor was shown.
    pub(crate) fn language(&self, variant: Option<&str>, locale: Option<&str>) -> &'a Language {
        self.funnel.language(variant, locale.into_iter().chain(self.wishes.iter().copied()))
    }
}

/// What became of it.
#[derive(Debug)]
pub(crate) enum Received {
    /// Kept; it is to be delivered.
    New(Uuid),
    /// Kept, and not to be delivered.
    Suspect(Uuid),
    /// The same request came before.
    Before(Uuid),
    /// A signup with this e-mail is under way.
    UnderWay,
}

/// Why nothing was kept.
#[derive(Debug)]
pub(crate) enum Refusal {
    Origin,
    TooMany(Duration),
    /// A code was sent to that address a moment ago.
    TooSoon(Duration),
    NotJson(String),
    Invalid(Vec<FieldError>),
    IdempotencyKey,
    KeyReused,
    NotKept(StoreError),
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Refusal {
        Refusal::NotKept(error)
    }
}

/// Of what a page makes up, so much is logged.
const LONGEST_LOGGED: usize = 64;
/// The longest `Idempotency-Key`, in bytes.
const LONGEST_KEY: usize = 255;
/// How long a signup waits for the CRM's lists, all of them together.
const LOOKUP_PATIENCE: Duration = Duration::from_secs(2);

impl Intake {
    pub(crate) fn new(keys: Arc<Keyring>, store: Arc<Store>, lists: Arc<Lists>, limits: &Limits, work: Work, patience: Duration) -> Intake {
        Intake {
            keys,
            store,
            patience,
            uses: Uses::default(),
            challenges: Challenges::new(work),
            signups: Rate::per_minute(limits.signups_per_minute),
            visits: Rate::per_minute(limits.visits_per_minute),
            codes: Rate::per_minute(limits.codes_per_minute),
            lookups: Rate::per_minute(limits.visits_per_minute),
            recipients: Recipients::default(),
            on_the_way: OnTheWay::default(),
            lists,
        }
    }

    /// Begins a visit, or gives the visit of `renewed` a new token.
    pub(crate) fn visit(
        &self,
        funnel: &Funnel,
        origin: Option<&str>,
        ip: IpAddr,
        renewed: Option<&str>,
        now: Timestamp,
    ) -> Result<Issued, Refusal> {
        allowed(funnel, origin)?;
        self.begin(funnel, ip, renewed, now)
    }

    /// The same for a page of our own.
    pub(crate) fn begin(&self, funnel: &Funnel, ip: IpAddr, renewed: Option<&str>, now: Timestamp) -> Result<Issued, Refusal> {
        self.visits.check(ip).map_err(Refusal::TooMany)?;
        let visit = renewed.and_then(|token| form_token::renewable(&self.keys, &funnel.id, token, now));
        Ok(form_token::issue(&self.keys, &funnel.id, visit, now))
    }

    /// What is asked of that visit's browser before a signup is taken.
    pub(crate) fn challenge(&self, funnel: &Funnel, issued: &Issued) -> Option<Asked> {
        self.challenges.ask(&self.keys, funnel, issued.visit, issued.expires_at)
    }

    /// Whether that page and that address may send now. Asked before the body is read.
    pub(crate) fn admit(&self, funnel: &Funnel, origin: Option<&str>, ip: IpAddr) -> Result<(), Refusal> {
        allowed(funnel, origin)?;
        self.admit_own(ip)
    }

    /// Whether that address may send now from a page of our own.
    pub(crate) fn admit_own(&self, ip: IpAddr) -> Result<(), Refusal> {
        self.signups.check(ip).map_err(Refusal::TooMany)
    }

    /// What is wrong with a signup that is not whole yet: nothing is kept, and its token is not used up.
    pub(crate) async fn problems(&self, arrival: &Arrival<'_>) -> Result<Vec<FieldError>, Refusal> {
        let request: SignupRequest<Value> = parse(arrival.body)?;
        let language = arrival.language(request.variant.as_deref(), request.locale.as_deref());
        match self.obeys_rules(arrival, &request, language).await {
            Ok(_) => Ok(Vec::new()),
            Err(errors) => Ok(errors),
        }
    }

    /// Checks a request that was admitted, and keeps it.
    pub(crate) async fn receive(&self, arrival: &Arrival<'_>) -> Result<Received, Refusal> {
        let funnel = arrival.funnel;
        let request: SignupRequest<Value> = parse(arrival.body)?;
        self.challenges.count(funnel);
        let idempotency = arrival.idempotency_key.map(|key| self.idempotency(key, &request)).transpose()?;
        let (language, checked, suspect) = match self.checked(arrival, &request).await {
            Ok(checked) => checked,
            Err(refusal) => return self.answered_before(arrival, idempotency.as_ref(), refusal).await,
        };
        let signup = NewSignup {
            id: Uuid::now_v7(),
            funnel: funnel.id.clone(),
            funnel_version: funnel.version.clone(),
            variant: funnel.variant(request.variant.as_deref()).map(str::to_owned),
            connection: funnel.connection.clone(),
            received_at: self.store.now(),
            content: Content {
                address: address(language, &checked.fields),
                fields: checked.fields,
                passwords: checked.passwords,
                agreements: checked.agreements,
                tracking: checked.tracking,
                locale: language.view.locale.clone(),
                ip: arrival.ip,
            },
            idempotency,
            suspect,
        };
        let kept = self.store.keep(&signup, self.patience).await?;
        if matches!(kept, Kept::New) {
            tracing::info!(signup = %signup.id, funnel = signup.funnel, connection = signup.connection,
                suspect = suspect.map(Reason::as_str), "kept");
        }
        received(kept, signup.id, suspect)
    }

    /// What passed the rules, and what makes it look like a bot's.
    async fn checked<'a>(
        &self,
        arrival: &Arrival<'a>,
        request: &SignupRequest<Value>,
    ) -> Result<(&'a Language, Checked, Option<Reason>), Refusal> {
        let funnel = arrival.funnel;
        let language = arrival.language(request.variant.as_deref(), request.locale.as_deref());
        let visit = self.token(&funnel.id, request.form_token.as_deref(), language, arrival.now)?;
        let checked = self.obeys_rules(arrival, request, language).await.map_err(Refusal::Invalid)?;
        if let Some(unknown) = request.variant.as_deref().filter(|_| language.view.variant.is_none()) {
            let unknown: String = unknown.chars().take(LONGEST_LOGGED).collect();
            tracing::info!(
                funnel = funnel.id,
                variant = unknown,
                "a signup names a variant that the funnel does not have: it is kept without"
            );
        }
        // Last of all: it is good once, and whoever mends a field has done nothing wrong.
        let unproved = self.proved(arrival, request, language, visit).await?;
        let suspect = suspicion(&request.fields, visit, funnel.least_fill, arrival.now).or(unproved);
        Ok((language, checked, suspect))
    }

    /// Whether what the funnel asks of a browser was done; why a person has to look where that is not known.
    async fn proved(
        &self,
        arrival: &Arrival<'_>,
        request: &SignupRequest<Value>,
        language: &Language,
        visit: Visit,
    ) -> Result<Option<Reason>, Refusal> {
        let checked = self.challenges.check(&self.keys, arrival.funnel, visit, request.proof.as_deref(), arrival.now).await;
        checked.map_err(|code| {
            let message = language.texts.get("captcha.failed").to_owned();
            Refusal::Invalid(vec![FieldError { field: PROOF.to_owned(), code: code.to_owned(), message }])
        })
    }

    async fn obeys_rules(
        &self,
        arrival: &Arrival<'_>,
        request: &SignupRequest<Value>,
        language: &Language,
    ) -> Result<Checked, Vec<FieldError>> {
        let deadline = Instant::now() + LOOKUP_PATIENCE;
        let excused = self.excused(arrival.funnel, language, &request.fields, deadline).await;
        let checked = rules::check(request, language, arrival, &excused)?;
        self.check_lookups(arrival.funnel, language, &checked.fields, deadline).await?;
        Ok(checked)
    }

    /// What was kept before is answered as it was, although its token may be spent by now.
    async fn answered_before(
        &self,
        arrival: &Arrival<'_>,
        idempotency: Option<&Idempotency>,
        refusal: Refusal,
    ) -> Result<Received, Refusal> {
        let Some(idempotency) = idempotency else { return Err(refusal) };
        let kept = self.store.remembered(&arrival.funnel.id, idempotency, arrival.now).await?;
        kept.map_or(Err(refusal), |kept| received(kept, Uuid::nil(), None))
    }

    /// Forgets what is over.
    pub(crate) fn tidy(&self, now: Timestamp) {
        self.uses.tidy(now);
        self.challenges.tidy(now);
        self.signups.tidy();
        self.visits.tidy();
        self.codes.tidy();
        self.lookups.tidy();
        self.recipients.tidy();
        self.on_the_way.tidy();
    }

    /// Fields that are left empty because there is nothing to choose: a country without states has none to be asked for.
    async fn excused(&self, funnel: &Funnel, language: &Language, fields: &BTreeMap<String, Value>, deadline: Instant) -> BTreeSet<String> {
        let value = |name: &str| fields.get(name).and_then(Value::as_str).map(str::trim).filter(|value| !value.is_empty());
        let mut excused = BTreeSet::new();
        let is_demanded = |lookup: &&Lookup| language.fields().any(|field| field.name == lookup.field && field.required);
        for lookup in language.lookups.iter().filter(|lookup| value(&lookup.field).is_none()).filter(is_demanded) {
            let Some(within) = &lookup.within else { continue };
            let is_empty = match value(within) {
                Some(within) => self.choices(funnel, lookup, Some(within), deadline).await.is_some_and(|choices| choices.is_empty()),
                // What would lie in something that there is none of.
                None => excused.contains(within),
            };
            if is_empty {
                excused.insert(lookup.field.clone());
            }
        }
        excused
    }

    /// Nothing is kept yet: a CRM that is slow to tell must not make a visitor leave.
    async fn choices(&self, funnel: &Funnel, lookup: &Lookup, within: Option<&str>, deadline: Instant) -> Option<Arc<[CrmChoice]>> {
        let asked = self.lists.choices(&funnel.connection, lookup, within);
        tokio::time::timeout_at(deadline, asked).await.ok()?.ok()
    }

    /// Whether what was chosen stands in the CRM's lists. While a CRM cannot tell, it is the CRM's to refuse.
    async fn check_lookups(
        &self,
        funnel: &Funnel,
        language: &Language,
        fields: &BTreeMap<String, String>,
        deadline: Instant,
    ) -> Result<(), Vec<FieldError>> {
        let mut errors = Vec::new();
        for lookup in &language.lookups {
            let Some(value) = fields.get(&lookup.field) else { continue };
            let within = lookup.within.as_ref().and_then(|within| fields.get(within));
            let Some(choices) = self.choices(funnel, lookup, within.map(String::as_str), deadline).await else { continue };
            if let Some(field) = language.fields().find(|field| field.name == lookup.field)
                && !choices.iter().any(|choice| choice.value == *value)
            {
                let message = language.violation(field, Violation::Option);
                errors.push(FieldError { field: lookup.field.clone(), code: Violation::Option.code().to_owned(), message });
            }
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }

    fn idempotency(&self, key: &str, request: &SignupRequest<Value>) -> Result<Idempotency, Refusal> {
        if key.is_empty() || key.len() > LONGEST_KEY || !key.bytes().all(|byte| (0x21..=0x7e).contains(&byte)) {
            return Err(Refusal::IdempotencyKey);
        }
        // Tables are sorted, so what is the same reads the same. Tokens and the language do not count.
        let content = serde_json::json!([request.fields, request.agreements, request.tracking]).to_string();
        Ok(Idempotency {
            keys: self.keys.hashes("idempotency key", key.as_bytes()),
            fingerprints: self.keys.hashes("fingerprint", content.as_bytes()),
        })
    }

    fn token(&self, funnel: &str, token: Option<&str>, language: &Language, now: Timestamp) -> Result<Visit, Refusal> {
        self.uses.check(&self.keys, funnel, token, now).map_err(|bad: BadToken| {
            let message = language.texts.get("error.busy").to_owned();
            Refusal::Invalid(vec![FieldError { field: "formToken".to_owned(), code: bad.code().to_owned(), message }])
        })
    }
}

fn received(kept: Kept, id: Uuid, suspect: Option<Reason>) -> Result<Received, Refusal> {
    match (kept, suspect) {
        (Kept::New, None) => Ok(Received::New(id)),
        (Kept::New, Some(_)) => Ok(Received::Suspect(id)),
        (Kept::Before(id), _) => Ok(Received::Before(id)),
        (Kept::UnderWay, _) => Ok(Received::UnderWay),
        (Kept::KeyReused, _) => Err(Refusal::KeyReused),
    }
}

/// Browsers send an origin with every POST. A request without one is no browser's, or one that hides where it is from.
fn allowed(funnel: &Funnel, origin: Option<&str>) -> Result<(), Refusal> {
    match origin.and_then(Origin::from_header) {
        Some(origin) if funnel.allows(&origin) => Ok(()),
        _ => Err(Refusal::Origin),
    }
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    // Two steps, so that what is no JSON is told from JSON of another shape.
    let value: Value = serde_json::from_slice(body).map_err(|error| Refusal::NotJson(error.to_string()))?;
    if !value.is_object() {
        // A list of the members in their order would be read as well.
        let message = "the body has to be an object".to_owned();
        return Err(Refusal::Invalid(vec![FieldError { field: String::new(), code: "type".to_owned(), message }]));
    }
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        let message = error.inner().to_string();
        let code = if message.starts_with("unknown field") { "unknown_field" } else { "type" };
        Refusal::Invalid(vec![FieldError { field: path.trim_matches('.').to_owned(), code: code.to_owned(), message }])
    })
}

/// The e-mail of whoever signs up; for a lead that need not have one, the phone number. It tells whether they are under way.
fn address(language: &Language, fields: &BTreeMap<String, String>) -> Option<String> {
    let of = |kind| language.fields().filter(move |field| field.kind == kind).find_map(|field| fields.get(&field.name));
    of(FieldKind::Email).or_else(|| of(FieldKind::Tel)).cloned()
}

/// What looks like a bot's.
fn suspicion(fields: &BTreeMap<String, Value>, visit: Visit, least_fill: Duration, now: Timestamp) -> Option<Reason> {
    let filled = |value: &Value| value.as_str().is_none_or(|text| !text.is_empty());
    if fields.get(HONEYPOT).is_some_and(filled) {
        return Some(Reason::Honeypot);
    }
    // One that seems to begin later has another clock behind it.
    (visit.began_at <= now && now < visit.began_at + least_fill).then_some(Reason::TooFast)
}

/// What passed the rules.
struct Checked {
    fields: BTreeMap<String, String>,
    passwords: BTreeMap<String, String>,
    agreements: Vec<crate::crm::SignedAgreement>,
    tracking: BTreeMap<String, String>,
}
