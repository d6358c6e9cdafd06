//! `/embed/{funnel}.js`, `/embed/latchkey.js` and `GET /api/v1/funnels/{funnel}`: what a page loads, and what a widget asks.
//!
//! A loader is the widgets' own, behind one line that says where the code is and what the funnel looks like in one language.
//! A loader is written and compressed once a version.

use std::{
    collections::HashMap,
    io::Write,
    sync::{Arc, RwLock},
};

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use flate2::{Compression, write::GzEncoder};
use latchkey_contract::FunnelView;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    App,
    assets::{self, Encodings, Widgets},
    funnel,
    problem::Refused,
    request::{Path, Query, text},
};
use crate::funnel::{Funnel, Language, language};

/// The general loader's name, which no funnel has.
const GENERAL: &str = "latchkey";
/// The same for everybody who reads that language, but not for long: a funnel changes.
const CACHE: &str = "private, max-age=60";

/// Every loader that was asked for, by funnel and locale.
pub(crate) struct Loaders {
    widgets: &'static Widgets,
    funnels: RwLock<HashMap<(String, String), Arc<Loader>>>,
    general: Arc<Loader>,
}

struct Loader {
    /// Of the funnel.
    version: String,
    encodings: Encodings,
    etag: HeaderValue,
}

impl Loaders {
    /// Fails where the binary holds no widgets.
    pub(crate) fn new(funnels: &[Arc<Funnel>]) -> anyhow::Result<Loaders> {
        let widgets = assets::widgets().map_err(anyhow::Error::msg)?;
        let loaders = Loaders { widgets, funnels: RwLock::default(), general: Arc::new(Loader::new(widgets, None)?) };
        for language in funnels.iter().flat_map(|funnel| funnel.languages()) {
            loaders.of(&language.view)?;
        }
        Ok(loaders)
    }

    /// The loader of a funnel's live version, which changes where the CRM says a part of it.
    fn of(&self, view: &FunnelView) -> anyhow::Result<Arc<Loader>> {
        let key = (view.id.clone(), view.locale.clone());
        let known = self.funnels.read().unwrap_or_else(|poisoned| poisoned.into_inner()).get(&key).cloned();
        if let Some(loader) = known.filter(|loader| loader.version == view.version) {
            return Ok(loader);
        }
        // Compressing takes some 20 ms, once a version.
        let loader = Arc::new(tokio::task::block_in_place(|| Loader::new(self.widgets, Some(view)))?);
        self.funnels.write().unwrap_or_else(|poisoned| poisoned.into_inner()).insert(key, loader.clone());
        Ok(loader)
    }
}

impl Loader {
    fn new(widgets: &Widgets, view: Option<&FunnelView>) -> anyhow::Result<Loader> {
        /// What the loader knows as `LATCHKEY`. Addresses are relative to the proxy's.
        #[derive(Serialize)]
        struct Line<'a> {
            glue: String,
            wasm: String,
            css: &'a str,
            view: Option<&'a FunnelView>,
        }
        let address = |file: &str| format!("assets/{}/{file}", *assets::HASH);
        let line = serde_json::to_string(&Line { glue: address(assets::GLUE), wasm: address(assets::WASM), css: widgets.css, view })?;
        let plain = format!("const LATCHKEY={line};\n{}", widgets.loader).into_bytes();
        let mut brotli = Vec::new();
        brotli::CompressorWriter::new(&mut brotli, 4096, 11, 22).write_all(&plain)?;
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(&plain)?;
        let hash = hex::encode(&Sha256::digest(&plain)[..8]);
        let encodings = Encodings { brotli: brotli.into(), gzip: gzip.finish()?.into(), plain: plain.into() };
        let version = view.map(|view| view.version.clone()).unwrap_or_default();
        Ok(Loader { version, encodings, etag: HeaderValue::try_from(format!("\"{hash}\""))? })
    }
}

/// The language that a page asks for; without it, the browser's.
#[derive(Deserialize)]
pub(super) struct Wish {
    locale: Option<String>,
}

impl Wish {
    fn language<'a>(&self, funnel: &'a Funnel, headers: &HeaderMap) -> &'a Language {
        let browser = text(headers, header::ACCEPT_LANGUAGE).map(language::wishes).unwrap_or_default();
        funnel.language(None, self.locale.as_deref().into_iter().chain(browser))
    }
}

pub(super) async fn loader(
    State(app): State<Arc<App>>,
    Path(file): Path<String>,
    Query(wish): Query<Wish>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let id = file.strip_suffix(".js").ok_or_else(Refused::unknown_funnel)?;
    let loader = if id == GENERAL {
        app.loaders.general.clone()
    } else {
        let funnel = funnel(&app, id)?;
        app.loaders.of(&wish.language(&funnel, &headers).view).map_err(|error| {
            tracing::error!(%error, funnel = id, "no loader");
            Refused::internal()
        })?
    };
    let unchanged = text(&headers, header::IF_NONE_MATCH)
        .is_some_and(|tags| tags.split(',').any(|tag| tag.trim().trim_start_matches("W/") == loader.etag));
    let mut response = loader.encodings.response(&headers, "text/javascript; charset=utf-8");
    if unchanged {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        *response.body_mut() = axum::body::Body::empty();
    }
    cached(&mut response);
    response.headers_mut().insert(header::ETAG, loader.etag.clone());
    Ok(response)
}

pub(super) async fn view(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Query(wish): Query<Wish>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let funnel = funnel(&app, &id)?;
    let mut response = Json(wish.language(&funnel, &headers).view.as_ref()).into_response();
    cached(&mut response);
    Ok(response)
}

fn cached(response: &mut Response) {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(CACHE));
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept-language, accept-encoding"));
}
