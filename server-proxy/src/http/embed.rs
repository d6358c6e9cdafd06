//! `/embed/{funnel}.js`, `.css` and `.html`, `/embed/latchkey.js`, `/embed/partner.json` and `GET /api/v1/funnels/{funnel}`: what a page
//! loads, and what a widget asks.
//!
//! A loader is the widgets' own, behind one line that says where the code is, how the funnel's form looks as it begins, and what else
//! the widget has to know of it. A loader is written and compressed once a version and language.

use std::{
    collections::{BTreeMap, HashMap},
    io::Write,
    sync::{Arc, RwLock},
};

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use flate2::{Compression, write::GzEncoder};
use latchkey_contract::{FunnelView, countries};
use latchkey_widgets::signup::Post;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use url::Url;

use super::{
    App,
    assets::{self, Encodings, Widgets},
    funnel,
    page::escape,
    problem::Refused,
    request::{Path, Query, text, wishes},
};
use crate::{
    funnel::{Funnel, Language, language::is_right_to_left, texts, theme},
    render::{self, Node},
};

/// The general loader's name, which no funnel has.
const GENERAL: &str = "latchkey";
/// What the elements on a portal's page say is asked for by this name.
const PARTNER: &str = "partner";
/// Of what is the same for everybody until the next version of the proxy.
const CACHE_WORDS: &str = "public, max-age=3600";
/// The same for everybody who reads that language, but not for long: a funnel changes.
const CACHE: &str = "private, max-age=60";

/// A funnel's id, locale and variant.
type Which = (String, String, Option<String>);

/// Every loader that was asked for, by funnel, locale and variant.
pub(crate) struct Loaders {
    widgets: &'static Widgets,
    public_url: Url,
    funnels: RwLock<HashMap<Which, Arc<Loader>>>,
    general: Arc<Loader>,
}

struct Loader {
    /// Of the funnel.
    version: String,
    file: File,
    /// The form's styles by themselves, for one that is in a page already.
    styles: File,
}

/// What is sent as it is, unless the browser has it.
struct File {
    encodings: Encodings,
    etag: HeaderValue,
}

impl File {
    fn new(plain: Vec<u8>) -> anyhow::Result<File> {
        let mut brotli = Vec::new();
        brotli::CompressorWriter::new(&mut brotli, 4096, 11, 22).write_all(&plain)?;
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(&plain)?;
        let etag = HeaderValue::try_from(format!("\"{}\"", hex::encode(&Sha256::digest(&plain)[..8])))?;
        Ok(File { encodings: Encodings { brotli: Some(brotli.into()), gzip: Some(gzip.finish()?.into()), plain: plain.into() }, etag })
    }

    fn response(&self, headers: &HeaderMap, media_type: &'static str) -> Response {
        let is_known = |tags: &str| tags.split(',').any(|tag| tag.trim().trim_start_matches("W/") == self.etag);
        let mut response = self.encodings.response(headers, media_type);
        if text(headers, header::IF_NONE_MATCH).is_some_and(is_known) {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            *response.body_mut() = axum::body::Body::empty();
        }
        cached(&mut response);
        response.headers_mut().insert(header::ETAG, self.etag.clone());
        response
    }
}

impl Loaders {
    /// Fails where the binary holds no widgets.
    pub(crate) fn new(funnels: &[Arc<Funnel>], public_url: &Url) -> anyhow::Result<Loaders> {
        let widgets = assets::widgets().map_err(anyhow::Error::msg)?;
        let general = Arc::new(Loader::new(widgets, None)?);
        let loaders = Loaders { widgets, public_url: public_url.clone(), funnels: RwLock::default(), general };
        for language in funnels.iter().flat_map(|funnel| funnel.languages()) {
            loaders.of(language)?;
        }
        Ok(loaders)
    }

