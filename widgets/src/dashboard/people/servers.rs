//! The trading servers, by platform.

use leptos::prelude::*;
use web_sys::Element;

use crate::{
    browser::json::Json,
    dashboard::{board::Board, frame::framed, panels::Place, shown::kept},
    partner::{
        Say,
        view::{holds, node, words},
    },
};

/// A platform and its servers' tags.
type Platform = (String, Vec<String>);

pub(in crate::dashboard) fn servers(board: Board, place: Place) -> Element {
    let say = board.say;
    let asked = kept(board, place, board.beat, "/servers", read);
    let shown = node("div", &[], &[]);
    holds(&shown, move || {
        asked.value.with(|platforms| match platforms {
            Some(platforms) if platforms.is_empty() => vec![words("p", &[("part", "empty")], &say.text("servers.none"))],
            Some(platforms) => vec![node("div", &[("part", "platforms")], &platforms.iter().map(|one| card(say, one)).collect::<Vec<_>>())],
            None => Vec::new(),
        })
    });
    framed(board, asked.course, "of-list", &shown)
}

fn read(answer: &Json) -> Vec<Platform> {
    let servers = answer.member("servers");
    let platform = |(name, _): (String, Json)| {
        let tags = servers.words(&name);
        (name, tags)
    };
    answer.members("servers").into_iter().map(platform).collect()
}

fn card(say: Say, (platform, tags): &Platform) -> Element {
    let list: Vec<_> = tags.iter().map(|tag| words("li", &[("part", "tag"), ("dir", "ltr")], tag)).collect();
    let count = words("p", &[("part", "none")], &say.counted("servers.count", tags.len()));
    node("section", &[("part", "tile")], &[words("h3", &[("dir", "auto")], platform), count, node("ul", &[("part", "tags")], &list)])
}
