//! A simulated CRM and a proxy, ready, on files of their own.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitStatus,
    sync::atomic::{AtomicU32, Ordering},
};

use reqwest::{Client, Method, RequestBuilder, redirect::Policy};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{Answer, Ended, Landing, Portal, Program, Proxy, SECRETS, Sandbox, Setup, Store, free_port, send, until};

/// The origin that the funnel `demo` is for.
pub const LANDING: &str = "https://landing.example";

/// Numbers people, so that no two have the same e-mail address.
static PEOPLE: AtomicU32 = AtomicU32::new(1);

pub struct World {
    pub sandbox: Sandbox,
    pub landing: Option<Landing>,
    pub portal: Option<Portal>,
    pub client: Client,
    /// What browsers call the proxy, without a slash at the end.
    pub address: String,
    pub store: Store,
    pub proxy: Proxy,
    metrics: String,
    folder: TempDir,
}

impl World {
    /// Writes the files, starts the programs, and waits until the proxy is ready.
    pub async fn start(setup: Setup) -> World {
        // An error says that another test has installed it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        // No connection is kept: one that the proxy closes at the wrong moment would fail a test that is about something else.
        let client = Client::builder().redirect(Policy::none()).no_proxy().pool_max_idle_per_host(0).build().expect("a client");
        let folder = TempDir::new().expect("a temporary folder");
        let (sandbox, store) = tokio::join!(Sandbox::start(client.clone(), folder.path()), Store::make(setup.store, folder.path()));
        let (address, metrics) = (free_address(), free_address());
        let public_url = format!("http://{address}");
        let landing = match setup.landing_page {
            true => Some(Landing::start(folder.path(), &public_url, &setup.landing_funnels()).await),
            false => None,
        };
        let portal = match setup.portal.is_empty() {
            true => None,
            false => Some(Portal::start(folder.path(), &public_url, &setup.portal).await),
        };
        let setup =
            portal.iter().fold(setup, |setup, portal| setup.default_to("portals.acme", "origins", &format!("[\"{}\"]", portal.origin)));
        let setup = landing.iter().fold(setup, |setup, landing| setup.origin_of_all(&landing.origin));
        let setup = store.database_url().iter().fold(setup, |setup, _| setup.default_to("store", "url", "\"env:DATABASE_URL\""));
        let quoted = |text: &str| format!("\"{text}\"");
        let setup = setup
            .default_to("server", "listen", &quoted(&address))
            .default_to("server", "metrics_listen", &quoted(&metrics))
            .default_to("server", "public_url", &quoted(&public_url))
            .default_to("connections.wi", "base_url", &quoted(&sandbox.base_url()));
        write(folder.path(), &setup, &sandbox.origin);
        let proxy = Proxy::start(client.clone(), public_url.clone(), folder.path(), &environment(&store)).await;
        World { sandbox, landing, portal, client, address: public_url, store, metrics: format!("http://{metrics}/metrics"), proxy, folder }
    }

    /// Starts one more proxy on the same files and the same store, which has to be a database. It listens somewhere else.
    pub async fn another_proxy(&self) -> Proxy {
        let (address, metrics) = (free_address(), free_address());
        let mut environment = self.environment();
        environment.extend([("LATCHKEY__SERVER__LISTEN", address.as_str()), ("LATCHKEY__SERVER__METRICS_LISTEN", &metrics)]);
        Proxy::start(self.client.clone(), format!("http://{address}"), self.folder(), &environment).await
    }

    /// What the proxy is told in its environment.
    pub fn environment(&self) -> Vec<(&str, &str)> {
        environment(&self.store)
    }

    /// Where the files are: `latchkey.toml`, `funnels`, and `latchkey.db` where the store is SQLite's.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// SQLite's file and its log, as far as they exist.
    pub fn database_files(&self) -> Vec<PathBuf> {
        let all = ["latchkey.db", "latchkey.db-wal", "latchkey.db-shm"].map(|name| self.folder().join(name));
        all.into_iter().filter(|path| path.exists()).collect()
    }

    /// What the proxy has logged since its last start.
    pub fn logs(&self) -> String {
        self.proxy.logs()
    }

    /// `kill -9` of the proxy.
    pub fn kill(&mut self) {
        self.proxy.kill();
    }

    /// SIGTERM to the proxy.
    pub fn terminate(&self) {
        self.proxy.terminate();
    }

