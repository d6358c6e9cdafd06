//! What a visitor becomes: "AffiliateCreateCustomer" or, where the connection says so, "Create a new user"; and "Create a lead".
//!
//! The `refreshToken` of an answer opens the customer's session. It is not read: no step of a funnel needs it yet.

use latchkey_contract::FieldKind;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{
    super::{
        Action, FormField, List, NoLink, Outcome, Registered, Registration, Rest, SignupForm, Trouble, ValueKind, answer::Answer,
        password::PASSWORD, row, words,
    },
    Create, Trading,
    access::{Key, needs},
    lenient::Flag,
    operations::Op,
    refusal,
};

/// "skipOnboardingSteps", and the steps of the operations about them.
pub(super) const STEPS: [&str; 8] = [
    "SignupDemoForm",
    "SignupRealForm",
    "CompleteAccountBeforeDepositForm",
    "CompleteAccountBeforeWithdrawalForm",
    "EmailConfirmation",
    "KYC",
    "PhoneConfirmation",
    "DisclaimerBeforeDeposit",
];

const PERSON: &[FormField] = &[
    FormField::text("firstname"),
    FormField::text("lastname"),
    FormField::new("email", FieldKind::Email),
    FormField::new("mobilenumber", FieldKind::Tel),
    FormField::new("country", FieldKind::Country).of_list(List::Countries),
    FormField::text("communicationLanguage"),
    FormField::new(PASSWORD, FieldKind::Password),
];

/// The document marks no member as required; nobody can be told from others, or log in, without an e-mail.
const PERSON_DEMANDS: &[&[&str]] = &[&["email"]];

/// Sub-ids, campaigns and click ids have no member; `source` is the one for where a visitor came from.
const TRACKING: &[(&str, &str)] = &[("sourceId", "source")];

/// "AffiliateCreateCustomer"
pub(super) const CUSTOMER: SignupForm = SignupForm {
    fields: PERSON,
    further: &[],
    demands: PERSON_DEMANDS,
    routing: &[("wtreferrer", ValueKind::Text), ("skipOnboardingSteps", ValueKind::SomeOf(&STEPS)), ("source", ValueKind::Text)],
    finish: &[("link", ValueKind::OneOf(&["redirectUrl", "depositUrl"]))],
    tracking: TRACKING,
    rest: Rest::Kept,
};

/// "Create a new user"
pub(super) const USER: SignupForm = SignupForm {
    routing: &[
        ("wtreferrer", ValueKind::Text),
        ("skipOnboardingSteps", ValueKind::SomeOf(&STEPS)),
        ("source", ValueKind::Text),
        ("wants_to_become_leader", ValueKind::Flag),
    ],
    // Its answer has no other.
    finish: &[("link", ValueKind::OneOf(&["redirectUrl"]))],
    fields: PERSON,
    further: &[],
    demands: PERSON_DEMANDS,
    tracking: TRACKING,
    rest: Rest::Kept,
};

/// "Create a lead". The document marks no member as required; a lead without a name and a way to reach them is none.
pub(super) const LEAD: SignupForm = SignupForm {
    fields: &[FormField::text("name"), FormField::new("email", FieldKind::Email), FormField::new("mobilenumber", FieldKind::Tel)],
    further: &[],
    demands: &[&["name"], &["email", "mobilenumber"]],
    routing: &[("source", ValueKind::Text)],
    finish: &[],
    tracking: TRACKING,
    rest: Rest::Kept,
};

/// The members of the answers that concern us.
#[derive(Deserialize)]
struct Created {
    id: Option<Value>,
    success: Option<Value>,
    #[serde(rename = "redirectUrl")]
    redirect_url: Option<Value>,
    #[serde(rename = "depositUrl")]
    deposit_url: Option<Value>,
}

impl Trading {
    /// The operation and the form of an action.
    pub(super) fn action(&self, action: Action) -> Option<(Op, &'static SignupForm)> {
        match (action, self.create) {
            (Action::Signup, Create::Customer) => Some((Op::AffiliateCreateCustomer, &CUSTOMER)),
            (Action::Signup, Create::User) => Some((Op::CreateUser, &USER)),
            (Action::Lead, _) => Some((Op::CreateLead, &LEAD)),
            (Action::Register, _) => None,
        }
    }

    pub(super) async fn hand_over(&self, registration: &Registration) -> Outcome {
        let Some((op, form)) = self.action(registration.action) else {
            return Outcome::Misconfigured(Trouble::new(format!("this CRM has no \"{}\"", registration.action.as_str())));
        };
        let credential = registration.credential.as_deref().unwrap_or(&self.credential);
        let Some(key) = Key::of(op.auth(), credential) else {
            return Outcome::Misconfigured(Trouble::new(format!("{} takes {}, and there is none", op.id(), needs(op.auth()))));
        };
        let answer = match self.send(self.call(op, &[]).json(&body(op, registration)), key).await {
            Ok(answer) => answer,
            Err(unsent) => return unsent.into(),
        };
        if !answer.status.is_success() {
            return words::unless_ours(refusal::outcome(&answer, form, &self.duplicate_when, key.name()), registration);
        }
        match op {
            Op::CreateLead => lead(&answer),
            _ => self.created(&answer, registration, form),
        }
    }

