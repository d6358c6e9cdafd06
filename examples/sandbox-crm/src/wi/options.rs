//! The flags of this CRM on the command line.

use clap::builder::NonEmptyStringValueParser;

#[derive(Debug, Clone, clap::Args)]
#[group(skip)]
#[command(next_help_heading = "Wi, under /wi")]
pub(crate) struct Options {
    /// The API key that the sign-up expects in `x-api-key`
    #[arg(long, value_name = "KEY", env = "SANDBOX_WI_KEY", hide_env_values = true, value_parser = NonEmptyStringValueParser::new())]
    pub(super) wi_key: String,

    /// The identification token that the buckets expect in `Authorization`
    #[arg(long, value_name = "TOKEN", default_value = "sandbox-wi-token", value_parser = NonEmptyStringValueParser::new())]
    pub(super) wi_identification_token: String,
}
