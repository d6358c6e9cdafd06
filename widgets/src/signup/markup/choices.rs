//! Options that are all in sight: one to choose, or any number.

use latchkey_contract::{FieldKind, FieldView};
use leptos::prelude::*;

use super::{
    super::state::State,
    field::{described_by, wrong},
    truth,
};

/// A group of radio buttons or checkboxes, with the field's label as its name.
pub(super) fn choices(state: &State, field: &FieldView, optional: &str) -> impl IntoView + use<> {
    let is_radio = field.kind == FieldKind::Radio;
    let (kind, role) = if is_radio { ("radio", "radiogroup") } else { ("checkbox", "group") };
    let chosen = field.default.as_deref().unwrap_or_default();
    let id = ["lk-", &field.name].concat();
    let options: Vec<_> = field
        .options
        .iter()
        .enumerate()
        .map(|(index, option)| {
            view! {
                <label part="choice">
                    <input
                        type=kind
                        // The first is what leads to the field.
                        id=(index == 0).then(|| id.clone())
                        name=field.name.clone()
                        value=option.value.clone()
                        checked=chosen.split(',').any(|chosen| chosen == option.value)
                        disabled=field.read_only
                    />
                    {option.label.clone().unwrap_or_else(|| option.value.clone())}
                </label>
            }
        })
        .collect();
    view! {
        <fieldset
            part="choices"
            role=role
            aria-required=is_radio.then(|| truth(field.required))
            aria-describedby=described_by(field, &id)
            aria-invalid=wrong(state, &field.name)
        >
            <legend part="label">{field.label.clone()} <span>{optional.to_owned()}</span></legend>
            {options}
        </fieldset>
    }
}
