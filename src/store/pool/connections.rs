//! The connections of a process.
//!
//! The library's pool opens, tests and ends them. It uses all of them in turns, so that each plans every statement, and
//! asks the server for a sign of life whenever one comes back, which costs as much as a statement. So those that were
//! just used, and had their answer, are kept at hand here, the last one first.

use std::collections::VecDeque;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use scopeguard::ScopeGuard;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions, PgTransactionManager};
use sqlx::{Connection as _, PgConnection, PgPool, Postgres, SqlStr};
use sqlx_core::transaction::TransactionManager as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::was_closed;
use crate::store::hand_over::HandOver;

/// After how long a connection that is idle is tested before it is used again.
const RESTED: Duration = Duration::from_millis(100);

/// How long a connection may take to say that it is there.
const TEST_LIMIT: Duration = Duration::from_secs(2);

/// How long a connection stays at hand. Then the library's pool has it, which closes what is old or not needed.
const AT_HAND: Duration = Duration::from_secs(30);

/// Opens connections as they are needed, up to a limit.
#[derive(Debug, Clone)]
pub struct Pool(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    library: PgPool,
    places: Arc<Semaphore>,
    /// How long a caller waits for a connection at most.
    wait: Duration,
    test_limit: Duration,
    /// The one that was used last comes last.
    at_hand: Mutex<VecDeque<AtHand>>,
    silence: Arc<Silence>,
    /// Jobs that begin where they are requested.
    hand_over: HandOver,
}

/// When a connection was last found not to answer. What has rested since before that is closed without a test: at a server
/// that is gone, each test takes seconds.
#[derive(Debug, Default)]
struct Silence(Mutex<Option<Instant>>);

impl Silence {
    fn note(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// Whether a connection that has rested for so long may be used.
    async fn allows(
        &self,
        connection: &mut PgConnection,
        rested: Duration,
        limit: Duration,
    ) -> bool {
        if rested < RESTED {
            return true;
        }
        let noted = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if noted.is_some_and(|noted| noted.elapsed() < rested) {
            return false;
        }
        let answered = answers(connection, limit).await;
        if !answered {
            self.note();
        }
        answered
    }
}

#[derive(Debug)]
struct AtHand {
    connection: PoolConnection<Postgres>,
    /// When the library gave it.
    taken: Instant,
    used: Instant,
}

impl Pool {
    /// `listeners` of the connections are for [`Pool::listen`], which holds one as long as it lives.
    pub(super) fn new(
        how: PgPoolOptions,
        to: PgConnectOptions,
        (connections, listeners): (u32, u32),
        wait: Duration,
    ) -> Self {
        // One that does not answer leaves time for another.
        let test_limit = TEST_LIMIT.min(wait / 2);
        let silence = Arc::<Silence>::default();
        let known = silence.clone();
        let library = how
            .max_connections(connections)
            .acquire_timeout(wait)
            // The library's own tests wait without end for a server that is gone without a word.
            .test_before_acquire(false)
            .before_acquire(move |connection, idle| {
                let silence = known.clone();
                Box::pin(
                    async move { Ok(silence.allows(connection, idle.idle_for, test_limit).await) },
                )
            })
            .after_release(move |connection, _| {
                Box::pin(async move { Ok(answers(connection, test_limit).await) })
            })
            .connect_lazy_with(to);
        let places =
            Arc::new(Semaphore::new(usize::try_from(connections - listeners).unwrap_or(1)));
        let at_hand = Mutex::default();
        let hand_over = HandOver::default();
        Self(Arc::new(Inner { library, places, wait, test_limit, at_hand, silence, hand_over }))
    }

    /// Where the jobs of a transaction begin.
    #[must_use]
    pub fn hand_over(&self) -> &HandOver {
        &self.0.hand_over
    }

    /// A connection; one that has rested was tested.
    ///
    /// # Errors
    /// Also [`sqlx::Error::PoolTimedOut`].
    pub async fn acquire(&self) -> sqlx::Result<Connection> {
        let found = tokio::time::timeout(self.0.wait, self.find());
        found.await.unwrap_or(Err(sqlx::Error::PoolTimedOut))
    }

    async fn find(&self) -> sqlx::Result<Connection> {
        let place = self.0.places.clone().acquire_owned().await;
        let place = place.map_err(|_| sqlx::Error::PoolClosed)?;
        if self.0.rests_too_long() {
            self.0.give_all_back();
        }
        if let Some(mut last) = self.0.take_last() {
            let (rested, limit) = (last.used.elapsed(), self.0.test_limit);
            if self.0.silence.allows(&mut last.connection, rested, limit).await {
                return Ok(self.hand_out(last.connection, last.taken, place));
            }
            drop(last.connection.detach());
            // The others have rested longer, so they may be closed, too. The library tests each, in its own time.
            self.0.give_all_back();
        }
        let connection = self.0.library.acquire().await?;
        Ok(self.hand_out(connection, Instant::now(), place))
    }

    fn hand_out(
        &self,
        inner: PoolConnection<Postgres>,
        taken: Instant,
        place: OwnedSemaphorePermit,
    ) -> Connection {
        Connection { inner, taken, pool: self.0.clone(), place }
    }

    /// Runs statements on a connection, which is at hand again as soon as they were answered.
    ///
    /// # Errors
    /// Those of the statements, and of [`Pool::acquire`].
    pub async fn run<Answer, Error: From<sqlx::Error>>(
        &self,
        statements: impl AsyncFnOnce(&mut PgConnection) -> Result<Answer, Error>,
    ) -> Result<Answer, Error> {
        let mut connection = self.acquire().await?;
        let answer = statements(&mut connection).await?;
        connection.keep();
        Ok(answer)
    }

