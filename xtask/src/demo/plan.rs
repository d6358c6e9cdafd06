//! What the demo starts: which programs, with which options and settings. Every key here is made up and opens nothing.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use super::{Servers, empty_folder, ports::Port, program};
use crate::{cli::BesidePorts, files, workspace::Workspace};

/// What the sandbox takes for Wi's key.
const CRM_KEY: &str = "demo-key-of-the-simulated-crm";
/// The proxy's references, and what the simulated CRMs take.
const CRM_SECRETS: [(&str, &str); 9] = [
    ("WI_SIGNUP_KEY", CRM_KEY),
    ("WI_TOKEN", "sandbox-wi-token"),
    ("TRADING_KEY", "sandbox-trading-key"),
    ("TRADING_USER", "broker@example.com"),
    ("TRADING_PASSWORD", "sandbox-password"),
    ("IMPACT_KEY", "sandbox-impact-key"),
    ("IMPACT_USER", "ib@example.com"),
    ("IMPACT_PASSWORD", "sandbox-password"),
    ("BROCTAGON_KEY", "sandbox-broctagon-key"),
];
/// What the portal mints embed tokens with, and what its users log in with.
const PORTAL_SECRET: &str = "demo-secret-of-the-partner-portal";
/// Each is an affiliate with another CRM behind: all of them show one element.
const PORTAL_USERS: [&str; 3] = ["tomas=b-17", "maria=a-17", "ines=c-17"];
const PORTAL_PASSWORD: &str = "demo";
/// What the proxy seals its records with: "demo", eight times, in hexadecimal.
const SEALING_KEY: &str = "64656d6f64656d6f64656d6f64656d6f64656d6f64656d6f64656d6f64656d6f";
/// The landing page shows the first at `/`, and each at its id.
const FUNNELS: [(&str, &str); 4] = [
    ("demo", "the landing page, with the form in it"),
    ("trading", "steps and fields that the trading CRM says itself"),
    ("impact", "two steps, and a deposit page at the end"),
    ("broctagon", "a form that Broctagon says itself, and a one-time code"),
];
/// The landing page's port in the funnel's origins.
const LANDING_PORT: u16 = 8000;

pub(crate) struct Plan {
    /// Logs, and the proxy's records.
    pub(crate) folder: PathBuf,
    proxy: u16,
    /// The port of the proxy's public address.
    public: u16,
    beside: BesidePorts,
}

impl Plan {
    pub(crate) fn new(workspace: &Workspace, proxy: u16, public: u16, beside: &BesidePorts) -> Self {
        Self { folder: workspace.target.join("demo"), proxy, public, beside: beside.clone() }
    }

    /// Starts one after the other, each when the one before it answers.
    pub(crate) fn start(&self, workspace: &Workspace, servers: &mut Servers) -> Result<()> {
        empty_folder(&self.folder)?;
        self.start_sandbox(workspace, servers)?;
        self.start_proxy(workspace, servers)?;
        self.start_landing_page(workspace, servers)?;
        self.start_portal(workspace, servers)
    }

