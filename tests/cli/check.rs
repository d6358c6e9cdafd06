//! `check` and `serve`: what is wrong with a configuration.

use std::{collections::BTreeMap, fs, path::Path};

use harness::{CRM_KEY, Ended, Program, STORE_KEY, Setup, World, free_port};
use tempfile::TempDir;

const ENVIRONMENT: [(&str, &str); 2] = [("LATCHKEY_KEY", STORE_KEY), ("WI_SIGNUP_KEY", CRM_KEY)];

/// A folder of files to check.
pub(crate) struct Files {
    folder: TempDir,
    environment: BTreeMap<String, String>,
}

impl Files {
    pub(crate) fn new(config: &str, funnel: &str) -> Files {
        let folder = TempDir::new().expect("a folder");
        fs::write(folder.path().join("latchkey.toml"), config).expect("written");
        fs::create_dir(folder.path().join("funnels")).expect("written");
        fs::write(folder.path().join("funnels/demo.toml"), funnel).expect("written");
        Files { folder, environment: ENVIRONMENT.map(|(name, value)| (name.to_owned(), value.to_owned())).into() }
    }

    fn with(mut self, name: &str, value: &str) -> Files {
        self.environment.insert(name.to_owned(), value.to_owned());
        self
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) async fn run(&self, arguments: &[&str]) -> Ended {
        let environment: Vec<_> = self.environment.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        Program::run("latchkey", self.path(), arguments, &environment).await
    }

    /// `latchkey check`, which has to fail: its errors, less "error: ".
    pub(crate) async fn mistakes(&self) -> Vec<String> {
        let ended = self.run(&["check"]).await;
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""), "{}", ended.stderr);
        ended.stderr.lines().filter_map(|line| line.strip_prefix("error: ").map(str::to_owned)).collect()
    }
}

pub(crate) const CONFIG: &str = r#"
[server]
listen = "127.0.0.1:8080"
public_url = "https://join.example"
[store]
keys = ["env:LATCHKEY_KEY"]
[connections.wi]
kind = "wi"
base_url = "https://trade.example"
signup_key = "env:WI_SIGNUP_KEY"
redirect_hosts = ["*.broker.example"]
duplicate_when = ["already exists"]
[[affiliates]]
id = "a-17"
connection = "wi"
crm_id = "made-up"
"#;

pub(crate) const FUNNEL: &str = include_str!("../harness/funnel.toml");

#[tokio::test]
async fn every_mistake_is_reported_at_once_with_file_key_and_reason() {
    let config = r#"
[server]
listen = "8080"
public_url = "join.example"
trusted_proxies = ["10.0.0.0/8", "everybody"]
prot = 1
[server.limits]
body_bytes = 10
signups_per_minute = "many"
[store]
url = "mysql://latchkey"
keys = ["env:NOT_THERE", "env:SHORT"]
[connections.wi]
kind = "wi"
base_url = "http://trade.example"
redirect_hosts = ["https://broker.example/"]
[connections.other]
kind = "salesforce"
[connections.nameless]
[[affiliates]]
id = "a-17"
connection = "nobody"
crm_id = 7
"#;
    let files = Files::new(config, FUNNEL).with("SHORT", "made-up");
    let expected = r#"
funnels/demo.toml: affiliate: there is no [[affiliates]] with id = "a-17"
latchkey.toml: affiliates[0].crm_id: invalid type: integer `7`, expected a string
latchkey.toml: connections.nameless.kind: is missing
latchkey.toml: connections.other.kind: "salesforce" is no kind that this version knows; it knows "wi", "trading", "impact", "broctagon"
latchkey.toml: connections.wi.base_url: http sends the CRM's key in the clear: use https (or allow_insecure = true, on a test machine)
latchkey.toml: connections.wi.redirect_hosts: "https://broker.example/" is no host: write "broker.example", "*.broker.example" or "broker.example:8443"
latchkey.toml: connections.wi.signup_key: is missing
latchkey.toml: server.limits.body_bytes: 10 is not between 1024 and 1048576
latchkey.toml: server.limits.signups_per_minute: invalid type: string "many", expected u64
latchkey.toml: server.listen: "8080" is no address and port, such as "127.0.0.1:8080"
latchkey.toml: server.prot: unknown field `prot`, expected one of `listen`, `metrics_listen`, `public_url`, `trusted_proxies`, `country_header`, `limits`
latchkey.toml: server.public_url: "join.example" is no address (relative URL without a base)
latchkey.toml: server.trusted_proxies[1]: "everybody" is no network, such as "10.0.0.0/8"
latchkey.toml: store.keys[0]: the environment variable NOT_THERE is not set
latchkey.toml: store.keys[1]: env:SHORT has 7 bytes and needs 32: make one with `openssl rand -base64 32`
latchkey.toml: store.url: "mysql" is neither a SQLite file, as "sqlite://latchkey.db", nor a PostgreSQL server, as "postgres://user@host/database"
"#;
    assert_eq!(files.mistakes().await.join("\n"), expected.trim());
}

