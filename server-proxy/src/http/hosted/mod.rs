//! `GET` and `POST /f/{funnel}`: a funnel's form on a page of ours, which works without a script.
//!
//! A page's form is posted to the same address. Each answer is a page with what the visitor has filled in so far sealed in a hidden
//! input ([`state`]); what is wrong is said beside its input, with 422. The last step is a signup as any other: kept, handed over,
//! answered with a 303 to [`done`], which goes on to the ticket. (A 303 straight to the broker would be refused by `form-action` in
//! Chromium.) With a script the page is the widget: but only where it begins, so that nothing typed is lost on the way.

mod asking;
mod done;
mod page;
mod state;

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    body::Body,
    extract::{RawQuery, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use latchkey_contract::{AGAIN, BACK, FieldError, FieldKind, FieldView, HONEYPOT, Next, SignupRequest, agreement_name, rules, shown};
use latchkey_widgets::signup::render::Shown;

use super::{
    App,
    answer::Told,
    embed::Wish,
    funnel,
    problem::Refused,
    request::{Caller, Path, Query, form_body, text},
    signups::{self, Taken},
};
use crate::{
    funnel::{Funnel, Language},
    intake::Arrival,
    origin::Origin,
};
pub(super) use done::{done, thanks};
use state::{Posted, Progress};

/// What a checkbox without a value of its own is posted as (HTML standard, 4.10.5.1.15).
const CHECKED: &str = "on";

pub(super) async fn begin(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Query(wish): Query<Wish>,
    RawQuery(query): RawQuery,
    caller: Caller,
    headers: HeaderMap,
) -> Response {
    let query = query.unwrap_or_default();
    let begin = async {
        let funnel = funnel(&app, &id)?;
        let language = wish.language(&funnel, &headers);
        let mut progress = Progress::begin(&language.view.locale, &funnel.version, language.view.variant.as_deref(), &query);
        progress.form_token = Some(app.intake.begin(&funnel, caller.ip, None, Timestamp::now())?.token);
        progress.fields = prefilled(language, &query);
        let page = page::Form { funnel: &funnel, language, progress: &progress, shown: Shown::default(), begins: true };
        Ok::<_, Refused>(page.response(&app, StatusCode::OK).await)
    };
    begin.await.unwrap_or_else(|refused| page::refused(refused, &headers))
}

pub(super) async fn post(State(app): State<Arc<App>>, Path(id): Path<String>, caller: Caller, headers: HeaderMap, body: Body) -> Response {
    let posted = async {
        let funnel = funnel(&app, &id)?;
        let form = form_body(&headers, body, &app.config.server.limits).await?;
        Ok::<_, Refused>((funnel, form))
    };
    let (funnel, form): (Arc<Funnel>, Vec<(String, String)>) = match posted.await {
        Ok(posted) => posted,
        Err(refused) => return page::refused(refused, &headers),
    };
    // From here on it is seen through: a visitor who leaves in the middle of it cancels nothing.
    let (courier, for_refusal) = (app.courier.clone(), headers.clone());
    let answer = courier.see_through(async move { answer(&app, funnel, &caller, &headers, &form).await });
    let answered = answer.await.unwrap_or_else(|_| Err(Refused::internal()));
    answered.unwrap_or_else(|refused| page::refused(refused, &for_refusal))
}

async fn answer(
    app: &App,
    funnel: Arc<Funnel>,
    caller: &Caller,
    headers: &HeaderMap,
    form: &[(String, String)],
) -> Result<Response, Refused> {
    let posted = Posted::read(&app.config.keys, &funnel.id, form);
    admit(&funnel, headers, &posted)?;
    let (version, variant, locale) = match &posted {
        Posted::Ours(progress) => (Some(progress.version.clone()), progress.variant.clone(), Some(progress.locale.clone())),
        Posted::Element(element) => (element.version.clone(), element.variant.clone(), element.locale.clone()),
        Posted::Unknown => (None, None, None),
    };
    // The version that the visitor was shown answers, as long as it is kept.
    let funnel = version.and_then(|version| app.config.funnels.shown(&funnel.id, &version)).unwrap_or(funnel);
    let wish = Wish { locale, variant };
    let language = wish.language(&funnel, headers);
    let (mut progress, is_known) = match posted {
        Posted::Ours(progress) => (progress, true),
        Posted::Element(element) => {
            let mut progress = Progress::begin(&language.view.locale, &funnel.version, language.view.variant.as_deref(), &element.query);
            let has_token = element.token.is_some();
            progress.form_token = element.token;
            (progress, has_token)
        }
        Posted::Unknown => (Progress::begin(&language.view.locale, &funnel.version, language.view.variant.as_deref(), ""), false),
    };
    progress.step = progress.step.min(language.view.steps.len().saturating_sub(1));
    let turn = Turn { app, funnel: &funnel, language, caller, headers };
    if let Some(code) = form.iter().find(|(name, _)| name == AGAIN).map(|(_, code)| code.as_str()).filter(|_| is_known) {
        // A form of its own: nothing of the step comes with it.
        return turn.arrive(progress, Some(code)).await;
    }
    take_over(&mut progress, language, form);
    if !is_known {
        // What it was sent from is not known to be a page of ours, so the visitor looks once more: nothing is lost, and no page can
        // sign its visitors up without their doing.
        let shown = Shown { alert: language.texts.get("page.confirm").to_owned(), ..Shown::default() };
        return turn.again(progress, shown, StatusCode::OK).await;
    }
    let goes_back = form.iter().any(|(name, _)| name == BACK);
    if goes_back { turn.back(progress).await } else { turn.forward(progress, honeypot(form)).await }
}

/// Browsers say where a form was posted from. One that does not say is let in with what we have sealed, and with nothing else.
fn admit(funnel: &Funnel, headers: &HeaderMap, posted: &Posted) -> Result<(), Refused> {
    let origin = text(headers, header::ORIGIN).filter(|origin| *origin != "null");
    let is_allowed = match origin {
        Some(origin) => Origin::from_header(origin).is_some_and(|origin| funnel.allows(&origin)),
        None => matches!(posted, Posted::Ours(_)),
    };
    if is_allowed { Ok(()) } else { Err(crate::intake::Refusal::Origin.into()) }
}

/// What was posted of the step that is shown takes the place of what was there before.
fn take_over(progress: &mut Progress, language: &Language, form: &[(String, String)]) {
    let view = &language.view;
    let Some(step) = view.steps.get(progress.step) else { return };
    for field in &step.fields {
        let values: Vec<&str> = form.iter().filter(|(name, _)| *name == field.name).map(|(_, value)| value.as_str()).collect();
        let value = match field.kind {
            FieldKind::Checkbox => if values.is_empty() { "" } else { "true" }.to_owned(),
            FieldKind::Several => values.join(","),
            // It is not shown again, so an empty one is one that was left as it was.
            FieldKind::Password if values.iter().all(|value| value.is_empty()) => continue,
            _ => values.first().map(|value| rules::normalise(field.kind, value)).unwrap_or_default(),
        };
        if value.is_empty() {
            progress.fields.remove(&field.name);
        } else {
            progress.fields.insert(field.name.clone(), value);
        }
    }
    // They stand on the last step that is shown.
    if visible(progress, language).next(Some(progress.step)).is_none() {
        let accepted = |index: usize| form.iter().any(|(name, value)| *name == agreement_name(index) && value == CHECKED);
        let accepted = view.agreements.iter().enumerate().filter(|(index, _)| accepted(*index));
        progress.agreements = accepted.map(|(_, agreement)| agreement.label.clone()).collect();
    }
}

fn honeypot(form: &[(String, String)]) -> Option<String> {
    form.iter().find(|(name, value)| name == HONEYPOT && !value.is_empty()).map(|(_, value)| value.clone())
}

/// What the page's address fills in, as far as the funnel lets it.
fn prefilled(language: &Language, query: &str) -> BTreeMap<String, String> {
    let parameters: BTreeMap<String, String> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let value = |field: &FieldView| parameters.get(field.from_url.as_ref()?).cloned();
    language.fields().filter(|field| !field.read_only).filter_map(|field| Some((field.name.clone(), value(field)?))).collect()
}

/// One posted page, and what it is answered with.
struct Turn<'a> {
    app: &'a App,
    funnel: &'a Arc<Funnel>,
    language: &'a Language,
    caller: &'a Caller,
    headers: &'a HeaderMap,
}

