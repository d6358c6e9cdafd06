//! Embed tokens, by their SHA-256: 256 random bits need no salt, and whoever reads the store learns none of them.

use async_trait::async_trait;
use sqlx::{AnyConnection, Row};

use super::super::{Store, StoreError, change::Change};

/// What is known of a token.
#[derive(Clone, Debug)]
pub(crate) struct KnownToken {
    pub(crate) affiliate: String,
    pub(crate) portal: String,
    /// Their names, with spaces between.
    pub(crate) scopes: String,
    /// Milliseconds since 1970, by the store's clock.
    pub(crate) expires_at: i64,
}

impl Store {
    pub(crate) async fn keep_token(&self, hash: [u8; 32], token: KnownToken) -> Result<(), StoreError> {
        self.change(Keep { hash, token }).await
    }

    /// `None` for one that is not known, or is over.
    pub(crate) async fn token(&self, hash: [u8; 32]) -> Result<Option<KnownToken>, StoreError> {
        let select = "SELECT affiliate, portal, scopes, expires_at FROM embed_tokens WHERE hash = $1 AND expires_at > $2";
        let row = sqlx::query(select).bind(hash.to_vec()).bind(self.clock.now()).fetch_optional(&self.reader).await?;
        let token = |row: sqlx::any::AnyRow| -> Result<KnownToken, sqlx::Error> {
            Ok(KnownToken { affiliate: row.try_get(0)?, portal: row.try_get(1)?, scopes: row.try_get(2)?, expires_at: row.try_get(3)? })
        };
        Ok(row.map(token).transpose()?)
    }

    /// Makes a portal's tokens worthless: one, an affiliate's, or all. How many those were.
    pub(crate) async fn revoke_tokens(&self, portal: &str, hash: Option<[u8; 32]>, affiliate: Option<&str>) -> Result<u64, StoreError> {
        self.change(Revoke { portal: portal.to_owned(), hash, affiliate: affiliate.map(str::to_owned) }).await
    }

    /// Makes an affiliate's tokens worthless, whichever portal minted them.
    pub(crate) async fn revoke_tokens_of(&self, affiliate: &str) -> Result<(), StoreError> {
        self.change(RevokeOf { affiliate: affiliate.to_owned() }).await
    }

    /// Forgets tokens and downloads that are over.
    pub(crate) async fn tidy_tokens(&self) -> Result<(), StoreError> {
        self.change(Tidy { now: self.clock.now() }).await
    }
}

struct Keep {
    hash: [u8; 32],
    token: KnownToken,
}

#[async_trait]
impl Change for Keep {
    type Done = ();

    async fn make(&self, on: &mut AnyConnection) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO embed_tokens (hash, affiliate, portal, scopes, expires_at) VALUES ($1, $2, $3, $4, $5)")
            .bind(self.hash.to_vec())
            .bind(self.token.affiliate.as_str())
            .bind(self.token.portal.as_str())
            .bind(self.token.scopes.as_str())
            .bind(self.token.expires_at)
            .execute(on)
            .await?;
        Ok(())
    }
}

struct Revoke {
    portal: String,
    hash: Option<[u8; 32]>,
    affiliate: Option<String>,
}

#[async_trait]
impl Change for Revoke {
    type Done = u64;

    async fn make(&self, on: &mut AnyConnection) -> Result<u64, StoreError> {
        // A portal revokes none but its own.
        let query = match (&self.hash, &self.affiliate) {
            (Some(hash), _) => {
                sqlx::query("DELETE FROM embed_tokens WHERE portal = $1 AND hash = $2").bind(self.portal.as_str()).bind(hash.to_vec())
            }
            (None, Some(affiliate)) => sqlx::query("DELETE FROM embed_tokens WHERE portal = $1 AND affiliate = $2")
                .bind(self.portal.as_str())
                .bind(affiliate.as_str()),
            (None, None) => sqlx::query("DELETE FROM embed_tokens WHERE portal = $1").bind(self.portal.as_str()),
        };
        Ok(query.execute(on).await?.rows_affected())
    }
}

struct RevokeOf {
    affiliate: String,
}

#[async_trait]
impl Change for RevokeOf {
    type Done = ();

    async fn make(&self, on: &mut AnyConnection) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM embed_tokens WHERE affiliate = $1").bind(self.affiliate.as_str()).execute(on).await?;
        Ok(())
    }
}

struct Tidy {
    now: i64,
}

#[async_trait]
impl Change for Tidy {
    type Done = ();

    async fn make(&self, on: &mut AnyConnection) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM embed_tokens WHERE expires_at <= $1").bind(self.now).execute(&mut *on).await?;
        sqlx::query("DELETE FROM exports WHERE expires_at <= $1").bind(self.now).execute(on).await?;
        Ok(())
    }
}
