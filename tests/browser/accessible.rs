//! For everybody: axe finds nothing in any state, language, size and colour, and nothing has to be scrolled sideways. In Chromium, whose
//! driver can be told of colours; what axe reads is the same in all engines.

use harness::Setup;
use serde_json::json;

use crate::{
    axe,
    browser::{DESKTOP, ENLARGED, Engine, NARROWEST, PHONE, TABLET, not_in},
    crms,
    form::Form,
    stage::Stage,
};

const LOCALES: [&str; 3] = ["en", "de", "ar"];

/// What the funnel says in German, and then in Arabic.
const ARABIC: [(&str, &str); 5] = [
    (r#"de = "Konto eröffnen""#, "افتح حسابك"),
    (r#"de = "weiblich""#, "أنثى"),
    (r#"de = "männlich""#, "ذكر"),
    (r#"de = "Ich stimme den Bedingungen zu.""#, "أوافق على الشروط."),
    (r#"de = "Ich möchte Neuigkeiten.""#, "أرسلوا إليّ الأخبار."),
];

fn skipped() -> bool {
    not_in(&[Engine::Firefox, Engine::Webkit], "their drivers cannot choose colours, and what axe reads is the same")
}

/// Looks at what is shown, in each size and colour.
async fn look(stage: &Stage, form: &Form<'_>, name: &str) {
    for window in [NARROWEST, ENLARGED, DESKTOP] {
        stage.browser.show_in(window).await;
        for dark in [true, false] {
            stage.browser.prefer_dark(dark).await;
            axe::nothing_is_wrong(&stage.browser, &format!("{name}, {}, dark: {dark}", window.name)).await;
        }
        let place = format!("{name}, {}", window.name);
        assert_eq!(form.sideways().await, json!([]), "{place}: nothing has to be scrolled sideways");
    }
    stage.browser.screenshot(&format!("accessible-{}", name.replace(", ", "-"))).await;
}

/// Brings the form into a state, in each language, and looks at it. The e-mail address is another one each time.
async fn in_each_language(name: &str, setup: Setup, reach: impl AsyncFn(&Stage, &Form<'_>, &str)) {
    if skipped() {
        return;
    }
    let setup = setup.edit(r#"locales = ["en", "de"]"#, r#"locales = ["en", "de", "ar"]"#);
    let setup = ARABIC.iter().fold(setup, |setup, (german, arabic)| setup.edit(german, &format!("{german}, ar = \"{arabic}\"")));
    let stage = Stage::set(setup, DESKTOP).await;
    for locale in LOCALES {
        let form = stage.form().await;
        form.ask(&format!("host.setAttribute('locale', '{locale}')")).await;
        form.until(locale, &format!("return root?.querySelector('[lang]')?.lang === '{locale}'")).await;
        reach(&stage, &form, &format!("jane.{locale}@mail.example")).await;
        look(&stage, &form, &format!("{name}, {locale}")).await;
    }
    stage.browser.quit().await;
}

const INVALID: &str = "return !!root.querySelector('[aria-invalid=true]')";
const SENDING: &str = "return root.querySelector('button[part=button]').getAttribute('aria-disabled') === 'true'";
const DONE: &str = "return !root.querySelector('form').checkVisibility() && root.querySelector('[part=message]').checkVisibility()";

/// Answers signups with that status in the proxy's place.
async fn answer(form: &Form<'_>, status: u16, retry_after: u32) {
    let script = format!(
        "const real = window.fetch;
         window.fetch = async (resource, options) => String(resource).endsWith('/signups')
           ? new Response('{{}}', {{ status: {status}, headers: {{ 'retry-after': '{retry_after}' }} }}) : real(resource, options);"
    );
    form.ask(&script).await;
}

/// The languages that the proxy has texts in, but for the two that the demo's funnel is written in.
const MORE_LOCALES: [&str; 10] = ["es", "fr", "it", "pt", "pl", "tr", "ru", "ar", "zh", "ja"];

#[tokio::test]
async fn in_every_language() {
    if skipped() {
        return;
    }
    let locales: Vec<&str> = ["en", "de"].into_iter().chain(MORE_LOCALES).collect();
    let setup = Setup::new().edit(r#"locales = ["en", "de"]"#, &format!("locales = {locales:?}"));
    // What the funnel says itself is in Arabic in all of them: the rest is ours.
    let all =
        |german: &str, arabic: &str| MORE_LOCALES.iter().fold(german.to_owned(), |all, locale| format!("{all}, {locale} = \"{arabic}\""));
    let setup = ARABIC.iter().fold(setup, |setup, (german, arabic)| setup.edit(german, &all(german, arabic)));
    let stage = Stage::set(setup, PHONE).await;
    for locale in locales {
        let form = stage.form().await;
        form.ask(&format!("host.setAttribute('locale', '{locale}')")).await;
        form.until(locale, &format!("return root?.querySelector('[lang]')?.lang === '{locale}'")).await;
        form.until_live().await;
        form.send().await;
        form.until("the errors", INVALID).await;
        axe::nothing_is_wrong(&stage.browser, &format!("every language, {locale}")).await;
        assert_eq!(form.sideways().await, json!([]), "{locale}: nothing has to be scrolled sideways");
    }
    stage.browser.quit().await;
}

/// For whoever looks at them: on a telephone, on a tablet and at a desk, light, dark and in Arabic; fresh, and with what is wrong.
#[tokio::test]
async fn for_people_to_look_at() {
    if skipped() {
        return;
    }
    for locale in ["en", "ar"] {
        let setup = Setup::new().edit(r#"locales = ["en", "de"]"#, r#"locales = ["en", "ar"]"#);
        let setup = ARABIC.iter().fold(setup, |setup, (german, arabic)| setup.edit(german, &format!("ar = \"{arabic}\"")));
        let stage = Stage::set(setup, DESKTOP).await;
        let form = stage.form().await;
        form.ask(&format!("host.setAttribute('locale', '{locale}')")).await;
        form.until(locale, &format!("return root?.querySelector('[lang]')?.lang === '{locale}'")).await;
        for state in ["fresh", "wrong"] {
            for window in [PHONE, TABLET, DESKTOP] {
                stage.browser.show_in(window).await;
                stage.browser.screenshots(&format!("look-{state}-{locale}")).await;
                assert_eq!(form.sideways().await, json!([]), "{state}, {locale}, {}", window.name);
            }
            form.send().await;
            form.until("the errors", INVALID).await;
        }
        stage.browser.quit().await;
    }
}

#[tokio::test]
async fn a_fresh_form() {
    in_each_language("fresh", Setup::new(), async |_, _, _| ()).await;
}

#[tokio::test]
async fn in_every_preset() {
    for preset in ["plain", "soft", "bold"] {
        let setup = Setup::new().edit("[routing]", &format!("[theme]\npreset = \"{preset}\"\n\n[routing]"));
        in_each_language(&format!("preset, {preset}"), setup, async |_, form, _| {
            form.send().await;
            form.until("the errors", INVALID).await;
        })
        .await;
    }
}

#[tokio::test]
async fn being_sent() {
    in_each_language("sending", Setup::new(), async |stage, form, email| {
        stage.world.sandbox.fault(json!({"kind": "delay", "ms": 60_000})).await;
        form.fill_in(email).await;
        form.send().await;
        form.until("it is being sent", SENDING).await;
    })
    .await;
}

#[tokio::test]
async fn under_way() {
    in_each_language("under way", Setup::new().patience(0), async |stage, form, email| {
        stage.world.sandbox.fault(json!({"kind": "delay", "ms": 60_000})).await;
        form.fill_in(email).await;
        form.send().await;
        form.until("the thanks", DONE).await;
    })
    .await;
}

#[tokio::test]
async fn registered() {
    in_each_language("registered", Setup::new(), async |_, form, email| {
        form.ask("host.addEventListener('latchkey:registered', event => event.preventDefault())").await;
        form.fill_in(email).await;
        form.send().await;
        form.until("the end", DONE).await;
    })
    .await;
}

#[tokio::test]
async fn refused() {
    in_each_language("refused", Setup::new(), async |stage, form, email| {
        stage.world.sandbox.fault(json!({"kind": "refuse", "message": "Phone is not valid"})).await;
        form.fill_in(email).await;
        form.send().await;
        form.until("the refusal", INVALID).await;
    })
    .await;
}

#[tokio::test]
async fn known() {
    in_each_language("known", Setup::new(), async |stage, form, _| {
        let first = stage.world.form().await;
        stage.world.signup(&first).await;
        form.fill_in(first["fields"]["email"].as_str().unwrap()).await;
        form.send().await;
        form.until("the log-in", "return !!root.querySelector(\"a[href='https://broker.example/login']\")").await;
    })
    .await;
}

#[tokio::test]
async fn tried_again() {
    in_each_language("retrying", Setup::new(), async |_, form, email| {
        answer(form, 503, 60).await;
        form.fill_in(email).await;
        form.send().await;
        form.until("it is said", "return root.querySelector('[part=retrying]').innerText !== ''").await;
    })
    .await;
}

#[tokio::test]
async fn not_taken() {
    in_each_language("busy", Setup::new(), async |_, form, email| {
        answer(form, 429, 120).await;
        form.fill_in(email).await;
        form.send().await;
        form.until("it is said", "return root.querySelector('[role=alert]').innerText !== ''").await;
    })
    .await;
}

#[tokio::test]
async fn one_step_after_another() {
    if skipped() {
        return;
    }
    let stage = crms::stage("impact", DESKTOP).await;
    let form = crms::form(&stage, "impact", "").await;
    look(&stage, &form, "step 1").await;
    form.fill("firstName", "Jane").await;
    form.fill("lastName", "Doe").await;
    form.choose("natonalityCountryCode", "CY").await;
    form.send().await;
    form.until_step("contact").await;
    look(&stage, &form, "step 2").await;
    form.send().await;
    form.until("the errors", INVALID).await;
    look(&stage, &form, "step 2, wrong").await;
    stage.browser.quit().await;
}

#[tokio::test]
async fn with_places_looked_up_and_a_code() {
    if skipped() {
        return;
    }
    let stage = crms::stage("broctagon", DESKTOP).await;
    let form = crms::form(&stage, "broctagon", "").await;
    crms::fill_in_broctagon(&form, "jane.looks@mail.example").await;
    look(&stage, &form, "look-ups").await;
    crms::next(&form, "identity").await;
    look(&stage, &form, "identity").await;
    crms::fill_in_identity(&form).await;
    crms::next(&form, "code").await;
    look(&stage, &form, "code").await;
    stage.browser.quit().await;
}

#[tokio::test]
async fn where_the_visitor_has_chosen_the_colours() {
    if skipped() {
        return;
    }
    let stage = Stage::set(Setup::new(), DESKTOP).await;
    stage.browser.force_colours().await;
    let form = stage.form().await;
    form.send().await;
    form.until("the errors", INVALID).await;
    stage.browser.screenshot("accessible-forced-colours").await;
    // Shadows are gone and backgrounds all alike: an edge is what is left to see where something begins.
    let pieces = form
        .ask(
            "return [...root.querySelectorAll('input, select, textarea, button')].filter(piece => piece.checkVisibility() && !piece.closest('[aria-hidden=true]'))
                .filter(piece => [undefined, '::before'].every(part => parseFloat(getComputedStyle(piece, part).borderTopWidth) === 0))
                .map(piece => piece.name || piece.textContent)",
        )
        .await;
    assert_eq!(pieces, json!([]), "every piece has an edge");
    form.input("email").await.focus().await.unwrap();
    let focus = form.ask("const piece = root.activeElement; return [piece.name, getComputedStyle(piece).outlineStyle]").await;
    assert_eq!(focus, json!(["email", "solid"]), "the focus is seen");
    axe::nothing_is_wrong(&stage.browser, "forced colours").await;
    stage.browser.quit().await;
}

/// Text alone twice as large, as a phone's own setting makes it.
#[tokio::test]
async fn with_larger_text() {
    let stage = Stage::set(Setup::new(), NARROWEST).await;
    let form = stage.form().await;
    form.ask("host.style.setProperty('--lk-font-size', '32px')").await;
    form.send().await;
    form.until("the errors", INVALID).await;
    assert_eq!(form.sideways().await, json!([]), "nothing has to be scrolled sideways");
    stage.browser.screenshot("accessible-larger-text").await;
    stage.browser.quit().await;
}
