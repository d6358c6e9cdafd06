use super::*;
use crate::funnel::plural::CATEGORIES;

/// More than any number in a text of ours: seconds, characters, years, results.
const LARGEST: usize = 2_000;

fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

/// The placeholder that a counted text's number stands for.
fn number_of(whole: &str) -> &'static str {
    match whole {
        "code.wait" => "seconds",
        "error.too_long" => "max",
        "error.min_length" => "min",
        "error.too_young" => "age",
        _ => "count",
    }
}

/// The texts of a form, and those of a portal's elements.
fn all() -> [&'static BTreeMap<&'static str, Texts>; 2] {
    [&BUILT_IN, &partner::TEXTS]
}

#[test]
fn every_language_has_every_text_with_the_same_placeholders() {
    for built_in in all() {
        same_placeholders(built_in);
    }
}

fn same_placeholders(built_in: &BTreeMap<&'static str, Texts>) {
    let english = &built_in[FALLBACK].0;
    let keys = |texts: &Texts| texts.0.keys().map(|key| base(key).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(built_in.len(), 12);
    for (language, texts) in built_in {
        assert_eq!(keys(texts), keys(&built_in[FALLBACK]), "{language}");
        for (key, text) in &texts.0 {
            let whole = base(key);
            let original = english.get(key).or_else(|| english.get(&format!("{whole}.other"))).or_else(|| english.get(whole));
            let mut expected = placeholders(original.expect("a text of English"));
            // "Two characters": in a category of one number alone, that number may be a word.
            let stands_for = (1..=LARGEST).filter(|number| key == &format!("{whole}.{}", category(language, *number))).count();
            if stands_for == 1 && !placeholders(text).contains(number_of(whole)) {
                expected.remove(number_of(whole));
            }
            assert_eq!(placeholders(text), expected, "{language}: {key}");
            assert!(!text.is_empty() && text.trim() == text, "{language}: {key}");
        }
    }
}

#[test]
fn a_counted_text_has_the_wordings_that_its_language_needs_and_no_others() {
    for (built_in, least) in all().into_iter().zip(["code.wait", "waits"]) {
        let counted: BTreeSet<_> = built_in[FALLBACK].0.keys().filter_map(|key| key.strip_suffix(".other")).collect();
        assert!(counted.contains(least));
        wordings(built_in, &counted);
    }
}

fn wordings(built_in: &BTreeMap<&'static str, Texts>, counted: &BTreeSet<&str>) {
    for (language, texts) in built_in {
        let needed: BTreeSet<_> = (1..=LARGEST).map(|number| category(language, number)).collect();
        for whole in counted {
            let has: BTreeSet<_> = CATEGORIES.into_iter().filter(|category| texts.0.contains_key(&format!("{whole}.{category}"))).collect();
            // One for all, where the number changes nothing.
            let expected = if texts.0.contains_key(*whole) { BTreeSet::new() } else { needed.clone() };
            assert_eq!(has, expected, "{language}: {whole}");
        }
    }
}

#[test]
fn a_number_chooses_the_wording() {
    let text =
        |locale: &str, key: &str, number| built_in(locale).counted(key, number, &|number| category(locale, number).to_owned()).to_owned();
    assert_eq!(text("pl", "error.too_long", 1), "{label}: najwyżej {max} znak.");
    assert_eq!(text("pl", "error.too_long", 3), "{label}: najwyżej {max} znaki.");
    assert_eq!(text("pl", "error.too_long", 100), "{label}: najwyżej {max} znaków.");
    assert_eq!(text("ar", "search.count", 2), "نتيجتان");
    assert_eq!(text("tr", "search.count", 1), text("tr", "search.count", 7));
    assert_eq!(text("cs", "search.count", 3), "{count} results", "a language that we do not have is answered in English");
}

#[test]
fn a_funnels_words_replace_ours() {
    let reworded = |locale: &str, key: &str| {
        let mut texts = built_in(locale).clone();
        assert!(is_text(key), "{key}");
        reword(&mut texts, key, "New".to_owned());
        texts
    };
    let plural = |locale: &'static str| move |number| category(locale, number).to_owned();
    let whole = reworded("ru", "code.wait");
    assert!([1, 2, 5].into_iter().all(|number| whole.counted("code.wait", number, &plural("ru")) == "New"));
    let one = reworded("de", "search.count.one");
    assert_eq!(one.counted("search.count", 1, &plural("de")), "New");
    assert_eq!(one.counted("search.count", 2, &plural("de")), "{count} Treffer");
    assert_eq!(reworded("en", "submit").get("submit"), "New");
    for unknown in ["field.email", "nonsense", "submit.few", "nonsense.other"] {
        assert!(!is_text(unknown), "{unknown}");
    }
}

#[test]
fn the_widget_is_sent_a_text_for_every_rule_that_its_fields_have() {
    use latchkey_contract::rules::Violation;
    let field = |kind, min_age| FieldView { kind, required: true, max_length: 100, min_age, ..FieldView::default() };
    let sent = |fields: &[FieldView], violation: Violation| {
        let step = StepView { fields: fields.to_vec(), ..StepView::default() };
        let texts = for_widget(built_in("en"), "en", &[step], false);
        assert!(!texts.0.keys().any(|key| key.starts_with("field.") || key.starts_with("page.")));
        texts.0.keys().any(|key| base(key) == format!("error.{}", violation.code()))
    };
    let always = [Violation::Required, Violation::TooLong, Violation::Characters];
    let kinds = [
        (FieldKind::Text, None, vec![]),
        (FieldKind::Email, None, vec![Violation::Email]),
        (FieldKind::Tel, None, vec![Violation::Phone]),
        (FieldKind::Date, None, vec![Violation::Date, Violation::DateRange]),
        (FieldKind::Date, Some(18), vec![Violation::Date, Violation::DateRange, Violation::TooYoung]),
        (FieldKind::Number, None, vec![Violation::Number]),
        (FieldKind::Checkbox, None, vec![]),
        (FieldKind::Code, None, vec![Violation::Code]),
        (FieldKind::Select, None, vec![Violation::Option]),
        (FieldKind::Radio, None, vec![Violation::Option]),
        (FieldKind::Several, None, vec![Violation::Option]),
        (FieldKind::Country, None, vec![Violation::Option]),
    ];
    for (kind, min_age, own) in kinds {
        let fields = [field(kind, min_age)];
        assert!(always.iter().chain(&own).all(|violation| sent(&fields, *violation)), "{kind:?}");
        assert_eq!(sent(&fields, Violation::TooYoung), min_age.is_some(), "{kind:?}");
    }
}

#[test]
fn the_widget_is_sent_the_wordings_for_the_numbers_of_its_rules() {
    let field = |max_length, min_age| FieldView { max_length, min_age, ..FieldView::default() };
    let sent = |locale: &str, fields: &[FieldView]| {
        let texts = for_widget(built_in(locale), locale, &[StepView { fields: fields.to_vec(), ..StepView::default() }], false);
        texts.0.into_keys().filter(|key| ["error.too_long", "error.too_young"].contains(&base(key))).collect::<Vec<_>>()
    };
    assert_eq!(sent("en", &[field(100, None)]), ["error.too_long.other"]);
    assert_eq!(
        sent("en", &[field(100, None), field(1, Some(18))]),
        ["error.too_long.one", "error.too_long.other", "error.too_young.other"]
    );
    assert_eq!(
        sent("ru", &[field(100, Some(18)), field(32, Some(21))]),
        ["error.too_long.few", "error.too_long.many", "error.too_young.many", "error.too_young.one"]
    );
    assert_eq!(sent("ja", &[field(1, Some(18))]), ["error.too_long", "error.too_young"]);
    assert_eq!(sent("cs", &[field(3, None)]), ["error.too_long.other"], "English, in a language that counts otherwise");
}

#[test]
fn the_widget_is_sent_the_words_for_what_its_funnel_has() {
    let with = |groups: &[&str], steps: &[Vec<FieldView>]| {
        let steps: Vec<_> = steps.iter().map(|fields| StepView { fields: fields.clone(), ..StepView::default() }).collect();
        let texts = for_widget(built_in("en"), "en", &steps, groups.contains(&"captcha"));
        for group in ["step.", "code.", "options.", "search.", "slip", "password.", "password.needs."] {
            let is_in = |key: &&String| {
                key.starts_with(group) && *key != "options.within" && (group != "password." || base(key).split('.').count() == 2)
            };
            let count = |texts: &Texts| texts.0.keys().filter(is_in).count();
            let expected = if groups.contains(&group) { count(built_in("en")) } else { 0 };
            assert_eq!(count(&texts), expected, "{group} of {steps:?}");
        }
        for key in ["captcha.title", "captcha.checking"] {
            assert_eq!(texts.0.contains_key(key), groups.contains(&"captcha"), "{key}");
        }
        assert!(!texts.0.contains_key("captcha.failed"), "the server says it");
        assert_eq!(texts.0.contains_key("options.within"), groups.contains(&"within"), "{steps:?}");
    };
    let of = |kind| FieldView { kind, ..FieldView::default() };
    let country = FieldView { lookup: true, ..of(FieldKind::Country) };
    let state = FieldView { lookup: true, within: Some("country".to_owned()), ..of(FieldKind::Select) };
    let strict = FieldView { needs: vec![Need::Upper, Need::Lower, Need::Digit, Need::Special], ..of(FieldKind::Password) };
    with(&[], &[vec![FieldView::default()]]);
    with(&["captcha"], &[vec![FieldView::default()]]);
    with(&["step."], &[vec![], vec![]]);
    with(&["code."], &[vec![of(FieldKind::Code)]]);
    with(&["options."], &[vec![country.clone()]]);
    with(&["step.", "code.", "options.", "within"], &[vec![country, state], vec![of(FieldKind::Code)]]);
    with(&["search."], &[vec![of(FieldKind::Tel)]]);
    with(&["search."], &[vec![FieldView { search: true, ..of(FieldKind::Select) }]]);
    with(&["slip"], &[vec![of(FieldKind::Email)]]);
    with(&["password."], &[vec![of(FieldKind::Password)]]);
    with(&["password.", "password.needs."], &[vec![strict]]);
}
