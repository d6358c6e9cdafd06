//! What is to be looked up, and where.

use latchkey_contract::partner::BucketView;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{DragEvent, Element, Event, File, HtmlInputElement};

use crate::{
    browser::{dom::set, task},
    buckets::{
        keys::{Keys, Kind, Left, MOST, Named},
        run,
        state::{Run, State},
    },
    partner::{
        controls::{alert, button, select, value},
        save,
        view::{has, hears, holds, is_shown, node, says, words},
    },
};

pub(super) fn form(state: State, buckets: Vec<BucketView>) -> Element {
    let say = state.say;
    let complaint = alert("");
    says(&complaint, move || {
        let count = state.list.keys.with(|read| read.keys.len());
        say.counted_with(&state.complaint.get(), count, &[("most", &say.number(MOST))])
    });
    is_shown(&complaint, move || !state.complaint.with(String::is_empty));
    let go = words("button", &[("part", "button")], &say.text("buckets.go"));
    has(&go, "aria-disabled", move || state.run.with(Run::is_under_way).then(|| "true".to_owned()));
    let parts = [
        words("h2", &[], &say.text("buckets.title")),
        places(state, buckets),
        kinds(state),
        list(state),
        created(state),
        complaint,
        node("div", &[("part", "actions")], &[go]),
    ];
    let form = node("form", &[("part", "form"), ("novalidate", "")], &parts);
    hears(&form, "submit", move |event| {
        event.prevent_default();
        run::begin(state);
    });
    form
}

/// The affiliate's buckets, and the sources of the one that is chosen; what leaves no choice is not shown.
fn places(state: State, buckets: Vec<BucketView>) -> Element {
    let say = state.say;
    let row = node("div", &[("part", "row")], &[]);
    if buckets.len() > 1 {
        let names: Vec<_> = buckets.iter().map(|bucket| (bucket.id.clone(), bucket.id.clone())).collect();
        let bucket = select(&say.text("bucket"), "bucket", state.bucket, move || names.clone());
        // Another bucket has other sources.
        hears(&bucket, "change", move |_| state.source.set(String::new()));
        let _ = row.append_child(&bucket);
    }
    let sources = move || {
        let bucket = state.bucket.get();
        buckets.iter().find(|known| known.id == bucket).map(|bucket| bucket.sources.clone()).unwrap_or_default()
    };
    let has_some = sources.clone();
    let source = select(&say.text("source"), "source", state.source, move || {
        let all = (String::new(), say.text("source.all"));
        std::iter::once(all).chain(sources().into_iter().map(|source| (source.clone(), source))).collect()
    });
    is_shown(&source, move || !has_some().is_empty());
    let _ = row.append_child(&source);
    row
}

fn kinds(state: State) -> Element {
    let say = state.say;
    let choice = |kind: Kind, key: &str| {
        let input = node("input", &[("type", "radio"), ("name", "kind"), ("value", key)], &[]);
        if kind == Kind::default() {
            set(&input, "checked", Some(""));
        }
        hears(&input, "change", move |_| state.list.read_as(kind));
        node("label", &[("part", "choice")], &[input, words("span", &[], &say.text(key))])
    };
    let legend = words("legend", &[], &say.text("kind"));
    node("fieldset", &[("part", "choices")], &[legend, choice(Kind::Emails, "kind.emails"), choice(Kind::Ids, "kind.ids")])
}

/// Typed or pasted into the area, or dropped on it, or chosen as a file.
fn list(state: State) -> Element {
    let (say, list) = (state.say, state.list);
    let label = node("label", &[("for", "list")], &[]);
    says(&label, move || say.text(if list.keys.with(|read| read.kind) == Kind::Emails { "list.emails" } else { "list.ids" }));
    let content = node("div", &[("part", "content-of-list")], &[]);
    holds(&content, move || match list.file.get() {
        name if !name.is_empty() => {
            let remove = button(say, "file.remove", "link", move || list.load(String::new(), String::new()));
            vec![node("div", &[("part", "file")], &[words("span", &[], &name), remove])]
        }
        _ => {
            let attributes = [
                ("part", "input"),
                ("id", "list"),
                ("rows", "6"),
                ("dir", "ltr"),
                ("spellcheck", "false"),
                ("autocapitalize", "off"),
                ("autocomplete", "off"),
                ("aria-describedby", "read"),
            ];
            let area = node("textarea", &attributes, &[]);
            hears(&area, "input", move |event| list.typed(value(&event)));
            vec![area]
        }
    });
    let drop = node("div", &[("part", "drop")], &[content, choose(state)]);
    hear_drops(state, &drop);
    let trouble = alert("");
    says(&trouble, move || list.trouble.get());
    is_shown(&trouble, move || !list.trouble.with(String::is_empty));
    node("div", &[("part", "field")], &[label, drop, trouble, read(state)])
}

