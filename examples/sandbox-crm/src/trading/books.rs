//! All that the CRM knows. Nothing is ever removed, so a key into a list stays good until everything is forgotten.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::commissions::{Commission, Payout};
use super::countries::{self, Country};
use super::customers::Customer;
use super::member_area::Page;
use super::money::Cents;
use super::onboarding::{self, FormField, StepAtStage};
use super::options::Settings;
use super::promotion::{Banner, LandingPage, TargetGroup};
use super::seed;
use super::signup::Lead;
use super::tokens::{Holder, Tokens};
use crate::autologin::Autologin;
use crate::outbox::Outbox;

/// An affiliate: a place in [`Books::affiliates`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct AffiliateKey(pub(super) usize);

/// A customer: a place in [`Books::customers`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct CustomerKey(pub(super) usize);

/// A holder of credentials, who sees only customers of their own.
#[derive(Debug, Clone)]
pub(super) struct Affiliate {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) username: String,
    pub(super) password: String,
    pub(super) api_key: String,
    /// What a link has as `wtreferrer`, and "Check signup code" as `code`.
    pub(super) ref_key: String,
    /// Who referred this affiliate, and has it in their downline.
    pub(super) parent: Option<AffiliateKey>,
    pub(super) grey_labeling: bool,
    pub(super) landing_pages: Vec<LandingPage>,
    pub(super) target_groups: Vec<TargetGroup>,
}

#[derive(Debug, Clone)]
pub(super) struct Wallet {
    pub(super) id: u64,
    pub(super) affiliate: AffiliateKey,
    pub(super) currency: String,
    pub(super) created_at: Timestamp,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Transaction {
    pub(super) id: String,
    pub(super) wallet_id: u64,
    pub(super) r#type: String,
    /// Out of the wallet where it is negative.
    #[serde(serialize_with = "as_number")]
    pub(super) amount: Cents,
    pub(super) currency: String,
    pub(super) method: String,
    pub(super) comment: String,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
}

fn as_number<S: serde::Serializer>(amount: &Cents, serializer: S) -> Result<S::Ok, S::Error> {
    amount.number().serialize(serializer)
}

/// What an affiliate's customers traded at one time.
#[derive(Debug, Clone)]
pub(super) struct Volume {
    pub(super) affiliate: AffiliateKey,
    pub(super) at: Timestamp,
    pub(super) volume: Cents,
}

#[derive(Debug, Clone)]
pub(super) struct Books {
    pub(super) settings: Arc<Settings>,
    pub(super) affiliates: Vec<Affiliate>,
    pub(super) customers: Vec<Customer>,
    pub(super) leads: Vec<Lead>,
    pub(super) wallets: Vec<Wallet>,
    pub(super) transactions: Vec<Transaction>,
    pub(super) volumes: Vec<Volume>,
    pub(super) commissions: Vec<Commission>,
    pub(super) payouts: Vec<Payout>,
    pub(super) banners: Vec<Banner>,
    pub(super) countries: Vec<Country>,
    /// By step.
    pub(super) forms: BTreeMap<String, Vec<FormField>>,
    pub(super) steps: Vec<StepAtStage>,
    pub(super) tokens: Tokens,
    pub(super) autologin: Autologin<(CustomerKey, Page)>,
    pub(super) outbox: Outbox,
    /// Whether whoever is known is created once more.
    pub(super) creates_repeats: bool,
    next: u64,
}

impl Books {
    pub(super) fn new(settings: Arc<Settings>) -> Result<Self, String> {
        let mut books = Self {
            settings: settings.clone(),
            affiliates: Vec::new(),
            customers: Vec::new(),
            leads: Vec::new(),
            wallets: Vec::new(),
            transactions: Vec::new(),
            volumes: Vec::new(),
            commissions: Vec::new(),
            payouts: Vec::new(),
            banners: vec![Banner::first()],
            countries: countries::first(),
            forms: onboarding::first_forms(),
            steps: onboarding::first_steps(),
            tokens: Tokens::default(),
            autologin: Autologin::default(),
            outbox: Outbox::default(),
            creates_repeats: false,
            next: 0,
        };
        settings.affiliates.iter().try_for_each(|affiliate| seed::enter_affiliate(&mut books, affiliate.clone()))?;
        Ok(books)
    }

