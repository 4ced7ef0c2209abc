//! Jobs that begin where they are requested: the transaction takes them as it writes them, and hands them over once it has
//! committed, so that nobody looks for them. Those of a press begin once it was answered.

use std::cell::RefCell;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock, Weak};
use std::time::Duration;

use tokio::runtime::Handle;
use uuid::Uuid;

use super::jobs::TakenJob;
use crate::domain::job::{Job, Lane};

/// What runs jobs in this process.
pub trait Places: Send + Sync {
    /// Keeps a place of this lane; not if there is none, or if a job may wait for it already.
    fn keep(&self, lane: Lane) -> bool;
    /// Gives such a place back.
    fn give_back(&self, lane: Lane);
    /// Begins a job on a place that was kept, which is given back.
    fn begin(self: Arc<Self>, taken: TakenJob);
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
    /// What waits for the end of this task's work.
    static WAITING: RefCell<Vec<OwnJobs>>;
}

/// Does a piece of work, and begins the jobs of its transactions after it: what somebody waits for goes first.
pub async fn begin_jobs_after<T>(work: impl Future<Output = T>) -> T {
    WAITING.scope(RefCell::default(), work).await
}

/// What one transaction takes for its own process. When it is dropped, the jobs begin if they were handed over, and the
/// other places are given back.
pub(super) struct OwnJobs {
    places: Option<Arc<dyn Places>>,
    kept: Vec<Lane>,
    pub taking: Uuid,
    taken: Vec<Job>,
    is_committed: bool,
}

impl OwnJobs {
    /// Takes none.
    pub fn none() -> Self {
        Self::on(None)
    }

    fn on(places: Option<Arc<dyn Places>>) -> Self {
        let (kept, taken, is_committed) = Default::default();
        Self { places, kept, taking: Uuid::new_v4(), taken, is_committed }
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
        self.taken.extend(jobs);
    }

    /// The transaction has committed: begins what was taken, now or after the work that it is a part of.
    pub fn hand_over(mut self) {
        self.is_committed = true;
        let mut own = Some(self);
        // Where nothing waits, it is dropped here.
        let _ = WAITING.try_with(|waiting| waiting.borrow_mut().extend(own.take()));
    }
}

impl Drop for OwnJobs {
    fn drop(&mut self) {
        let Some(places) = self.places.take() else { return };
        // A runtime that ends runs nothing more; the jobs are taken again when their lease is over.
        if self.is_committed && Handle::try_current().is_ok() {
            for job in std::mem::take(&mut self.taken) {
                let kept = self.kept.iter().position(|lane| *lane == job.lane());
                if let Some(at) = kept {
                    self.kept.swap_remove(at);
                    places.clone().begin(TakenJob { job, taking: self.taking, failures: 0 });
                }
            }
        }
        self.kept.drain(..).for_each(|lane| places.give_back(lane));
    }
}
