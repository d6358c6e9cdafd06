//! Somebody's page: served from an origin of its own, with whatever it brings along, and the funnels' forms in it.

use std::{env, fs, path::PathBuf};

use axum::{
    Router,
    http::{StatusCode, header},
    response::IntoResponse,
    routing::get,
};
use harness::{Setup, World, free_port};

use crate::{
    browser::{Browser, DESKTOP},
    form::Form,
};

/// A page, as its server sends it.
pub(crate) struct Page {
    pub(crate) html: String,
    /// Its content security policy.
    pub(crate) policy: Option<String>,
}

impl Page {
    /// Without a policy. The proxy's address takes the place of `{proxy}`, and the funnel's rendered form in German of `{fragment}`.
    pub(crate) fn new(html: &str) -> Page {
        Page { html: html.to_owned(), policy: None }
    }

    pub(crate) fn with_policy(self, policy: &str) -> Page {
        Page { policy: Some(policy.to_owned()), ..self }
    }
}

/// The page, with a proxy that its funnels are on, and a browser to look at it with.
pub(crate) struct Site {
    pub(crate) world: World,
    pub(crate) browser: Browser,
    pub(crate) origin: String,
    server: tokio::task::JoinHandle<()>,
}

impl Site {
    pub(crate) async fn open(page: Page) -> Site {
        Site::open_with(Setup::new(), page).await
    }

    pub(crate) async fn open_with(setup: Setup, page: Page) -> Site {
        Site::serve(setup, |proxy, fragment| routes(page, proxy, fragment)).await
    }

    /// Whatever is served; it is told the proxy's address, and what a server that renders its page itself puts into it.
    pub(crate) async fn serve(setup: Setup, routes: impl FnOnce(&str, &str) -> Router) -> Site {
        let address = format!("127.0.0.1:{}", free_port());
        let origin = format!("http://{address}");
        let world = World::start(setup.origin_of_all(&origin)).await;
        let listener = tokio::net::TcpListener::bind(&address).await.unwrap();
        let fragment = world.get("/embed/demo.html?locale=de").await.text();
        let routes = routes(&world.address, &fragment);
        let server = tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        Site { world, browser: Browser::start(DESKTOP).await, origin, server }
    }

    /// Waits until the first form is taken over by the components.
    pub(crate) async fn form(&self) -> Form<'_> {
        Form::open(&self.browser, &format!("{}/", self.origin)).await
    }

    /// Waits until the first form can be typed into, whatever becomes of it then.
    pub(crate) async fn painted(&self) -> Form<'_> {
        Form::painted(&self.browser, &format!("{}/", self.origin)).await
    }

    /// A visitor signs up with the page's first form, and arrives in the member area.
    pub(crate) async fn sign_up(&self, form: &Form<'_>, email: &str) {
        form.fill_in(email).await;
        form.send().await;
        let who = harness::until("the member area", async || self.browser.driver.find(thirtyfour::By::Id("who")).await.ok()).await;
        assert!(who.text().await.unwrap().contains(email));
        let users = self.world.sandbox.users().await;
        assert_eq!((users.len(), &users[0]["email"]), (1, &email.into()), "{users:?}");
    }

    /// The end of a test in which nothing may have been complained about.
    pub(crate) async fn end(self) {
        let console = self.browser.console().await;
        assert!(console.is_empty(), "the console complains: {console:#?}");
        self.browser.quit().await;
        self.server.abort();
    }
}

/// A file of a package that npm has installed.
pub(crate) fn vendored(file: &str) -> String {
    let modules = env::var_os("LATCHKEY_NODE_MODULES").expect("LATCHKEY_NODE_MODULES names npm's folder: run `cargo xtask test`");
    let path = PathBuf::from(modules).join(file);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn routes(page: Page, proxy: &str, fragment: &str) -> Router {
    let html = page.html.replace("{fragment}", fragment).replace("{proxy}", proxy);
    let policy = page.policy.unwrap_or_default().replace("{proxy}", proxy);
    let script = |file: &'static str| get(async move || ([(header::CONTENT_TYPE, "text/javascript")], vendored(file)));
    Router::new()
        .route("/jquery.js", script("jquery/dist/jquery.js"))
        .route("/core-js.js", script("core-js-bundle/index.js"))
        .route("/favicon.ico", get(async || StatusCode::NO_CONTENT))
        .fallback(async move || {
            let mut answer = axum::response::Html(html).into_response();
            if !policy.is_empty() {
                answer.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy.parse().unwrap());
            }
            answer
        })
}
