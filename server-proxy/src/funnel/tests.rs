//! Funnels read from files' contents, and what becomes of where a visitor came from.

use figment::{
    Figment,
    providers::{Format, Json, Toml},
};

use super::*;
use crate::{config::Problems, crm};

const FUNNEL: &str = r#"
id = "demo"
connection = "wi"
origins = ["https://landing.example"]
locales = ["en", "de"]
[[steps]]
id = "contact"
fields = [{ name = "email", required = true }, { name = "phone", required = true }, { name = "firstName", required = true }]
[routing]
desk = "sales"
sendEmail = true
"#;

/// As a file is read: figment's tables are sorted by key.
fn parse(text: &str) -> Value {
    let figment = if text.trim_start().starts_with('{') { Figment::from(Json::string(text)) } else { Figment::from(Toml::string(text)) };
    figment.extract().expect("a table")
}

fn read_with(text: &str) -> Result<Funnel, Vec<String>> {
    crate::install_crypto();
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), "made-up-key").expect("written");
    let table = serde_json::json!({
        "kind": "wi", "base_url": "https://trade.example", "signup_key": format!("file:{}", file.path().display())
    });
    let mut problems = Problems::of("demo.toml");
    let wi = crm::build("wi", table, &mut problems);
    let connections = BTreeMap::from([("wi".to_owned(), wi)]);
    let affiliates = [Arc::new(Affiliate {
        id: "a-17".to_owned(),
        connection: "wi".to_owned(),
        crm_id: "AFF-17".to_owned(),
        buckets: Vec::new(),
        credential: None,
    })];
    let surroundings = Surroundings { connections: &connections, affiliates: &affiliates, captchas: &BTreeMap::new(), own_origin: None };
    let funnel = read(&parse(text), None, &surroundings, &mut problems).map(|read| match read {
        Read::Whole(funnel) => *funnel,
        Read::Wanting { .. } => panic!("nothing is taken from the CRM here"),
    });
    funnel.ok_or_else(|| problems.found().map(|problem| problem.to_string()).collect())
}

