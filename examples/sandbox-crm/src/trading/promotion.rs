//! What an affiliate advertises with: sections "Affiliates" (grey label, reference key), "Affiliate Keys", "Landing Pages", "Banners",
//! "Referrers" and "Target Groups".
//!
//! The document shows no member of a landing page, a logo's value or a target group: they are ours. A banner's are those of "Create a
//! new banner", and `token`, which "Get a banner file" takes.

use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::answers::{Done, Outcome, Refusal};
use super::books::{AffiliateKey, Books};
use super::input::Input;
use super::tokens::Holder;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LandingPage {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) url: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TargetGroup {
    pub(super) id: String,
    pub(super) name: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Banner {
    id: String,
    name: String,
    start_date: Timestamp,
    end_date: Timestamp,
    #[serde(default)]
    link: Option<String>,
    #[serde(default)]
    link_target: Option<String>,
    token: String,
}

impl Banner {
    /// Active now, and for as long as any test runs.
    pub(super) fn first() -> Self {
        let now = Timestamp::now();
        let day = |hours: i64| now.checked_add(hours.hours()).unwrap_or(now);
        Self {
            id: "1".to_owned(),
            name: "Trade the world".to_owned(),
            start_date: day(-24),
            end_date: day(24 * 30),
            link: Some("https://broker.example/promotion".to_owned()),
            link_target: Some("_blank".to_owned()),
            token: "sandbox-banner-1".to_owned(),
        }
    }
}

pub(super) fn grey_labeling(books: &mut Books, _: &Input, affiliate: AffiliateKey) -> Outcome {
    Ok(Done::json(json!({ "enabled": books.affiliate(affiliate).grey_labeling })))
}

pub(super) fn own_logos(books: &mut Books, _: &Input, affiliate: AffiliateKey) -> Outcome {
    Ok(Done::json(json!({ "logos": logos(books, affiliate) })))
}

/// The two that "Upload grey label logos" takes, as addresses; none where an affiliate has no grey label.
fn logos(books: &Books, affiliate: AffiliateKey) -> Value {
    let affiliate = books.affiliate(affiliate);
    if !affiliate.grey_labeling {
        return json!({});
    }
    let url = |shape: &str| format!("{}/trading/logos/{}/{shape}.svg", books.settings.links.public_url, affiliate.id);
    json!({ "rectangularLogo": url("rectangular"), "squareLogo": url("square") })
}

/// "for the authenticated user's referrer": whoever referred the user, or whom `wtreferrer` names. What answers a key that is nobody's,
/// the document does not say: 404.
pub(super) fn referrer_logos(books: &mut Books, input: &Input, holder: Holder) -> Outcome {
    let referrer = match (input.query.first("wtreferrer"), holder) {
        (Some(ref_key), _) => {
            let named = books.affiliate_by(|affiliate| affiliate.ref_key == ref_key);
            Some(named.ok_or_else(|| Refusal::not_found("Unknown referrer"))?)
        }
        (None, Holder::Affiliate(key)) => books.affiliate(key).parent,
        (None, Holder::Customer(key)) => books.customer(key).affiliate,
    };
    Ok(Done::json(json!({ "logos": referrer.map_or_else(|| json!({}), |referrer| logos(books, referrer)) })))
}

/// "Update the reference key". That two affiliates cannot have one key follows from what it is for.
pub(super) fn update_reference_key(books: &mut Books, input: &Input, affiliate: AffiliateKey) -> Outcome {
    let ref_key = input.text("refKey").unwrap_or_default().to_owned();
    if books.affiliate_by(|known| known.ref_key == ref_key).is_some_and(|taken| taken != affiliate) {
        return Err(Refusal::invalid("This reference key is taken"));
    }
    books.affiliate_mut(affiliate).ref_key = ref_key;
    Ok(Done::json(json!({ "success": true })))
}

/// "Generate a new affiliate key": the one before stops working, which the document neither says nor denies.
pub(super) fn generate_key(books: &mut Books, _: &Input, affiliate: AffiliateKey) -> Outcome {
    let key = format!("sandbox-trading-key-{}", Uuid::new_v4().simple());
    books.affiliate_mut(affiliate).api_key = key.clone();
    Ok(Done::json(json!({ "key": key })))
}

pub(super) fn landing_pages(books: &mut Books, _: &Input, affiliate: AffiliateKey) -> Outcome {
    Ok(Done::json(json!({ "landing_pages": books.affiliate(affiliate).landing_pages })))
}

pub(super) fn target_groups(books: &mut Books, _: &Input, affiliate: AffiliateKey) -> Outcome {
    Ok(Done::json(json!({ "targetGroups": books.affiliate(affiliate).target_groups })))
}

/// "Get the active banner": the first whose dates include now, or `null`.
pub(super) fn active_banner(books: &mut Books, _: &Input, _: AffiliateKey) -> Outcome {
    let now = Timestamp::now();
    let active = books.banners.iter().find(|banner| banner.start_date <= now && now < banner.end_date);
    Ok(Done::json(json!({ "banner": active })))
}

pub(super) fn banner_file(books: &mut Books, input: &Input, _: AffiliateKey) -> Outcome {
    let banner = books.banners.iter().find(|banner| banner.token == input.parameter);
    let banner = banner.ok_or_else(|| Refusal::not_found("Banner not found"))?;
    Ok(Done::text("image/svg+xml", drawing(&banner.name, 728, 90)))
}

/// Something that stands for an image, in place of the broker's: its name, drawn.
pub(super) fn drawing(name: &str, width: u32, height: u32) -> String {
    let name: String = name.chars().filter(|letter| letter.is_alphanumeric() || " -_".contains(*letter)).collect();
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">\
         <rect width=\"100%\" height=\"100%\" fill=\"#1a2230\"/>\
         <text x=\"50%\" y=\"50%\" fill=\"#e6eaf0\" font-family=\"sans-serif\" text-anchor=\"middle\" dominant-baseline=\"middle\">{name}</text></svg>\n"
    )
}
