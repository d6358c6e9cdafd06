//! Tables for spreadsheets.

/// A cell that a spreadsheet would run as a formula is a text.
pub(crate) fn cell(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}
