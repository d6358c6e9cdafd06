//! `dev`: the demo's servers, with the widgets' page rebuilt and reloaded at every change.

use anyhow::Result;

use crate::{
    cli::DevPorts,
    demo::{self, Plan, Port, Servers},
    page,
    steps::Steps,
    tools::prerequisites,
    workspace::Workspace,
};

/// Trunk.toml sends what is not the page's own there.
const PROXY_PORT: u16 = 8080;

pub(crate) fn dev(workspace: &Workspace, ports: &DevPorts) -> Result<()> {
    let page_port = Port { what: "page", option: Some("--page-port"), number: ports.page_port };
    let proxy = Port { what: "proxy", option: None, number: PROXY_PORT };
    demo::check_ports("dev", &[page_port, proxy], &ports.beside)?;
    prerequisites::check()?;

    let mut steps = Steps::new(6);
    demo::prepare(workspace, &mut steps)?;
    let mut trunk = steps.run("Trunk and wasm-bindgen (about 11 min if they have to be compiled)", || page::trunk(workspace))?;
    // The page's origin is the proxy's public one: Trunk passes on what is the proxy's.
    let plan = Plan::new(workspace, PROXY_PORT, ports.page_port, &ports.beside);
    let mut servers = Servers::new()?;
    steps.run("Starting the simulated CRM, the proxy and the landing page", || plan.start(workspace, &mut servers))?;
    trunk.args(["serve", "--offline", "--port", &ports.page_port.to_string()]);
    servers.start_in_view("trunk", &mut trunk)?;
    println!("\nOpen {}/ when Trunk has built it: every widget; it reloads when you save.", demo::origin(ports.page_port));
    println!("Beside it:\n{}", plan.pages());
    println!("A change to the proxy shows after a restart of this command.");
    println!("The logs are {}. Ctrl-C stops everything.", plan.folder.join("*.log").display());
    servers.wait()
}
