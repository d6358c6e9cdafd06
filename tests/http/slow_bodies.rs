//! Bodies that take their time, and heads without end: each connection is given up in time.

use std::time::{Duration, Instant};

use harness::{LANDING, Setup, World};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// Sends bytes as they are and reads until the proxy closes.
async fn raw(world: &World, bytes: &[u8]) -> String {
    let address = world.address.strip_prefix("http://").expect("an address");
    let mut stream = TcpStream::connect(address).await.expect("the proxy listens");
    stream.write_all(bytes).await.expect("the proxy reads");
    let mut answer = Vec::new();
    // A reset after the answer is as good an end as any.
    let _ = timeout(Duration::from_secs(20), stream.read_to_end(&mut answer)).await.expect("the proxy closes in time");
    String::from_utf8_lossy(&answer).into_owned()
}

fn head(world: &World, length: usize) -> String {
    let host = world.address.strip_prefix("http://").expect("an address");
    format!(
        "POST /api/v1/funnels/demo/signups HTTP/1.1\r\nHost: {host}\r\nOrigin: {LANDING}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
    )
}

#[tokio::test]
async fn a_slow_body_is_a_408() {
    let world = World::start(Setup::new().limit("read_seconds", 1)).await;
    let start = Instant::now();
    let answer = raw(&world, format!("{}{{\"fields\":", head(&world, 500)).as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 408 ") && answer.contains("urn:latchkey:problem:too-slow"), "{answer}");
    assert!(start.elapsed() < Duration::from_secs(10));
    assert!(world.signups().await.is_empty());
}

#[tokio::test]
async fn a_slow_head_is_closed() {
    let world = World::start(Setup::new().limit("idle_seconds", 1)).await;
    let answer = raw(&world, b"POST /api/v1/funnels/demo/signups HTTP/1.1\r\nHost: x\r\n").await;
    assert!(!answer.contains(" 200 ") && !answer.contains(" 201 "), "{answer}");
    assert_eq!(world.get("/healthz").await.status, 200);
}

#[tokio::test]
async fn a_head_without_end_is_refused() {
    let world = World::start(Setup::new()).await;
    let answer = raw(&world, format!("GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: {}", "x".repeat(40_000)).as_bytes()).await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431 "), "{answer}");
    assert_eq!(world.get("/healthz").await.status, 200);
}

#[tokio::test]
async fn a_body_that_breaks_off_keeps_nothing() {
    let world = World::start(Setup::new()).await;
    let form = world.form().await.to_string();
    let address = world.address.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(format!("{}{form}", head(&world, form.len() + 10)).as_bytes()).await.unwrap();
    stream.shutdown().await.unwrap();
    let mut answer = Vec::new();
    let _ = timeout(Duration::from_secs(20), stream.read_to_end(&mut answer)).await.expect("the proxy closes in time");
    assert!(!String::from_utf8_lossy(&answer).contains(" 201 "));
    assert!(world.signups().await.is_empty() && world.sandbox.requests().await.is_empty());
}

#[tokio::test]
async fn a_connection_is_used_again_and_closed_when_idle() {
    let world = World::start(Setup::new().limit("idle_seconds", 1)).await;
    let address = world.address.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let mut received = String::new();
    for count in 1..=2 {
        stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
        while received.matches("{\"status\":\"ok\"}").count() < count {
            let mut piece = [0; 4096];
            let length = timeout(Duration::from_secs(20), stream.read(&mut piece)).await.unwrap().unwrap();
            assert!(length > 0, "closed after {received}");
            received.push_str(&String::from_utf8_lossy(&piece[..length]));
        }
    }
    let mut rest = Vec::new();
    let end = timeout(Duration::from_secs(20), stream.read_to_end(&mut rest)).await.expect("the proxy closes in time");
    assert!(end.is_ok() && rest.is_empty(), "closed in order, without a word: {end:?} {}", String::from_utf8_lossy(&rest));
}
