//! `latchkey`: the proxy between a broker's sign-up widgets and the CRM. It alone knows the CRM's keys, and it loses no lead.
//!
//! A signup's way: `http` reads the request, `intake` checks and keeps it, `delivery` hands it to the `crm`, and `http` tells
//! the visitor. `config` and `funnel` are read once, at start. `alerts` tells the operator when a person has to look.

mod alerts;
mod captcha;
mod cli;
mod config;
mod crash;
mod crm;
mod delivery;
mod funnel;
mod http;
mod intake;
mod keys;
mod origin;
mod outbound;
mod partner;
mod phones;
mod render;
mod spreadsheet;
mod store;

use std::process::ExitCode;

fn main() -> ExitCode {
    install_crypto();
    cli::run()
}

/// TLS takes its cryptography from one place for the whole process.
fn install_crypto() {
    // An error says that it is installed already.
    let _ = rustls::crypto::ring::default_provider().install_default();
}
