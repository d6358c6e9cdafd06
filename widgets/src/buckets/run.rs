//! Asking for a list: a thousand keys at a time, one request after the other.

use latchkey_contract::partner::{BucketView, MOST_KEYS};
use leptos::prelude::*;

use super::{
    keys::MOST,
    question::{self, Question},
    state::{Chunk, End, Phase, Run, State},
};
use crate::{
    browser::{json::Json, pause, task},
    partner::{Failure, events},
};

/// So many failures in a row, and the rest is not tried.
const FAILURES: usize = 3;

/// Asks what this affiliate may look up.
pub(super) fn open(state: State) {
    state.phase.set(Phase::Loading);
    task::start(async move {
        let Some(client) = state.client() else { return };
        let answer = client.get("/capabilities").await;
        let Some(host) = state.host() else { return };
        match answer {
            Ok(capabilities) => {
                let affiliate = capabilities.text("affiliate").unwrap_or_default();
                let buckets = capabilities.list("buckets", bucket);
                state.bucket.set(buckets.first().map(|bucket| bucket.id.clone()).unwrap_or_default());
                state.phase.set(Phase::Ready(buckets));
                events::ready(&host, &affiliate);
            }
            Err(failure) => {
                events::error(&host, &failure);
                state.phase.set(Phase::Failed(failure));
            }
        }
    });
}

fn bucket(bucket: &Json) -> BucketView {
    BucketView { id: bucket.text("id").unwrap_or_default(), sources: bucket.words("sources") }
}

/// Looks the list up, unless something is wrong with it.
pub(super) fn begin(state: State) {
    if state.run.with_untracked(Run::is_under_way) {
        return;
    }
    state.list.read();
    let created = question::created(&state.from.get_untracked(), &state.to.get_untracked());
    let count = state.list.keys.with_untracked(|read| read.keys.len());
    let complaint = match created {
        _ if count == 0 => Some("list.empty"),
        _ if count > MOST => Some("list.too_many"),
        Err(()) => Some("created.wrong"),
        Ok(_) => None,
    };
    state.complaint.set(complaint.unwrap_or_default().to_owned());
    let (None, Ok(created)) = (complaint, created) else { return };
    let question = Question {
        kind: state.list.keys.with_untracked(|read| read.kind),
        bucket: state.bucket.get_untracked(),
        source: state.source.get_untracked(),
        created,
    };
    let keys = state.list.keys.with_untracked(|read| read.keys.clone());
    state.filters.clear();
    state.run.update(|run| {
        let chunks = keys.chunks(MOST_KEYS).map(|_| Chunk::Open).collect();
        *run = Run { number: run.number + 1, question: Some(question), keys, chunks, waits: None, end: None };
    });
    go_on(state);
}

pub(super) fn stop(state: State) {
    state.run.update(|run| {
        // What is on its way is answered to nobody.
        run.number += 1;
        run.waits = None;
        run.end = Some(End::Stopped);
    });
}

/// Looks up what has not been: after it was stopped, or has failed.
pub(super) fn again(state: State) {
    state.run.update(|run| {
        run.number += 1;
        run.end = None;
        for chunk in run.chunks.iter_mut().filter(|chunk| matches!(chunk, Chunk::Failed(_))) {
            *chunk = Chunk::Open;
        }
    });
    go_on(state);
}

fn go_on(state: State) {
    let number = state.run.with_untracked(|run| run.number);
    task::start(async move {
        let mut failures = 0;
        while let Some(wanted) = next(state, number) {
            let Some(client) = state.client() else { return };
            let answer = client.post(&wanted.question.path(), &wanted.body).await;
            if !is_current(state, number) {
                return;
            }
            match answer {
                Ok(answer) => {
                    failures = 0;
                    keep(state, &wanted, &answer);
                }
                Err(Failure::Busy(seconds)) => {
                    if !wait(state, number, seconds).await {
                        return;
                    }
                }
                Err(failure) => {
                    failures += 1;
                    if let Some(host) = state.host() {
                        events::error(&host, &failure);
                    }
                    // Nobody is there, or what was asked is wrong: the next would fare no better.
                    let halts = failures == FAILURES || !matches!(failure, Failure::Crm | Failure::Failed(_));
                    state.run.update(|run| {
                        run.chunks[wanted.chunk] = Chunk::Failed(failure.clone());
                        if halts {
                            run.end = Some(End::Halted(failure));
                        }
                    });
                }
            }
        }
    });
}

struct Wanted {
    chunk: usize,
    question: Question,
    body: String,
}

/// What is to be asked next; ends the run where that is nothing.
fn next(state: State, number: u32) -> Option<Wanted> {
    if !is_current(state, number) {
        return None;
    }
    let wanted = state.run.with_untracked(|run| {
        let chunk = run.chunks.iter().position(|chunk| *chunk == Chunk::Open).filter(|_| run.end.is_none())?;
        let question = run.question.clone()?;
        let body = question.body(run.keys.chunks(MOST_KEYS).nth(chunk)?);
        Some(Wanted { chunk, question, body })
    });
    if wanted.is_none() {
        state.run.update(|run| run.end = run.end.take().or(Some(End::Done)));
    }
    wanted
}

/// Whether the element is still there and this run not over.
fn is_current(state: State, number: u32) -> bool {
    state.run.try_with_untracked(|run| run.number == number).unwrap_or(false)
}

fn keep(state: State, wanted: &Wanted, answer: &Json) {
    state.run.update(|run| {
        let keys = run.keys.chunks(MOST_KEYS).nth(wanted.chunk).unwrap_or_default();
        run.chunks[wanted.chunk] = Chunk::Done(wanted.question.leads(keys, answer));
    });
}

/// Counts the seconds down. False where the run is over before that.
async fn wait(state: State, number: u32, seconds: u32) -> bool {
    for left in (1..=seconds.max(1)).rev() {
        state.run.update(|run| run.waits = Some(left));
        pause::milliseconds(1_000).await;
        if !is_current(state, number) {
            return false;
        }
    }
    state.run.update(|run| run.waits = None);
    true
}
