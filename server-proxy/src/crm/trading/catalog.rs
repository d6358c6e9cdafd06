//! "Get form attribute configurations for a specific step", "Get all onboarding step configurations", "Get all countries": what a
//! funnel can take from the CRM.

use std::collections::BTreeMap;

use async_trait::async_trait;
use latchkey_contract::FieldKind;
use latchkey_contract::countries;
use serde::Deserialize;

use super::{
    super::{Action, Catalog, CrmChoice, CrmField, CrmStep, List, Trouble, Unanswered},
    Trading,
    lenient::{Flag, Label, Text},
    onboarding::{FieldConfiguration, FormConfigurations, StepConfigurations},
    operations::Op,
};

/// The steps that are forms. A visitor's first is that of a real account.
const FORMS: [&str; 4] = ["SignupRealForm", "SignupDemoForm", "CompleteAccountBeforeDepositForm", "CompleteAccountBeforeWithdrawalForm"];
/// The stage whose steps a visitor goes through.
const SIGNUP: &str = "SignUp";

#[async_trait]
impl Catalog for Trading {
    fn forms(&self, action: Action) -> &'static [&'static str] {
        match action {
            Action::Signup => &FORMS,
            Action::Lead | Action::Register => &[],
        }
    }

    async fn fields(&self, form: &str) -> Result<Vec<CrmField>, Unanswered> {
        let answer = self.network.send(self.call(Op::GetFormConfigurations, &[("step", form)]).long()).await?;
        let read: FormConfigurations = answer.read()?;
        let mut fields: Vec<CrmField> = Vec::new();
        for configured in read.customer_field_configurations {
            let Some(field) = field(configured) else { continue };
            if fields.iter().all(|known| known.name != field.name) {
                fields.push(field);
            }
        }
        Ok(fields)
    }

    fn has_steps(&self) -> bool {
        true
    }

    async fn steps(&self) -> Result<Vec<CrmStep>, Unanswered> {
        let answer = self.network.send(self.call(Op::GetOnboardingStepConfigurations, &[]).long()).await?;
        let read: StepConfigurations = answer.read()?;
        let mut steps: Vec<CrmStep> = Vec::new();
        for configured in read.configurations {
            let (step, at_signup) = (configured.step.0, configured.stage.is_some_and(|Label(stage)| stage == SIGNUP));
            if at_signup && FORMS.contains(&step.as_str()) && steps.iter().all(|known| known.id != step) {
                steps.push(CrmStep { id: step.clone(), form: step });
            }
        }
        Ok(steps)
    }

    fn lists(&self) -> &'static [List] {
        &[List::Countries]
    }

    async fn list(&self, list: List, _within: Option<&str>) -> Result<Vec<CrmChoice>, Unanswered> {
        if list != List::Countries {
            return Err(Unanswered::Unsupported);
        }
        let answer = self.network.send(self.call(Op::GetCountries, &[]).long()).await?;
        let countries = answer.read::<Countries>()?.countries;
        let choices: Vec<_> = countries.iter().filter_map(choice).collect();
        if choices.is_empty() && !countries.is_empty() {
            return Err(Unanswered::Unreadable(Trouble::of(answer.status.as_u16(), "no country is served, or none has an ISO 3166 code")));
        }
        Ok(choices)
    }
}

/// The document shows no member of a country. "Update a country" takes its `id` and switches it on and off; a sign-up's example takes
/// "HR".
#[derive(Deserialize)]
struct Countries {
    countries: Vec<Country>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Country {
    code: Option<Text>,
    country_code: Option<Text>,
    alpha2: Option<Text>,
    id: Option<Text>,
    name: Option<Text>,
    enabled: Option<Flag>,
}

fn choice(country: &Country) -> Option<CrmChoice> {
    if country.enabled == Some(Flag(false)) {
        return None;
    }
    let codes = [&country.code, &country.country_code, &country.alpha2, &country.id];
    let value = codes.into_iter().flatten().map(|Text(code)| code.to_uppercase()).find(|code| countries::is_code(code))?;
    let labels = country.name.iter().map(|Text(name)| (String::new(), name.clone()));
    Some(CrmChoice { value, labels: labels.collect::<BTreeMap<_, _>>() })
}

/// An attribute as a field, under the name that a sign-up takes. A password is not asked for: the CRM makes one.
///
/// `editable` says what becomes of a value once it is there. A visitor has none yet, and the document has no default for one, so a field
/// is never read-only here.
fn field(configured: FieldConfiguration) -> Option<CrmField> {
    let given = configured.field.0;
    let plain: String = given.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
    let (name, kind) = match plain.as_str() {
        "firstname" => ("firstname", FieldKind::Text),
        "lastname" => ("lastname", FieldKind::Text),
        "email" => ("email", FieldKind::Email),
        "mobilenumber" | "phonenumber" | "mobile" | "phone" => ("mobilenumber", FieldKind::Tel),
        "country" | "countrycode" => ("country", FieldKind::Country),
        "communicationlanguage" | "language" => ("communicationLanguage", FieldKind::Text),
        "dateofbirth" | "birthdate" | "birthday" => (given.as_str(), FieldKind::Date),
        _ if plain.is_empty() || plain.contains("password") => return None,
        _ => (given.as_str(), FieldKind::Text),
    };
    let required = configured.required == Some(Flag(true));
    Some(CrmField { name: name.to_owned(), kind, required, ..CrmField::default() })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn attributes_get_the_names_that_a_sign_up_takes() {
        let named = |name: &str| {
            let configured = serde_json::from_value(json!({"field": name, "step": "SignupRealForm", "editable": false})).expect("a field");
            field(configured).map(|field| (field.name, field.kind))
        };
        let some = |name: &str, kind| Some((name.to_owned(), kind));
        assert_eq!(named("first_name"), some("firstname", FieldKind::Text));
        assert_eq!(named("mobileNumber"), some("mobilenumber", FieldKind::Tel));
        assert_eq!(named("country"), some("country", FieldKind::Country));
        assert_eq!(named("dateOfBirth"), some("dateOfBirth", FieldKind::Date));
        assert_eq!(named("address"), some("address", FieldKind::Text));
        assert_eq!(named("password"), None);
        assert_eq!(named("password_confirmation"), None);
    }

    #[test]
    fn a_country_has_its_iso_code_wherever_it_stands() {
        let value = |country| serde_json::from_value::<Country>(country).ok().as_ref().and_then(choice).map(|choice| choice.value);
        assert_eq!(value(json!({"id": "HR", "name": "Croatia", "enabled": true})).as_deref(), Some("HR"));
        assert_eq!(value(json!({"id": 54, "code": "hr"})).as_deref(), Some("HR"));
        assert_eq!(value(json!({"id": "HR", "enabled": false})), None);
        assert_eq!(value(json!({"id": "HRV"})), None);
    }
}
