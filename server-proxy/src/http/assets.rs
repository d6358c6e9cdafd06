//! `/assets/{hash}/{file}`: the widgets' code, inside the binary. The hash is of the content, so browsers keep it for good.

use std::sync::LazyLock;

use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use sha2::{Digest, Sha256};

use super::{
    problem,
    request::{Path, text},
};

include!(concat!(env!("OUT_DIR"), "/widgets.rs"));

/// What `cargo xtask build` made of the widgets.
pub(super) struct Widgets {
    signup: Element,
    buckets: Element,
    dashboard: Element,
    /// The loader of a funnel, and the one of every element; less the line that says what they load.
    pub(super) loader: &'static str,
    pub(super) general: &'static str,
    /// What the hosted page tells a page that frames it.
    frame: &'static str,
    /// What the frame of a challenge does, and the work itself.
    challenge: &'static str,
    work: &'static str,
    pub(super) css: &'static str,
    /// How an element on a portal's page looks until its components are there.
    pub(super) skeleton: &'static str,
}

/// The code of one element.
struct Element {
    /// The JavaScript that wasm-bindgen writes beside the WASM.
    glue: Precompressed,
    wasm: Precompressed,
}

struct Precompressed {
    plain: &'static [u8],
    brotli: &'static [u8],
    gzip: &'static [u8],
}

/// The encodings of a body, of which a browser gets the smallest that it reads.
pub(super) struct Encodings {
    pub(super) plain: Bytes,
    pub(super) brotli: Option<Bytes>,
    pub(super) gzip: Option<Bytes>,
}

pub(super) const SIGNUP_GLUE: &str = "signup.js";
pub(super) const SIGNUP_WASM: &str = "signup.wasm";
pub(super) const BUCKETS_GLUE: &str = "buckets.js";
pub(super) const BUCKETS_WASM: &str = "buckets.wasm";
pub(super) const DASHBOARD_GLUE: &str = "dashboard.js";
pub(super) const DASHBOARD_WASM: &str = "dashboard.wasm";
pub(super) const FRAME: &str = "frame.js";
pub(super) const CHALLENGE: &str = "challenge.js";
/// Named by the script of a challenge.
const WORK: &str = "work.js";
const FOR_GOOD: &str = "public, max-age=31536000, immutable";

/// The widgets, or what to do without them.
pub(super) fn widgets() -> Result<&'static Widgets, &'static str> {
    WIDGETS.as_ref().ok_or("this binary was built without the widgets: build it with `cargo xtask build`")
}

/// Of all of them together: code and WASM fit each other only.
pub(super) static HASH: LazyLock<String> = LazyLock::new(|| {
    let mut hash = Sha256::new();
    if let Some(widgets) = &WIDGETS {
        for element in [&widgets.signup, &widgets.buckets, &widgets.dashboard] {
            hash.update(element.glue.plain);
            hash.update(element.wasm.plain);
        }
        hash.update(widgets.frame);
        hash.update(widgets.challenge);
        hash.update(widgets.work);
    }
    hex::encode(&hash.finalize()[..8])
});

pub(super) async fn asset(Path((hash, file)): Path<(String, String)>, headers: HeaderMap) -> Response {
    let found = WIDGETS.as_ref().filter(|_| hash == *HASH).and_then(|widgets| match file.as_str() {
        SIGNUP_GLUE => Some((widgets.signup.glue.encodings(), "text/javascript; charset=utf-8")),
        SIGNUP_WASM => Some((widgets.signup.wasm.encodings(), "application/wasm")),
        BUCKETS_GLUE => Some((widgets.buckets.glue.encodings(), "text/javascript; charset=utf-8")),
        BUCKETS_WASM => Some((widgets.buckets.wasm.encodings(), "application/wasm")),
        DASHBOARD_GLUE => Some((widgets.dashboard.glue.encodings(), "text/javascript; charset=utf-8")),
        DASHBOARD_WASM => Some((widgets.dashboard.wasm.encodings(), "application/wasm")),
        FRAME => Some((Encodings::plain(widgets.frame), "text/javascript; charset=utf-8")),
        CHALLENGE => Some((Encodings::plain(widgets.challenge), "text/javascript; charset=utf-8")),
        WORK => Some((Encodings::plain(widgets.work), "text/javascript; charset=utf-8")),
        _ => None,
    });
    let Some((encodings, media_type)) = found else { return problem::not_found().await.into_response() };
    let mut response = encodings.response(&headers, media_type);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(FOR_GOOD));
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    response
}

impl Precompressed {
    fn encodings(&self) -> Encodings {
        let [plain, brotli, gzip] = [self.plain, self.brotli, self.gzip].map(Bytes::from_static);
        Encodings { plain, brotli: Some(brotli), gzip: Some(gzip) }
    }
}

impl Encodings {
    /// Too little to be worth compressing.
    fn plain(text: &'static str) -> Encodings {
        Encodings { plain: Bytes::from_static(text.as_bytes()), brotli: None, gzip: None }
    }

    /// A body that any page may load: it holds nothing that belongs to anybody.
    pub(super) fn response(&self, headers: &HeaderMap, media_type: &'static str) -> Response {
        let (body, encoding) = match (best(text(headers, header::ACCEPT_ENCODING).unwrap_or_default()), &self.brotli, &self.gzip) {
            (Some("br"), Some(body), _) => (body, Some("br")),
            (Some(_), _, Some(body)) => (body, Some("gzip")),
            _ => (&self.plain, None),
        };
        let public = [
            (header::CONTENT_TYPE, media_type),
            (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (header::HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
        ];
        let mut response = (public, body.clone()).into_response();
        if let Some(encoding) = encoding {
            response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        response
    }
}

/// The best of `br` and `gzip` that an `Accept-Encoding` header takes (RFC 9110, 12.5.3).
fn best(header: &str) -> Option<&'static str> {
    let takes = |name: &str| {
        header.split(',').any(|part| {
            let (coding, parameters) = part.split_once(';').unwrap_or((part, ""));
            let refused =
                parameters.trim().strip_prefix("q=").is_some_and(|quality| quality.parse::<f32>().is_ok_and(|quality| quality == 0.0));
            coding.trim().eq_ignore_ascii_case(name) && !refused
        })
    };
    ["br", "gzip"].into_iter().find(|name| takes(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_encoding_that_is_taken() {
        assert_eq!(best("gzip, deflate, br"), Some("br"));
        assert_eq!(best("gzip, br;q=0"), Some("gzip"));
        assert_eq!(best("GZIP;q=0.5"), Some("gzip"));
        assert_eq!(best("identity"), None);
        assert_eq!(best(""), None);
    }
}
