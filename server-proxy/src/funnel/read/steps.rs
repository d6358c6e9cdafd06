//! A funnel's steps and fields: that they are whole, that they are what the CRM takes, and that what it demands is asked for.

use std::collections::BTreeSet;

use latchkey_contract::{FieldKind, HONEYPOT, rules::Violation};

use super::{
    super::{
        expand::Wants,
        tables::{Field, File},
        view,
    },
    LONGEST, Reader, channel_kind,
    conditions::{Placed, placed},
    list, lists, usual_form,
};
use crate::crm::{Catalog, Crm, List, SignupForm};

impl Reader<'_> {
    /// What the funnel wants of its CRM, as far as the CRM has it.
    pub(super) fn wants(&mut self, file: &File, crm: Option<&dyn Crm>) -> Wants {
        let Some(crm) = crm else { return Wants::default() };
        let forms = crm.catalog().map(|catalog| catalog.forms(file.action)).unwrap_or_default();
        if file.steps.is_crm() && !crm.catalog().is_some_and(Catalog::has_steps) {
            self.problems.add("steps", "this CRM has no steps to take them from");
        }
        for (index, _) in file.steps.own().iter().enumerate().filter(|(_, step)| step.form.is_some() && !step.fields.is_crm()) {
            self.problems.add(format!("steps[{index}].form"), "is for fields = \"crm\"");
        }
        for (index, step) in file.steps.own().iter().enumerate().filter(|(_, step)| step.fields.is_crm()) {
            match step.form.as_deref() {
                _ if forms.is_empty() => {
                    self.problems.add(format!("steps[{index}].fields"), "this CRM has no forms to take them from, for this action")
                }
                Some(form) if !crm.catalog().is_some_and(|catalog| catalog.has_form(file.action, form)) => {
                    self.problems.add(format!("steps[{index}].form"), format!("the CRM has no form \"{form}\"; it has {}", list(forms)))
                }
                _ => {}
            }
        }
        Wants::of(file, usual_form(crm, file.action))
    }

    /// `is_whole`: whether what the CRM is to say has been said.
    pub(super) fn steps(&mut self, file: &File, form: Option<&SignupForm>, crm: Option<&dyn Crm>, is_whole: bool) {
        let steps = file.steps.own();
        if steps.is_empty() && is_whole {
            self.problems.add("steps", "is missing: a funnel has a step with fields");
        }
        let (mut ids, mut names) = (BTreeSet::new(), BTreeSet::new());
        for (index, step) in steps.iter().enumerate() {
            let at = format!("steps[{index}]");
            let id = self.problems.required(&format!("{at}.id"), step.id.as_ref());
            if id.is_some_and(|id| !ids.insert(id)) {
                self.problems.add(format!("{at}.id"), "stands twice");
            }
            self.localised(&format!("{at}.title"), step.title.as_ref());
            if step.fields.own().is_empty() && !step.fields.is_crm() {
                self.problems.add(format!("{at}.fields"), "is missing: a step has fields");
            }
            for (index, field) in step.fields.own().iter().enumerate() {
                self.field(&format!("{at}.fields[{index}]"), field, form, &mut names);
            }
        }
        if is_whole && let Some(form) = form {
            let placed = placed(steps, form);
            self.conditions(steps, &placed);
            self.demands(file, form, &placed);
            self.matches(&placed);
            self.lookups(&placed, form, crm);
            self.codes(&placed, form);
        }
    }

    fn demands(&mut self, file: &File, form: &SignupForm, placed: &[Placed<'_>]) {
        for names in form.demands {
            if names.iter().any(|name| file.routing.contains_key(*name)) {
                continue;
            }
            if let Some(name) = names.iter().find(|name| form.sets(name)) {
                self.problems.add(format!("routing.{name}"), "is missing: the CRM demands it");
                continue;
            }
            let asked: Vec<_> = placed.iter().filter(|placed| names.contains(&placed.name()) && placed.field.matches.is_none()).collect();
            let required: Vec<_> = asked.iter().filter(|placed| placed.field.required).collect();
            let names = names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(" or ");
            if asked.is_empty() {
                self.problems.add("steps", format!("the CRM demands {names}, and no field asks for it"));
            } else if required.is_empty() {
                self.problems.add("steps", format!("the CRM demands {names}: its field needs required = true"));
            } else if required.iter().all(|placed| placed.is_conditional()) {
                // Each of several may be shown where the others are not.
                match required.as_slice() {
                    [_] => self
                        .problems
                        .add("steps", format!("the CRM demands {names}: its field has to be shown to everybody, without show_if")),
                    _ => {
                        self.problems.warn("steps", format!("the CRM demands {names}: whoever is shown none of them cannot be registered"))
                    }
                }
            }
        }
    }

    /// A field whose options come from one of the CRM's lists needs the CRM to have it, and the field that it lies within.
    fn lookups(&mut self, placed: &[Placed<'_>], form: &SignupForm, crm: Option<&dyn Crm>) {
        let fields: Vec<_> = placed.iter().map(|placed| placed.field).collect();
        for (index, field) in fields.iter().enumerate() {
            let name = field.name.as_deref().unwrap_or_default();
            // What the funnel lists itself, and what is typed, is not looked up.
            let known = form.field(name);
            let is_open = field.options.is_empty() && field.kind(known) == FieldKind::Select;
            let Some(list) = field.list.or(known.and_then(|known| known.list).filter(|_| is_open)) else { continue };
            if list != List::Countries && !lists(crm).contains(&list) {
                self.problems.add(format!("steps.{name}.list"), format!("this CRM has no list of {}", list.as_str()));
            }
            if list == List::Countries {
                continue;
            }
            match view::within(field, &fields[..index], form) {
                None => self
                    .problems
                    .add(format!("steps.{name}.within"), format!("names no field before this one that {} lie in", list.as_str())),
                Some(within) => self.needs(&placed[index], placed.iter().find(|placed| placed.name() == within)),
            }
        }
    }

    /// A code is sent to what was filled in before it.
    fn codes(&mut self, placed: &[Placed<'_>], form: &SignupForm) {
        for (index, code) in placed.iter().enumerate() {
            let name = code.name();
            let Some(channel) = form.field(name).and_then(|known| known.channel) else { continue };
            let kind = channel_kind(channel);
            let is_address = |before: &&Placed<'_>| before.kind == kind && (before.field.required || !code.field.required);
            match placed[..index].iter().find(is_address) {
                Some(address) => self.needs(code, Some(address)),
                None => {
                    let kind = format!("{kind:?}").to_lowercase();
                    self.problems.add(
                        format!("steps.{name}"),
                        format!("is sent to a field of kind \"{kind}\": one has to stand before it, and be required if the code is"),
                    );
                }
            }
        }
    }

    fn field(&mut self, at: &str, field: &Field, form: Option<&SignupForm>, names: &mut BTreeSet<String>) {
        let key = |name: &str| format!("{at}.{name}");
        let Some(name) = self.problems.required(&key("name"), field.name.as_deref()) else { return };
        if name == HONEYPOT {
            self.problems.add(key("name"), format!("\"{HONEYPOT}\" is the trap for bots, which people do not see"));
        } else if let Some(form) = form.filter(|form| field.matches.is_none() && !form.takes(name)) {
            let hint = if form.sets(name) {
                "only the server sets it, in [routing]".to_owned()
            } else {
                format!("it has {}", list(&form.fields.iter().map(|field| field.name).collect::<Vec<_>>()))
            };
            self.problems.add(key("name"), format!("the CRM has no visitor's field \"{name}\": {hint}"));
        }
        if !names.insert(name.to_owned()) {
            self.problems.add(key("name"), format!("\"{name}\" stands twice"));
        }
        for (member, text) in [("label", &field.label), ("help", &field.help), ("placeholder", &field.placeholder)] {
            self.localised(&key(member), text.as_ref());
        }
        for (code, text) in &field.messages {
            let at = key(&format!("messages.{code}"));
            if !Violation::ALL.iter().any(|violation| violation.code() == code) {
                let known: Vec<_> = Violation::ALL.iter().map(|violation| violation.code()).collect();
                self.problems.add(at.clone(), format!("is nothing that can be wrong; there is {}", list(&known)));
            }
            self.localised(&at, Some(text));
        }
        if field.max_length.is_some_and(|length| !(1..=LONGEST).contains(&length)) {
            self.problems.add(key("max_length"), format!("is not between 1 and {LONGEST}"));
        }
        let known = form.and_then(|form| form.field(name));
        let kind = field.kind(known);
        // Without its CRM's form, what a field is by its name is not known: that form's mistake is reported, and is enough.
        if form.is_some() || field.kind.is_some() {
            self.of_kind(at, field, kind, known);
        }
    }
}
