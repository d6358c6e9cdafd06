//! What an affiliate's dashboard and bucket look-up ask for, and what they are told.
//!
//! Every call carries `Authorization: Bearer <embed token>` and comes from one of the portal's origins; whose figures they are, the
//! token says and nothing else. Each route wants a [`Scope`]. All of them are `no-store`; refusals are [`crate::Problem`]s:
//!
//! | status | code | the widget |
//! |---|---|---|
//! | 401 | `token` | asks `fetchToken` again, once |
//! | 403 | `scope`, `origin-not-allowed` | says that this is not for this affiliate, or not for this page |
//! | 404 | `unknown-record`, `unknown-bucket`, `unknown-export` | |
//! | 422 | `invalid` | shows `errors`: the parameter's name is the field |
//! | 429 | `too-many` | waits for `Retry-After` |
//! | 501 | `not-offered` | does not show the panel: its CRM cannot answer it; [`Capabilities`] said so |
//! | 503 | `crm-unavailable`, `not-kept` | tries again later |
//! | 409 | `pending-payout`, `unconfirmed` | of `POST /payouts` |
//!
//! | route, under `/api/v1/partner` | scope | answer |
//! |---|---|---|
//! | `GET /capabilities` | any | [`Capabilities`]: always there, never waits for the CRM |
//! | `GET /overview?from=&to=&tz=` | figures | [`Overview`] |
//! | `GET /series?metric=&by=&from=&to=&tz=` | figures | [`Series`] |
//! | `GET /leads`, `/registrations` | leads | [`Page`], see [`Table`] for the parameters |
//! | `GET /leads/{id}` | leads | [`Detail`] |
//! | `GET /sources`, `/downline` | leads | [`Sources`], [`Downline`] |
//! | `GET /transactions`, `/positions` | money | [`Page`] |
//! | `GET /servers`, `/wallet` | money | [`Servers`], [`Wallets`] |
//! | `GET /commissions` | commissions | [`Page`] |
//! | `GET /payouts` | payouts | [`Page`] |
//! | `POST /payouts` | payouts | [`PayoutRequest`] → 201, [`PayoutAnswer`] |
//! | `GET /links`, `/creatives` | links | [`Links`], [`Creatives`] |
//! | `POST /buckets/{bucket}/leads`, `/buckets/{bucket}/leads/{source}` | buckets | [`BucketQuestion`] → [`BucketAnswer`] |
//! | `POST /exports` | the table's | [`ExportRequest`] → 201, [`ExportAnswer`] |
//! | `GET /exports/{ticket}` | none: the address is the key, once | CSV, streamed |
//!
//! Dates in a query (`from`, `to`: both included, `2026-01-31`) are days in `tz`, an IANA zone (`UTC` where none is given), which the
//! answer repeats. Without `from` and `to` it is the last 30 days, today included. Moments in answers are RFC 3339 in UTC. Amounts
//! are decimal text, exact; amounts of different currencies are never added.

mod bucket;
mod capabilities;
mod export;
mod figures;
mod own;
mod routes;
mod scope;
mod table;
mod token;

pub use bucket::{BucketAnswer, BucketFilters, BucketLead, BucketQuestion, KeyBy, MOST_KEYS};
pub use capabilities::{BucketView, Capabilities, TableView};
pub use export::{ExportAnswer, ExportRequest};
pub use figures::{Age, Figure, Grain, Line, Metric, Overview, Period, Quantity, Series, Unit};
pub use own::{
    Creative, CreativeKind, Creatives, Downline, LandingPage, Links, PayoutAnswer, PayoutRequest, Servers, SourceRow, Sources, Wallet,
    Wallets,
};
pub use routes::{DOWNLOAD, Opens, ROOT, ROUTES, Route};
pub use scope::Scope;
pub use table::{Cell, Choices, Column, Detail, Kind, MOST_ROWS, Page, Record, Table};
pub use token::{Revocation, Revoked, TokenAnswer, TokenRequest};
