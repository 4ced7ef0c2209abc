//! Which process has Discord's gateway: two would take the session from each other without end. The one that holds a lock
//! of the database has it; others stand by, do everything else, and take over when it ends.

use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use sqlx::{Connection as _, PgConnection};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::discord::gateway::{Gateway, GatewayError, Status};
use crate::store::{locks, pool};

/// How often a process that stands by tries the lock, and how soon one that holds it notices its loss.
const INTERVAL: Duration = Duration::from_secs(1);

/// How long the database may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Runs the gateway whenever it is this process' turn, until `stop`.
pub(super) async fn run(
    gateway: Gateway,
    config: Arc<Config>,
    stop: CancellationToken,
) -> Result<(), GatewayError> {
    let mut turn = Turn { config, status: gateway.status.clone(), stands_by: false };
    loop {
        let Some(lock) = turn.wait(&stop).await else { return Ok(()) };
        let mine = stop.child_token();
        let mut running = std::pin::pin!(gateway.clone().run(mine.clone()));
        tokio::select! {
            // The lock ends only now, since the session is closed and saved for the next process.
            ended = &mut running => return ended,
            () = turn.lose(lock) => {
                tracing::warn!("another process took the gateway; this one stands by");
                mine.cancel();
                running.await?;
            }
        }
    }
}

/// The lock, which ends with its session.
struct Lock {
    connection: PgConnection,
    /// The server's process of that session.
    process: i32,
}

struct Turn {
    config: Arc<Config>,
    status: watch::Sender<Status>,
    /// Whether the log says that it does.
    stands_by: bool,
}

impl Turn {
    /// Waits until it is this process' turn; none if `stop` comes first.
    async fn wait(&mut self, stop: &CancellationToken) -> Option<Lock> {
        tokio::select! {
            lock = self.take() => Some(lock),
            () = stop.cancelled() => None,
        }
    }

    async fn take(&mut self) -> Lock {
        let (mut connection, mut is_unknown) = (None, false);
        loop {
            match try_to_take(&self.config, &mut connection).await {
                Ok(Some(lock)) => {
                    if std::mem::take(&mut self.stands_by) {
                        tracing::info!("the other process ended: this one takes the gateway");
                    }
                    self.status.send_replace(Status::default());
                    return lock;
                }
                Ok(None) => {
                    is_unknown = false;
                    self.stand_by(connection.as_mut()).await;
                }
                Err(error) => {
                    if !std::mem::replace(&mut is_unknown, true) {
                        tracing::warn!(%error, "the database doesn't say who has the gateway");
                    }
                    connection = None;
                }
            }
            sleep(INTERVAL).await;
        }
    }

    async fn stand_by(&mut self, connection: Option<&mut PgConnection>) {
        if !std::mem::replace(&mut self.stands_by, true) {
            let asked = async { locks::list_gateway_sessions(connection?).await.ok() };
            let session = timeout(PATIENCE, asked).await.ok().flatten().unwrap_or_default().pop();
            tracing::info!(
                process = session.as_ref().map(|session| session.process),
                role = session.map(|session| session.role),
                "another session has the gateway: standing by until it ends"
            );
        }
        self.status.send_if_modified(|status| !std::mem::replace(&mut status.standby, true));
    }

    /// Returns when another process has the lock. Where only its session was lost it takes it again. It stays connected
    /// while it can't reach the database, to answer people that they should try again; if only its own way there is cut,
    /// another one connects beside it, until the way is there again.
    async fn lose(&self, lock: Lock) {
        let (mut lock, mut process, mut next) = (Some(lock), 0, None);
        loop {
            sleep(INTERVAL).await;
            if let Some(held) = &mut lock {
                process = held.process;
                if matches!(timeout(PATIENCE, held.connection.ping()).await, Ok(Ok(()))) {
                    continue;
                }
                // A session that only was slow must end, or it would stand in the way of the next.
                lock = None;
            }
            match try_to_take(&self.config, &mut next).await {
                Ok(Some(again)) => lock = Some(again),
                Ok(None) if is_held_by_another(next.as_mut(), process).await => return,
                Ok(None) => {}
                Err(_) => next = None,
            }
        }
    }
}

/// Whether the lock is held by another session than the one of that process.
async fn is_held_by_another(connection: Option<&mut PgConnection>, process: i32) -> bool {
    let asked = async { locks::list_gateway_sessions(connection?).await.ok() };
    let sessions = timeout(PATIENCE, asked).await.ok().flatten().unwrap_or_default();
    sessions.iter().any(|session| session.process != process)
}

/// Tries once, over a connection that is kept for the next time.
async fn try_to_take(
    config: &Config,
    kept: &mut Option<PgConnection>,
) -> sqlx::Result<Option<Lock>> {
    let tried = async {
        let mut connection = match kept.take() {
            Some(connection) => connection,
            None => {
                let url: &SecretString = &config.database.url;
                let mut connection = pool::connect(url, &config.network).await?;
                locks::notice_loss_soon(&mut connection).await?;
                connection
            }
        };
        if locks::take_gateway(&mut connection).await? {
            let process = locks::get_process(&mut connection).await?;
            return Ok(Some(Lock { connection, process }));
        }
        *kept = Some(connection);
        Ok(None)
    };
    timeout(PATIENCE, tried).await.unwrap_or(Err(sqlx::Error::PoolTimedOut))
}
