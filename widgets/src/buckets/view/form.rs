//! What is to be looked up, and where.

use latchkey_contract::partner::BucketView;
use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{DragEvent, File, HtmlInputElement};

use super::{button, save, select};
use crate::{
    browser::task,
    buckets::{
        keys::{Kind, Left, MOST, Named},
        run,
        state::{Run, State},
    },
};

pub(super) fn form(state: State, buckets: Vec<BucketView>) -> AnyView {
    let say = state.say;
    let send = move |event: ev::SubmitEvent| {
        event.prevent_default();
        run::begin(state);
    };
    let is_busy = move || state.run.with(Run::is_under_way).to_string();
    view! {
        <form part="form" novalidate on:submit=send>
            <h2>{say.text("buckets.title")}</h2>
            {places(state, buckets)}
            {kinds(state)}
            {list(state)}
            {created(state)}
            <p part="error" role="alert" hidden=move || state.complaint.get().is_none()>{move || complaint(state)}</p>
            <div part="actions"><button part="button" aria-disabled=is_busy>{say.text("buckets.go")}</button></div>
        </form>
    }
    .into_any()
}

fn complaint(state: State) -> Option<String> {
    let key = state.complaint.get()?;
    let count = state.list.keys.with(|read| read.keys.len());
    Some(state.say.counted_with(key, count, &[("most", &state.say.number(MOST))]))
}

/// The affiliate's buckets, and the sources of the one that is chosen; what leaves no choice is not shown.
fn places(state: State, buckets: Vec<BucketView>) -> AnyView {
    let say = state.say;
    let several = buckets.len() > 1;
    let names: Vec<_> = buckets.iter().map(|bucket| (bucket.id.clone(), bucket.id.clone())).collect();
    let sources = Memo::new(move |_| {
        let bucket = state.bucket.get();
        buckets.iter().find(|known| known.id == bucket).map(|bucket| bucket.sources.clone()).unwrap_or_default()
    });
    // Another bucket has other sources.
    Effect::new(move || {
        state.bucket.track();
        state.source.set(String::new());
    });
    let bucket = several.then(|| select(say.text("bucket"), "bucket", state.bucket, move || names.clone()));
    let source = move || {
        let all = [(String::new(), say.text("source.all"))];
        let options = move || all.iter().cloned().chain(sources.get().into_iter().map(|source| (source.clone(), source))).collect();
        (!sources.with(Vec::is_empty)).then(|| select(say.text("source"), "source", state.source, options))
    };
    view! { <div part="row">{bucket}{source}</div> }.into_any()
}

fn kinds(state: State) -> AnyView {
    let say = state.say;
    let choice = move |kind: Kind, key: &'static str| {
        let choose = move |_| {
            state.list.kind.set(kind);
            state.list.read();
        };
        view! {
            <label part="choice">
                <input type="radio" name="kind" value=key prop:checked=move || state.list.kind.get() == kind on:change=choose />
                {say.text(key)}
            </label>
        }
    };
    view! {
        <fieldset part="choices">
            <legend>{say.text("kind")}</legend>
            {choice(Kind::Emails, "kind.emails")}
            {choice(Kind::Ids, "kind.ids")}
        </fieldset>
    }
    .into_any()
}

