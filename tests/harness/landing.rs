//! A landing page that embeds the funnels, on an origin of its own.

use std::path::Path;

use crate::Program;

/// A running `landing-page`.
pub struct Landing {
    /// `http://127.0.0.1:…`
    pub origin: String,
    _program: Program,
}

impl Landing {
    /// The first funnel is shown at `/`, and each at its id.
    pub async fn start(folder: &Path, proxy: &str, funnels: &[&str]) -> Landing {
        let mut arguments = vec!["--listen", "127.0.0.1:0", "--proxy", proxy];
        arguments.extend(funnels.iter().flat_map(|funnel| ["--funnel", funnel]));
        let mut program = Program::start("landing-page", folder, &arguments, &[]);
        let origin = program.line("landing-page listening on ").await;
        Landing { origin, _program: program }
    }
}