    /// The loader of a funnel's live version, which changes where the CRM says a part of it.
    fn of(&self, language: &Language) -> anyhow::Result<Arc<Loader>> {
        let view = &language.view;
        let key = (view.id.clone(), view.locale.clone(), view.variant.clone());
        let known = self.funnels.read().unwrap_or_else(|poisoned| poisoned.into_inner()).get(&key).cloned();
        if let Some(loader) = known.filter(|loader| loader.version == view.version) {
            return Ok(loader);
        }
        // Compressing takes some 20 ms, once a version.
        let form = || {
            let mut tree = render::first(view, self.post(&view.id, String::new()));
            let countries = tree.without_countries().then(|| countries::codes().collect());
            Form { view, tree, theme: &language.theme, countries }
        };
        let loader = Arc::new(tokio::task::block_in_place(|| Loader::new(self.widgets, Some(form())))?);
        self.funnels.write().unwrap_or_else(|poisoned| poisoned.into_inner()).insert(key, loader.clone());
        Ok(loader)
    }

    fn loader(&self, language: &Language) -> Result<Arc<Loader>, Refused> {
        self.of(language).map_err(|error| {
            tracing::error!(%error, funnel = language.view.id, "no loader");
            Refused::internal()
        })
    }

    /// The element with its content in a declarative shadow root.
    pub(super) fn element(&self, view: &FunnelView, content: &str) -> String {
        format!(
            r#"<latchkey-signup funnel="{id}" locale="{}"><template shadowrootmode="open"><link rel="stylesheet" href="{}embed/{id}.css?{}"><div part="root">{content}</div></template></latchkey-signup>"#,
            view.locale,
            escape(self.public_url.as_str()),
            escape(&query(view)),
            id = view.id,
        )
    }

    /// The script that makes it the widget.
    pub(super) fn script(&self, view: &FunnelView) -> String {
        let base = escape(self.public_url.as_str());
        format!(r#"<script type="module" src="{base}embed/{}.js?{}"></script>"#, view.id, escape(&query(view)))
    }

    /// Where a funnel's form is posted to without a script: to its hosted page.
    pub(super) fn post(&self, funnel: &str, sealed: String) -> Post {
        Post { action: format!("{}f/{funnel}", self.public_url), sealed }
    }
}

/// What the general loader has to know of the elements of a portal's page.
#[derive(Serialize)]
struct Partner {
    css: String,
    elements: BTreeMap<&'static str, Code>,
}

/// Addresses, relative to the proxy's.
#[derive(Serialize)]
struct Code {
    glue: String,
    wasm: String,
}

/// What a loader carries of a funnel.
#[derive(Serialize)]
struct Form<'a> {
    view: &'a FunnelView,
    tree: Node,
    /// The styles of its look.
    theme: &'a str,
    /// The codes of all countries, where one of them may be chosen: the browser names them.
    #[serde(skip_serializing_if = "Option::is_none")]
    countries: Option<String>,
}

impl Loader {
    fn new(widgets: &Widgets, form: Option<Form<'_>>) -> anyhow::Result<Loader> {
        /// What the loader knows as `LATCHKEY`. Addresses are relative to the proxy's.
        #[derive(Serialize)]
        struct Line<'a> {
            glue: String,
            wasm: String,
            css: &'a str,
            form: &'a Option<Form<'a>>,
            #[serde(skip_serializing_if = "Option::is_none")]
            partner: Option<Partner>,
        }
        let address = |file: &str| format!("assets/{}/{file}", *assets::HASH);
        // A funnel's page has no use for the elements of a portal's.
        let partner = form.is_none().then(|| {
            let buckets = Code { glue: address(assets::BUCKETS_GLUE), wasm: address(assets::BUCKETS_WASM) };
            let dashboard = Code { glue: address(assets::DASHBOARD_GLUE), wasm: address(assets::DASHBOARD_WASM) };
            let elements = BTreeMap::from([("buckets", buckets), ("dashboard", dashboard)]);
            Partner { css: [widgets.skeleton, &theme::plain()].concat(), elements }
        });
        let script = if form.is_none() { widgets.general } else { widgets.loader };
        let (glue, wasm) = (address(assets::SIGNUP_GLUE), address(assets::SIGNUP_WASM));
        let line = serde_json::to_string(&Line { glue, wasm, css: widgets.css, form: &form, partner })?;
        let plain = format!("const LATCHKEY={line};\n{script}");
        let styles = [widgets.css, form.as_ref().map(|form| form.theme).unwrap_or_default()].concat();
        let version = form.map(|form| form.view.version.clone()).unwrap_or_default();
        Ok(Loader { version, file: File::new(plain.into_bytes())?, styles: File::new(styles.into_bytes())? })
    }
}

