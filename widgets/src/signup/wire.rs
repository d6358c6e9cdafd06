//! The contract's types as they come over the wire, in the form that their serde attributes describe.

use js_sys::Array;
use latchkey_contract::{
    AgreementView, Challenge, ChallengeKind, Channel, ChoiceView, CodeAnswer, CodeRequest, Condition, DocumentView, FieldError, FieldKind,
    FieldView, FunnelView, Need, Next, OptionsAnswer, Problem, SignupAnswer, SignupRequest, Status, StepView, Texts, TrackingView, Visit,
};
use wasm_bindgen::JsValue;

use super::api::Phone;
use crate::browser::json::{self, Json};

pub(super) fn view(json: &Json) -> Option<FunnelView> {
    let tracking = json.member("tracking");
    Some(FunnelView {
        id: json.text("id")?,
        version: text(json, "version"),
        variant: json.text("variant"),
        locale: json.text("locale")?,
        rtl: json.truth("rtl"),
        framed: json.truth("framed"),
        steps: json.list("steps", step),
        agreements: json.list("agreements", agreement),
        tracking: TrackingView {
            keep_days: tracking.number("keepDays").unwrap_or_default() as u32,
            affiliate: tracking.truth("affiliate"),
        },
        least_fill_ms: json.number("leastFillMs").unwrap_or_default() as u32,
        texts: Texts(json.texts("texts")),
    })
}

fn step(json: &Json) -> StepView {
    StepView { id: text(json, "id"), title: json.text("title"), show_if: show_if(json), fields: json.list("fields", field) }
}

fn field(json: &Json) -> FieldView {
    FieldView {
        name: text(json, "name"),
        kind: kind(&text(json, "kind")),
        label: text(json, "label"),
        required: json.truth("required"),
        max_length: json.number("maxLength").map_or(usize::MAX, |length| length as usize),
        min_length: json.number("minLength").unwrap_or_default() as usize,
        min: json.text("min"),
        max: json.text("max"),
        matches: json.text("matches"),
        needs: json.words("needs").iter().filter_map(|need| self::need(need)).collect(),
        show_if: show_if(json),
        messages: json.texts("messages"),
        min_age: json.number("minAge").map(|age| age as u8),
        help: json.text("help"),
        placeholder: json.text("placeholder"),
        default: json.text("default"),
        from_url: json.text("fromUrl"),
        autocomplete: json.text("autocomplete"),
        options: json.list("options", choice),
        search: json.truth("search"),
        lookup: json.truth("lookup"),
        within: json.text("within"),
        read_only: json.truth("readOnly"),
        documents: json.list("documents", |document| DocumentView { label: text(document, "label"), url: text(document, "url") }),
        channel: json.text("channel").map(|channel| if channel == "phone" { Channel::Phone } else { Channel::Email }),
    }
}

fn need(name: &str) -> Option<Need> {
    Some(match name {
        "upper" => Need::Upper,
        "lower" => Need::Lower,
        "digit" => Need::Digit,
        "special" => Need::Special,
        _ => return None,
    })
}

fn show_if(json: &Json) -> Option<Condition> {
    condition(&json.member("showIf"))
}

/// `None` for what is none, or of a kind that this widget does not know.
fn condition(json: &Json) -> Option<Condition> {
    let all = |name| json.list(name, condition).into_iter().collect::<Option<Vec<_>>>();
    if json.has("is") {
        let is = json.member("is");
        Some(Condition::Is { field: text(&is, "field"), one_of: is.words("oneOf") })
    } else if json.has("and") {
        all("and").map(Condition::And)
    } else if json.has("or") {
        all("or").map(Condition::Or)
    } else if json.has("not") {
        condition(&json.member("not")).map(|condition| Condition::Not(Box::new(condition)))
    } else {
        json.text("present").map(Condition::Present)
    }
}

fn choice(json: &Json) -> ChoiceView {
    ChoiceView { value: text(json, "value"), label: json.text("label") }
}

pub(super) fn options(json: &Json) -> Option<OptionsAnswer> {
    Some(OptionsAnswer { options: json.list("options", choice) })
}

pub(super) fn code(json: &Json) -> Option<CodeAnswer> {
    Some(CodeAnswer { resend_after_seconds: json.number("resendAfterSeconds")? as u32 })
}

