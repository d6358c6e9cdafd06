//! Steps and fields that a funnel takes from its CRM: which it wants, and its file with them filled in.

use std::collections::{BTreeMap, BTreeSet};

use latchkey_contract::{DocumentView, FieldKind};
use serde::{Deserialize, Serialize};

use super::tables::{Choice, Field, File, LabelledChoice, Localised, OrCrm, Override, Step};
use crate::crm::{Catalog, CrmChoice, CrmField, CrmStep, List, SignupForm, Trouble, Unanswered};

/// What a funnel wants of its CRM.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Wants {
    connection: String,
    steps: bool,
    forms: Vec<String>,
}

/// What its CRM gave to a funnel, and for what.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Given {
    pub(super) wanted: Wants,
    #[serde(default)]
    steps: Vec<CrmStep>,
    #[serde(default)]
    forms: BTreeMap<String, Vec<CrmField>>,
}

impl Wants {
    /// `usual` is the form of a step that names none.
    pub(super) fn of(file: &File, usual: Option<&str>) -> Wants {
        let steps = file.steps.own().iter().filter(|step| step.fields.is_crm());
        let forms = steps.filter_map(|step| step.form.as_deref().or(usual)).map(str::to_owned).collect();
        let connection = file.connection.clone().unwrap_or_default();
        Wants { connection, steps: file.steps.is_crm(), forms }
    }

    /// What both want.
    pub(super) fn and(mut self, other: Wants) -> Wants {
        self.steps |= other.steps;
        let new = other.forms.into_iter().filter(|form| !self.forms.contains(form)).collect::<Vec<_>>();
        self.forms.extend(new);
        self
    }

    pub(super) fn is_empty(&self) -> bool {
        !self.steps && self.forms.is_empty()
    }

    /// Asks the CRM for all of it.
    pub(super) async fn fetch(&self, catalog: &dyn Catalog) -> Result<Given, Unanswered> {
        let steps = if self.steps { catalog.steps().await? } else { Vec::new() };
        let mut forms = BTreeMap::new();
        for form in self.forms.iter().chain(steps.iter().map(|step| &step.form)) {
            if !forms.contains_key(form) {
                let fields = catalog.fields(form).await?;
                // A step would be gone from one moment to the next: more likely the CRM is not well.
                if fields.is_empty() && self.forms.contains(form) {
                    return Err(Unanswered::Unreadable(Trouble::new(format!("the form \"{form}\" has no fields"))));
                }
                forms.insert(form.clone(), fields);
            }
        }
        Ok(Given { wanted: self.clone(), steps, forms })
    }
}

/// Fills in what the CRM gave, for one that has these lists. What is left out or changed, and what the file says in vain, is told.
pub(super) fn expand(
    file: &mut File,
    given: &Given,
    form: &SignupForm,
    locales: &[String],
    usual: Option<&str>,
    lists: &[List],
) -> Vec<String> {
    let mut told = Vec::new();
    if file.steps.is_crm() {
        let step = |step: &CrmStep| Step {
            id: Some(step.id.clone()),
            title: file.titles.get(&step.id).cloned(),
            show_if: None,
            fields: OrCrm::Crm,
            form: Some(step.form.clone()),
        };
        file.steps = OrCrm::Own(given.steps.iter().map(step).collect());
    }
    let unknown_title = |title: &&String| !given.steps.iter().any(|step| step.id == **title);
    told.extend(file.titles.keys().filter(unknown_title).map(|title| format!("[titles] names \"{title}\", which is no step of the CRM's")));
    let unknown_field = |name: &&String| !given.forms.values().flatten().any(|field| field.name == **name);
    told.extend(
        file.r#override.keys().filter(unknown_field).map(|name| format!("[override.{name}] is of no field that the CRM's forms have")),
    );

    let OrCrm::Own(steps) = &mut file.steps else { return told };
    let own = steps.iter().flat_map(|step| step.fields.own()).filter_map(|field| field.name.clone());
    // Forms of one CRM overlap: what one step asks for, no later one asks for again.
    let mut asked: BTreeSet<String> = own.collect();
    let mut listed: Vec<List> = Vec::new();
    for step in steps.iter_mut().filter(|step| step.fields.is_crm()) {
        let fields = step.form.as_deref().or(usual).and_then(|form| given.forms.get(form));
        let mut own = Vec::new();
        for field in fields.into_iter().flatten() {
            let said = file.r#override.get(&field.name);
            if said.is_some_and(|said| said.omit) {
                continue;
            }
            if !form.takes(&field.name) {
                told.push(format!("the CRM's form has \"{}\", which it does not take with this action: left out", field.name));
            } else if asked.insert(field.name.clone()) {
                let demanded = form.demands.iter().any(|names| *names == [field.name.as_str()]);
                let field = mended(with(field, demanded, said, locales), form, &listed, lists, &mut told);
                listed.extend(field.list.or((field.kind == Some(FieldKind::Country)).then_some(List::Countries)));
                own.push(field);
            }
        }
        step.fields = OrCrm::Own(own);
    }
    // A form may be empty once what cannot be sent is gone; a step without a field is none.
    steps.retain(|step| !step.fields.own().is_empty());
    told
}

