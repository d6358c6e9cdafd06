//! What is shown when (`show_if`): that it can be told from what was filled in before, and what follows for fields that need others.

use latchkey_contract::{Condition, FieldKind, countries};

use super::{
    super::{
        show_if::{ShowIf, Wanted},
        tables::{Field, Step},
    },
    Reader,
};
use crate::crm::SignupForm;

/// A marketer who needs more has lost the thread.
const DEEPEST: usize = 8;

/// A field in its place: fields are told apart by what stands before them.
pub(super) struct Placed<'a> {
    pub(super) field: &'a Field,
    pub(super) kind: FieldKind,
    step: usize,
    step_shown: Option<&'a ShowIf>,
}

/// Every field of these steps, in order.
pub(super) fn placed<'a>(steps: &'a [Step], form: &SignupForm) -> Vec<Placed<'a>> {
    let mut placed = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        placed.extend(step.fields.own().iter().map(|field| Placed {
            field,
            kind: field.kind(field.name.as_deref().and_then(|name| form.field(name))),
            step: index,
            step_shown: step.show_if.as_ref(),
        }));
    }
    placed
}

impl Placed<'_> {
    pub(super) fn name(&self) -> &str {
        self.field.name.as_deref().unwrap_or_default()
    }

    /// Whether there are visitors who do not see it.
    pub(super) fn is_conditional(&self) -> bool {
        self.step_shown.is_some() || self.field.show_if.is_some()
    }

    /// Whether whoever is shown this is shown the other one too, as far as it can be known without trying every answer.
    fn is_shown_with(&self, other: &Placed<'_>) -> bool {
        let same_step = other.step_shown.is_none() || other.step == self.step || other.step_shown == self.step_shown;
        let same_field = other.field.show_if.is_none() || other.field.show_if == self.field.show_if;
        let asks = |show_if: Option<&ShowIf>| show_if.and_then(ShowIf::condition).is_some_and(|condition| is_of(&condition, other.name()));
        (same_step && same_field) || asks(self.step_shown) || asks(self.field.show_if.as_ref())
    }
}

/// Whether the condition holds only where that field is shown.
fn is_of(condition: &Condition, name: &str) -> bool {
    match condition {
        Condition::Is { field, .. } | Condition::Present(field) => field == name,
        Condition::And(all) => all.iter().any(|condition| is_of(condition, name)),
        Condition::Or(any) => !any.is_empty() && any.iter().all(|condition| is_of(condition, name)),
        Condition::Not(_) => false,
    }
}

impl Reader<'_> {
    pub(super) fn conditions(&mut self, steps: &[Step], placed: &[Placed<'_>]) {
        for (index, step) in steps.iter().enumerate() {
            if let Some(show_if) = &step.show_if {
                let count = placed.iter().filter(|placed| placed.step < index).count();
                self.condition(&format!("steps[{index}].show_if"), show_if, placed, count, 0);
            }
        }
        for (index, field) in placed.iter().enumerate() {
            if let Some(show_if) = &field.field.show_if {
                self.condition(&format!("steps.{}.show_if", field.name()), show_if, placed, index, 0);
            }
        }
    }

    /// `before`: how many of the fields stand before what is shown or not.
    fn condition(&mut self, at: &str, show_if: &ShowIf, placed: &[Placed<'_>], before: usize, depth: usize) {
        if depth > DEEPEST {
            return self.problems.add(at, format!("goes deeper than {DEEPEST} levels"));
        }
        for (name, list) in [("and", &show_if.and), ("or", &show_if.or)] {
            for (index, inner) in list.iter().flatten().enumerate() {
                self.condition(&format!("{at}.{name}[{index}]"), inner, placed, before, depth + 1);
            }
        }
        if let Some(inner) = &show_if.not {
            self.condition(&format!("{at}.not"), inner, placed, before, depth + 1);
        }
        let is_empty = |list: &Option<Vec<ShowIf>>| list.as_ref().is_some_and(Vec::is_empty);
        let is_nested = show_if.and.is_some() || show_if.or.is_some() || show_if.not.is_some();
        if is_empty(&show_if.and) || is_empty(&show_if.or) || show_if.one_of.as_ref().is_some_and(Vec::is_empty) {
            self.problems.add(at, "is an empty list, which says nothing");
        } else if !is_nested && show_if.condition().is_none() || is_nested && show_if.forms() > 1 {
            self.problems.add(
                at,
                "is written as { field = …, equals = … }, { field = …, one_of = […] }, { field = …, present = true }, { and = […] }, \
                 { or = […] } or { not = { … } }",
            );
        }
        let Some(name) = &show_if.field else { return };
        let Some(position) = placed.iter().position(|placed| placed.name() == name) else {
            return self.problems.add(at, format!("names \"{name}\", which is no field of this funnel"));
        };
        if position >= before {
            return self.problems.add(at, format!("names \"{name}\", which does not stand before it"));
        }
        self.wanted(at, show_if, &placed[position]);
    }

    /// A value that can never be chosen would hide something from everybody.
    fn wanted(&mut self, at: &str, show_if: &ShowIf, of: &Placed<'_>) {
        if matches!(of.kind, FieldKind::Password | FieldKind::Code) {
            return self.problems.add(at, "nothing can depend on a password or a code");
        }
        let options: Vec<&str> = of.field.options.iter().map(|choice| choice.value()).collect();
        for wanted in show_if.equals.iter().chain(show_if.one_of.iter().flatten()).map(Wanted::text).filter(|wanted| !wanted.is_empty()) {
            let can_be = match of.kind {
                FieldKind::Checkbox => wanted == "true",
                FieldKind::Country if options.is_empty() => countries::is_code(&wanted),
                kind if Field::has_options(kind) && !options.is_empty() => options.contains(&wanted.as_str()),
                _ => true,
            };
            if !can_be {
                self.problems.add(at, format!("\"{}\" never holds \"{wanted}\"", of.name()));
            }
        }
    }

    /// A field that is nothing without another one is not shown without it.
    pub(super) fn needs(&mut self, field: &Placed<'_>, other: Option<&Placed<'_>>) {
        if let Some(other) = other.filter(|other| !field.is_shown_with(other)) {
            let reason = format!("it may be shown without \"{}\", which it needs: give both the same show_if", other.name());
            self.problems.warn(format!("steps.{}", field.name()), reason);
        }
    }

    /// A repeated field repeats one of its kind that stands before it.
    pub(super) fn matches(&mut self, placed: &[Placed<'_>]) {
        for (index, field) in placed.iter().enumerate() {
            let Some(name) = field.field.matches.as_deref() else { continue };
            let at = format!("steps.{}.matches", field.name());
            match placed[..index].iter().find(|placed| placed.name() == name) {
                None => self.problems.add(at, format!("names \"{name}\", which is no field that stands before it")),
                Some(other) if other.kind != field.kind => {
                    let kind = format!("{:?}", other.kind).to_lowercase();
                    self.problems.add(at, format!("\"{name}\" is of kind \"{kind}\": this one has to be, too"));
                }
                Some(other) if other.field.matches.is_some() => self.problems.add(at, format!("\"{name}\" repeats another field itself")),
                Some(other) => self.needs(field, Some(other)),
            }
        }
    }
}
