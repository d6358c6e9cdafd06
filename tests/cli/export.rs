//! `latchkey signups export`.

use std::collections::BTreeSet;

use harness::{Setup, World};
use serde_json::{Value, json};

use crate::people::{email, misconfigured, sign_up, signups, text};

async fn export(world: &World, flags: &[&str]) -> String {
    let ended = signups(world, &[&["export"], flags].concat()).await;
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    ended.stdout
}

fn cells(line: &str) -> Vec<&str> {
    line.split(',').collect()
}

#[tokio::test]
async fn a_table_has_what_was_sent_where_that_is_asked_for() {
    let world = World::start(Setup::new()).await;
    let first = sign_up(&world, "demo", |form| {
        form["fields"]["lastName"] = json!("O'Neil");
        form["tracking"] = json!({ "utm_source": "=cmd|' /C calc'!A0", "gclid": "g,\"4\"" });
    })
    .await
    .json_of(201)["id"]
        .clone();
    let second = misconfigured(&world, "demo").await;

    let plain = export(&world, &[]).await;
    let lines: Vec<_> = plain.lines().collect();
    assert_eq!(lines[0], "id,funnel,funnelVersion,connection,state,reason,receivedAt,changedAt,crmId,variant");
    assert_eq!(lines.len(), 3);
    let (newest, oldest) = (cells(lines[1]), cells(lines[2]));
    assert_eq!((newest[0], newest[4], newest[5], newest[8]), (text(&second), "parked", "misconfigured", ""));
    assert_eq!((oldest[0], oldest[4], oldest[5]), (text(&first), "registered", ""));
    assert_eq!(oldest[8], world.sandbox.users().await[0]["id"]);
    assert!(!plain.contains("mail.example") && !plain.contains("Jane") && !plain.contains("cmd"), "{plain}");

    let personal = export(&world, &["--personal"]).await;
    let lines: Vec<_> = personal.lines().collect();
    assert!(
        lines[0].ends_with(
            ",locale,ip,agreements,fields.email,fields.firstName,fields.lastName,fields.phone,tracking.gclid,tracking.utm_source"
        ),
        "{}",
        lines[0]
    );
    let expected = format!(
        ",en,127.0.0.1,Terms and Conditions,{},Jane,O'Neil,'+442079460958,\"g,\"\"4\"\"\",'=cmd|' /C calc'!A0",
        email(&world, &first).await
    );
    assert!(lines[2].ends_with(&expected), "a cell that a spreadsheet would run begins with an apostrophe: {}", lines[2]);
    assert!(lines[1].ends_with(&format!(",{},Jane,,'+442079460958,,", email(&world, &second).await)), "{}", lines[1]);

    let filtered = export(&world, &["--state", "parked", "--personal"]).await;
    assert_eq!(filtered.lines().count(), 2);
    assert!(filtered.lines().next().is_some_and(|heading| !heading.contains("utm_source")), "no column for what nobody sent: {filtered}");
}

#[tokio::test]
async fn json_has_an_object_a_line() {
    let world = World::start(Setup::new()).await;
    let id = sign_up(&world, "demo", |form| form["tracking"] = json!({ "utm_source": "=cmd" })).await.json_of(201)["id"].clone();
    let lines = async |flags: &[&str]| -> Vec<Value> {
        export(&world, flags).await.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    };
    let plain = lines(&["--format", "json"]).await;
    assert_eq!((plain.len(), &plain[0]["id"], &plain[0]["state"]), (1, &id, &json!("registered")));
    assert!(plain[0].get("content").is_none(), "{}", plain[0]);
    let personal = lines(&["--format", "json", "--personal"]).await;
    assert_eq!(personal[0]["content"]["tracking"]["utm_source"], "=cmd", "what no spreadsheet reads is as it was sent");
    assert_eq!(personal[0]["content"]["fields"]["firstName"], "Jane");
}

#[tokio::test]
async fn a_long_list_is_whole() {
    let world = World::start(Setup::new()).await;
    sign_up(&world, "demo", |_| {}).await.json_of(201);
    // Many received at the same moment, across where one page ends and the next begins.
    let copies = "INSERT INTO signups (id, funnel, funnel_version, connection, state, received_at, changed_at, content, email_hash) \
         WITH RECURSIVE numbers (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < 1200) \
         SELECT '00000000-0000-7000-8000-' || CAST(100000000000 + number AS TEXT), funnel, funnel_version, connection, state, \
         received_at - number / 300, changed_at, content, email_hash FROM signups, numbers";
    world.store.change(copies).await;
    let csv = export(&world, &[]).await;
    let ids: BTreeSet<_> = csv.lines().skip(1).map(|line| cells(line)[0]).collect();
    assert_eq!((csv.lines().count(), ids.len()), (1_202, 1_201), "each once");
    assert_eq!(export(&world, &["--format", "json"]).await.lines().count(), 1_201);
}