    fn created(&self, answer: &Answer, registration: &Registration, form: &SignupForm) -> Outcome {
        let status = answer.status.as_u16();
        let created: Created = match answer.json() {
            Ok(created) => created,
            Err(error) => return answer.garbled(&error),
        };
        let success = created.success.and_then(|success| Flag::try_from(success).ok()).map(|Flag(success)| success);
        if success == Some(false) {
            return match refusal::words(answer) {
                Some(said) => refusal::refused(answer, said, form, &self.duplicate_when),
                None => Outcome::Unknown(answer.trouble(format!("the CRM answers {status} without success"))),
            };
        }
        let id = created.id.as_ref().and_then(row::id);
        if id.is_none() && success.is_none() {
            return Outcome::Unknown(answer.trouble(format!("the CRM answers {status} with neither an id nor a success")));
        }
        let link = match registration.finish.get("link").and_then(Value::as_str) {
            Some("depositUrl") => created.deposit_url,
            _ => created.redirect_url,
        };
        Outcome::Registered(Registered { id, link: self.redirect_hosts.follow(link), status })
    }
}

/// The answer to "Create a lead" shows `"lead": { }`: what is in it may be missing, but it has to be there.
fn lead(answer: &Answer) -> Outcome {
    #[derive(Deserialize)]
    struct Created {
        lead: Map<String, Value>,
    }
    match answer.json::<Created>() {
        Ok(created) => Outcome::Registered(Registered {
            id: created.lead.get("id").and_then(row::id),
            link: Err(NoLink::NotOffered),
            status: answer.status.as_u16(),
        }),
        Err(error) => answer.garbled(&error),
    }
}

/// "Request Body schema" of the three operations. A password "will be auto-generated if not provided".
pub(super) fn body(op: Op, registration: &Registration) -> Value {
    let mut body: Map<String, Value> = registration.routing.clone();
    let given = registration.fields.iter().chain(&registration.tracking);
    body.extend(given.map(|(name, value)| (name.clone(), value.as_str().into())));
    if op == Op::CreateLead {
        return body.into();
    }
    // The document's example is "en": a language, without its region.
    let language = registration.locale.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    if !language.is_empty() {
        body.entry("communicationLanguage").or_insert_with(|| language.into());
    }
    // Whoever an affiliate's own credential creates is that affiliate's; otherwise the reference key says whose.
    let has_own = op == Op::AffiliateCreateCustomer && registration.credential.is_some();
    if let Some(affiliate) = registration.affiliate.as_ref().filter(|_| !has_own) {
        body.insert("wtreferrer".to_owned(), affiliate.as_str().into());
    }
    if op == Op::AffiliateCreateCustomer {
        body.insert("externalId".to_owned(), registration.id.to_string().into());
    }
    body.into()
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use uuid::Uuid;

    use super::*;

    fn registration(action: Action) -> Registration {
        Registration {
            id: Uuid::nil(),
            action,
            fields: [("email", "johndoe@gmail.com"), ("firstname", "John")].map(|(name, value)| (name.into(), value.into())).into(),
            routing: json!({"skipOnboardingSteps": ["KYC"], "wtreferrer": "0BaHeZI1Je", "source": "made-up"})
                .as_object()
                .cloned()
                .unwrap_or_default(),
            finish: Map::new(),
            tracking: [("source".to_owned(), "FB".to_owned())].into(),
            affiliate: None,
            buckets: Vec::new(),
            credential: None,
            agreements: Vec::new(),
            locale: "pt-BR".to_owned(),
        }
    }

    #[test]
    fn a_visitors_language_and_source_go_along() {
        let body = body(Op::AffiliateCreateCustomer, &registration(Action::Signup));
        assert_eq!((&body["communicationLanguage"], &body["source"]), (&json!("pt"), &json!("FB")));
        assert_eq!(body["externalId"], "00000000-0000-0000-0000-000000000000");
        assert!(body.get("password").is_none());
    }

    #[test]
    fn an_affiliate_is_named_unless_its_own_credential_does() {
        let mut registration = registration(Action::Signup);
        assert_eq!(body(Op::AffiliateCreateCustomer, &registration)["wtreferrer"], "0BaHeZI1Je", "the funnel's, for nobody's visitors");
        registration.affiliate = Some("ACME00001".to_owned());
        assert_eq!(body(Op::AffiliateCreateCustomer, &registration)["wtreferrer"], "ACME00001");
        registration.routing.remove("wtreferrer");
        registration.credential = Some(std::sync::Arc::default());
        assert_eq!(body(Op::AffiliateCreateCustomer, &registration).get("wtreferrer"), None);
        assert_eq!(body(Op::CreateUser, &registration)["wtreferrer"], "ACME00001", "which is sent without a credential");
        assert!(body(Op::CreateUser, &registration).get("externalId").is_none());
    }
}
