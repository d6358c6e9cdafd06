//! What an affiliate pastes or drops, read as e-mails or ids: one a line, a spreadsheet's column, a CSV file.

use std::collections::BTreeMap;

use latchkey_contract::rules;

use crate::browser::lower::lower;

/// The most that are looked up in one go.
pub(super) const MOST: usize = 100_000;
/// How many of the lines that cannot be used, and of those that repeat another, are named.
const NAMED: usize = 5;
/// The longest e-mail or id that the proxy takes, in bytes.
const LONGEST: usize = 320;
/// What a spreadsheet's first line calls the column of ids, in lower case and without what is no letter.
const ID_COLUMNS: [&str; 7] = ["id", "leadid", "customerid", "userid", "clientid", "accountid", "uuid"];

/// What the list is of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Kind {
    #[default]
    Emails,
    Ids,
}

/// A list as it was read.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Keys {
    pub(super) kind: Kind,
    /// Each once, in the order in which they came.
    pub(super) keys: Vec<String>,
    pub(super) repeated: Named,
    pub(super) bad: Named,
}

/// Lines that were left out: how many, and the first few.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) count: usize,
    pub(super) first: Vec<Left>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Left {
    /// From 1.
    pub(super) line: usize,
    pub(super) text: String,
    /// The line that it repeats.
    pub(super) of: Option<usize>,
}

impl Named {
    fn add(&mut self, line: usize, text: &str, of: Option<usize>) {
        self.count += 1;
        if self.first.len() < NAMED {
            let short: String = text.chars().take(60).collect();
            self.first.push(Left { line, text: short, of });
        }
    }
}

pub(super) fn read(text: &str, kind: Kind) -> Keys {
    let rows = rows(text.trim_start_matches('\u{feff}'));
    let mut read = Keys { kind, ..Keys::default() };
    let mut known = BTreeMap::new();
    let column = match kind {
        Kind::Emails => None,
        Kind::Ids => id_column(&rows),
    };
    let only_one = rows.len() == 1;
    for (index, (line, cells)) in rows.iter().enumerate() {
        let wanted: Vec<&str> = match (kind, column) {
            // The cells beside an address are names and dates.
            (Kind::Emails, _) => cells.iter().map(|cell| address(cell)).filter(|cell| cell.contains('@')).collect(),
            (Kind::Ids, Some(_)) if index == 0 => continue,
            (Kind::Ids, Some(column)) => cells.get(column).into_iter().map(String::as_str).collect(),
            // All in one line.
            (Kind::Ids, None) if only_one => cells.iter().map(String::as_str).filter(|cell| !cell.is_empty()).collect(),
            (Kind::Ids, None) => cells.first().into_iter().map(String::as_str).collect(),
        };
        if wanted.is_empty() {
            let is_heading = kind == Kind::Emails && index == 0 && rows.len() > 1;
            if !is_heading {
                read.bad.add(*line, &cells.join(", "), None);
            }
        }
        for key in wanted {
            if !is_good(key, kind) {
                read.bad.add(*line, key, None);
                continue;
            }
            let same = match kind {
                Kind::Emails => lower(key),
                Kind::Ids => key.to_owned(),
            };
            match known.get(&same) {
                Some(first) => read.repeated.add(*line, key, Some(*first)),
                None => {
                    known.insert(same, *line);
                    read.keys.push(key.to_owned());
                }
            }
        }
    }
    read
}

fn is_good(key: &str, kind: Kind) -> bool {
    let fits = !key.is_empty() && key.len() <= LONGEST && !key.contains(|c: char| c.is_whitespace() || c.is_control());
    fits && match kind {
        Kind::Emails => rules::is_email(key),
        Kind::Ids => !key.contains('@'),
    }
}

/// The address of `Jane <jane@mail.example>`, and of `mailto:jane@mail.example`.
fn address(cell: &str) -> &str {
    let inner = cell.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map_or(cell, |(inner, _)| inner);
    inner.strip_prefix("mailto:").unwrap_or(inner).trim()
}

fn id_column(rows: &[(usize, Vec<String>)]) -> Option<usize> {
    let (_, heads) = rows.first()?;
    let is_id = |head: &String| {
        let letters: String = head.chars().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_lowercase()).collect();
        !head.contains(|c: char| c.is_ascii_digit()) && ID_COLUMNS.contains(&letters.as_str())
    };
    heads.iter().position(is_id)
}

