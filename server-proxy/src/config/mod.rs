//! The configuration: `latchkey.toml`, the funnels' files, and environment variables named `LATCHKEY__SECTION__KEY`.
//!
//! Everything is read and checked before anything listens, and every mistake is reported with file, key and reason.
//! What comes out is complete and right: the rest of the proxy asks no more questions of it.

mod alerts;
mod doors;
mod funnels;
mod partner;
mod problems;
pub(crate) mod secret;
mod store;
mod tables;

use std::{
    collections::BTreeMap,
    net::{IpAddr, SocketAddr},
    path::Path,
    sync::Arc,
    time::Duration,
};

use axum::http::HeaderName;
use figment::{
    Figment,
    providers::{Env, Format, Toml},
};
use ipnet::IpNet;
use serde_json::Value;
use url::Url;

pub(crate) use doors::Work;
pub(crate) use partner::Partner;
pub(crate) use problems::Problems;
use tables::File;

use crate::{
    crm::{self, Affiliate, Connections},
    funnel::{Funnels, Surroundings},
    keys::Keyring,
    origin::Origin,
    partner::{Portals, Shown},
    store::{Database, KeepDays},
};

/// All that the proxy is told.
pub(crate) struct Config {
    pub(crate) server: Server,
    pub(crate) database: Database,
    pub(crate) keep_days: KeepDays,
    pub(crate) delivery: Delivery,
    pub(crate) alerts: Option<crate::alerts::Settings>,
    pub(crate) work: Work,
    pub(crate) keys: Arc<Keyring>,
    pub(crate) connections: Connections,
    pub(crate) affiliates: Vec<Arc<Affiliate>>,
    pub(crate) portals: Arc<Portals>,
    /// The same affiliates, with who may show what of them.
    pub(crate) shown: Vec<Arc<Shown>>,
    pub(crate) partner: Partner,
    pub(crate) funnels: Arc<Funnels>,
}

pub(crate) struct Server {
    pub(crate) listen: SocketAddr,
    pub(crate) metrics_listen: Option<SocketAddr>,
    /// What browsers call us. Ends in a slash.
    pub(crate) public_url: Url,
    pub(crate) trusted_proxies: Vec<IpNet>,
    /// Believed from a trusted proxy only.
    pub(crate) country_header: Option<HeaderName>,
    pub(crate) limits: Limits,
}

/// Every bound on what a visitor may take from us.
#[derive(Clone, Debug)]
pub(crate) struct Limits {
    pub(crate) body_bytes: usize,
    /// For a body to arrive.
    pub(crate) read_time: Duration,
    /// For the next request's head to arrive on an open connection.
    pub(crate) idle_time: Duration,
    pub(crate) connections: usize,
    /// A minute, from one address.
    pub(crate) signups_per_minute: u32,
    pub(crate) visits_per_minute: u32,
    pub(crate) codes_per_minute: u32,
    /// How long a visitor waits for the CRM before they are thanked.
    pub(crate) wait_for_crm: Duration,
    /// How long a stop waits for what is under way.
    pub(crate) drain: Duration,
    pub(crate) autologin: Duration,
}

/// How signups are handed over, and when they are tried again.
#[derive(Clone, Debug)]
pub(crate) struct Delivery {
    /// The longest pause before the second attempt; the next ones double it, up to the longest of all.
    pub(crate) first_pause: Duration,
    pub(crate) longest_pause: Duration,
    /// From then on a signup is parked instead of tried again.
    pub(crate) give_up_after: Duration,
    /// After so long without a sign of life, what a proxy was doing is another's.
    pub(crate) lease: Duration,
    /// Attempts in a row that come to nothing before a CRM is left alone.
    pub(crate) breaker_failures: u32,
    /// For how long, at first and at most.
    pub(crate) breaker_pause: Duration,
    pub(crate) breaker_longest_pause: Duration,
}

/// The prefix of environment variables that stand for keys: `LATCHKEY__SERVER__LISTEN` is `server.listen`.
const ENVIRONMENT: &str = "LATCHKEY__";

