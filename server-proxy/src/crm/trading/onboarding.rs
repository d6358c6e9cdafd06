//! "Forms", "Onboarding Step Configuration", "Countries" and "Settings" as they are; and what a customer's own session opens: pending
//! steps, and the confirmation of phone and e-mail.

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    super::{Question, Unanswered, ask::serialised, client::Call},
    Trading,
    access::Key,
    ask::{Done, NoArguments},
    lenient::{Flag, Label, Loose, Text},
    operations::Op,
    signup::STEPS,
};
use crate::config::secret;

/// "Get pending onboarding steps for the authenticated user for a specific stage"
const STAGES: [&str; 4] = ["SignUp", "BeforeSignIn", "BeforeDeposit", "BeforeWithdrawal"];

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FormConfigurations {
    pub(super) customer_field_configurations: Vec<FieldConfiguration>,
}

#[derive(Deserialize, Serialize)]
pub(super) struct FieldConfiguration {
    pub(super) field: Text,
    step: Option<Label>,
    pub(super) required: Option<Flag>,
    editable: Option<Flag>,
}

#[derive(Deserialize, Serialize)]
pub(super) struct StepConfigurations {
    pub(super) configurations: Vec<StepConfiguration>,
}

/// The document shows no member; these are what "Update onboarding step configuration" takes.
#[derive(Deserialize, Serialize)]
pub(super) struct StepConfiguration {
    pub(super) step: Label,
    pub(super) stage: Option<Label>,
}

#[derive(Deserialize, Serialize)]
pub(super) struct Stages {
    stages: Vec<Label>,
}

/// As the CRM has them; what a funnel takes of them, `catalog` says.
#[derive(Deserialize, Serialize)]
pub(super) struct AllCountries {
    countries: Vec<Loose>,
}

/// "Get the CAPTCHA site key": public by its nature.
#[derive(Deserialize, Serialize)]
pub(super) struct SiteKey {
    value: Text,
}

#[derive(Deserialize, Serialize)]
struct PendingSteps {
    steps: Vec<Label>,
}

#[derive(Deserialize, Serialize)]
struct Resent {
    success: Flag,
    email: Option<Text>,
}

#[derive(Deserialize, Serialize)]
struct Confirmed {
    confirmed: Flag,
}

/// The customer's refresh token, as a reference to a secret.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfCustomer {
    session: String,
}

impl Trading {
    /// "Get form attribute configurations for a specific step"
    pub(super) async fn form_configurations(&self, question: &Question<'_>) -> Result<Value, Unanswered> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Wish {
            step: String,
        }
        let wish: Wish = question.arguments.read()?;
        one_of("step", &wish.step, &STEPS)?;
        let call = self.call(Op::GetFormConfigurations, &[("step", &wish.step)]).long();
        serialised(&self.read::<FormConfigurations>(Op::GetFormConfigurations, question, call).await?)
    }

    /// "Get pending onboarding steps for the authenticated user for a specific stage"
    pub(super) async fn pending_steps(&self, question: &Question<'_>) -> Result<Value, Unanswered> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Wish {
            session: String,
            stage: String,
        }
        let wish: Wish = question.arguments.read()?;
        one_of("stage", &wish.stage, &STAGES)?;
        let call = self.call(Op::GetPendingOnboardingSteps, &[("stage", &wish.stage)]);
        serialised(&self.as_customer::<PendingSteps>(&wish.session, call).await?)
    }

    /// "Send mobile confirmation code"
    pub(super) async fn send_mobile_code(&self, question: &Question<'_>) -> Result<Value, Unanswered> {
        let wish: OfCustomer = question.arguments.read()?;
        self.as_customer::<Done>(&wish.session, self.call(Op::SendMobileConfirmationCode, &[])).await?.checked()
    }

    /// "Verify mobile confirmation code"
    pub(super) async fn verify_mobile_code(&self, question: &Question<'_>) -> Result<Value, Unanswered> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        struct Wish {
            session: String,
            confirmation_token: Text,
        }
        let wish: Wish = question.arguments.read()?;
        let body = json!({ "confirmationToken": wish.confirmation_token });
        let call = self.call(Op::VerifyMobileConfirmationCode, &[]).json(&body);
        self.as_customer::<Done>(&wish.session, call).await?.checked()
    }

    /// "Resend confirmation email"
    pub(super) async fn resend_email(&self, question: &Question<'_>) -> Result<Value, Unanswered> {
        let wish: OfCustomer = question.arguments.read()?;
        let resent: Resent = self.as_customer(&wish.session, self.call(Op::ResendConfirmationEmail, &[])).await?;
        Done { success: resent.success }.checked()?;
        serialised(&resent)
    }

    /// "Check if user's email is confirmed"
    pub(super) async fn email_confirmed(&self, question: &Question<'_>) -> Result<Value, Unanswered> {
        let wish: OfCustomer = question.arguments.read()?;
        serialised(&self.as_customer::<Confirmed>(&wish.session, self.call(Op::CheckEmailConfirmed, &[])).await?)
    }

    /// Makes a call in the session that a customer's refresh token opens.
    async fn as_customer<T: serde::de::DeserializeOwned>(&self, session: &str, call: Call) -> Result<T, Unanswered> {
        let refresh_token: SecretString =
            secret::fetch_header(session).map_err(|error| Unanswered::Argument(format!("session: {error}")))?;
        let token = self.customer_session(&refresh_token).await?;
        self.send(call, Key::Bearer(&token)).await?.read()
    }

    /// An operation that takes nothing.
    pub(super) async fn read_plain<T: serde::de::DeserializeOwned>(&self, op: Op, question: &Question<'_>) -> Result<T, Unanswered> {
        let NoArguments {} = question.arguments.read()?;
        self.read(op, question, self.call(op, &[]).long()).await
    }
}

fn one_of(name: &str, value: &str, known: &[&str]) -> Result<(), Unanswered> {
    if known.contains(&value) { Ok(()) } else { Err(Unanswered::Argument(format!("{name}: is none of {}", known.join(", ")))) }
}
