//! Questions that are asked while their panel is shown, and again when all is asked for anew.

use std::cell::Cell;

use leptos::prelude::*;

use super::{asked::Asked, board::Board, panels::Place};
use crate::{browser::json::Json, partner::view::follow};

/// Asks for what is at that path while the panel is shown, unless that was done since `beat` changed.
pub(super) fn kept<T: PartialEq + Send + Sync + 'static>(
    board: Board,
    place: Place,
    beat: RwSignal<u32>,
    path: &'static str,
    read: fn(&Json) -> T,
) -> Asked<T> {
    let asked = Asked::new();
    let keep = move |answer: &Json| {
        let new = Some(read(answer));
        // What is shown is not made anew while nothing changes: somebody may read it, or be at one of its buttons.
        if asked.value.try_with_untracked(|known| *known != new) == Some(true) {
            asked.value.set(new);
        }
    };
    while_shown(place, beat, Box::new(move || asked.course.ask(board, path.to_owned(), Box::new(keep))));
    asked
}

fn while_shown(place: Place, beat: RwSignal<u32>, ask: Box<dyn Fn()>) {
    let last = Cell::new(None);
    follow(Box::new(move || {
        let now = beat.get();
        if place.is_shown() && last.replace(Some(now)) != Some(now) {
            untrack(&ask);
        }
    }));
}
