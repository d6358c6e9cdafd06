//! The portal's page: nothing but the element, and a token that was minted before.

use anyhow::{Context, Result};
use axum::{Router, http::StatusCode, response::Html, routing::get};
use tokio::net::TcpListener;

use crate::Portal;

const PAGE: &str = include_str!("page.html");

impl Portal {
    /// Serves its page from a thread of its own, so that it answers while Chromium is waited for. Returns the page's address.
    pub(crate) async fn serve(&self) -> Result<String> {
        let token = self.mint(&mut self.connection()).await?;
        let page = PAGE.replace("{{proxy}}", &format!("http://{}", self.proxy)).replace("{{token}}", &token);
        let address = self.page;
        let listener = std::net::TcpListener::bind(address).with_context(|| format!("cannot listen on {address}"))?;
        listener.set_nonblocking(true)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        std::thread::spawn(move || {
            runtime.block_on(async move {
                let listener = TcpListener::from_std(listener)?;
                let page = get(async move || Html(page.clone()));
                axum::serve(listener, Router::new().route("/", page).fallback(async || StatusCode::NOT_FOUND)).await
            })
        });
        Ok(format!("http://{address}/"))
    }
}
