//! A table as a file: the proxy writes it as it is read here, with how far it is, and it can be stopped.

use std::cell::Cell;

use js_sys::{Array, Uint8Array};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Element, ReadableStreamDefaultReader, Response};

use super::sheet::Sheet;
use crate::{
    browser::{
        dom,
        json::{self, Json},
        task,
    },
    partner::{
        Failure,
        controls::{button, told},
        save,
        view::{follow, has, is_shown, node, says},
    },
};

/// How far an export is.
#[derive(Clone, Debug, PartialEq)]
enum Phase {
    None,
    /// Nothing of it has come yet.
    Asked,
    /// So many rows of so many.
    Reading(usize, usize),
    Saved(usize),
    Stopped,
    Failed(Failure),
}

/// Copied around in its parts.
#[derive(Clone, Copy)]
pub(super) struct Export {
    sheet: Sheet,
    phase: RwSignal<Phase>,
    /// Ends the download. Whoever has another one is stopped.
    stop: StoredValue<Option<AbortController>, LocalStorage>,
}

impl Export {
    pub(super) fn new(sheet: Sheet) -> Export {
        Export { sheet, phase: RwSignal::new(Phase::None), stop: StoredValue::new_local(None) }
    }

    /// One button in one place, so that the focus stays: it begins, and stops.
    pub(super) fn button(self) -> Element {
        let say = self.sheet.board.say;
        let button =
            button(say, "export", "button quiet", move || if self.is_under_way() { self.end(Phase::Stopped) } else { self.begin() });
        says(&button, move || {
            self.phase.track();
            say.text(if self.is_under_way() { "export.stop" } else { "export" })
        });
        button
    }

    pub(super) fn progress(self) -> Element {
        let label = self.sheet.board.say.text("export");
        let bar = node("progress", &[("aria-label", &label)], &[]);
        has(&bar, "max", move || self.reading().map(|(_, all)| all.max(1).to_string()));
        // Without a value it moves to and fro.
        has(&bar, "value", move || self.reading().map(|(done, _)| done.to_string()));
        is_shown(&bar, move || {
            self.phase.track();
            self.is_under_way()
        });
        let line = node("p", &[("part", "line"), ("aria-hidden", "true")], &[]);
        says(&line, move || self.phase.with(|phase| self.said(phase)));
        let aloud = node("p", &[("part", "said"), ("role", "status")], &[]);
        let (heard, last) = (aloud.clone(), Cell::new(0));
        // At every quarter only, and at the end.
        follow(Box::new(move || {
            self.phase.with(|phase| {
                let quarter = match phase {
                    Phase::Reading(done, all) => done * 4 / all.max(&1) + 1,
                    Phase::None | Phase::Asked => 0,
                    Phase::Saved(_) | Phase::Stopped | Phase::Failed(_) => usize::MAX,
                };
                if last.replace(quarter) != quarter {
                    dom::say(&heard, &self.said(phase));
                }
            });
        }));
        let progress = node("div", &[("part", "export")], &[bar, line, aloud]);
        is_shown(&progress, move || self.phase.with(|phase| *phase != Phase::None));
        progress
    }

    fn is_under_way(self) -> bool {
        self.phase.with_untracked(|phase| matches!(phase, Phase::Asked | Phase::Reading(..)))
    }

    fn reading(self) -> Option<(usize, usize)> {
        self.phase.with(|phase| if let Phase::Reading(done, all) = phase { Some((*done, *all)) } else { None })
    }

    fn said(self, phase: &Phase) -> String {
        let say = self.sheet.board.say;
        match phase {
            Phase::None => String::new(),
            Phase::Asked => say.text("export.asked"),
            Phase::Reading(done, all) => say.filled("export.reading", &[("done", &say.number(*done)), ("all", &say.number(*all))]),
            Phase::Saved(rows) => say.counted("export.saved", *rows),
            Phase::Stopped => say.text("export.stopped"),
            Phase::Failed(failure) => [say.text("export.failed"), say.text(told(failure))].join(" "),
        }
    }

    fn end(self, phase: Phase) {
        let stop = self.stop.try_update_value(Option::take).flatten();
        if let Some(stop) = stop {
            stop.abort();
        }
        self.phase.try_set(phase);
    }

    fn begin(self) {
        let (sheet, Ok(stop)) = (self.sheet, AbortController::new()) else { return };
        let Some(query) = untrack(|| sheet.query()) else { return };
        let columns: Array = untrack(|| sheet.columns()).iter().map(|column| JsValue::from_str(&column.name)).collect();
        let request = json::object([("table", sheet.table.as_str().into()), ("query", query.into()), ("columns", columns.into())]);
        self.stop.set_value(Some(stop.clone()));
        self.phase.set(Phase::Asked);
        task::start(async move {
            let end = self.run(&json::to_text(&request), &stop).await;
            if self.is_current(&stop) {
                if let Phase::Failed(failure) = &end {
                    sheet.board.tell(failure);
                }
                self.end(end);
            }
        });
    }

    /// Whether it goes on, and somebody is there to have it.
    fn is_current(self, stop: &AbortController) -> bool {
        self.stop.try_get_value().flatten().as_ref() == Some(stop)
    }

    async fn run(self, request: &str, stop: &AbortController) -> Phase {
        let Some(client) = self.sheet.board.client() else { return Phase::Stopped };
        let answer = match client.post("/exports", request).await {
            Ok(answer) => answer,
            Err(failure) => return Phase::Failed(failure),
        };
        let (Some(url), Some(name)) = (answer.text("url"), answer.text("name")) else { return Phase::Failed(Failure::Failed(0)) };
        // Stopped before it began.
        if !self.is_current(stop) {
            return Phase::Stopped;
        }
        let all = answer.number("rows").unwrap_or_default() as usize;
        self.phase.set(Phase::Reading(0, all));
        match self.read(&url, all, stop).await {
            Ok(parts) if self.is_current(stop) => {
                save::download_parts(&name, &parts);
                Phase::Saved(all)
            }
            Ok(_) => Phase::Stopped,
            Err(failure) => Phase::Failed(failure),
        }
    }

    /// The file's bytes in the pieces in which they came.
    async fn read(self, url: &str, all: usize, stop: &AbortController) -> Result<Array, Failure> {
        let request = json::object([("credentials", "omit".into()), ("signal", stop.signal().into())]);
        let answer = JsFuture::from(window().fetch_with_str_and_init(url, request.unchecked_ref())).await.map_err(|_| lost())?;
        let response: Response = answer.unchecked_into();
        let body = response.body().filter(|_| response.ok()).ok_or_else(|| Failure::Failed(response.status()))?;
        let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
        let (parts, mut lines) = (Array::new(), 0);
        loop {
            let piece = Json::new(JsFuture::from(reader.read()).await.map_err(|_| lost())?);
            if piece.truth("done") {
                return Ok(parts);
            }
            let piece: Uint8Array = JsValue::from(piece.member("value")).unchecked_into();
            // A line more than rows: the first one names the columns. A cell may have several.
            lines += piece.to_vec().iter().filter(|byte| **byte == b'\n').count();
            parts.push(&piece);
            if !self.is_current(stop) {
                // Also where the element is gone: what nobody reads is not sent on.
                stop.abort();
                return Ok(parts);
            }
            self.phase.set(Phase::Reading(lines.saturating_sub(1).min(all), all));
        }
    }
}

/// The connection ended before the file did.
fn lost() -> Failure {
    if window().navigator().on_line() { Failure::Failed(0) } else { Failure::Offline }
}
