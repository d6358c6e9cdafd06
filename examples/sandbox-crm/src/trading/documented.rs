//! The lists of values that the document gives, and its one error body.

use axum::http::StatusCode;
use serde_json::json;

use crate::answer::Answer;

/// "Create a new user", `skipOnboardingSteps`, and "Get form attribute configurations for a specific step", `step`.
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

/// "Get pending onboarding steps for the authenticated user for a specific stage", `stage`.
pub(super) const STAGES: [&str; 4] = ["SignUp", "BeforeSignIn", "BeforeDeposit", "BeforeWithdrawal"];

/// "Get payout requests" and "Get commission ledger records", `order`.
pub(super) const ORDERS: [&str; 2] = ["ASC", "DESC"];

/// "Get commission ledger records", `statuses`.
pub(super) const LEDGER_STATUSES: [&str; 2] = ["PENDING", "PAIDOUT"];

/// "Get payout requests" gives its `statuses` no values. These are ours, from the dates that a request has (`approvedAt`,
/// `rejectedAt`).
pub(super) const PAYOUT_STATUSES: [&str; 3] = ["PENDING", "APPROVED", "REJECTED"];

/// "Request access token", `grant_type`.
pub(super) const GRANT_TYPES: [&str; 2] = ["authorization_code", "refresh_token"];

/// "Export transactions to an XLSX file", `type`.
pub(super) const TRANSACTION_TYPES: [&str; 10] = [
    "CORRECTION",
    "BONUS",
    "DEPOSIT",
    "WITHDRAWAL",
    "DEPOSIT_BONUS",
    "AFFILIATE_TRANSFER",
    "FEE",
    "COINS_EXCHANGE",
    "WALLET_TRANSFER",
    "COMMISSION_PAYOUT",
];

/// How many "Get orders" returns where no `limit` is given ("default is 10"); of other lists the document says nothing.
pub(super) const DEFAULT_LIMIT: usize = 10;

pub(super) fn error(status: StatusCode, error: &str) -> Answer {
    Answer::json(status, json!({ "error": error }))
}
