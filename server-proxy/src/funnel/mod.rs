//! A funnel: what a marketer configures. Read from its file at start, and with what its CRM says; what came out cannot be wrong.

pub(crate) mod countries;
mod expand;
pub(crate) mod language;
mod lists;
mod live;
mod plural;
mod read;
mod schema;
mod show_if;
mod tables;
mod template;
pub(crate) mod texts;
pub(crate) mod theme;
mod variants;
mod view;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use latchkey_contract::{FieldKind, FieldView, FunnelView, Texts, rules::Violation, tracking};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::{
    captcha::Captcha,
    crm::{Action, Affiliate, List, Registration, Rest, SignupForm},
    origin::Origin,
    store::Content,
};
pub(crate) use expand::{Given, Wants, nearest};
pub(crate) use lists::Lists;
pub(crate) use live::{Funnels, Wanting};
pub(crate) use read::{Read, Surroundings, channel_kind, read};
pub(crate) use schema::SCHEMA;
use template::Template;

/// One funnel in its live version.
#[derive(Debug)]
pub(crate) struct Funnel {
    pub(crate) id: String,
    /// Changes when the file's content does: the first 64 bits of its SHA-256, in hex.
    pub(crate) version: String,
    pub(crate) connection: String,
    pub(crate) action: Action,
    /// The pages that may embed it.
    pub(crate) origins: Vec<Origin>,
    /// In the order of the file; the first is the one for visitors who read none of them.
    pub(crate) locales: Vec<String>,
    /// As the file says it without `[[variants]]`, by locale.
    languages: Languages,
    /// What visitors are split between; each says otherwise what its table says.
    variants: Vec<Variant>,
    /// Set on the server, never by a page.
    pub(crate) routing: Map<String, Value>,
    pub(crate) affiliate: AffiliateRule,
    /// The connection's, one of whose credentials a signup may have to go with.
    affiliates: Vec<Arc<Affiliate>>,
    tracking_map: BTreeMap<String, Template>,
    pub(crate) finish: Finish,
    pub(crate) known_email: KnownEmail,
    pub(crate) on_unknown: OnUnknown,
    /// Whoever is quicker than this is no person.
    pub(crate) least_fill: Duration,
    /// What every visitor has to do, also while nobody attacks.
    pub(crate) challenge: Option<Challenge>,
}

/// What a funnel asks of a visitor's browser before it takes a signup.
#[derive(Clone, Debug)]
pub(crate) enum Challenge {
    Work,
    Captcha(Arc<Captcha>),
}

/// One of several versions of a funnel that visitors are split between.
#[derive(Debug)]
struct Variant {
    id: String,
    /// How many visitors are shown it, beside the other variants' weights.
    weight: u32,
    languages: Languages,
}

type Languages = BTreeMap<String, Arc<Language>>;

/// What a funnel, or one of its variants, says in one language.
#[derive(Debug)]
pub(crate) struct Language {
    pub(crate) view: Arc<FunnelView>,
    /// The fields whose options are looked up.
    pub(crate) lookups: Vec<Lookup>,
    /// All texts, those that only the server uses included.
    pub(crate) texts: Texts,
    pub(crate) finish_message: Option<String>,
    /// The styles of its look, behind the form's own.
    pub(crate) theme: Arc<str>,
    /// By the order of the view's agreements: SHA-256, hex, of the text and the address that the visitor saw.
    pub(crate) agreement_hashes: Vec<String>,
}

/// A field whose options come from one of the CRM's lists.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Lookup {
    pub(crate) field: String,
    pub(crate) list: List,
    /// The field whose value decides what the list holds.
    pub(crate) within: Option<String>,
}

/// Whose visitor it is.
#[derive(Debug)]
pub(crate) enum AffiliateRule {
    /// This one's, whatever the page says.
    Pinned(Arc<Affiliate>),
    /// The page may name one of these, by the id in the CRM.
    OneOf(Vec<String>),
    /// The page may name any.
    Any,
    Nobody,
}

/// What happens when the CRM has the visitor.
#[derive(Debug)]
pub(crate) struct Finish {
    /// Whether to go on to the autologin link, where there is one.
    pub(crate) redirect: bool,
    pub(crate) login_url: Option<String>,
    /// What only this CRM knows, see [`SignupForm::finish`].
    of_the_crm: Map<String, Value>,
}

/// What a visitor is told whose e-mail the CRM knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum KnownEmail {
    /// So, with the log-in page.
    #[default]
    Tell,
    /// Nothing: as accepted as any other. For brokers who must not reveal who their clients are.
    Quiet,
}

/// What becomes of a signup that may have arrived, where the CRM cannot be asked whether it did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum OnUnknown {
    /// A person looks.
    #[default]
    Park,
    /// It is sent again, and may arrive twice.
    Retry,
}

