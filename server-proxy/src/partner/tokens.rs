//! Embed tokens: 256 random bits, bound to one affiliate, one portal, its origins and a set of scopes; and how often one may ask.

use std::{collections::BTreeSet, net::IpAddr, num::NonZeroU32, sync::Arc, time::Duration};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{Key, aead::Generate};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter, clock::Clock, clock::DefaultClock};
use jiff::Timestamp;
use latchkey_contract::partner::{Revocation, Scope, TokenAnswer, TokenRequest};
use sha2::{Digest, Sha256};

use super::{Partners, Refusal, Shown};
use crate::{config, crm::Affiliate, intake::client_ip::rate_key, origin::Origin, store::KnownToken};

const SHORTEST: u32 = 60;
const LONGEST: u32 = 24 * 60 * 60;
const USUAL: u32 = 15 * 60;
/// Of a token's 43 characters; longer ones are not even hashed.
const LONGEST_TOKEN: usize = 64;
/// Wrong secrets that one address may try in a minute.
const WRONG_SECRETS: NonZeroU32 = NonZeroU32::new(20).expect("more than none");

/// Who asks: an affiliate, and what of it may be shown. Only [`Partners::admit`] makes one.
#[derive(Clone, Debug)]
pub(crate) struct Asker {
    shown: Arc<Shown>,
    portal: String,
    scopes: BTreeSet<Scope>,
}

impl Asker {
    pub(super) fn affiliate(&self) -> &Affiliate {
        &self.shown.affiliate
    }

    pub(super) fn portal(&self) -> &str {
        &self.portal
    }

    pub(super) fn shown(&self) -> &Arc<Shown> {
        &self.shown
    }

    pub(super) fn scopes(&self) -> &BTreeSet<Scope> {
        &self.scopes
    }

    pub(super) fn has(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope)
    }

    /// Whether names, e-mails and phone numbers are shown as they are.
    pub(super) fn is_personal(&self) -> bool {
        self.has(Scope::Personal)
    }

    /// The affiliate of a download that was asked for, with what it may see of it by now.
    pub(super) fn of_export(shown: Arc<Shown>, portal: String, scopes: &BTreeSet<Scope>) -> Asker {
        let scopes = scopes.intersection(&shown.scopes).copied().collect();
        Asker { shown, portal, scopes }
    }
}

/// A secret that only its holder knows, and what is kept of it.
pub(super) struct Minted {
    pub(super) text: String,
    pub(super) hash: [u8; 32],
}

impl Minted {
    pub(super) fn new() -> Minted {
        // A cipher's key is as many random bits of the system's as are wanted here.
        let text = URL_SAFE_NO_PAD.encode(Key::generate());
        Minted { hash: hash(&text), text }
    }
}

