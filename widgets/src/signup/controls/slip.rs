//! Typing slips in an e-mail's domain, for which the right one is offered. Nothing is refused for one.

use latchkey_contract::FieldView;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, FocusEvent, HtmlButtonElement, HtmlElement, HtmlInputElement};

use super::dispatch;
use crate::{
    browser::dom,
    signup::{session::Session, words},
};

/// Where most people have their mailbox. A domain that is one of these has no slip in it.
const DOMAINS: &str = "gmail.com googlemail.com yahoo.com yahoo.co.uk yahoo.de yahoo.fr yahoo.es yahoo.it yahoo.co.jp ymail.com \
    hotmail.com hotmail.co.uk hotmail.de hotmail.fr hotmail.es hotmail.it outlook.com outlook.de outlook.fr outlook.es live.com live.de \
    msn.com icloud.com me.com mac.com aol.com mail.com email.com gmx.com gmx.de gmx.net gmx.at gmx.ch web.de t-online.de freenet.de \
    proton.me protonmail.com orange.fr free.fr libero.it wp.pl o2.pl onet.pl mail.ru yandex.ru qq.com 163.com naver.com";

/// What ".com" becomes in haste: endings that are nobody's, and those that are a country's but hardly these mailboxes'.
const NOBODYS: [&str; 6] = ["con", "cmo", "ocm", "vom", "xom", "comm"];
const HARDLY: [&str; 3] = ["co", "cm", "om"];

/// The place where it is said is there from the start, empty, so that screen readers hear when it is filled.
pub(super) fn sync(field: &FieldView, control: &HtmlInputElement) {
    if place(control).is_none() {
        let _ = control.after_with_node_1(&dom::make("div", &[("part", "slip"), ("role", "status"), ("data-slip-of", &field.name)]));
    }
}

fn place(control: &HtmlInputElement) -> Option<Element> {
    control.next_element_sibling().filter(|next| next.has_attribute("data-slip-of"))
}

pub(super) fn typed(control: &HtmlInputElement) {
    if let Some(place) = place(control) {
        dom::say(&place, "");
    }
}

pub(super) fn left(session: &Session, control: &HtmlInputElement, event: &Event) {
    // What comes now would move a button away under its click.
    let to = event.unchecked_ref::<FocusEvent>().related_target();
    if to.is_some_and(|to| to.has_type::<HtmlButtonElement>()) {
        return;
    }
    let (Some(place), Some(meant)) = (place(control), meant(control.value().trim())) else { return };
    let texts = &session.view.texts;
    dom::say(&place, &words::fill(texts, "slip", &[("email", &meant)]));
    let button = dom::make("button", &[("part", "use"), ("type", "button"), ("data-slip", &meant)]);
    dom::say(&button, texts.get("slip.use"));
    let _ = place.append_child(&button);
}

pub(super) fn clicked(session: &Session, target: &Element) {
    let Some(meant) = target.get_attribute("data-slip") else { return };
    let place = target.parent_element().and_then(|place| place.get_attribute("data-slip-of"));
    if let Some(control) = place.and_then(|name| session.control(&name)) {
        control.set_value(&meant);
        let _ = control.unchecked_ref::<HtmlElement>().focus();
        dispatch(&control, "input");
    }
}

/// The address that was probably meant; `None` where nothing is amiss.
fn meant(email: &str) -> Option<String> {
    let (person, domain) = email.rsplit_once('@')?;
    let domain = domain.to_ascii_lowercase();
    let (name, ending) = domain.split_once('.')?;
    if person.is_empty() || DOMAINS.split_ascii_whitespace().any(|known| known == domain) {
        return None;
    }
    let is_haste = NOBODYS.contains(&ending);
    let mut best: Option<(usize, &str)> = None;
    for known in DOMAINS.split_ascii_whitespace() {
        let Some((known_name, known_ending)) = known.split_once('.') else { continue };
        let fits = ending == known_ending || known_ending == "com" && (is_haste || HARDLY.contains(&ending));
        let apart = distance(name, known_name);
        // Of short names nearly all are near to each other.
        let near = match known_name.len() {
            0..5 => 0,
            5..7 => 1,
            _ => 2,
        };
        if fits && apart <= near && best.is_none_or(|best| apart < best.0) {
            best = Some((apart, known));
        }
    }
    match best {
        Some((_, known)) => Some([person, "@", known].concat()),
        None if is_haste => Some([person, "@", name, ".com"].concat()),
        None => None,
    }
}

/// How many letters to put in, take out, change, or swap with the next, to make one of the other.
fn distance(from: &str, to: &str) -> usize {
    let (from, to) = (from.as_bytes(), to.as_bytes());
    let (mut before, mut last): (Vec<usize>, Vec<usize>) = (Vec::new(), (0..=to.len()).collect());
    for i in 0..from.len() {
        let mut row = vec![i + 1];
        for j in 0..to.len() {
            let mut least = (last[j] + usize::from(from[i] != to[j])).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && from[i] == to[j - 1] && from[i - 1] == to[j] {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        before = last;
        last = row;
    }
    last[to.len()]
}

#[cfg(test)]
mod tests {
    use super::{distance, meant};

    #[test]
    fn a_slip_is_seen() {
        for (typed, right) in [
            ("jane@gmial.com", "jane@gmail.com"),
            ("jane@gmal.com", "jane@gmail.com"),
            ("jane@gamil.com", "jane@gmail.com"),
            ("jane@gmail.con", "jane@gmail.com"),
            ("Jane.Doe+x@Gnail.com", "Jane.Doe+x@gmail.com"),
            ("jane@hotmial.com", "jane@hotmail.com"),
            ("jane@hotnail.con", "jane@hotmail.com"),
            ("jane@otmail.com", "jane@hotmail.com"),
            ("jane@outlok.com", "jane@outlook.com"),
            ("jane@yaho.com", "jane@yahoo.com"),
            ("jane@yhaoo.co.uk", "jane@yahoo.co.uk"),
            ("jane@iclod.com", "jane@icloud.com"),
            ("jane@broker.cmo", "jane@broker.com"),
        ] {
            assert_eq!(meant(typed).as_deref(), Some(right), "{typed}");
        }
    }

    #[test]
    fn what_is_right_is_left_alone() {
        for right in [
            "jane@gmail.com",
            "jane@GMAIL.com",
            "jane@ymail.com",
            "jane@mail.com",
            "jane@gmx.de",
            "jane@web.de",
            "jane@me.com",
            "jane@wp.pl",
            "jane@broker.example",
            "jane@broker.com",
            "jane@company.co",
            "jane@mail.example",
            "jane@cmail.org",
            "jane@hotel.com",
            "jane@outlook.dk",
            "jane@bücher.example",
            "jane",
            "@gmial.com",
            "jane@",
            "",
        ] {
            assert_eq!(meant(right), None, "{right}");
        }
    }

    #[test]
    fn letters_apart() {
        assert_eq!(distance("gmail.com", "gmail.com"), 0);
        assert_eq!(distance("gmial.com", "gmail.com"), 1, "two that are swapped are one slip");
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abcd", "xbc"), 2);
    }
}
