//! Small words that several of these tests use.

use std::{future::poll_fn, task::Poll};

use harness::Answer;
use serde_json::Value;

/// A text out of an answer.
#[track_caller]
pub(crate) fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("no text at {pointer} of {value}"))
}

/// Errors as they are compared: `[("phone", "phone")]`.
#[track_caller]
pub(crate) fn assert_errors(answer: &Answer, expected: &[(&str, &str)], why: &str) {
    let errors = answer.errors();
    let errors: Vec<_> = errors.iter().map(|(field, code)| (field.as_str(), code.as_str())).collect();
    assert_eq!(errors, expected, "{why}: {}", answer.text());
}

/// Everything at once; the results in order.
pub(crate) async fn join<T>(all: impl Iterator<Item = impl Future<Output = T>>) -> Vec<T> {
    let mut all: Vec<_> = all.map(|one| (Box::pin(one), None)).collect();
    poll_fn(|context| {
        for (future, result) in all.iter_mut().filter(|(_, result)| result.is_none()) {
            if let Poll::Ready(value) = future.as_mut().poll(context) {
                *result = Some(value);
            }
        }
        if all.iter().all(|(_, result)| result.is_some()) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    all.into_iter().filter_map(|(_, result)| result).collect()
}