/// One odd field of the CRM's does not take the whole form away: it is shown in the way that works.
fn mended(mut field: Field, form: &SignupForm, listed: &[List], lists: &[List], told: &mut Vec<String>) -> Field {
    let name = field.name.clone().unwrap_or_default();
    if let Some(fixed) = Field::fixed_kind(form.field(&name)) {
        field.kind = Some(fixed);
    }
    let outer = match field.list {
        Some(List::States) => Some(List::Countries),
        Some(List::Cities) => Some(List::States),
        Some(List::Countries) | None => None,
    };
    let has_list = field.list.is_none_or(|list| list == List::Countries || lists.contains(&list));
    if !has_list || outer.is_some_and(|outer| !listed.contains(&outer)) {
        told.push(format!("there is no list for \"{name}\" to choose from: it is typed"));
        (field.list, field.kind) = (None, Some(FieldKind::Text));
    }
    let is_chosen = matches!(field.kind, Some(FieldKind::Select | FieldKind::Radio | FieldKind::Several));
    if is_chosen && field.options.is_empty() && field.list.is_none() {
        told.push(format!("the CRM's form gives \"{name}\" nothing to choose from: it is typed"));
        field.kind = Some(FieldKind::Text);
    }
    if field.kind == Some(FieldKind::Several) && field.options.iter().any(|choice| choice.value().contains(',')) {
        told.push(format!("an option of \"{name}\" holds a comma, which stands between several: one can be chosen"));
        field.kind = Some(FieldKind::Select);
    }
    if !field.kind.is_some_and(Field::has_options) {
        field.options.clear();
    }
    if field.read_only && field.default.is_none() {
        told.push(format!("the CRM's form lets nobody fill in \"{name}\" and says nothing of what it holds: it can be filled in"));
        field.read_only = false;
    }
    field
}

fn with(field: &CrmField, demanded: bool, said: Option<&Override>, locales: &[String]) -> Field {
    let nothing = Override::default();
    let said = said.unwrap_or(&nothing);
    let documents = field.documents.iter().map(|document| DocumentView {
        label: document.label.clone().unwrap_or_else(|| file_name(&document.url)),
        url: document.url.clone(),
    });
    let options = || field.options.iter().map(|choice| choice_of(choice, locales)).collect();
    Field {
        name: Some(field.name.clone()),
        kind: said.kind.or(Some(field.kind)),
        label: said.label.clone().or_else(|| localised(&field.labels, locales)),
        help: said.help.clone(),
        placeholder: said.placeholder.clone(),
        required: said.required.unwrap_or(field.required) || demanded,
        max_length: said.max_length,
        min_length: said.min_length,
        min: said.min.clone(),
        max: said.max.clone(),
        min_age: said.min_age,
        default: said.default.clone().or_else(|| field.default.clone()),
        from_url: said.from_url.clone(),
        options: said.options.clone().unwrap_or_else(options),
        read_only: said.read_only.unwrap_or(field.read_only),
        // What the funnel lists itself, or lets be typed, is not looked up.
        list: field.list.filter(|_| said.options.is_none() && said.kind.is_none_or(|kind| kind == field.kind)),
        within: None,
        search: said.search,
        show_if: said.show_if.clone(),
        messages: said.messages.clone(),
        documents: documents.collect(),
        ..Field::default()
    }
}

/// `terms.pdf` of an address that a CRM gives no label for; the whole of it where it names no file.
fn file_name(address: &str) -> String {
    let url = url::Url::parse(address).ok();
    let last = url.as_ref().and_then(|url| url.path_segments()?.next_back()).filter(|last| !last.is_empty());
    last.map_or_else(|| address.to_owned(), |last| percent_encoding::percent_decode_str(last).decode_utf8_lossy().into_owned())
}

fn choice_of(choice: &CrmChoice, locales: &[String]) -> Choice {
    match localised(&choice.labels, locales) {
        Some(label) => Choice::Labelled(LabelledChoice { value: choice.value.clone(), label }),
        None => Choice::Value(choice.value.clone()),
    }
}

/// The CRM's text in each of the funnel's languages, or what comes nearest.
pub(super) fn localised(texts: &BTreeMap<String, String>, locales: &[String]) -> Option<Localised> {
    let each = locales.iter().map(|locale| Some((locale.clone(), nearest(texts, locale)?))).collect::<Option<_>>()?;
    Some(Localised::Each(each))
}

/// The text in that language, whatever its region; else the one for all, English, or any.
pub(crate) fn nearest(texts: &BTreeMap<String, String>, locale: &str) -> Option<String> {
    let language = |tag: &str| tag.split(['-', '_']).next().unwrap_or(tag).to_ascii_lowercase();
    let exact = texts.iter().find(|(tag, _)| tag.eq_ignore_ascii_case(locale));
    let same = || texts.iter().find(|(tag, _)| language(tag) == language(locale));
    let all = || texts.iter().find(|(tag, _)| tag.is_empty());
    let english = || texts.iter().find(|(tag, _)| language(tag) == "en");
    exact.or_else(same).or_else(all).or_else(english).or_else(|| texts.iter().next()).map(|(_, text)| text.clone())
}
