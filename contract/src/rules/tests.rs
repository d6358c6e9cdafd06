//! Each rule, value by value.

use super::*;
use crate::ChoiceView;

fn today() -> Date {
    Date::new(2026, 3, 1).expect("a date")
}

fn field(kind: FieldKind) -> FieldView {
    FieldView { name: "field".to_owned(), kind, label: "Field".to_owned(), max_length: 1_000, ..FieldView::default() }
}

#[track_caller]
fn assert_checks(field: &FieldView, good: &[&str], bad: &[(&str, Violation)]) {
    for value in good {
        assert_eq!(check(field, value, "", today()), Ok(()), "{value:?}");
    }
    for (value, violation) in bad {
        assert_eq!(check(field, value, "", today()), Err(*violation), "{value:?}");
    }
}

#[test]
fn nothing_is_fine_unless_it_is_required() {
    for kind in [
        FieldKind::Text,
        FieldKind::Area,
        FieldKind::Email,
        FieldKind::Tel,
        FieldKind::Date,
        FieldKind::Number,
        FieldKind::Checkbox,
        FieldKind::Code,
        FieldKind::Select,
        FieldKind::Radio,
        FieldKind::Several,
        FieldKind::Password,
        FieldKind::Hidden,
        FieldKind::Country,
    ] {
        assert_checks(&field(kind), &[""], &[]);
        assert_checks(&FieldView { required: true, ..field(kind) }, &[], &[("", Violation::Required)]);
    }
}

#[test]
fn length_is_counted_in_characters() {
    let field = FieldView { max_length: 4, ..field(FieldKind::Text) };
    assert_checks(&field, &["a", "abcd", "äöüß", "日本語字"], &[("abcde", Violation::TooLong), ("äöüßx", Violation::TooLong)]);
}

#[test]
fn a_text_takes_what_people_are_called() {
    let good = ["Jane", "Anne-Marie O'Neill", "José", "Владимир", "王小明", "ابو بكر", "Nguyễn Thị", "a\u{200d}b", "\u{301}", "👩‍👩‍👧", "<b>"];
    assert_checks(&field(FieldKind::Text), &good, &[]);
}

#[test]
fn characters_that_nobody_types_are_refused() {
    for character in [
        '\0', '\u{1}', '\t', '\n', '\r', '\u{1b}', '\u{1f}', '\u{7f}', '\u{80}', '\u{85}', '\u{9f}', '\u{2028}', '\u{2029}', '\u{202a}',
        '\u{202e}', '\u{2066}', '\u{2069}', '\u{feff}', '\u{fffd}',
    ] {
        assert!(is_forbidden(character), "{character:?}");
        assert_checks(&field(FieldKind::Text), &[], &[(&format!("a{character}b"), Violation::Characters)]);
    }
    for character in [' ', '~', '\u{a0}', 'ÿ', '\u{200d}', '\u{202f}', '\u{2065}', '\u{206a}', '\u{fffe}', '😀'] {
        assert!(!is_forbidden(character), "{character:?}");
    }
}

#[test]
fn what_is_forbidden_is_told_before_what_is_wrong() {
    assert_checks(&field(FieldKind::Email), &[], &[("a\u{0}", Violation::Characters)]);
    let short = FieldView { max_length: 3, ..field(FieldKind::Email) };
    assert_checks(&short, &[], &[("ab\u{0}c", Violation::TooLong)]);
}

#[test]
fn email_addresses() {
    let longest_local = format!("{}@mail.example", "a".repeat(64));
    let long_label = format!("a@{}.example", "b".repeat(63));
    let cyrillic = format!("a@{}.example", "я".repeat(40));
    let good = [
        "a@b.example",
        "first.last+tag@sub.mail.example",
        "o'hara@mail.example",
        "a@köln.example",
        "a@例子.example",
        "a@xn--kln-sna.example",
    ];
    assert_checks(&field(FieldKind::Email), &good, &[]);
    assert_checks(&field(FieldKind::Email), &[&longest_local, &long_label, &cyrillic], &[]);
    let (longer_local, longer_label) = (format!("a{longest_local}"), format!("a@b{}", &long_label[2..]));
    let too_long = format!("a@{}", ["b".repeat(60).as_str(); 5].join("."));
    let bad = [
        "a",
        "@",
        "a@",
        "@b.example",
        "a@b",
        "a b@c.example",
        "a@b c.example",
        ".a@b.example",
        "a.@b.example",
        "a..b@c.example",
        "a@.example",
        "a@b..example",
        "a@b.example.",
        "a@-b.example",
        "a@b-.example",
        "a@b_c.example",
        "a@1.2.3.4",
        "a@[1.2.3.4]",
        "\"a b\"@c.example",
        "a@b@c.example",
        "ä@b.example",
        "a@b。example",
        "a@😀.example",
        "a@×.example",
        "a,b@c.example",
        "<a@b.example>",
        &longer_local,
        &longer_label,
        &too_long,
    ]
    .map(|value| (value, Violation::Email));
    assert_checks(&field(FieldKind::Email), &[], &bad);
}

