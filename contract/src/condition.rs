//! When a step or a field is shown (`show_if`), and what that makes of a form: the widget and the proxy see the same.

use serde::{Deserialize, Serialize};

use crate::{FieldKind, FieldView, StepView};

/// What has to hold. Of a field that is not shown itself, or comes later, nothing holds but `Not`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Condition {
    /// The field holds one of these values; one that takes several, at least one of these.
    #[serde(rename_all = "camelCase")]
    Is {
        field: String,
        one_of: Vec<String>,
    },
    /// The field of that name is not empty.
    Present(String),
    And(Vec<Condition>),
    Or(Vec<Condition>),
    Not(Box<Condition>),
}

/// What a visitor is shown, given what they have filled in so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// One flag a step.
    pub steps: Vec<bool>,
    /// Names of the fields on those steps that are shown. What is `hidden` by its kind is among them: it is sent.
    pub fields: Vec<String>,
}

impl Shown {
    pub fn has(&self, field: &str) -> bool {
        self.fields.iter().any(|name| name == field)
    }

    /// The first step after that one which is shown; from the beginning with `None`.
    pub fn next(&self, step: Option<usize>) -> Option<usize> {
        let from = step.map_or(0, |step| step + 1);
        (from..self.steps.len()).find(|index| self.steps[*index])
    }

    /// The last step before that one which is shown; of all, with `usize::MAX`.
    pub fn previous(&self, step: usize) -> Option<usize> {
        (0..step.min(self.steps.len())).rev().find(|index| self.steps[*index])
    }
}

/// `value` tells what a field holds, normalised. It is asked for fields that are shown alone.
pub fn shown(steps: &[StepView], value: &dyn Fn(&FieldView) -> String) -> Shown {
    let mut shown = Shown::default();
    let mut given: Vec<Given> = Vec::new();
    for step in steps {
        let has_step = step.show_if.as_ref().is_none_or(|condition| holds(condition, &given));
        shown.steps.push(has_step);
        for field in step.fields.iter().filter(|_| has_step) {
            if field.show_if.as_ref().is_none_or(|condition| holds(condition, &given)) {
                shown.fields.push(field.name.clone());
                given.push(Given { name: field.name.clone(), several: field.kind == FieldKind::Several, value: value(field) });
            }
        }
    }
    shown
}

/// What a field holds that is shown.
struct Given {
    name: String,
    several: bool,
    value: String,
}

impl Given {
    fn is(&self, wanted: &str) -> bool {
        if self.several { self.value.split(',').any(|one| one == wanted) } else { self.value == wanted }
    }
}

fn holds(condition: &Condition, given: &[Given]) -> bool {
    let find = |name: &str| given.iter().find(|given| given.name == name);
    match condition {
        Condition::Is { field, one_of } => find(field).is_some_and(|given| one_of.iter().any(|wanted| given.is(wanted))),
        Condition::Present(field) => find(field).is_some_and(|given| !given.value.is_empty()),
        Condition::And(all) => all.iter().all(|condition| holds(condition, given)),
        Condition::Or(any) => any.iter().any(|condition| holds(condition, given)),
        Condition::Not(condition) => !holds(condition, given),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(name: &str, show_if: Option<Condition>) -> FieldView {
        FieldView { name: name.to_owned(), show_if, ..FieldView::default() }
    }

    fn step(show_if: Option<Condition>, fields: Vec<FieldView>) -> StepView {
        StepView { id: String::new(), title: None, show_if, fields }
    }

    fn is(field: &str, one_of: &[&str]) -> Condition {
        Condition::Is { field: field.to_owned(), one_of: one_of.iter().map(|value| (*value).to_owned()).collect() }
    }

    fn form() -> [StepView; 3] {
        [
            step(None, vec![field("country", None), field("state", Some(is("country", &["US", "CA"])))]),
            step(Some(Condition::Present("state".to_owned())), vec![field("tax", None)]),
            step(None, vec![field("reason", Some(Condition::Not(Box::new(Condition::Present("tax".to_owned())))))]),
        ]
    }

    fn with<'a>(values: &'a [(&'a str, &'a str)]) -> impl Fn(&FieldView) -> String + 'a {
        |field| values.iter().find(|(name, _)| *name == field.name).map(|(_, value)| (*value).to_owned()).unwrap_or_default()
    }

    #[test]
    fn what_is_not_shown_holds_nothing() {
        let values = [("country", "DE"), ("state", "CA-QC"), ("tax", "1")];
        let found = shown(&form(), &with(&values));
        assert_eq!(found.fields, ["country", "reason"], "the state was chosen for another country");
        assert_eq!(found.steps, [true, false, true]);
        assert_eq!((found.next(None), found.next(Some(0)), found.next(Some(2))), (Some(0), Some(2), None));
        assert_eq!((found.previous(2), found.previous(0), found.previous(usize::MAX)), (Some(0), None, Some(2)));
    }

    #[test]
    fn a_branch_opens_as_it_is_filled_in() {
        let values = [("country", "CA"), ("state", "CA-QC"), ("tax", "1")];
        let found = shown(&form(), &with(&values));
        assert_eq!(found.fields, ["country", "state", "tax"]);
        assert_eq!(found.steps, [true, true, true]);
    }

    #[test]
    fn several_and_combinations() {
        let mut topics = field("topics", None);
        topics.kind = FieldKind::Several;
        let both = Condition::And(vec![is("topics", &["gold"]), Condition::Or(vec![is("topics", &["oil"]), is("topics", &["gas"])])]);
        let form = [step(None, vec![topics, field("depth", Some(both))])];
        assert!(shown(&form, &with(&[("topics", "gas,gold")])).has("depth"));
        assert!(!shown(&form, &with(&[("topics", "gold,silver")])).has("depth"));
        let text = [step(None, vec![field("topics", None), field("depth", Some(is("topics", &["gold"])))])];
        assert!(!shown(&text, &with(&[("topics", "gas,gold")])).has("depth"), "a text with a comma is one value");
    }
}