fn funnel(text: &str) -> Funnel {
    read_with(text).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

/// The CRM's members for a visitor who came with these values.
fn attribution(more: &str, values: &[(&str, &str)]) -> (BTreeMap<String, String>, Option<String>) {
    // Top-level keys come before the tables.
    let (top, tables) = more.split_once("[tracking]").map_or((more, String::new()), |(top, rest)| (top, format!("[tracking]{rest}")));
    let funnel = funnel(&format!("{top}\n{FUNNEL}\n{tables}"));
    let values = values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let form = SignupForm {
        fields: &[],
        further: &[],
        demands: &[],
        routing: &[],
        finish: &[],
        tracking: &[("subID", "subID"), ("campaignId", "campaignId"), ("sourceId", "sourceId"), ("meta", "meta")],
        rest: Rest::Query("meta"),
    };
    (funnel.tracking(&form, &values), funnel.attributed(&values))
}

fn members(list: &[(&str, &str)]) -> BTreeMap<String, String> {
    list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn nothing_of_where_a_visitor_came_from_is_lost() {
    let values = [("subID", "s"), ("utm_source", "news & more"), ("gclid", "g=1"), ("affiliateID", "x"), ("utm_medium", "ä")];
    let (mapped, affiliate) = attribution("", &values);
    assert_eq!(mapped, members(&[("subID", "s"), ("meta", "gclid=g%3D1&utm_medium=%C3%A4&utm_source=news+%26+more")]));
    assert_eq!(affiliate, None, "a page names no affiliate that the funnel does not let it name");
    assert_eq!(attribution("", &[]), (BTreeMap::new(), None));
    assert_eq!(attribution("", &[("campaignId", "c"), ("sourceId", "s")]).0, members(&[("campaignId", "c"), ("sourceId", "s")]));
}

#[test]
fn a_map_fills_members_and_the_rest_is_kept_where_it_leaves_room() {
    let values = [("utm_source", "news"), ("gclid", "g"), ("fbclid", "f")];
    let (mapped, _) = attribution("[tracking]\nmap = { sourceId = \"{utm_source}\" }", &values);
    assert_eq!(mapped, members(&[("sourceId", "news"), ("meta", "fbclid=f&gclid=g")]), "what is mapped is not repeated");
    let (mapped, _) = attribution("[tracking]\nmap = { meta = \"{utm_source}/{gclid}\" }", &values);
    assert_eq!(mapped, members(&[("meta", "news/g")]), "the marketer says what the metadata holds");
    let (mapped, _) = attribution("[tracking]\nmap = { subID = \"{gclid}\" }", &[("subID", "page's"), ("gclid", "g")]);
    assert_eq!(mapped, members(&[("subID", "g")]), "the map comes before the page");
    let (mapped, _) = attribution("[tracking]\nmap = { subID = \"{gclid}\" }", &[("subID", "page's")]);
    assert_eq!(mapped, members(&[("subID", "page's")]), "a map of what is not known leaves the page's value");
    let (mapped, _) = attribution("[tracking]\nmap = { sourceId = \"always\" }", &[]);
    assert_eq!(mapped, members(&[("sourceId", "always")]));
}

#[test]
fn who_may_name_the_affiliate() {
    let claimed = [("affiliateID", "AFF-9")];
    assert_eq!(attribution("affiliate = \"a-17\"", &claimed).1.as_deref(), Some("AFF-17"));
    assert_eq!(attribution("affiliate = \"a-17\"", &[]).1.as_deref(), Some("AFF-17"));
    assert_eq!(attribution("[tracking]\naffiliates = [\"*\"]", &claimed).1.as_deref(), Some("AFF-9"));
    assert_eq!(attribution("[tracking]\naffiliates = [\"AFF-9\", \"AFF-8\"]", &claimed).1.as_deref(), Some("AFF-9"));
    assert_eq!(attribution("[tracking]\naffiliates = [\"AFF-8\"]", &claimed).1, None);
    for rule in ["affiliate = \"a-17\"", "[tracking]\naffiliates = [\"AFF-8\"]", ""] {
        assert!(attribution(rule, &claimed).0.is_empty(), "{rule}: a claim that is not let goes nowhere else either");
    }
    assert!(funnel(&format!("{FUNNEL}\n[tracking]\naffiliates = [\"*\"]")).languages().all(|language| language.view.tracking.affiliate));
    assert!(!funnel(&format!("affiliate = \"a-17\"\n{FUNNEL}")).languages().any(|language| language.view.tracking.affiliate));
}

#[test]
fn labels_that_a_funnel_does_not_give_are_ours_in_each_language() {
    let funnel = funnel(FUNNEL);
    let labels = |locale: &str| -> Vec<String> { funnel.language(None, [locale]).fields().map(|field| field.label.clone()).collect() };
    assert_eq!(labels("en"), ["E-mail", "Phone", "First name"]);
    assert_eq!(labels("de"), ["E-Mail", "Telefon", "Vorname"]);
    let own = self::funnel(&FUNNEL.replace(
        "{ name = \"phone\", required = true }",
        "{ name = \"phone\", required = true, label = { en = \"Mobile\", de = \"Mobil\" } }",
    ));
    let label = |locale: &str| own.language(None, [locale]).fields().nth(1).map(|field| field.label.clone());
    assert_eq!((label("en").as_deref(), label("de").as_deref()), (Some("Mobile"), Some("Mobil")));
}

#[test]
fn a_funnel_has_a_look() {
    let css = |funnel: &Funnel, variant| funnel.language(variant, ["en"]).theme.clone();
    assert!(css(&funnel(FUNNEL), None).contains("--accent:var(--lk-accent,#2450c8)"), "ours, where it says nothing");
    let variant = "[[variants]]\nid = \"b\"\ntheme = { radius = \"2px\" }";
    let own = funnel(&format!("{FUNNEL}\n[theme]\npreset = \"bold\"\naccent = \"#7a1140\"\n{variant}"));
    assert!(css(&own, None).contains("--accent:var(--lk-accent,#7a1140)") && css(&own, None).contains("--radius:var(--lk-radius,4px)"));
    assert!(
        css(&own, Some("b")).contains("--accent:var(--lk-accent,#7a1140)")
            && css(&own, Some("b")).contains("--radius:var(--lk-radius,2px)")
    );
    let wrong = read_with(&format!("{FUNNEL}\n[theme]\naccent = \"red;}}\"\nscheme = \"dusk\"")).unwrap_err();
    assert_eq!(wrong.len(), 2, "{wrong:?}");
    assert!(wrong[0].contains("theme.accent") && wrong[1].contains("theme"), "{wrong:?}");
}

#[test]
fn a_language_that_we_do_not_have_falls_back_to_english() {
    let funnel = funnel(&FUNNEL.replace("[\"en\", \"de\"]", "[\"nl-BE\", \"de\"]"));
    assert_eq!(funnel.language(None, ["fr"]).view.locale, "nl-BE", "the first, for who reads none of them");
    assert_eq!(funnel.language(None, ["nl"]).texts.get("submit"), "Open account");
    assert_eq!(funnel.language(None, ["de-CH", "nl-BE"]).view.locale, "de");
}

#[test]
fn a_funnel_words_our_texts_anew() {
    let funnel = funnel(&format!("{FUNNEL}\n[texts]\nsubmit = {{ en = \"Go\", de = \"Los\" }}\n\"error.required\" = \"?\""));
    let (en, de) = (funnel.language(None, ["en"]), funnel.language(None, ["de"]));
    assert_eq!((en.view.texts.get("submit"), de.view.texts.get("submit")), ("Go", "Los"));
    assert_eq!((en.view.texts.get("error.required"), de.view.texts.get("error.required")), ("?", "?"));
    assert_eq!(en.texts.get("choose"), "Please choose", "the others stay");
}

#[test]
fn a_field_is_what_its_name_says_unless_it_is_told() {
    use latchkey_contract::FieldKind;
    let fields = r#"fields = [{ name = "email", required = true }, { name = "phone", required = true }, { name = "firstName", required = true },
        { name = "dateOfBirth" }, { name = "billing.country" }, { name = "gender", options = ["f", "m"] }, { name = "nationality", kind = "country", options = ["DE", "AT"] }]"#;
    let start = FUNNEL.find("fields = ").expect("fields");
    let end = FUNNEL.find("[routing]").expect("routing");
    let funnel = funnel(&format!("{}{fields}\n{}", &FUNNEL[..start], &FUNNEL[end..]));
    let view = |name: &str| funnel.language(None, ["en"]).fields().find(|field| field.name == name).cloned().expect("the field");
    for (name, kind, length, autocomplete) in [
        ("email", FieldKind::Email, 254, Some("email")),
        ("phone", FieldKind::Tel, 32, Some("tel")),
        ("firstName", FieldKind::Text, 100, Some("given-name")),
        ("dateOfBirth", FieldKind::Date, 100, Some("bday")),
        ("billing.country", FieldKind::Country, 100, Some("country")),
        ("gender", FieldKind::Select, 100, Some("sex")),
        ("nationality", FieldKind::Country, 100, None),
    ] {
        let field = view(name);
        assert_eq!((field.kind, field.max_length, field.autocomplete.as_deref()), (kind, length, autocomplete), "{name}");
    }
    assert!(view("billing.country").options.is_empty(), "any country; the list does not travel with every funnel");
    assert!(view("nationality").options.iter().all(|option| option.label.is_none()), "the browser knows their names");
    let values: Vec<_> = view("nationality").options.into_iter().map(|option| option.value).collect();
    assert_eq!(values, ["DE", "AT"]);
    assert_eq!(view("gender").options[0].label.as_deref(), Some("f"));
}

#[test]
fn a_version_is_of_the_content_and_not_of_its_order() {
    let version = |text: &str| funnel(text).version;
    let first = version(FUNNEL);
    assert!(first.len() == 16 && first.bytes().all(|byte| byte.is_ascii_hexdigit()), "{first}");
    let moved = FUNNEL.replace("id = \"demo\"\nconnection = \"wi\"", "connection = \"wi\"\n\n# Said.\nid = \"demo\"");
    let turned = moved.replace("desk = \"sales\"\nsendEmail = true", "sendEmail = true\ndesk = \"sales\"");
    assert_ne!(turned, FUNNEL);
    assert_eq!(version(&turned), first);
    let json = serde_json::to_string(&parse(FUNNEL)).expect("JSON");
    assert_eq!(version(&json), first, "nor of the format");
    for (from, to) in [("sales", "retention"), ("true }]", "true, max_length = 9 }]"), ("\"en\", \"de\"", "\"de\", \"en\"")] {
        assert_ne!(version(&FUNNEL.replace(from, to)), first, "{to}");
    }
    assert_eq!(funnel(FUNNEL).language(None, ["en"]).view.version, first);
}

#[test]
fn the_text_that_was_agreed_to_has_a_hash() {
    let agreement = |text: &str, url: &str| {
        let funnel = funnel(&format!("{FUNNEL}\n[[agreements]]\nlabel = \"Terms\"\ntext = \"{text}\"\nurl = \"{url}\""));
        funnel.language(None, ["en"]).agreement_hashes.clone()
    };
    let first = agreement("I agree.", "https://broker.example/terms");
    assert!(first.len() == 1 && first[0].len() == 64);
    assert_eq!(agreement("I agree.", "https://broker.example/terms"), first);
    assert_ne!(agreement("I agree!", "https://broker.example/terms"), first);
    assert_ne!(agreement("I agree.", "https://broker.example/terms-2"), first);
}

#[test]
fn a_funnel_with_any_mistake_is_none() {
    let problems = read_with(&FUNNEL.replace("sales", "sales\"\nspeed = \"high")).expect_err("a mistake");
    assert!(problems.len() == 1 && problems[0].starts_with("demo.toml: routing.speed: "), "{problems:?}");
}

#[test]
fn visitors_are_split_by_weight() {
    let variants = "[[variants]]\nid = \"a\"\nweight = 3\n[[variants]]\nid = \"none\"\nweight = 0\n[[variants]]\nid = \"b\"";
    let funnel = self::funnel(&format!("{FUNNEL}\n{variants}"));
    let drawn: Vec<_> = (0..4).map(|number| funnel.drawn(number).unwrap_or_default()).collect();
    assert_eq!(drawn, ["a", "a", "a", "b"]);
    assert!((0..50).all(|_| funnel.draw().is_some_and(|variant| variant != "none")));
    assert_eq!((funnel.variant(Some("none")), funnel.variant(Some("x")), funnel.variant(None)), (Some("none"), None, None));
    assert_eq!(self::funnel(FUNNEL).draw(), None);
}

#[test]
fn what_is_long_is_searched() {
    let search = |field: &str| {
        let funnel =
            funnel(&FUNNEL.replace("{ name = \"phone\", required = true }", &format!("{{ name = \"phone\", required = true }}, {field}")));
        let language = funnel.language(None, ["en"]);
        language.fields().nth(2).map(|field| field.search)
    };
    let many = (0..13).map(|number| format!("\"{number}\"")).collect::<Vec<_>>().join(", ");
    assert_eq!(search("{ name = \"billing.country\" }"), Some(true), "all countries");
    assert_eq!(search("{ name = \"billing.country\", options = [\"DE\", \"AT\"] }"), Some(false));
    assert_eq!(search(&format!("{{ name = \"gender\", options = [{many}] }}")), Some(true));
    assert_eq!(search(&format!("{{ name = \"gender\", options = [{many}], search = false }}")), Some(false));
    assert_eq!(search(&format!("{{ name = \"gender\", kind = \"radio\", options = [{many}] }}")), Some(false));
}
