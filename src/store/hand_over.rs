//! Jobs that begin where they are requested: the transaction takes them as it writes them, and hands them over once it has
//! committed, so that nobody looks for them. Those of a press begin once it was answered.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock, Weak};
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::jobs::TakenJob;
use crate::domain::job::{Job, Lane};

/// What runs jobs in this process.
pub trait Places: Send + Sync {
    /// Keeps a place of this lane; not if there is none, or if a job may wait for it already.
    fn keep(&self, lane: Lane) -> bool;
    /// Gives such a place back.
    fn give_back(&self, lane: Lane);
    /// Begins a job on a place that was kept: soon, but not before somebody who waits has their answer.
    fn begin(self: Arc<Self>, taken: TakenJob, answered: Option<CancellationToken>);
    /// Leaves jobs to whoever looks for them: nobody knows whether they are taken.
    fn leave(self: Arc<Self>, taken: Vec<TakenJob>);
    /// For how long it takes jobs.
    fn lease(&self) -> Duration;
}

/// The places of this process, while it runs jobs.
#[derive(Clone, Default)]
pub struct HandOver(Arc<RwLock<Option<Weak<dyn Places>>>>);

impl fmt::Debug for HandOver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HandOver")
    }
}

impl HandOver {
    /// From now on, these places are used.
    pub fn open(&self, places: Weak<dyn Places>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some(places);
    }

    /// Begins the taking of a transaction.
    pub(super) fn begin(&self) -> OwnJobs {
        let places = self.0.read().unwrap_or_else(PoisonError::into_inner);
        OwnJobs::on(places.as_ref().and_then(Weak::upgrade))
    }
}

tokio::task_local! {
    /// Cancelled once whoever waits for this task's work has their answer.
    static ANSWERED: CancellationToken;
}

/// Answers somebody who waits; the jobs of its transactions begin afterwards.
pub async fn begin_jobs_after<T>(answer: impl Future<Output = T>) -> T {
    let answered = CancellationToken::new();
    let _guard = answered.clone().drop_guard();
    ANSWERED.scope(answered, answer).await
}

/// What one transaction takes for its own process. Places that it did not use are given back when it is dropped.
pub(super) struct OwnJobs {
    places: Option<Arc<dyn Places>>,
    kept: Vec<Lane>,
    pub taking: Uuid,
    taken: Vec<TakenJob>,
    /// When they were taken.
    since: Instant,
    /// Whether the commit was sent, and its outcome isn't known.
    is_sent: bool,
}

impl OwnJobs {
    /// Takes none.
    pub fn none() -> Self {
        Self::on(None)
    }

    fn on(places: Option<Arc<dyn Places>>) -> Self {
        let (kept, taken, is_sent) = Default::default();
        Self { places, kept, taking: Uuid::new_v4(), taken, since: Instant::now(), is_sent }
    }

    /// Keeps a place for a job.
    pub fn keep(&mut self, job: Job) -> bool {
        let keeps = self.places.as_ref().is_some_and(|places| places.keep(job.lane()));
        if keeps {
            self.kept.push(job.lane());
        }
        keeps
    }

    pub fn lease(&self) -> Duration {
        self.places.as_ref().map(|places| places.lease()).unwrap_or_default()
    }

    /// The transaction has written these as taken.
    pub fn note_taken(&mut self, jobs: impl Iterator<Item = Job>) {
        let taking = self.taking;
        self.taken.extend(jobs.map(|job| TakenJob { job, taking, failures: 0 }));
    }

    /// The commit is on its way. If this is dropped before its outcome is known, what was taken is left to others.
    pub fn note_sent(&mut self) {
        self.is_sent = true;
    }

    /// The transaction has failed.
    pub fn forget(mut self) {
        self.is_sent = false;
    }

    /// The transaction has committed: begins what was taken.
    pub fn hand_over(mut self) {
        // A commit may take long. Others may have what was taken so long ago.
        if self.since.elapsed() > self.lease() / 2 {
            return;
        }
        self.is_sent = false;
        let Some(places) = self.places.clone() else { return };
        let answered = ANSWERED.try_with(CancellationToken::clone).ok();
        for taken in std::mem::take(&mut self.taken) {
            let place = self.kept.iter().position(|lane| *lane == taken.job.lane());
            if let Some(at) = place {
                self.kept.swap_remove(at);
                places.clone().begin(taken, answered.clone());
            }
        }
    }
}

impl Drop for OwnJobs {
    fn drop(&mut self) {
        let Some(places) = self.places.take() else { return };
        self.kept.drain(..).for_each(|lane| places.give_back(lane));
        if self.is_sent && !self.taken.is_empty() {
            places.leave(std::mem::take(&mut self.taken));
        }
    }
}
