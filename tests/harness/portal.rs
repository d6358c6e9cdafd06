//! A partner portal that mounts the affiliate's elements, on an origin of its own.

use std::path::Path;

use crate::Program;

/// What its users log in with, made up.
pub const PORTAL_PASSWORD: &str = "made-up-portal-password";
/// What it mints embed tokens with; `env:ACME_SECRET` to the proxy.
pub const PORTAL_SECRET: &str = "made-up-acme-secret-0001";

/// A running `partner-portal`.
pub struct Portal {
    /// `http://127.0.0.1:…`
    pub origin: String,
    _program: Program,
}

impl Portal {
    /// Each affiliate logs in by its id.
    pub async fn start(folder: &Path, proxy: &str, affiliates: &[String]) -> Portal {
        let users: Vec<String> = affiliates.iter().map(|id| format!("{id}={id}")).collect();
        let mut arguments = vec!["--listen", "127.0.0.1:0", "--proxy", proxy];
        arguments.extend(users.iter().flat_map(|user| ["--user", user]));
        let environment = [("PORTAL_SECRET", PORTAL_SECRET), ("PORTAL_PASSWORD", PORTAL_PASSWORD)];
        let mut program = Program::start("partner-portal", folder, &arguments, &environment);
        let origin = program.line("partner-portal listening on ").await;
        Portal { origin, _program: program }
    }
}
