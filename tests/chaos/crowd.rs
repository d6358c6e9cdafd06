//! The people who sign up: each from a browser that, like the widget, asks again with the same key until it has an answer.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use harness::LANDING;
use reqwest::Client;
use serde_json::{Value, json};
use tokio::{task::JoinSet, time::MissedTickBehavior};

use crate::{
    plan::Plan,
    stage::{CRMS, Stage},
};

/// How long one request may take.
const REQUEST: Duration = Duration::from_secs(15);
/// Between one try and the next.
const PAUSE_MS: std::ops::Range<u64> = 200..800;
/// How long somebody goes on trying.
const PATIENCE: Duration = Duration::from_secs(300);

pub(crate) struct Crowd {
    client: Client,
    proxies: Vec<String>,
    people: u32,
    rate: u32,
    seed: u64,
    /// How many have begun.
    begun: Arc<AtomicU32>,
}

/// Somebody who has signed up.
pub(crate) struct Visitor {
    pub(crate) crm: &'static str,
    pub(crate) email: String,
    /// How often which status was answered before the last; 0 is no answer.
    pub(crate) before: BTreeMap<u16, u32>,
    /// The last answer; nothing where there was none in a long time.
    pub(crate) told: Option<Told>,
}

pub(crate) struct Told {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl Crowd {
    pub(crate) fn new(stage: &Stage, plan: &Plan, begun: Arc<AtomicU32>) -> Crowd {
        let client = stage.world.client.clone();
        Crowd { client, proxies: stage.addresses(), people: plan.signups, rate: plan.rate, seed: plan.seed, begun }
    }

    /// At a steady rate, however slow the answers are.
    pub(crate) async fn sign_up(self) -> Vec<Visitor> {
        let mut beat = tokio::time::interval(Duration::from_secs(1) / self.rate);
        beat.set_missed_tick_behavior(MissedTickBehavior::Burst);
        let mut visitors = JoinSet::new();
        for number in 0..self.people {
            beat.tick().await;
            self.begun.fetch_add(1, Ordering::Relaxed);
            let dice = fastrand::Rng::with_seed(self.seed ^ (u64::from(number) << 32));
            visitors.spawn(visit(self.client.clone(), self.proxies.clone(), number, dice));
        }
        visitors.join_all().await
    }
}

async fn visit(client: Client, proxies: Vec<String>, number: u32, mut dice: fastrand::Rng) -> Visitor {
    let crm = CRMS[number as usize % CRMS.len()];
    let email = format!("visitor.{number}@mail.example");
    let key = format!("visit-{number}-{:016x}", dice.u64(..));
    let mut before = BTreeMap::new();
    let start = Instant::now();
    let told = loop {
        // As behind a load balancer: each request may meet another proxy.
        let proxy = dice.choice(&proxies).expect("there is a proxy");
        let answer = sign_up(&client, proxy, crm, &email, &key).await;
        let status = answer.as_ref().map_or(0, |told| told.status);
        match answer {
            Some(told) if !matches!(status, 429 | 500..) => break Some(told),
            _ if start.elapsed() > PATIENCE => break None,
            _ => *before.entry(status).or_default() += 1,
        }
        tokio::time::sleep(Duration::from_millis(dice.u64(PAUSE_MS))).await;
    };
    Visitor { crm, email, before, told }
}

/// A visit, and the signup in it; nothing where an answer did not arrive whole.
async fn sign_up(client: &Client, proxy: &str, crm: &str, email: &str, key: &str) -> Option<Told> {
    let post = |what: &str| client.post(format!("{proxy}/api/v1/funnels/{crm}/{what}")).header("origin", LANDING).timeout(REQUEST);
    let visit = told(post("visits")).await?;
    if visit.status != 200 {
        return Some(visit);
    }
    let agreements: [&str; 0] = [];
    let body = json!({ "fields": fields(crm, email), "agreements": agreements, "locale": "en", "formToken": visit.body["formToken"] });
    told(post("signups").header("idempotency-key", key).json(&body)).await
}

async fn told(request: reqwest::RequestBuilder) -> Option<Told> {
    let response = request.send().await.ok()?;
    let status = response.status().as_u16();
    Some(Told { status, body: response.json().await.ok()? })
}

fn fields(crm: &str, email: &str) -> Value {
    let phone = "+442079460958";
    match crm {
        "wi" => json!({ "email": email, "phone": phone, "firstName": "Jane" }),
        "trading" => json!({ "email": email, "mobilenumber": phone, "firstname": "Jane", "lastname": "Doe", "country": "GB" }),
        "impact" => json!({ "email": email, "phone": phone, "firstName": "Jane", "lastName": "Doe", "natonalityCountryCode": "GB" }),
        _ => json!({ "email": email, "phone": phone, "name": "Jane Doe" }),
    }
}
