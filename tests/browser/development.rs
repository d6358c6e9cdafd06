//! `index.html` as Trunk builds it, behind a server that forwards the API to a running proxy as `trunk serve` does.

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    response::Response,
    routing::any,
};
use harness::{Setup, World, free_port};
use tower_http::services::ServeDir;

use crate::{
    browser::{Browser, DESKTOP},
    form::Form,
};

/// Where to forward to.
#[derive(Clone)]
struct Proxy {
    client: reqwest::Client,
    address: String,
}

async fn forward(State(proxy): State<Proxy>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let mut headers = parts.headers;
    headers.remove("host");
    let body = to_bytes(body, 1 << 20).await.unwrap();
    let answer =
        proxy.client.request(parts.method, format!("{}{}", proxy.address, parts.uri)).headers(headers).body(body).send().await.unwrap();
    let mut response = Response::new(Body::empty());
    *response.status_mut() = answer.status();
    response.headers_mut().extend(
        answer.headers().iter().filter(|(name, _)| *name != "transfer-encoding").map(|(name, value)| (name.clone(), value.clone())),
    );
    *response.body_mut() = Body::from(answer.bytes().await.unwrap());
    response
}

#[tokio::test]
async fn the_page_that_trunk_builds_shows_the_widgets_live() {
    let folder = std::env::var_os("LATCHKEY_TRUNK_DIST").map_or_else(|| harness::target_dir().join("trunk-dist"), Into::into);
    assert!(folder.join("index.html").is_file(), "Trunk has not built the page: run `cargo xtask test`");
    let origin = format!("http://127.0.0.1:{}", free_port());
    // As with `trunk serve`, the browser knows the proxy by the page's own origin.
    let world = World::start(Setup::new().set("server", "public_url", &format!("\"{origin}\""))).await;
    let proxy = Proxy { client: world.client.clone(), address: world.address.clone() };
    let router = Router::new()
        .route("/api/{*path}", any(forward))
        .route("/embed/{*path}", any(forward))
        .route("/go/{*path}", any(forward))
        .fallback_service(ServeDir::new(folder))
        .with_state(proxy);
    let listener = tokio::net::TcpListener::bind(origin.trim_start_matches("http://")).await.unwrap();
    let server = tokio::spawn(async move { axum::serve(listener, router).await });

    let browser = Browser::start(DESKTOP).await;
    let form = Form::open(&browser, &origin).await;
    form.until(
        "both themes",
        "return [...document.querySelectorAll('latchkey-signup')].every(other => other.shadowRoot.querySelector('form'))",
    )
    .await;
    browser.screenshot("development-1280").await;
    form.fill_in("jane.development@mail.example").await;
    form.send().await;
    let who = harness::until("the member area", async || browser.driver.find(thirtyfour::By::Id("who")).await.ok()).await;
    assert!(who.text().await.unwrap().contains("jane.development@mail.example"));
    let console = browser.console().await;
    assert!(console.is_empty(), "{console:#?}");
    browser.quit().await;
    server.abort();
}
