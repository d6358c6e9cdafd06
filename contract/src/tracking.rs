//! Where a visitor came from: what affiliates and advertising networks put into a landing page's URL.

/// The member that names the affiliate; a page may send it only where the funnel lets it.
pub const AFFILIATE: &str = "affiliateID";

/// The longest value kept, in characters. Real click ids stay well under 500.
pub const LONGEST_VALUE: usize = 1_000;

/// Sub-affiliate, campaign and source under the names that CRMs give them, and the networks' click ids.
const NAMES: [&str; 18] = [
    AFFILIATE,
    "subID",
    "campaignId",
    "sourceId",
    "gclid",
    "gbraid",
    "wbraid",
    "dclid",
    "fbclid",
    "ttclid",
    "msclkid",
    "twclid",
    "li_fat_id",
    "ScCid",
    "rdt_cid",
    "yclid",
    "clickid",
    "click_id",
];

/// The name under which a URL's parameter is kept, whatever its case; `None` for what is not tracking.
pub fn canonical(parameter: &str) -> Option<String> {
    if let Some(name) = NAMES.iter().find(|name| name.eq_ignore_ascii_case(parameter)) {
        return Some((*name).to_owned());
    }
    let lower = parameter.to_ascii_lowercase();
    let rest = lower.strip_prefix("utm_")?;
    let well_formed = !rest.is_empty() && rest.len() <= 40 && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    well_formed.then_some(lower)
}

/// Whether a value can be kept: not empty, not longer than [`LONGEST_VALUE`], no control characters.
pub fn is_value(value: &str) -> bool {
    !value.is_empty() && value.chars().count() <= LONGEST_VALUE && !value.chars().any(crate::rules::is_forbidden)
}
