//! HTTP: requests are parsed, the house is called, answers are written. No rules of the trade live here.

mod answer;
mod assets;
mod challenge;
mod codes;
mod embed;
mod go;
mod health;
mod hosted;
mod log;
mod options;
mod page;
mod partner;
mod phones;
mod problem;
mod request;
mod server;
mod signups;
mod visits;

use std::sync::Arc;

use axum::{
    Router,
    http::{HeaderName, Method, header},
    middleware,
    routing::{get, post},
};
use tower_http::{
    catch_panic::CatchPanicLayer,
    cors::{AllowOrigin, CorsLayer},
};

pub(crate) use embed::Loaders;
pub(crate) use health::{describe_metrics, metrics_router};
pub(crate) use server::{Stop, run};

use crate::{
    config::Config,
    delivery::Courier,
    funnel::{Funnel, Lists},
    intake::Intake,
    origin::Origin,
    partner::Partners,
    store::Store,
};

/// What the handlers share.
pub(crate) struct App {
    pub(crate) config: Config,
    pub(crate) store: Arc<Store>,
    pub(crate) intake: Intake,
    pub(crate) courier: Arc<Courier>,
    pub(crate) loaders: Loaders,
    pub(crate) lists: Arc<Lists>,
    pub(crate) partners: Arc<Partners>,
}

/// A day: how long a browser need not ask again whether it may ask.
const PREFLIGHT_SECONDS: u64 = 24 * 60 * 60;

/// Every public route.
pub(crate) fn router(app: Arc<App>) -> Router {
    let api = Router::new()
        .route("/api/v1/funnels/{funnel}", get(embed::view))
        .route("/api/v1/funnels/{funnel}/visits", post(visits::begin))
        .route("/api/v1/funnels/{funnel}/signups", post(signups::create))
        .route("/api/v1/funnels/{funnel}/codes", post(codes::send))
        .route("/api/v1/funnels/{funnel}/options/{field}", get(options::options))
        .route("/api/v1/funnels/{funnel}/phones", get(phones::phones))
        .route("/api/v1/signups/{id}", get(signups::status))
        // Before the layer, which answers preflights: a fallback that is set after it would answer them with 405.
        .method_not_allowed_fallback(problem::method_not_allowed)
        .layer(cors(app.clone()));
    Router::new()
        .merge(api)
        .merge(partner::router(&app))
        .route("/api/v1/embed-tokens", post(partner::mint).delete(partner::revoke))
        .route("/embed/{file}", get(embed::loader))
        .route("/assets/{hash}/{file}", get(assets::asset))
        .route("/f/{funnel}", get(hosted::begin).post(hosted::post))
        .route("/f/{funnel}/done/{signup}", get(hosted::done))
        .route("/f/{funnel}/thanks", get(hosted::thanks))
        .route("/challenge/{funnel}", get(challenge::page))
        .route("/go/{ticket}", get(go::go))
        .route("/healthz", get(health::live))
        .route("/readyz", get(health::ready))
        .fallback(problem::not_found)
        .method_not_allowed_fallback(problem::method_not_allowed)
        .layer(CatchPanicLayer::custom(problem::panicked))
        .layer(middleware::from_fn(log::requests))
        .with_state(app)
}

/// The funnel that a request names, in its live version.
fn funnel(app: &App, id: &str) -> Result<Arc<Funnel>, problem::Refused> {
    let funnels = &app.config.funnels;
    funnels.get(id).ok_or_else(
        || {
            if funnels.is_awaited(id) { problem::Refused::awaited_funnel() } else { problem::Refused::unknown_funnel() }
        },
    )
}

/// The version of it that the body says its visitor was shown, as long as that one is answered.
fn shown(app: &App, live: Arc<Funnel>, body: &[u8]) -> Arc<Funnel> {
    #[derive(serde::Deserialize)]
    struct Shown {
        version: String,
    }
    // What is no JSON, or names none, is answered by the live one, which says what is wrong with it.
    let version = serde_json::from_slice::<Shown>(body).ok();
    version.and_then(|shown| app.config.funnels.shown(&live.id, &shown.version)).unwrap_or(live)
}

/// Answers the origins of the funnel in the path, and of any funnel where the path names none.
fn cors(app: Arc<App>) -> CorsLayer {
    let allowed = move |origin: &axum::http::HeaderValue, parts: &axum::http::request::Parts| {
        let Some(origin) = origin.to_str().ok().and_then(Origin::from_header) else { return false };
        let funnel = parts.uri.path().strip_prefix("/api/v1/funnels/").and_then(|rest| rest.split('/').next());
        app.config.funnels.allows(funnel, &origin)
    };
    CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(allowed))
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([
            header::CONTENT_TYPE,
            HeaderName::from_static(latchkey_contract::IDEMPOTENCY_KEY),
            HeaderName::from_static(latchkey_contract::SIGNUP_KEY),
        ])
        .expose_headers([header::RETRY_AFTER, log::REQUEST_ID])
        .max_age(std::time::Duration::from_secs(PREFLIGHT_SECONDS))
}
