//! The country of a phone number: a button before the input, whose list can be searched. What is typed with a "+" says its
//! country itself. The proxy knows how numbers are written, and is asked when one is left.

use std::rc::Rc;

use latchkey_contract::{ChoiceView, FieldKind, FieldView, rules};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement};

use super::{
    dispatch, has_focus, later,
    list::{self, Choice},
};
use crate::{
    browser::{
        countries::{self, Names},
        dom, task,
    },
    signup::{
        api::{self, Phone},
        session::Session,
        state::Form,
        visit,
    },
};

/// What is known of countries, and of the form's numbers.
#[derive(Default)]
pub(super) struct Phones {
    asked: bool,
    /// In the visitor's language.
    names: Names,
    /// Codes of countries, and what numbers from abroad begin with.
    dials: Vec<(String, String)>,
    numbers: Vec<Number>,
}

#[derive(Clone, Default)]
struct Number {
    field: String,
    country: String,
    /// The visitor has said which: by the list, or by a "+".
    is_said: bool,
    /// What the proxy was asked about last, and its answer.
    text: String,
    answer: Option<Phone>,
}

/// Whose numbers begin with a zero from abroad too; all others leave it out then.
const ZERO_STAYS: [&str; 5] = ["39", "378", "225", "241", "242"];

/// Of the countries that share their digits, those that most of the numbers are of, as far as they are not the first by their code.
const LARGEST: [&str; 6] = ["US", "RU", "FI", "MA", "GP", "CW"];

pub(super) fn sync(form: Form, session: &Rc<Session>, field: &FieldView, control: &HtmlInputElement) {
    if session.controls.borrow().phones.dials.is_empty() {
        return ask_for_countries(form, session);
    }
    let button = match button(session, &field.name) {
        Some(button) => button,
        None if has_focus(control) => return,
        None => put_on(field, control),
    };
    offer(session, field, control);
    recognise(session, field, control);
    label(session, field, &button);
}

fn put_on(field: &FieldView, control: &HtmlInputElement) -> Element {
    let around = dom::wrap(control, "phone");
    let attributes =
        [("part", "dial"), ("type", "button"), ("aria-haspopup", "dialog"), ("aria-expanded", "false"), ("data-dial", field.name.as_str())];
    let button = dom::make("button", &attributes);
    let _ = around.prepend_with_node_1(&button);
    button
}

fn button(session: &Session, field: &str) -> Option<Element> {
    session.find(&["[data-dial='", field, "']"].concat())
}

/// What the button shows, and says.
fn label(session: &Session, field: &FieldView, button: &Element) {
    let country = known(session, &field.name).country;
    let phones = &session.controls.borrow().phones;
    let dial = phones.dial(&country);
    let flag = if country.is_empty() { "🌐".to_owned() } else { list::flag(&country) };
    dom::say(button, &[&flag, " +", dial].concat());
    let name = if country.is_empty() { "–".to_owned() } else { phones.names.of(&country) };
    let what = session.view.texts.get("phone.country");
    let words = [&field.label, ": ", what, ": ", &name, " +", dial].concat();
    dom::set(button, "aria-label", Some(&words));
}

fn ask_for_countries(form: Form, session: &Rc<Session>) {
    if std::mem::replace(&mut session.controls.borrow_mut().phones.asked, true) {
        return;
    }
    let session = session.clone();
    task::start(async move {
        // Without an answer the input stays as it is: a number with a "+" needs no country.
        if let Ok(dials) = api::dials(&session.page).await {
            let phones = &mut session.controls.borrow_mut().phones;
            phones.names = Names::new(&session.view.locale);
            phones.dials = dials;
            later(form);
        }
    });
}

impl Phones {
    fn dial(&self, country: &str) -> &str {
        self.dials.iter().find(|(code, _)| code == country).map_or("", |(_, dial)| dial)
    }

    /// Whose numbers begin like that: the country that was told before, where its numbers do too.
    fn country_of(&self, digits: &str, before: &str) -> Option<String> {
        let length = self.dials.iter().filter(|(_, dial)| digits.starts_with(dial.as_str())).map(|(_, dial)| dial.len()).max()?;
        let shares = |country: &str| self.dial(country) == &digits[..length];
        let known = LARGEST.iter().copied().find(|country| shares(country));
        let first = || self.dials.iter().find(|(_, dial)| *dial == digits[..length]).map(|(code, _)| code.as_str());
        Some(before).filter(|before| shares(before)).or(known).or_else(first).map(str::to_owned)
    }
}

/// What is known of a field's number.
fn known(session: &Session, field: &str) -> Number {
    let numbers = &session.controls.borrow().phones.numbers;
    numbers.iter().find(|number| number.field == field).cloned().unwrap_or_else(|| Number { field: field.to_owned(), ..Number::default() })
}

