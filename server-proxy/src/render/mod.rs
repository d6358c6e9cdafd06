//! The widgets' own components, rendered on the server: what a loader carries, and what a visitor without a script fills in.

mod tree;

use latchkey_contract::{ChoiceView, FieldKind, FunnelView, countries as contract};
use latchkey_widgets::signup::{
    Post,
    render::{self, Shown},
};

use crate::funnel::countries;
pub(crate) use tree::Node;

/// A funnel's form as it begins.
pub(crate) fn first(view: &FunnelView, post: Post) -> Node {
    form(view.clone(), Shown::default(), post)
}

/// A funnel's form. The fields' defaults are what the inputs hold.
pub(crate) fn form(mut view: FunnelView, shown: Shown, post: Post) -> Node {
    name_countries(&mut view);
    tree::parse(&render::html(view, shown, post))
}

/// As the widget does in a browser, which knows the countries' names itself.
fn name_countries(view: &mut FunnelView) {
    for field in view.steps.iter_mut().flat_map(|step| &mut step.fields) {
        if field.kind == FieldKind::Country && !field.lookup {
            let codes: Vec<&str> = match field.options.is_empty() {
                true => contract::codes().collect(),
                false => field.options.iter().filter(|option| option.label.is_none()).map(|option| option.value.as_str()).collect(),
            };
            let named = countries::named(codes, &view.locale);
            let named = named.into_iter().map(|(code, name)| ChoiceView { value: code.to_owned(), label: Some(name) });
            // What the funnel words itself stands first.
            field.options = field.options.iter().filter(|option| option.label.is_some()).cloned().chain(named).collect();
        }
    }
}