    /// A number that nothing else here has, for whatever has a number.
    pub(super) fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    pub(super) fn affiliate(&self, key: AffiliateKey) -> &Affiliate {
        &self.affiliates[key.0]
    }

    pub(super) fn affiliate_mut(&mut self, key: AffiliateKey) -> &mut Affiliate {
        &mut self.affiliates[key.0]
    }

    pub(super) fn affiliate_by(&self, is: impl Fn(&Affiliate) -> bool) -> Option<AffiliateKey> {
        self.affiliates.iter().position(is).map(AffiliateKey)
    }

    pub(super) fn customer(&self, key: CustomerKey) -> &Customer {
        &self.customers[key.0]
    }

    pub(super) fn customer_mut(&mut self, key: CustomerKey) -> &mut Customer {
        &mut self.customers[key.0]
    }

    /// E-mails are compared without regard to case, as mailboxes are in practice.
    pub(super) fn customer_of_email(&self, email: &str) -> Option<CustomerKey> {
        let email = email.to_lowercase();
        self.customers.iter().position(|customer| customer.email().to_lowercase() == email).map(CustomerKey)
    }

    pub(super) fn customer_of_id(&self, id: &str) -> Option<CustomerKey> {
        self.customers.iter().position(|customer| customer.id == id).map(CustomerKey)
    }

    /// An affiliate's own customers, oldest first.
    pub(super) fn referred(&self, affiliate: AffiliateKey) -> impl Iterator<Item = &Customer> {
        self.customers.iter().filter(move |customer| customer.affiliate == Some(affiliate))
    }

    /// Gives a customer an id that is a number.
    pub(super) fn renumber(&mut self, key: CustomerKey) -> u64 {
        let number = 1_000_000 + self.number();
        self.customer_mut(key).id = number.to_string();
        number
    }

    /// A link that logs the customer in and leads to a page, unless nobody is to get one.
    pub(super) fn link(&mut self, key: CustomerKey, page: Page) -> Option<String> {
        let links = &self.settings.links;
        let token = self.autologin.issue((key, page), links.ttl?);
        Some(format!("{}/trading/{}/{token}", links.public_url, page.path()))
    }

    pub(super) fn refresh_token(&mut self, holder: Holder) -> String {
        self.tokens.refresher(holder, self.settings.refresh_ttl)
    }

    /// For `GET /_control/trading/users`.
    pub(super) fn users(&self) -> Vec<Value> {
        let customers = self.customers.iter().map(|customer| {
            json!({
                "id": customer.id, "kind": "customer", "email": customer.email(), "createdAt": customer.created_at,
                "loggedIn": customer.came_in, "fields": customer.sent,
                "affiliateId": customer.affiliate.map(|key| self.affiliate(key).id.clone()),
            })
        });
        let leads = self.leads.iter().map(|lead| {
            json!({
                "id": lead.id, "kind": "lead", "email": lead.sent.get("email"), "createdAt": lead.created_at, "loggedIn": false,
                "fields": lead.sent,
            })
        });
        let mut users: Vec<Value> = customers.chain(leads).collect();
        // Oldest first, customers and leads together.
        users.sort_by_key(|user| user["createdAt"].as_str().and_then(|moment| moment.parse::<Timestamp>().ok()));
        users
    }
}

pub(super) fn new_id() -> String {
    Uuid::new_v4().to_string()
}

/// An affiliate that a record names by its id; the first where it names none.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub(super) struct AffiliateName(Option<String>);

impl AffiliateName {
    pub(super) fn find(&self, books: &Books) -> Result<AffiliateKey, String> {
        let Some(name) = &self.0 else { return Ok(AffiliateKey(0)) };
        books.affiliate_by(|affiliate| affiliate.id == *name).ok_or_else(|| format!("there is no affiliate {name:?}"))
    }
}
