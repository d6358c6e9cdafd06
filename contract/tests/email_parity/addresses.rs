//! Generated addresses: most of them nearly right, since what is wholly wrong is refused by every rule.

use proptest::{prelude::*, string::string_regex};

const SCRIPTS: &str = "[a-z0-9äöüßéñøłčžğıαβγабвгдеёжәөابجדהוกขคमनयலக例子公司网络日本語한국어ªµſⅠⅷ]{1,8}";

/// Any of all kinds.
pub(crate) fn any() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => ascii(),
        4 => (local(), foreign_domain()).prop_map(|(local, domain)| format!("{local}@{domain}")),
        1 => "\\PC{0,40}",
        1 => ("[a-z.]{0,5}", "\\PC{0,12}").prop_map(|(local, domain)| format!("{local}@{domain}")),
        1 => any_char_in_domain(),
    ]
}

/// In ASCII, right and wrong.
pub(crate) fn ascii() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => (local(), ascii_domain()).prop_map(|(local, domain)| format!("{local}@{domain}")),
        1 => (local(), literal()).prop_map(|(local, domain)| format!("{local}@{domain}")),
        1 => (local(), long_domain()).prop_map(|(local, domain)| format!("{local}@{domain}")),
        1 => "[ -~]{0,30}@?[ -~]{0,30}",
    ]
}

fn regex(pattern: &str) -> impl Strategy<Value = String> + use<> {
    string_regex(pattern).expect("a pattern")
}

fn local() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => regex("[a-zA-Z0-9]{1,12}"),
        3 => regex("[a-z]{1,6}([.+'_-][a-z0-9]{1,6}){1,3}"),
        2 => regex("[a-z.]{1,10}"),
        1 => regex("[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]{1,20}"),
        1 => regex("[a-z]{60,68}"),
        1 => regex("\"[a-z @.]{0,8}\""),
        1 => regex("[a-zäé ,;:<>()\\[\\]\\\\\"@]{0,8}"),
    ]
}

fn ascii_domain() -> impl Strategy<Value = String> {
    let label = prop_oneof![
        6 => regex("[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?"),
        1 => regex("[a-zA-Z0-9-]{0,6}"),
        1 => regex("[0-9]{1,3}"),
        1 => regex("[a-z]{60,66}"),
        1 => regex("xn--[a-z0-9-]{0,10}"),
        1 => regex("[a-z_ ]{1,4}"),
    ];
    proptest::collection::vec(label, 1..5).prop_map(|labels| labels.join("."))
}

fn foreign_domain() -> impl Strategy<Value = String> {
    let label = prop_oneof![
        6 => regex(SCRIPTS),
        2 => regex("[a-z]{1,8}"),
        1 => regex("[äя例-]{1,5}"),
        1 => regex("[ä]{50,64}"),
        1 => regex("[я]{50,66}"),
        1 => regex("[a-z]{1,3}[\u{ad}\u{34f}\u{300}\u{200d}\u{3002}\u{ff0e}\u{ff41}😀×÷]{1,2}[a-z]{0,3}"),
    ];
    proptest::collection::vec(label, 1..4).prop_map(|labels| labels.join("."))
}

fn long_domain() -> impl Strategy<Value = String> {
    proptest::collection::vec(regex("[a-z]{58,63}"), 3..5).prop_map(|labels| labels.join("."))
}

fn literal() -> impl Strategy<Value = String> {
    prop_oneof![
        regex("\\[[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}\\]"),
        regex("\\[[0-9a-f]{0,4}::[0-9a-f]{1,4}\\]"),
        regex("[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}"),
        regex("[a-z.]{1,5}\\[127\\.0\\.0\\.1\\]"),
    ]
}

/// One character of all that there are, in a domain that is right without it.
fn any_char_in_domain() -> impl Strategy<Value = String> {
    (proptest::char::any(), 0..3u8).prop_map(|(c, place)| match place {
        0 => format!("a@{c}b.example"),
        1 => format!("a@b{c}.example"),
        _ => format!("a@{c}.example"),
    })
}
