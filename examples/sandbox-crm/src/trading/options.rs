//! The flags of this CRM on the command line, and what they come to.

use std::time::Duration;

use clap::builder::NonEmptyStringValueParser;

use super::records::AffiliateRecord;
use crate::autologin::Links;

#[derive(Debug, Clone, clap::Args)]
#[group(skip)]
#[command(next_help_heading = "The trading CRM, under /trading")]
pub(crate) struct Options {
    /// The API key of the first affiliate
    #[arg(long, value_name = "KEY", default_value = "sandbox-trading-key", value_parser = NonEmptyStringValueParser::new())]
    trading_api_key: String,

    /// The log-in of the first affiliate
    #[arg(long, value_name = "NAME", default_value = "broker@example.com", value_parser = NonEmptyStringValueParser::new())]
    trading_username: String,

    /// The first affiliate's password
    #[arg(long, value_name = "PASSWORD", default_value = "sandbox-password", value_parser = NonEmptyStringValueParser::new())]
    trading_password: String,

    /// One more affiliate, such as {"id":"acme","apiKey":"k2","username":"a@example.com","password":"p"}; may be repeated
    #[arg(long, value_name = "JSON", value_parser = affiliate)]
    trading_affiliate: Vec<AffiliateRecord>,

    /// How long a session's token works, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 3600)]
    trading_session_ttl_seconds: u32,

    /// How long a refresh token works, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 86_400)]
    trading_refresh_ttl_seconds: u32,

    /// How long a confirmation code works, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 600)]
    trading_code_ttl_seconds: u32,

    /// The captcha site key that is told
    #[arg(long, value_name = "KEY", default_value = "sandbox-captcha-site-key")]
    trading_captcha_site_key: String,
}

fn affiliate(text: &str) -> Result<AffiliateRecord, String> {
    serde_json::from_str(text).map_err(|error| format!("not an affiliate: {error}"))
}

#[derive(Debug)]
pub(super) struct Settings {
    /// The first is whose records name nobody.
    pub(super) affiliates: Vec<AffiliateRecord>,
    pub(super) session_ttl: Duration,
    pub(super) refresh_ttl: Duration,
    pub(super) code_ttl: Duration,
    pub(super) captcha_site_key: String,
    pub(super) links: Links,
}

impl Options {
    pub(super) fn settings(self, links: Links) -> Settings {
        let seconds = |seconds: u32| Duration::from_secs(seconds.into());
        let first = AffiliateRecord::first(self.trading_api_key, self.trading_username, self.trading_password);
        Settings {
            affiliates: [vec![first], self.trading_affiliate].concat(),
            session_ttl: seconds(self.trading_session_ttl_seconds),
            refresh_ttl: seconds(self.trading_refresh_ttl_seconds),
            code_ttl: seconds(self.trading_code_ttl_seconds),
            captcha_site_key: self.trading_captcha_site_key,
            links,
        }
    }
}
