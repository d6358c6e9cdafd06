//! Many visitors at once: everybody is registered, once.

use std::collections::BTreeSet;

use harness::{Setup, World};

use crate::words::{join, text};

#[tokio::test]
async fn fifty_visitors_at_once_are_fifty_users() {
    let world = World::start(Setup::new().patience(30_000)).await;
    let forms = join((0..50).map(|_| world.form())).await;
    let answers = join(forms.iter().map(|form| world.signup(form))).await;
    let ids: BTreeSet<_> = answers.iter().map(|answer| text(&answer.json_of(201), "/id").to_owned()).collect();
    let sent: BTreeSet<_> = forms.iter().map(|form| text(form, "/fields/email").to_owned()).collect();
    let users: BTreeSet<_> = world.sandbox.users().await.iter().map(|user| text(user, "/email").to_owned()).collect();
    assert_eq!((ids.len(), world.sandbox.requests().await.len(), world.signups().await.len()), (50, 50, 50));
    assert_eq!(sent, users);
}