#[tokio::test]
async fn serve_reports_the_same_and_listens_nowhere() {
    let port = free_port();
    let config = CONFIG.replace("127.0.0.1:8080", &format!("127.0.0.1:{port}")).replace("kind = \"wi\"", "kind = \"none\"");
    let files = Files::new(&config, FUNNEL);
    let ended = files.run(&["serve"]).await;
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""));
    assert!(
        ended.stderr.contains("connections.wi.kind") && ended.stderr.ends_with("latchkey: 1 mistake in the configuration\n"),
        "{}",
        ended.stderr
    );
    assert!(!ended.stderr.contains("ready") && !files.path().join("latchkey.db").exists(), "nothing was begun: {}", ended.stderr);
}

#[tokio::test]
async fn a_literal_secret_is_refused_and_not_repeated() {
    for (from, key) in [("env:LATCHKEY_KEY", "store.keys[0]"), ("env:WI_SIGNUP_KEY", "connections.wi.signup_key")] {
        let files = Files::new(&CONFIG.replace(from, "sk_made_up_literal_0123456789_0123456789"), FUNNEL);
        for command in ["check", "serve"] {
            let ended = files.run(&[command]).await;
            assert_eq!(ended.code, Some(1));
            let expected = format!("error: latchkey.toml: {key}: a secret is named, never written: use \"env:NAME\" or \"file:PATH\"");
            assert!(ended.stderr.lines().any(|line| line == expected), "{}", ended.stderr);
            assert!(!ended.stderr.contains("sk_made_up") && !ended.stdout.contains("sk_made_up"), "{}", ended.stderr);
        }
    }
}

#[tokio::test]
async fn a_file_that_is_missing_or_no_toml_is_named() {
    let files = Files::new("[server\nlisten = ", FUNNEL);
    let mistakes = files.mistakes().await;
    assert!(mistakes.len() == 1 && mistakes[0].starts_with("latchkey.toml: ") && mistakes[0].contains("line 1"), "{mistakes:?}");
    let ended = files.run(&["check", "--config", "none.toml"]).await;
    assert_eq!(ended.code, Some(1));
    assert!(ended.stderr.contains("none.toml"), "{}", ended.stderr);
    fs::remove_dir_all(files.path().join("funnels")).unwrap();
    fs::write(files.path().join("latchkey.toml"), CONFIG).unwrap();
    let mistakes = files.mistakes().await;
    assert!(mistakes.len() == 1 && mistakes[0].starts_with("latchkey.toml: funnels.dir: cannot read the folder"), "{mistakes:?}");
    fs::create_dir(files.path().join("funnels")).unwrap();
    let mistakes = files.mistakes().await;
    assert!(mistakes.len() == 1 && mistakes[0].contains("there is no funnel"), "{mistakes:?}");
}

