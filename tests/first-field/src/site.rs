//! A server of files that are compressed already. It does as little as a server can, so that the files are what is measured.

use std::{net::SocketAddr, path::PathBuf};

use anyhow::{Context, Result};
use axum::{
    Router,
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use tokio::net::TcpListener;

/// Serves every `NAME.br` of the folder as `/NAME`, to any page.
pub(crate) async fn serve(address: SocketAddr, folder: PathBuf) -> Result<()> {
    let listener = TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))?;
    let file = async move |Path(name): Path<String>| file(&folder.join(format!("{name}.br")), &name);
    let routes = Router::new().route("/{name}", get(file)).route("/favicon.ico", get(async || StatusCode::NO_CONTENT));
    tokio::spawn(async move { axum::serve(listener, routes).await });
    Ok(())
}

fn file(path: &std::path::Path, name: &str) -> Response {
    let media_type = match name.rsplit_once('.') {
        Some((_, "html")) => "text/html; charset=utf-8",
        Some((_, "js")) => "text/javascript; charset=utf-8",
        Some((_, "css")) => "text/css; charset=utf-8",
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    let Ok(content) = std::fs::read(path) else { return StatusCode::NOT_FOUND.into_response() };
    let headers = [(header::CONTENT_TYPE, media_type), (header::CONTENT_ENCODING, "br"), (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")];
    (headers, content).into_response()
}
