//! One input with its label, help and error.

use latchkey_contract::{AGAIN, Channel, FieldKind, FieldView, Need, Texts};
use leptos::{attr::Attribute, either::EitherOf4, prelude::*};

use super::{super::state::State, choices::choices, flag, truth};

/// An input, tied to its label, to its help text and to what is wrong with it.
pub(super) fn field(state: &State, field: &FieldView, texts: &Texts, half: bool) -> impl IntoView + use<> {
    let id = ["lk-", &field.name].concat();
    let help_id = [&id, "-help"].concat();
    let error_id = [&id, "-error"].concat();
    let needs_id = [&id, "-needs"].concat();
    let optional = if field.required { "" } else { texts.get("optional") };
    let documents = (!field.documents.is_empty()).then(|| documents(field, [&id, "-documents"].concat()));
    let control = match field.kind {
        FieldKind::Select | FieldKind::Country => EitherOf4::A(select(state, field, texts)),
        FieldKind::Area => EitherOf4::B(area(state, field)),
        FieldKind::Radio | FieldKind::Several => EitherOf4::C(choices(state, field, optional)),
        _ => EitherOf4::D(input(state, field)),
    };
    let label = (!matches!(field.kind, FieldKind::Radio | FieldKind::Several)).then(|| {
        view! {
            <label part="label" for=id.clone()>
                {field.label.clone()} <span>{optional.to_owned()}</span>
            </label>
        }
    });
    let needs = (!field.needs.is_empty()).then(|| needs(field, texts, needs_id));
    let is_hidden = field.kind == FieldKind::Hidden || !state.shown.has(&field.name);
    let part = match field.kind {
        FieldKind::Checkbox => "field check",
        _ if half => "field half",
        _ => "field",
    };
    let login = (field.kind == FieldKind::Email).then(|| login_link(state, texts));
    let note = (field.lookup || field.kind == FieldKind::Code).then(|| note(state, field, [&id, "-note"].concat()));
    view! {
        <div part=part data-field=field.name.clone() hidden=flag(is_hidden)>
            {label}
            {documents}
            {control}
            {needs}
            <p id=help_id>{field.help.clone().unwrap_or_default()}</p>
            {error(state, &field.name, error_id)}
            {note}
            {login}
        </div>
    }
}

/// What is wrong with an input; an empty element while nothing is, so that `aria-describedby` always leads somewhere.
pub(super) fn error(state: &State, name: &str, id: String) -> impl IntoView + use<> {
    view! {
        <p part="error" id=id>
            {state.error(name).unwrap_or_default().to_owned()}
        </p>
    }
}

fn input(state: &State, field: &FieldView) -> impl IntoView + use<> {
    let (kind, keys) = match field.kind {
        FieldKind::Email => ("email", "email"),
        FieldKind::Tel => ("tel", "tel"),
        // "date" is no word for keys, and then the browser goes by the type.
        FieldKind::Date => ("date", "date"),
        FieldKind::Number => ("text", "decimal"),
        FieldKind::Checkbox => ("checkbox", "none"),
        FieldKind::Password => ("password", "text"),
        FieldKind::Hidden => ("hidden", "none"),
        // A text message brings digits; what comes by e-mail may hold letters, which a pad of digits does not have.
        FieldKind::Code if field.channel == Some(Channel::Phone) => ("text", "numeric"),
        _ => ("text", "text"),
    };
    let checkbox = field.kind == FieldKind::Checkbox;
    view! {
        <input
            type=kind
            inputmode=keys
            value=field.default.clone()
            placeholder=field.placeholder.clone()
            readonly=field.read_only
            checked=checkbox && field.default.as_deref() == Some("true")
            // The only way to keep one from being changed.
            disabled=checkbox && field.read_only
            {..common(state, field)}
        />
    }
}

fn area(state: &State, field: &FieldView) -> impl IntoView + use<> {
    view! {
        <textarea rows="4" placeholder=field.placeholder.clone() readonly=field.read_only {..common(state, field)}>
            {field.default.clone()}
        </textarea>
    }
}

