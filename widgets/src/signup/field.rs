//! One input with its label, help and error.

use latchkey_contract::{FieldKind, FieldView, Texts};
use leptos::{attr::Attribute, either::Either, prelude::*};

use super::state::Form;

/// An input, tied to its label, to its help text and to what is wrong with it.
pub(super) fn field(form: Form, field: &FieldView, texts: &Texts, half: bool) -> impl IntoView + use<> {
    let id = ["lk-", &field.name].concat();
    let help_id = [&id, "-help"].concat();
    let error_id = [&id, "-error"].concat();
    let optional = if field.required { "" } else { texts.get("optional") };
    let control = match field.kind {
        FieldKind::Select | FieldKind::Country => Either::Left(select(form, field, texts)),
        _ => Either::Right(input(form, field)),
    };
    let login = (field.kind == FieldKind::Email).then(|| login_link(form, texts));
    view! {
        <div part=if half { "field half" } else { "field" }>
            <label part="label" for=id>
                {field.label.clone()} <span>{optional.to_owned()}</span>
            </label>
            {control}
            <p id=help_id>{field.help.clone().unwrap_or_default()}</p>
            {error(form, field.name.clone(), error_id)}
            {login}
        </div>
    }
}

/// What is wrong with an input; an empty element while nothing is, so that `aria-describedby` always leads somewhere.
pub(super) fn error(form: Form, name: String, id: String) -> impl IntoView + use<> {
    view! {
        <p part="error" id=id>
            {form.words(move |state| state.error(&name).unwrap_or_default().to_owned())}
        </p>
    }
}

fn input(form: Form, field: &FieldView) -> impl IntoView + use<> {
    let kind = match field.kind {
        FieldKind::Email => "email",
        FieldKind::Tel => "tel",
        FieldKind::Date => "date",
        _ => "text",
    };
    view! {
        <input
            type=kind
            // The same words; "date" is none, and then the browser goes by the type.
            inputmode=kind
            value=field.default.clone()
            placeholder=field.placeholder.clone()
            {..common(form, field)}
        />
    }
}

fn select(form: Form, field: &FieldView, texts: &Texts) -> impl IntoView + use<> {
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
    view! { <select {..common(form, field)}>{options}</select> }
}

/// What inputs and selects have in common.
fn common(form: Form, field: &FieldView) -> impl Attribute + use<> {
    let name = field.name.clone();
    let id = ["lk-", &name].concat();
    let described_by = [&id, "-help ", &id, "-error"].concat();
    view! {
        <{..}
            part="input"
            id=id
            name=name.clone()
            autocomplete=field.autocomplete.clone()
            aria-required=truth(field.required)
            aria-describedby=described_by
            aria-invalid=wrong(form, name)
        />
    }
}

/// For `aria-invalid`.
pub(super) fn wrong(form: Form, name: String) -> impl Fn() -> Option<&'static str> + Send {
    form.flag(move |state| state.error(&name).is_some())
}

pub(super) fn truth(truth: bool) -> &'static str {
    if truth { "true" } else { "false" }
}

/// For a visitor whose e-mail the CRM knows; empty until then.
fn login_link(form: Form, texts: &Texts) -> impl IntoView + use<> {
    let text = texts.get("login").to_owned();
    view! {
        <a target="_top" href=form.attribute(|state| state.login.clone())>
            {form.words(move |state| if state.login.is_some() { text.clone() } else { String::new() })}
        </a>
    }
}
