//! Lists of a CRM that is slow, that fails, and that is asked by many.

use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;

use super::*;
use crate::crm::{Action, Affiliate, Catalog, Crm, CrmField, Finding, Outcome, Registration, SignupForm};

/// A CRM that counts how often it is asked, and answers as it is told.
#[derive(Default)]
struct Pretended {
    asked: AtomicUsize,
    takes: Mutex<Duration>,
    is_down: std::sync::atomic::AtomicBool,
}

#[async_trait]
impl Crm for Pretended {
    fn form(&self, _action: Action) -> Option<&SignupForm> {
        None
    }

    async fn register(&self, _registration: &Registration) -> Outcome {
        Outcome::Failed(Trouble::new("it only pretends"))
    }

    fn catalog(&self) -> Option<&dyn Catalog> {
        Some(self)
    }

    async fn probe(&self, _affiliates: &[&Affiliate]) -> Vec<Finding> {
        Vec::new()
    }

    fn at_once(&self) -> usize {
        1
    }

    fn settle(&self) -> Duration {
        Duration::ZERO
    }
}

#[async_trait]
impl Catalog for Pretended {
    fn forms(&self, _action: Action) -> &'static [&'static str] {
        &[]
    }

    async fn fields(&self, _form: &str) -> Result<Vec<CrmField>, Unanswered> {
        Err(Unanswered::Unsupported)
    }

    async fn list(&self, list: List, within: Option<&str>) -> Result<Vec<CrmChoice>, Unanswered> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let takes = *self.takes.lock().unwrap();
        tokio::time::sleep(takes).await;
        if self.is_down.load(Ordering::SeqCst) {
            return Err(Unanswered::Unreachable(Trouble::new("down")));
        }
        let value = format!("{} in {}", list.as_str(), within.unwrap_or("the world"));
        Ok(vec![CrmChoice { value, ..CrmChoice::default() }])
    }
}

fn lists() -> (Arc<Lists>, Arc<Pretended>) {
    let crm = Arc::new(Pretended::default());
    (Lists::new([("c".to_owned(), crm.clone() as Arc<dyn Crm>)].into()), crm)
}

fn lookup(list: List) -> Lookup {
    Lookup { field: "f".to_owned(), list, within: (list != List::Countries).then(|| "outer".to_owned()) }
}

#[tokio::test(start_paused = true)]
async fn however_many_ask_the_crm_is_asked_once() {
    let (lists, crm) = lists();
    *crm.takes.lock().unwrap() = Duration::from_secs(1);
    let countries = lookup(List::Countries);
    let many: Vec<_> = (0..50).map(|_| lists.choices("c", &countries, None)).collect();
    for answer in futures(many).await {
        assert_eq!(answer.expect("a list")[0].value, "countries in the world");
    }
    assert_eq!(crm.asked.load(Ordering::SeqCst), 1);
}

/// Waits for all of them at the same time.
async fn futures<T>(all: Vec<impl Future<Output = T>>) -> Vec<T> {
    let mut all: Vec<_> = all.into_iter().map(Box::pin).collect();
    let mut done: Vec<Option<T>> = all.iter().map(|_| None).collect();
    std::future::poll_fn(|context| {
        for (future, done) in all.iter_mut().zip(&mut done).filter(|(_, done)| done.is_none()) {
            if let std::task::Poll::Ready(value) = future.as_mut().poll(context) {
                *done = Some(value);
            }
        }
        if done.iter().all(Option::is_some) { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    done.into_iter().flatten().collect()
}

#[tokio::test(start_paused = true)]
async fn a_stale_list_is_served_at_once_while_the_crm_hangs() {
    let (lists, crm) = lists();
    let countries = lookup(List::Countries);
    lists.choices("c", &countries, None).await.expect("a list");
    *crm.takes.lock().unwrap() = Duration::from_secs(60);
    crm.is_down.store(true, Ordering::SeqCst);
    tokio::time::advance(FRESH + Duration::from_secs(1)).await;
    for _ in 0..10 {
        let before = Instant::now();
        lists.choices("c", &countries, None).await.expect("the stale list");
        assert!(before.elapsed() < Duration::from_millis(100), "nobody waits for a CRM that hangs");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert_eq!(crm.asked.load(Ordering::SeqCst), 2, "one refresh is under way");
}

#[tokio::test(start_paused = true)]
async fn a_crm_that_failed_is_left_alone_for_a_while() {
    let (lists, crm) = lists();
    crm.is_down.store(true, Ordering::SeqCst);
    let countries = lookup(List::Countries);
    for _ in 0..10 {
        assert!(lists.choices("c", &countries, None).await.is_err());
    }
    assert_eq!(crm.asked.load(Ordering::SeqCst), 1);
    crm.is_down.store(false, Ordering::SeqCst);
    tokio::time::advance(PATIENCE + Duration::from_secs(1)).await;
    assert!(lists.choices("c", &countries, None).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_crm_that_hangs_keeps_a_visitor_for_a_bounded_time() {
    let (lists, crm) = lists();
    *crm.takes.lock().unwrap() = Duration::from_secs(600);
    let before = Instant::now();
    assert!(lists.choices("c", &lookup(List::Countries), None).await.is_err());
    assert!(before.elapsed() <= LONGEST_WAIT + Duration::from_secs(1), "{:?}", before.elapsed());
}

#[tokio::test(start_paused = true)]
async fn what_a_page_makes_up_is_hardly_asked_for() {
    let (lists, crm) = lists();
    for number in 0..100 {
        // An error says that the value is not asked for.
        let _ = lists.choices("c", &lookup(List::Cities), Some(&format!("made-up-{number}"))).await;
    }
    assert!(crm.asked.load(Ordering::SeqCst) <= 2, "{:?}", crm.asked);
    // What stands in a list is.
    let states = lists.choices("c", &lookup(List::States), Some("DE")).await.expect("states");
    assert_eq!(states[0].value, "states in DE");
    let cities = lists.choices("c", &lookup(List::Cities), Some("states in DE")).await.expect("cities");
    assert_eq!(cities[0].value, "cities in states in DE");
    assert!(lists.choices("c", &lookup(List::Cities), Some(&"x".repeat(LONGEST_WITHIN + 1))).await.is_err());
    assert!(lists.choices("c", &lookup(List::Cities), Some("")).await.expect("none").is_empty());
}
