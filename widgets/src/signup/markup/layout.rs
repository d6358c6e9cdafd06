//! Which inputs stand beside each other where there is room.

use latchkey_contract::FieldView;

/// One flag a field: whether it takes half a row. Short fields do, in pairs; the third of three stands alone.
pub(super) fn halves(fields: &[FieldView]) -> Vec<bool> {
    let mut halves: Vec<bool> = Vec::with_capacity(fields.len());
    let mut rest = fields.iter().map(is_short).peekable();
    while let Some(short) = rest.next() {
        let pair = short && rest.next_if_eq(&true).is_some();
        halves.push(pair);
        if pair {
            halves.push(true);
        }
    }
    halves
}

/// By what the browser is told to fill in: names, and the short parts of an address.
fn is_short(field: &FieldView) -> bool {
    matches!(
        field.autocomplete.as_deref(),
        Some("given-name" | "additional-name" | "family-name" | "postal-code" | "address-level1" | "address-level2" | "bday" | "sex")
    )
}

#[cfg(test)]
mod tests {
    use latchkey_contract::FieldView;

    use super::halves;

    fn field(autocomplete: &str) -> FieldView {
        FieldView { name: autocomplete.to_owned(), autocomplete: Some(autocomplete.to_owned()), ..FieldView::default() }
    }

    #[test]
    fn short_fields_share_a_row_two_by_two() {
        let form = ["given-name", "additional-name", "family-name", "email", "bday", "tel", "sex"].map(field);
        assert_eq!(halves(&form), [true, true, false, false, false, false, false]);
        assert_eq!(halves(&["email", "given-name", "family-name"].map(field)), [false, true, true]);
        assert!(halves(&[]).is_empty());
    }
}