#[tokio::test]
async fn a_mistake_in_an_environment_variable_is_named_as_such() {
    let files = Files::new(CONFIG, FUNNEL).with("LATCHKEY__SERVER__LISTEN", "nowhere");
    let expected =
        "the environment variable LATCHKEY__SERVER__LISTEN: server.listen: \"nowhere\" is no address and port, such as \"127.0.0.1:8080\"";
    assert_eq!(files.mistakes().await, [expected]);
}

#[tokio::test]
async fn each_mistake_of_a_funnel_is_named() {
    let step = "\n[[steps]]\nid = \"contact\"\n[[steps.fields]]\nname = \"passport\"\n";
    for (from, to, expected) in [
        ("action = \"signup\"", "action = \"lead\"", "action: the CRM has no \"lead\"; it has signup"),
        ("id = \"demo\"", "id = \"Demo\"", "id: \"Demo\" is not of small letters, digits and dashes (at most 64)"),
        ("id = \"demo\"", "id = \"latchkey\"", "id: \"latchkey\" is the general loader's name"),
        ("origins = [\"https://landing.example\"]", "", "origins: is missing: name the pages' origins, as [\"https://landing.example\"]"),
        (
            "https://landing.example",
            "https://landing.example/page",
            "origins[0]: \"https://landing.example/page\" is no origin: write scheme and host, as \"https://landing.example\"",
        ),
        (
            "https://landing.example",
            "https://*.example",
            "origins[0]: \"https://*.example\" is no origin: write scheme and host, as \"https://landing.example\"",
        ),
        (
            "locales = [\"en\", \"de\"]",
            "locales = [\"en\", \"de\", \"english\"]",
            "locales[2]: \"english\" is no language tag such as \"en\" or \"pt-BR\"",
        ),
        (
            "name = \"lastName\"",
            "name = \"nickname\"",
            "steps[0].fields[3].name: the CRM has no visitor's field \"nickname\": it has email, phone",
        ),
        (
            "name = \"lastName\"",
            "name = \"desk\"",
            "steps[0].fields[3].name: the CRM has no visitor's field \"desk\": only the server sets it, in [routing]",
        ),
        ("name = \"lastName\"", "name = \"website\"", "steps[0].fields[3].name: \"website\" is the trap for bots, which people do not see"),
        ("name = \"lastName\"", "name = \"email\"", "steps[0].fields[3].name: \"email\" stands twice"),
        ("name = \"phone\"\nrequired = true", "name = \"phone\"", "steps: the CRM demands \"phone\": its field needs required = true"),
        ("[[steps.fields]]\nname = \"phone\"\nrequired = true", "", "steps: the CRM demands \"phone\", and no field asks for it"),
        ("max_length = 40", "max_length = 40\nkind = \"secret\"", "steps[0].fields[3].kind: unknown variant `secret`"),
        ("max_length = 40", "max_lenght = 40", "steps[0].fields[3].max_lenght: unknown field `max_lenght`"),
        ("max_length = 40", "max_length = 0", "steps[0].fields[3].max_length: is not between 1 and 2000"),
        ("max_length = 40", "kind = \"select\"", "steps[0].fields[3].options: is missing: a field of kind \"select\" has options"),
        ("max_length = 40", "min_age = 18", "steps[0].fields[3].min_age: is for a field of kind date"),
        (
            "{ en = \"I accept the terms.\", de = \"Ich stimme den Bedingungen zu.\" }",
            "{ en = \"I accept the terms.\" }",
            "agreements[0].text: lacks the language \"de\" of locales",
        ),
        (
            "{ en = \"I accept the terms.\",",
            "{ fr = \"J'accepte.\", en = \"I accept the terms.\",",
            "agreements[0].text.fr: \"fr\" is not in locales",
        ),
        ("label = \"Newsletter\"", "label = \"Terms and Conditions\"", "agreements[1].label: \"Terms and Conditions\" stands twice"),
        (
            "url = \"https://broker.example/terms\"",
            "url = \"javascript:alert(1)\"",
            "agreements[0].url: \"javascript:alert(1)\" is not an https: address",
        ),
        ("sendEmail = true", "sendEmail = \"yes\"", "routing.sendEmail: \"yes\" is of the wrong type: the CRM takes true or false"),
        ("project = \"made-up-project-41\"", "project = 7", "routing.project: 7 is of the wrong type: the CRM takes a text"),
        ("sendEmail = true", "color = \"red\"", "routing.color: the CRM has no such routing value; it has project, desk"),
        ("keep_days = 30", "keep_days = 1000", "tracking.keep_days: is more than 365"),
        (
            "keep_days = 30",
            "map = { desk = \"{gclid}\" }",
            "tracking.map.desk: the CRM has no such tracking value; it has campaignId, meta, sourceId, subID",
        ),
        ("keep_days = 30", "map = { meta = \"{email}\" }", "tracking.map.meta: \"{email}\" is no tracking value"),
        ("keep_days = 30", "affiliates = [\"*\"]", "tracking.affiliates: a funnel whose affiliate is pinned lets no page name another"),
        ("affiliate = \"a-17\"", "affiliate = \"a-18\"", "affiliate: there is no [[affiliates]] with id = \"a-18\""),
        ("kind = \"redirect\"", "kind = \"download\"", "finish.kind: unknown variant `download`"),
        ("login_url = \"https://broker.example/login\"", "login_url = \"login\"", "finish.login_url: \"login\" is no address"),
        ("[bots]", "[robots]", "robots: unknown field `robots`"),
        ("[bots]", "[texts]\n\"error.nonsense\" = \"x\"\n[bots]", "texts.error.nonsense: is no text of ours"),
        ("\n[[agreements]]\nlabel = \"Terms", &format!("{step}\n[[agreements]]\nlabel = \"Terms"), "steps[1].id: stands twice"),
        ("\n[[agreements]]\nlabel = \"Terms", "\n[override.email]\nlable = \"x\"\n[[agreements]]\nlabel = \"Terms", "override.email.lable"),
    ] {
        assert!(FUNNEL.contains(from), "{from}");
        let mistakes = Files::new(CONFIG, &FUNNEL.replacen(from, to, 1)).mistakes().await;
        assert!(mistakes.len() == 1 && mistakes[0].starts_with(&format!("funnels/demo.toml: {expected}")), "{to}\n{mistakes:#?}");
    }
}