/// Reads and checks everything. The warnings of a configuration that is right come with it.
pub(crate) fn load(path: &Path) -> Result<(Config, Problems), Problems> {
    let mut problems = Problems::of(path.display().to_string());
    let figment = Figment::from(Toml::file_exact(path)).merge(Env::prefixed(ENVIRONMENT).split("__"));
    let config = match figment.extract::<Value>() {
        Ok(value) => read(value, path, &mut problems),
        Err(errors) => {
            for error in errors {
                problems.add(error.path.join("."), error.kind);
            }
            None
        }
    };
    problems.attribute(|key| environment_variable(&figment, key));
    match config {
        Some(config) if problems.is_empty() => Ok((config, problems)),
        _ => Err(problems),
    }
}

/// The environment variable that a key's value came from, if it came from one.
fn environment_variable(figment: &Figment, key: &str) -> Option<String> {
    let metadata = figment.find_metadata(key)?;
    metadata
        .name
        .contains("environment")
        .then(|| format!("the environment variable {ENVIRONMENT}{}", key.to_uppercase().replace('.', "__")))
}

fn read(value: Value, path: &Path, problems: &mut Problems) -> Option<Config> {
    let file: File = problems.read("", value)?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let server = server(&file.server, problems);
    let own_origin = server.as_ref().and_then(|server| Origin::of(&server.public_url));
    let database = store::database(file.store.url.as_deref(), folder, problems);
    let keys = store::keyring(&file.store.keys, problems);
    let keep_days = store::keep_days(&file.store.keep_days, problems);
    let delivery = delivery(&file.delivery, problems);
    let alerts = alerts::settings(file.alerts.as_ref(), problems);
    let work = doors::work(&file.work, problems);
    let captchas = doors::captchas(file.captchas, problems);
    let connections: BTreeMap<_, _> =
        file.connections.into_iter().map(|(name, table)| (name.clone(), crm::build(&name, table, problems))).collect();
    if connections.is_empty() {
        problems.add("connections", "is missing: name a CRM in [connections.<name>]");
    }
    for (name, crm) in connections.iter().filter_map(|(name, crm)| Some((name, crm.as_ref()?))) {
        crm.warnings().into_iter().for_each(|warning| problems.warn(format!("connections.{name}"), warning));
    }
    let portals = partner::portals(&file.portals, problems);
    let shown = partner::affiliates(&file.affiliates, &connections, &file.portals, problems);
    let affiliates: Vec<_> = shown.iter().map(|shown| shown.affiliate.clone()).collect();
    let partner = partner::settings(&file.partner, problems);
    let surroundings =
        Surroundings { connections: &connections, affiliates: &affiliates, captchas: &captchas, own_origin: own_origin.as_ref() };
    let (whole, wanting) = funnels::read(&folder.join(file.funnels.dir.as_deref().unwrap_or("funnels")), &surroundings, problems);
    let connections = connections.into_iter().map(|(name, crm)| Some((name, crm?))).collect::<Option<Connections>>()?;
    let funnels = Arc::new(Funnels::new(whole, wanting, connections.clone(), affiliates.clone(), captchas, own_origin));
    Some(Config {
        server: server?,
        database: database?,
        keep_days,
        delivery,
        alerts,
        work,
        keys: Arc::new(keys?),
        connections,
        affiliates,
        portals: Arc::new(portals),
        shown,
        partner,
        funnels,
    })
}

fn server(table: &tables::Server, problems: &mut Problems) -> Option<Server> {
    let address = |problems: &mut Problems, key: &str, text: Option<&str>| {
        problems.parse(key, text, |text| {
            text.parse::<SocketAddr>().map_err(|_| format!("\"{text}\" is no address and port, such as \"127.0.0.1:8080\""))
        })
    };
    let listen = address(problems, "server.listen", Some(table.listen.as_deref().unwrap_or("127.0.0.1:8080")));
    let metrics_listen = address(problems, "server.metrics_listen", table.metrics_listen.as_deref());
    let public_url = problems.required("server.public_url", table.public_url.as_deref());
    let public_url = problems.parse("server.public_url", public_url, public_address);
    let network = |(index, text): (usize, &String)| {
        problems.parse(&format!("server.trusted_proxies[{index}]"), Some(text), |text| {
            text.parse::<IpNet>()
                .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
                .map_err(|_| format!("\"{text}\" is no network, such as \"10.0.0.0/8\""))
        })
    };
    let trusted_proxies = table.trusted_proxies.iter().enumerate().filter_map(network).collect();
    let country_header = problems.parse("server.country_header", table.country_header.as_deref(), |text| {
        text.parse::<HeaderName>().map_err(|_| format!("\"{text}\" is no header's name"))
    });
    let limits = limits(&table.limits, problems);
    Some(Server { listen: listen?, metrics_listen, public_url: public_url?, trusted_proxies, country_header, limits })
}

