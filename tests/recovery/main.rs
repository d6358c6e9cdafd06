//! What is under the proxy fails, and comes back: the disk, the database, the clock, the version before.

mod database_away;
mod first_version;
mod full_disk;
mod small_disk;
