//! What was checked, as a visitor's browser sees it: a view for each language.

use std::{collections::BTreeMap, sync::Arc};

use latchkey_contract::{
    AgreementView, ChoiceView, FieldKind, FieldView, FunnelView, StepView, Texts, TrackingView, rules::Violation, texts::filled,
};
use sha2::{Digest, Sha256};

use super::{
    AffiliateRule, Language, Lookup, language,
    show_if::ShowIf,
    tables::{Agreement, Bound, Choice, Field, File, Isolation, Localised, Step},
    texts,
};
use crate::crm::{List, SignupForm};

const LONGEST_TEXT: usize = 100;
/// The longest address of RFC 5321, 4.5.3.1.3, less its angle brackets.
const LONGEST_EMAIL: usize = 254;
const LONGEST_PHONE: usize = 32;
const LONGEST_AREA: usize = 2_000;
const LONGEST_CODE: usize = 12;
const KEEP_DAYS: u32 = 30;
/// Options that one finds without searching.
const MOST_AT_A_GLANCE: usize = 12;

/// Who and what a view is of.
pub(super) struct Of<'a> {
    pub(super) id: &'a str,
    pub(super) version: &'a str,
    pub(super) variant: Option<&'a str>,
    pub(super) affiliate: &'a AffiliateRule,
    pub(super) theme: &'a Arc<str>,
    pub(super) form: &'a SignupForm,
    /// The lists that the CRM has.
    pub(super) lists: &'static [List],
}

/// A checked file, in one language.
pub(super) fn language(file: &File, of: &Of<'_>, locale: &str) -> Language {
    let mut texts = texts::built_in_for(file.action, locale);
    for (key, text) in &file.texts {
        if let Some(text) = text.in_locale(locale) {
            texts::reword(&mut texts, key, text);
        }
    }
    let lookups = lookups(file, of);
    let agreements: Vec<_> = file.agreements.iter().filter_map(|agreement| agreement_view(agreement, locale)).collect();
    let agreement_hashes = agreements
        .iter()
        .map(|agreement| hex::encode(Sha256::digest(format!("{}\n{}", agreement.text, agreement.url.as_deref().unwrap_or_default()))))
        .collect();
    let step = |step: &Step| StepView {
        id: step.id.clone().unwrap_or_default(),
        title: step.title.as_ref().and_then(|title| title.in_locale(locale)),
        show_if: step.show_if.as_ref().and_then(ShowIf::condition),
        fields: step.fields.own().iter().filter_map(|field| field_view(field, locale, &texts, of, &lookups)).collect(),
    };
    let mut steps: Vec<_> = file.steps.own().iter().map(step).collect();
    name_what_is_matched(&mut steps, &texts);
    let widget_texts = texts::for_widget(&texts, locale, &steps, file.bots.asks_captcha());
    let view = FunnelView {
        id: of.id.to_owned(),
        version: of.version.to_owned(),
        variant: of.variant.map(str::to_owned),
        framed: file.isolation == Isolation::Frame,
        locale: locale.to_owned(),
        rtl: language::is_right_to_left(locale),
        steps,
        agreements,
        tracking: TrackingView {
            keep_days: file.tracking.keep_days.unwrap_or(KEEP_DAYS),
            affiliate: matches!(of.affiliate, AffiliateRule::Any | AffiliateRule::OneOf(_)),
        },
        least_fill_ms: file.bots.least_fill_ms(),
        texts: widget_texts,
    };
    let finish_message = file.finish.message.as_ref().and_then(|message| message.in_locale(locale));
    Language { theme: of.theme.clone(), view: Arc::new(view), lookups, texts, finish_message, agreement_hashes }
}
fn agreement_view(agreement: &Agreement, locale: &str) -> Option<AgreementView> {
    Some(AgreementView {
        label: agreement.label.clone()?,
        text: agreement.text.as_ref()?.in_locale(locale)?,
        url: agreement.url.clone(),
        required: agreement.required,
    })
}

/// Which fields' options come from one of the CRM's lists.
fn lookups(file: &File, of: &Of<'_>) -> Vec<Lookup> {
    let fields: Vec<_> = file.steps.own().iter().flat_map(|step| step.fields.own()).collect();
    let lookup = |(index, field): (usize, &&Field)| {
        let name = field.name.clone()?;
        let known = of.form.field(&name);
        let list = list(field, of.form).filter(|list| of.lists.contains(list))?;
        // What the funnel lists itself is not asked for.
        let is_open = field.options.is_empty() && matches!(field.kind(known), FieldKind::Select | FieldKind::Country);
        let within = within(field, &fields[..index], of.form);
        (is_open && (list == List::Countries || within.is_some())).then_some(Lookup { field: name, list, within })
    };
    fields.iter().enumerate().filter_map(lookup).collect()
}

/// The CRM's list that a field's options come from.
fn list(field: &Field, form: &SignupForm) -> Option<List> {
    let known = field.name.as_deref().and_then(|name| form.field(name));
    field.list.or(known.and_then(|known| known.list)).or((field.kind(known) == FieldKind::Country).then_some(List::Countries))
}

/// The field that a field's list lies in: the one that it names, or the nearest before it that fits.
pub(super) fn within(field: &Field, before: &[&Field], form: &SignupForm) -> Option<String> {
    let outer = match list(field, form)? {
        List::Countries => return None,
        List::States => List::Countries,
        List::Cities => List::States,
    };
    let fits = |other: &&&Field| match &field.within {
        Some(name) => other.name.as_ref() == Some(name),
        None => list(other, form) == Some(outer),
    };
    before.iter().rev().find(fits).and_then(|other| other.name.clone())
}

