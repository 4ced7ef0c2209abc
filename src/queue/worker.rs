//! Runs the jobs: as many at a time as each lane has places, no job twice at once, in any number of processes
//! that share the database.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, interval_at};
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;
use tracing::Instrument as _;

use super::ends::Ends;
use super::places::Running;
use super::{Done, Handler, backoff, clock};
use crate::domain::job::{Job, Lane};
use crate::store::hand_over::Places;
use crate::store::jobs::{self, EndedJob, Lease, TakenJob};
use crate::store::pool::Pool;

/// How often every process looks for due jobs; it is notified of new ones.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// How often a process renews its leases.
const HEARTBEAT: Duration = Duration::from_secs(3);

/// How long a process may be silent until its jobs are given to others: four heartbeats, since
/// people wait for the jobs of an ended process. A running one that loses its jobs after a longer stall
/// only repeats what the outside recognises by its identity.
pub(super) const LEASE: Duration = Duration::from_secs(12);

/// How often [`Job::Sweep`] runs, in all processes together.
const SWEEP_EVERY: Duration = Duration::from_secs(30);

/// How long running jobs may continue after a stop was requested.
const GRACE: Duration = Duration::from_secs(15);

/// How many emails are sent at the same time, besides everything else.
pub(super) const MAILS_AT_ONCE: usize = 2;

/// How many jobs that may call APIs run at the same time, beside everything else. One API has a few of these
/// places ([`crate::issuer::Upstreams::place`]), so that many have to hang before the last is taken.
pub(super) const UPSTREAM_JOBS_AT_ONCE: usize = 12;

/// How long a job may take. None takes nearly as long, but one whose connection leads to a server that vanished without a
/// word would keep its place until the system notices, a quarter of an hour or never.
pub const JOB_LIMIT: Duration = Duration::from_secs(10 * 60);

/// So many times as long for one that may call an API: it may read a list of two hundred pages.
const UPSTREAM_LIMITS: u32 = 6;

/// How long until a retry after the database was unreachable.
const RESTART_AFTER: Duration = Duration::from_secs(1);

/// Everything that running jobs takes.
pub struct Workers {
    /// The app role's connections: one of them listens.
    pub pool: Pool,
    /// What does the jobs.
    pub handler: Arc<dyn Handler>,
    /// How many jobs run at the same time, at least 1; emails and calls of APIs come on top.
    pub concurrency: usize,
    /// How long a job may take until it is dropped, and tried again: [`JOB_LIMIT`].
    pub limit: Duration,
    /// Cancelled to stop: no new job begins, running ones may end.
    pub shutdown: CancellationToken,
    /// True while jobs are being taken; for `/readyz`.
    pub running: watch::Sender<bool>,
}

impl Workers {
    /// Runs jobs until `shutdown` is cancelled and what ran has ended, at most 15 s later. What
    /// did not end in time is dropped, and runs again wherever the next worker is. Survives a
    /// database that is unreachable: tries again each second.
    pub async fn run(self) {
        let lease = Lease(LEASE);
        let runner = Arc::new(Runner {
            pool: self.pool.clone(),
            handler: self.handler.clone(),
            limit: self.limit,
            lease,
            running: Mutex::default(),
            ends: Ends::default(),
            look: Notify::new(),
            concurrency: self.concurrency.max(1),
            tasks: Mutex::default(),
            shutdown: self.shutdown.clone(),
        });
        // Also where this ends by a panic: the tasks hold the runner.
        let _closed = scopeguard::guard(runner.clone(), |runner| runner.close());
        let places: Arc<dyn Places> = runner.clone();
        self.pool.hand_over().open(Arc::downgrade(&places));
        let beside = [
            AbortOnDropHandle::new(tokio::spawn(request_sweeps(self.pool.clone()))),
            AbortOnDropHandle::new(tokio::spawn(clock::watch(self.pool.clone(), lease))),
            AbortOnDropHandle::new(tokio::spawn(runner.clone().keep_lease())),
            AbortOnDropHandle::new(tokio::spawn(runner.clone().write_ends())),
        ];
        while !self.shutdown.is_cancelled() {
            let result = self.take_until_trouble(&runner).await;
            self.running.send_replace(false);
            if let Err(error) = result {
                tracing::warn!(%error, "jobs stand still; trying again");
                let pause = tokio::time::sleep(RESTART_AFTER);
                tokio::select! { () = pause => {}, () = self.shutdown.cancelled() => {} }
            }
        }
        runner.end().await;
        drop(beside);
    }