impl Turn<'_> {
    fn visible(&self, progress: &Progress) -> latchkey_contract::Shown {
        visible(progress, self.language)
    }

    /// Nothing is checked: whoever goes back may not know yet what to write here.
    async fn back(&self, mut progress: Progress) -> Result<Response, Refused> {
        progress.step = self.visible(&progress).previous(progress.step).unwrap_or(0);
        self.arrive(progress, None).await
    }

    async fn forward(&self, mut progress: Progress, bait: Option<String>) -> Result<Response, Refused> {
        let Some(next) = self.visible(&progress).next(Some(progress.step)) else { return self.send(progress, bait).await };
        let errors = self.wrong_here(&progress).await?;
        if !errors.is_empty() {
            return self.wrong(progress, errors, None).await;
        }
        progress.step = next;
        self.arrive(progress, None).await
    }

    /// Shows a step, with what it wants of the CRM. `again`: the field whose code is asked for once more.
    async fn arrive(&self, mut progress: Progress, again: Option<&str>) -> Result<Response, Refused> {
        match self.codes(&mut progress, again).await {
            Ok(notes) => self.again(progress, Shown { notes, ..Shown::default() }, StatusCode::OK).await,
            Err(errors) => self.wrong(progress, errors, None).await,
        }
    }

    /// What is wrong on the step that is shown. Later ones are not asked for yet.
    async fn wrong_here(&self, progress: &Progress) -> Result<Vec<FieldError>, Refused> {
        let body = body(progress, self.visible(progress).fields, None);
        let found = self.app.intake.problems(&self.arrival(&body)?).await.map_err(Refused::from)?;
        let here = self.language.view.steps.get(progress.step).map_or(&[][..], |step| &step.fields);
        Ok(found.into_iter().filter(|error| here.iter().any(|field| field.name == error.field)).collect())
    }

    fn arrival<'b>(&'b self, body: &'b [u8]) -> Result<Arrival<'b>, Refused> {
        let crm = self.app.config.connections.get(&self.funnel.connection).ok_or_else(Refused::unknown_funnel)?;
        let form = crm.form(self.funnel.action).ok_or_else(Refused::unknown_funnel)?;
        Ok(Arrival {
            funnel: self.funnel,
            form,
            ip: self.caller.ip,
            country: self.caller.country.as_deref(),
            idempotency_key: None,
            wishes: Vec::new(),
            body,
            now: Timestamp::now(),
        })
    }

    async fn send(&self, mut progress: Progress, bait: Option<String>) -> Result<Response, Refused> {
        self.app.intake.admit_own(self.caller.ip)?;
        let body = body(&progress, self.visible(&progress).fields, bait);
        let key = progress.idempotency_key.clone();
        match signups::take(self.app, self.funnel, self.caller, self.headers, Some(&key), &body).await {
            Ok(Taken::UnderWay) => Ok(see(&done::thanks_address(self.app, &self.funnel.id, &progress.locale))),
            Ok(Taken::Told(Told::Registered(answer) | Told::Accepted(answer))) => {
                Ok(see(&done::address(self.app, self.funnel, &answer, &progress.locale)))
            }
            Ok(Taken::Told(told @ (Told::KnownEmail(..) | Told::Refused(_)))) => {
                // It is kept as it was sent: what is mended is another signup.
                progress.idempotency_key = state::new_key();
                match told {
                    Told::KnownEmail(error, next) => self.wrong(progress, vec![error], next).await,
                    Told::Refused(error) => self.wrong(progress, vec![error], None).await,
                    Told::Registered(_) | Told::Accepted(_) => Err(Refused::internal()),
                }
            }
            Err(refused) => {
                let (status, errors, next) = refused.into_parts();
                if errors.is_empty() {
                    let alert = self.language.texts.get("error.busy").to_owned();
                    return self.again(progress, Shown { alert, ..Shown::default() }, status).await;
                }
                self.wrong(progress, errors, next).await
            }
        }
    }

    /// The step of the first error, with each at its input.
    async fn wrong(&self, mut progress: Progress, errors: Vec<FieldError>, next: Option<Next>) -> Result<Response, Refused> {
        let view = &self.language.view;
        let last = self.visible(&progress).previous(usize::MAX).unwrap_or_default();
        let (mut named, mut alert) = (Vec::new(), String::new());
        let mut step = None;
        for error in errors {
            let of_field = view.steps.iter().position(|step| step.fields.iter().any(|field| field.name == error.field));
            let of_agreement = || (0..view.agreements.len()).any(|index| agreement_name(index) == error.field);
            match of_field.or_else(|| of_agreement().then_some(last)) {
                Some(found) => {
                    step = Some(step.map_or(found, |before: usize| before.min(found)));
                    named.push((error.field, error.message));
                }
                // The token is over, or was used too often: a new one comes with the page.
                None if error.field == "formToken" => alert = self.language.texts.get("page.confirm").to_owned(),
                None => alert = error.message,
            }
        }
        progress.step = step.unwrap_or(progress.step);
        if alert.is_empty() {
            alert = self.language.texts.get("error.summary").to_owned();
        }
        let login = next.and_then(|next| if let Next::Login { url } = next { Some(url) } else { None });
        self.again(progress, Shown { errors: named, alert, login, ..Shown::default() }, StatusCode::UNPROCESSABLE_ENTITY).await
    }

    /// A page with the form at the step that the visitor is on.
    async fn again(&self, mut progress: Progress, shown: Shown, status: StatusCode) -> Result<Response, Refused> {
        let renewed = progress.form_token.take();
        progress.form_token = Some(self.app.intake.begin(self.funnel, self.caller.ip, renewed.as_deref(), Timestamp::now())?.token);
        let shown = Shown { step: progress.step, ..shown };
        let page = page::Form { funnel: self.funnel, language: self.language, progress: &progress, shown, begins: false };
        Ok(page.response(self.app, status).await)
    }
}

