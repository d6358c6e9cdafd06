//! `--help`, and words that no command knows.

use crate::check::{CONFIG, FUNNEL, Files};

const COMMANDS: [&[&str]; 26] = [
    &[],
    &["serve"],
    &["check"],
    &["connections"],
    &["connections", "list"],
    &["connections", "ask"],
    &["funnel"],
    &["funnel", "schema"],
    &["signups"],
    &["signups", "list"],
    &["signups", "show"],
    &["signups", "retry"],
    &["signups", "reconcile"],
    &["signups", "export"],
    &["signups", "purge"],
    &["signups", "consents"],
    &["affiliates"],
    &["affiliates", "list"],
    &["affiliates", "show"],
    &["affiliates", "add"],
    &["affiliates", "import"],
    &["affiliates", "disable"],
    &["affiliates", "enable"],
    &["affiliates", "rebuild"],
    &["keys"],
    &["keys", "rotate"],
];

#[tokio::test]
async fn every_commands_help_has_an_example() {
    let files = Files::new(CONFIG, FUNNEL);
    for command in COMMANDS {
        for flag in ["--help", "-h"] {
            let arguments: Vec<_> = command.iter().copied().chain([flag]).collect();
            let ended = files.run(&arguments).await;
            assert_eq!(ended.code, Some(0), "{arguments:?}: {}", ended.stderr);
            let example = ended.stdout.split_once("Example:\n  ").or_else(|| ended.stdout.split_once("Examples:\n  "));
            let (_, example) = example.unwrap_or_else(|| panic!("{arguments:?}: {}", ended.stdout));
            let called = ["latchkey"].iter().chain(command).copied().collect::<Vec<_>>().join(" ");
            assert!(example.contains(&called), "{arguments:?}: an example of this very command: {example}");
        }
    }
    let version = files.run(&["--version"]).await;
    assert!(version.stdout.starts_with("latchkey "), "{}", version.stdout);
    for wrong in [&["polish"][..], &["signups", "polish"], &["--polish"]] {
        let ended = files.run(wrong).await;
        assert_eq!(ended.code, Some(2));
        assert!(ended.stderr.contains("polish"), "{}", ended.stderr);
    }
}