fn limits(table: &tables::Limits, problems: &mut Problems) -> Limits {
    let mut bounded = |name: &str, value, default, bounds| problems.bounded(&format!("server.limits.{name}"), value, default, bounds);
    let body_bytes = bounded("body_bytes", table.body_bytes, 32 * 1024, 1024..=1024 * 1024);
    let read_seconds = bounded("read_seconds", table.read_seconds, 10, 1..=300);
    // Longer than the minute that proxies in front of us keep a connection, so that they never send on one that we close.
    let idle_seconds = bounded("idle_seconds", table.idle_seconds, 75, 1..=600);
    let connections = bounded("connections", table.connections, 10_000, 1..=1_000_000);
    let signups = bounded("signups_per_minute", table.signups_per_minute, 60, 1..=1_000_000);
    let visits = bounded("visits_per_minute", table.visits_per_minute, 240, 1..=1_000_000);
    let codes = bounded("codes_per_minute", table.codes_per_minute, 20, 1..=1_000_000);
    let wait_ms = bounded("wait_for_crm_ms", table.wait_for_crm_ms, 5_000, 0..=60_000);
    let drain_seconds = bounded("drain_seconds", table.drain_seconds, 35, 0..=600);
    let autologin_seconds = bounded("autologin_seconds", table.autologin_seconds, 300, 1..=86_400);
    Limits {
        body_bytes: body_bytes as usize,
        read_time: Duration::from_secs(read_seconds),
        idle_time: Duration::from_secs(idle_seconds),
        connections: connections as usize,
        signups_per_minute: signups as u32,
        visits_per_minute: visits as u32,
        codes_per_minute: codes as u32,
        wait_for_crm: Duration::from_millis(wait_ms),
        drain: Duration::from_secs(drain_seconds),
        autologin: Duration::from_secs(autologin_seconds),
    }
}

fn delivery(table: &tables::Delivery, problems: &mut Problems) -> Delivery {
    let mut bounded = |name: &str, value, default, bounds| problems.bounded(&format!("delivery.{name}"), value, default, bounds);
    let first_pause = bounded("first_pause_ms", table.first_pause_ms, 2_000, 1..=3_600_000);
    let longest_pause = bounded("longest_pause_ms", table.longest_pause_ms, 600_000, 1..=86_400_000);
    let give_up_after = bounded("give_up_after_seconds", table.give_up_after_seconds, 172_800, 1..=31_536_000);
    let lease = bounded("lease_ms", table.lease_ms, 30_000, 1_000..=600_000);
    let breaker_failures = bounded("breaker_failures", table.breaker_failures, 5, 1..=1_000);
    let breaker_pause = bounded("breaker_pause_ms", table.breaker_pause_ms, 1_000, 1..=3_600_000);
    let breaker_longest_pause = bounded("breaker_longest_pause_ms", table.breaker_longest_pause_ms, 60_000, 1..=3_600_000);
    Delivery {
        first_pause: Duration::from_millis(first_pause),
        longest_pause: Duration::from_millis(longest_pause.max(first_pause)),
        give_up_after: Duration::from_secs(give_up_after),
        lease: Duration::from_millis(lease),
        breaker_failures: breaker_failures as u32,
        breaker_pause: Duration::from_millis(breaker_pause),
        breaker_longest_pause: Duration::from_millis(breaker_longest_pause.max(breaker_pause)),
    }
}

fn public_address(text: &str) -> Result<Url, String> {
    let mut url = Url::parse(text).map_err(|error| format!("\"{text}\" is no address ({error})"))?;
    if Origin::of(&url).is_none() || url.query().is_some() || url.fragment().is_some() {
        return Err(format!("\"{text}\" is not what browsers call this proxy, such as \"https://join.example\""));
    }
    if !url.path().ends_with('/') {
        url.set_path(&format!("{}/", url.path()));
    }
    Ok(url)
}
