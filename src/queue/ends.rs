//! How jobs ended, until that is written: several at once, since each commit costs as much as a job's other statements.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sqlx::PgConnection;
use tokio::sync::Notify;
use tokio::time::Instant;

use super::worker::LEASE;
use crate::store::jobs::{self, EndedJob, TakenJob};
use crate::store::pool::Pool;

/// How long an end waits for others.
const GATHERED_FOR: Duration = Duration::from_millis(10);

/// How soon an end is written again whose job was locked.
const LOCKED_FOR: Duration = Duration::from_millis(50);

/// How long the statement may take: a server that is cut off without a word never answers.
const LIMIT: Duration = Duration::from_secs(3);

#[derive(Default)]
pub(super) struct Ends {
    unwritten: Mutex<Vec<(EndedJob, Instant)>>,
    ended: Notify,
    /// Held while some are written.
    writing: tokio::sync::Mutex<()>,
}

impl Ends {
    pub(super) fn push(&self, ended: EndedJob) {
        self.unwritten().push((ended, Instant::now()));
        self.ended.notify_one();
    }

    /// Waits until something can be written, and for others.
    pub(super) async fn gather(&self) {
        if self.unwritten().is_empty() {
            self.ended.notified().await;
            tokio::time::sleep(GATHERED_FOR).await;
        } else {
            // Locked a moment ago, or ended since.
            tokio::time::sleep(LOCKED_FOR).await;
        }
    }

    /// Writes down what ended, but for jobs that somebody has locked: those are written later, or their lease runs out.
    /// Returns how soon each of the written ones is due again, if it is.
    pub(super) async fn write(&self, pool: &Pool) -> sqlx::Result<Vec<Duration>> {
        let _writing = self.writing.lock().await;
        let ended: Vec<EndedJob> = self.unwritten().iter().map(|(ended, _)| *ended).collect();
        if ended.is_empty() {
            return Ok(Vec::new());
        }
        let settle = async |connection: &mut PgConnection| {
            let settled = tokio::time::timeout(LIMIT, jobs::settle(connection, &ended)).await;
            settled.unwrap_or(Err(sqlx::Error::PoolTimedOut))
        };
        let settled = pool.run(settle).await;
        let known = settled.as_deref().unwrap_or_default();
        let is_settled = |taken: TakenJob| known.iter().any(|(known, _)| *known == taken);
        self.unwritten().retain(|(ended, at)| at.elapsed() < LEASE && !is_settled(ended.taken));
        Ok(settled?.into_iter().filter_map(|(_, due_in)| due_in).collect())
    }

    /// Writes the last ones: nothing runs any longer.
    pub(super) async fn write_last(&self, pool: &Pool) {
        let mut written = self.write(pool).await;
        if !self.unwritten().is_empty() {
            tokio::time::sleep(LOCKED_FOR).await;
            written = self.write(pool).await;
        }
        let left = self.unwritten().len();
        match written {
            Err(error) => tracing::warn!(%error, jobs = left, "what has ended runs once more"),
            Ok(_) if left > 0 => tracing::warn!(jobs = left, "what has ended runs once more"),
            Ok(_) => {}
        }
    }

    fn unwritten(&self) -> MutexGuard<'_, Vec<(EndedJob, Instant)>> {
        self.unwritten.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
