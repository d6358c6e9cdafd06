//! What this CRM can be asked beside signing somebody up: which operation takes what, and how its answer is read.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{
    super::{Operation, Question, Trouble, Unanswered, answer::Answer, ask::serialised, client::Call},
    Trading, customers, figures,
    lenient::Flag,
    onboarding,
    operations::{Auth, Op},
    promotion,
};

const fn get(op: Op, about: &'static str, arguments: &'static [&'static str]) -> Operation {
    Operation { id: op.id(), about, arguments, changes: false }
}

const fn change(op: Op, about: &'static str, arguments: &'static [&'static str]) -> Operation {
    Operation { id: op.id(), about, arguments, changes: true }
}

pub(super) static OPERATIONS: &[Operation] = &[
    get(
        Op::AffiliateGetCustomers,
        "The affiliate's customers: a page, or with all=true every page",
        &["all", "limit", "offset", "orderBy", "search", "externalId", "updatedSince", "updatedTo", "sources"],
    ),
    get(Op::Show, "One of the affiliate's customers", &["id!"]),
    change(Op::AffiliateUpdateCustomer, "Sets the source or the notes of one of the affiliate's customers", &["id!", "source", "notes"]),
    get(Op::CountForExport, "How many customers the affiliate has", &[]),
    get(Op::ExportCSV, "The affiliate's customers as CSV", &[]),
    get(Op::GetAffiliateWalletAndTransactions, "The affiliate's wallet and its transactions", &[]),
    get(Op::GetSourcesFromReferredCustomers, "The sources of the affiliate's customers", &[]),
    get(Op::GetAffiliateDashboardData, "The affiliate's figures of this month and the last", &[]),
    get(Op::GetAffiliateEarnings, "What the affiliate has earned", &[]),
    get(Op::GetTotalBalance, "The affiliate's total balance", &[]),
    get(Op::GetDownlineStatistics, "The affiliates below the affiliate", &[]),
    get(
        Op::GetCommissionLedgerRecords,
        "The affiliate's commissions: a page, or with all=true every page",
        &["all", "limit", "offset", "order", "statuses"],
    ),
    get(
        Op::GetPayoutRequests,
        "The affiliate's payout requests: a page, or with all=true every page",
        &["all", "limit", "offset", "order", "statuses"],
    ),
    get(Op::GetPayoutRequest, "One of the affiliate's payout requests", &["id!"]),
    get(Op::CheckPendingPayoutRequest, "Whether one of the affiliate's payout requests is pending", &[]),
    change(Op::CreatePayoutRequest, "Asks for a payout, into one of the wallets of GetWallets", &["payoutWalletId!"]),
    get(Op::GetWallets, "The affiliate's wallets", &[]),
    change(Op::GenerateAffiliateKey, "Makes a new API key for the affiliate; the one before may stop working", &[]),
    change(Op::UpdateReferenceKey, "Sets the affiliate's reference key, which its links carry", &["refKey!"]),
    get(Op::GetAffiliateLandingPages, "The affiliate's landing pages", &[]),
    get(Op::GetActiveBanner, "The banner that is active now, if any", &[]),
    get(Op::GetBannerFile, "A banner's file", &["token!"]),
    get(Op::CheckGreyLabeling, "Whether the affiliate's grey label is enabled", &[]),
    get(Op::GetGreyLabelLogos, "The affiliate's grey-label logos", &[]),
    get(Op::GetReferrerLogos, "The logos of the affiliate's referrer, or of the one that is named", &["wtreferrer"]),
    get(Op::GetTargetGroups, "The affiliate's target groups", &[]),
    get(Op::CheckSignupCode, "Whether a sign-up code is somebody's", &["code!"]),
    get(Op::GetCountries, "The countries that the CRM knows", &[]),
    get(Op::GetCaptchaSiteKey, "The captcha's site key", &[]),
    get(Op::GetFormConfigurations, "The fields of a step's form", &["step!"]),
    get(Op::GetOnboardingStepConfigurations, "The onboarding steps and their stages", &[]),
    get(Op::GetOnboardingStages, "The onboarding stages", &[]),
    get(
        Op::GetPendingOnboardingSteps,
        "A customer's pending steps; session names the secret that holds their refresh token",
        &["session!", "stage!"],
    ),
    change(Op::SendMobileConfirmationCode, "Sends a customer the code that confirms their phone", &["session!"]),
    change(Op::VerifyMobileConfirmationCode, "Confirms a customer's phone by that code", &["session!", "confirmationToken!"]),
    change(Op::ResendConfirmationEmail, "Sends a customer the e-mail that confirms their address again", &["session!"]),
    get(Op::CheckEmailConfirmed, "Whether a customer's e-mail address is confirmed", &["session!"]),
];

/// The answer of what does something.
#[derive(Deserialize, Serialize)]
pub(super) struct Done {
    pub(super) success: Flag,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NoArguments {}

impl Done {
    pub(super) fn checked(self) -> Result<Value, Unanswered> {
        if self.success == Flag(true) { serialised(&self) } else { Err(Unanswered::Refused(Trouble::new("it answers without success"))) }
    }
}

impl Trading {
    pub(super) async fn answer(&self, question: &Question<'_>) -> Result<Value, Unanswered> {
        let op = Op::find(question.operation).ok_or(Unanswered::Unsupported)?;
        if op.auth() == Auth::Customer && question.affiliate.is_some() {
            return Err(Unanswered::Argument("it is the customer who is asked about, by the session: no affiliate is named".to_owned()));
        }
        match op {
            Op::AffiliateGetCustomers => self.customers(question).await,
            Op::Show => self.customer(question).await,
            Op::AffiliateUpdateCustomer => self.update_customer(question).await,
            Op::CountForExport => self.plain::<customers::Counted>(op, question).await,
            Op::ExportCSV => self.export(question).await,
            Op::GetAffiliateWalletAndTransactions => self.plain::<figures::WalletAndTransactions>(op, question).await,
            Op::GetSourcesFromReferredCustomers => self.plain::<customers::Sources>(op, question).await,
            Op::GetAffiliateDashboardData => self.plain::<figures::Dashboard>(op, question).await,
            Op::GetAffiliateEarnings => self.plain::<figures::Earnings>(op, question).await,
            Op::GetTotalBalance => self.plain::<figures::Balance>(op, question).await,
            Op::GetDownlineStatistics => self.plain::<figures::Downline>(op, question).await,
            Op::GetCommissionLedgerRecords => self.ledger(question).await,
            Op::GetPayoutRequests => self.payouts(question).await,
            Op::GetPayoutRequest => self.payout(question).await,
            Op::CheckPendingPayoutRequest => self.plain::<figures::Pending>(op, question).await,
            Op::CreatePayoutRequest => self.request_payout(question).await,
            Op::GetWallets => self.wallets(question).await,
            Op::GenerateAffiliateKey => self.plain::<promotion::AffiliateKey>(op, question).await,
            Op::UpdateReferenceKey => self.update_reference_key(question).await,
            Op::GetAffiliateLandingPages => self.plain::<promotion::LandingPages>(op, question).await,
            Op::GetActiveBanner => self.plain::<promotion::ActiveBanner>(op, question).await,
            Op::GetBannerFile => self.banner_file(question).await,
            Op::CheckGreyLabeling => self.plain::<promotion::Enabled>(op, question).await,
            Op::GetGreyLabelLogos => self.plain::<promotion::Logos>(op, question).await,
            Op::GetReferrerLogos => self.referrer_logos(question).await,
            Op::GetTargetGroups => self.plain::<promotion::TargetGroups>(op, question).await,
            Op::CheckSignupCode => self.check_code(question).await,
            Op::GetCountries => self.plain::<onboarding::AllCountries>(op, question).await,
            Op::GetCaptchaSiteKey => self.plain::<onboarding::SiteKey>(op, question).await,
            Op::GetFormConfigurations => self.form_configurations(question).await,
            Op::GetOnboardingStepConfigurations => self.plain::<onboarding::StepConfigurations>(op, question).await,
            Op::GetOnboardingStages => self.plain::<onboarding::Stages>(op, question).await,
            Op::GetPendingOnboardingSteps => self.pending_steps(question).await,
            Op::SendMobileConfirmationCode => self.send_mobile_code(question).await,
            Op::VerifyMobileConfirmationCode => self.verify_mobile_code(question).await,
            Op::ResendConfirmationEmail => self.resend_email(question).await,
            Op::CheckEmailConfirmed => self.email_confirmed(question).await,
            // What a sign-up and a session are made with.
            Op::CreateNewSession | Op::RequestAccessToken | Op::AffiliateCreateCustomer | Op::CreateLead | Op::CreateUser => {
                Err(Unanswered::Unsupported)
            }
        }
    }

    async fn plain<T: DeserializeOwned + Serialize>(&self, op: Op, question: &Question<'_>) -> Result<Value, Unanswered> {
        serialised(&self.read_plain::<T>(op, question).await?)
    }

    /// Makes a call for whoever asks, and reads its success.
    pub(super) async fn read<T: DeserializeOwned>(&self, op: Op, question: &Question<'_>, call: Call) -> Result<T, Unanswered> {
        let key = self.key(op, question.affiliate)?;
        self.send(call, key).await?.read()
    }

    /// The same for what is no JSON.
    pub(super) async fn whole(&self, op: Op, question: &Question<'_>, call: Call) -> Result<Answer, Unanswered> {
        let key = self.key(op, question.affiliate)?;
        let answer = self.send(call, key).await?;
        if answer.status.is_success() { Ok(answer) } else { Err(answer.unanswered()) }
    }
}

/// An argument that has to be there.
pub(super) fn demand<T>(name: &str, value: Option<T>) -> Result<T, Unanswered> {
    value.ok_or_else(|| Unanswered::Argument(format!("missing field `{name}`")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_that_no_funnel_uses_can_be_asked_for() {
        let unasked = ["CreateNewSession", "RequestAccessToken", "AffiliateCreateCustomer", "CreateLead", "CreateUser"];
        for op in Op::ALL {
            let asked = OPERATIONS.iter().filter(|known| known.id == op.id()).count();
            assert_eq!(asked, usize::from(!unasked.contains(&op.id())), "{op:?}");
        }
    }
}