pub(super) fn hash(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

/// How often is asked.
pub(super) struct Rates {
    tokens: DefaultKeyedRateLimiter<[u8; 32]>,
    affiliates: DefaultKeyedRateLimiter<String>,
    wrong_secrets: DefaultKeyedRateLimiter<IpAddr>,
}

impl Rates {
    pub(super) fn new(settings: &config::Partner) -> Rates {
        let minute = |count: u32| Quota::per_minute(NonZeroU32::new(count).unwrap_or(NonZeroU32::MIN));
        Rates {
            tokens: RateLimiter::keyed(minute(settings.token_per_minute)),
            affiliates: RateLimiter::keyed(minute(settings.affiliate_per_minute)),
            wrong_secrets: RateLimiter::keyed(Quota::per_minute(WRONG_SECRETS)),
        }
    }

    pub(super) fn tidy(&self) {
        self.tokens.retain_recent();
        self.affiliates.retain_recent();
        self.wrong_secrets.retain_recent();
    }
}

fn check<K: std::hash::Hash + Eq + Clone>(rate: &DefaultKeyedRateLimiter<K>, key: &K) -> Result<(), Refusal> {
    rate.check_key(key).map_err(|until| Refusal::TooMany(until.wait_time_from(DefaultClock::default().now())))
}

impl Partners {
    fn portal(&self, secret: Option<&str>, ip: IpAddr) -> Result<&str, Refusal> {
        if let Some(portal) = secret.and_then(|secret| self.portals.of_secret(secret)) {
            return Ok(portal);
        }
        check(&self.rates.wrong_secrets, &rate_key(ip))?;
        Err(Refusal::Secret)
    }

    /// A token for one of the affiliates that a portal may show.
    pub(crate) async fn mint(
        &self,
        secret: Option<&str>,
        ip: IpAddr,
        request: impl FnOnce() -> Result<TokenRequest, Refusal>,
    ) -> Result<TokenAnswer, Refusal> {
        let portal = self.portal(secret, ip)?;
        let request = request()?;
        let shown = self.shown(&request.affiliate).await?.filter(|shown| shown.is_shown_by(portal)).ok_or(Refusal::UnknownAffiliate)?;
        let scopes: BTreeSet<Scope> = match request.scopes {
            Some(scopes) => scopes.into_iter().collect(),
            None => shown.scopes.clone(),
        };
        if let Some(wider) = scopes.difference(&shown.scopes).next() {
            return Err(Refusal::invalid("scopes", "not_allowed", format!("the affiliate may not be shown \"{}\"", wider.as_str())));
        }
        if scopes.is_empty() {
            return Err(Refusal::invalid("scopes", "required", "a token without scopes opens nothing"));
        }
        let ttl = request.ttl.unwrap_or(USUAL);
        if !(SHORTEST..=LONGEST).contains(&ttl) {
            return Err(Refusal::invalid("ttl", "range", format!("has to be between {SHORTEST} and {LONGEST} seconds")));
        }
        let expires_at = self.store.now() + Duration::from_secs(ttl.into());
        let names: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
        let minted = Minted::new();
        let token = KnownToken {
            affiliate: shown.affiliate.id.clone(),
            portal: portal.to_owned(),
            scopes: names.join(" "),
            expires_at: expires_at.as_millisecond(),
        };
        self.store.keep_token(minted.hash, token).await?;
        let expires_at = Timestamp::now() + Duration::from_secs(ttl.into());
        Ok(TokenAnswer { token: minted.text, expires_at: seconds(expires_at), scopes: scopes.into_iter().collect() })
    }

    /// Makes tokens of a portal worthless, at once. How many those were.
    pub(crate) async fn revoke(
        &self,
        secret: Option<&str>,
        ip: IpAddr,
        request: impl FnOnce() -> Result<Revocation, Refusal>,
    ) -> Result<u64, Refusal> {
        let portal = self.portal(secret, ip)?;
        let Revocation { token, affiliate } = request()?;
        if token.is_some() && affiliate.is_some() {
            return Err(Refusal::invalid("token", "ambiguous", "name a token, or an affiliate"));
        }
        Ok(self.store.revoke_tokens(portal, token.as_deref().map(hash), affiliate.as_deref()).await?)
    }

    /// Who asks, by an embed token and the page that it comes from.
    pub(crate) async fn admit(&self, token: Option<&str>, origin: Option<&Origin>) -> Result<Asker, Refusal> {
        let token = token.filter(|token| token.len() <= LONGEST_TOKEN).ok_or(Refusal::Token)?;
        let hash = hash(token);
        let known = self.store.token(hash).await?.ok_or(Refusal::Token)?;
        let shown = self.shown(&known.affiliate).await?.filter(|shown| shown.is_shown_by(&known.portal)).ok_or(Refusal::Token)?;
        if !origin.is_some_and(|origin| self.portals.allows(&known.portal, origin)) {
            return Err(Refusal::Origin);
        }
        check(&self.rates.tokens, &hash)?;
        check(&self.rates.affiliates, &shown.affiliate.id)?;
        // What was taken from the affiliate since is taken from its tokens too.
        let scopes = known.scopes.split(' ').filter_map(Scope::parse).filter(|scope| shown.scopes.contains(scope)).collect();
        Ok(Asker { shown, portal: known.portal, scopes })
    }

    /// That this asker may see what that scope opens.
    pub(crate) fn demand(&self, asker: &Asker, scope: Scope) -> Result<(), Refusal> {
        if asker.has(scope) { Ok(()) } else { Err(Refusal::Scope(scope)) }
    }
}

/// RFC 3339 in UTC, in whole seconds.
pub(super) fn seconds(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
