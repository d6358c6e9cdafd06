//! `GET /f/{funnel}/done/{signup}` and `/f/{funnel}/thanks`: where a posted signup ends. It goes on to the ticket by itself, and
//! looks again by itself while the CRM has not answered.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use jiff::Timestamp;
use latchkey_contract::{Next, SignupAnswer};
use latchkey_widgets::signup::render::{Done, Shown};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    super::{
        App,
        answer::{self, Told},
        embed::Wish,
        funnel,
        page::escape,
        problem::Refused,
        request::{Path, Query},
    },
    page,
};
use crate::{
    funnel::{Funnel, Language},
    render,
};

/// For how long a page looks again, counted from the signup's receipt, and how often.
const LOOKS_FOR: Duration = Duration::from_secs(10 * 60);
const LOOKS_EVERY_SECONDS: u32 = 5;

/// Where the page of that signup is. Whoever has the address sees what became of it.
pub(super) fn address(app: &App, funnel: &Funnel, answer: &SignupAnswer, locale: &str) -> String {
    let Some(id) = answer.id.as_deref().and_then(|id| id.parse::<Uuid>().ok()) else {
        return thanks_address(app, &funnel.id, locale);
    };
    let key = answer::key(app, id);
    format!("{}f/{}/done/{id}.{key}?locale={locale}", app.config.server.public_url, funnel.id)
}

/// The page for whoever is not to know more than that they are thanked.
pub(super) fn thanks_address(app: &App, funnel: &str, locale: &str) -> String {
    format!("{}f/{funnel}/thanks?locale={locale}", app.config.server.public_url)
}

#[derive(Deserialize)]
pub(in crate::http) struct Asked {
    funnel: String,
    signup: String,
}

pub(in crate::http) async fn done(
    State(app): State<Arc<App>>,
    Path(asked): Path<Asked>,
    Query(wish): Query<Wish>,
    headers: HeaderMap,
) -> Response {
    let shown = async {
        let funnel = funnel(&app, &asked.funnel)?;
        let language = wish.language(&funnel, &headers);
        let (id, key) = asked.signup.split_once('.').ok_or_else(Refused::unknown_signup)?;
        let id: Uuid = id.parse().map_err(|_| Refused::unknown_signup())?;
        if !answer::is_key(&app, id, key) {
            return Err(Refused::unknown_signup());
        }
        let signup = app.store.signup(id).await.map_err(|error| Refused::not_kept(&error))?;
        let signup = signup.filter(|signup| signup.funnel == funnel.id).ok_or_else(Refused::unknown_signup)?;
        let told = answer::told(&app, &signup).await?;
        let waits = Timestamp::now() < signup.received_at + LOOKS_FOR;
        Ok(shown(&app, &funnel, language, told, waits))
    };
    shown.await.unwrap_or_else(|refused: Refused| page::refused(refused, &headers))
}

pub(in crate::http) async fn thanks(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Query(wish): Query<Wish>,
    headers: HeaderMap,
) -> Response {
    match funnel(&app, &id) {
        Ok(funnel) => {
            let language = wish.language(&funnel, &headers);
            let done = Done { text: language.texts.get("accepted").to_owned(), ..Done::default() };
            message(&app, &funnel, language, done, String::new())
        }
        Err(refused) => page::refused(refused, &headers),
    }
}

fn shown(app: &App, funnel: &Funnel, language: &Language, told: Told, waits: bool) -> Response {
    let texts = &language.texts;
    let text = |key: &str| texts.get(key).to_owned();
    let mut done = Done { text: text("accepted"), ..Done::default() };
    let mut refresh = None;
    match told {
        Told::Registered(answer) => {
            done.text = text("registered");
            match answer.next {
                Some(Next::Redirect { url }) => {
                    refresh = Some((0, Some(url.clone())));
                    done.link = Some((url, text("continue")));
                }
                Some(Next::Login { url }) => done.link = Some((url, text("login"))),
                Some(Next::Message { text }) => done.text = text,
                None => {}
            }
        }
        Told::Accepted(_) if waits => {
            done.under_way = text("page.waiting");
            refresh = Some((LOOKS_EVERY_SECONDS, None));
        }
        Told::Accepted(_) => {}
        // What the CRM says no to after all is to be mended: the form begins anew.
        Told::KnownEmail(error, next) => {
            done.text = error.message;
            done.link = next.and_then(|next| if let Next::Login { url } = next { Some((url, text("login"))) } else { None });
        }
        Told::Refused(error) => {
            done.text = error.message;
            done.link = Some((app.loaders.post(&funnel.id, String::new()).action, text("page.retry")));
        }
    }
    let head = refresh.map(|(seconds, url)| {
        let url = url.map(|url| format!(";url={}", escape(&url))).unwrap_or_default();
        format!(r#"<meta http-equiv="refresh" content="{seconds}{url}">"#)
    });
    message(app, funnel, language, done, head.unwrap_or_default())
}

fn message(app: &App, funnel: &Funnel, language: &Language, done: Done, head: String) -> Response {
    let title = done.text.clone();
    let shown = Shown { done: Some(done), ..Shown::default() };
    let content = render::form((*language.view).clone(), shown, app.loaders.post(&funnel.id, String::new())).html();
    let body = app.loaders.element(&language.view, &content);
    page::page(&page::Document { app, status: StatusCode::OK, language, funnel, title: &title, head: &head, body: &body })
}
