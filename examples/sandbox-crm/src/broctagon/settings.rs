//! How an installation is set up: what the command line says of Broctagon.

use clap::ValueEnum;
use clap::builder::NonEmptyStringValueParser;

use super::access::Signature;

#[derive(Debug, clap::Args)]
#[group(skip)]
pub(crate) struct Settings {
    /// The API key that Broctagon expects in `key`, and that requests are signed with
    #[arg(
        id = "broctagon-api-key",
        long,
        value_name = "KEY",
        default_value = "sandbox-broctagon-key",
        value_parser = NonEmptyStringValueParser::new()
    )]
    pub(super) api_key: String,

    /// How Broctagon wants requests signed
    #[arg(id = "broctagon-signature", long, value_name = "VERSION", value_enum, default_value_t = Signature::V2)]
    pub(super) signature: Signature,

    /// Which one-time passwords Broctagon demands of a registration
    #[arg(id = "broctagon-codes", long, value_name = "WHICH", value_enum, default_value_t = Demanded::Either)]
    pub(super) codes: Demanded,

    /// How long a one-time password of Broctagon holds, in seconds
    #[arg(id = "broctagon-code-ttl-seconds", long, value_name = "SECONDS", default_value_t = 600)]
    pub(super) code_ttl_seconds: u32,

    /// How long Broctagon lets nobody ask for another one-time password, in seconds
    #[arg(id = "broctagon-code-wait-seconds", long, value_name = "SECONDS", default_value_t = 60)]
    pub(super) code_wait_seconds: u32,
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