/// The rows that are not empty, each with the number of its first line. Cells end at commas, semicolons and tabs; one in quotation marks
/// may hold all of these, and line breaks.
fn rows(text: &str) -> Vec<(usize, Vec<String>)> {
    let (mut rows, mut cells, mut cell) = (Vec::new(), Vec::new(), String::new());
    let (mut line, mut began) = (1, 1);
    let mut is_quoted = false;
    let mut characters = text.chars().peekable();
    loop {
        let next = characters.next();
        match next {
            Some('"') if is_quoted && characters.peek() == Some(&'"') => {
                characters.next();
                cell.push('"');
            }
            Some('"') if is_quoted => is_quoted = false,
            Some('"') if cell.trim().is_empty() => {
                cell.clear();
                is_quoted = true;
            }
            Some('\r' | '\n') | None if !is_quoted || next.is_none() => {
                if next == Some('\r') && characters.peek() == Some(&'\n') {
                    characters.next();
                }
                cells.push(trimmed(&mut cell));
                let row = std::mem::take(&mut cells);
                if row.iter().any(|cell| !cell.is_empty()) {
                    rows.push((began, row));
                }
                line += 1;
                began = line;
                if next.is_none() {
                    return rows;
                }
            }
            Some(',' | ';' | '\t') if !is_quoted => cells.push(trimmed(&mut cell)),
            Some(character) => {
                if character == '\n' {
                    line += 1;
                }
                cell.push(character);
            }
            None => return rows,
        }
    }
}

/// Without the blanks around it, those that cannot be seen among them.
fn trimmed(cell: &mut String) -> String {
    let blank = |c: char| c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}' | '\u{2060}');
    std::mem::take(cell).trim_matches(blank).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(line: usize, text: &str, of: Option<usize>) -> Left {
        Left { line, text: text.to_owned(), of }
    }

    #[test]
    fn one_a_line() {
        let read = read("\u{feff}a@mail.example\r\n\n  B@mail.example \nnonsense\nb@MAIL.example\nx@\n", Kind::Emails);
        assert_eq!(read.keys, ["a@mail.example", "B@mail.example"]);
        assert_eq!(read.repeated, Named { count: 1, first: vec![left(5, "b@MAIL.example", Some(3))] });
        assert_eq!(read.bad, Named { count: 2, first: vec![left(4, "nonsense", None), left(6, "x@", None)] });
    }

    #[test]
    fn a_spreadsheet_with_a_heading() {
        let text = "Name;E-mail;Since\n\"Doe; Jane\";jane@mail.example;2026\n\"two\nlines\";\"joe@mail.example\";2025\nNobody;;2024";
        let read = read(text, Kind::Emails);
        assert_eq!(read.keys, ["jane@mail.example", "joe@mail.example"]);
        assert_eq!(read.bad, Named { count: 1, first: vec![left(5, "Nobody, , 2024", None)] });
    }

    #[test]
    fn all_in_one_line() {
        assert_eq!(
            read("a@b.example, Jane <c@d.example>; mailto:e@f.example", Kind::Emails).keys,
            ["a@b.example", "c@d.example", "e@f.example"]
        );
        assert_eq!(read("1, 2,,3", Kind::Ids).keys, ["1", "2", "3"]);
    }

    #[test]
    fn ids_of_the_column_that_is_called_so() {
        assert_eq!(read("Name\tLead ID\nJane\tl-1\nJoe\tl-2\nJim\tl-1", Kind::Ids).keys, ["l-1", "l-2"]);
        let read = read("l-1,x\nl-2,y\na b,z\njane@mail.example", Kind::Ids);
        assert_eq!(read.keys, ["l-1", "l-2"]);
        assert_eq!(read.bad.first, [left(3, "a b", None), left(4, "jane@mail.example", None)]);
        assert_eq!(super::read("id2\nid3", Kind::Ids).keys, ["id2", "id3"], "no heading");
    }

    #[test]
    fn only_the_first_few_are_named() {
        let text: String = (0..50).map(|_| "nonsense\n").collect();
        let read = read(&text, Kind::Emails);
        // The first line may be a heading.
        assert_eq!((read.bad.count, read.bad.first.len()), (49, NAMED));
        assert_eq!(read.bad.first[0].line, 2);
    }

    #[test]
    fn nothing_is_nothing() {
        for text in ["", "\n\r\n", " ; , \t", "\"", "\u{feff}"] {
            for kind in [Kind::Emails, Kind::Ids] {
                assert_eq!(read(text, kind), Keys { kind, ..Keys::default() }, "{text:?}");
            }
        }
        assert_eq!(read(&format!("{}@mail.example", "x".repeat(400)), Kind::Emails).bad.count, 1);
    }
}
