//! Funnels whose CRM says a part of them.

use std::{sync::Mutex, time::Duration};

use async_trait::async_trait;
use figment::{
    Figment,
    providers::{Format, Toml},
};
use latchkey_contract::FieldKind;

use super::*;
use crate::crm::{
    Action, Catalog, Crm, CrmChoice, CrmField, CrmStep, Finding, FormField, List, Outcome, Registration, Rest, SignupForm, Trouble,
};

const FORM: SignupForm = SignupForm {
    fields: &[FormField::new("email", FieldKind::Email), FormField::text("name"), FormField::text("city").of_list(List::Cities)],
    further: &["custom."],
    demands: &[&["email"]],
    routing: &[],
    finish: &[],
    tracking: &[],
    rest: Rest::Kept,
};

/// A CRM whose forms a test can change, or take away.
#[derive(Default)]
struct Pretended(Mutex<Option<Vec<CrmField>>>);

#[async_trait]
impl Crm for Pretended {
    fn form(&self, action: Action) -> Option<&SignupForm> {
        (action == Action::Signup).then_some(&FORM)
    }

    async fn register(&self, _registration: &Registration) -> Outcome {
        Outcome::Failed(Trouble::new("it only pretends"))
    }

    fn catalog(&self) -> Option<&dyn Catalog> {
        Some(self)
    }

    async fn probe(&self, _affiliates: &[&Affiliate]) -> Vec<Finding> {
        Vec::new()
    }

    fn at_once(&self) -> usize {
        1
    }

    fn settle(&self) -> Duration {
        Duration::ZERO
    }
}

#[async_trait]
impl Catalog for Pretended {
    fn forms(&self, _action: Action) -> &'static [&'static str] {
        &["usual", "other"]
    }

    async fn fields(&self, _form: &str) -> Result<Vec<CrmField>, Unanswered> {
        self.0.lock().unwrap().clone().ok_or_else(|| Unanswered::Unreachable(Trouble::new("down")))
    }

    fn has_steps(&self) -> bool {
        true
    }

    async fn steps(&self) -> Result<Vec<CrmStep>, Unanswered> {
        Ok(["first", "second"].map(|id| CrmStep { id: id.to_owned(), form: "usual".to_owned() }).into())
    }
}

fn field(name: &str, kind: FieldKind, labels: &[(&str, &str)]) -> CrmField {
    let labels = labels.iter().map(|(tag, text)| ((*tag).to_owned(), (*text).to_owned())).collect();
    CrmField { name: name.to_owned(), kind, labels, ..CrmField::default() }
}

fn fields() -> Vec<CrmField> {
    let level = CrmField {
        options: vec![CrmChoice { value: "1".to_owned(), labels: [("en-us".to_owned(), "One".to_owned())].into() }],
        ..field("custom.level", FieldKind::Select, &[("de-de", "Stufe"), ("en-us", "Level")])
    };
    vec![
        field("email", FieldKind::Email, &[]),
        level,
        field("custom.note", FieldKind::Area, &[("fr", "Note")]),
        field("unknown", FieldKind::Text, &[]),
    ]
}

fn content(text: &str) -> Value {
    let whole = format!("id = \"f\"\nconnection = \"c\"\norigins = [\"https://landing.example\"]\nlocales = [\"en\", \"de\"]\n{text}");
    Figment::from(Toml::string(&whole)).extract().expect("a table")
}

/// The funnels that stand in that one file, and their CRM.
fn funnels(text: &str) -> Result<(Funnels, Arc<Pretended>), Vec<String>> {
    let crm = Arc::new(Pretended::default());
    let connections: Connections = [("c".to_owned(), crm.clone() as Arc<dyn Crm>)].into();
    let known = connections.iter().map(|(name, crm)| (name.clone(), Some(crm.clone()))).collect();
    let surroundings = Surroundings { connections: &known, affiliates: &[], captchas: &BTreeMap::new(), own_origin: None };
    let mut problems = Problems::of("f.toml");
    let content = content(text);
    let Some(Read::Wanting { id, connection, origins, wants }) = read(&content, None, &surroundings, &mut problems) else {
        return Err(problems.found().map(ToString::to_string).collect());
    };
    let wanting = Wanting { id, connection, origins, wants, content, source: "f.toml".to_owned() };
    Ok((Funnels::new(Vec::new(), vec![wanting], connections, Vec::new(), BTreeMap::new(), None), crm))
}

