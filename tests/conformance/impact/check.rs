//! `latchkey check`, through the command line, against the simulated Impact.

use harness::{World, free_port};
use serde_json::json;

use super::world::{KEY, impact, know_affiliate, setup};
use crate::command::ask as asked;

/// The lines about the connection.
async fn findings(world: &World, code: i32) -> Vec<String> {
    let ended = world.latchkey(&["check"]).await;
    assert_eq!(ended.code, Some(code), "{} {}", ended.stdout, ended.stderr);
    let all = format!("{}{}", ended.stdout, ended.stderr);
    assert!(!all.contains("sandbox-password") && !all.contains(KEY), "{all}");
    ended.stdout.lines().filter(|line| line.contains("connection impact: ")).map(str::to_owned).collect()
}

#[tokio::test]
async fn ready() {
    let world = World::start(setup()).await;
    know_affiliate(&world).await;
    assert_eq!(
        findings(&world, 0).await,
        [
            "ok: connection impact: api_key: the CRM answers and accepts it",
            "ok: connection impact: login, for the IB reports: the CRM answers and accepts it",
            "ok: connection impact: api_key of affiliate i-18: the CRM answers and accepts it",
            "ok: connection impact: login of affiliate i-18, for the IB reports: the CRM answers and accepts it",
        ]
    );
    assert!(impact(&world).users().await.is_empty(), "it changes nothing");
    let asked: Vec<_> = impact(&world).requests().await.iter().map(|request| request["path"].to_string()).collect();
    assert!(!asked.iter().any(|path| path.contains("lead")), "and looks at nobody: {asked:?}");
}

#[tokio::test]
async fn denied() {
    let world = World::start(setup()).await;
    let (key, permission) = (
        json!({"key": KEY, "domain": "other.example"}),
        json!({"email": "ib@example.com", "password": "sandbox-password", "permissions": []}),
    );
    for (records, what, words) in [
        (json!({ "users": [permission] }), "login, for the IB reports is not accepted", "Missing permission: IB Reports"),
        (
            json!({"users": [{"email": "ib@example.com", "password": "other"}]}),
            "login, for the IB reports is not accepted",
            "Invalid email or password",
        ),
        (json!({ "apiKeys": [key] }), "api_key is not accepted", "X-DOMAIN"),
        (json!({"apiKeys": [{"key": KEY, "domain": "brand.example", "expires": "2020-01-01"}]}), "api_key is not accepted", "expired"),
    ] {
        impact(&world).seed(records).await;
        let lines = findings(&world, 1).await;
        let told = lines.iter().any(|line| line.starts_with("error: ") && line.contains(what) && line.contains(words));
        assert!(told, "{words}: {lines:#?}");
        let own = lines.iter().find(|line| line.contains("api_key of affiliate i-18"));
        assert!(own.is_some_and(|line| line.contains("is not accepted") && line.contains("Invalid API key")), "{lines:#?}");
    }
}

#[tokio::test]
async fn unreachable_and_odd() {
    let world = World::start(setup()).await;
    impact(&world).fault(json!({"kind": "html"})).await;
    let odd = findings(&world, 1).await;
    assert!(odd[0].contains("answers an empty customer with 200"), "{odd:#?}");
    let path = world.folder().join("latchkey.toml");
    let config = std::fs::read_to_string(&path).expect("the configuration");
    let base_url = format!("base_url = \"{}/impact\"", world.sandbox.origin);
    assert!(config.contains(&base_url));
    std::fs::write(&path, config.replace(&base_url, &format!("base_url = \"http://127.0.0.1:{}\"", free_port()))).expect("written");
    for line in findings(&world, 1).await {
        assert!(line.starts_with("error: connection impact: ") && line.contains("http://127.0.0.1:"), "{line}");
    }
}

/// What `latchkey check` says of a connection that differs from the good one.
async fn said_of(from: &str, to: &str) -> String {
    let world = World::start(setup()).await;
    let path = world.folder().join("latchkey.toml");
    let config = std::fs::read_to_string(&path).expect("the configuration");
    assert!(config.contains(from), "{from}");
    std::fs::write(&path, config.replacen(from, to, 1)).expect("written");
    let ended = world.latchkey(&["check"]).await;
    format!("{}{}", ended.stdout, ended.stderr)
}

#[tokio::test]
async fn what_is_wrong_with_the_configuration_is_named() {
    let unknown = "[connections.impact.operations]\nCreateUser = { path = \"/x\" }\nLeads = { method = \"FETCH\", path = \"leads\" }\n[[affiliates]]\nid = \"i-17\"";
    for (from, to, words) in [
        ("domain = \"brand.example\"", "", "connections.impact.domain: is missing"),
        ("api_key = \"env:IMPACT_KEY\"", "", "connections.impact.api_key: is missing"),
        ("api_key = \"env:IMPACT_KEY\"", "api_key = \"literal\"", "connections.impact.api_key: a secret is named, never written"),
        (", password = \"env:IMPACT_PASSWORD\"", "", "connections.impact.login.password: is missing"),
        (
            "redirect_hosts = [\"127.0.0.1\"]\ntimeout_seconds = 1",
            "redirect_hosts = [\"member.example\"]",
            "connections.impact.member_area: ",
        ),
        ("member_area = ", "member_aera = ", "connections.impact.member_aera: unknown field"),
        (
            "[[affiliates]]\nid = \"i-17\"",
            unknown,
            "connections.impact.operations.CreateUser: is no operation of this CRM; it has CreateCustomer, CreateLead",
        ),
        ("[[affiliates]]\nid = \"i-17\"", unknown, "connections.impact.operations.Leads.method: \"FETCH\" is none of GET"),
        ("[[affiliates]]\nid = \"i-17\"", unknown, "connections.impact.operations.Leads.path: \"leads\" does not begin with \"/\""),
        (
            "redirect_hosts = [\"127.0.0.1\"]\ntimeout_seconds = 1",
            "",
            "warning: latchkey.toml: connections.impact: redirect_hosts is empty: no customer will be logged in",
        ),
    ] {
        let said = said_of(from, to).await;
        assert!(said.contains(words), "{to}: {said}");
    }
    let world = World::start(setup()).await;
    let path = world.folder().join("latchkey.toml");
    let config = std::fs::read_to_string(&path).expect("the configuration");
    let lines: Vec<_> = config.lines().filter(|line| !line.starts_with("member_area") && !line.starts_with("login = ")).collect();
    std::fs::write(&path, lines.join("\n")).expect("written");
    let ended = world.latchkey(&["check"]).await;
    assert!(ended.stdout.contains("member_area is missing: no customer will be logged in"), "{}", ended.stdout);
    assert!(!ended.stdout.contains("login, for the IB reports"), "{}", ended.stdout);
    let error = asked(&world, &["impact", "Servers"]).await.expect_err("without a log-in");
    assert!(error.contains("the connection has no login"), "{error}");
}
