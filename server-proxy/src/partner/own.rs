//! The affiliate's own affairs, as its CRM tells them.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use latchkey_contract::partner::{
    Age, Creative, Creatives, Downline, LandingPage, Links, PayoutAnswer, PayoutRequest, Scope, Servers, SourceRow, Sources, Wallet,
    Wallets,
};

use super::{Partners, Refusal, tokens::Asker};
use crate::crm::{Balance, Offers, Partner, Unanswered};

/// What the sign-up widget passes on, by these names in a page's address.
const SUB_ID: &str = "subID";
const CAMPAIGN: &str = "campaignId";

impl Partners {
    fn offered(&self, asker: &Asker, scope: Scope, offered: fn(&Offers) -> bool) -> Result<&dyn Partner, Refusal> {
        self.demand(asker, scope)?;
        let (partner, offers) = self.crm(asker)?;
        if offered(offers) { Ok(partner) } else { Err(Refusal::NotOffered) }
    }

    /// Asks for the asker's affiliate, unless it is kept.
    async fn told<T: serde::Serialize + serde::de::DeserializeOwned>(
        &self,
        asker: &Asker,
        what: &'static str,
        ask: impl Future<Output = Result<T, Unanswered>>,
    ) -> Result<(T, Age), Refusal> {
        let told = self.kept.get(asker.shown().mirror_key(), what, ask).await;
        told.map_err(|error| Refusal::unanswered(&asker.affiliate().connection, what, &error))
    }

    pub(super) async fn balance(&self, asker: &Asker) -> Result<Balance, Refusal> {
        let (partner, _) = self.crm(asker)?;
        Ok(self.told(asker, "balance", partner.balance(asker.affiliate())).await?.0)
    }

    pub(crate) async fn sources(self: &Arc<Self>, asker: &Asker) -> Result<Sources, Refusal> {
        let partner = self.offered(asker, Scope::Leads, |offers| offers.sources)?;
        let mirrored = self.freshen(asker).await?;
        let (named, age): (Vec<String>, Age) = self.told(asker, "sources", partner.sources(asker.affiliate())).await?;
        let affiliate = asker.shown().mirror_key();
        let counting = self.store.sums_by_source(&affiliate);
        let counted = self.by_source.get((affiliate.clone(), String::new()), mirrored.as_of.as_deref(), counting).await?;
        let mut counted: BTreeMap<&str, [u64; 3]> = counted.iter().map(|(source, counts)| (source.as_str(), *counts)).collect();
        counted.remove("");
        let all: BTreeSet<String> = named.into_iter().chain(counted.keys().map(|source| (*source).to_owned())).collect();
        let row = |source: String| {
            let [signups, registrations, deposited] = counted.get(source.as_str()).copied().unwrap_or_default();
            SourceRow { source, signups, registrations, deposited }
        };
        Ok(Sources { sources: all.into_iter().map(row).collect(), age })
    }

    pub(crate) async fn downline(&self, asker: &Asker) -> Result<Downline, Refusal> {
        let partner = self.offered(asker, Scope::Leads, |offers| offers.downline)?;
        let (mut rows, age): (Vec<BTreeMap<String, String>>, Age) =
            self.told(asker, "downline", partner.downline(asker.affiliate())).await?;
        if !asker.has(Scope::Personal) {
            // What it holds is not documented: what reads like a person's is masked.
            for (name, value) in rows.iter_mut().flatten() {
                if value.contains('@') {
                    *value = super::mask::email(value);
                } else if name.to_lowercase().contains("name") {
                    *value = super::mask::name(value);
                } else if name.to_lowercase().contains("phone") || name.to_lowercase().contains("mobile") {
                    *value = super::mask::phone(value);
                }
            }
        }
        let columns: BTreeSet<&String> = rows.iter().flat_map(BTreeMap::keys).collect();
        Ok(Downline { columns: columns.into_iter().cloned().collect(), rows, age })
    }

    pub(crate) async fn servers(&self, asker: &Asker) -> Result<Servers, Refusal> {
        let partner = self.offered(asker, Scope::Money, |offers| offers.servers)?;
        let (servers, age) = self.told(asker, "servers", partner.servers(asker.affiliate())).await?;
        Ok(Servers { servers, age })
    }

    pub(crate) async fn wallets(&self, asker: &Asker) -> Result<Wallets, Refusal> {
        let partner = self.offered(asker, Scope::Money, |offers| offers.wallet)?;
        let (wallets, age): (Vec<Wallet>, Age) = self.told(asker, "wallets", partner.wallets(asker.affiliate())).await?;
        let payout_pending = match asker.has(Scope::Payouts) {
            true => self.told(asker, "pending", partner.payout_pending(asker.affiliate())).await.ok().map(|(pending, _)| pending),
            false => None,
        };
        Ok(Wallets { wallets, payout_pending, age })
    }

    /// Asks for a payout: only where the affiliate said yes, of a wallet of its own, and while none is pending.
    pub(crate) async fn ask_payout(&self, asker: &Asker, request: &PayoutRequest) -> Result<PayoutAnswer, Refusal> {
        let partner = self.offered(asker, Scope::Payouts, |offers| offers.request_payout)?;
        if !request.confirmed {
            return Err(Refusal::Unconfirmed);
        }
        let affiliate = asker.affiliate();
        let failed = |error: Unanswered| Refusal::unanswered(&affiliate.connection, "payout", &error);
        // Two at once would both find none pending.
        let _one = self.payouts.lock().await;
        let wallets = partner.wallets(affiliate).await.map_err(failed)?;
        if !wallets.iter().any(|wallet| wallet.id == request.wallet) {
            return Err(Refusal::invalid("wallet", "option", "is no wallet of this affiliate"));
        }
        if partner.payout_pending(affiliate).await.map_err(failed)? {
            return Err(Refusal::PendingPayout);
        }
        partner.ask_payout(affiliate, &request.wallet).await.map_err(failed)?;
        tracing::info!(affiliate = affiliate.id, "a payout was asked for");
        self.kept.forget(&asker.shown().mirror_key());
        Ok(PayoutAnswer { wallet: request.wallet.clone() })
    }

    pub(crate) async fn links(&self, asker: &Asker) -> Result<Links, Refusal> {
        let partner = self.offered(asker, Scope::Links, |offers| offers.links)?;
        let (landing_pages, age): (Vec<LandingPage>, Age) = self.told(asker, "links", partner.landing_pages(asker.affiliate())).await?;
        Ok(Links { landing_pages, sub_id: SUB_ID.to_owned(), campaign: CAMPAIGN.to_owned(), age })
    }

    pub(crate) async fn creatives(&self, asker: &Asker) -> Result<Creatives, Refusal> {
        let partner = self.offered(asker, Scope::Links, |offers| offers.creatives)?;
        let (creatives, age): (Vec<Creative>, Age) = self.told(asker, "creatives", partner.creatives(asker.affiliate())).await?;
        Ok(Creatives { creatives, age })
    }
}