    /// Begins a transaction.
    ///
    /// # Errors
    /// The connection fails.
    pub async fn begin(&self) -> sqlx::Result<Transaction> {
        self.begin_with(None).await
    }

    /// Begins one by this statement. A connection that was used a moment ago isn't tested, and may have been closed
    /// since: then the next one is taken, as nothing has happened yet.
    pub(super) async fn begin_with(
        &self,
        statement: Option<&'static str>,
    ) -> sqlx::Result<Transaction> {
        // As often as there are such connections; what is opened anew after them is no longer theirs.
        for _ in 0..self.num_idle() {
            match Transaction::begin(self, statement).await {
                Err(error) if was_closed(&error) => {}
                begun => return begun,
            }
        }
        Transaction::begin(self, statement).await
    }

    /// A connection that listens; it has one of its own.
    ///
    /// # Errors
    /// The connection fails.
    pub async fn listen(&self) -> sqlx::Result<PgListener> {
        PgListener::connect_with(&self.0.library).await
    }

    /// How many connections are open and idle.
    fn num_idle(&self) -> usize {
        self.0.at_hand().len() + self.0.library.num_idle()
    }

    /// Closes all connections, once nobody uses them.
    pub async fn close(&self) {
        self.0.places.close();
        self.0.give_all_back();
        self.0.library.close().await;
    }
}

impl Inner {
    fn at_hand(&self) -> MutexGuard<'_, VecDeque<AtHand>> {
        self.at_hand.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn rests_too_long(&self) -> bool {
        self.at_hand().back().is_some_and(|last| last.used.elapsed() > AT_HAND)
    }

    fn take_last(&self) -> Option<AtHand> {
        self.at_hand().pop_back()
    }

    fn give_all_back(&self) {
        drop(std::mem::take(&mut *self.at_hand()));
    }

    /// Keeps a connection at hand, and gives the one that has rested longest back where it isn't needed.
    fn keep(&self, kept: AtHand) {
        let mut at_hand = self.at_hand();
        // Asked while it is locked: after this, nobody gives back what is at hand.
        if self.places.is_closed() {
            return;
        }
        at_hand.push_back(kept);
        let is_old = at_hand.front().is_some_and(|first| first.used.elapsed() > AT_HAND);
        let first = if is_old { at_hand.pop_front() } else { None };
        drop(at_hand);
        drop(first);
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        // The library gives back in a task, which needs a runtime.
        for at_hand in self.at_hand().drain(..) {
            drop(at_hand.connection.detach());
        }
    }
}

/// A connection of a pool. If it is dropped, perhaps in the middle of a statement, the library tests it before it is
/// used again. It derefs to the library's.
#[derive(Debug)]
pub struct Connection {
    inner: PoolConnection<Postgres>,
    /// When the library gave it.
    taken: Instant,
    pool: Arc<Inner>,
    /// Last, since it is another caller's once the connection is back.
    place: OwnedSemaphorePermit,
}

impl Connection {
    /// Gives the connection back. All its statements have been answered, and no transaction is open.
    pub fn keep(self) {
        if self.taken.elapsed() > AT_HAND {
            return;
        }
        let Self { inner: connection, taken, pool, place } = self;
        pool.keep(AtHand { connection, taken, used: Instant::now() });
        drop(place);
    }

    /// Closes the connection without a word to the server.
    fn close(self) {
        drop(self.inner.detach());
    }
}

impl Deref for Connection {
    type Target = PgConnection;
    fn deref(&self) -> &PgConnection {
        &self.inner
    }
}

impl DerefMut for Connection {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.inner
    }
}

/// A transaction. Dropped, it is rolled back. It derefs to a connection.
#[derive(Debug)]
pub struct Transaction(ScopeGuard<Connection, fn(Connection)>);

impl Transaction {
    async fn begin(pool: &Pool, statement: Option<&'static str>) -> sqlx::Result<Self> {
        // If this is dropped meanwhile, a transaction is open of which the library doesn't know.
        let mut connection = scopeguard::guard(pool.acquire().await?, Connection::close);
        PgTransactionManager::begin(&mut connection, statement.map(SqlStr::from_static)).await?;
        let connection = ScopeGuard::into_inner(connection);
        Ok(Self(scopeguard::guard(connection, roll_back)))
    }

    /// Commits.
    ///
    /// # Errors
    /// If the commit fails, nothing is kept; if it was not answered, that isn't known.
    pub async fn commit(mut self) -> sqlx::Result<()> {
        PgTransactionManager::commit(&mut self.0).await?;
        ScopeGuard::into_inner(self.0).keep();
        Ok(())
    }

    /// Rolls it back.
    ///
    /// # Errors
    /// The connection fails.
    pub async fn rollback(mut self) -> sqlx::Result<()> {
        PgTransactionManager::rollback(&mut self.0).await?;
        ScopeGuard::into_inner(self.0).keep();
        Ok(())
    }
}

/// The library sends it, and waits for its answer, before the connection is used again.
fn roll_back(mut connection: Connection) {
    PgTransactionManager::start_rollback(&mut connection);
}

impl Deref for Transaction {
    type Target = PgConnection;
    fn deref(&self) -> &PgConnection {
        &self.0
    }
}

impl DerefMut for Transaction {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.0
    }
}

/// Whether a connection is there, within a time limit: a server that is gone without a word never answers.
async fn answers(connection: &mut PgConnection, limit: Duration) -> bool {
    tokio::time::timeout(limit, connection.ping()).await.is_ok_and(|answered| answered.is_ok())
}
