//! Which process has Discord's gateway: two would take the session from each other without end. The one that holds a lock
//! of the database has it; others stand by, do everything else, and take over when it ends.
//!
//! The lock ends with its session of the database, and its holder may notice that late. Whoever takes it begins a turn
//! in the database, by which the one before knows that it was succeeded, and which keeps it from saving its older
//! session over the newer one. A process id would not do: after a restart of Postgres, or behind a pooler, two sessions
//! can have the same.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use sqlx::{Connection as _, PgConnection};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::discord::gateway::{Gateway, GatewayError, SavedSession, SessionStore, Status};
use crate::store::gateway::{self as turns, Turn};
use crate::store::locks::{self, SilentSession};
use crate::store::pool::{self, Pool};

/// How often a process that stands by tries the lock, and how soon one that holds it notices its loss.
const INTERVAL: Duration = Duration::from_secs(1);

/// How long the database may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long one that holds it may be silent.
const SILENCE: Duration = Duration::from_secs(15);

/// Runs the gateway whenever it is this process' turn, until `stop`.
pub(super) async fn run(
    gateway: Gateway,
    config: Arc<Config>,
    pool: Pool,
    stop: CancellationToken,
) -> Result<(), GatewayError> {
    let mut queue = Queue { config, status: gateway.status.clone(), stands_by: false };
    loop {
        let Some(taken) = queue.wait(&stop).await else { return Ok(()) };
        let mine = stop.child_token();
        let sessions = StoredSession { pool: pool.clone(), turn: taken.turn };
        let mut running = std::pin::pin!(gateway.clone().run(&sessions, mine.clone()));
        tokio::select! {
            // The lock ends only now, since the session is closed and saved for the next process.
            ended = &mut running => return ended,
            () = queue.lose(taken) => {
                tracing::warn!("another process took the gateway; this one stands by");
                mine.cancel();
                running.await?;
            }
        }
    }
}

/// The gateway's lock, which ends with its connection, and the turn that began with it.
struct Taken {
    lock: PgConnection,
    turn: Turn,
}

struct Queue {
    config: Arc<Config>,
    status: watch::Sender<Status>,
    /// Whether the log says that it does.
    stands_by: bool,
}

impl Queue {
    /// Waits until it is this process' turn; none if `stop` comes first.
    async fn wait(&mut self, stop: &CancellationToken) -> Option<Taken> {
        tokio::select! {
            taken = self.take() => Some(taken),
            () = stop.cancelled() => None,
        }
    }

