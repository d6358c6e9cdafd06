//! SQLite's file may be read, and not written.

use std::{path::PathBuf, process::Command};

use harness::{Setup, World, until};
use rustix::process::geteuid;

use crate::small_disk::SmallDisk;

#[tokio::test]
async fn a_start_on_a_read_only_disk_ends_with_its_reason() {
    let Some(disk) = SmallDisk::inside("read_only::a_start_on_a_read_only_disk_ends_with_its_reason") else { return };
    let mut world = World::start(Setup::new().on_sqlite().set("store", "url", &disk.url())).await;
    let registered = world.signup(&world.form().await).await.json_of(201);
    world.terminate();
    world.exit().await;
    disk.read_only(true);
    world.proxy.start_again();
    assert!(!world.exit().await.success());
    assert!(world.logs().contains("store.url") && world.logs().contains("Read-only"), "{}", world.logs());
    disk.read_only(false);
    world.restart().await;
    assert_eq!(world.stored(&registered["id"]).await["state"], "registered");
}

/// Files that nobody may write, not even who has them open. Ends with this.
struct Immutable(Vec<PathBuf>);

impl Immutable {
    fn make(files: Vec<PathBuf>) -> Immutable {
        let made = Immutable(files);
        assert!(made.chattr("+i"), "needs a temporary folder (TMPDIR) on a file system that knows the attribute, such as ext4");
        made
    }

    fn chattr(&self, attribute: &str) -> bool {
        Command::new("chattr").arg(attribute).args(&self.0).status().expect("chattr is there").success()
    }
}

impl Drop for Immutable {
    fn drop(&mut self) {
        self.chattr("-i");
    }
}

#[tokio::test]
async fn a_file_that_becomes_read_only_is_a_503_and_afterwards_everything_goes_on() {
    if !geteuid().is_root() {
        println!("not root, who alone may keep a file from being written that is open: nothing was tested");
        return;
    }
    let world = World::start(Setup::new().on_sqlite()).await;
    let before = world.signup(&world.form().await).await.json_of(201);
    // The third file is memory that SQLite shares among its connections.
    let files = ["latchkey.db", "latchkey.db-wal"].map(|name| world.folder().join(name));
    let immutable = Immutable::make(files.into());
    let form = world.form().await;
    let refused = world.signup_with_key(&form, "key-1").await;
    refused.problem(503, "not-kept");
    assert!(refused.header("retry-after").parse::<u64>().is_ok_and(|wait| wait > 0));
    until("it says that it is not ready", async || (world.get("/readyz").await.status == 503).then_some(())).await;
    assert_eq!(world.get("/healthz").await.status, 200, "it lives all the same");
    assert_eq!(world.sandbox.users().await.len(), 1, "the CRM is not called before it is kept");
    drop(immutable);
    until("it is ready by itself", async || (world.get("/readyz").await.status == 200).then_some(())).await;
    let after = world.signup_with_key(&form, "key-1").await.json_of(201);
    for id in [&before["id"], &after["id"]] {
        assert_eq!(world.stored(id).await["state"], "registered");
    }
    assert_eq!(world.sandbox.users().await.len(), 2);
}