fn keep(session: &Session, number: Number) {
    let numbers = &mut session.controls.borrow_mut().phones.numbers;
    numbers.retain(|other| other.field != number.field);
    numbers.push(number);
}

/// The country that the form asks for, or the one that the visit came from, as long as nothing is typed.
fn offer(session: &Session, field: &FieldView, control: &HtmlInputElement) {
    let mut number = known(session, &field.name);
    if !control.value().is_empty() || number.is_said {
        return;
    }
    let own = session.fields().find(|other| other.kind == FieldKind::Country && other.autocomplete.as_deref() == Some("country"));
    let own = own.map(|own| session.value(&own.name)).filter(|country| !country.is_empty());
    if let Some(country) = own.or_else(|| visit::country(session)) {
        number.country = country;
        keep(session, number);
    }
}

pub(super) fn typed(session: &Session, field: &FieldView, control: &HtmlInputElement) {
    recognise(session, field, control);
    if let Some(button) = button(session, &field.name) {
        label(session, field, &button);
    }
}

/// The country that a number with a "+" says.
fn recognise(session: &Session, field: &FieldView, control: &HtmlInputElement) {
    let text = rules::normalise(FieldKind::Tel, &control.value());
    let Some(digits) = text.strip_prefix('+') else { return };
    let mut number = known(session, &field.name);
    let found = session.controls.borrow().phones.country_of(digits, &number.country);
    if let Some(found) = found {
        number.country = found;
        number.is_said = true;
        keep(session, number);
    }
}

/// The proxy is asked about a number that was left, and it is written as its country does.
pub(super) fn left(form: Form, session: &Rc<Session>, field: &FieldView, control: &HtmlInputElement) {
    let mut number = known(session, &field.name);
    let text = control.value();
    if text.trim().is_empty() || number.text == text || button(session, &field.name).is_none() {
        return;
    }
    number.text = text;
    number.answer = None;
    keep(session, number.clone());
    task::start(ask(form, session.clone(), number));
}

async fn ask(form: Form, session: Rc<Session>, asked: Number) {
    let answer = api::phone(&session.page, &asked.text, &asked.country, &session.view.locale).await;
    let (Some(control), Some(_)) = (session.control(&asked.field), form.session()) else { return };
    let mut number = known(&session, &asked.field);
    if control.value() != asked.text || number.country != asked.country {
        return;
    }
    match answer {
        Ok(answer) => {
            if answer.valid && !answer.national.is_empty() && !has_focus(&control) {
                control.set_value(&answer.national);
                number.text.clone_from(&answer.national);
            }
            if let Some(country) = &answer.country {
                number.country.clone_from(country);
            }
            if let Some(message) = answer.message.clone().filter(|_| !has_focus(&control)) {
                form.update(|state| state.errors.push((asked.field.clone(), message)));
            }
            number.answer = Some(answer);
        }
        // Asked again when it is left again.
        Err(_) => number.text.clear(),
    }
    keep(&session, number);
    later(form);
}

/// A normalised number as it is sent: as the proxy has said, else with its country's digits before it.
pub(in crate::signup) fn sent(session: &Session, field: &str, text: String) -> String {
    let number = known(session, field);
    let told = number.answer.filter(|_| rules::normalise(FieldKind::Tel, &number.text) == text).and_then(|answer| answer.e164);
    told.unwrap_or_else(|| international(session.controls.borrow().phones.dial(&number.country), text))
}

/// A number as it is kept in a draft, which knows of no country beside it.
pub(in crate::signup) fn with_country(session: &Session, field: &FieldView, text: String) -> String {
    let sent = sent(session, &field.name, rules::normalise(FieldKind::Tel, &text));
    if sent.starts_with('+') { sent } else { text }
}

fn international(dial: &str, number: String) -> String {
    let is_bare = number.bytes().all(|byte| byte.is_ascii_digit());
    if dial.is_empty() || number.is_empty() || !is_bare {
        return number;
    }
    let rest = if ZERO_STAYS.contains(&dial) { &number } else { number.strip_prefix('0').unwrap_or(&number) };
    ["+", dial, rest].concat()
}

