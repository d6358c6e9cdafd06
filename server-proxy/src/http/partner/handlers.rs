//! The handlers: parse, ask, answer. Whose it is, the guard has said.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{
    Extension, Json,
    body::{Body, Bytes, HttpBody},
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use hyper::body::Frame;
use latchkey_contract::{
    FieldError,
    partner::{BucketAnswer, BucketQuestion, Capabilities, Detail, Grain, Metric, Overview, Page, Series, Table},
};
use serde::de::DeserializeOwned;
use tokio::sync::mpsc;

use super::super::{
    App,
    problem::Refused,
    request::{Path, json_body},
};
use crate::partner::{Asker, Days, Refusal};

type Answer<T> = Result<Json<T>, Refused>;

/// A body of many keys is longer than a signup.
const LONGEST_LOOK_UP: usize = 512 * 1024;

/// The query's names and values, in their order; a name may come more than once.
fn pairs(query: Option<&str>) -> Vec<(String, String)> {
    url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned().collect()
}

fn value<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

fn days(pairs: &[(String, String)]) -> Days<'_> {
    Days { from: value(pairs, "from"), to: value(pairs, "to"), tz: value(pairs, "tz") }
}

fn invalid(field: &str, message: &str) -> Refused {
    Refusal::Invalid(vec![FieldError { field: field.to_owned(), code: "option".to_owned(), message: message.to_owned() }]).into()
}

/// A JSON body; what is wrong with it is named.
pub(super) fn parsed<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    let value: serde_json::Value = serde_json::from_slice(body).map_err(|error| Refusal::NotJson(error.to_string()))?;
    serde_path_to_error::deserialize(value).map_err(|error| {
        let field = error.path().to_string().trim_matches('.').to_owned();
        Refusal::Invalid(vec![FieldError { field, code: "type".to_owned(), message: error.inner().to_string() }])
    })
}

pub(super) async fn capabilities(State(app): State<Arc<App>>, Extension(asker): Extension<Asker>) -> Json<Capabilities> {
    Json(app.partners.capabilities(&asker))
}

pub(super) async fn overview(
    State(app): State<Arc<App>>,
    Extension(asker): Extension<Asker>,
    RawQuery(query): RawQuery,
) -> Answer<Overview> {
    Ok(Json(app.partners.overview(&asker, days(&pairs(query.as_deref()))).await?))
}

pub(super) async fn series(State(app): State<Arc<App>>, Extension(asker): Extension<Asker>, RawQuery(query): RawQuery) -> Answer<Series> {
    let pairs = pairs(query.as_deref());
    let metric = value(&pairs, "metric").and_then(Metric::parse).ok_or_else(|| invalid("metric", "is no metric"))?;
    let by = match value(&pairs, "by").unwrap_or("day") {
        "day" => Grain::Day,
        "week" => Grain::Week,
        "month" => Grain::Month,
        _ => return Err(invalid("by", "has to be day, week or month")),
    };
    Ok(Json(app.partners.series(&asker, metric, by, days(&pairs)).await?))
}

pub(super) async fn table(
    State(app): State<Arc<App>>,
    Extension(asker): Extension<Asker>,
    Extension(table): Extension<Table>,
    RawQuery(query): RawQuery,
) -> Answer<Page> {
    Ok(Json(app.partners.page(&asker, table, &pairs(query.as_deref())).await?))
}

pub(super) async fn lead(State(app): State<Arc<App>>, Extension(asker): Extension<Asker>, Path(id): Path<String>) -> Answer<Detail> {
    Ok(Json(app.partners.lead(&asker, &id).await?))
}

/// A handler of what is asked for without parameters.
macro_rules! own {
    ($($handler:ident $asked:ident)*) => {$(
        pub(super) async fn $handler(State(app): State<Arc<App>>, Extension(asker): Extension<Asker>) -> Result<Response, Refused> {
            Ok(Json(app.partners.$asked(&asker).await?).into_response())
        }
    )*};
}

own! { sources sources downline downline servers servers wallet wallets links links creatives creatives }

pub(super) async fn ask_payout(
    State(app): State<Arc<App>>,
    Extension(asker): Extension<Asker>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refused> {
    let request = parsed(&json_body(&headers, body, &app.config.server.limits).await?)?;
    let partners = app.partners.clone();
    // Seen through, whoever leaves: the CRM's answer tells whether there is one now.
    let asked = tokio::spawn(async move { partners.ask_payout(&asker, &request).await });
    let answer = asked.await.map_err(|_| Refused::internal())??;
    Ok((StatusCode::CREATED, Json(answer)).into_response())
}

pub(super) async fn look_up(
    State(app): State<Arc<App>>,
    Extension(asker): Extension<Asker>,
    Path(bucket): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Answer<BucketAnswer> {
    leads(&app, &asker, &bucket, None, &headers, body).await
}

pub(super) async fn look_up_source(
    State(app): State<Arc<App>>,
    Extension(asker): Extension<Asker>,
    Path((bucket, source)): Path<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Answer<BucketAnswer> {
    leads(&app, &asker, &bucket, Some(&source), &headers, body).await
}

async fn leads(app: &App, asker: &Asker, bucket: &str, source: Option<&str>, headers: &HeaderMap, body: Body) -> Answer<BucketAnswer> {
    let limits = &app.config.server.limits;
    let limits = crate::config::Limits { body_bytes: limits.body_bytes.max(LONGEST_LOOK_UP), ..limits.clone() };
    let question: BucketQuestion = parsed(&json_body(headers, body, &limits).await?)?;
    Ok(Json(app.partners.look_up(asker, bucket, source, &question).await?))
}

pub(super) async fn export(
    State(app): State<Arc<App>>,
    Extension(asker): Extension<Asker>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refused> {
    let request = parsed(&json_body(&headers, body, &app.config.server.limits).await?)?;
    let answer = app.partners.export(&asker, request, &app.config.server.public_url).await?;
    Ok((StatusCode::CREATED, Json(answer)).into_response())
}

pub(super) async fn download(State(app): State<Arc<App>>, Path(ticket): Path<String>) -> Result<Response, Refused> {
    let download = app.partners.download(&ticket).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", download.name)),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (header::REFERRER_POLICY, "no-referrer".to_owned()),
    ];
    Ok((headers, Body::new(Chunks(download.chunks))).into_response())
}

/// A body whose chunks are made as they are read.
struct Chunks(mpsc::Receiver<std::io::Result<Bytes>>);

impl HttpBody for Chunks {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        self.0.poll_recv(context).map(|chunk| chunk.map(|chunk| chunk.map(Frame::data)))
    }
}