async fn live(text: &str, fields: Vec<CrmField>) -> Arc<Funnel> {
    let (funnels, crm) = funnels(text).expect("a funnel");
    *crm.0.lock().unwrap() = Some(fields);
    funnels.fetch(&funnels.wanting()[0]).await.expect("taken");
    funnels.get("f").expect("live")
}

const STEP: &str = "[[steps]]\nid = \"s\"\nfields = \"crm\"\n";

#[tokio::test]
async fn a_step_takes_the_crms_fields_in_its_order_with_its_labels() {
    let funnel = live(STEP, fields()).await;
    let labels = |wish| {
        let language = funnel.language(None, [wish]);
        language.fields().map(|field| (field.name.clone(), field.label.clone(), field.required)).collect::<Vec<_>>()
    };
    let owned = |list: &[(&str, &str, bool)]| {
        list.iter().map(|(name, label, required)| ((*name).to_owned(), (*label).to_owned(), *required)).collect::<Vec<_>>()
    };
    // What the CRM demands is required, whatever its form says; what it has no label for has ours; what cannot be sent is left out.
    assert_eq!(labels("en"), owned(&[("email", "E-mail", true), ("custom.level", "Level", false), ("custom.note", "Note", false)]));
    assert_eq!(labels("de"), owned(&[("email", "E-Mail", true), ("custom.level", "Stufe", false), ("custom.note", "Note", false)]));
    let level = funnel.language(None, ["de"]).fields().find(|field| field.name == "custom.level").expect("there").clone();
    assert_eq!(level.options[0].label.as_deref(), Some("One"), "the nearest where the language is not there");
}

#[tokio::test]
async fn the_file_comes_before_the_crm() {
    let text = format!(
        "{STEP}[override.\"custom.note\"]\nomit = true\n[override.\"custom.level\"]\nlabel = {{ en = \"L\", de = \"S\" }}\nrequired = true\n"
    );
    let funnel = live(&text, fields()).await;
    let fields: Vec<_> =
        funnel.language(None, ["en"]).fields().map(|field| (field.name.as_str(), field.label.as_str(), field.required)).collect();
    assert_eq!(fields, [("email", "E-mail", true), ("custom.level", "L", true)]);
}

#[tokio::test]
async fn steps_come_from_the_crm_and_titles_from_the_file() {
    let (funnels, crm) = funnels("steps = \"crm\"\n[titles]\nfirst = \"And then\"\n").expect("a funnel");
    *crm.0.lock().unwrap() = Some(vec![field("email", FieldKind::Email, &[])]);
    funnels.fetch(&funnels.wanting()[0]).await.expect("taken");
    let funnel = funnels.get("f").expect("live");
    let steps = &funnel.language(None, ["en"]).view.steps;
    // Both steps have the same form here: what the first asks for the second does not, and a step without a field is none.
    assert_eq!(steps.len(), 1);
    assert_eq!((steps[0].id.as_str(), steps[0].title.as_deref()), ("first", Some("And then")));
}

