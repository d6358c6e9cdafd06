//! A funnel's steps and fields: that they are whole, that they are what the CRM takes, and that what it demands is asked for.

use std::collections::BTreeSet;

use latchkey_contract::{FieldKind, HONEYPOT, countries, rules};

use super::{
    super::{
        expand::Wants,
        tables::{Choice, Field, File, Step},
        view,
    },
    LONGEST, Reader, channel_kind, list, lists, usual_form,
};
use crate::crm::{Catalog, Crm, FormField, List, SignupForm};

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
            self.demands(file, form);
            self.lookups(steps, form, crm);
            self.codes(steps, form);
        }
    }

    fn demands(&mut self, file: &File, form: &SignupForm) {
        for names in form.demands {
            if names.iter().any(|name| file.routing.contains_key(*name)) {
                continue;
            }
            if let Some(name) = names.iter().find(|name| form.sets(name)) {
                self.problems.add(format!("routing.{name}"), "is missing: the CRM demands it");
                continue;
            }
            let asked: Vec<_> = file
                .steps
                .own()
                .iter()
                .flat_map(|step| step.fields.own())
                .filter(|field| field.name.as_deref().is_some_and(|name| names.contains(&name)))
                .collect();
            let names = names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(" or ");
            if asked.is_empty() {
                self.problems.add("steps", format!("the CRM demands {names}, and no field asks for it"));
            } else if !asked.iter().any(|field| field.required) {
                self.problems.add("steps", format!("the CRM demands {names}: its field needs required = true"));
            }
        }
    }

    /// A field whose options come from one of the CRM's lists needs the CRM to have it, and the field that it lies within.
    fn lookups(&mut self, steps: &[Step], form: &SignupForm, crm: Option<&dyn Crm>) {
        let fields: Vec<_> = steps.iter().flat_map(|step| step.fields.own()).collect();
        for (index, field) in fields.iter().enumerate() {
            let name = field.name.as_deref().unwrap_or_default();
            // What the funnel lists itself, and what is typed, is not looked up.
            let known = form.field(name);
            let is_open = field.options.is_empty() && field.kind(known) == FieldKind::Select;
            let Some(list) = field.list.or(known.and_then(|known| known.list).filter(|_| is_open)) else { continue };
            if list != List::Countries && !lists(crm).contains(&list) {
                self.problems.add(format!("steps.{name}.list"), format!("this CRM has no list of {}", list.as_str()));
            }
            if list != List::Countries && view::within(field, &fields[..index], form).is_none() {
                self.problems.add(format!("steps.{name}.within"), format!("names no field before this one that {} lie in", list.as_str()));
            }
        }
    }

    /// A code is sent to what was filled in before it.
    fn codes(&mut self, steps: &[Step], form: &SignupForm) {
        let fields: Vec<_> = steps.iter().flat_map(|step| step.fields.own()).collect();
        for (index, field) in fields.iter().enumerate() {
            let name = field.name.as_deref().unwrap_or_default();
            let kind_of = |field: &Field| field.kind(field.name.as_deref().and_then(|name| form.field(name)));
            let Some(channel) = form.field(name).and_then(|known| known.channel) else { continue };
            let kind = channel_kind(channel);
            if !fields[..index].iter().any(|before| kind_of(before) == kind && (before.required || !field.required)) {
                let kind = format!("{kind:?}").to_lowercase();
                self.problems.add(
                    format!("steps.{name}"),
                    format!("is sent to a field of kind \"{kind}\": one has to stand before it, and be required if the code is"),
                );
            }
        }
    }

    fn field(&mut self, at: &str, field: &Field, form: Option<&SignupForm>, names: &mut BTreeSet<String>) {
        let key = |name: &str| format!("{at}.{name}");
        let Some(name) = self.problems.required(&key("name"), field.name.as_deref()) else { return };
        if name == HONEYPOT {
            self.problems.add(key("name"), format!("\"{HONEYPOT}\" is the trap for bots, which people do not see"));
        } else if let Some(form) = form.filter(|form| !form.takes(name)) {
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

    fn of_kind(&mut self, at: &str, field: &Field, kind: FieldKind, known: Option<&FormField>) {
        let key = |name: &str| format!("{at}.{name}");
        let name = field.name.as_deref().unwrap_or_default();
        if let Some(fixed) = Field::fixed_kind(known).filter(|fixed| *fixed != kind) {
            self.problems.add(key("kind"), format!("\"{name}\" is of kind {}", format!("{fixed:?}").to_lowercase()));
        }
        let from_list = field.list.is_some() || known.is_some_and(|known| known.list.is_some());
        if kind == FieldKind::Code && known.and_then(|known| known.channel).is_none() {
            self.problems.add(key("kind"), "the CRM takes no code here");
        }
        if field.read_only && field.default.is_none() {
            self.problems.add(key("read_only"), "a field that nobody can fill in needs a default");
        }
        if kind == FieldKind::Select && field.options.is_empty() && !from_list {
            self.problems.add(key("options"), "is missing: a field of kind \"select\" has options");
        }
        if !matches!(kind, FieldKind::Select | FieldKind::Country) && !field.options.is_empty() {
            self.problems.add(key("options"), "only a field of kind \"select\" or \"country\" has options");
        }
        if kind != FieldKind::Date && field.min_age.is_some() {
            self.problems.add(key("min_age"), "only a field of kind \"date\" has a least age");
        }
        for (index, choice) in field.options.iter().enumerate() {
            let at = format!("{at}.options[{index}]");
            let value = match choice {
                Choice::Value(value) => value,
                Choice::Labelled(labelled) => {
                    self.localised(&format!("{at}.label"), Some(&labelled.label));
                    &labelled.value
                }
            };
            if value.is_empty() || value.chars().any(rules::is_forbidden) {
                self.problems.add(at.clone(), "is empty, or has a control character");
            }
            if kind == FieldKind::Country && !countries::is_code(value) {
                self.problems.add(at, format!("\"{value}\" is no ISO 3166-1 alpha-2 code, such as \"DE\""));
            }
        }
    }
}