pub(super) fn phone(json: &Json) -> Option<Phone> {
    Some(Phone {
        valid: json.truth("valid"),
        e164: json.text("e164"),
        national: text(json, "national"),
        country: json.text("country"),
        message: json.text("message"),
    })
}

fn kind(name: &str) -> FieldKind {
    match name {
        "email" => FieldKind::Email,
        "tel" => FieldKind::Tel,
        "area" => FieldKind::Area,
        "date" => FieldKind::Date,
        "number" => FieldKind::Number,
        "checkbox" => FieldKind::Checkbox,
        "code" => FieldKind::Code,
        "select" => FieldKind::Select,
        "radio" => FieldKind::Radio,
        "several" => FieldKind::Several,
        "password" => FieldKind::Password,
        "hidden" => FieldKind::Hidden,
        "country" => FieldKind::Country,
        _ => FieldKind::Text,
    }
}

fn agreement(json: &Json) -> AgreementView {
    AgreementView { label: text(json, "label"), text: text(json, "text"), url: json.text("url"), required: json.truth("required") }
}

pub(super) fn visit(json: &Json) -> Option<Visit> {
    Some(Visit {
        form_token: json.text("formToken")?,
        expires_at: text(json, "expiresAt"),
        country: json.text("country"),
        variant: json.text("variant"),
        challenge: challenge(&json.member("challenge")),
    })
}

fn challenge(json: &Json) -> Option<Challenge> {
    let kind = if json.text("kind")? == "work" { ChallengeKind::Work } else { ChallengeKind::Captcha };
    Some(Challenge { kind, url: text(json, "url") })
}

pub(super) fn answer(json: &Json) -> Option<SignupAnswer> {
    let status = match json.text("status")?.as_str() {
        "registered" => Status::Registered,
        "rejected" => Status::Rejected,
        _ => Status::Accepted,
    };
    Some(SignupAnswer { id: json.text("id"), status, next: next(json), key: json.text("key"), errors: json.list("errors", error) })
}

pub(super) fn problem(json: &Json) -> Problem {
    Problem {
        kind: text(json, "type"),
        title: text(json, "title"),
        status: json.number("status").unwrap_or_default() as u16,
        detail: json.text("detail"),
        errors: json.list("errors", error),
        next: next(json),
    }
}

fn next(json: &Json) -> Option<Next> {
    let next = json.member("next");
    let url = text(&next, "url");
    match next.text("kind")?.as_str() {
        "redirect" => Some(Next::Redirect { url }),
        "login" => Some(Next::Login { url }),
        _ => Some(Next::Message { text: text(&next, "text") }),
    }
}

/// The same for the page's listeners.
pub(super) fn next_to_js(next: &Next) -> JsValue {
    let (kind, member, value) = match next {
        Next::Redirect { url } => ("redirect", "url", url),
        Next::Login { url } => ("login", "url", url),
        Next::Message { text } => ("message", "text", text),
    };
    json::object([("kind", kind.into()), (member, value.into())])
}

fn error(json: &Json) -> FieldError {
    FieldError { field: text(json, "field"), code: text(json, "code"), message: text(json, "message") }
}

fn text(json: &Json, name: &str) -> String {
    json.text(name).unwrap_or_default()
}

/// The body of a request for a code.
pub(super) fn code_request(request: &CodeRequest, form_token: &str) -> String {
    json::to_text(&json::object([
        ("field", request.field.as_str().into()),
        ("fields", json::of_texts(&request.fields)),
        ("tracking", json::of_texts(&request.tracking)),
        ("version", request.version.as_deref().into()),
        ("variant", request.variant.as_deref().into()),
        ("locale", request.locale.as_deref().into()),
        ("formToken", form_token.into()),
    ]))
}

/// The body of a signup.
pub(super) fn request(request: &SignupRequest, form_token: Option<&str>, proof: Option<&str>) -> String {
    let agreements = request.agreements.iter().map(JsValue::from).collect::<Array>();
    json::to_text(&json::object([
        ("fields", json::of_texts(&request.fields)),
        ("agreements", agreements.into()),
        ("tracking", json::of_texts(&request.tracking)),
        ("version", request.version.as_deref().into()),
        ("variant", request.variant.as_deref().into()),
        ("locale", request.locale.as_deref().into()),
        ("formToken", form_token.into()),
        ("proof", proof.into()),
    ]))
}
