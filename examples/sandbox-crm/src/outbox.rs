//! What a CRM would have mailed or texted, for `GET /_control/{crm}/outbox`.

use serde_json::{Value, json};
use uuid::Uuid;

#[derive(Debug, Clone, Default)]
pub(crate) struct Outbox(Vec<Value>);

impl Outbox {
    /// Sends a new one-time code: six digits. `kind` is "email" or "phone".
    pub(crate) fn code(&mut self, kind: &str, to: &str) -> String {
        let code = format!("{:06}", Uuid::new_v4().as_u128() % 1_000_000);
        self.0.push(json!({ "to": to, "kind": kind, "code": code }));
        code
    }

    /// Sends an e-mail with a link, the end of which is `code`.
    pub(crate) fn link(&mut self, to: &str, code: &str, link: &str) {
        self.0.push(json!({ "to": to, "kind": "email", "code": code, "link": link }));
    }

    pub(crate) fn all(&self) -> Vec<Value> {
        self.0.clone()
    }
}
