//! How a store is opened: a SQLite file (WAL, `synchronous = FULL`; writes through one connection, reads through others), or a
//! PostgreSQL server.

use std::{path::PathBuf, str::FromStr, sync::Arc, time::Duration};

use secrecy::{ExposeSecret, SecretString};
use sqlx::{
    ConnectOptions, Connection,
    any::{AnyConnectOptions, AnyPoolOptions},
    migrate::Migrator,
    sqlite::SqliteConnectOptions,
};
use uuid::Uuid;

use super::{Store, StoreError, change::Changes, clock::Clock, queue::Held};
use crate::keys::Keyring;

static SQLITE: Migrator = sqlx::migrate!("src/store/migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("src/store/migrations/postgres");

/// How long a write waits for another program that writes (a backup, `latchkey signups`), and anything for a connection.
const BUSY: Duration = Duration::from_secs(5);
const READERS: u32 = 4;
/// Connections of one proxy to a PostgreSQL server.
const CONNECTIONS: u32 = 16;

/// Where signups are kept.
#[derive(Clone, Debug)]
pub(crate) enum Database {
    Sqlite {
        path: PathBuf,
    },
    /// The address may hold a password.
    Postgres {
        url: SecretString,
    },
}

/// What the two do differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Engine {
    Sqlite,
    Postgres,
}

/// That no other proxy delivers from this file. Without it, one that starts while another is still stopping would take the
/// other's attempts for interrupted ones. Ends with the process, however that ends.
pub(crate) struct Exclusive {
    _file: std::fs::File,
}

impl Exclusive {
    /// Locks a file beside the database. A server is shared: there each row has its lease.
    pub(crate) fn lock(database: &Database) -> Result<Option<Exclusive>, StoreError> {
        let Database::Sqlite { path: database } = database else { return Ok(None) };
        let path = beside(database, "lock");
        let lock = || -> Result<std::fs::File, std::fs::TryLockError> {
            let file = lock_file(&path).map_err(std::fs::TryLockError::Error)?;
            file.try_lock()?;
            Ok(file)
        };
        match lock() {
            Ok(file) => Ok(Some(Exclusive { _file: file })),
            Err(std::fs::TryLockError::WouldBlock) => Err(StoreError::InUse { path: database.clone() }),
            Err(std::fs::TryLockError::Error(error)) => Err(StoreError::Lock { path, error }),
        }
    }
}

fn beside(database: &std::path::Path, ending: &str) -> PathBuf {
    let mut path = database.as_os_str().to_owned();
    path.push(".");
    path.push(ending);
    path.into()
}

fn lock_file(path: &std::path::Path) -> std::io::Result<std::fs::File> {
    std::fs::File::options().create(true).append(true).open(path)
}

impl std::fmt::Display for Database {
    /// Without a password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Database::Sqlite { path } => path.display().fmt(f),
            Database::Postgres { .. } => f.write_str("the PostgreSQL server"),
        }
    }
}

impl Database {
    /// Whether there is a file; a server shows when it is opened.
    pub(crate) fn is_there(&self) -> bool {
        match self {
            Database::Sqlite { path } => path.exists(),
            Database::Postgres { .. } => true,
        }
    }
}

impl Engine {
    /// Leaves out the rows that another proxy is claiming at this moment. A SQLite file has one writer.
    pub(super) fn skip_locked(self) -> &'static str {
        match self {
            Engine::Sqlite => "",
            Engine::Postgres => " FOR UPDATE SKIP LOCKED",
        }
    }
}

impl Store {
    /// Opens it, makes it where there is no file yet, and brings its tables up to date.
    pub(crate) async fn open(database: &Database, keys: Arc<Keyring>) -> Result<Store, StoreError> {
        // Once in a process; again does nothing.
        sqlx::any::install_default_drivers();
        let opened = |error| StoreError::Open { store: database.to_string(), error };
        let migrated = |error| StoreError::Migrate { store: database.to_string(), error };
        let owner = Uuid::now_v7().to_string();
        match database {
            Database::Sqlite { path } => {
                let file = SqliteConnectOptions::new().filename(std::path::absolute(path).unwrap_or_else(|_| path.clone()));
                let writer = file.clone().create_if_missing(true).to_url_lossy();
                let writer = self::writer().connect_with(AnyConnectOptions::from_url(&writer).map_err(opened)?).await.map_err(opened)?;
                {
                    // The command line opens the file too: one of both brings the tables up to date.
                    let path = beside(path, "migrating");
                    let held = lock_file(&path).and_then(|file| file.lock().map(|()| file));
                    let _held = held.map_err(|error| StoreError::Lock { path, error })?;
                    SQLITE.run(&writer).await.map_err(migrated)?;
                }
                let reader = AnyConnectOptions::from_url(&file.read_only(true).to_url_lossy()).map_err(opened)?;
                let reader = pool(READERS, &[]).test_before_acquire(false).connect_with(reader).await.map_err(opened)?;
                Ok(Store {
                    changes: Changes::gathered(writer),
                    reader,
                    engine: Engine::Sqlite,
                    keys,
                    clock: Clock::own(),
                    owner,
                    held: Held::default(),
                })
            }
            Database::Postgres { url } => {
                let options = AnyConnectOptions::from_str(url.expose_secret()).map_err(opened)?;
                // Under no time-out: of a large table it takes what it takes, and other proxies wait for it.
                let migrating = pool(1, &[]).connect_with(options.clone()).await.map_err(opened)?;
                POSTGRES.run(&migrating).await.map_err(migrated)?;
                migrating.close().await;
                let pool = server().connect_with(options).await.map_err(opened)?;
                let store = Store {
                    changes: Changes::single(pool.clone()),
                    reader: pool,
                    engine: Engine::Postgres,
                    keys,
                    clock: Clock::own(),
                    owner,
                    held: Held::default(),
                };
                store.set_clock().await?;
                Ok(store)
            }
        }
    }

    /// Works beside the proxy that delivers.
    pub(crate) fn for_operator(mut self) -> Store {
        self.owner.insert_str(0, "operator-");
        self
    }

    /// Whether each row is for whichever proxy claims it, rather than for the only one.
    pub(crate) fn is_shared(&self) -> bool {
        self.engine == Engine::Postgres
    }

    pub(crate) async fn close(&self) {
        self.reader.close().await;
        // On SQLite the last connection to close folds the log into the file.
        self.changes.close().await;
    }
}

/// The only connection that writes a file.
fn writer() -> AnyPoolOptions {
    pool(1, &["PRAGMA busy_timeout = 5000", "PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL"])
        .test_before_acquire(false)
        // On a full disk SQLite ends a transaction by itself, and the connection would be taken for one in the middle of it for ever.
        .after_release(|connection, _| Box::pin(async move { Ok(connection.ping().await.is_ok() && !connection.is_in_transaction()) }))
}

/// A write that another holds up is refused after a time, like one that finds no connection. What is committed is on the disk, whatever
/// the server's default.
fn server() -> AnyPoolOptions {
    pool(CONNECTIONS, &["SET lock_timeout = '5s'", "SET statement_timeout = '20s'", "SET synchronous_commit = on"])
}

fn pool(connections: u32, settings: &'static [&'static str]) -> AnyPoolOptions {
    AnyPoolOptions::new().max_connections(connections).acquire_timeout(BUSY).after_connect(move |connection, _| {
        Box::pin(async move {
            for setting in settings {
                sqlx::query(*setting).execute(&mut *connection).await?;
            }
            Ok(())
        })
    })
}