impl Funnel {
    /// The language that serves the wishes best, in their order; the funnel's first where none does. Of the variant of that id, or of
    /// the funnel as it is without variants.
    pub(crate) fn language<'a>(&self, variant: Option<&str>, wishes: impl IntoIterator<Item = &'a str>) -> &Language {
        let locale = wishes.into_iter().find_map(|wish| language::best(&self.locales, wish)).unwrap_or(&self.locales[0]);
        let variant = variant.and_then(|id| self.variants.iter().find(|variant| variant.id == id));
        &variant.map_or(&self.languages, |variant| &variant.languages)[locale]
    }

    /// Of every variant.
    pub(crate) fn languages(&self) -> impl Iterator<Item = &Language> {
        let variants = self.variants.iter().flat_map(|variant| variant.languages.values());
        self.languages.values().chain(variants).map(AsRef::as_ref)
    }

    /// That id as this funnel's variants have it, if one does.
    pub(crate) fn variant(&self, id: Option<&str>) -> Option<&str> {
        self.variants.iter().map(|variant| variant.id.as_str()).find(|known| Some(*known) == id)
    }

    /// One of the variants, by their weights; `None` for a funnel that has none.
    pub(crate) fn draw(&self) -> Option<&str> {
        let total = self.variants.iter().map(|variant| variant.weight).sum::<u32>();
        self.drawn(if total == 0 { 0 } else { fastrand::u32(0..total) })
    }

    /// The variant that a number below the sum of all weights falls to.
    fn drawn(&self, mut number: u32) -> Option<&str> {
        let falls = |variant: &&Variant| {
            let is_here = number < variant.weight;
            number = number.saturating_sub(variant.weight);
            is_here
        };
        self.variants.iter().find(falls).map(|variant| variant.id.as_str())
    }

    /// What is looked up for the field of that name, in whichever variant.
    pub(crate) fn lookup(&self, field: &str) -> Option<&Lookup> {
        self.languages().flat_map(|language| &language.lookups).find(|lookup| lookup.field == field)
    }

    pub(crate) fn allows(&self, origin: &Origin) -> bool {
        self.origins.contains(origin)
    }

    /// Whether a field is for a one-time code.
    pub(crate) fn is_code(&self, name: &str) -> bool {
        self.languages().any(|language| language.fields().any(|field| field.name == name && field.kind == FieldKind::Code))
    }

    /// What is handed over of a signup that was kept.
    pub(crate) fn registration(&self, id: Uuid, form: &SignupForm, content: Content) -> Registration {
        let affiliate = self.attributed(&content.tracking);
        let own = |known: &&Arc<Affiliate>| affiliate.as_ref() == Some(&known.crm_id);
        let known = match &self.affiliate {
            AffiliateRule::Pinned(pinned) => Some(pinned),
            _ => self.affiliates.iter().find(own),
        };
        Registration {
            id,
            action: self.action,
            routing: self.routing.clone(),
            finish: self.finish.of_the_crm.clone(),
            tracking: self.tracking(form, &content.tracking),
            credential: known.and_then(|affiliate| affiliate.credential.clone()),
            buckets: known.map(|affiliate| affiliate.buckets.clone()).unwrap_or_default(),
            affiliate,
            fields: content.fields.into_iter().chain(content.passwords).collect(),
            agreements: content.agreements,
            locale: content.locale,
        }
    }

    /// The id in the CRM of whose visitor it is.
    fn attributed(&self, values: &BTreeMap<String, String>) -> Option<String> {
        let claimed = values.get(tracking::AFFILIATE);
        match &self.affiliate {
            AffiliateRule::Pinned(affiliate) => Some(affiliate.crm_id.clone()),
            AffiliateRule::OneOf(ids) => claimed.filter(|id| ids.contains(id)).cloned(),
            AffiliateRule::Any => claimed.cloned(),
            AffiliateRule::Nobody => None,
        }
    }

    /// Where the visitor came from, under the names that the CRM has for it. Nothing is lost on the way as long as the CRM has a
    /// place for it, see [`Rest`].
    fn tracking(&self, form: &SignupForm, values: &BTreeMap<String, String>) -> BTreeMap<String, String> {
        let mut mapped = BTreeMap::new();
        for (name, member) in form.tracking {
            if let Some(value) = values.get(*name) {
                mapped.insert((*member).to_owned(), value.clone());
            }
        }
        for (member, template) in &self.tracking_map {
            if let Some(text) = template.fill(values) {
                mapped.insert(member.clone(), text);
            }
        }
        let used: Vec<&str> = self.tracking_map.values().flat_map(Template::names).collect();
        let rest = values.iter().filter(|(name, _)| {
            let name = name.as_str();
            !form.tracking.iter().any(|(known, _)| *known == name) && !used.contains(&name) && name != tracking::AFFILIATE
        });
        match form.rest {
            Rest::Query(member) if !self.tracking_map.contains_key(member) => {
                let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(rest).finish();
                if !query.is_empty() {
                    mapped.insert(member.to_owned(), query);
                }
            }
            Rest::Members => {
                for (name, value) in rest {
                    mapped.entry(name.clone()).or_insert_with(|| value.clone());
                }
            }
            Rest::Query(_) | Rest::Kept => {}
        }
        mapped
    }
}

impl Language {
    /// The sentence for a value that breaks a rule.
    pub(crate) fn violation(&self, field: &FieldView, violation: Violation) -> String {
        self.view.texts.violation(field, violation, &|number| plural::category(&self.view.locale, number).to_owned())
    }

    pub(crate) fn fields(&self) -> impl Iterator<Item = &FieldView> {
        self.view.steps.iter().flat_map(|step| &step.fields)
    }
}

#[cfg(test)]
mod tests;
