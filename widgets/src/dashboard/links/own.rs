//! A link of one's own: an address with what tells where its visitors came from.

use latchkey_contract::partner::LandingPage;
use leptos::prelude::*;
use web_sys::Url;

use crate::browser::json::Json;

/// What the affiliate adds to its links. It is remembered nowhere.
#[derive(Clone, Copy)]
pub(super) struct Own {
    pub(super) sub_id: RwSignal<String>,
    pub(super) campaign: RwSignal<String>,
    /// What these are called in an address; nothing where nobody said so.
    names: RwSignal<[String; 2]>,
}

/// As `GET /links` has it, but for its age.
#[derive(PartialEq)]
pub(super) struct Offered {
    pub(super) pages: Vec<LandingPage>,
    pub(super) names: [String; 2],
}

pub(super) fn read(answer: &Json) -> Offered {
    let page = |page: &Json| {
        let url = page.text("url")?;
        Some(LandingPage { name: page.text("name").unwrap_or_else(|| url.clone()), url })
    };
    Offered {
        pages: answer.list("landingPages", page).into_iter().flatten().collect(),
        names: ["subId", "campaign"].map(|name| answer.text(name).unwrap_or_default()),
    }
}

impl Own {
    pub(super) fn new() -> Own {
        Own { sub_id: RwSignal::default(), campaign: RwSignal::default(), names: RwSignal::default() }
    }

    pub(super) fn name(self, names: &[String; 2]) {
        self.names.set(names.clone());
    }

    /// That address with what the affiliate adds, in the place of what it has by the same names.
    pub(super) fn link(self, address: &str) -> String {
        let values = [self.sub_id.get(), self.campaign.get()];
        let link = self.names.with(|names| {
            let added = || names.iter().zip(&values).map(|(name, value)| (name, value.trim())).filter(|(_, value)| !value.is_empty());
            // An address to which nothing is added stays as it is written.
            added().next()?;
            let url = Url::new(address).ok()?;
            added().filter(|(name, _)| !name.is_empty()).for_each(|(name, value)| url.search_params().set(name, value));
            Some(url.href())
        });
        link.unwrap_or_else(|| address.to_owned())
    }
}
