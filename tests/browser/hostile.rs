//! On anybody's page: strict ones, old ones, odd ones. The form works in them, and they work with it.

use serde_json::json;
use thirtyfour::{By, Key};

use crate::{
    browser::{Engine, not_in},
    site::{Page, Site},
};

/// The snippet of the README.
const SNIPPET: &str = r#"<script type="module" src="{proxy}/embed/demo.js"></script><latchkey-signup funnel="demo"></latchkey-signup>"#;

/// A page with that before and after the snippet.
fn page(before: &str, after: &str) -> Page {
    Page::new(&format!("<!doctype html><html lang=en><meta charset=utf-8><title>A page</title><body>{before}{SNIPPET}{after}"))
}

#[tokio::test]
async fn under_the_strictest_policy_that_lets_it_in() {
    let html = SNIPPET.replace("<script ", "<script nonce=made-up-nonce ");
    let page = Page::new(&format!("<!doctype html><html lang=en><title>A page</title>{html}")).with_policy(
        "default-src 'none'; img-src 'self'; script-src 'nonce-made-up-nonce' 'wasm-unsafe-eval'; connect-src {proxy}; form-action {proxy}; \
         base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types latchkey",
    );
    let site = Site::open(page).await;
    let form = site.form().await;
    site.browser.screenshot("hostile-policy").await;
    site.sign_up(&form, "jane.policy@mail.example").await;
    site.end().await;
}

#[tokio::test]
async fn under_a_policy_that_forbids_webassembly_it_is_a_form_as_any_other() {
    let page = page("", "").with_policy(
        "default-src 'none'; img-src 'self'; script-src {proxy}; connect-src {proxy}; form-action {proxy}; require-trusted-types-for 'script'",
    );
    let site = Site::open(page).await;
    let form = site.painted().await;
    site.sign_up(&form, "jane.html@mail.example").await;
    // The policy was kept, and the page's engineer can read about it.
    let expected = |line: &str| ["WebAssembly", "wasm"].iter().any(|word| line.contains(word));
    site.browser.console().await.iter().for_each(|line| assert!(expected(line), "{line}"));
    site.browser.quit().await;
}

#[tokio::test]
async fn several_on_one_page() {
    let more = r#"<latchkey-signup funnel="demo" locale="de"></latchkey-signup>
        <script type="module" src="{proxy}/embed/other.js"></script><latchkey-signup funnel="other"></latchkey-signup>"#;
    let site = Site::open_with(harness::Setup::new().another_funnel("other"), page("", more)).await;
    let form = site.form().await;
    let forms = "[...document.querySelectorAll('latchkey-signup')].map(other => other.shadowRoot)";
    form.until("all of them", &format!("return {forms}.every(other => other?.querySelector('input[name]'))")).await;
    let titles = form.ask(&format!("return {forms}.map(other => other.querySelector('[part=title]').innerText)")).await;
    assert_eq!(titles, json!(["Open your account", "Konto eröffnen", "Open your account"]));
    // What happens in one is none of the others' business.
    form.send().await;
    form.until_text("E-mail is needed.").await;
    let wrong = form.ask(&format!("return {forms}.map(other => other.querySelectorAll('[aria-invalid=true]').length > 0)")).await;
    assert_eq!(wrong, json!([true, false, false]));
    form.ask("document.querySelector('latchkey-signup').remove(); document.querySelector('latchkey-signup').remove()").await;
    form.until("the other funnel's", "return host.getAttribute('funnel') === 'other'").await;
    form.fill_in("jane.other@mail.example").await;
    form.send().await;
    harness::until("the member area", async || site.browser.driver.find(By::Id("who")).await.ok()).await;
    assert_eq!(site.world.signups().await[0]["funnel"], "other");
    site.end().await;
}

