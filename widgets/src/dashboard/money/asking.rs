//! Asking for a payout: of one wallet, once the affiliate has confirmed it, and never twice at once.

use latchkey_contract::partner::Wallet;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDialogElement, HtmlElement};

use super::wallets::{Held, amount};
use crate::{
    browser::{
        dom::set,
        json::{self, object},
        task,
    },
    dashboard::board::Board,
    partner::{
        Failure,
        controls::{button, told},
        view::{fill, has, node, says, words},
    },
};

/// Copied around in the components; gone with them.
#[derive(Clone, Copy)]
pub(super) struct Asking {
    board: Board,
    held: RwSignal<Option<Held>>,
    /// The wallet that it is about, by its id.
    wallet: RwSignal<String>,
    is_under_way: RwSignal<bool>,
    /// What came of it: the key of a text, or nothing.
    outcome: RwSignal<&'static str>,
    dialog: StoredValue<HtmlDialogElement, LocalStorage>,
    said: StoredValue<HtmlElement, LocalStorage>,
}

impl Asking {
    pub(super) fn new(board: Board, held: RwSignal<Option<Held>>) -> Asking {
        Asking {
            board,
            held,
            wallet: RwSignal::default(),
            is_under_way: RwSignal::new(false),
            outcome: RwSignal::new(""),
            dialog: StoredValue::new_local(dialog_element()),
            // It is gone to from the dialog, and is no stop on the way through the page.
            said: StoredValue::new_local(node("p", &[("part", "outcome"), ("role", "status"), ("tabindex", "-1")], &[]).unchecked_into()),
        }
    }

    pub(super) fn is_under_way(self) -> bool {
        self.is_under_way.get()
    }

    /// Asks the affiliate whether it means it.
    pub(super) fn confirm(self, wallet: &str) {
        if self.is_under_way.get_untracked() {
            return;
        }
        self.outcome.set("");
        self.wallet.set(wallet.to_owned());
        // Fails for one that is open.
        self.dialog.with_value(|dialog| drop(dialog.show_modal()));
    }

    /// What came of it, beside the wallets: there it stays once the dialog is closed.
    pub(super) fn outcome(self) -> Element {
        let say = self.board.say;
        let said: Element = self.said.with_value(|said| said.clone().into());
        says(&said, move || match self.outcome.get() {
            "" => String::new(),
            key => say.text(key),
        });
        has(&said, "data-is", move || (self.outcome.get() == DONE).then(|| "done".to_owned()));
        said
    }

    pub(super) fn dialog(self) -> Element {
        let say = self.board.say;
        let title = words("h3", &[("id", "payout-title")], &say.text("payout.title"));
        let question = node("p", &[("id", "payout-question")], &[]);
        says(&question, move || self.question());
        let yes = button(say, "payout.yes", "button", move || self.ask());
        has(&yes, "aria-disabled", move || self.is_under_way().then(|| "true".to_owned()));
        let waits = words("p", &[("part", "told"), ("role", "status")], "");
        says(&waits, move || if self.is_under_way() { say.text("payout.asking") } else { String::new() });
        let no = button(say, "payout.no", "button quiet", move || self.close());
        // It begins at what does no harm: an enter key that is held goes on to press what has the focus.
        set(&no, "autofocus", Some(""));
        let actions = node("div", &[("part", "actions")], &[yes, no]);
        let dialog: Element = self.dialog.with_value(|dialog| dialog.clone().into());
        fill(&dialog, &[title, question, waits, actions]);
        dialog
    }

    /// As it is in the wallet now: the broker pays out what is in it then.
    fn question(self) -> String {
        let (say, id) = (self.board.say, self.wallet.get());
        let found = |held: &Held| held.wallets.iter().find(|wallet| wallet.id == id).and_then(|wallet: &Wallet| amount(say, wallet));
        let amount = self.held.with(|held| held.as_ref().and_then(found));
        match amount {
            Some(amount) => say.filled("payout.question", &[("amount", &amount), ("wallet", &id)]),
            None => say.filled("payout.question.all", &[("wallet", &id)]),
        }
    }

    fn close(self) {
        self.dialog.with_value(HtmlDialogElement::close);
    }

    fn ask(self) {
        if self.is_under_way.get_untracked() {
            return;
        }
        self.is_under_way.set(true);
        let body = json::to_text(&object([("wallet", self.wallet.get_untracked().into()), ("confirmed", true.into())]));
        task::start(async move {
            let Some(client) = self.board.client() else { return };
            let answer = client.post("/payouts", &body).await;
            // Whether there is still somebody to hear of it.
            if self.is_under_way.try_set(false).is_some() {
                return;
            }
            if let Err(failure) = &answer {
                self.board.tell(failure);
            }
            self.outcome.set(answer.map_or_else(|failure| outcome(&failure), |_| DONE));
            // Whoever has closed it is elsewhere by now, and stays there.
            if self.dialog.with_value(HtmlDialogElement::open) {
                self.close();
                let _ = self.said.with_value(|said| said.focus());
            }
            // What is in the wallets, what is pending and the payouts are other than they were, or may be.
            self.board.refresh();
        });
    }
}

const DONE: &str = "payout.done";

/// The key of the text that tells what a failure means for the payout.
fn outcome(failure: &Failure) -> &'static str {
    match failure {
        Failure::Failed(409) => "payout.pending",
        // The request was on its way, here or from the proxy to the CRM.
        Failure::Offline | Failure::Crm | Failure::Failed(0 | 500..) => "payout.unknown",
        _ => told(failure),
    }
}

fn dialog_element() -> HtmlDialogElement {
    let attributes = [("part", "dialog"), ("aria-labelledby", "payout-title"), ("aria-describedby", "payout-question")];
    node("dialog", &attributes, &[]).unchecked_into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_have_arrived_is_not_said_to_have_failed() {
        for failure in [Failure::Offline, Failure::Crm, Failure::Failed(0), Failure::Failed(502)] {
            assert_eq!(outcome(&failure), "payout.unknown", "{failure:?}");
        }
        assert_eq!(outcome(&Failure::Failed(409)), "payout.pending");
        assert_eq!(outcome(&Failure::Refused), "trouble.refused");
        assert_eq!(outcome(&Failure::Invalid(Vec::new())), "trouble.failed");
    }
}
