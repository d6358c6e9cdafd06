//! The flags of this CRM on the command line: how an installation is set up.

use clap::ValueEnum;
use clap::builder::NonEmptyStringValueParser;

use super::access::Signature;

#[derive(Debug, Clone, clap::Args)]
#[group(skip)]
#[command(next_help_heading = "Broctagon, under /broctagon")]
pub(crate) struct Options {
    /// The API key that is expected in `key`, and that requests are signed with
    #[arg(long, value_name = "KEY", default_value = "sandbox-broctagon-key", value_parser = NonEmptyStringValueParser::new())]
    pub(super) broctagon_api_key: String,

    /// How requests are to be signed
    #[arg(long, value_name = "VERSION", value_enum, default_value_t = Signature::V2)]
    pub(super) broctagon_signature: Signature,

    /// Which one-time passwords are demanded of a registration
    #[arg(long, value_name = "WHICH", value_enum, default_value_t = Demanded::Either)]
    pub(super) broctagon_codes: Demanded,

    /// How long a one-time password holds, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 600)]
    pub(super) broctagon_code_ttl_seconds: u32,

    /// How long nobody may ask for another one-time password, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub(super) broctagon_code_wait_seconds: u32,
}

/// The table of the registration has `email_code` and `phone_code` as mandatory. But there are codes by phone only "if you installed
/// twilio", and the error is "No Email *or* phone otp is sent". So an installation may be any of these.
#[derive(Debug, Clone, Copy, PartialEq, ValueEnum)]
pub(super) enum Demanded {
    /// At least one of the two
    Either,
    /// Both, as the table has it
    Both,
    /// By e-mail, as there is no Twilio: none is sent to a phone
    Email,
}
