//! What a page's step wants of the CRM before it is shown: the options of its lists, and its one-time codes.

use std::{collections::BTreeMap, time::Duration};

use latchkey_contract::{Channel, ChoiceView, CodeRequest, FieldError, FieldKind, FieldView, FunnelView};

use super::{Turn, state::Progress};
use crate::{
    funnel::{Funnel, Language, nearest},
    http::{App, codes},
};

/// How long a page waits for one list.
const LIST_PATIENCE: Duration = Duration::from_secs(3);

/// A field's name, what is said below it, and the button beside that.
pub(super) type Notes = Vec<(String, String, String)>;

/// Puts the options of the shown step's lists into the view.
pub(super) async fn lists(app: &App, funnel: &Funnel, language: &Language, progress: &Progress, view: &mut FunnelView) -> Notes {
    let mut notes = Notes::new();
    let labels: BTreeMap<String, String> = language.fields().map(|field| (field.name.clone(), field.label.clone())).collect();
    let Some(step) = view.steps.get_mut(progress.step) else { return notes };
    for field in step.fields.iter_mut().filter(|field| field.lookup) {
        let Some(lookup) = language.lookups.iter().find(|lookup| lookup.field == field.name) else { continue };
        let within = lookup.within.as_ref().map(|within| (within, progress.fields.get(within)));
        if let Some((within, None)) = within {
            let label = labels.get(within).map(String::as_str).unwrap_or_default();
            notes.push((field.name.clone(), language.texts.get("options.within").replace("{label}", label), String::new()));
            continue;
        }
        let within = within.and_then(|(_, value)| value).map(String::as_str);
        let asked = tokio::time::timeout(LIST_PATIENCE, app.lists.choices(&funnel.connection, lookup, within)).await;
        match asked {
            Ok(Ok(choices)) => {
                let locale = &language.view.locale;
                let option =
                    |choice: &crate::crm::CrmChoice| ChoiceView { value: choice.value.clone(), label: nearest(&choice.labels, locale) };
                field.options = choices.iter().map(option).collect();
                if choices.is_empty() {
                    notes.push((field.name.clone(), language.texts.get("options.empty").to_owned(), String::new()));
                }
            }
            // Asked for again with the next page.
            _ => notes.push((field.name.clone(), language.texts.get("options.failed").to_owned(), String::new())),
        }
    }
    notes
}

impl Turn<'_> {
    /// Has the codes of the shown step sent that were not sent there yet, and the one that is asked for again. What is wrong with what
    /// was filled in before comes back as errors.
    pub(super) async fn codes(&self, progress: &mut Progress, again: Option<&str>) -> Result<Notes, Vec<FieldError>> {
        let mut notes = Notes::new();
        let texts = &self.language.texts;
        let visible = self.visible(progress);
        let fields = self.language.view.steps.get(progress.step).map_or(&[][..], |step| &step.fields);
        for field in fields.iter().filter(|field| field.kind == FieldKind::Code && visible.has(&field.name)) {
            let button = texts.get("code.send").to_owned();
            let Some(to) = self.destination(progress, field) else { continue };
            let is_sent = progress.codes.get(&field.name) == Some(&to);
            if !is_sent || again == Some(&field.name) {
                match self.code(progress, field).await {
                    Ok(()) => {
                        progress.codes.insert(field.name.clone(), to.clone());
                    }
                    Err(errors) if !errors.is_empty() => return Err(errors),
                    Err(_) if is_sent => {}
                    Err(_) => {
                        notes.push((field.name.clone(), texts.get("code.failed").to_owned(), button));
                        continue;
                    }
                }
            }
            notes.push((field.name.clone(), texts.get("code.sent").replace("{to}", &format!("\u{2068}{to}\u{2069}")), button));
        }
        Ok(notes)
    }

    /// Fails with what is wrong with the fields; with nothing where it is not theirs to mend.
    async fn code(&self, progress: &Progress, field: &FieldView) -> Result<(), Vec<FieldError>> {
        self.app.intake.admit_own_code(self.caller.ip).map_err(|_| Vec::new())?;
        let before: Vec<&str> =
            self.language.fields().take_while(|other| other.name != field.name).map(|other| other.name.as_str()).collect();
        let visible = self.visible(progress);
        let is_asked = |name: &str| before.contains(&name) && visible.has(name);
        let request = CodeRequest {
            field: field.name.clone(),
            fields: progress.fields.iter().filter(|(name, _)| is_asked(name)).map(|(name, value)| (name.clone(), value.clone())).collect(),
            tracking: progress.tracking.clone(),
            version: Some(progress.version.clone()),
            variant: progress.variant.clone(),
            locale: Some(progress.locale.clone()),
            form_token: progress.form_token.clone(),
        };
        let body = serde_json::to_vec(&request).unwrap_or_default();
        let sent = codes::request(self.app, self.funnel, self.caller, self.headers, &body).await;
        sent.map(|_| ()).map_err(|refused| refused.into_parts().1)
    }

    /// The address or number that a code goes to.
    fn destination(&self, progress: &Progress, field: &FieldView) -> Option<String> {
        let kind = if field.channel == Some(Channel::Phone) { FieldKind::Tel } else { FieldKind::Email };
        let mut before = self.language.fields().take_while(|other| other.name != field.name);
        progress.fields.get(&before.find(|other| other.kind == kind)?.name).cloned()
    }
}
