//! What is under the proxy fails, and comes back: the disk, the database, the clock, the version before.

// What cannot be unwrapped here fails the test that needs it.
#![allow(clippy::unwrap_used)]

mod backup;
mod clock;
mod crash_points;
mod database_away;
mod first_version;
mod full_disk;
mod read_only;
mod small_disk;
mod visitor;
