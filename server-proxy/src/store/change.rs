//! What changes the store, each change in a transaction that is durable when it is answered.
//!
//! On SQLite, whose only writer waits for the disk once a transaction, all changes that have gathered meanwhile are one
//! transaction. Where that fails, each is made by itself, so that one fails alone.

use async_trait::async_trait;
use sqlx::{Any, AnyConnection, AnyPool, Connection, pool::PoolConnection};
use tokio::sync::{mpsc, oneshot};

use super::{Store, StoreError};

/// Changes that are one transaction at most.
const TOGETHER: usize = 256;
/// Changes that wait; who brings one more, waits with it.
const WAITING: usize = 4096;

/// Something that is done to the store, whole or not at all.
#[async_trait]
pub(super) trait Change: Send + Sync + 'static {
    type Done: Send + 'static;

    /// Runs in a transaction, and once more where that one could not be committed.
    async fn make(&self, on: &mut AnyConnection) -> Result<Self::Done, StoreError>;
}

/// How changes are made.
pub(super) enum Changes {
    /// One after the other, gathered.
    Gathered { queue: mpsc::Sender<Box<dyn Waiting>>, pool: AnyPool },
    /// Each on a connection of its own.
    Single(AnyPool),
}

impl Changes {
    /// Through the only connection of `pool`.
    pub(super) fn gathered(pool: AnyPool) -> Changes {
        let (queue, waiting) = mpsc::channel(WAITING);
        tokio::spawn(gather(pool.clone(), waiting));
        Changes::Gathered { queue, pool }
    }

    pub(super) fn single(pool: AnyPool) -> Changes {
        Changes::Single(pool)
    }

    pub(super) async fn close(&self) {
        match self {
            Changes::Gathered { pool, .. } | Changes::Single(pool) => pool.close().await,
        }
    }
}

impl Store {
    pub(super) async fn change<C: Change>(&self, change: C) -> Result<C::Done, StoreError> {
        match &self.changes {
            Changes::Gathered { queue, .. } => {
                let (reply, answer) = oneshot::channel();
                let waiting = Box::new(Brought { change, made: None, reply });
                queue.send(waiting).await.map_err(|_| StoreError::Closed)?;
                answer.await.map_err(|_| StoreError::Closed)?
            }
            Changes::Single(pool) => {
                let mut transaction = pool.begin().await?;
                let done = change.make(&mut transaction).await?;
                transaction.commit().await?;
                Ok(done)
            }
        }
    }

    /// Whether a signup could be kept now: writes a row, as durably as one.
    pub(crate) async fn is_writable(&self) -> Result<(), StoreError> {
        self.change(Pulse { at: self.clock.now() }).await
    }
}

struct Pulse {
    at: i64,
}

#[async_trait]
impl Change for Pulse {
    type Done = ();

    async fn make(&self, on: &mut AnyConnection) -> Result<(), StoreError> {
        let beat = "INSERT INTO pulse (id, at) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET at = excluded.at";
        sqlx::query(beat).bind(self.at).execute(on).await?;
        Ok(())
    }
}

/// A change of any kind that waits for its transaction.
#[async_trait]
pub(super) trait Waiting: Send {
    /// Makes it within a transaction; whether it could be.
    async fn make(&mut self, on: &mut AnyConnection) -> bool;
    /// Makes it in a transaction of its own.
    async fn make_alone(&mut self, on: &mut AnyConnection);
    /// It is not made.
    fn fail(&mut self, error: &sqlx::Error);
    fn answer(self: Box<Self>);
}

struct Brought<C: Change> {
    change: C,
    made: Option<Result<C::Done, StoreError>>,
    reply: oneshot::Sender<Result<C::Done, StoreError>>,
}

#[async_trait]
impl<C: Change> Waiting for Brought<C> {
    async fn make(&mut self, on: &mut AnyConnection) -> bool {
        self.made.insert(self.change.make(on).await).is_ok()
    }

    async fn make_alone(&mut self, on: &mut AnyConnection) {
        let make = async {
            let mut transaction = on.begin_with(BEGIN).await?;
            let done = self.change.make(&mut transaction).await?;
            transaction.commit().await?;
            Ok(done)
        };
        self.made = Some(make.await);
    }

    fn fail(&mut self, error: &sqlx::Error) {
        self.made = Some(Err(StoreError::Unwritable(error.to_string())));
    }

    fn answer(self: Box<Self>) {
        // An error says that who brought it has left: it is made all the same.
        let _ = self.reply.send(self.made.unwrap_or(Err(StoreError::Closed)));
    }
}

/// Takes SQLite's write lock at once, rather than after a read that another program's write would make worthless.
const BEGIN: &str = "BEGIN IMMEDIATE";

async fn gather(pool: AnyPool, mut waiting: mpsc::Receiver<Box<dyn Waiting>>) {
    let mut changes = Vec::with_capacity(TOGETHER);
    let mut connection = None;
    // An error says that the store is being closed.
    while pool.close_event().do_until(waiting.recv_many(&mut changes, TOGETHER)).await.is_ok_and(|count| count > 0) {
        match make_all(&pool, connection.take(), &mut changes).await {
            Ok(kept) => connection = kept,
            Err(error) => changes.iter_mut().for_each(|change| change.fail(&error)),
        }
        changes.drain(..).for_each(Waiting::answer);
    }
}

/// Gives the connection back for the next ones. An error: none of them is made, and there is no use in trying one by one.
async fn make_all(pool: &AnyPool, connection: Option<Held>, changes: &mut [Box<dyn Waiting>]) -> Result<Option<Held>, sqlx::Error> {
    let mut connection = match connection {
        Some(connection) => connection,
        None => pool.acquire().await?,
    };
    match make_together(&mut connection, changes).await {
        Ok(true) => return Ok(Some(connection)),
        // One that fails may leave its connection in a state that is seen to when it is given back.
        Ok(false) => drop(connection),
        Err(error) => {
            // One that was opened while the file was read-only would never write again.
            let _ = connection.close().await;
            return Err(error);
        }
    }
    for change in changes {
        match pool.acquire().await {
            Ok(mut connection) => change.make_alone(&mut connection).await,
            Err(error) => change.fail(&error),
        }
    }
    Ok(None)
}

/// Whether all of them are made in one transaction; if not, none is.
async fn make_together(connection: &mut AnyConnection, changes: &mut [Box<dyn Waiting>]) -> Result<bool, sqlx::Error> {
    let mut transaction = connection.begin_with(BEGIN).await?;
    for change in changes {
        if !change.make(&mut transaction).await {
            return Ok(false);
        }
    }
    Ok(transaction.commit().await.is_ok())
}

type Held = PoolConnection<Any>;
