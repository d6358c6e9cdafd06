//! What an embed token lets one see.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Overview and series.
    Figures,
    /// Leads, registrations, sources, downline.
    Leads,
    /// Transactions, positions, servers, wallets.
    Money,
    Commissions,
    /// Payouts, and asking for one.
    Payouts,
    /// Referral links, landing pages, banners, logos.
    Links,
    /// Looking up a list of leads.
    Buckets,
    /// Names, e-mails and phone numbers unmasked, and searched by. Opens no route by itself.
    Personal,
}

impl Scope {
    pub const ALL: [Scope; 8] =
        [Scope::Figures, Scope::Leads, Scope::Money, Scope::Commissions, Scope::Payouts, Scope::Links, Scope::Buckets, Scope::Personal];

    pub fn as_str(self) -> &'static str {
        match self {
            Scope::Figures => "figures",
            Scope::Leads => "leads",
            Scope::Money => "money",
            Scope::Commissions => "commissions",
            Scope::Payouts => "payouts",
            Scope::Links => "links",
            Scope::Buckets => "buckets",
            Scope::Personal => "personal",
        }
    }

    pub fn parse(text: &str) -> Option<Scope> {
        Scope::ALL.into_iter().find(|scope| scope.as_str() == text)
    }
}
