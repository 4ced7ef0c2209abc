//! Places for jobs: what runs here, and what transactions of this process are about to begin here.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;

use super::worker::{MAILS_AT_ONCE, Runner, UPSTREAM_JOBS_AT_ONCE};
use crate::domain::job::{Job, Lane};
use crate::store::hand_over::Places;
use crate::store::jobs::TakenJob;

/// How long a job waits for the answer to the press that requested it: others may wait for what comes of it.
const ANSWERED_WITHIN: Duration = Duration::from_secs(1);

/// How long a commit may take that was sent, and whose outcome nobody will hear.
const COMMITTED_WITHIN: Duration = Duration::from_secs(1);

/// What runs here.
#[derive(Default)]
pub(super) struct Running {
    /// By job; a job whose lease ran out may have been taken again while it runs here.
    pub jobs: HashMap<Job, TakenJob>,
    /// Lanes of which the last look may not have taken all that is due.
    pub full: HashSet<Lane>,
    /// How many places transactions keep for their jobs.
    pub kept: HashMap<Lane, usize>,
    /// Nothing begins any longer.
    pub is_closed: bool,
}

impl Running {
    /// How many places a lane has left; `concurrency` is how many the main one has.
    pub fn count_free(&self, lane: Lane, concurrency: usize) -> usize {
        let taken = self.jobs.keys().filter(|job| job.lane() == lane).count();
        count_places(lane, concurrency).saturating_sub(taken + self.count_kept(lane))
    }

    fn let_go(&mut self, lane: Lane) {
        if let Some(kept) = self.kept.get_mut(&lane) {
            *kept = kept.saturating_sub(1);
        }
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
            && !running.is_closed
            && !running.full.contains(&lane)
            && running.count_free(lane, self.concurrency) > 0
            && running.count_kept(lane) < count_places(lane, self.concurrency) / 2;
        if keeps {
            *running.kept.entry(lane).or_default() += 1;
        }
        keeps
    }

    fn give_back(&self, lane: Lane) {
        let mut running = self.running();
        running.let_go(lane);
        if running.full.contains(&lane) {
            self.look.notify_one();
        }
    }

    fn begin(self: Arc<Self>, taken: TakenJob, answered: Option<CancellationToken>) {
        let runner = self.clone();
        let work = async move {
            if let Some(answered) = answered {
                let _ = tokio::time::timeout(ANSWERED_WITHIN, answered.cancelled()).await;
            }
            runner.run(taken).await;
        };
        // Both at once: a stop must not see a place that is free and no task.
        let mut tasks = self.tasks();
        let mut running = self.running();
        running.let_go(taken.job.lane());
        // What can't begin is taken again when its lease is over.
        if running.is_closed || running.jobs.contains_key(&taken.job) {
            self.look.notify_one();
            return;
        }
        running.jobs.insert(taken.job, taken);
        drop(running);
        while tasks.try_join_next().is_some() {}
        tasks.spawn(work);
    }

    fn leave(self: Arc<Self>, taken: Vec<TakenJob>) {
        // A runtime that ends runs nothing more: they are taken again when their lease is over.
        let Ok(runtime) = Handle::try_current() else { return };
        runtime.spawn(async move {
            tokio::time::sleep(COMMITTED_WITHIN).await;
            let release = async |connection: &mut _| self.lease.release(connection, &taken).await;
            if let Err(error) = self.pool.run(release).await {
                tracing::debug!(%error, "what may have been taken waits for its lease");
            }
            self.look.notify_one();
        });
    }

    fn lease(&self) -> Duration {
        self.lease.0
    }
}
