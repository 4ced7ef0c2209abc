//! Jobs that begin where they are requested: the transaction takes them as it writes them, and hands them over once it has
//! committed, so that nobody looks for them.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock, Weak};
use std::time::Duration;

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

/// What one transaction takes for its own process. Places that it did not use are given back when it is dropped.
pub(super) struct OwnJobs {
    places: Option<Arc<dyn Places>>,
    kept: Vec<Lane>,
    pub taking: Uuid,
    taken: Vec<Job>,
}

impl OwnJobs {
    /// Takes none.
    pub fn none() -> Self {
        Self::on(None)
    }

    fn on(places: Option<Arc<dyn Places>>) -> Self {
        Self { places, kept: Vec::new(), taking: Uuid::new_v4(), taken: Vec::new() }
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

    /// Begins what was taken.
    pub fn hand_over(mut self) {
        let Some(places) = self.places.clone() else { return };
        for job in std::mem::take(&mut self.taken) {
            let Some(at) = self.kept.iter().position(|lane| *lane == job.lane()) else { continue };
            self.kept.swap_remove(at);
            places.clone().begin(TakenJob { job, taking: self.taking, failures: 0 });
        }
    }
}

impl Drop for OwnJobs {
    fn drop(&mut self) {
        if let Some(places) = &self.places {
            self.kept.drain(..).for_each(|lane| places.give_back(lane));
        }
    }
}