/// Typed or pasted into the area, or dropped on it, or chosen as a file.
fn list(state: State) -> AnyView {
    let (say, list) = (state.say, state.list);
    let is_over = RwSignal::new(false);
    let hover = move |event: DragEvent, over: bool| {
        event.prevent_default();
        is_over.set(over);
    };
    let drop = move |event: DragEvent| {
        hover(event.clone(), false);
        let transfer = event.data_transfer();
        match transfer.as_ref().and_then(|transfer| transfer.files()).and_then(|files| files.get(0)) {
            Some(file) => take(state, file),
            None => {
                let text = transfer.and_then(|transfer| transfer.get_data("text/plain").ok()).unwrap_or_default();
                list.load(Some(say.text("dropped")), text);
            }
        }
    };
    let choose = move |event: ev::Event| {
        let input: HtmlInputElement = event_target(&event);
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            take(state, file);
        }
        // The same file may be chosen again once it has been mended.
        input.set_value("");
    };
    let content = move || match list.file.get() {
        Some(name) => {
            let remove = move || {
                list.load(None, String::new());
            };
            view! { <div part="file"><span>{name}</span>{button(say, "file.remove", "link", remove)}</div> }.into_any()
        }
        None => {
            view! {
                <textarea part="input" id="list" rows="6" spellcheck="false" autocapitalize="off" autocomplete="off" dir="ltr"
                    aria-describedby="read" on:input=move |event| list.typed(event_target_value(&event))></textarea>
            }
            .into_any()
        }
    };
    view! {
        <div part="field">
            <label for="list">{move || say.text(if list.kind.get() == Kind::Emails { "list.emails" } else { "list.ids" })}</label>
            <div part="drop" data-over=move || is_over.get().then_some("") on:dragover=move |event| hover(event, true)
                on:dragleave=move |event| hover(event, false) on:drop=drop>
                {content}
                <div part="choose">
                    <span>{say.text("drop")}</span>
                    <label part="link"><input type="file" accept=".csv,.txt,.tsv,text/csv,text/plain" on:change=choose />{say.text("file.choose")}</label>
                </div>
            </div>
            <p part="error" role="alert" hidden=move || list.trouble.with(Option::is_none)>{move || list.trouble.get()}</p>
            {read(state)}
        </div>
    }
    .into_any()
}

fn take(state: State, file: File) {
    task::start(async move {
        let name = file.name();
        let text = save::text_of(&file).await;
        let wrong = match &text {
            // Every workbook is a ZIP archive.
            Some(text) if text.starts_with("PK\u{3}\u{4}") => Some("file.workbook"),
            Some(_) => None,
            None => Some("file.failed"),
        };
        match (wrong, text) {
            (None, Some(text)) => state.list.load(Some(name), text),
            (wrong, _) => state.list.trouble.set(wrong.map(|key| state.say.filled(key, &[("name", &name)]))),
        }
    });
}

/// How many there are, and which lines are left out.
fn read(state: State) -> AnyView {
    let say = state.say;
    let keys = state.list.keys;
    let count = move || {
        let count = keys.with(|read| read.keys.len());
        (count > 0).then(|| say.counted("list.count", count))
    };
    let left = move |key: &'static str, of: fn(&crate::buckets::keys::Keys) -> &Named| {
        move || {
            keys.with(|read| {
                let named = of(read);
                (named.count > 0).then(|| {
                    let lines = named.first.iter().map(|left| view! { <li>{line(state, left)}</li> }).collect_view();
                    let more = named.count - named.first.len();
                    let more = (more > 0).then(|| view! { <li>{say.counted("list.more", more)}</li> });
                    view! { <div part="left"><p>{say.counted(key, named.count)}</p><ul>{lines}{more}</ul></div> }
                })
            })
        }
    };
    view! {
        <div part="read" id="read" role="status">
            <p hidden=move || count().is_none()>{count}</p>
            {left("list.bad", |read| &read.bad)}
            {left("list.repeated", |read| &read.repeated)}
        </div>
    }
    .into_any()
}

fn line(state: State, left: &Left) -> String {
    let (line, text) = (state.say.number(left.line), left.text.as_str());
    match left.of {
        Some(of) => state.say.filled("list.line.repeats", &[("line", &line), ("text", text), ("of", &state.say.number(of))]),
        None => state.say.filled("list.line", &[("line", &line), ("text", text)]),
    }
}

/// Between which days the leads were created.
fn created(state: State) -> AnyView {
    let say = state.say;
    let day = move |id: &'static str, key: &'static str, value: RwSignal<String>| {
        view! {
            <div part="field">
                <label for=id>{say.text(key)}</label>
                <input part="input" type="date" id=id on:change=move |event| value.set(event.target().map(|input| input.unchecked_into::<HtmlInputElement>().value()).unwrap_or_default()) />
            </div>
        }
    };
    view! {
        <fieldset part="row">
            <legend>{say.text("created")}<span>{say.text("optional")}</span></legend>
            {day("from", "created.from", state.from)}
            {day("to", "created.to", state.to)}
        </fieldset>
    }
    .into_any()
}