fn field_view(field: &Field, locale: &str, texts: &Texts, of: &Of<'_>, lookups: &[Lookup]) -> Option<FieldView> {
    let name = field.name.clone()?;
    let known = of.form.field(&name);
    let kind = field.kind(known);
    let lookup = lookups.iter().find(|lookup| lookup.field == name);
    let localised = |text: &Option<Localised>| text.as_ref().and_then(|text| text.in_locale(locale));
    let label =
        localised(&field.label).or_else(|| texts.0.get(&format!("field.{}", meaning(&name))).cloned()).unwrap_or_else(|| name.clone());
    let options = field.options.iter().map(|choice| choice.view(kind, locale)).collect();
    Some(FieldView {
        autocomplete: autocomplete(&name, kind).map(str::to_owned),
        label,
        required: field.required,
        max_length: field.max_length.unwrap_or(longest(kind)),
        min_length: field.min_length.unwrap_or_default(),
        min: field.min.as_ref().map(Bound::text),
        max: field.max.as_ref().map(Bound::text),
        matches: field.matches.clone(),
        needs: field.needs.clone(),
        show_if: field.show_if.as_ref().and_then(ShowIf::condition),
        messages: field.messages.iter().filter_map(|(code, text)| Some((code.clone(), text.in_locale(locale)?))).collect(),
        min_age: field.min_age,
        help: localised(&field.help),
        placeholder: localised(&field.placeholder),
        default: field.default.clone(),
        from_url: field.from_url.clone(),
        search: field.search.unwrap_or(is_searched(kind, field.options.len(), lookup.is_some())),
        options,
        kind,
        lookup: lookup.is_some(),
        within: lookup.and_then(|lookup| lookup.within.clone()),
        read_only: field.read_only,
        documents: field.documents.clone(),
        channel: known.and_then(|known| known.channel),
        name,
    })
}

/// The longest value of a kind, where the field does not say.
pub(super) fn longest(kind: FieldKind) -> usize {
    match kind {
        FieldKind::Email => LONGEST_EMAIL,
        FieldKind::Tel => LONGEST_PHONE,
        FieldKind::Area | FieldKind::Several => LONGEST_AREA,
        FieldKind::Code => LONGEST_CODE,
        _ => LONGEST_TEXT,
    }
}

/// Whether there is more to choose from than one sees at once: what is looked up may be much.
fn is_searched(kind: FieldKind, options: usize, is_lookup: bool) -> bool {
    match kind {
        FieldKind::Country => options == 0 || options > MOST_AT_A_GLANCE,
        FieldKind::Select => is_lookup || options > MOST_AT_A_GLANCE,
        _ => false,
    }
}

/// What is said of a field that is not the same as another names that one, whose label its own view does not hold.
fn name_what_is_matched(steps: &mut [StepView], texts: &Texts) {
    let labels: BTreeMap<String, String> =
        steps.iter().flat_map(|step| &step.fields).map(|field| (field.name.clone(), field.label.clone())).collect();
    for field in steps.iter_mut().flat_map(|step| &mut step.fields) {
        let Some(other) = field.matches.as_ref().and_then(|name| labels.get(name)) else { continue };
        let code = Violation::Matches.code();
        let text = field.messages.get(code).map_or_else(|| texts.get("error.matches"), String::as_str);
        let message = filled(text, |name| if name == "other" { other.clone() } else { field.label.clone() });
        field.messages.insert(code.to_owned(), message);
    }
}

impl Choice {
    fn view(&self, kind: FieldKind, locale: &str) -> ChoiceView {
        match self {
            // A country's name is the browser's to know; any other value is its own label.
            Choice::Value(value) => ChoiceView { value: value.clone(), label: (kind != FieldKind::Country).then(|| value.clone()) },
            Choice::Labelled(labelled) => ChoiceView { value: labelled.value.clone(), label: labelled.label.in_locale(locale) },
        }
    }
}

/// What CRMs mean by their several names for the same thing: the name that our own label goes by.
fn meaning(name: &str) -> &str {
    let last = name.rsplit('.').next().unwrap_or(name).to_ascii_lowercase();
    match last.replace('_', "").as_str() {
        "email" => "email",
        "phone" | "phonenumber" | "mobilenumber" => "phone",
        "name" | "fullname" => "name",
        "firstname" => "firstName",
        "middlename" => "middleName",
        "lastname" => "lastName",
        "gender" => "gender",
        "dateofbirth" => "dateOfBirth",
        // The second is a vendor's own spelling.
        "nationality" | "natonalitycountrycode" => "nationality",
        "country" | "countrycode" => "billing.country",
        "region" | "state" => "billing.region",
        "city" => "billing.city",
        "postcode" | "postalcode" | "zipcode" | "zip" => "billing.postcode",
        "address" => "billing.address",
        _ => name,
    }
}

/// The HTML standard's autofill tokens.
fn autocomplete(name: &str, kind: FieldKind) -> Option<&'static str> {
    Some(match meaning(name) {
        "email" => "email",
        "phone" => "tel",
        "name" => "name",
        "firstName" => "given-name",
        "middleName" => "additional-name",
        "lastName" => "family-name",
        "gender" => "sex",
        "dateOfBirth" => "bday",
        "billing.country" => "country",
        "billing.region" => "address-level1",
        "billing.city" => "address-level2",
        "billing.postcode" => "postal-code",
        "billing.address" => "street-address",
        _ => match kind {
            FieldKind::Email => "email",
            FieldKind::Code => "one-time-code",
            FieldKind::Password => "new-password",
            _ => return None,
        },
    })
}