#[tokio::test]
async fn an_unknown_connection_takes_its_affiliate_with_it() {
    let mistakes = Files::new(CONFIG, &FUNNEL.replace("connection = \"wi\"", "connection = \"none\"")).mistakes().await;
    let expected = [
        "funnels/demo.toml: affiliate: \"a-17\" belongs to the connection \"wi\"",
        "funnels/demo.toml: connection: there is no [connections.none]; there is wi",
    ];
    assert_eq!(mistakes, expected);
}

#[tokio::test]
async fn a_funnels_mistakes_come_all_at_once() {
    let funnel = "id = \"demo\"\nconnection = \"wi\"\norigins = [\"nowhere\"]\nsurprise = 1\n[routing]\nsendEmail = 1\n";
    let expected = "\
funnels/demo.toml: origins[0]: \"nowhere\" is no origin: write scheme and host, as \"https://landing.example\"
funnels/demo.toml: routing.sendEmail: 1 is of the wrong type: the CRM takes true or false
funnels/demo.toml: steps: is missing: a funnel has a step with fields
funnels/demo.toml: steps: the CRM demands \"email\", and no field asks for it
funnels/demo.toml: steps: the CRM demands \"firstName\", and no field asks for it
funnels/demo.toml: steps: the CRM demands \"phone\", and no field asks for it";
    let mistakes = Files::new(CONFIG, funnel).mistakes().await;
    let (unknown, rest): (Vec<_>, Vec<_>) =
        mistakes.into_iter().partition(|line| line.starts_with("funnels/demo.toml: surprise: unknown field"));
    assert_eq!((unknown.len(), rest.join("\n").as_str()), (1, expected));
}

