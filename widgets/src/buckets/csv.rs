//! A result as a file for spreadsheets.

/// Lines of cells as CSV (RFC 4180), with the mark by which a spreadsheet knows that it is UTF-8.
pub(super) fn file(lines: impl Iterator<Item = Vec<String>>) -> String {
    let mut text = String::from("\u{feff}");
    for line in lines {
        for (index, value) in line.iter().enumerate() {
            if index > 0 {
                text.push(',');
            }
            cell(&mut text, value);
        }
        text.push_str("\r\n");
    }
    text
}

/// A cell that a spreadsheet would run as a formula is a text.
fn cell(text: &mut String, value: &str) {
    let runs = value.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let quoted = runs || value.contains(['"', ',', ';', '\n', '\r']);
    if quoted {
        text.push('"');
    }
    if runs {
        text.push('\'');
    }
    for character in value.chars() {
        if character == '"' {
            text.push('"');
        }
        text.push(character);
    }
    if quoted {
        text.push('"');
    }
}

#[cfg(test)]
mod tests {
    use super::file;

    #[test]
    fn cells_are_quoted_and_never_run() {
        let line = ["a", "b,c", "d\"e", "=1+1", "-2", "@x", ""].map(String::from).to_vec();
        assert_eq!(file([line].into_iter()), "\u{feff}a,\"b,c\",\"d\"\"e\",\"'=1+1\",\"'-2\",\"'@x\",\r\n");
    }
}