    async fn take_until_trouble(&self, runner: &Arc<Runner>) -> sqlx::Result<()> {
        let mut listener = jobs::listen(&self.pool).await?;
        let heard = runner.clone();
        // A task of its own, since a look must not be cut off in the middle of a message.
        let mut listening = AbortOnDropHandle::new(tokio::spawn(async move {
            loop {
                match listener.recv().await {
                    Ok(_) => heard.look.notify_one(),
                    Err(error) => return error,
                }
            }
        }));
        // What became due while no process ran does not wait for the next half minute.
        self.pool.run(async |connection| jobs::enqueue(connection, Job::Sweep, None).await).await?;
        self.running.send_replace(true);
        while !self.shutdown.is_cancelled() {
            let look = runner.take();
            // A server that is cut off without a word would keep it for minutes.
            tokio::time::timeout(LEASE, look).await.map_err(|_| sqlx::Error::PoolTimedOut)??;
            tokio::select! {
                ended = &mut listening => {
                    return Err(ended.unwrap_or_else(|_| sqlx::Error::WorkerCrashed));
                }
                () = self.shutdown.cancelled() => {}
                () = runner.look.notified() => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
        Ok(())
    }
}

/// Requests a sweep at each half minute. All processes request the same moment under the same
/// name, so that one sweep runs, however many they are.
async fn request_sweeps(pool: Pool) {
    let mut ticks = interval_at(Instant::now() + SWEEP_EVERY, SWEEP_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let requested =
            pool.run(async |connection| jobs::enqueue_sweep(connection, SWEEP_EVERY).await);
        if let Err(error) = requested.await {
            tracing::warn!(%error, "no sweep could be requested");
        }
    }
}

pub(super) struct Runner {
    pub(super) pool: Pool,
    handler: Arc<dyn Handler>,
    limit: Duration,
    pub(super) lease: Lease,
    running: Mutex<Running>,
    ends: Ends,
    /// Something may be due.
    pub(super) look: Notify,
    pub(super) concurrency: usize,
    tasks: Mutex<JoinSet<()>>,
    pub(super) shutdown: CancellationToken,
}

impl Runner {
    /// Takes what is due, as far as there are places, and begins it.
    async fn take(self: &Arc<Self>) -> sqlx::Result<()> {
        let places = Lane::ALL.map(|lane| {
            let mut running = self.running();
            // Before the look: a job that ends in the meantime must know that its place is needed.
            running.full.insert(lane);
            (lane, running.count_free(lane, self.concurrency))
        });
        let taken =
            self.pool.run(async |connection| self.lease.take(connection, places).await).await?;
        for taken in &taken {
            self.clone().start(*taken);
        }
        // Once they are counted: transactions keep places of a lane that isn't full.
        for (lane, room) in places {
            if taken.iter().filter(|taken| taken.job.lane() == lane).count() < room {
                self.running().full.remove(&lane);
            }
        }
        Ok(())
    }

    fn start(self: Arc<Self>, taken: TakenJob) {
        // Where the lease ran out and came back to this process, the job runs already.
        if self.running().jobs.insert(taken.job, taken).is_none() {
            let mut tasks = self.tasks();
            while tasks.try_join_next().is_some() {}
            tasks.spawn(self.clone().run(taken));
        }
    }

    /// Runs a job and keeps its outcome.
    pub(super) async fn run(self: Arc<Self>, taken: TakenJob) {
        let job = taken.job;
        let again = match self.handle(job).await {
            Ok(Done::Finished) => None,
            Ok(Done::Again(wait)) => Some((0, wait)),
            Err(error) => Some(plan_retry(taken, &error)),
        };
        // Before its end is written, since after that it can be requested, and taken, again.
        let taken = self.running().jobs.remove(&job).unwrap_or(taken);
        self.ends.push(EndedJob { taken, again });
        if self.running().full.contains(&job.lane()) {
            self.look.notify_one();
        }
    }

    /// Writes down how jobs ended, and looks again when one of them is due; for ever.
    async fn write_ends(self: Arc<Self>) {
        loop {
            self.ends.gather().await;
            match self.ends.write(&self.pool).await {
                Ok(waits) => waits.into_iter().for_each(|wait| self.look_in(wait)),
                Err(error) => {
                    tracing::warn!(%error, "how jobs ended could not be written; trying again");
                    tokio::time::sleep(RESTART_AFTER).await;
                }
            }
        }
    }

    fn look_in(self: &Arc<Self>, wait: Duration) {
        if wait.is_zero() {
            self.look.notify_one();
        } else if wait < LOOK_EVERY {
            let runner = self.clone();
            tokio::spawn(async move {
                tokio::time::sleep(wait).await;
                runner.look.notify_one();
            });
        }
    }

    async fn handle(&self, job: Job) -> anyhow::Result<Done> {
        let handler = self.handler.clone();
        let outcome = tracing::field::Empty;
        let span = tracing::info_span!("job", kind = job.kind(), id = job.id(), outcome);
        let work = async move { handler.handle(job).await };
        let task = AbortOnDropHandle::new(tokio::spawn(work.instrument(span.clone())));
        let limit = match job.lane() {
            Lane::Main | Lane::Mails => self.limit,
            Lane::Upstreams => self.limit * UPSTREAM_LIMITS,
        };
        let (result, outcome) = match tokio::time::timeout(limit, task).await {
            Ok(Ok(Ok(done @ Done::Finished))) => (Ok(done), "finished"),
            Ok(Ok(Ok(done @ Done::Again(_)))) => (Ok(done), "again"),
            Ok(Ok(Err(error))) => (Err(error), "failed"),
            Ok(Err(_)) => (Err(anyhow::anyhow!("the job panicked")), "panicked"),
            Err(_) => (Err(anyhow::anyhow!("not done within {limit:?}")), "failed"),
        };
        span.record("outcome", outcome);
        metrics::counter!("countersign_jobs_total", "kind" => job.kind(), "outcome" => outcome)
            .increment(1);
        tracing::debug!(kind = job.kind(), id = job.id(), outcome, "a job ended");
        result
    }

    /// Renews the lease of what runs here, for ever.
    async fn keep_lease(self: Arc<Self>) {
        let mut ticks = interval_at(Instant::now() + HEARTBEAT, HEARTBEAT);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let jobs = self.list_running();
            if jobs.is_empty() {
                continue;
            }
            let renewed = tokio::time::timeout(
                HEARTBEAT,
                self.pool.run(async |connection| self.lease.renew(connection, &jobs).await),
            )
            .await;
            if let Err(error) = renewed.unwrap_or(Err(sqlx::Error::PoolTimedOut)) {
                tracing::warn!(%error, "what runs here could not be kept from other processes");
            }
        }
    }

    /// Waits for what runs, and leaves to others what does not end in time.
    async fn end(&self) {
        // What a transaction is about to hand over as well.
        let all = async {
            while !self.is_idle() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let ended = tokio::time::timeout(GRACE, all).await;
        self.close();
        if ended.is_err() {
            let mut tasks = std::mem::take(&mut *self.tasks());
            tasks.shutdown().await;
        }
        self.ends.write_last(&self.pool).await;
        let left = self.list_running();
        if left.is_empty() {
            return;
        }
        if let Err(error) =
            self.pool.run(async |connection| self.lease.release(connection, &left).await).await
        {
            tracing::warn!(%error, jobs = left.len(), "what did not end waits for its lease");
        }
    }

    /// Begins nothing any longer, and ends what runs.
    fn close(&self) {
        let mut tasks = self.tasks();
        self.running().is_closed = true;
        tasks.abort_all();
    }

    pub(super) fn tasks(&self) -> MutexGuard<'_, JoinSet<()>> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether nothing runs, and nothing is about to.
    fn is_idle(&self) -> bool {
        let mut tasks = self.tasks();
        while tasks.try_join_next().is_some() {}
        let running = self.running();
        tasks.is_empty() && running.jobs.is_empty() && running.kept.values().all(|kept| *kept == 0)
    }

    fn list_running(&self) -> Vec<TakenJob> {
        self.running().jobs.values().copied().collect()
    }

    pub(super) fn running(&self) -> MutexGuard<'_, Running> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How often a job has failed now, and how long it waits.
fn plan_retry(taken: TakenJob, error: &anyhow::Error) -> (u32, Duration) {
    let failures = taken.failures.saturating_add(1);
    let wait = backoff(failures);
    tracing::warn!(
        kind = taken.job.kind(),
        id = taken.job.id(),
        failures,
        again_in = ?wait,
        error = format!("{error:#}"),
        "a job failed"
    );
    (failures, wait)
}
