//! The embed token: asked of the page's `fetchToken`, kept until shortly before it expires.

use std::cell::RefCell;

use js_sys::{Array, Date, Function, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::browser::{json::Json, pause};

/// So long before it expires another is asked for; of a short one, when half of its time is over.
const EARLY_MS: f64 = 30_000.0;

/// So long the page may take to give one.
const PATIENCE_MS: u32 = 30_000;

pub(super) struct Tokens {
    /// The element's: answers a promise of what `fetchToken` answers.
    ask: Function,
    kept: RefCell<Option<Kept>>,
    /// Under way, for all who wait for it.
    asking: RefCell<Option<Promise>>,
}

#[derive(Clone)]
struct Kept {
    token: String,
    /// In milliseconds since 1970; `None` where the page does not say.
    renew_at: Option<f64>,
}

impl Tokens {
    pub(super) fn new(ask: Function) -> Tokens {
        Tokens { ask, kept: RefCell::default(), asking: RefCell::default() }
    }

    /// A token that is not `refused`. `None` where the page has none to give.
    pub(super) async fn other_than(&self, refused: Option<&str>) -> Option<String> {
        let kept = self.kept.borrow().clone();
        if let Some(kept) = kept
            && refused != Some(kept.token.as_str())
            && kept.renew_at.is_none_or(|at| Date::now() < at)
        {
            return Some(kept.token);
        }
        let under_way = self.asking.borrow().clone();
        let promise = match under_way {
            Some(promise) => promise,
            None => {
                let answer: Promise = self.ask.call0(&JsValue::UNDEFINED).ok()?.dyn_into().ok()?;
                // A page's server that never answers gives none.
                let promise = Promise::race(&Array::of2(&answer, &pause::over(PATIENCE_MS)));
                self.asking.replace(Some(promise.clone()));
                promise
            }
        };
        let answer = JsFuture::from(promise).await;
        self.asking.replace(None);
        let kept = read(answer.ok()?)?;
        let token = kept.token.clone();
        self.kept.replace(Some(kept));
        Some(token)
    }
}

/// The bare token, or `{token, expiresAt}` as the proxy has answered the portal, also as text.
fn read(answer: JsValue) -> Option<Kept> {
    let json = match answer.as_string() {
        Some(text) if !text.trim_start().starts_with('{') => return bare(text.trim().to_owned(), None),
        Some(text) => Json::parse(&text),
        None => Json::new(answer),
    };
    bare(json.text("token")?, json.text("expiresAt"))
}

fn bare(token: String, expires_at: Option<String>) -> Option<Kept> {
    // An error page is no token, and no header either.
    let fits = !token.is_empty() && token.len() < 4096 && token.bytes().all(|byte| byte.is_ascii_graphic());
    let now = Date::now();
    let left = expires_at.map(|at| Date::parse(&at) - now);
    // What is over before it begins is told by a clock that is wrong.
    let renew_at = left.filter(|left| *left > 0.0).map(|left| now + (left - EARLY_MS).max(left / 2.0));
    fits.then_some(Kept { token, renew_at })
}
