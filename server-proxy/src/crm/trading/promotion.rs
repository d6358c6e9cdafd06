//! What an affiliate advertises with: "Affiliates" (grey label, reference key), "Affiliate Keys", "Landing Pages", "Banners",
//! "Referrers", "Target Groups"; and "Check signup code".

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    super::{Question, Trouble, Unanswered, ask::serialised},
    Trading,
    ask::Done,
    lenient::{Flag, Moment, Text},
    operations::Op,
};

/// "[ 5 .. 20 ] characters"
const REFERENCE_KEY: std::ops::RangeInclusive<usize> = 5..=20;

#[derive(Deserialize, Serialize)]
pub(super) struct Enabled {
    enabled: Flag,
}

#[derive(Deserialize, Serialize)]
pub(super) struct Logos {
    pub(super) logos: LogosOf,
}

/// The two that "Upload grey label logos" takes; what they are, the document does not show.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LogosOf {
    pub(super) rectangular_logo: Option<Text>,
    pub(super) square_logo: Option<Text>,
}

/// "Generate a new affiliate key". It is a secret, and whoever asks for it is meant to have it.
#[derive(Deserialize, Serialize)]
pub(super) struct AffiliateKey {
    key: Text,
}

#[derive(Deserialize, Serialize)]
pub(super) struct LandingPages {
    pub(super) landing_pages: Vec<LandingPage>,
}

/// The document shows no member.
#[derive(Deserialize, Serialize)]
pub(super) struct LandingPage {
    id: Option<Text>,
    pub(super) name: Option<Text>,
    pub(super) url: Option<Text>,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TargetGroups {
    target_groups: Vec<TargetGroup>,
}

/// The document shows no member.
#[derive(Deserialize, Serialize)]
struct TargetGroup {
    id: Option<Text>,
    name: Option<Text>,
}

/// "Get the active banner": there may be none.
#[derive(Deserialize, Serialize)]
pub(super) struct ActiveBanner {
    #[serde(deserialize_with = "Option::deserialize")]
    pub(super) banner: Option<Banner>,
}

/// The members of "Create a new banner", and the token of its file.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Banner {
    id: Option<Text>,
    pub(super) name: Option<Text>,
    start_date: Option<Moment>,
    end_date: Option<Moment>,
    pub(super) link: Option<Text>,
    link_target: Option<Text>,
    pub(super) token: Option<Text>,
}

#[derive(Deserialize, Serialize)]
struct Code {
    code: Text,
}

impl Trading {
    /// "Update the reference key"
    pub(super) async fn update_reference_key(&self, question: &Question<'_>) -> Result<Value, Unanswered> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        struct Wish {
            ref_key: Text,
        }
        let Text(key) = question.arguments.read::<Wish>()?.ref_key;
        if !REFERENCE_KEY.contains(&key.chars().count()) {
            return Err(Unanswered::Argument("refKey: has to have 5 to 20 characters".to_owned()));
        }
        let op = Op::UpdateReferenceKey;
        let done: Done = self.read(op, question, self.call(op, &[]).json(&json!({ "refKey": key }))).await?;
        done.checked()
    }

    /// "Get custom logos for the authenticated user's referrer"
    pub(super) async fn referrer_logos(&self, question: &Question<'_>) -> Result<Value, Unanswered> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Wish {
            wtreferrer: Option<Text>,
        }
        let wish: Wish = question.arguments.read()?;
        let call = self.call(Op::GetReferrerLogos, &[]).maybe("wtreferrer", wish.wtreferrer.map(|key| key.0));
        serialised(&self.read::<Logos>(Op::GetReferrerLogos, question, call).await?)
    }

    /// "Get a banner file": "by its token".
    pub(super) async fn banner_file(&self, question: &Question<'_>) -> Result<Value, Unanswered> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Wish {
            token: Text,
        }
        let wish: Wish = question.arguments.read()?;
        let answer = self.whole(Op::GetBannerFile, question, self.call(Op::GetBannerFile, &[("token", &wish.token.0)]).long()).await?;
        let unreadable = |why: &str| Err(Unanswered::Unreadable(Trouble::of(answer.status.as_u16(), why)));
        match content_type(&answer.body) {
            _ if answer.body.is_empty() => unreadable("the file is empty"),
            Some("text/html") => unreadable("what came is a page, and no file"),
            kind => Ok(json!({ "contentType": kind, "base64": BASE64.encode(&answer.body) })),
        }
    }

    /// "Check signup code"
    pub(super) async fn check_code(&self, question: &Question<'_>) -> Result<Value, Unanswered> {
        let wish: Code = question.arguments.read()?;
        let call = self.call(Op::CheckSignupCode, &[]).query("code", wish.code.0);
        serialised(&self.read::<Code>(Op::CheckSignupCode, question, call).await?)
    }
}

/// By how a file begins: what it was sent as is not to be trusted with what a browser will make of it.
pub(super) fn content_type(file: &[u8]) -> Option<&'static str> {
    let starts: [(&[u8], &str); 4] =
        [(b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"GIF8", "image/gif"), (b"%PDF-", "application/pdf")];
    if let Some((_, kind)) = starts.iter().find(|(start, _)| file.starts_with(start)) {
        return Some(kind);
    }
    if file.starts_with(b"RIFF") && file.get(8..12) == Some(b"WEBP") {
        return Some("image/webp");
    }
    let beginning = String::from_utf8_lossy(&file[..file.len().min(512)]).to_lowercase();
    match beginning.trim_start() {
        text if text.starts_with("<!doctype html") || text.starts_with("<html") => Some("text/html"),
        text if text.starts_with('<') && text.contains("<svg") => Some("image/svg+xml"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_it_begins_with() {
        assert_eq!(content_type(b"\x89PNG\r\n\x1a\n\0"), Some("image/png"));
        assert_eq!(content_type(b"RIFF\0\0\0\0WEBPVP8 "), Some("image/webp"));
        assert_eq!(content_type(b"<?xml version=\"1.0\"?>\n<svg xmlns=\"x\">"), Some("image/svg+xml"));
        assert_eq!(content_type(b"\n<!DOCTYPE html><svg>"), Some("text/html"));
        assert_eq!(content_type(b"{}"), None);
    }
}
