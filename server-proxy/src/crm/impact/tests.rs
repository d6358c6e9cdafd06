//! The log-in's token under many askers at once, against a real socket.

use std::{
    net::SocketAddr,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use axum::{
    Router,
    extract::State,
    http::HeaderMap,
    routing::{get, post},
};
use tokio::task::JoinSet;

use super::*;
use crate::crm::Arguments;

/// A CRM whose newest token is the only good one.
#[derive(Default)]
struct Counted {
    log_ins: AtomicUsize,
    /// The token that is good; 0 for none.
    good: AtomicUsize,
    /// Whether log-ins are refused.
    closed: AtomicUsize,
}

async fn log_in(State(crm): State<Arc<Counted>>) -> Result<String, axum::http::StatusCode> {
    let number = crm.log_ins.fetch_add(1, Ordering::SeqCst) + 1;
    // Long enough for everybody else to come and wait.
    tokio::time::sleep(Duration::from_millis(100)).await;
    if crm.closed.load(Ordering::SeqCst) > 0 {
        return Err(axum::http::StatusCode::UNAUTHORIZED);
    }
    crm.good.store(number, Ordering::SeqCst);
    Ok(json!({ "token": format!("token-{number}") }).to_string())
}

async fn servers(State(crm): State<Arc<Counted>>, headers: HeaderMap) -> Result<String, axum::http::StatusCode> {
    let good = format!("token-{}", crm.good.load(Ordering::SeqCst));
    let is_good = headers.get("x-auth-token").is_some_and(|token| token.as_bytes() == good.as_bytes());
    if is_good { Ok(json!({"mt4": ["mt4"]}).to_string()) } else { Err(axum::http::StatusCode::UNAUTHORIZED) }
}

async fn start() -> (Arc<Counted>, Arc<Impact>) {
    let crm = Arc::new(Counted::default());
    let routes = Router::new().route("/api/v1/auth/login", post(log_in)).route("/api/v1/ib/servers", get(servers)).with_state(crm.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, routes).await });
    (crm, Arc::new(impact(address)))
}

pub(super) fn impact(address: SocketAddr) -> Impact {
    crate::install_crypto();
    let folder = tempfile::tempdir().expect("a folder");
    let secret = folder.path().join("secret");
    std::fs::write(&secret, "made-up").expect("a file");
    let secret = format!("file:{}", secret.display());
    let mut table = json!({
        "base_url": format!("http://{address}"), "allow_insecure": true, "allow_private": true,
        "domain": "brand.example", "api_key": secret, "login": {"email": secret, "password": secret},
    });
    let mut problems = Problems::of("test");
    let impact = read("connections.impact", &mut table, &mut problems);
    impact.unwrap_or_else(|| panic!("{:?}", problems.found().collect::<Vec<_>>()))
}

async fn ask(impact: &Impact) -> Result<Value, Unanswered> {
    impact.ask(&Question { operation: endpoints::SERVERS, arguments: Arguments::default(), affiliate: None }).await
}

async fn twenty(impact: &Arc<Impact>) -> Vec<Result<Value, Unanswered>> {
    let mut asked = JoinSet::new();
    for _ in 0..20 {
        let impact = impact.clone();
        asked.spawn(async move { ask(&impact).await });
    }
    asked.join_all().await
}

#[tokio::test]
async fn twenty_askers_log_in_once_and_renew_once() {
    let (crm, impact) = start().await;
    assert!(twenty(&impact).await.iter().all(Result::is_ok));
    assert_eq!(crm.log_ins.load(Ordering::SeqCst), 1);
    // The token stops working: all twenty are refused with it.
    crm.good.store(0, Ordering::SeqCst);
    let answers = twenty(&impact).await;
    assert!(answers.iter().all(|answer| *answer == Ok(json!({"mt4": ["mt4"]}))), "{answers:?}");
    assert_eq!(crm.log_ins.load(Ordering::SeqCst), 2, "one of them logged in, the others waited");
    assert!(ask(&impact).await.is_ok());
    assert_eq!(crm.log_ins.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_refused_log_in_is_not_repeated_by_those_who_waited() {
    let (crm, impact) = start().await;
    crm.closed.store(1, Ordering::SeqCst);
    let answers = twenty(&impact).await;
    assert!(answers.iter().all(|answer| matches!(answer, Err(Unanswered::Denied(_)))), "{answers:?}");
    assert_eq!(crm.log_ins.load(Ordering::SeqCst), 1, "twenty wrong log-ins would lock the account");
}
