//! A link as a QR code: black on white whatever the theme is, since that is what a camera reads.

use js_sys::{Array, Promise};
use leptos::prelude::*;
use qrcodegen::{QrCode, QrCodeEcc};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, CanvasRenderingContext2d, Element, HtmlCanvasElement};

use crate::{
    browser::{dom::set, task},
    partner::{
        Say,
        controls::button,
        save,
        view::{fill, follow, holds, is_shown, node, words},
    },
};

const SVG: &str = "http://www.w3.org/2000/svg";
/// The white around it, in modules, as the standard has it.
const QUIET: u32 = 4;
/// So many pixels at least a picture of it is wide.
const PIXELS: u32 = 1024;

#[derive(Debug, PartialEq, Eq)]
struct Code {
    /// In modules, with the white around it.
    side: u32,
    /// Dark modules beside each other: the first one's column, the row, how many.
    runs: Vec<[u32; 3]>,
}

pub(super) fn qr(say: Say, link: Box<dyn Fn() -> String>) -> Element {
    let code = RwSignal::new(None);
    follow(Box::new(move || code.set(Code::of(&link()))));
    let shown = node("div", &[("part", "code")], &[]);
    holds(&shown, move || code.with(|code| code.as_ref().map(|code| code.element(say)).into_iter().collect()));
    let too_long = words("p", &[("part", "none"), ("role", "status")], &say.text("links.qr.too_long"));
    is_shown(&too_long, move || code.with(Option::is_none));
    let svg = button(say, "links.qr.svg", "button quiet", move || {
        let text = code.with_untracked(|code| code.as_ref().map(Code::svg));
        if let Some(blob) = text.and_then(|text| save::blob(&Array::of1(&text.into()), "image/svg+xml")) {
            save::keep("qr-code.svg", &blob);
        }
    });
    let png = button(say, "links.qr.png", "button quiet", move || {
        let canvas = code.with_untracked(|code| code.as_ref().and_then(Code::painted));
        task::start(async move {
            let Some(canvas) = canvas else { return };
            if let Some(blob) = png(&canvas).await {
                save::keep("qr-code.png", &blob);
            }
        });
    });
    let actions = node("div", &[("part", "actions")], &[svg, png]);
    for part in [&shown, &actions] {
        is_shown(part, move || code.with(Option::is_some));
    }
    node("div", &[("part", "qr"), ("role", "group"), ("aria-label", &say.text("links.qr"))], &[shown, too_long, actions])
}

impl Code {
    /// `None` where that is too long for one.
    fn of(link: &str) -> Option<Code> {
        let code = QrCode::encode_binary(link.as_bytes(), QrCodeEcc::Medium).ok()?;
        Some(Code::from_modules(code.size(), &|x, y| code.get_module(x, y)))
    }

    fn from_modules(size: i32, is_dark: &dyn Fn(i32, i32) -> bool) -> Code {
        let mut runs = Vec::new();
        for y in 0..size {
            let mut x = 0;
            while x < size {
                let first = x;
                while x < size && is_dark(x, y) {
                    x += 1;
                }
                if x > first {
                    runs.push([first as u32 + QUIET, y as u32 + QUIET, (x - first) as u32]);
                }
                x += 1;
            }
        }
        Code { side: size as u32 + 2 * QUIET, runs }
    }

    fn view_box(&self) -> String {
        let side = self.side.to_string();
        ["0 0 ", &side, " ", &side].concat()
    }

    /// As the attribute `d` of a path has it.
    fn path(&self) -> String {
        let mut path = String::new();
        for [x, y, length] in &self.runs {
            let [x, y, length] = [x, y, length].map(u32::to_string);
            for part in ["M", &x, " ", &y, "h", &length, "v1h-", &length, "z"] {
                path.push_str(part);
            }
        }
        path
    }

    fn element(&self, say: Say) -> Element {
        let attributes = [
            ("viewBox", self.view_box()),
            ("role", "img".to_owned()),
            ("aria-label", say.text("links.qr.label")),
            ("part", "qr-code".to_owned()),
        ];
        let svg = drawn("svg", &attributes);
        let paper = drawn("rect", &[("width", "100%".to_owned()), ("height", "100%".to_owned()), ("fill", "#fff".to_owned())]);
        let modules = drawn("path", &[("d", self.path()), ("fill", "#000".to_owned()), ("shape-rendering", "crispEdges".to_owned())]);
        fill(&svg, &[paper, modules]);
        svg
    }

    /// A file.
    fn svg(&self) -> String {
        let start = ["<svg xmlns=\"", SVG, "\" viewBox=\"", &self.view_box()].concat();
        let paper = "\"><rect width=\"100%\" height=\"100%\" fill=\"#fff\"/><path shape-rendering=\"crispEdges\" d=\"";
        [&start, paper, &self.path(), "\"/></svg>\n"].concat()
    }

    /// In whole pixels to the module, so that it is sharp.
    fn painted(&self) -> Option<HtmlCanvasElement> {
        let canvas: HtmlCanvasElement = node("canvas", &[], &[]).unchecked_into();
        let scale = PIXELS.div_ceil(self.side);
        canvas.set_width(self.side * scale);
        canvas.set_height(self.side * scale);
        let brush: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.unchecked_into();
        let paint = |[x, y, width, height]: [u32; 4]| {
            let [x, y, width, height] = [x, y, width, height].map(|modules| f64::from(modules * scale));
            brush.fill_rect(x, y, width, height);
        };
        brush.set_fill_style_str("#fff");
        paint([0, 0, self.side, self.side]);
        brush.set_fill_style_str("#000");
        self.runs.iter().for_each(|[x, y, length]| paint([*x, *y, *length, 1]));
        Some(canvas)
    }
}

async fn png(canvas: &HtmlCanvasElement) -> Option<Blob> {
    let promise = Promise::new(&mut |done, _| {
        if canvas.to_blob(&done).is_err() {
            let _ = done.call0(&JsValue::UNDEFINED);
        }
    });
    JsFuture::from(promise).await.ok()?.dyn_into().ok()
}

fn drawn(tag: &str, attributes: &[(&str, String)]) -> Element {
    // Fails for names only that cannot be a tag's.
    let element = document().create_element_ns(Some(SVG), tag).unwrap_or_else(|_| unreachable!("{}", tag));
    for (name, value) in attributes {
        set(&element, name, Some(value));
    }
    element
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dark_modules_are_runs_in_white() {
        let modules = ["XX X", "    ", " XXX", "X   "];
        let code = Code::from_modules(4, &|x, y| modules[y as usize].as_bytes()[x as usize] == b'X');
        assert_eq!(code, Code { side: 12, runs: vec![[4, 4, 2], [7, 4, 1], [5, 6, 3], [4, 7, 1]] });
        assert_eq!(code.path(), "M4 4h2v1h-2zM7 4h1v1h-1zM5 6h3v1h-3zM4 7h1v1h-1z");
        assert!(code.svg().contains("viewBox=\"0 0 12 12\""));
    }

    #[test]
    fn a_link_is_drawn_and_one_too_long_is_not() {
        let link = "https://broker.example/join?subID=a&campaignId=b";
        let code = Code::of(link).expect("it fits");
        assert_eq!(code.side, 33 + 8, "version 4");
        // The first pattern to find it by.
        assert_eq!(code.runs[0], [4, 4, 7]);
        assert!(Code::of(&"x".repeat(2_331)).is_some());
        assert_eq!(Code::of(&"x".repeat(2_332)), None);
    }
}