#[tokio::test]
async fn two_funnels_of_one_id_are_a_mistake() {
    let files = Files::new(CONFIG, FUNNEL);
    fs::write(files.path().join("funnels/other.toml"), FUNNEL).unwrap();
    assert_eq!(files.mistakes().await, ["funnels/other.toml: id: there is another funnel \"demo\""]);
}

#[tokio::test]
async fn check_tries_each_connection() {
    let world = World::start(Setup::new()).await;
    let good = world.latchkey(&["check"]).await;
    assert_eq!(good.code, Some(0), "{} {}", good.stdout, good.stderr);
    assert!(good.stdout.contains("ok: connection wi") && good.stdout.contains("ok: funnel demo"), "{}", good.stdout);
    assert!(world.sandbox.users().await.is_empty(), "it changes nothing");
    let mut environment = world.environment();
    environment.push(("WI_SIGNUP_KEY", "another-made-up-key"));
    let denied = Program::run("latchkey", world.folder(), &["check"], &environment).await;
    assert_eq!(denied.code, Some(1));
    assert!(denied.stdout.contains("error: connection wi") && denied.stdout.contains("signup_key is not accepted"), "{}", denied.stdout);
    assert!(denied.stderr.contains("1 of these do not work"), "{}", denied.stderr);
    world.sandbox.fault(serde_json::json!({ "kind": "html" })).await;
    let odd = world.latchkey(&["check"]).await;
    assert_eq!(odd.code, Some(1));
    assert!(odd.stdout.contains("answers an empty sign-up with 200"), "{}", odd.stdout);
    for ended in [good, denied, odd] {
        let all = ended.stdout + &ended.stderr;
        assert!(!all.contains(CRM_KEY) && !all.contains(STORE_KEY) && !all.contains("another-made-up-key"), "{all}");
    }
    let nobody = CONFIG.replace("https://trade.example", &format!("http://127.0.0.1:{}", free_port()));
    let nobody = nobody.replace("kind = \"wi\"", "kind = \"wi\"\nallow_insecure = true\nallow_private = true");
    let unreachable = Files::new(&nobody, FUNNEL).run(&["check"]).await;
    assert_eq!(unreachable.code, Some(1));
    assert!(unreachable.stdout.contains("error: connection wi: signup_key: http://127.0.0.1:"), "{}", unreachable.stdout);
}

#[tokio::test]
async fn check_warns_of_what_is_surely_not_meant() {
    let world =
        World::start(Setup::new().set("connections.wi", "redirect_hosts", "[]").set("connections.wi", "duplicate_when", "[]")).await;
    let ended = world.latchkey(&["check"]).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    for warning in ["redirect_hosts is empty: no visitor will be logged in", "duplicate_when is empty"] {
        assert!(ended.stdout.contains(&format!("warning: latchkey.toml: connections.wi: {warning}")), "{}", ended.stdout);
    }
    let body = world.signup(&world.form().await).await.json_of(201);
    assert_eq!(body["next"]["kind"], "message", "and indeed nobody is logged in");
}

#[tokio::test]
async fn a_port_in_use_is_one_clear_line() {
    let world = World::start(Setup::new().on_sqlite()).await;
    let address = world.address.strip_prefix("http://").unwrap();
    let config = std::fs::read_to_string(world.folder().join("latchkey.toml")).unwrap();
    let other = config.replace("[store]\n", "[store]\nurl = \"sqlite://other.db\"\n");
    std::fs::write(world.folder().join("other.toml"), other).unwrap();
    let ended = world.latchkey(&["serve", "--config", "other.toml"]).await;
    assert_eq!(ended.code, Some(1));
    let expected = format!("latchkey: server.listen: {address} is in use: stop the program that uses it, or choose another port\n");
    // Beside it the log may tell of a slow disk.
    let said: String = ended.stderr.lines().filter(|line| !line.starts_with('{')).map(|line| format!("{line}\n")).collect();
    assert_eq!(said, expected);
    assert_eq!(world.get("/healthz").await.status, 200, "the other one goes on");
}