#[tokio::test]
async fn moved_within_the_page_it_keeps_what_was_typed() {
    let site = Site::open(page("<div id=first></div><div id=second></div>", "")).await;
    let form = site.form().await;
    form.fill("firstName", "Jane").await;
    form.ask("window.input = root.querySelector('[name=firstName]'); document.querySelector('#second').append(host)").await;
    form.ask("document.querySelector('#first').append(host)").await;
    assert_eq!(form.ask("return root.querySelector('[name=firstName]') === window.input").await, true, "the same input");
    assert_eq!(form.value("firstName").await, "Jane");
    site.sign_up(&form, "jane.moved@mail.example").await;
    site.end().await;
}

#[tokio::test]
async fn inside_a_form_of_the_page_neither_sends_the_other() {
    let before = "<form id=theirs action=/theirs><input name=theirs value=1>";
    let after = "<button id=send>Send</button></form>
        <script>window.sent = 0; document.querySelector('#theirs').addEventListener('submit', event => { event.preventDefault(); window.sent++; });</script>";
    let site = Site::open(page(before, after)).await;
    let form = site.form().await;
    let theirs = form.ask("return [...new FormData(document.querySelector('#theirs')).keys()]").await;
    assert_eq!(theirs, json!(["theirs"]), "the page's form knows nothing of ours");
    form.input("email").await.send_keys(Key::Enter + "").await.unwrap();
    form.until_text("E-mail is needed.").await;
    site.browser.driver.find(By::Id("send")).await.unwrap().click().await.unwrap();
    assert_eq!(form.ask("return window.sent").await, 1, "only the page's own button sends the page's form");
    assert!(site.world.signups().await.is_empty());
    site.sign_up(&form, "jane.inside@mail.example").await;
    site.end().await;
}

#[tokio::test]
async fn css_of_the_page_that_would_undo_everything_does_not_reach_in() {
    let css = "<style>* { all: unset !important } input, select, button, label { display: none !important } \
               form { visibility: hidden !important } [part] { opacity: 0 !important; position: absolute !important } \
               body { font-size: 3px; line-height: 0; color: transparent; text-align: right; letter-spacing: 1em; text-transform: uppercase; \
               white-space: pre; cursor: none; pointer-events: none; user-select: none; visibility: hidden; direction: rtl; word-spacing: 2em }</style>";
    let site = Site::open(page(css, "")).await;
    let form = site.form().await;
    site.browser.screenshot("hostile-css").await;
    let hidden = form
        .ask(
            "return [...root.querySelectorAll('label, input, select, button')].filter(piece => !piece.closest('[aria-hidden=true], [hidden], [type=hidden]'))
                .filter(piece => !piece.checkVisibility({ opacityProperty: true, visibilityProperty: true }) || piece.getBoundingClientRect().height < 10)
                .map(piece => piece.outerHTML)",
        )
        .await;
    assert_eq!(hidden, json!([]), "everything is there to be seen");
    let look = form.ask("const look = getComputedStyle(root.querySelector('label')); return [parseFloat(look.fontSize) > 12, look.letterSpacing, look.textTransform]");
    assert_eq!(look.await, json!([true, "normal", "none"]));
    site.sign_up(&form, "jane.css@mail.example").await;
    site.end().await;
}

/// What libraries of another age put into every page that loaded them.
const OLD_PATCHES: &str = "<script>
    Array.prototype.toJSON = function () { return '[' + this.join() + ']'; };
    String.prototype.toJSON = function () { return '\"' + this + '\"'; };
    Array.prototype.each = function (work) { for (var i = 0; i < this.length; i++) work(this[i]); return this; };
    Array.prototype.first = function () { return this[0]; };
    Object.prototype.extend = function (other) { for (var key in other) this[key] = other[key]; return this; };
    Function.prototype.bind = function () { var self = this, given = [].slice.call(arguments), it = given.shift();
      return function () { return self.apply(it, given.concat([].slice.call(arguments))); }; };
    Element.prototype.remove = function () { if (this.parentNode) this.parentNode.removeChild(this); };
    document.getElementsByClassName = function (name) { return [].slice.call(document.querySelectorAll('.' + name)); };
    window.$A = function (list) { return [].slice.call(list); };
    </script>";