#[tokio::test]
async fn what_the_crm_gave_last_is_served_while_it_is_down() {
    let (funnels, crm) = funnels(STEP).expect("a funnel");
    let wanting = &funnels.wanting()[0];
    assert!(matches!(funnels.fetch(wanting).await, Err(NotRefreshed::Unanswered(Unanswered::Unreachable(_)))));
    assert!(funnels.get("f").is_none() && funnels.is_awaited("f"));
    *crm.0.lock().unwrap() = Some(fields());
    funnels.fetch(wanting).await.expect("taken");
    let first = funnels.get("f").expect("live");
    *crm.0.lock().unwrap() = None;
    assert!(funnels.fetch(wanting).await.is_err());
    assert_eq!(funnels.get("f").expect("still live").version, first.version);
    // A form that does not go with the file leaves the funnel as it is.
    *crm.0.lock().unwrap() = Some(Vec::new());
    assert!(matches!(funnels.fetch(wanting).await, Err(NotRefreshed::Unanswered(Unanswered::Unreadable(_)))));
    assert_eq!(funnels.get("f").expect("still live").version, first.version);
    *crm.0.lock().unwrap() = Some(fields().into_iter().take(1).collect());
    funnels.fetch(wanting).await.expect("taken");
    let second = funnels.get("f").expect("live");
    assert_ne!(second.version, first.version, "what the CRM says belongs to the version");
    // Who was shown the first is answered by it; who was shown none of them, by the live one.
    let shown = |version: &str| funnels.shown("f", version).expect("a version").language(None, ["en"]).fields().count();
    assert_eq!((shown(&first.version), shown(&second.version), shown("made up")), (3, 1, 1));
}

#[test]
fn mistakes_are_named_before_the_crm_is_asked() {
    let problems = |text: &str| funnels(text).err().expect("a mistake").join("\n");
    let unknown = problems("[[steps]]\nid = \"s\"\nfields = \"crm\"\nform = \"nonsense\"\n");
    assert!(unknown.contains("steps[0].form: the CRM has no form \"nonsense\"; it has usual, other"), "{unknown}");
    let word = problems("[[steps]]\nid = \"s\"\nfields = \"CRM\"\n");
    assert!(word.contains("steps[0].fields") && word.contains("a list, or \"crm\""), "{word}");
    let inner = problems("steps = \"crm\"\n[override.email]\nlable = \"x\"\n");
    assert!(inner.contains("override.email.lable") || inner.contains("unknown field `lable`"), "{inner}");
}

#[tokio::test]
async fn one_odd_field_does_not_take_the_form_away() {
    let odd = vec![
        // The CRM's form says that it is a text; its document says that it is an e-mail.
        field("email", FieldKind::Text, &[]),
        field("custom.pick", FieldKind::Select, &[]),
        CrmField { list: Some(List::Cities), ..field("custom.city", FieldKind::Select, &[]) },
        CrmField { read_only: true, ..field("custom.fixed", FieldKind::Text, &[]) },
    ];
    let (funnels, crm) = funnels(STEP).expect("a funnel");
    *crm.0.lock().unwrap() = Some(odd);
    let (_, problems) = funnels.fetch(&funnels.wanting()[0]).await.expect("taken");
    let funnel = funnels.get("f").expect("live");
    let shown: Vec<_> = funnel.language(None, ["en"]).fields().map(|field| (field.name.clone(), field.kind, field.read_only)).collect();
    let text = |name: &str| (name.to_owned(), FieldKind::Text, false);
    assert_eq!(shown, [("email".to_owned(), FieldKind::Email, false), text("custom.pick"), text("custom.city"), text("custom.fixed")]);
    assert_eq!(problems.warnings().len(), 3, "{:?}", problems.warnings());
}

#[tokio::test]
async fn what_the_file_says_of_nothing_is_told() {
    let (funnels, crm) = funnels("steps = \"crm\"\n[titles]\nthird = \"x\"\n[override.emial]\nlabel = \"x\"\n").expect("a funnel");
    *crm.0.lock().unwrap() = Some(fields());
    let (_, problems) = funnels.fetch(&funnels.wanting()[0]).await.expect("taken");
    let told: Vec<_> = problems.warnings().iter().map(ToString::to_string).collect();
    assert!(told.iter().any(|line| line.contains("\"third\"")) && told.iter().any(|line| line.contains("[override.emial]")), "{told:#?}");
}