    /// Waits for the proxy's end.
    pub async fn exit(&mut self) -> ExitStatus {
        self.proxy.exit().await
    }

    /// Starts the proxy again on the same files, after it has ended.
    pub async fn restart(&mut self) {
        self.proxy.restart().await;
    }

    /// An address of the proxy.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    /// A request without any header of a browser's.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, self.url(path))
    }

    pub async fn get(&self, path: &str) -> Answer {
        send(self.request(Method::GET, path)).await
    }

    /// A visit of the funnel from the page that it is for: its form token.
    pub async fn visit(&self) -> String {
        self.visit_of("demo").await
    }

    pub async fn visit_of(&self, funnel: &str) -> String {
        let path = format!("/api/v1/funnels/{funnel}/visits");
        let visit = send(self.request(Method::POST, &path).header("origin", LANDING)).await.json_of(200);
        visit["formToken"].as_str().expect("a token").to_owned()
    }

    /// What a person sends who has filled in the form, with an e-mail address that nobody else has.
    pub async fn form(&self) -> Value {
        let number = PEOPLE.fetch_add(1, Ordering::Relaxed);
        json!({
            "fields": { "email": format!("jane.doe.{number}@mail.example"), "phone": "+442079460958", "firstName": "Jane" },
            "agreements": ["Terms and Conditions"],
            "tracking": {},
            "locale": "en",
            "formToken": self.visit().await,
        })
    }

    /// A POST to the funnel's signups from the page that it is for; the body is still to come.
    pub fn signup_request(&self) -> RequestBuilder {
        self.request(Method::POST, "/api/v1/funnels/demo/signups").header("origin", LANDING)
    }

    pub async fn signup(&self, body: &Value) -> Answer {
        send(self.signup_request().json(body)).await
    }

    /// With an `Idempotency-Key`.
    pub async fn signup_with_key(&self, body: &Value, key: &str) -> Answer {
        send(self.signup_request().header("idempotency-key", key).json(body)).await
    }

    /// The status of a signup, asked with the key that its 202 gave.
    pub async fn status(&self, id: &str, key: &str) -> Answer {
        let request = self.request(Method::GET, &format!("/api/v1/signups/{id}"));
        send(request.header("origin", LANDING).header("latchkey-signup-key", key)).await
    }

    /// What the listener for metrics says.
    pub async fn metrics(&self) -> String {
        let answer = send(self.client.get(&self.metrics)).await;
        assert_eq!(answer.status, 200);
        answer.text()
    }

    /// Runs `latchkey …` on this world's files, which may be in use.
    pub async fn latchkey(&self, arguments: &[&str]) -> Ended {
        Program::run("latchkey", self.folder(), arguments, &self.environment()).await
    }

    /// What `latchkey signups list --json` tells, the newest first.
    pub async fn signups(&self) -> Vec<Value> {
        let ended = self.latchkey(&["signups", "list", "--json", "--limit", "1000000"]).await;
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        let signups: Value = serde_json::from_str(&ended.stdout).expect("JSON");
        signups.as_array().expect("a list").clone()
    }

    /// The one signup of that id, as the operator sees it.
    pub async fn stored(&self, id: &Value) -> Value {
        let found = self.signups().await.into_iter().find(|signup| signup["id"] == *id);
        found.unwrap_or_else(|| panic!("signup {id} is not in the store"))
    }

    /// Waits until that signup is in that state.
    pub async fn becomes(&self, id: &Value, state: &str) -> Value {
        until(&format!("signup {id} becomes {state}"), async || Some(self.stored(id).await).filter(|signup| signup["state"] == state)).await
    }
}

fn write(folder: &Path, setup: &Setup, sandbox: &str) {
    fs::write(folder.join("latchkey.toml"), setup.config(sandbox)).expect("the configuration is written");
    fs::create_dir_all(folder.join("funnels")).expect("the folder of funnels is made");
    for (id, text) in &setup.funnels {
        fs::write(folder.join(format!("funnels/{id}.toml")), text).expect("the funnel is written");
    }
}

fn environment(store: &Store) -> Vec<(&str, &str)> {
    SECRETS.into_iter().chain(store.database_url().map(|url| ("DATABASE_URL", url))).collect()
}

fn free_address() -> String {
    format!("127.0.0.1:{}", free_port())
}
