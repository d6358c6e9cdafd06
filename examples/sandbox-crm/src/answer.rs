//! An answer before it is sent: what it says, which the record keeps, and how it travels, which a fault may spoil.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderName};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{self, Stream, StreamExt};
use serde_json::Value;

use crate::record::Answered;
use crate::socket::Connection;

#[derive(Debug)]
pub(crate) struct Answer {
    status: StatusCode,
    header: Option<(HeaderName, HeaderValue)>,
    content: Content,
    travel: Travel,
}

#[derive(Debug)]
enum Content {
    Json(Value),
    Text { content_type: &'static str, text: String },
}

impl Content {
    fn text(&self) -> String {
        match self {
            Content::Json(value) => value.to_string(),
            Content::Text { text, .. } => text.clone(),
        }
    }
}

#[derive(Debug)]
enum Travel {
    Whole,
    Dripped(Duration),
    Padded(u64),
    /// It does not arrive: the connection is reset.
    Lost,
}

/// How many pieces a dripped body comes in, at most.
const DRIPS: usize = 20;
const PADDING: Bytes = Bytes::from_static(&[b'x'; 64 * 1024]);

impl Answer {
    pub(crate) fn json(status: StatusCode, body: Value) -> Self {
        Self { status, header: None, content: Content::Json(body), travel: Travel::Whole }
    }

    pub(crate) fn text(status: StatusCode, content_type: &'static str, text: impl Into<String>) -> Self {
        Self { status, header: None, content: Content::Text { content_type, text: text.into() }, travel: Travel::Whole }
    }

    /// No answer at all.
    pub(crate) fn lost() -> Self {
        Self { travel: Travel::Lost, ..Self::text(StatusCode::OK, "text/plain", "") }
    }

    pub(crate) fn header(self, name: HeaderName, value: HeaderValue) -> Self {
        Self { header: Some((name, value)), ..self }
    }

    /// The body takes this long, the head does not.
    pub(crate) fn dripped(self, over: Duration) -> Self {
        Self { travel: Travel::Dripped(over), ..self }
    }

    /// A JSON object gets one more member, so long that the body has this many bytes.
    pub(crate) fn padded(self, bytes: u64) -> Self {
        Self { travel: Travel::Padded(bytes), ..self }
    }

    /// The text breaks off in its middle.
    pub(crate) fn cut(self) -> Self {
        let text = self.content.text();
        let half = text.char_indices().nth(text.chars().count() / 2).map_or(0, |(at, _)| at);
        Self { content: Content::Text { content_type: "application/json", text: text[..half].to_owned() }, ..self }
    }

    /// No body at all.
    pub(crate) fn emptied(self) -> Self {
        Self { content: Content::Text { content_type: "application/json", text: String::new() }, ..self }
    }

    /// Other JSON in its place; what is no JSON stays.
    pub(crate) fn changed(self, change: impl FnOnce(Value) -> Value) -> Self {
        match self.content {
            Content::Json(value) => Self { content: Content::Json(change(value)), ..self },
            Content::Text { .. } => self,
        }
    }

    /// What the record keeps of it: nothing where the connection was reset, and never the padding.
    pub(crate) fn recorded(&self) -> Option<Answered> {
        let body = match &self.content {
            Content::Json(value) => value.clone(),
            Content::Text { text, .. } => text.clone().into(),
        };
        (!matches!(self.travel, Travel::Lost)).then_some(Answered { status: self.status.as_u16(), body })
    }

    pub(crate) fn send(self, connection: &Connection) -> Response {
        let (content_type, text) = match self.content {
            Content::Json(value) => ("application/json", value.to_string()),
            Content::Text { content_type, text } => (content_type, text),
        };
        let (length, body) = match self.travel {
            Travel::Whole => (text.len() as u64, Body::from(text)),
            Travel::Dripped(over) => (text.len() as u64, Body::from_stream(drip(text.into(), over))),
            Travel::Padded(bytes) => pad(&text, bytes),
            Travel::Lost => {
                connection.abort();
                (0, Body::empty())
            }
        };
        let mut response = (self.status, [(CONTENT_TYPE, HeaderValue::from_static(content_type))], body).into_response();
        // The length is stated for a stream too, so that a client can tell a body which broke off from one that ended.
        response.headers_mut().insert(CONTENT_LENGTH, length.into());
        response.headers_mut().extend(self.header);
        response
    }
}

fn drip(body: Bytes, over: Duration) -> impl Stream<Item = Result<Bytes, std::convert::Infallible>> {
    let size = body.len().div_ceil(DRIPS).max(1);
    let pause = over / u32::try_from(body.len().div_ceil(size).max(1)).unwrap_or(1);
    stream::unfold(body, move |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        tokio::time::sleep(pause).await;
        let piece = rest.split_to(size.min(rest.len()));
        Some((Ok(piece), rest))
    })
}

/// Made piece by piece: a body of many gigabytes must cost the client its memory, not this server.
fn pad(object: &str, bytes: u64) -> (u64, Body) {
    let head = object.strip_suffix('}').unwrap_or(object);
    let comma = if head == "{" { "" } else { "," };
    let head = format!("{head}{comma}\"padding\":\"");
    let tail = "\"}";
    let fixed = (head.len() + tail.len()) as u64;
    let padding = bytes.saturating_sub(fixed);
    let pieces = stream::unfold(padding, |left| async move {
        let size = left.min(PADDING.len() as u64);
        (size > 0).then(|| (PADDING.slice(..usize::try_from(size).unwrap_or(PADDING.len())), left - size))
    });
    let all = stream::iter([Bytes::from(head)]).chain(pieces).chain(stream::iter([Bytes::from_static(tail.as_bytes())]));
    (fixed + padding, Body::from_stream(all.map(Ok::<_, std::convert::Infallible>)))
}