    async fn take(&mut self) -> Taken {
        let (mut connection, mut is_unknown, mut silent) = (None, false, None);
        loop {
            match begin_turn(&self.config, &mut connection).await {
                Ok(Some(taken)) => {
                    if std::mem::take(&mut self.stands_by) {
                        tracing::info!("the other process ended: this one takes the gateway");
                    }
                    self.status.send_replace(Status::default());
                    return taken;
                }
                Ok(None) => {
                    is_unknown = false;
                    self.stand_by(connection.as_mut()).await;
                    silent = end_silent_holder(connection.as_mut(), silent).await;
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

    /// Returns when another process began a turn. Where only the lock's session was lost it takes the lock again. It
    /// stays connected while it can't reach the database, to answer people that they should try again; if only its own
    /// way there is cut, another one connects beside it, until the way is there again.
    async fn lose(&self, Taken { lock, turn }: Taken) {
        let (mut lock, mut next) = (Some(lock), None);
        loop {
            sleep(INTERVAL).await;
            if let Some(held) = &mut lock {
                if matches!(timeout(PATIENCE, held.ping()).await, Ok(Ok(()))) {
                    continue;
                }
                // A session that only was slow must end, or it would stand in the way of the next.
                lock = None;
            }
            match take_again(&self.config, &mut next, turn).await {
                Ok(Again::Locked(again)) => lock = Some(again),
                // What holds the lock may be this process' own session, which the server believes alive.
                Ok(Again::Waits) => {}
                Ok(Again::Succeeded) => return,
                Err(_) => next = None,
            }
        }
    }
}

/// A holder uses its session each second. One that does not is frozen or gone, and its session may stay for hours: its
/// machine's system or a pooler answers for it.
///
/// It has to be found so twice, [`INTERVAL`] apart: where only the server's clock was set, it was used in between. Returns
/// what was found.
async fn end_silent_holder(
    connection: Option<&mut PgConnection>,
    found_before: Option<SilentSession>,
) -> Option<SilentSession> {
    let look = async {
        let connection = connection?;
        let silent = locks::find_silent_gateway(connection, SILENCE).await.ok()??;
        let is_certain = found_before == Some(silent);
        if is_certain && locks::end_silent_session(connection, silent).await.ok()? {
            let seconds = SILENCE.as_secs();
            tracing::warn!(
                "the process that has the gateway was silent for {seconds} s: its session was ended"
            );
        }
        Some(silent)
    };
    timeout(PATIENCE, look).await.ok().flatten()
}

/// Tries the lock once, over a connection that is kept for the next time; with it, the turn begins.
async fn begin_turn(
    config: &Config,
    kept: &mut Option<PgConnection>,
) -> sqlx::Result<Option<Taken>> {
    within_patience(async {
        let mut lock = take_connection(config, kept).await?;
        if !locks::take_gateway(&mut lock).await? {
            *kept = Some(lock);
            return Ok(None);
        }
        let turn = turns::begin_turn(&mut lock).await?;
        Ok(Some(Taken { lock, turn }))
    })
    .await
}

/// What came of taking the lock again during a turn.
enum Again {
    Locked(PgConnection),
    Waits,
    /// Another process began a turn.
    Succeeded,
}

/// Tries the lock once, over a connection that is kept for the next time, unless the turn has ended.
async fn take_again(
    config: &Config,
    kept: &mut Option<PgConnection>,
    turn: Turn,
) -> sqlx::Result<Again> {
    within_patience(async {
        let mut connection = take_connection(config, kept).await?;
        let is_locked = locks::take_gateway(&mut connection).await?;
        // After the lock, since only its holder begins a turn.
        if !turns::is_current(&mut connection, turn).await? {
            return Ok(Again::Succeeded);
        }
        if is_locked {
            return Ok(Again::Locked(connection));
        }
        *kept = Some(connection);
        Ok(Again::Waits)
    })
    .await
}

/// The connection that was kept, or a new one.
async fn take_connection(
    config: &Config,
    kept: &mut Option<PgConnection>,
) -> sqlx::Result<PgConnection> {
    if let Some(connection) = kept.take() {
        return Ok(connection);
    }
    let mut connection = pool::connect(&config.database.url, &config.network).await?;
    locks::notice_loss_soon(&mut connection).await?;
    Ok(connection)
}

async fn within_patience<T>(asked: impl Future<Output = sqlx::Result<T>>) -> sqlx::Result<T> {
    timeout(PATIENCE, asked).await.unwrap_or(Err(sqlx::Error::PoolTimedOut))
}

/// Stores the gateway's session in the database, during one turn.
struct StoredSession {
    pool: Pool,
    turn: Turn,
}

#[async_trait]
impl SessionStore for StoredSession {
    async fn load(&self) -> anyhow::Result<Option<SavedSession>> {
        let session = self.pool.run(async |connection| turns::load(connection).await).await?;
        Ok(session.map(|session| SavedSession {
            session_id: session.session_id,
            resume_url: session.resume_url,
            sequence: session.sequence,
        }))
    }

    async fn save(&self, session: Option<&SavedSession>) -> anyhow::Result<()> {
        // A session that has ended may stay: Discord refuses to resume it, and a new one begins.
        let Some(session) = session else { return Ok(()) };
        let session = turns::SavedSession {
            session_id: session.session_id.clone(),
            resume_url: session.resume_url.clone(),
            sequence: session.sequence,
        };
        if !self
            .pool
            .run(async |connection| turns::save(connection, self.turn, &session).await)
            .await?
        {
            tracing::info!(
                "another process has the gateway: its session stays, this one's is not saved"
            );
        }
        Ok(())
    }
}
