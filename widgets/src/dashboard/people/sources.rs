//! What the affiliate's people came from, and what became of those of each.

use latchkey_contract::partner::SourceRow;
use leptos::prelude::*;
use web_sys::Element;

use super::listing;
use crate::{
    browser::json::Json,
    dashboard::{board::Board, frame::framed, panels::Place, shown::kept},
    partner::{
        Say,
        format::Style,
        view::{holds, node, words},
    },
};

pub(in crate::dashboard) fn sources(board: Board, place: Place) -> Element {
    let say = board.say;
    let asked = kept(board, place, board.beat, "/sources", |answer| answer.list("sources", read));
    let shown = node("div", &[], &[]);
    holds(&shown, move || {
        asked.value.with(|sources| match sources {
            Some(sources) if sources.is_empty() => vec![words("p", &[("part", "empty")], &say.text("sources.none"))],
            Some(sources) => vec![table(say, sources)],
            None => Vec::new(),
        })
    });
    framed(board, asked.course, "of-list", &shown)
}

fn read(source: &Json) -> SourceRow {
    let count = |name: &str| source.number(name).unwrap_or_default() as u64;
    SourceRow {
        source: source.text("source").unwrap_or_default(),
        signups: count("signups"),
        registrations: count("registrations"),
        deposited: count("deposited"),
    }
}

fn table(say: Say, sources: &[SourceRow]) -> Element {
    let row = |source: &SourceRow| {
        let share = share(source.deposited, source.signups).map(|share| say.decimal(Style::Percent, &share));
        let [signups, registrations, deposited] =
            [source.signups, source.registrations, source.deposited].map(|count| say.number(count as usize));
        listing::row(&[source.source.clone(), signups, registrations, deposited, share.unwrap_or_else(|| "–".to_owned())])
    };
    let rows: Vec<_> = sources.iter().map(row).collect();
    let heads = ["source", "sources.signups", "sources.registrations", "sources.deposited", "sources.share"].map(|key| say.text(key));
    let total = node("tfoot", &[], &[row(&total(say.text("total"), sources))]);
    listing::listing("of-numbers", &say.text("panel.sources"), &heads, &[node("tbody", &[], &rows), total])
}

fn total(name: String, sources: &[SourceRow]) -> SourceRow {
    let sum = |of: fn(&SourceRow) -> u64| sources.iter().map(of).sum();
    SourceRow {
        source: name,
        signups: sum(|source| source.signups),
        registrations: sum(|source| source.registrations),
        deposited: sum(|source| source.deposited),
    }
}

/// The part of the whole as decimal text, rounded to four digits; of nothing there is none.
fn share(part: u64, whole: u64) -> Option<String> {
    let share = (part * 10_000 + whole / 2).checked_div(whole)?;
    // Ten thousand more, so that no zero is lost in front.
    let digits = (10_000 + share % 10_000).to_string();
    Some([&(share / 10_000).to_string(), ".", &digits[1..]].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_of_what_there_is() {
        assert_eq!(share(1, 3).as_deref(), Some("0.3333"));
        assert_eq!(share(2, 3).as_deref(), Some("0.6667"));
        assert_eq!(share(1, 200).as_deref(), Some("0.0050"));
        assert_eq!(share(7, 7).as_deref(), Some("1.0000"));
        assert_eq!(share(0, 7).as_deref(), Some("0.0000"));
        assert_eq!(share(0, 0), None);
    }

    #[test]
    fn a_total_is_of_all() {
        let row = |signups, registrations, deposited| SourceRow { source: String::new(), signups, registrations, deposited };
        assert_eq!(total(String::new(), &[row(3, 2, 1), row(5, 4, 0)]), row(8, 6, 1));
        assert_eq!(total(String::new(), &[]), row(0, 0, 0));
    }
}