#[test]
fn phone_numbers() {
    let good = ["+442079460958", "02079460958", "1234567", "+123456789012345"];
    let bad =
        ["123456", "1234567890123456", "+", "++442079460958", "44+2079460958", "0800FLOWERS", "+44 20 7946", "٠١٢٣٤٥٦٧", "１２３４５６７"];
    assert_checks(&field(FieldKind::Tel), &good, &bad.map(|value| (value, Violation::Phone)));
}

#[test]
fn phone_numbers_lose_their_punctuation() {
    for (typed, kept) in [
        ("0049 (30) 123-4567", "+49301234567"),
        ("+44 20 7946 0958", "+442079460958"),
        ("030/123.4567", "0301234567"),
        ("+49\u{a0}30\u{202f}123\u{2011}4567", "+49301234567"),
        ("  1234567  ", "1234567"),
        ("call me", "callme"),
        ("0", "0"),
        ("00", "+"),
        ("", ""),
    ] {
        assert_eq!(normalise(FieldKind::Tel, typed), kept, "{typed:?}");
    }
}

#[test]
fn other_values_lose_the_white_space_around_them_only() {
    for kind in [FieldKind::Text, FieldKind::Email, FieldKind::Date, FieldKind::Select, FieldKind::Country] {
        assert_eq!(normalise(kind, " \u{a0}00 1-2 (3)\t\n"), "00 1-2 (3)", "{kind:?}");
        assert_eq!(normalise(kind, " \u{3000} "), "", "{kind:?}");
    }
}

#[test]
fn what_is_normalised_stays_as_it_is() {
    for value in ["00 00 12", "0 049 30 1234567", "+ 49", " 0-0-0 ", "(0)(0)1"] {
        let once = normalise(FieldKind::Tel, value);
        assert_eq!(normalise(FieldKind::Tel, &once), once, "{value:?}");
    }
}

#[test]
fn dates_of_the_calendar() {
    let good = ["1900-01-01", "2000-02-29", "2024-02-29", "2026-03-01", "1999-12-31"];
    let no_dates = [
        "28.02.1990",
        "1990-2-28",
        "1990-02-28T00:00",
        "90-02-28",
        "1990/02/28",
        "1990-00-10",
        "1990-13-10",
        "1990-01-00",
        "1990-01-32",
        "1990-04-31",
        "1900-02-29",
        "2023-02-29",
        "+990-02-28",
        "199a-02-28",
        "１９９０-02-28",
        "1990-02-2８",
    ]
    .map(|value| (value, Violation::Date));
    assert_checks(&field(FieldKind::Date), &good, &no_dates);
    let outside = ["1899-12-31", "0000-01-01", "2026-03-02", "9999-12-31"].map(|value| (value, Violation::DateRange));
    assert_checks(&field(FieldKind::Date), &[], &outside);
}

#[test]
fn the_least_age_is_reached_on_the_birthday() {
    let field = FieldView { min_age: Some(18), ..field(FieldKind::Date) };
    let young = ["2008-03-02", "2020-01-01", "2026-03-01"].map(|value| (value, Violation::TooYoung));
    assert_checks(&field, &["2008-03-01", "2008-02-29", "1950-12-31"], &young);
    assert_checks(&field, &[], &[("2026-03-02", Violation::DateRange), ("18", Violation::Date)]);
    let leap = Date::new(2026, 2, 28).expect("a date");
    assert_eq!(check(&field, "2008-02-29", "", leap), Err(Violation::TooYoung), "born on a leap day: 18 on the first of March");
    let nobody = FieldView { min_age: Some(255), ..field };
    assert_checks(&nobody, &[], &[("1900-01-01", Violation::TooYoung)]);
}

#[test]
fn only_what_is_offered_can_be_chosen() {
    let options = ["DE", "AT", "a b"].map(|value| ChoiceView { value: value.to_owned(), label: None }).to_vec();
    for kind in [FieldKind::Select, FieldKind::Radio, FieldKind::Hidden, FieldKind::Several, FieldKind::Country] {
        let field = FieldView { options: options.clone(), ..field(kind) };
        let bad = ["de", "CH", "D", "DEU", "DE ", "a", "null"].map(|value| (value, Violation::Option));
        assert_checks(&field, &["DE", "AT", "a b"], &bad);
    }
    assert_checks(&field(FieldKind::Select), &[], &[("DE", Violation::Option)]);
    assert_checks(&field(FieldKind::Country), &["DE", "AT"], &[("de", Violation::Option), ("XX", Violation::Option)]);
}

