//! The affiliate's wallets, each with what is in it.

use latchkey_contract::partner::{Quantity, Wallet};
use leptos::prelude::*;
use web_sys::Element;

use super::asking::Asking;
use crate::{
    browser::{dom::set, json::Json},
    dashboard::{board::Board, frame::framed, panels::Place, shown::kept},
    partner::{
        Say,
        controls::button,
        view::{has, holds, node, words},
    },
};

/// As `GET /wallet` has it, but for its age.
#[derive(Clone, PartialEq)]
pub(super) struct Held {
    pub(super) wallets: Vec<Wallet>,
    /// Whether a payout is pending, as far as anybody knows.
    is_pending: bool,
}

/// `is_payable`: whether a payout can be asked for.
pub(super) fn wallets(board: Board, is_payable: bool, place: Place) -> Element {
    let say = board.say;
    let asked = kept(board, place, board.beat, "/wallet", read);
    let asking = Asking::new(board, asked.value);
    let shown = node("div", &[("part", "section")], &[]);
    holds(&shown, move || {
        asked.value.with(|held| match held {
            Some(held) if held.wallets.is_empty() => vec![words("p", &[("part", "empty")], &say.text("wallets.none"))],
            Some(held) => {
                let asking = (is_payable && !held.is_pending).then_some(asking);
                let cards: Vec<_> = held.wallets.iter().map(|wallet| card(say, wallet, asking)).collect();
                let pending = (is_payable && held.is_pending).then(|| words("p", &[("part", "pending")], &say.text("payout.pending")));
                std::iter::once(node("ul", &[("part", "wallets")], &cards)).chain(pending).collect()
            }
            None => Vec::new(),
        })
    });
    let parts = [words("h3", &[], &say.text("wallets")), asking.outcome(), framed(board, asked.course, "of-list", &shown), asking.dialog()];
    node("section", &[("part", "section")], &parts)
}

fn read(answer: &Json) -> Held {
    let quantity = |balance: Json| {
        let amount = balance.text("amount")?;
        Some(Quantity { currency: balance.text("currency").unwrap_or_default(), amount })
    };
    let wallet =
        |wallet: &Json| Some(Wallet { id: wallet.text("id")?, status: wallet.text("status"), balance: quantity(wallet.member("balance")) });
    Held { wallets: answer.list("wallets", wallet).into_iter().flatten().collect(), is_pending: answer.truth("payoutPending") }
}

/// What is in it, written.
pub(super) fn amount(say: Say, wallet: &Wallet) -> Option<String> {
    wallet.balance.as_ref().map(|balance| say.money(&balance.amount, &balance.currency))
}

fn card(say: Say, wallet: &Wallet, asking: Option<Asking>) -> Element {
    let name = words("span", &[("part", "name")], &say.text("wallet"));
    let mut parts = vec![name, words("span", &[("part", "address"), ("dir", "ltr")], &wallet.id)];
    parts.extend(amount(say, wallet).map(|amount| words("strong", &[("part", "balance")], &amount)));
    if let Some(status) = &wallet.status {
        parts.push(words("span", &[("part", "kind"), ("dir", "auto")], status));
    }
    if let Some(asking) = asking {
        let chosen = wallet.id.clone();
        let ask = button(say, "payout.ask", "button quiet", move || asking.confirm(&chosen));
        set(&ask, "aria-label", Some(&say.filled("payout.ask.of", &[("wallet", &wallet.id)])));
        has(&ask, "aria-disabled", move || asking.is_under_way().then(|| "true".to_owned()));
        parts.push(ask);
    }
    node("li", &[("part", "tile")], &parts)
}
