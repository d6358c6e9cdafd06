//! `latchkey connections ask`.

use harness::World;
use serde_json::Value;

/// The answer, or the error's line.
pub(crate) async fn ask(world: &World, arguments: &[&str]) -> Result<Value, String> {
    let ended = world.latchkey(&[&["connections", "ask"], arguments].concat()).await;
    match ended.code {
        Some(0) => Ok(serde_json::from_str(&ended.stdout).expect("JSON")),
        _ => Err(ended.stderr.trim().to_owned()),
    }
}
