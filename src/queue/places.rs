//! Places for jobs: what runs here, and what transactions of this process are about to begin here.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use super::worker::{MAILS_AT_ONCE, Runner, UPSTREAM_JOBS_AT_ONCE};
use crate::domain::job::{Job, Lane};
use crate::store::hand_over::Places;
use crate::store::jobs::TakenJob;

/// What runs here.
#[derive(Default)]
pub(super) struct Running {
    /// By job; a job whose lease ran out may have been taken again while it runs here.
    pub jobs: HashMap<Job, TakenJob>,
    /// Lanes of which the last look may not have taken all that is due.
    pub full: HashSet<Lane>,
    /// How many places transactions keep for their jobs.
    pub kept: HashMap<Lane, usize>,
}

impl Running {
    /// How many places a lane has left; `concurrency` is how many the main one has.
    pub fn count_free(&self, lane: Lane, concurrency: usize) -> usize {
        let taken = self.jobs.keys().filter(|job| job.lane() == lane).count();
        count_places(lane, concurrency).saturating_sub(taken + self.count_kept(lane))
    }

    fn count_kept(&self, lane: Lane) -> usize {
        self.kept.get(&lane).copied().unwrap_or_default()
    }
}

fn count_places(lane: Lane, concurrency: usize) -> usize {
    match lane {
        Lane::Main => concurrency,
        Lane::Mails => MAILS_AT_ONCE,
        Lane::Upstreams => UPSTREAM_JOBS_AT_ONCE,
    }
}

impl Places for Runner {
    fn keep(&self, lane: Lane) -> bool {
        let mut running = self.running();
        // A transaction may wait for a lock: half of the places are for what is looked for.
        let keeps = !self.shutdown.is_cancelled()
            && !running.full.contains(&lane)
            && running.count_free(lane, self.concurrency) > 0
            && running.count_kept(lane) < count_places(lane, self.concurrency).div_ceil(2);
        if keeps {
            *running.kept.entry(lane).or_default() += 1;
        }
        keeps
    }

    fn give_back(&self, lane: Lane) {
        let mut running = self.running();
        if let Some(kept) = running.kept.get_mut(&lane) {
            *kept = kept.saturating_sub(1);
        }
        if running.full.contains(&lane) {
            self.look.notify_one();
        }
    }

    fn begin(self: Arc<Self>, taken: TakenJob) {
        self.clone().start(taken);
        self.give_back(taken.job.lane());
    }

    fn lease(&self) -> Duration {
        self.lease.0
    }
}
