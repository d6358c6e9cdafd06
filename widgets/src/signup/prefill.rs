//! What inputs hold before the visitor touches them.

use latchkey_contract::FieldView;
use web_sys::HtmlElement;

use super::page;

/// The field's default becomes what the element's attribute says, else what the page's URL says. Never for agreements, nor for what visitors may not change.
pub(super) fn fill(field: &mut FieldView, host: &HtmlElement) {
    if field.read_only {
        return;
    }
    // HTML keeps attribute names in lower case and looks them up so, whatever the field's own case.
    let attribute = host.get_attribute(&["prefill-", &field.name].concat());
    let from_url = || page::url_parameters()?.get(field.from_url.as_ref()?);
    if let Some(value) = attribute.or_else(from_url) {
        field.default = Some(value);
    }
}
