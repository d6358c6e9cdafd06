//! `/api/v1/partner/…` and `/api/v1/embed-tokens`. The routes are those of the contract's table; each is behind the guard, which makes an
//! [`Asker`] of the embed token, and what a handler is given of the affiliate is that.

mod handlers;
mod tokens;

use std::sync::Arc;

use axum::{
    Extension, Router,
    extract::{Request, State},
    handler::Handler,
    http::{HeaderMap, HeaderValue, Method, header},
    middleware::{self, Next},
    response::Response,
    routing::{MethodRouter, get, post},
};
use latchkey_contract::partner::{DOWNLOAD, Opens, ROOT, ROUTES, Route, Table};
use tower_http::cors::{AllowOrigin, CorsLayer};

use super::{App, PREFLIGHT_SECONDS, log, problem, problem::Refused, request::text};
use crate::{origin::Origin, partner::Asker};
pub(super) use tokens::{mint, revoke};

/// Built from the contract's table: a route that has no handler here is a flaw that every test sees.
pub(super) fn router(app: &Arc<App>) -> Router<Arc<App>> {
    let mut router = Router::new();
    for route in ROUTES {
        let guard = middleware::from_fn_with_state((app.clone(), route.opens), guard);
        router = router.route(&format!("{ROOT}{}", route.path), handler(&route).route_layer(guard));
    }
    router
        .route(&format!("{ROOT}{}", DOWNLOAD.path), get(handlers::download))
        // Before the layer, which answers preflights: a fallback that is set after it would answer them with 405.
        .method_not_allowed_fallback(problem::method_not_allowed)
        .layer(middleware::map_response(no_store))
        .layer(cors(app.clone()))
}

fn handler(route: &Route) -> MethodRouter<Arc<App>> {
    match (route.method, route.path) {
        ("GET", "/capabilities") => get(handlers::capabilities),
        ("GET", "/overview") => get(handlers::overview),
        ("GET", "/series") => get(handlers::series),
        ("GET", "/leads") => table(Table::Leads),
        ("GET", "/leads/{id}") => get(handlers::lead),
        ("GET", "/registrations") => table(Table::Registrations),
        ("GET", "/sources") => get(handlers::sources),
        ("GET", "/downline") => get(handlers::downline),
        ("GET", "/transactions") => table(Table::Transactions),
        ("GET", "/positions") => table(Table::Positions),
        ("GET", "/servers") => get(handlers::servers),
        ("GET", "/wallet") => get(handlers::wallet),
        ("GET", "/commissions") => table(Table::Commissions),
        ("GET", "/payouts") => table(Table::Payouts),
        ("POST", "/payouts") => post(handlers::ask_payout),
        ("GET", "/links") => get(handlers::links),
        ("GET", "/creatives") => get(handlers::creatives),
        ("POST", "/buckets/{bucket}/leads") => post(handlers::look_up),
        ("POST", "/buckets/{bucket}/leads/{source}") => post(handlers::look_up_source),
        ("POST", "/exports") => post(handlers::export),
        (method, path) => unreachable!("the contract has a route without a handler: {method} {path}"),
    }
}

fn table(table: Table) -> MethodRouter<Arc<App>> {
    get(handlers::table.layer(Extension(table)))
}

/// What stands behind `Bearer`.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, secret) = text(headers, header::AUTHORIZATION)?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| secret.trim())
}

/// Makes an asker of the request's token and origin, or refuses it.
async fn guard(State((app, opens)): State<(Arc<App>, Opens)>, mut request: Request, next: Next) -> Result<Response, Refused> {
    let asker = admit(&app, request.headers()).await?;
    if let Opens::Scope(scope) = opens {
        app.partners.demand(&asker, scope)?;
    }
    request.extensions_mut().insert(asker);
    Ok(next.run(request).await)
}

async fn admit(app: &App, headers: &HeaderMap) -> Result<Asker, Refused> {
    let origin = match headers.get(header::ORIGIN) {
        Some(origin) => origin.to_str().ok().and_then(Origin::from_header),
        // A page of our own origin, whose browser does not name it.
        None if text(headers, "sec-fetch-site") == Some("same-origin") => Origin::of(&app.config.server.public_url),
        None => None,
    };
    Ok(app.partners.admit(bearer(headers), origin.as_ref()).await?)
}

/// Nothing of it is for anybody's cache.
async fn no_store(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Answers the portals' origins. Whose token it is, a preflight does not say: the guard does.
fn cors(app: Arc<App>) -> CorsLayer {
    let allowed = move |origin: &HeaderValue, _: &axum::http::request::Parts| {
        origin.to_str().ok().and_then(Origin::from_header).is_some_and(|origin| app.partners.portals().allow(&origin))
    };
    CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(allowed))
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE])
        .expose_headers([header::RETRY_AFTER, header::CONTENT_DISPOSITION, log::REQUEST_ID])
        .max_age(std::time::Duration::from_secs(PREFLIGHT_SECONDS))
}
