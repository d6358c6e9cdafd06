//! What was checked, as a visitor's browser sees it: a view for each language.

use std::sync::Arc;

use latchkey_contract::{AgreementView, ChoiceView, FieldKind, FieldView, FunnelView, StepView, Texts, TrackingView};
use sha2::{Digest, Sha256};

use super::{
    AffiliateRule, Language, language,
    tables::{Agreement, Choice, Field, File, Localised, Step},
};

const LONGEST_TEXT: usize = 100;
/// The longest address of RFC 5321, 4.5.3.1.3, less its angle brackets.
const LONGEST_EMAIL: usize = 254;
const LONGEST_PHONE: usize = 32;
const LONGEST_AREA: usize = 2_000;
const LONGEST_CODE: usize = 12;
const KEEP_DAYS: u32 = 30;

/// Who and what a view is of.
pub(super) struct Identity<'a> {
    pub(super) id: &'a str,
    pub(super) version: &'a str,
    pub(super) affiliate: &'a AffiliateRule,
}

/// A checked file, in one language.
pub(super) fn language(file: &File, of: &Identity<'_>, locale: &str) -> Language {
    let mut texts = language::built_in(locale).clone();
    texts.0.extend(file.texts.iter().filter_map(|(key, text)| Some((key.clone(), text.in_locale(locale)?))));
    let agreements: Vec<_> = file.agreements.iter().filter_map(|agreement| agreement_view(agreement, locale)).collect();
    let agreement_hashes = agreements
        .iter()
        .map(|agreement| hex::encode(Sha256::digest(format!("{}\n{}", agreement.text, agreement.url.as_deref().unwrap_or_default()))))
        .collect();
    let step = |step: &Step| StepView {
        id: step.id.clone().unwrap_or_default(),
        title: step.title.as_ref().and_then(|title| title.in_locale(locale)),
        fields: step.fields.iter().filter_map(|field| field_view(field, locale, &texts)).collect(),
    };
    let steps: Vec<_> = file.steps.iter().map(step).collect();
    let widget_texts = language::for_widget(&texts, &steps);
    let view = FunnelView {
        id: of.id.to_owned(),
        version: of.version.to_owned(),
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
    Language { view: Arc::new(view), texts, finish_message, agreement_hashes }
}
fn agreement_view(agreement: &Agreement, locale: &str) -> Option<AgreementView> {
    Some(AgreementView {
        label: agreement.label.clone()?,
        text: agreement.text.as_ref()?.in_locale(locale)?,
        url: agreement.url.clone(),
        required: agreement.required,
    })
}

fn field_view(field: &Field, locale: &str, texts: &Texts) -> Option<FieldView> {
    let name = field.name.clone()?;
    let kind = field.kind();
    let localised = |text: &Option<Localised>| text.as_ref().and_then(|text| text.in_locale(locale));
    let label = localised(&field.label).or_else(|| texts.0.get(&format!("field.{name}")).cloned()).unwrap_or_else(|| name.clone());
    let options = field.options.iter().map(|choice| choice.view(kind, locale)).collect();
    Some(FieldView {
        autocomplete: autocomplete(&name, kind).map(str::to_owned),
        label,
        required: field.required,
        max_length: field.max_length.unwrap_or(match kind {
            FieldKind::Email => LONGEST_EMAIL,
            FieldKind::Tel => LONGEST_PHONE,
            FieldKind::Area => LONGEST_AREA,
            FieldKind::Code => LONGEST_CODE,
            _ => LONGEST_TEXT,
        }),
        min_age: field.min_age,
        help: localised(&field.help),
        placeholder: localised(&field.placeholder),
        default: field.default.clone(),
        from_url: field.from_url.clone(),
        options,
        name,
        kind,
        ..FieldView::default()
    })
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

/// The HTML standard's autofill tokens.
fn autocomplete(name: &str, kind: FieldKind) -> Option<&'static str> {
    Some(match name {
        "email" => "email",
        "phone" => "tel",
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
        _ if kind == FieldKind::Email => "email",
        _ => return None,
    })
}
