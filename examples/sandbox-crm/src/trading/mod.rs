//! The trading CRM, as its document ("CRM API", 0.1.0) describes it: every operation that an affiliate or a visitor uses, and the
//! client area that the links of a sign-up lead to. What belongs to the broker's own staff is not simulated; nor is what a visitor does
//! once inside (trading, paying in, documents), nor "Get user's country by IP", which would tell the proxy's.
//!
//! The document gives no methods and, but for `GET /affiliates/customers`, no paths: those of [`operations`] are ours. It gives no
//! status and no body of a refusal either. Its one error body, of the OAuth and export operations, is `{"error": "string"}`, and so
//! every refusal here is that. Arrays and objects whose members it does not show (`"customers": [ ]`) have the members that another
//! operation of the document shows for the same thing; where there is none, they are ours, and the place says so.
//!
//! `POST /_control/trading/records` takes what [`records`] describes.
//!
//! A request finds its operation in `operations`, is let in by `access`, held against `requests` by `input`, and answered by the module
//! of its section: `sessions`, `signup`, `referrals`, `export`, `account`, `commissions`, `promotion`, `onboarding`, `confirmation`.
//! They work on `books`, which is all that the CRM knows, and which `seed` enters `records` into.

mod access;
mod account;
mod answers;
mod books;
mod commissions;
mod confirmation;
mod countries;
mod customers;
mod documented;
mod export;
mod input;
mod member_area;
mod money;
mod onboarding;
mod operations;
mod options;
mod promotion;
mod records;
mod referrals;
mod requests;
mod seed;
mod sessions;
mod signup;
mod tokens;

use std::sync::{Arc, Mutex};

use axum::http::StatusCode;
use serde_json::Value;

use crate::answer::Answer;
use crate::autologin::Links;
use crate::control::Simulated;
use crate::exchange::{Crm, Request, spoiled};
use crate::faults::{Fault, Faults, Has};
use crate::lock::lock;
use crate::record::{Entry, Log};
use answers::{Done, Refusal};
use books::Books;
use documented::error;
use input::Input;
pub(crate) use member_area::routes;
pub(crate) use options::Options;
use options::Settings;

#[derive(Debug)]
pub(crate) struct Trading {
    settings: Arc<Settings>,
    log: Log,
    faults: Faults,
    books: Mutex<Books>,
}

impl Trading {
    /// Fails where two affiliates have one credential.
    pub(crate) fn new(options: Options, links: Links) -> Result<Self, String> {
        let settings = Arc::new(options.settings(links));
        let books = Mutex::new(Books::new(settings.clone())?);
        Ok(Self { settings, log: Log::default(), faults: Faults::default(), books })
    }

    fn succeed(&self, books: &mut Books, entry: Entry, mut done: Done) -> Answer {
        let fault = self.on_success(entry, Has { link: done.has_links, id: done.numbered.is_some() });
        if let (Some(Fault::NumericId {}), Some(customer)) = (&fault, done.numbered) {
            let number = books.renumber(customer);
            done.created = Some(number.to_string());
            done.answer = done.answer.changed(|body| with(body, "id", number.into()));
        }
        if let Some(id) = done.created {
            self.log.created(entry, id);
        }
        let answer = match fault {
            Some(Fault::ForeignLink {}) => done.answer.changed(|body| relinked(body, Some("https://evil.example/autologin/"))),
            Some(Fault::ScriptLink {}) => done.answer.changed(|body| relinked(body, Some("javascript:alert(1)"))),
            Some(Fault::NoLink {}) => done.answer.changed(|body| relinked(body, None)),
            _ => done.answer,
        };
        spoiled(fault.as_ref(), answer)
    }
}

/// The links that log a customer in, replaced or removed.
fn relinked(mut body: Value, to: Option<&str>) -> Value {
    if let Some(members) = body.as_object_mut() {
        for name in ["redirectUrl", "depositUrl"] {
            match to {
                Some(url) => members.get_mut(name).into_iter().for_each(|member| *member = url.into()),
                None => drop(members.remove(name)),
            }
        }
    }
    body
}

fn with(mut body: Value, name: &str, value: Value) -> Value {
    if let Some(members) = body.as_object_mut() {
        members.insert(name.to_owned(), value);
    }
    body
}

impl Simulated for Trading {
    fn name(&self) -> &'static str {
        "trading"
    }

    fn log(&self) -> &Log {
        &self.log
    }

    fn faults(&self) -> &Faults {
        &self.faults
    }

    /// Customers and leads: `kind` tells which.
    fn users(&self) -> Vec<Value> {
        lock(&self.books).users()
    }

    fn count(&self) -> usize {
        let books = lock(&self.books);
        books.customers.len() + books.leads.len()
    }

    fn create_repeats(&self, created: bool) -> Result<(), String> {
        lock(&self.books).creates_repeats = created;
        Ok(())
    }

    fn outbox(&self) -> Vec<Value> {
        lock(&self.books).outbox.all()
    }

    fn seed(&self, records: Value) -> Result<(), String> {
        let records = seed::read(records)?;
        let mut books = lock(&self.books);
        // Into a copy: records that are refused in their middle leave nothing behind.
        let mut next = books.clone();
        seed::enter(&mut next, records)?;
        *books = next;
        Ok(())
    }

    fn reset(&self) {
        self.log.clear();
        self.faults.forget();
        // Could only fail as it would have at the start.
        if let Ok(books) = Books::new(self.settings.clone()) {
            *lock(&self.books) = books;
        }
    }
}

impl Crm for Trading {
    fn answer(&self, entry: Entry, request: &Request) -> Answer {
        // One lock for the whole request: nobody sees half a customer.
        let mut books = lock(&self.books);
        match serve(&mut books, request) {
            Ok(done) => self.succeed(&mut books, entry, done),
            Err(refusal) => refusal.into(),
        }
    }

    fn error(&self, _: &Request, status: StatusCode, message: Option<&str>) -> Answer {
        error(status, message.or(status.canonical_reason()).unwrap_or("Error"))
    }
}

/// The operation first, then who asks, and only then what is asked: who may not ask is told nothing about the rest.
fn serve(books: &mut Books, request: &Request) -> Result<Done, Refusal> {
    let (operation, parameter) = operations::find(&request.method, &request.segments().parts())?;
    let holder = access::holder(books, operation, request)?;
    let input = Input::read(operation, request, parameter)?;
    access::admit(books, operation, holder, &input)
}