fn choose(state: State) -> Element {
    let say = state.say;
    let input = node("input", &[("type", "file"), ("id", "file"), ("accept", ".csv,.txt,.tsv,text/csv,text/plain")], &[]);
    hears(&input, "change", move |event| {
        let Some(input) = event.target().map(|target| target.unchecked_into::<HtmlInputElement>()) else { return };
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            take(state, file);
        }
        // The same file may be chosen again once it has been mended.
        input.set_value("");
    });
    let label = node("label", &[("part", "link")], &[input, words("span", &[], &say.text("file.choose"))]);
    node("div", &[("part", "choose")], &[words("span", &[], &say.text("drop")), label])
}

fn hear_drops(state: State, drop: &Element) {
    let over = drop.clone();
    let hover = move |event: &Event, is_over: bool| {
        event.prevent_default();
        set(&over, "data-over", is_over.then_some(""));
    };
    let (left, dropped) = (hover.clone(), hover.clone());
    hears(drop, "dragover", move |event| hover(&event, true));
    hears(drop, "dragleave", move |event| left(&event, false));
    hears(drop, "drop", move |event| {
        dropped(&event, false);
        let transfer = event.unchecked_into::<DragEvent>().data_transfer();
        match transfer.as_ref().and_then(|transfer| transfer.files()).and_then(|files| files.get(0)) {
            Some(file) => take(state, file),
            None => {
                let text = transfer.and_then(|transfer| transfer.get_data("text/plain").ok()).unwrap_or_default();
                // A picture, a link's icon: nothing that a list could be.
                if !text.is_empty() {
                    state.list.load(state.say.text("dropped"), text);
                }
            }
        }
    });
}

fn take(state: State, file: File) {
    task::start(async move {
        let (name, change) = (file.name(), state.list.change());
        let text = save::text_of(&file).await;
        // Something else was chosen or typed meanwhile, or the element is gone.
        if !state.list.is_as_of(change) {
            return;
        }
        let wrong = match &text {
            // Every workbook is a ZIP archive.
            Some(text) if text.starts_with("PK\u{3}\u{4}") => Some("file.workbook"),
            Some(_) => None,
            None => Some("file.failed"),
        };
        match (wrong, text) {
            (None, Some(text)) => state.list.load(name, text),
            (wrong, _) => state.list.trouble.set(state.say.filled(wrong.unwrap_or_default(), &[("name", &name)])),
        }
    });
}

/// How many there are, and which lines are left out.
fn read(state: State) -> Element {
    let say = state.say;
    let read = node("div", &[("part", "read"), ("id", "read"), ("role", "status")], &[]);
    holds(&read, move || {
        state.list.keys.with(|read: &Keys| {
            let count = read.keys.len();
            let count = (count > 0).then(|| words("p", &[], &say.counted("list.count", count)));
            count.into_iter().chain(left(state, "list.bad", &read.bad)).chain(left(state, "list.repeated", &read.repeated)).collect()
        })
    });
    read
}

fn left(state: State, key: &str, named: &Named) -> Option<Element> {
    let say = state.say;
    let mut lines: Vec<Element> = named.first.iter().map(|left| words("li", &[], &line(state, left))).collect();
    let more = named.count - named.first.len();
    if more > 0 {
        lines.push(words("li", &[], &say.counted("list.more", more)));
    }
    let title = words("p", &[], &say.counted(key, named.count));
    (named.count > 0).then(|| node("div", &[("part", "left")], &[title, node("ul", &[], &lines)]))
}

fn line(state: State, left: &Left) -> String {
    let (line, text) = (state.say.number(left.line), left.text.as_str());
    match left.of {
        Some(of) => state.say.filled("list.line.repeats", &[("line", &line), ("text", text), ("of", &state.say.number(of))]),
        None => state.say.filled("list.line", &[("line", &line), ("text", text)]),
    }
}

/// Between which days the leads were created.
fn created(state: State) -> Element {
    let say = state.say;
    let day = |id: &str, key: &str, day: RwSignal<String>| {
        let input = node("input", &[("part", "input"), ("type", "date"), ("id", id)], &[]);
        hears(&input, "change", move |event| day.set(value(&event)));
        node("div", &[("part", "field")], &[words("label", &[("for", id)], &say.text(key)), input])
    };
    let legend = words("legend", &[], &say.text("created"));
    let _ = legend.append_child(&words("span", &[], &say.text("optional")));
    node("fieldset", &[("part", "row")], &[legend, day("from", "created.from", state.from), day("to", "created.to", state.to)])
}
