//! How jobs ended, until that is written: several at once, since each commit costs as much as a job's other statements.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use super::worker::LEASE;
use crate::domain::job::Job;
use crate::store::jobs::{self, EndedJob};
use crate::store::pool::Pool;

/// How long an end waits for others.
const GATHERED_FOR: Duration = Duration::from_millis(10);

/// How soon an end is written again whose job was locked.
const LOCKED_FOR: Duration = Duration::from_millis(50);

#[derive(Default)]
pub(super) struct Ends {
    unwritten: Mutex<Vec<(EndedJob, Instant)>>,
    ended: Notify,
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
        let all = std::mem::take(&mut *self.unwritten());
        if all.is_empty() {
            return Ok(Vec::new());
        }
        let ended: Vec<EndedJob> = all.iter().map(|(ended, _)| *ended).collect();
        let result = pool.run(async |connection| jobs::settle(connection, &ended).await).await;
        let written = result.as_deref().unwrap_or_default();
        let is_written = |job: Job| written.iter().any(|(known, _)| *known == job);
        let mut left = all;
        left.retain(|(ended, at)| !is_written(ended.taken.job) && at.elapsed() < LEASE);
        if !left.is_empty() {
            self.unwritten().extend(left);
        }
        result.map(|written| written.into_iter().filter_map(|(_, due_in)| due_in).collect())
    }

    fn unwritten(&self) -> MutexGuard<'_, Vec<(EndedJob, Instant)>> {
        self.unwritten.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