    pub(crate) fn pages(&self) -> String {
        let BesidePorts { metrics_port, sandbox_port, landing_port, portal_port } = self.beside;
        let landing = |(index, (funnel, what)): (usize, &(&str, &'static str))| {
            let path = if index == 0 { "" } else { funnel };
            (format!("{}/{path}", origin(landing_port)), *what)
        };
        let portal = format!("the partner portal: tomas, maria or ines, each with another CRM behind; password {PORTAL_PASSWORD}");
        let others = [
            (origin(portal_port), portal.as_str()),
            (format!("{}/_control/wi/users", origin(sandbox_port)), "who has arrived in the simulated CRM (or trading, impact, broctagon)"),
            (format!("{}/_control/broctagon/outbox", origin(sandbox_port)), "the codes that it would have mailed"),
            (format!("{}/metrics", origin(metrics_port)), "the proxy's metrics"),
        ];
        FUNNELS.iter().enumerate().map(landing).chain(others).map(|(address, what)| format!("  {address:<48} {what}\n")).collect()
    }

    fn start_sandbox(&self, workspace: &Workspace, servers: &mut Servers) -> Result<()> {
        let address = Port::address(self.beside.sandbox_port);
        let mut command = program(workspace, "sandbox-crm");
        command.args(["--listen", &address.to_string(), "--wi-key", CRM_KEY, "--history"]);
        servers.start("sandbox-crm", &mut command, &self.log("sandbox-crm"), address, "/_control/health")
    }

    fn start_proxy(&self, workspace: &Workspace, servers: &mut Servers) -> Result<()> {
        let address = Port::address(self.proxy);
        let demo = workspace.root.join("examples/demo");
        let mut command = program(workspace, "latchkey");
        command
            .args(["serve", "--config"])
            .arg(demo.join("latchkey.toml"))
            .env("LATCHKEY__SERVER__LISTEN", address.to_string())
            .env("LATCHKEY__SERVER__METRICS_LISTEN", Port::address(self.beside.metrics_port).to_string())
            .env("LATCHKEY__SERVER__PUBLIC_URL", origin(self.public))
            .env("LATCHKEY__STORE__URL", format!("sqlite://{}", self.folder.join("latchkey.db").display()))
            .env("LATCHKEY__PORTALS__DEMO__ORIGINS", format!("[\"{}\"]", origin(self.beside.portal_port)))
            .envs(CRM_SECRETS)
            .env("PORTAL_SECRET", PORTAL_SECRET)
            .env("LATCHKEY_KEY", SEALING_KEY);
        let sandbox = origin(self.beside.sandbox_port);
        for kind in ["wi", "trading", "impact", "broctagon"] {
            command.env(format!("LATCHKEY__CONNECTIONS__{}__BASE_URL", kind.to_uppercase()), format!("{sandbox}/{kind}"));
        }
        command.env("LATCHKEY__CONNECTIONS__IMPACT__MEMBER_AREA", format!("{sandbox}/impact/member"));
        if self.beside.landing_port != LANDING_PORT {
            let funnels = self.folder.join("funnels");
            move_funnels(&demo.join("funnels"), &funnels, self.beside.landing_port)?;
            command.env("LATCHKEY__FUNNELS__DIR", funnels);
        }
        servers.start("latchkey", &mut command, &self.log("latchkey"), address, "/readyz")
    }

    fn start_landing_page(&self, workspace: &Workspace, servers: &mut Servers) -> Result<()> {
        let address = Port::address(self.beside.landing_port);
        let mut command = program(workspace, "landing-page");
        command.args(["--listen", &address.to_string(), "--proxy", &origin(self.proxy)]);
        command.args(FUNNELS.iter().flat_map(|(funnel, _)| ["--funnel", funnel]));
        servers.start("landing-page", &mut command, &self.log("landing-page"), address, "/healthz")
    }

    fn start_portal(&self, workspace: &Workspace, servers: &mut Servers) -> Result<()> {
        let address = Port::address(self.beside.portal_port);
        let mut command = program(workspace, "partner-portal");
        command.args(["--listen", &address.to_string(), "--proxy", &origin(self.proxy)]);
        command.args(PORTAL_USERS.iter().flat_map(|user| ["--user", user]));
        command.env("PORTAL_SECRET", PORTAL_SECRET).env("PORTAL_PASSWORD", PORTAL_PASSWORD);
        servers.start("partner-portal", &mut command, &self.log("partner-portal"), address, "/healthz")
    }

    fn log(&self, name: &str) -> PathBuf {
        self.folder.join(name).with_extension("log")
    }
}

pub(crate) fn origin(port: u16) -> String {
    format!("http://{}", Port::address(port))
}

/// Copies the funnels with the landing page at another port: a funnel answers only the origins that it lists.
fn move_funnels(from: &Path, to: &Path, landing_port: u16) -> Result<()> {
    files::create_folder(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("cannot read the folder {}", from.display()))? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            let text = files::read_text(&entry.path())?;
            files::write_if_changed(&to.join(entry.file_name()), move_origins(&text, landing_port).as_bytes())?;
        }
    }
    Ok(())
}

fn move_origins(text: &str, landing_port: u16) -> String {
    ["127.0.0.1", "localhost"].iter().fold(text.to_owned(), |text, host| {
        text.replace(&format!("http://{host}:{LANDING_PORT}\""), &format!("http://{host}:{landing_port}\""))
    })
}

#[cfg(test)]
mod tests {
    use super::move_origins;

    #[test]
    fn the_funnels_origins_follow_the_landing_page() {
        let text = r#"origins = ["http://127.0.0.1:8000", "http://localhost:8000", "http://localhost:8081"]"#;
        assert_eq!(move_origins(text, 8010), r#"origins = ["http://127.0.0.1:8010", "http://localhost:8010", "http://localhost:8081"]"#);
    }
}