fn select(state: &State, field: &FieldView, texts: &Texts) -> impl IntoView + use<> {
    let chosen = field.default.as_deref().unwrap_or_default();
    let options: Vec<_> = std::iter::once(("", texts.get("choose")))
        .chain(field.options.iter().map(|option| (option.value.as_str(), option.label.as_deref().unwrap_or(&option.value))))
        .map(|(value, label)| {
            view! {
                <option value=value.to_owned() selected=value.eq_ignore_ascii_case(chosen)>
                    {label.to_owned()}
                </option>
            }
        })
        .collect();
    view! {
        <select disabled=field.read_only || state.waits(&field.name) {..common(state, field)}>
            {options}
        </select>
    }
}

/// To be read before the field is filled in.
fn documents(field: &FieldView, id: String) -> impl IntoView + use<> {
    // They may come from a CRM: an address such as `javascript:…` is no document.
    let documents = field.documents.iter().filter(|document| document.url.starts_with("http"));
    let documents: Vec<_> = documents
        .map(|document| {
            view! {
                <li>
                    <a href=document.url.clone() target="_blank" rel="noopener">
                        {document.label.clone()}
                    </a>
                </li>
            }
        })
        .collect();
    view! {
        <ul part="documents" id=id>
            {documents}
        </ul>
    }
}

/// What a password has to hold.
fn needs(field: &FieldView, texts: &Texts, id: String) -> impl IntoView + use<> {
    let needs: Vec<_> = field
        .needs
        .iter()
        .map(|need| {
            let key = match need {
                Need::Upper => "password.needs.upper",
                Need::Lower => "password.needs.lower",
                Need::Digit => "password.needs.digit",
                Need::Special => "password.needs.special",
            };
            view! { <li>{texts.get(key).to_owned()}</li> }
        })
        .collect();
    view! {
        <ul part="needs" id=id>
            {needs}
        </ul>
    }
}

/// How the field's options, or its code, are coming along, and the button that asks for them again.
fn note(state: &State, field: &FieldView, id: String) -> impl IntoView + use<> {
    let said = state.note(&field.name);
    view! {
        <div part="note">
            <p role="status" id=id>
                {said.map(|note| note.text.clone()).unwrap_or_default()}
            </p>
            <button
                part="again"
                form=AGAIN
                name=AGAIN
                value=field.name.clone()
                tabindex="0"
                aria-disabled=flag(state.waits(&field.name))
                data-again=field.name.clone()
            >
                {said.map(|note| note.button.clone()).unwrap_or_default()}
            </button>
        </div>
    }
}

/// What all inputs have in common.
fn common(state: &State, field: &FieldView) -> impl Attribute + use<> {
    let name = field.name.clone();
    let id = ["lk-", &name].concat();
    let autocomplete = if field.kind == FieldKind::Code { Some("one-time-code".to_owned()) } else { field.autocomplete.clone() };
    view! {
        <{..}
            part=(field.kind != FieldKind::Checkbox).then_some("input")
            id=id.clone()
            name=name.clone()
            autocomplete=autocomplete
            aria-required=truth(field.required)
            aria-describedby=described_by(field, &id)
            aria-invalid=wrong(state, &field.name)
        />
    }
}

/// For `aria-describedby`: only what there is, since an address that leads nowhere is an error.
pub(super) fn described_by(field: &FieldView, id: &str) -> String {
    let documents = if field.documents.is_empty() { "" } else { "-documents " };
    let needs = if field.needs.is_empty() { "" } else { "-needs " };
    let note = if field.lookup || field.kind == FieldKind::Code { "-note " } else { "" };
    let parts = [documents, needs, "-help ", note, "-error"].into_iter().filter(|part| !part.is_empty());
    parts.flat_map(|part| [id, part]).collect()
}

/// For `aria-invalid`.
pub(super) fn wrong(state: &State, name: &str) -> Option<&'static str> {
    flag(state.error(name).is_some())
}

/// For a visitor whose e-mail the CRM knows; empty until then.
fn login_link(state: &State, texts: &Texts) -> impl IntoView + use<> {
    let text = if state.login.is_some() { texts.get("login").to_owned() } else { String::new() };
    view! {
        <a target="_top" href=state.login.clone()>
            {text}
        </a>
    }
}
