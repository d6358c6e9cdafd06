//! The simulated CRMs, and their control endpoints.

use std::{ops::Deref, path::Path};

use reqwest::Client;
use serde_json::{Value, json};

use crate::{CRM_KEY, Program, send, until};

/// A running `sandbox-crm`; stands for its Wi CRM where no other is asked for.
pub struct Sandbox {
    wi: SimulatedCrm,
    _program: Program,
}

/// One of the CRMs in it.
pub struct SimulatedCrm {
    client: Client,
    /// `http://127.0.0.1:…`
    pub origin: String,
    kind: String,
}

impl Deref for Sandbox {
    type Target = SimulatedCrm;

    fn deref(&self) -> &SimulatedCrm {
        &self.wi
    }
}

impl Sandbox {
    pub async fn start(client: Client, folder: &Path) -> Sandbox {
        let mut program = Program::start("sandbox-crm", folder, &["--listen", "127.0.0.1:0", "--wi-key", CRM_KEY], &[]);
        let origin = program.line("sandbox-crm listening on ").await;
        Sandbox { wi: SimulatedCrm { client, origin, kind: "wi".to_owned() }, _program: program }
    }

    /// The CRM of that kind: `trading`, `impact`, `broctagon`.
    pub fn of(&self, kind: &str) -> SimulatedCrm {
        SimulatedCrm { client: self.wi.client.clone(), origin: self.wi.origin.clone(), kind: kind.to_owned() }
    }

    /// Forgets everything, in every CRM.
    pub async fn reset(&self) {
        let answer = send(self.client.post(format!("{}/_control/reset", self.origin))).await;
        assert_eq!(answer.status, 204, "{}", answer.text());
    }
}

impl SimulatedCrm {
    /// Its address.
    pub fn base_url(&self) -> String {
        format!("{}/{}", self.origin, self.kind)
    }

    /// What it received, oldest first.
    pub async fn requests(&self) -> Vec<Value> {
        self.list("requests").await
    }

    /// The bodies of what it received.
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
        let answer = send(self.client.delete(self.control("faults"))).await;
        assert_eq!(answer.status, 204, "{}", answer.text());
    }

    /// From now on a share of all calls is struck by one of these faults each: `{"share": 0.3, "seed": 7, "faults": […]}`.
    pub async fn weather(&self, weather: Value) {
        let answer = send(self.client.post(self.control("weather")).json(&weather)).await;
        assert!(answer.status < 300, "{weather}: {}", answer.text());
    }

    pub async fn no_weather(&self) {
        let answer = send(self.client.delete(self.control("weather"))).await;
        assert!(answer.status < 300, "{}", answer.text());
    }

    /// From now on creates whoever is known once more, instead of refusing them, so that it shows who was sent twice.
    pub async fn create_repeats(&self) {
        let answer = send(self.client.post(self.control("repeats")).json(&json!({ "created": true }))).await;
        assert_eq!(answer.status, 204, "{}", answer.text());
    }

    /// Keeps no requests: many would fill its memory.
    pub async fn keep_no_log(&self) {
        let answer = send(self.client.post(self.control("log")).json(&json!({ "keep": 0 }))).await;
        assert!(answer.status < 300, "{}", answer.text());
    }

    /// Codes that it would have mailed or texted, oldest first: `{to, kind, code}`.
    pub async fn outbox(&self) -> Vec<Value> {
        self.list("outbox").await
    }

    /// Adds records of its own; its module in `sandbox-crm` says which.
    pub async fn seed(&self, records: Value) {
        let answer = send(self.client.post(self.control("records")).json(&records)).await;
        assert_eq!(answer.status, 204, "{records}: {}", answer.text());
    }

    async fn order(&self, order: Value) {
        let answer = send(self.client.post(self.control("faults")).json(&order)).await;
        assert_eq!(answer.status, 200, "{order}: {}", answer.text());
    }

    async fn list(&self, what: &str) -> Vec<Value> {
        let answer = send(self.client.get(self.control(what))).await;
        answer.json().as_array().expect("a list").clone()
    }

    fn control(&self, what: &str) -> String {
        format!("{}/_control/{}/{what}", self.origin, self.kind)
    }
}
