//! What keeps a world's signups: a file of its own, or a database.

use std::{env, path::Path, sync::Once};

use sqlx::{AnyConnection, AssertSqlSafe, Connection, Row};

use crate::Postgres;

/// Chooses for all worlds whose setup does not: `postgres`, or else SQLite.
const CHOICE: &str = "LATCHKEY_TEST_STORE";

/// Which store a setup asks for.
#[derive(Clone, Copy)]
pub(crate) enum Asked {
    Sqlite,
    Postgres,
    /// On a server that nobody else uses, so that it can be stopped.
    OwnPostgres,
}

/// The store of a world.
pub struct Store {
    url: String,
    is_file: bool,
    /// Where it is nobody else's.
    pub server: Option<Postgres>,
}

/// Keeps everybody else from writing, until it is released.
pub struct Lock(AnyConnection);

impl Store {
    pub(crate) async fn make(asked: Option<Asked>, folder: &Path) -> Store {
        static DRIVERS: Once = Once::new();
        DRIVERS.call_once(sqlx::any::install_default_drivers);
        match asked.unwrap_or_else(chosen) {
            Asked::Sqlite => Store { url: format!("sqlite://{}", folder.join("latchkey.db").display()), is_file: true, server: None },
            Asked::Postgres => Store { url: Postgres::shared().await.database().await, is_file: false, server: None },
            Asked::OwnPostgres => {
                let server = Postgres::start().await;
                Store { url: server.database().await, is_file: false, server: Some(server) }
            }
        }
    }

    /// What the proxy is told of it, where it is not the file that it takes by itself.
    pub(crate) fn database_url(&self) -> Option<&str> {
        (!self.is_file).then_some(&self.url)
    }

    /// The number in the only row that this finds; nothing where it is NULL.
    pub async fn number(&self, sql: &str) -> Option<i64> {
        let mut connection = self.connect().await;
        let row = sqlx::query(AssertSqlSafe(sql)).fetch_one(&mut connection).await.expect("a row");
        connection.close().await.expect("the connection is closed");
        row.get(0)
    }

    /// Changes what the proxy would not.
    pub async fn change(&self, sql: &str) {
        let mut connection = self.connect().await;
        sqlx::query(AssertSqlSafe(sql)).execute(&mut connection).await.expect("the statement works");
        connection.close().await.expect("the connection is closed");
    }

    /// Holds what is written, as a long transaction of somebody else does.
    pub async fn lock(&self) -> Lock {
        let mut connection = self.connect().await;
        let sql = if self.is_file { "BEGIN IMMEDIATE" } else { "BEGIN; LOCK TABLE signups, pulse IN EXCLUSIVE MODE" };
        sqlx::raw_sql(sql).execute(&mut connection).await.expect("nobody else holds it");
        Lock(connection)
    }

    async fn connect(&self) -> AnyConnection {
        AnyConnection::connect(&self.url).await.expect("the store is there")
    }
}

impl Lock {
    pub async fn release(mut self) {
        sqlx::raw_sql("ROLLBACK").execute(&mut self.0).await.expect("the lock is held");
        self.0.close().await.expect("the connection is closed");
    }
}

fn chosen() -> Asked {
    match env::var(CHOICE).as_deref() {
        Ok("postgres") => Asked::Postgres,
        Ok(other) => panic!("{CHOICE} is \"{other}\", which is no store that is chosen so"),
        Err(_) => Asked::Sqlite,
    }
}
