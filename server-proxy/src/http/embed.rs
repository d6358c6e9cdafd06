//! `/embed/{funnel}.js`, `/embed/latchkey.js` and `GET /api/v1/funnels/{funnel}`: what a page loads, and what a widget asks.
//!
//! A loader is the widgets' own, behind one line that says where the code is and what the funnel looks like in one language.
//! All loaders are written and compressed at start.

use std::{collections::HashMap, io::Write, sync::Arc};

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
    problem::Refused,
    request::{Path, Query, text},
};
use crate::funnel::{Funnel, Language, language};

/// The general loader's name, which no funnel has.
const GENERAL: &str = "latchkey";
/// The same for everybody who reads that language, but not for long: a funnel changes.
const CACHE: &str = "private, max-age=60";

/// Every loader, by funnel and locale.
pub(crate) struct Loaders {
    funnels: HashMap<(String, String), Loader>,
    general: Loader,
}

struct Loader {
    encodings: Encodings,
    etag: HeaderValue,
}

impl Loaders {
    /// Fails where the binary holds no widgets.
    pub(crate) fn new<'a>(funnels: impl Iterator<Item = &'a Arc<Funnel>>) -> anyhow::Result<Loaders> {
        let widgets = assets::widgets().map_err(anyhow::Error::msg)?;
        let mut loaders = HashMap::new();
        for funnel in funnels {
            for language in funnel.languages() {
                loaders.insert((funnel.id.clone(), language.view.locale.clone()), Loader::new(widgets, Some(&language.view))?);
            }
        }
        Ok(Loaders { funnels: loaders, general: Loader::new(widgets, None)? })
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
        Ok(Loader { encodings, etag: HeaderValue::try_from(format!("\"{hash}\""))? })
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
        funnel.language(self.locale.as_deref().into_iter().chain(browser))
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
        &app.loaders.general
    } else {
        let funnel = app.config.funnels.get(id).ok_or_else(Refused::unknown_funnel)?;
        let locale = wish.language(funnel, &headers).view.locale.clone();
        app.loaders.funnels.get(&(id.to_owned(), locale)).ok_or_else(Refused::unknown_funnel)?
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
    Path(funnel): Path<String>,
    Query(wish): Query<Wish>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let funnel = app.config.funnels.get(&funnel).ok_or_else(Refused::unknown_funnel)?;
    let mut response = Json(wish.language(funnel, &headers).view.as_ref()).into_response();
    cached(&mut response);
    Ok(response)
}

fn cached(response: &mut Response) {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(CACHE));
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept-language, accept-encoding"));
}
