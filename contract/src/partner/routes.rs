//! Every partner route: the proxy's router is built from this table, and the tests know all of them by it.

use super::Scope;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    pub method: &'static str,
    /// Below [`ROOT`].
    pub path: &'static str,
    pub opens: Opens,
}

/// What opens a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opens {
    /// Any embed token.
    Token,
    /// An embed token with that scope.
    Scope(Scope),
    /// An embed token with the scope of the table that the body names.
    Table,
    /// The address itself, once.
    Address,
}

pub const ROOT: &str = "/api/v1/partner";

const fn get(path: &'static str, scope: Scope) -> Route {
    Route { method: "GET", path, opens: Opens::Scope(scope) }
}

const fn post(path: &'static str, scope: Scope) -> Route {
    Route { method: "POST", path, opens: Opens::Scope(scope) }
}

pub const ROUTES: [Route; 20] = [
    Route { method: "GET", path: "/capabilities", opens: Opens::Token },
    get("/overview", Scope::Figures),
    get("/series", Scope::Figures),
    get("/leads", Scope::Leads),
    get("/leads/{id}", Scope::Leads),
    get("/registrations", Scope::Leads),
    get("/sources", Scope::Leads),
    get("/downline", Scope::Leads),
    get("/transactions", Scope::Money),
    get("/positions", Scope::Money),
    get("/servers", Scope::Money),
    get("/wallet", Scope::Money),
    get("/commissions", Scope::Commissions),
    get("/payouts", Scope::Payouts),
    post("/payouts", Scope::Payouts),
    get("/links", Scope::Links),
    get("/creatives", Scope::Links),
    post("/buckets/{bucket}/leads", Scope::Buckets),
    post("/buckets/{bucket}/leads/{source}", Scope::Buckets),
    Route { method: "POST", path: "/exports", opens: Opens::Table },
];

/// Where an export is downloaded.
pub const DOWNLOAD: Route = Route { method: "GET", path: "/exports/{ticket}", opens: Opens::Address };
