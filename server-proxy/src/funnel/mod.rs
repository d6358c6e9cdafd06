//! A funnel: what a marketer configures. Read from its file once, at start; from then on it cannot be wrong.

pub(crate) mod language;
mod read;
mod tables;
mod template;
mod view;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use latchkey_contract::{FieldView, FunnelView, Texts, tracking};
use serde_json::{Map, Value};

use crate::{crm::SignupForm, origin::Origin};
pub(crate) use read::{Surroundings, read};
use template::Template;

/// One funnel in its live version.
#[derive(Debug)]
pub(crate) struct Funnel {
    pub(crate) id: String,
    /// Changes when the file's content does: the first 64 bits of its SHA-256, in hex.
    pub(crate) version: String,
    pub(crate) connection: String,
    /// The pages that may embed it.
    pub(crate) origins: Vec<Origin>,
    /// In the order of the file; the first is the one for visitors who read none of them.
    pub(crate) locales: Vec<String>,
    languages: BTreeMap<String, Language>,
    /// Set on the server, never by a page.
    pub(crate) routing: Map<String, Value>,
    pub(crate) affiliate: AffiliateRule,
    tracking_map: BTreeMap<String, Template>,
    pub(crate) finish: Finish,
    pub(crate) known_email: KnownEmail,
    /// Whoever is quicker than this is no person.
    pub(crate) least_fill: Duration,
}

/// What a funnel says in one language.
#[derive(Debug)]
pub(crate) struct Language {
    pub(crate) view: Arc<FunnelView>,
    /// All texts, those that only the server uses included.
    pub(crate) texts: Texts,
    pub(crate) finish_message: Option<String>,
    /// By the order of the view's agreements: SHA-256, hex, of the text and the address that the visitor saw.
    pub(crate) agreement_hashes: Vec<String>,
}

/// Whose visitor it is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum AffiliateRule {
    /// This one's, whatever the page says; the id in the CRM.
    Pinned(String),
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

impl Funnel {
    /// The language that serves the wishes best, in their order; the funnel's first where none does.
    pub(crate) fn language<'a>(&self, wishes: impl IntoIterator<Item = &'a str>) -> &Language {
        let locale = wishes.into_iter().find_map(|wish| language::best(&self.locales, wish)).unwrap_or(&self.locales[0]);
        &self.languages[locale]
    }

    pub(crate) fn languages(&self) -> impl Iterator<Item = &Language> {
        self.languages.values()
    }

    pub(crate) fn allows(&self, origin: &Origin) -> bool {
        self.origins.contains(origin)
    }

    /// Where the visitor came from, under the names that the CRM has for it, and the affiliate's id in the CRM.
    ///
    /// What the CRM has no member for goes into its member for metadata, as a query string, so that nothing is lost; unless the
    /// funnel maps that member itself: then its author chooses.
    pub(crate) fn attribution(&self, form: &SignupForm, values: &BTreeMap<String, String>) -> (BTreeMap<String, String>, Option<String>) {
        let mut mapped = BTreeMap::new();
        for (name, value) in values {
            if form.tracking.contains(&name.as_str()) {
                mapped.insert(name.clone(), value.clone());
            }
        }
        for (member, template) in &self.tracking_map {
            if let Some(text) = template.fill(values) {
                mapped.insert(member.clone(), text);
            }
        }
        let used: Vec<&str> = self.tracking_map.values().flat_map(Template::names).collect();
        if let Some(member) = form.metadata.filter(|member| !self.tracking_map.contains_key(*member)) {
            let rest = values.iter().filter(|(name, _)| {
                !form.tracking.contains(&name.as_str()) && !used.contains(&name.as_str()) && *name != tracking::AFFILIATE
            });
            let mut query = url::form_urlencoded::Serializer::new(String::new());
            let query = query.extend_pairs(rest).finish();
            if !query.is_empty() {
                mapped.insert(member.to_owned(), query);
            }
        }
        let claimed = values.get(tracking::AFFILIATE);
        let affiliate = match &self.affiliate {
            AffiliateRule::Pinned(id) => Some(id.clone()),
            AffiliateRule::OneOf(ids) => claimed.filter(|id| ids.contains(id)).cloned(),
            AffiliateRule::Any => claimed.cloned(),
            AffiliateRule::Nobody => None,
        };
        (mapped, affiliate)
    }
}

impl Language {
    pub(crate) fn fields(&self) -> impl Iterator<Item = &FieldView> {
        self.view.steps.iter().flat_map(|step| &step.fields)
    }
}

#[cfg(test)]
mod tests;
