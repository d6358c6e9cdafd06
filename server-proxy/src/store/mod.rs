//! Where signups are kept: one SQLite file (WAL, `synchronous = FULL`), so that what was answered survives `kill -9` and a
//! power cut. Writes go through one connection, reads through others.

mod given;
mod read;
mod signup;
mod write;

use std::{path::PathBuf, sync::Arc, time::Duration};

use sqlx::{
    SqlitePool,
    migrate::Migrator,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

pub(crate) use read::Filter;
pub(crate) use signup::{Attempt, Conclusion, Content, Idempotency, NewSignup, Reason, Signup, State, Ticket};
pub(crate) use write::Kept;

use crate::{config::Database, keys::Keyring};

static MIGRATIONS: Migrator = sqlx::migrate!("src/store/migrations");

/// How long a write waits for another program that writes (a backup, `latchkey signups`).
const BUSY: Duration = Duration::from_secs(5);
const READERS: u32 = 4;

/// Signups, their attempts and their links.
pub(crate) struct Store {
    writer: SqlitePool,
    reader: SqlitePool,
    keys: Arc<Keyring>,
}

/// That no other proxy delivers from this store. Without it, one that starts while another is still stopping would take the
/// other's attempts for interrupted ones. Ends with the process, however that ends.
pub(crate) struct Exclusive {
    _file: std::fs::File,
}

impl Exclusive {
    /// Locks a file beside the database.
    pub(crate) fn lock(database: &Database) -> Result<Exclusive, StoreError> {
        let mut path = database.path.clone().into_os_string();
        path.push(".lock");
        let path = PathBuf::from(path);
        let lock = || -> Result<std::fs::File, std::fs::TryLockError> {
            let file = std::fs::File::options().create(true).append(true).open(&path).map_err(std::fs::TryLockError::Error)?;
            file.try_lock()?;
            Ok(file)
        };
        match lock() {
            Ok(file) => Ok(Exclusive { _file: file }),
            Err(std::fs::TryLockError::WouldBlock) => Err(StoreError::InUse { path: database.path.clone() }),
            Err(std::fs::TryLockError::Error(error)) => Err(StoreError::Lock { path, error }),
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    #[error("store.url: {}: another `latchkey serve` uses it, or is still stopping", path.display())]
    InUse { path: PathBuf },
    #[error("store.url: {}: {error}", path.display())]
    Lock { path: PathBuf, error: std::io::Error },
    #[error("store.url: {}: {error}", path.display())]
    Open { path: PathBuf, error: sqlx::Error },
    #[error("store.url: {}: cannot bring the tables up to date: {error}", path.display())]
    Migrate { path: PathBuf, error: sqlx::migrate::MigrateError },
    #[error(transparent)]
    Sql(#[from] sqlx::Error),
    #[error(transparent)]
    Unopenable(#[from] crate::keys::Unopenable),
    /// Something else than this program wrote there, or a newer version of it did.
    #[error("a row holds what this version does not know: {0}")]
    Unreadable(String),
}

impl Store {
    /// Opens the file, makes it where there is none, and brings its tables up to date.
    pub(crate) async fn open(database: &Database, keys: Arc<Keyring>) -> Result<Store, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(&database.path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY);
        let opened = |error| StoreError::Open { path: database.path.clone(), error };
        let writer =
            SqlitePoolOptions::new().max_connections(1).acquire_timeout(BUSY).connect_with(options.clone()).await.map_err(opened)?;
        MIGRATIONS.run(&writer).await.map_err(|error| StoreError::Migrate { path: database.path.clone(), error })?;
        let reader = SqlitePoolOptions::new()
            .max_connections(READERS)
            .acquire_timeout(BUSY)
            .connect_with(options.read_only(true))
            .await
            .map_err(opened)?;
        Ok(Store { writer, reader, keys })
    }

    /// Whether a signup could be kept now: takes the write lock and gives it back.
    pub(crate) async fn is_writable(&self) -> Result<(), StoreError> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?.rollback().await?)
    }

    pub(crate) async fn close(&self) {
        self.reader.close().await;
        // The last connection to close folds the log into the file.
        self.writer.close().await;
    }
}

/// Binds what is sealed to its column and row.
fn place(column: &str, id: uuid::Uuid) -> String {
    format!("signups/{column}/{id}")
}

#[cfg(test)]
mod tests;
