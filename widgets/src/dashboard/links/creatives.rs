//! Banners and logos, to look at, to download, and with the link that they lead to.

use latchkey_contract::partner::{Creative, CreativeKind};
use leptos::prelude::*;
use web_sys::Element;

use super::{copying::copying, own::Own};
use crate::{
    browser::{dom::set, json::Json},
    dashboard::{board::Board, frame::framed, panels::Place, shown::kept},
    partner::{
        Say,
        controls::button,
        save,
        view::{hears, holds, node, says, words},
    },
};

pub(super) fn creatives(board: Board, own: Own, place: Place) -> Element {
    let say = board.say;
    // Pictures are large and change seldom: not with each beat.
    let asked = kept(board, place, board.refreshed, "/creatives", |answer| answer.list("creatives", read));
    let list = node("div", &[], &[]);
    holds(&list, move || {
        asked.value.with(|creatives| match creatives {
            Some(creatives) if creatives.is_empty() => vec![words("p", &[("part", "empty")], &say.text("creatives.none"))],
            Some(creatives) => {
                let cards: Vec<_> = creatives.iter().map(|creative| card(say, own, creative)).collect();
                vec![node("ul", &[("part", "creatives")], &cards)]
            }
            None => Vec::new(),
        })
    });
    let title = words("h3", &[], &say.text("creatives.title"));
    node("section", &[("part", "section")], &[title, framed(board, asked.course, "of-list", &list)])
}

fn read(creative: &Json) -> Creative {
    let kind = if creative.text("kind").as_deref() == Some("logo") { CreativeKind::Logo } else { CreativeKind::Banner };
    Creative { kind, name: creative.text("name").unwrap_or_default(), link: creative.text("link"), image: creative.text("image") }
}

fn card(say: Say, own: Own, creative: &Creative) -> Element {
    let kind = say.text(if creative.kind == CreativeKind::Logo { "creatives.logo" } else { "creatives.banner" });
    let name = if creative.name.is_empty() { kind.clone() } else { creative.name.clone() };
    let mut parts = Vec::new();
    if let Some(image) = &creative.image {
        parts.push(picture(image, &name));
    }
    parts.push(words("span", &[("part", "name"), ("dir", "auto")], &name));
    parts.push(words("span", &[("part", "kind")], &kind));
    if let Some(link) = creative.link.clone() {
        let link = move || own.link(&link);
        let address = node("span", &[("part", "address"), ("dir", "ltr")], &[]);
        says(&address, link.clone());
        parts.extend([address, copying(say, Some(&name), "link", Box::new(link))]);
    }
    if let Some(image) = creative.image.clone() {
        let file = name.clone();
        let download = button(say, "creatives.download", "link", move || {
            if let Some(picture) = save::of_data(&image) {
                save::keep(&file_name(&file, &picture.type_()), &picture);
            }
        });
        set(&download, "aria-label", Some(&say.filled("creatives.download.of", &[("name", &name)])));
        parts.push(download);
    }
    node("li", &[("part", "tile")], &parts)
}

/// A page's policy may refuse it: then its name is there still.
fn picture(image: &str, name: &str) -> Element {
    let picture = node("img", &[("part", "creative-image"), ("loading", "lazy"), ("decoding", "async"), ("alt", name)], &[]);
    let refused = picture.clone();
    hears(&picture, "error", move |_| set(&refused, "hidden", Some("")));
    // Once somebody hears whether it can be shown.
    set(&picture, "src", Some(image));
    picture
}

/// With the ending that its kind has.
fn file_name(name: &str, kind: &str) -> String {
    let ending = [".", kind.rsplit('/').next().unwrap_or_default()].concat();
    if name.ends_with(&ending) { name.to_owned() } else { [name, &ending].concat() }
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn a_file_is_called_as_its_picture_is() {
        assert_eq!(file_name("Summer", "image/png"), "Summer.png");
        assert_eq!(file_name("summer.png", "image/png"), "summer.png");
    }
}
