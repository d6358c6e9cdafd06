//! One thing to accept.

use latchkey_contract::AgreementView;
use leptos::{either::Either, prelude::*};

use super::{
    super::state::State,
    field::{error, wrong},
    truth,
};

/// A checkbox with its text, which leads to what is accepted where that has an address.
pub(super) fn agreement(state: &State, agreement: &AgreementView, name: String) -> impl IntoView + use<> {
    let id = ["lk-", &name].concat();
    let error_id = [&id, "-error"].concat();
    let text = agreement.text.clone();
    let text = match agreement.url.clone() {
        Some(url) => Either::Left(view! { <a href=url target="_blank" rel="noopener">{text}</a> }),
        None => Either::Right(text),
    };
    view! {
        <div part="agreement">
            <div>
                <input
                    type="checkbox"
                    id=id.clone()
                    name=name.clone()
                    aria-required=truth(agreement.required)
                    aria-describedby=error_id.clone()
                    aria-invalid=wrong(state, &name)
                />
                <label for=id>{text}</label>
            </div>
            {error(state, &name, error_id)}
        </div>
    }
}