/// The button opens the list of countries, or closes it.
pub(super) fn clicked(session: &Session, target: &Element) {
    let Some(button) = target.closest("[data-dial]").ok().flatten() else { return };
    let Some(field) = button.get_attribute("data-dial") else { return };
    if button.get_attribute("aria-expanded").as_deref() == Some("true") {
        return shut(session, &button);
    }
    let texts = &session.view.texts;
    let id = ["lk-", &field, "-countries"].concat();
    let popup = dom::make("div", &[("part", "countries"), ("role", "dialog"), ("id", &id), ("aria-label", texts.get("phone.country"))]);
    let attributes = [
        ("part", "input"),
        ("role", "combobox"),
        ("id", &*[&id, "-search"].concat()),
        ("aria-autocomplete", "list"),
        ("aria-label", texts.get("phone.country")),
        ("autocomplete", "off"),
        ("spellcheck", "false"),
        ("placeholder", texts.get("search.placeholder")),
        ("data-country-of", &field),
    ];
    let search: HtmlInputElement = dom::make("input", &attributes).unchecked_into();
    let _ = popup.append_with_node_2(&search, &dom::make("p", &[("part", "count"), ("role", "status")]));
    if let Some(around) = button.parent_element() {
        let _ = around.append_child(&popup);
    }
    dom::set(&button, "aria-expanded", Some("true"));
    dom::set(&button, "aria-controls", Some(&id));
    let _ = search.unchecked_ref::<HtmlElement>().focus();
    list::open(session, &search);
}

/// The field whose country an input searches.
fn field_of(input: &HtmlInputElement) -> Option<String> {
    input.get_attribute("data-country-of")
}

/// Takes the list of countries away.
fn shut(session: &Session, button: &Element) {
    list::close(session);
    dom::set(button, "aria-expanded", Some("false"));
    if let Some(id) = button.get_attribute("aria-controls")
        && let Some(popup) = session.find(&["[id='", &id, "']"].concat())
    {
        dom::set(button, "aria-controls", None);
        popup.remove();
    }
}

/// The list's name, what is chosen of it, and all of it; `None` where the input is not one for countries of numbers.
pub(super) fn choices(session: &Session, input: &HtmlInputElement) -> Option<(String, String, Vec<Choice>)> {
    let country = known(session, &field_of(input)?).country;
    let phones = &session.controls.borrow().phones;
    let mut named: Vec<_> = phones.dials.iter().map(|(code, _)| ChoiceView { value: code.clone(), label: None }).collect();
    countries::label(&mut named, &session.view.locale);
    let choice = |known: ChoiceView| Choice {
        label: known.label.unwrap_or_default(),
        flag: known.value.clone(),
        aside: ["+", phones.dial(&known.value)].concat(),
        value: known.value,
    };
    Some((session.view.texts.get("phone.country").to_owned(), country, named.into_iter().map(choice).collect()))
}

/// The input for searching was left. Whether it was one.
pub(super) fn search_left(session: &Session, input: &HtmlInputElement) -> bool {
    let button = field_of(input).and_then(|field| button(session, &field));
    if let Some(button) = &button {
        shut(session, button);
    }
    button.is_some()
}

/// Escape was pressed in it. Whether it was one.
pub(super) fn dismissed(session: &Session, input: &HtmlInputElement) -> bool {
    let button = field_of(input).and_then(|field| button(session, &field));
    if let Some(button) = &button {
        // Leaving the input shuts its list.
        let _ = button.unchecked_ref::<HtmlElement>().focus();
    }
    button.is_some()
}

/// A country was chosen. Whether it was a number's.
pub(super) fn chosen(form: Form, session: &Rc<Session>, input: &HtmlInputElement, country: &str) -> bool {
    let Some(field) = field_of(input) else { return false };
    let Some(control) = session.control(&field) else { return true };
    let mut number = known(session, &field);
    let before = std::mem::replace(&mut number.country, country.to_owned());
    number.is_said = true;
    // What the proxy said was about another country's number.
    number.text.clear();
    number.answer = None;
    keep(session, number);
    let text = rules::normalise(FieldKind::Tel, &control.value());
    let rest = {
        let phones = &session.controls.borrow().phones;
        text.strip_prefix('+').and_then(|digits| digits.strip_prefix(phones.dial(&before))).map(str::to_owned)
    };
    if let Some(rest) = rest {
        // It said its country itself: the other one's takes its place.
        control.set_value(&rest);
    }
    let _ = control.unchecked_ref::<HtmlElement>().focus();
    dispatch(&control, "input");
    later(form);
    true
}

#[cfg(test)]
mod tests {
    use super::international;

    #[test]
    fn a_number_gets_its_countrys_digits() {
        for (dial, number, sent) in [
            ("49", "030901820", "+4930901820"),
            ("49", "30901820", "+4930901820"),
            ("39", "0612345678", "+390612345678"),
            ("1", "2015550123", "+12015550123"),
            ("49", "+442079460958", "+442079460958"),
            ("", "030901820", "030901820"),
            ("49", "callme", "callme"),
            ("49", "", ""),
        ] {
            assert_eq!(international(dial, number.to_owned()), sent, "{dial} {number}");
        }
    }
}