#[tokio::test]
async fn a_second_proxy_on_the_same_file_is_one_clear_line() {
    let world = World::start(Setup::new().on_sqlite()).await;
    let ended = world.latchkey(&["serve"]).await;
    assert_eq!(ended.code, Some(1));
    assert_eq!(ended.stderr, "latchkey: store.url: latchkey.db: another `latchkey serve` uses it, or is still stopping\n");
    assert_eq!(world.signups().await.len(), 0, "the operator's commands work beside it");
}

#[tokio::test]
async fn a_webhook_is_checked_and_not_repeated() {
    for (alerts, expected) in [
        ("after_seconds = 60", "alerts.webhook: is missing"),
        ("webhook = \"hooks/made-up-path\"", "alerts.webhook: is no address (relative URL without a base)"),
        (
            "webhook = \"http://hooks.example/made-up-path\"",
            "alerts.webhook: http sends the message in the clear: use https (or allow_insecure = true, on a test machine)",
        ),
        (
            "webhook = \"https://127.0.0.1/made-up-path\"",
            "alerts.webhook: 127.0.0.1 is a private or loopback address (allow_private = true lets it, for a server in the same network)",
        ),
        ("webhook = \"env:MADE_UP_HOOK\"", "alerts.webhook: the environment variable MADE_UP_HOOK is not set"),
        ("webhook = \"https://hooks.example/\"\nevery_seconds = 0", "alerts.every_seconds: 0 is not between 1 and 86400"),
    ] {
        let mistakes = Files::new(&format!("{CONFIG}\n[alerts]\n{alerts}\n"), FUNNEL).mistakes().await;
        assert_eq!(mistakes, [format!("latchkey.toml: {expected}")]);
    }
    let files =
        Files::new(&format!("{CONFIG}\n[alerts]\nwebhook = \"env:HOOK\"\n"), FUNNEL).with("HOOK", "http://hooks.example/made-up-path");
    let mistakes = files.mistakes().await;
    assert!(mistakes.len() == 1 && mistakes[0].contains("http sends the message") && !mistakes[0].contains("made-up-path"), "{mistakes:?}");
}

#[tokio::test]
async fn each_mistake_about_challenges_is_named() {
    let config = format!(
        "{CONFIG}[work]\nbits = 40\n[captchas.work]\nkind = \"turnstile\"\nsite_key = \"k\"\nsecret = \"env:WI_SIGNUP_KEY\"\n\
         [captchas.seller]\nkind = \"abacus\"\nsecret = \"0x_made_up_literal\"\nverify_url = \"http://127.0.0.1/verify\"\n"
    );
    let files = Files::new(&config, &FUNNEL.replace("least_fill_ms = 0", "challenge = \"salesman\""));
    let expected = r#"
funnels/demo.toml: bots.challenge: there is no [captchas.salesman]; there is work, seller, work
latchkey.toml: captchas.seller.kind: unknown variant `abacus`, expected one of `recaptcha`, `hcaptcha`, `turnstile`
latchkey.toml: captchas.seller.secret: a secret is named, never written: use "env:NAME" or "file:PATH"
latchkey.toml: captchas.seller.site_key: is missing
latchkey.toml: captchas.seller.verify_url: http sends what a captcha proves in the clear: use https (or allow_insecure = true, on a test machine)
latchkey.toml: captchas.work: "work" is what a funnel says for proof of work: choose another name
latchkey.toml: work.bits: 40 is not between 1 and 24
"#;
    assert_eq!(files.mistakes().await.join("\n"), expected.trim());
}
