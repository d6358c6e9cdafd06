//! What may be sent, as tables of members, and what is wrong with what was: one set of checks for bodies, forms and queries of every
//! CRM.
//!
//! The documents say nothing of members they do not list, of `null`, or of what else makes a value wrong. All of it is refused, by
//! name: an adapter's slip of the pen should show in a test, not get lost in a CRM that is more forgiving. The words are ours, but for
//! those that a CRM's own `documented` has.

use std::borrow::Cow;
use std::fmt;

use serde_json::{Map, Value};

use crate::shapes::{is_address, is_date, is_digits};

/// One row of a table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Member {
    pub(crate) name: &'static str,
    rule: Rule,
    pub(crate) required: bool,
    filled: bool,
    nullable: bool,
    blank: bool,
}

/// What a value must be.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Rule {
    Text,
    /// A text of which this holds, or else what it must be.
    Like(fn(&str) -> bool, &'static str),
    /// From this many to that many characters.
    Length(usize, usize),
    OneOf(&'static [&'static str]),
    Flag,
    /// A whole number.
    AtLeast(usize),
    /// A list; in a query, one that is repeated.
    Texts,
    SomeOf(&'static [&'static str]),
    /// An object with whatever members.
    Object,
    /// An object whose members are texts, whatever they are called.
    ObjectOfTexts,
    Members(&'static [Member]),
    /// A list of such objects.
    ListOf(&'static [Member]),
}

pub(crate) const EMAIL: Rule = Rule::Like(is_address, "be an email address");
pub(crate) const DATE: Rule = Rule::Like(is_date, "be a date, YYYY-MM-DD");

impl Member {
    pub(crate) const fn new(name: &'static str, rule: Rule) -> Self {
        Self { name, rule, required: false, filled: false, nullable: false, blank: false }
    }

    /// It must be there.
    pub(crate) const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    /// It must be there, and a blank text counts as absent.
    pub(crate) const fn filled(self) -> Self {
        Self { filled: true, ..self.required() }
    }

    pub(crate) const fn or_null(self) -> Self {
        Self { nullable: true, ..self }
    }

    /// A blank text counts as absent, whatever the rule.
    pub(crate) const fn or_blank(self) -> Self {
        Self { blank: true, ..self }
    }

    pub(crate) fn is_repeatable(&self) -> bool {
        matches!(self.rule, Rule::Texts | Rule::SomeOf(_))
    }

    fn check(&self, path: &str, value: &Value) -> Result<(), Wrong> {
        let blank = value.as_str().is_some_and(is_blank);
        if self.filled && blank {
            return Err(Wrong::required(path));
        }
        if self.nullable && value.is_null() || self.blank && blank { Ok(()) } else { self.rule.check(path, value) }
    }

    /// The same, of a query or a form.
    pub(crate) fn check_text(&self, text: &str) -> Result<(), Wrong> {
        if self.filled && is_blank(text) { Err(Wrong::required(self.name)) } else { self.rule.check_text(self.name, text) }
    }
}

/// The row of that name.
pub(crate) fn find<'a>(table: &'a [Member], name: &str, path: &str) -> Result<&'a Member, Wrong> {
    table.iter().find(|member| member.name == name).ok_or_else(|| Wrong::unknown(path))
}

/// The first of the rows that are required and that are not there.
pub(crate) fn all_required(path: &str, table: &[Member], is_there: impl Fn(&str) -> bool) -> Result<(), Wrong> {
    let lacking = table.iter().find(|member| member.required && !is_there(member.name));
    lacking.map_or(Ok(()), |member| Err(Wrong::required(join(path, member.name))))
}

/// Holds an object against a table; `path` leads to it, and is empty for a body.
pub(crate) fn check(path: &str, members: &Map<String, Value>, table: &[Member]) -> Result<(), Wrong> {
    for (name, value) in members {
        let path = join(path, name);
        find(table, name, &path)?.check(&path, value)?;
    }
    all_required(path, table, |name| members.contains_key(name))
}

pub(crate) fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// Absent, `null`, or a text with nothing in it.
pub(crate) fn is_missing(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => true,
        Some(value) => value.as_str().is_some_and(is_blank),
    }
}

fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}

pub(crate) fn string<'a>(path: &str, value: &'a Value) -> Result<&'a str, Wrong> {
    value.as_str().ok_or_else(|| Wrong::must(path, "be a string"))
}

pub(crate) fn array<'a>(path: &str, value: &'a Value) -> Result<&'a [Value], Wrong> {
    value.as_array().map(Vec::as_slice).ok_or_else(|| Wrong::must(path, "be an array"))
}

