//! Where the two rules differ, and why that is right.

use latchkey_contract::rules::is_email;

/// A named difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Difference {
    /// The server alone refuses a domain in another script that IDNA does not allow. The tables which tell take 200 KB, which
    /// no visitor shall download; the visitor is told by the server instead.
    NotIdna,

    // The rest the browser alone refuses. It may: whoever is refused there is told at once, and sends nothing.
    /// `user@localhost`: the HTML standard takes it, and on the internet it is a slip.
    NoDotInDomain,
    /// A dot that begins, ends or doubles in the local part: RFC 5321, 4.1.2, has it in quotes only, and no provider gives it out.
    DotsInLocalPart,
    /// `user@[127.0.0.1]`: nobody types it into a public form, except to see what happens.
    IpLiteral,
    /// `user@1.2.3.4`: no top-level domain is a number (RFC 3696, 2), so this is an address of a machine, and not literal.
    NumberAsTopLevel,
    /// More than 254 bytes do not fit into the path of a mail (RFC 3696, erratum 1690).
    TooLong,
    /// A hyphen at the edge of a label in another script: no registry has it (RFC 5891, 4.2.3.1), and `validator` sees the label
    /// in Punycode only, where the hyphen is not at the edge any more.
    HyphenAtEdge,
    /// A sign that IDNA maps to a letter, or that only older versions of it allow: wide letters, ligatures, ideographic full
    /// stops, emoji, the first plane's upper end and beyond. People type letters; who gets such a sign from an input method or a
    /// copied text has a chance to mend it.
    SignInDomain,
    /// More than 63 characters in a label, of which IDNA leaves out enough that it fits. Those that it leaves out are invisible.
    LongLabel,
}

use Difference::*;

/// At least one address for each.
pub(crate) fn examples() -> Vec<(Difference, String)> {
    let written = [
        (NotIdna, "a@\u{300}.example"),
        (NotIdna, "a@\u{5d0}a.example"),
        (NotIdna, "a@xn--a.köln.example"),
        (NoDotInDomain, "a@localhost"),
        (NoDotInDomain, "a@b"),
        (NoDotInDomain, "root@mail-1"),
        (DotsInLocalPart, ".a@b.example"),
        (DotsInLocalPart, "a.@b.example"),
        (DotsInLocalPart, "a..b@c.example"),
        (IpLiteral, "a@[127.0.0.1]"),
        (IpLiteral, "a@[::1]"),
        (IpLiteral, "a@mail.example[127.0.0.1]"),
        (NumberAsTopLevel, "a@1.2.3.4"),
        (NumberAsTopLevel, "a@b.1"),
        (HyphenAtEdge, "a@-köln.example"),
        (HyphenAtEdge, "a@köln-.example"),
        (SignInDomain, "a@ｂ.example"),
        (SignInDomain, "a@b。example"),
        (SignInDomain, "a@😀.example"),
        (SignInDomain, "a@ﬁ.example"),
        (SignInDomain, "a@µ.example"),
    ];
    let label = |length| "b".repeat(length);
    let made = [
        (TooLong, format!("a@{}.{}.{}.{}", label(63), label(63), label(63), label(61))),
        (LongLabel, format!("a@b{}.example", "\u{34f}".repeat(63))),
    ];
    written.into_iter().map(|(difference, address)| (difference, address.to_owned())).chain(made).collect()
}

impl Difference {
    /// Why the server may refuse what the browser accepts.
    pub(crate) fn of_the_server(address: &str) -> Option<Difference> {
        let (_, domain) = address.rsplit_once('@')?;
        // Only where IDNA itself refuses the domain, or makes one of it that no mail reaches.
        let ascii = idna::domain_to_ascii(domain).ok();
        let refused = !domain.is_ascii() && ascii.is_none_or(|ascii| !is_email(&["a@", &ascii].concat()));
        refused.then_some(NotIdna)
    }

    /// Why the browser may refuse what the server accepts.
    pub(crate) fn of_the_browser(address: &str) -> Option<Difference> {
        let (local, domain) = address.rsplit_once('@')?;
        let labels = || domain.split('.');
        let last = labels().next_back().unwrap_or_default();
        let foreign = |label: &&str| !label.is_ascii();
        if local.split('.').any(str::is_empty) {
            Some(DotsInLocalPart)
        } else if domain.ends_with(']') {
            Some(IpLiteral)
        } else if domain.chars().any(is_sign) {
            Some(SignInDomain)
        } else if !domain.contains('.') {
            Some(NoDotInDomain)
        } else if last.bytes().all(|byte| byte.is_ascii_digit()) {
            Some(NumberAsTopLevel)
        } else if address.len() > 254 {
            Some(TooLong)
        } else if labels().filter(foreign).any(|label| label.starts_with('-') || label.ends_with('-')) {
            Some(HyphenAtEdge)
        } else if labels().filter(foreign).any(|label| label.chars().count() > 63) {
            Some(LongLabel)
        } else {
            None
        }
    }
}

/// What is beyond ASCII and outside of the blocks of letters.
fn is_sign(c: char) -> bool {
    let letters =
        matches!(c, '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{1fff}' | '\u{2c00}'..='\u{2dff}' | '\u{3005}'..='\u{d7ff}');
    !c.is_ascii() && !letters
}
