//! The affiliate's own affairs, which the CRM is asked for: kept for 30 seconds, and shown with their age where it does not answer.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Age, Quantity};

/// The body of `GET /wallet`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Wallets {
    pub wallets: Vec<Wallet>,
    /// Whether a payout has been asked for and not been answered; absent where the CRM does not tell, or the token may not see payouts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payout_pending: Option<bool>,
    pub age: Age,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wallet {
    pub id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub balance: Option<Quantity>,
}

/// The body of `POST /payouts`. It is asked of all that is in the wallet: the CRM takes no amount.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PayoutRequest {
    /// One of the affiliate's.
    pub wallet: String,
    /// That the affiliate was asked and said yes; without it nothing is asked for (409 `unconfirmed`).
    pub confirmed: bool,
}

/// The body of 201 to it. One that is pending already is 409 `pending-payout`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayoutAnswer {
    pub wallet: String,
}

/// The body of `GET /servers`: trading servers' tags by platform.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Servers {
    pub servers: BTreeMap<String, Vec<String>>,
    pub age: Age,
}

/// The body of `GET /sources`: what the CRM names, with what the mirror counts of each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sources {
    pub sources: Vec<SourceRow>,
    pub age: Age,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceRow {
    pub source: String,
    pub signups: u64,
    pub registrations: u64,
    /// Of the sign-ups, those who have deposited.
    pub deposited: u64,
}

/// The body of `GET /downline`. What it holds, the CRM's document does not show: its columns are what came.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Downline {
    pub columns: Vec<String>,
    pub rows: Vec<BTreeMap<String, String>>,
    pub age: Age,
}

/// The body of `GET /links`. A link of one's own is made by adding query parameters to a landing page's address.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Links {
    pub landing_pages: Vec<LandingPage>,
    /// The names of the parameters that a sub id and a campaign go in: what the sign-up widget passes on.
    pub sub_id: String,
    pub campaign: String,
    pub age: Age,
}

/// Only https addresses are shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LandingPage {
    pub name: String,
    pub url: String,
}

/// The body of `GET /creatives`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Creatives {
    pub creatives: Vec<Creative>,
    pub age: Age,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Creative {
    pub kind: CreativeKind,
    pub name: String,
    /// Where it leads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// The picture, a `data:` address of a raster image: the CRM's own addresses are not shown to a browser.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CreativeKind {
    Banner,
    Logo,
}
