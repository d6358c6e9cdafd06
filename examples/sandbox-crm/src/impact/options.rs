//! The flags of this CRM on the command line.

use clap::builder::NonEmptyStringValueParser;

#[derive(Debug, Clone, clap::Args)]
#[group(skip)]
#[command(next_help_heading = "Impact, under /impact")]
pub(crate) struct Options {
    /// The API key that is expected in `X-Api-Key`; the user below is attached to it
    #[arg(long, value_name = "KEY", default_value = "sandbox-impact-key", value_parser = NonEmptyStringValueParser::new())]
    pub(super) impact_api_key: String,

    /// The domain that is expected in `X-DOMAIN`
    #[arg(long, value_name = "DOMAIN", default_value = "brand.example", value_parser = NonEmptyStringValueParser::new())]
    pub(super) impact_domain: String,

    /// The user of the IB reports
    #[arg(long, value_name = "EMAIL", default_value = "ib@example.com", value_parser = NonEmptyStringValueParser::new())]
    pub(super) impact_user: String,

    /// That user's password
    #[arg(long, value_name = "PASSWORD", default_value = "sandbox-password", value_parser = NonEmptyStringValueParser::new())]
    pub(super) impact_password: String,

    /// How long a token of the log-in works, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 3600)]
    pub(super) impact_token_ttl_seconds: u32,
}
