//! A rendered form as a tree: written as JSON for loaders, which build the page from it node by node (no page's policy refuses that,
//! as Trusted Types refuse HTML in a text), and as HTML for pages of ours.

use std::cell::RefCell;

use html5ever::{
    buffer_queue::BufferQueue,
    tendril::StrTendril,
    tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, states::RawKind},
};
use latchkey_contract::countries;
use serde::{Serialize, Serializer, ser::SerializeSeq};

/// A piece of a form.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Node {
    Element { tag: String, attributes: Vec<(String, String)>, children: Vec<Node> },
    Text(String),
}

/// Elements that have no end tag (HTML standard, 13.1.2).
const VOID: [&str; 5] = ["br", "hr", "img", "input", "link"];

/// Reads what a component has rendered: one element, well-formed.
pub(super) fn parse(html: &str) -> Node {
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(html));
    let tokenizer = Tokenizer::new(Builder::default(), Default::default());
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    // The first that was opened is the one that stays.
    tokenizer.sink.open.into_inner().pop().and_then(|mut root| root.children.pop()).unwrap_or(Node::Text(String::new()))
}

struct Builder {
    /// The elements that are not closed yet, below a root of ours.
    open: RefCell<Vec<Open>>,
}

#[derive(Default)]
struct Open {
    tag: String,
    attributes: Vec<(String, String)>,
    children: Vec<Node>,
}

impl Default for Builder {
    fn default() -> Builder {
        Builder { open: RefCell::new(vec![Open::default()]) }
    }
}

impl TokenSink for Builder {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut open = self.open.borrow_mut();
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => {
                let element = opened(&tag);
                let (is_void, is_raw) = (VOID.contains(&element.tag.as_str()), element.tag == "textarea");
                open.push(element);
                if is_void {
                    close(&mut open);
                } else if is_raw {
                    return TokenSinkResult::RawData(RawKind::Rcdata);
                }
            }
            Token::TagToken(_) => close(&mut open),
            Token::CharacterTokens(text) => add_text(&mut open, &text),
            // Leptos' marks between two texts are nobody's: nothing is hydrated.
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

fn opened(tag: &Tag) -> Open {
    let attribute = |attribute: &html5ever::Attribute| (attribute.name.local.to_string(), attribute.value.to_string());
    Open { tag: tag.name.to_string(), attributes: tag.attrs.iter().map(attribute).collect(), children: Vec::new() }
}

fn close(open: &mut Vec<Open>) {
    if open.len() > 1
        && let Some(Open { tag, attributes, mut children }) = open.pop()
    {
        // Leptos writes a space for a text that is empty, so that there is a node to find. What is empty is hidden by our styles.
        children.retain(|child| *child != Node::Text(" ".to_owned()));
        add(open, Node::Element { tag, attributes, children });
    }
}

fn add_text(open: &mut [Open], text: &str) {
    // The tokenizer gives a text in pieces: a character reference by itself.
    if let Some(Open { children, .. }) = open.last_mut() {
        match children.last_mut() {
            Some(Node::Text(before)) => before.push_str(text),
            _ => children.push(Node::Text(text.to_owned())),
        }
    }
}

fn add(open: &mut [Open], node: Node) {
    if let Some(parent) = open.last_mut() {
        parent.children.push(node);
    }
}

impl Node {
    /// Without the inputs of steps that are not shown. A script shows them when it is their turn; a page without one asks for them then.
    pub(crate) fn without_hidden_steps(mut self) -> Node {
        self.empty_hidden_steps();
        self
    }

    fn empty_hidden_steps(&mut self) {
        if let Node::Element { attributes, children, .. } = self {
            let has = |name: &str| attributes.iter().any(|(known, _)| known == name);
            if has("data-step") && has("hidden") {
                children.clear();
            }
            children.iter_mut().for_each(Node::empty_hidden_steps);
        }
    }

    /// Without the options of a list of all countries, which takes more than the rest of a form and which a browser can name itself: it
    /// is marked, for the element's script. Whether there was one.
    pub(crate) fn without_countries(&mut self) -> bool {
        let Node::Element { tag, attributes, children } = self else { return false };
        if tag == "select" && children.len() > countries::codes().count() {
            children.truncate(1);
            attributes.push(("data-countries".to_owned(), String::new()));
            return true;
        }
        children.iter_mut().fold(false, |found, child| child.without_countries() | found)
    }

    pub(crate) fn html(&self) -> String {
        let mut html = String::new();
        self.write(&mut html);
        html
    }

    fn write(&self, html: &mut String) {
        match self {
            Node::Text(text) => escape(text, html),
            Node::Element { tag, attributes, children } => {
                html.push('<');
                html.push_str(tag);
                for (name, value) in attributes {
                    html.push(' ');
                    html.push_str(name);
                    html.push_str("=\"");
                    escape(value, html);
                    html.push('"');
                }
                html.push('>');
                if VOID.contains(&tag.as_str()) {
                    return;
                }
                children.iter().for_each(|child| child.write(html));
                html.push_str("</");
                html.push_str(tag);
                html.push('>');
            }
        }
    }
}

fn escape(text: &str, html: &mut String) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            c => html.push(c),
        }
    }
}

/// An element is `["tag", {attributes}, children…]`, a text a text. `widgets/loader/tree.js` reads it.
impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Node::Text(text) => serializer.serialize_str(text),
            Node::Element { tag, attributes, children } => {
                let mut list = serializer.serialize_seq(Some(2 + children.len()))?;
                list.serialize_element(tag)?;
                list.serialize_element(&Attributes(attributes))?;
                for child in children {
                    list.serialize_element(child)?;
                }
                list.end()
            }
        }
    }
}

struct Attributes<'a>(&'a [(String, String)]);

impl Serialize for Attributes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_rendered_comes_back_as_it_was() {
        let html = r#"<div lang="en"><p part="error"> </p>a &amp; b<!>c<input type="text" value="&quot;x&quot;"><textarea>&lt;b&gt;</textarea><select><option value="1" selected>one</option></select></div>"#;
        let tree = parse(html);
        let json = serde_json::to_value(&tree).expect("JSON");
        let expected = serde_json::json!(["div", {"lang": "en"}, ["p", {"part": "error"}], "a & bc",
            ["input", {"type": "text", "value": "\"x\""}], ["textarea", {}, "<b>"], ["select", {}, ["option", {"value": "1", "selected": ""}, "one"]]]);
        assert_eq!(json, expected);
        let plain = html.replace("> </p>", "></p>").replace("<!>", "").replace(" selected>", r#" selected="">"#);
        assert_eq!(tree.html(), plain);
    }

    #[test]
    fn a_list_of_all_countries_is_left_to_the_browser() {
        let options: String = countries::codes().map(|code| format!(r#"<option value="{code}">{code}</option>"#)).collect();
        let list = |options: &str| format!(r#"<form><select name="c"><option value="">?</option>{options}</select></form>"#);
        let mut all = parse(&list(&options));
        assert!(all.without_countries());
        assert_eq!(all.html(), r#"<form><select name="c" data-countries=""><option value="">?</option></select></form>"#);
        let mut few = parse(&list(r#"<option value="DE">DE</option>"#));
        assert!(!few.without_countries());
    }

    #[test]
    fn steps_that_are_not_shown_are_left_out() {
        let tree = parse(r#"<form><div data-step="a" hidden="true"><input></div><div data-step="b"><input></div></form>"#);
        let shown = r#"<form><div data-step="a" hidden="true"></div><div data-step="b"><input></div></form>"#;
        assert_eq!(tree.without_hidden_steps().html(), shown);
    }
}
