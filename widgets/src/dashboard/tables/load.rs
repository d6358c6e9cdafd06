//! Asking for a table's rows: the first page when the question changes or all is asked for anew, the next ones as they come near.

use std::cell::RefCell;

use latchkey_contract::partner::MOST_ROWS;
use leptos::prelude::*;

use super::{
    pages::{Kept, Pages},
    sheet::Sheet,
};
use crate::{
    browser::{json::Json, pause, task},
    dashboard::{
        asked::{SYNCING_AT_MOST_MS, SYNCING_MS, WAITS, age},
        panels::Place,
    },
    partner::{Failure, view::follow},
};

const FIRST_PAGE: &str = "200";
/// The next page is asked for so many rows before the end of those that are there.
const AHEAD: usize = 150;
/// While the proxy still asks the CRM, rows are read again as far down as this.
const SYNCED: usize = 2_000;

/// Keeps the rows what is asked for, while the table is shown.
pub(super) fn keep_up(sheet: Sheet, place: Place) {
    let asked = RefCell::new(None);
    follow(Box::new(move || {
        if !place.is_shown() {
            return;
        }
        let Some(query) = sheet.query() else { return };
        let wanted = Some((query.clone(), sheet.board.refreshed.get()));
        if *asked.borrow() != wanted {
            asked.replace(wanted);
            untrack(|| first(sheet, place, query));
        }
    }));
}

fn first(sheet: Sheet, place: Place, query: String) {
    let (course, pages) = (sheet.course, sheet.pages);
    let number = course.begin();
    task::start(async move {
        let mut pace = SYNCING_MS;
        loop {
            // Rows of the same question stay where they are scrolled to.
            let is_same = pages.is_of(&query);
            let Some(answer) = read(sheet, number, &query, is_same).await else { return };
            let age = match answer {
                Ok((kept, first)) => {
                    let age = age(&first);
                    sheet.offer(&first.member("choices"));
                    let total = first.number("total").map_or(kept.count(), |total| total as usize);
                    pages.replace(kept, total);
                    course.end(sheet.board, Ok(age.clone()));
                    age
                }
                Err(failure) => {
                    if !is_same {
                        // What is there is no answer to this.
                        course.age.set(None);
                    }
                    course.end(sheet.board, Err(failure));
                    return;
                }
            };
            if !age.syncing || pages.reached.get_value() > SYNCED {
                return;
            }
            // Until somebody looks at it again.
            loop {
                pause::milliseconds(pace).await;
                if !course.is_current(number) {
                    return;
                }
                if untrack(|| place.is_shown()) {
                    break;
                }
            }
            pace = (pace * 2).min(SYNCING_AT_MOST_MS);
        }
    });
}

/// The first page, and where `is_same` more, as [`more`] would ask for; the first answer too. `None` where nobody waits for it any more.
async fn read(sheet: Sheet, number: u32, query: &str, is_same: bool) -> Option<Result<(Kept, Json), Failure>> {
    let is_wanted = move || sheet.course.is_current(number);
    let mut kept = Kept::new(query.to_owned());
    let first = match get(sheet, &["limit=", FIRST_PAGE, "&choices=true"].concat(), query, &is_wanted).await? {
        Ok(first) => first,
        Err(failure) => return Some(Err(failure)),
    };
    kept.add(&first);
    // It is scrolled while this goes on; and with fewer than there are, it would be shorter for a moment.
    while is_same
        && kept.count() < sheet.pages.reached.get_value() + AHEAD
        && let Some(next) = kept.next()
    {
        match get(sheet, &following(&next), query, &is_wanted).await? {
            Ok(answer) => kept.add(&answer),
            Err(failure) => return Some(Err(failure)),
        }
    }
    Some(Ok((kept, first)))
}

fn following(next: &str) -> String {
    ["limit=", &MOST_ROWS.to_string(), "&cursor=", &String::from(js_sys::encode_uri_component(next))].concat()
}

/// Asks for the next pages, one after the other, as long as the end of what is there is near.
pub(super) fn more(sheet: Sheet) {
    let pages = sheet.pages;
    let edition = pages.edition.get_untracked();
    // One at a time; after a failure the affiliate says when.
    if pages.asking.get_value() == Some(edition) || pages.failure.with_untracked(Option::is_some) || !is_near_the_end(pages) {
        return;
    }
    pages.asking.set_value(Some(edition));
    task::start(async move {
        let is_wanted = move || pages.edition.try_get_untracked() == Some(edition);
        while is_wanted()
            && is_near_the_end(pages)
            && let Some((query, next)) = pages.next()
        {
            match get(sheet, &following(&next), &query, &is_wanted).await {
                None => return,
                Some(Ok(answer)) => pages.add(&answer),
                Some(Err(failure)) => {
                    sheet.board.tell(&failure);
                    pages.failure.set(Some(failure));
                    break;
                }
            }
        }
        if is_wanted() {
            pages.asking.set_value(None);
        }
    });
}

/// Also where it is far past what was wanted when it was asked.
fn is_near_the_end(pages: Pages) -> bool {
    pages.reached.get_value() + AHEAD > pages.count.get_untracked() && pages.next().is_some()
}

/// Waits where it is told to.
async fn get(sheet: Sheet, page: &str, query: &str, is_wanted: &dyn Fn() -> bool) -> Option<Result<Json, Failure>> {
    let joint = if query.is_empty() { "" } else { "&" };
    let path = ["/", sheet.table.as_str(), "?", page, joint, query].concat();
    let mut waits = 0;
    loop {
        let answer = sheet.board.client()?.get(&path).await;
        if !is_wanted() {
            return None;
        }
        match answer {
            Err(Failure::Busy(seconds)) if waits < WAITS => {
                waits += 1;
                pause::milliseconds(seconds.clamp(1, 60) * 1_000).await;
                if !is_wanted() {
                    return None;
                }
            }
            answer => return Some(answer),
        }
    }
}