fn object<'a>(path: &str, value: &'a Value) -> Result<&'a Map<String, Value>, Wrong> {
    value.as_object().ok_or_else(|| Wrong::must(path, "be an object"))
}

impl Rule {
    fn check(self, path: &str, value: &Value) -> Result<(), Wrong> {
        match self {
            Rule::Flag => value.as_bool().map(drop).ok_or_else(|| Wrong::must(path, "be a boolean")),
            Rule::AtLeast(least) => must(at_least(value.as_u64(), least), path, || self.words()),
            Rule::Texts | Rule::SomeOf(_) => each(path, value, |path, value| self.check_text(path, string(path, value)?)),
            Rule::Object => object(path, value).map(drop),
            Rule::ObjectOfTexts => object(path, value)?.iter().try_for_each(|(name, value)| string(&join(path, name), value).map(drop)),
            Rule::Members(table) => check(path, object(path, value)?, table),
            Rule::ListOf(table) => each(path, value, |path, value| check(path, object(path, value)?, table)),
            Rule::Text | Rule::Like(..) | Rule::Length(..) | Rule::OneOf(_) => self.check_text(path, string(path, value)?),
        }
    }

    /// A text where the value is one, an element of a list of texts, or a value of a query.
    fn check_text(self, path: &str, text: &str) -> Result<(), Wrong> {
        let holds = match self {
            Rule::Like(holds, _) => holds(text),
            Rule::Length(least, most) => (least..=most).contains(&text.chars().count()),
            Rule::OneOf(choices) | Rule::SomeOf(choices) => choices.contains(&text),
            Rule::Flag => matches!(text, "true" | "false"),
            Rule::AtLeast(least) => is_digits(text) && at_least(text.parse().ok(), least),
            Rule::Text | Rule::Texts => true,
            // No query has one.
            Rule::Object | Rule::ObjectOfTexts | Rule::Members(_) | Rule::ListOf(_) => false,
        };
        must(holds, path, || self.words())
    }

    /// What a text must be by this rule.
    fn words(self) -> Cow<'static, str> {
        match self {
            Rule::Like(_, words) => words.into(),
            Rule::Length(least, most) if least == most => format!("be {least} characters long").into(),
            Rule::Length(least, most) => format!("have {least} to {most} characters").into(),
            Rule::OneOf(choices) | Rule::SomeOf(choices) => format!("be one of {}", choices.join(", ")).into(),
            Rule::Flag => "be true or false".into(),
            Rule::AtLeast(least) => format!("be a whole number, at least {least}").into(),
            Rule::Text | Rule::Texts => "be a string".into(),
            Rule::Object | Rule::ObjectOfTexts | Rule::Members(_) | Rule::ListOf(_) => "be an object".into(),
        }
    }
}

fn at_least(number: Option<u64>, least: usize) -> bool {
    number.and_then(|number| usize::try_from(number).ok()).is_some_and(|number| number >= least)
}

fn must(holds: bool, path: &str, words: impl FnOnce() -> Cow<'static, str>) -> Result<(), Wrong> {
    if holds { Ok(()) } else { Err(Wrong::must(path, words())) }
}

fn each(path: &str, list: &Value, check: impl Fn(&str, &Value) -> Result<(), Wrong>) -> Result<(), Wrong> {
    array(path, list)?.iter().enumerate().try_for_each(|(index, value)| check(&format!("{path}[{index}]"), value))
}

/// The first thing that is wrong with what was sent.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Wrong {
    /// "Field" or "Parameter".
    pub(crate) what: &'static str,
    pub(crate) path: String,
    pub(crate) problem: Problem,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Problem {
    Missing,
    Unknown,
    Repeated,
    Must(Cow<'static, str>),
}

impl Wrong {
    pub(crate) fn new(path: impl Into<String>, problem: Problem) -> Self {
        Self { what: "Field", path: path.into(), problem }
    }

    pub(crate) fn required(path: impl Into<String>) -> Self {
        Self::new(path, Problem::Missing)
    }

    pub(crate) fn unknown(path: impl Into<String>) -> Self {
        Self::new(path, Problem::Unknown)
    }

    pub(crate) fn must(path: impl Into<String>, words: impl Into<Cow<'static, str>>) -> Self {
        Self::new(path, Problem::Must(words.into()))
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} \"{}\" {}", self.what, self.path, self.problem)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::Missing => f.write_str("is required"),
            Problem::Unknown => f.write_str("is unknown"),
            Problem::Repeated => f.write_str("must be given once"),
            Problem::Must(words) => write!(f, "must {words}"),
        }
    }
}
