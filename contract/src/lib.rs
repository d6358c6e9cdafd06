//! What the widgets and the proxy say to each other, and the rules that both of them check.
//!
//! Compiled twice: into the WebAssembly that a visitor downloads, and into the proxy. So there is no I/O here, no
//! clock, and nothing that is large in WebAssembly (no `regex`, `idna` or `url`). What needs such things is checked by
//! the proxy alone, on top of these rules: the browser may accept what the server refuses, never the reverse.
//!
//! The data's way: the proxy sends a [`FunnelView`] and a [`Visit`]; the widget answers with a [`SignupRequest`] and is
//! told a [`SignupAnswer`] or a [`Problem`].

mod code;
mod condition;
pub mod countries;
mod funnel;
pub mod partner;
mod phone;
mod problem;
pub mod rules;
mod signup;
pub mod texts;
pub mod tracking;

pub use code::{CodeAnswer, CodeRequest};
pub use condition::{Condition, Shown, shown};
pub use funnel::{
    AgreementView, Channel, ChoiceView, DocumentView, FieldKind, FieldView, FunnelView, Need, OptionsAnswer, StepView, TrackingView,
};
pub use phone::{PhoneAnswer, PhoneCountries, PhoneCountry};
pub use problem::{FieldError, Problem};
pub use signup::{Challenge, ChallengeKind, Next, SignupAnswer, SignupRequest, Status, Visit};
pub use texts::Texts;

/// The header that makes sending a signup again harmless.
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// The header that lets a page ask what became of its signup.
pub const SIGNUP_KEY: &str = "latchkey-signup-key";
/// The error's field when a challenge was not met; not an input.
pub const PROOF: &str = "proof";
/// The input that people do not see and simple bots fill in. No funnel may have a field of this name.
pub const HONEYPOT: &str = "website";

/// The input in which a form that is posted without a script carries what it is posted for; see the proxy's `http::hosted`.
pub const POSTED: &str = "latchkey";
/// The button that goes back a step, where there is no script.
pub const BACK: &str = "latchkey-back";

/// The button that asks for a code again, where there is no script; and the form that it belongs to, since it is not to be what the
/// enter key presses.
pub const AGAIN: &str = "latchkey-again";

/// The name of the n-th agreement's checkbox, counted from 1, on a page and in errors.
pub fn agreement_name(index: usize) -> String {
    let mut name = String::from("agreement-");
    name.push_str(&(index + 1).to_string());
    name
}
