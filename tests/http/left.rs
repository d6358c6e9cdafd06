//! A visitor who leaves in the middle: what was kept is delivered all the same.

use harness::{LANDING, Setup, World, until};
use tokio::{io::AsyncWriteExt, net::TcpStream};

const VISITORS: usize = 40;

#[tokio::test]
async fn a_visitor_who_leaves_at_once_cancels_nothing() {
    let world = World::start(Setup::new()).await;
    let host = world.address.strip_prefix("http://").unwrap();
    for _ in 0..VISITORS {
        let body = world.form().await.to_string();
        let head = format!(
            "POST /api/v1/funnels/demo/signups HTTP/1.1\r\nHost: {host}\r\nOrigin: {LANDING}\r\nContent-Type: application/json\r\n"
        );
        let mut stream = TcpStream::connect(host).await.unwrap();
        stream.write_all(format!("{head}Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes()).await.unwrap();
        drop(stream);
    }
    until("all that was kept is registered", async || {
        let signups = world.signups().await;
        let registered = signups.iter().filter(|signup| signup["state"] == "registered").count();
        // Of a visitor who is gone before the proxy looks, nothing is kept, and nothing was promised.
        (!signups.is_empty() && registered == signups.len()).then_some(())
    })
    .await;
    assert_eq!(world.sandbox.users().await.len(), world.signups().await.len());
    // Who leaves has a line in the log as well.
    let kept = world.signups().await.len();
    until("a line for each", async || (world.logs().matches("/signups\",\"status\":").count() >= kept).then_some(())).await;
}