#[tokio::test]
async fn beside_jquery_and_old_patches_of_everything() {
    if not_in(&[Engine::Webkit], "its driver works in the page, and does not bear the patches itself") {
        return;
    }
    let libraries = "<script src=/core-js.js></script><script src=/jquery.js></script>\
        <script>jQuery(function ($) { $('latchkey-signup').addClass('theirs'); });
        jQuery(document).on('latchkey:ready', function () { window.heard = true; }); jQuery.noConflict(true);</script>";
    let site = Site::open(page(&format!("{libraries}{OLD_PATCHES}"), "")).await;
    let form = site.form().await;
    form.until("jQuery heard it", "return window.heard === true").await;
    site.sign_up(&form, "jane.jquery@mail.example").await;
    let sent = &site.world.sandbox.bodies().await[0];
    assert_eq!(sent["agreements"][0]["label"], "Terms and Conditions", "{sent}");
    site.end().await;
}

#[tokio::test]
async fn with_a_base_that_leads_elsewhere() {
    let site = Site::open(page("<base href='https://elsewhere.example/deep/' target=_blank>", "")).await;
    let form = site.form().await;
    site.sign_up(&form, "jane.base@mail.example").await;
    site.end().await;
}

#[tokio::test]
async fn where_the_page_has_frozen_what_all_share() {
    let freeze = "<script>
        for (const name of Object.getOwnPropertyNames(window)) {
          const it = window[name];
          if (typeof it === 'function' && it.prototype && /^[A-Z]/.test(name)) Object.freeze(it.prototype);
        }
        [Object, Array, Function, Promise, String, JSON, Math, Reflect, Symbol].forEach(Object.freeze);
        window.frozen = Object.isFrozen(Object.prototype) && Object.isFrozen(Array.prototype) && Object.isFrozen(HTMLElement.prototype);
        </script>";
    let site = Site::open(page(freeze, "")).await;
    let form = site.form().await;
    assert_eq!(form.ask("return window.frozen").await, true);
    site.sign_up(&form, "jane.frozen@mail.example").await;
    site.end().await;
}

/// A visitor of a page whose router puts another body, or another part of it, in the place of the old one.
async fn through_a_router(leave: &str, come_back: &str) {
    let site = Site::open(page("<main id=place>", "</main>")).await;
    let form = site.form().await;
    form.fill("firstName", "Left behind").await;
    form.ask(leave).await;
    form.until("the form is gone", "return !document.querySelector('latchkey-signup')").await;
    assert_eq!(form.ask("return location.pathname").await, "/about");
    form.ask(come_back).await;
    form.until_live().await;
    assert_eq!(form.ask("return root.querySelectorAll('form').length").await, 1);
    assert_eq!(form.value("firstName").await, "Left behind", "as after a reload");
    site.sign_up(&form, "jane.router@mail.example").await;
    site.end().await;
}

#[tokio::test]
async fn turbo_swaps_the_body() {
    // The old body is kept, as Turbo keeps it, and the new one comes from a parser: its scripts are started anew.
    let swap = "const next = new DOMParser().parseFromString(html, 'text/html').body;
        for (const script of next.querySelectorAll('script')) {
          const active = document.createElement('script');
          for (const { name, value } of script.attributes) active.setAttribute(name, value);
          script.replaceWith(active);
        }
        document.body.replaceWith(document.adoptNode(next));";
    let leave =
        format!("window.before = document.body.outerHTML; history.pushState({{}}, '', '/about'); const html = '<h1>About</h1>'; {swap}");
    let back = format!("history.pushState({{}}, '', '/'); const html = window.before; {swap}");
    through_a_router(&leave, &back).await;
}

#[tokio::test]
async fn a_route_of_the_page_removes_the_element_and_another_makes_one() {
    let leave = "history.pushState({}, '', '/about'); document.querySelector('#place').innerHTML = '<h1>About</h1>'";
    let back =
        "history.pushState({}, '', '/'); const made = document.createElement('latchkey-signup'); made.setAttribute('funnel', 'demo');
        document.querySelector('#place').replaceChildren(made)";
    through_a_router(leave, back).await;
}