/// What asks for the same view again.
fn query(view: &FunnelView) -> String {
    let variant = view.variant.as_ref().map(|variant| format!("&variant={variant}")).unwrap_or_default();
    format!("locale={}{variant}", view.locale)
}

/// The language that a page asks for, without it the browser's; and the variant that its visitor was shown before, without it one
/// that is drawn.
#[derive(Deserialize)]
pub(super) struct Wish {
    pub(super) locale: Option<String>,
    pub(super) variant: Option<String>,
}

impl Wish {
    pub(super) fn language<'a>(&self, funnel: &'a Funnel, headers: &HeaderMap) -> &'a Language {
        let browser = wishes(headers);
        let variant = funnel.variant(self.variant.as_deref()).or_else(|| funnel.draw());
        funnel.language(variant, self.locale.as_deref().into_iter().chain(browser))
    }
}

pub(super) async fn loader(
    State(app): State<Arc<App>>,
    Path(file): Path<String>,
    Query(wish): Query<Wish>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let (id, ending) = file.rsplit_once('.').ok_or_else(Refused::unknown_funnel)?;
    match ending {
        "js" => {}
        "css" => return styles(&app, id, &wish, &headers),
        "html" => return fragment(&app, id, &wish, &headers),
        "json" if id == PARTNER => return Ok(words(&wish, &headers)),
        _ => return Err(Refused::unknown_funnel()),
    }
    let loader = if id == GENERAL {
        app.loaders.general.clone()
    } else {
        let funnel = funnel(&app, id)?;
        app.loaders.loader(wish.language(&funnel, &headers))?
    };
    Ok(loader.file.response(&headers, "text/javascript; charset=utf-8"))
}

/// The styles of a form that is in a page already.
fn styles(app: &App, id: &str, wish: &Wish, headers: &HeaderMap) -> Result<Response, Refused> {
    let funnel = funnel(app, id)?;
    let loader = app.loaders.loader(wish.language(&funnel, headers))?;
    Ok(loader.styles.response(headers, "text/css; charset=utf-8"))
}

/// The form as a piece of a page that another server renders: in a declarative shadow root, with the script that makes it the widget.
fn fragment(app: &App, id: &str, wish: &Wish, headers: &HeaderMap) -> Result<Response, Refused> {
    let funnel = funnel(app, id)?;
    let view = &wish.language(&funnel, headers).view;
    let content = render::first(view, app.loaders.post(id, String::new())).html();
    let mut response = Html(app.loaders.element(view, &content) + &app.loaders.script(view)).into_response();
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    cached(&mut response);
    Ok(response)
}

/// What the elements on a portal's page say, in the language that the page asks for, without it the browser's.
fn words(wish: &Wish, headers: &HeaderMap) -> Response {
    let browser = wishes(headers);
    let (locale, texts) = texts::partner::best(wish.locale.as_deref().into_iter().chain(browser));
    let words = serde_json::json!({ "locale": locale, "rtl": is_right_to_left(&locale), "texts": texts });
    let public = [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::CACHE_CONTROL, CACHE_WORDS),
        (header::VARY, "accept-language"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (public, Json(words)).into_response()
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