#[test]
fn every_violation_has_a_code_of_its_own() {
    let codes: std::collections::BTreeSet<_> = Violation::ALL.iter().map(|violation| violation.code()).collect();
    assert_eq!(codes.len(), Violation::ALL.len());
    assert!(codes.iter().all(|code| code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')), "{codes:?}");
}

#[test]
fn an_area_takes_lines() {
    assert_checks(&field(FieldKind::Area), &["a\nb\r\n\tc"], &[("a\u{0}b", Violation::Characters)]);
}

#[test]
fn a_number_is_decimal() {
    let bad = ["-", ".", "1.", ".5", "1,5", "1e3", "--1", "0x1", "1 000", "١"];
    let bad: Vec<_> = bad.map(|value| (value, Violation::Number)).to_vec();
    assert_checks(&field(FieldKind::Number), &["0", "-1", "12.50", "007", "123456789012345678901234567890"], &bad);
}

#[test]
fn a_checkbox_is_true_or_empty() {
    assert_checks(&field(FieldKind::Checkbox), &["true", ""], &[("false", Violation::Option), ("TRUE", Violation::Option)]);
}

#[test]
fn a_code_is_taken_as_it_is_copied() {
    assert_eq!(normalise(FieldKind::Code, " 123-456 "), "123456");
    assert_eq!(normalise(FieldKind::Code, "12 34\u{a0}56"), "123456");
    assert_checks(&field(FieldKind::Code), &["123456", "aB3"], &[("12.34", Violation::Code), ("１２", Violation::Code)]);
}

#[test]
fn what_is_looked_up_is_the_proxys_to_know() {
    let field = FieldView { lookup: true, ..field(FieldKind::Select) };
    assert_checks(&field, &["anything"], &[("a\u{0}", Violation::Characters)]);
}

fn choices(values: &[&str]) -> Vec<ChoiceView> {
    values.iter().map(|value| ChoiceView { value: (*value).to_owned(), label: None }).collect()
}

#[test]
fn several_are_each_one_of_the_options() {
    let field = FieldView { options: choices(&["gold", "oil", "gas"]), ..field(FieldKind::Several) };
    let bad = ["silver", "gold,silver", "gold,", ",gold", ",", "gold;oil", "gold, oil"].map(|value| (value, Violation::Option));
    assert_checks(&field, &["gold", "gold,oil", "gas,gold"], &bad);
    let required = FieldView { required: true, ..field };
    assert_checks(&required, &["oil"], &[("", Violation::Required)]);
}

#[test]
fn what_is_hidden_holds_anything_unless_it_has_options() {
    assert_checks(&field(FieldKind::Hidden), &["anything", "a b"], &[("a\u{0}", Violation::Characters)]);
}

#[test]
fn the_least_length_is_counted_in_characters() {
    let field = FieldView { min_length: 3, ..field(FieldKind::Text) };
    assert_checks(&field, &["", "abc", "äöü", "日本語"], &[("ab", Violation::TooShort), ("ä", Violation::TooShort)]);
}

#[test]
fn a_number_lies_within_its_bounds() {
    let bounded = |min: Option<&str>, max: Option<&str>| FieldView {
        min: min.map(str::to_owned),
        max: max.map(str::to_owned),
        ..field(FieldKind::Number)
    };
    let both = bounded(Some("-1.5"), Some("10"));
    let good = ["-1.5", "-1.50", "-1", "0", "-0", "-0.0", "00", "9.999999999999999999999", "10", "010.0"];
    let bad = ["-1.51", "-2", "-10", "10.0000000000000000000001", "11", "100", "1e1"];
    assert_checks(&both, &good, &bad.map(|value| (value, if value == "1e1" { Violation::Number } else { Violation::Range })));
    assert_checks(&bounded(Some("100"), None), &["100", "1000"], &[("99.9", Violation::RangeMin), ("-100", Violation::RangeMin)]);
    assert_checks(&bounded(None, Some("0")), &["0", "-0.1"], &[("0.1", Violation::RangeMax)]);
}

#[test]
fn a_date_with_bounds_may_lie_ahead() {
    let field = |min: Option<&str>, max: Option<&str>| FieldView {
        min: min.map(str::to_owned),
        max: max.map(str::to_owned),
        ..field(FieldKind::Date)
    };
    let both = field(Some("1850-01-01"), Some("2030-12-31"));
    assert_checks(&both, &["1850-01-01", "2030-12-31"], &[("1849-12-31", Violation::Range), ("2031-01-01", Violation::Range)]);
    let from = field(Some("2020-01-01"), None);
    assert_checks(&from, &["2020-01-01", "2026-03-01"], &[("2019-12-31", Violation::RangeMin), ("2026-03-02", Violation::DateRange)]);
    let until = field(None, Some("2030-01-01"));
    assert_checks(&until, &["1900-01-01", "2030-01-01"], &[("1899-12-31", Violation::DateRange), ("2030-01-02", Violation::RangeMax)]);
}

#[test]
fn what_has_to_match_is_the_same() {
    let repeat = FieldView { matches: Some("email".to_owned()), ..field(FieldKind::Email) };
    let check = |field: &FieldView, value: &str, other: &str| check(field, value, other, today());
    assert_eq!(check(&repeat, "Jane@mail.example", "jane@mail.example"), Ok(()), "capitals do not count in an address");
    assert_eq!(check(&repeat, "", ""), Ok(()));
    assert_eq!(check(&repeat, "", "jane@mail.example"), Err(Violation::Matches));
    assert_eq!(check(&repeat, "jane@mail.example", ""), Err(Violation::Matches));
    assert_eq!(check(&repeat, "jane", "jane"), Err(Violation::Email), "a wrong address twice is a wrong address");
    let required = FieldView { required: true, ..repeat };
    assert_eq!(check(&required, "", "jane@mail.example"), Err(Violation::Required));
    let password = FieldView { matches: Some("password".to_owned()), ..field(FieldKind::Password) };
    assert_eq!(check(&password, "secret", "Secret"), Err(Violation::Matches));
    assert_eq!(check(&field(FieldKind::Text), "a", "b"), Ok(()), "a field that has to match nothing");
}

#[test]
fn a_password_holds_what_it_needs_and_stays_as_it_is_typed() {
    let all = vec![Need::Upper, Need::Lower, Need::Digit, Need::Special];
    let field = FieldView { needs: all, min_length: 8, ..field(FieldKind::Password) };
    let lacking = ["correct1!", "CORRECT1!", "Correct!!", "Correct11", "Яorrect1!", "correct1 Ä"].map(|value| (value, Violation::Password));
    assert_checks(&field, &["Correct1!", "ABCdef1 _", " Ab1! Ab1! "], &lacking);
    assert_checks(&field, &[], &[("Ab1!", Violation::TooShort)]);
    assert_eq!(normalise(FieldKind::Password, " Ab1! "), " Ab1! ");
    assert!(has(Need::Special, "~") && !has(Need::Special, "ä "));
}

proptest::proptest! {
    #[test]
    fn numbers_compare_as_numbers_do(one: i64, other: i64, places in 0_u32..6, zeros in 0_usize..3) {
        let written = |number: i64| {
            let (sign, digits) = (if number < 0 { "-" } else { "" }, format!("{:0>8}", number.unsigned_abs()));
            let (whole, fraction) = digits.split_at(digits.len() - places as usize);
            let dot = if fraction.is_empty() { "" } else { "." };
            format!("{sign}{}{whole}{dot}{fraction}", "0".repeat(zeros))
        };
        assert_eq!(compare_numbers(&written(one), &written(other)), Some(one.cmp(&other)));
    }

    #[test]
    fn whatever_is_typed_the_rules_stay_calm(value in ".{0,40}", other in ".{0,10}") {
        let all = vec![Need::Upper, Need::Special];
        for kind in [
            FieldKind::Text, FieldKind::Area, FieldKind::Email, FieldKind::Tel, FieldKind::Date, FieldKind::Number, FieldKind::Checkbox,
            FieldKind::Code, FieldKind::Select, FieldKind::Radio, FieldKind::Several, FieldKind::Password, FieldKind::Hidden, FieldKind::Country,
        ] {
            let field = FieldView {
                min: Some("1".to_owned()), max: Some("2000-01-01".to_owned()), min_length: 2, needs: all.clone(),
                matches: Some("other".to_owned()), options: choices(&["a", "b"]), ..field(kind)
            };
            let once = normalise(kind, &value);
            assert_eq!(normalise(kind, &once), once, "{kind:?}");
            if check(&field, &once, &normalise(kind, &other), today()).is_ok() && kind != FieldKind::Email {
                assert_eq!(once, normalise(kind, &other), "{kind:?}: it matches");
            }
        }
    }
}
