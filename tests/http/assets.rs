//! `/assets/{hash}/{file}`: the widgets' code, for good and for any page.

use std::io::Read;

use harness::{Answer, Setup, World, send};
use reqwest::Method;

use crate::{loader::configuration, words::text};

/// A body without its encoding.
fn decoded(answer: &Answer) -> Vec<u8> {
    let mut plain = Vec::new();
    match answer.header("content-encoding") {
        "br" => drop(brotli::Decompressor::new(&answer.body[..], 4096).read_to_end(&mut plain).expect("brotli")),
        "gzip" => drop(flate2::read::GzDecoder::new(&answer.body[..]).read_to_end(&mut plain).expect("gzip")),
        "" => plain.clone_from(&answer.body),
        other => panic!("nobody asked for {other}"),
    }
    plain
}

#[tokio::test]
async fn assets_come_in_the_smallest_encoding_and_stay() {
    let world = World::start(Setup::new()).await;
    let loaded = configuration(&world, "/embed/demo.js").await;
    for (member, media_type) in [("/glue", "text/javascript; charset=utf-8"), ("/wasm", "application/wasm")] {
        let path = format!("/{}", text(&loaded, member));
        let plain = world.get(&path).await;
        assert_eq!(plain.status, 200, "{path}");
        for (accepted, encoding) in
            [("gzip, deflate, br, zstd", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip"), ("identity", ""), ("zstd", "")]
        {
            let answer = send(world.request(Method::GET, &path).header("accept-encoding", accepted)).await;
            assert_eq!((answer.status, answer.header("content-encoding")), (200, encoding), "{path} {accepted}");
            assert_eq!(answer.header("content-type"), media_type);
            assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
            assert_eq!(answer.header("access-control-allow-origin"), "*");
            assert_eq!(answer.header("vary"), "accept-encoding");
            assert_eq!(answer.header("x-content-type-options"), "nosniff");
            assert_eq!(answer.header("cross-origin-resource-policy"), "cross-origin", "also where a page asks for isolation");
            assert_eq!(decoded(&answer), plain.body, "{path} {accepted}");
        }
    }
}

#[tokio::test]
async fn what_is_not_there_is_a_problem() {
    let world = World::start(Setup::new()).await;
    let loaded = configuration(&world, "/embed/demo.js").await;
    let hash = text(&loaded, "/glue").split('/').nth(1).unwrap().to_owned();
    for path in [
        format!("/assets/{hash}/loader.js"),
        format!("/assets/{hash}/..%2fCargo.toml"),
        format!("/assets/{hash}/"),
        format!("/assets/{hash}"),
        "/assets/0000000000000000/signup.js".to_owned(),
        "/assets".to_owned(),
        "/assets/../latchkey.toml".to_owned(),
        "/".to_owned(),
    ] {
        world.get(&path).await.problem(404, "not-found");
    }
}