fn visible(progress: &Progress, language: &Language) -> latchkey_contract::Shown {
    shown(&language.view.steps, &|field| value(progress, field))
}

/// What a field holds; what nobody can change, its default.
fn value(progress: &Progress, field: &FieldView) -> String {
    let fixed = field.read_only || field.kind == FieldKind::Hidden;
    let given = progress.fields.get(&field.name).filter(|_| !field.read_only).cloned();
    given.or_else(|| field.default.clone().filter(|_| fixed)).unwrap_or_default()
}

/// The same body that a widget sends.
fn body(progress: &Progress, visible: Vec<String>, bait: Option<String>) -> Vec<u8> {
    let mut fields: BTreeMap<String, String> =
        progress.fields.iter().filter(|(name, _)| visible.contains(name)).map(|(name, value)| (name.clone(), value.clone())).collect();
    fields.extend(bait.map(|bait| (HONEYPOT.to_owned(), bait)));
    let request = SignupRequest {
        fields,
        agreements: progress.agreements.clone(),
        tracking: progress.tracking.clone(),
        version: Some(progress.version.clone()),
        variant: progress.variant.clone(),
        locale: Some(progress.locale.clone()),
        form_token: progress.form_token.clone(),
        // Without a script there is none to be had.
        proof: Some(String::new()),
    };
    // Of texts alone, so it can be written.
    serde_json::to_vec(&request).unwrap_or_default()
}

fn see(address: &str) -> Response {
    let location = HeaderValue::try_from(address).unwrap_or_else(|_| HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, location), (header::CACHE_CONTROL, HeaderValue::from_static("no-store"))]).into_response()
}
