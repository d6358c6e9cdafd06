//! The simulated CRM, and its control endpoints.

use std::path::Path;

use reqwest::Client;
use serde_json::{Value, json};

use crate::{CRM_KEY, Program, send, until};

/// A running `sandbox-crm`.
pub struct Sandbox {
    client: Client,
    /// `http://127.0.0.1:…`
    pub origin: String,
    _program: Program,
}

impl Sandbox {
    pub async fn start(client: Client, folder: &Path) -> Sandbox {
        let mut program = Program::start("sandbox-crm", folder, &["--listen", "127.0.0.1:0", "--wi-key", CRM_KEY], &[]);
        let origin = program.line("sandbox-crm listening on ").await;
        Sandbox { client, origin, _program: program }
    }

    /// The address of the simulated Wi CRM.
    pub fn base_url(&self) -> String {
        format!("{}/wi", self.origin)
    }

    /// What its sign-up received, oldest first.
    pub async fn requests(&self) -> Vec<Value> {
        self.list("requests").await
    }

    /// The bodies of what its sign-up received.
    pub async fn bodies(&self) -> Vec<Value> {
        self.requests().await.into_iter().map(|request| request["body"].clone()).collect()
    }

    /// Waits until so many requests have arrived.
    pub async fn received(&self, count: usize) {
        until(&format!("the CRM receives {count} requests"), async || (self.requests().await.len() >= count).then_some(())).await;
    }

    /// Who was created, oldest first.
    pub async fn users(&self) -> Vec<Value> {
        self.list("users").await
    }

    /// Misbehaves at the next request: `{"kind": "delay", "ms": 3000}`.
    pub async fn fault(&self, fault: Value) {
        self.order(json!({ "fault": fault, "times": 1 })).await;
    }

    /// Misbehaves until it is told otherwise.
    pub async fn fault_for_good(&self, fault: Value) {
        self.order(json!({ "fault": fault })).await;
    }

    pub async fn no_faults(&self) {
        let answer = send(self.client.delete(self.control("wi/faults"))).await;
        assert_eq!(answer.status, 204, "{}", answer.text());
    }

    /// Forgets everything.
    pub async fn reset(&self) {
        let answer = send(self.client.post(self.control("reset"))).await;
        assert_eq!(answer.status, 204, "{}", answer.text());
    }

    async fn order(&self, order: Value) {
        let answer = send(self.client.post(self.control("wi/faults")).json(&order)).await;
        assert_eq!(answer.status, 200, "{order}: {}", answer.text());
    }

    async fn list(&self, what: &str) -> Vec<Value> {
        let answer = send(self.client.get(self.control(&format!("wi/{what}")))).await;
        answer.json().as_array().expect("a list").clone()
    }

    fn control(&self, path: &str) -> String {
        format!("{}/_control/{path}", self.origin)
    }
}
