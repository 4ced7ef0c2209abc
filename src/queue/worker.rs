//! Runs the jobs: as many at a time as asked for, each kind and id never twice at once, in any
//! number of processes that share the database.

use std::collections::HashSet;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context as _;
use graphile_worker::{
    IntoTaskHandlerResult, TaskHandler, WorkerContext, WorkerOptions, WorkerRecoveryConfig,
};
use serde::{Deserialize, Serialize};
use sqlx::PgPool;
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;
use tracing::Instrument as _;

use super::{Done, Handler, backoff, clock};
use crate::domain::job::Job;
use crate::store::jobs::{self, ClaimedJob, Payload, SCHEMA};

/// How often idle workers look for jobs whose time has come; new ones are notified at once.
const POLL_INTERVAL: Duration = Duration::from_secs(1);

/// How often a process says that it lives.
const HEARTBEAT: Duration = Duration::from_secs(3);

/// How long a process may be silent until its jobs are given to others: four heartbeats, since
/// people wait for what a dead process left. A living one that loses its jobs after a longer stall
/// only repeats what the outside recognises by its identity.
const LEASE: Duration = Duration::from_secs(12);

/// How often every process looks for others that fell silent.
const LEASE_CHECK: Duration = Duration::from_secs(3);

/// How often [`Job::Sweep`] runs, in all processes together.
const SWEEP_EVERY: Duration = Duration::from_secs(30);

/// How long running jobs may go on after a stop was asked for.
const GRACE: Duration = Duration::from_secs(15);

/// How many mails are being sent at the same time, beside everything else.
const MAILS_AT_ONCE: usize = 2;

/// How many jobs that may call APIs run at the same time, beside everything else. One API has a few of these
/// places ([`crate::issuer::Upstreams::place`]), so that many have to hang before the last is taken.
const UPSTREAM_JOBS_AT_ONCE: usize = 12;

/// How long until we try again when the database went away.
const RESTART_AFTER: Duration = Duration::from_secs(1);

/// A job that was asked for while it ran waits so long, unless it is woken up sooner.
const WAIT_FOR_SIBLING: Duration = Duration::from_secs(1);

/// Everything that running jobs takes.
pub struct Workers {
    /// The app role's connections: up to `concurrency` of them are used for the queue's own
    /// bookkeeping, one more listens; for mails three more, and for calls of APIs a few.
    pub pool: PgPool,
    /// What does the jobs.
    pub handler: Arc<dyn Handler>,
    /// How many jobs run at the same time, at least 1; mails are sent, and APIs called, beside them.
    pub concurrency: usize,
    /// Cancelled to stop: no new job begins, running ones may end.
    pub shutdown: CancellationToken,
    /// True while jobs are being taken; for `/readyz`.
    pub running: watch::Sender<bool>,
}

impl Workers {
    /// Runs jobs until `shutdown` is cancelled and what ran has ended, at most 15 s later. What
    /// did not end in time is dropped, and runs again wherever the next worker is. Survives a
    /// database that goes away: tries again each second.
    pub async fn run(self) {
        let runner = Arc::new(Runner {
            pool: self.pool.clone(),
            handler: self.handler.clone(),
            waiting: Mutex::default(),
        });
        let beside = [
            AbortOnDropHandle::new(tokio::spawn(ask_for_sweeps(self.pool.clone()))),
            AbortOnDropHandle::new(tokio::spawn(clock::watch(self.pool.clone()))),
        ];
        tokio::join!(
            self.keep_at(Lane::Main, &runner),
            self.keep_at(Lane::Mails, &runner),
            self.keep_at(Lane::Upstreams, &runner)
        );
        drop(beside);
    }

    async fn keep_at(&self, lane: Lane, runner: &Arc<Runner>) {
        while !self.shutdown.is_cancelled() {
            let result = self.run_until_trouble(lane, runner).await;
            if lane == Lane::Main {
                self.running.send_replace(false);
            }
            if let Err(error) = result {
                // The library repeats each error in those around it.
                tracing::warn!(error = %error.root_cause(), "jobs stand still; trying again");
                let pause = tokio::time::sleep(RESTART_AFTER);
                tokio::select! { () = pause => {}, () = self.shutdown.cancelled() => {} }
            }
        }
    }

    async fn run_until_trouble(&self, lane: Lane, runner: &Arc<Runner>) -> anyhow::Result<()> {
        anyhow::ensure!(
            jobs::is_migrated(&self.pool).await.context("the jobs' tables could not be read")?,
            "the jobs' tables are not up to date: run `countersign migrate`"
        );
        let recovery = WorkerRecoveryConfig::default()
            .enabled(true)
            .heartbeat_interval(HEARTBEAT)
            .sweep_interval(LEASE_CHECK)
            .sweep_threshold(LEASE)
            .recovery_delay(Duration::ZERO);
        let places = match lane {
            Lane::Main => self.concurrency.max(1),
            Lane::Mails => MAILS_AT_ONCE,
            Lane::Upstreams => UPSTREAM_JOBS_AT_ONCE,
        };
        let options = WorkerOptions::default()
            .pg_pool(self.pool.clone())
            .schema(SCHEMA)
            .concurrency(places)
            .poll_interval(POLL_INTERVAL)
            .worker_recovery(recovery)
            .listen_os_shutdown_signals(false)
            .shutdown_signal(self.shutdown.clone().cancelled_owned())
            .shutdown_grace_period(GRACE)
            .shutdown_interrupted_job_retry_delay(Duration::ZERO)
            .add_extension(SharedRunner(runner.clone()));
        let options = match lane {
            Lane::Main => options.define_job::<Task>(),
            Lane::Mails => options.define_job::<MailTask>(),
            Lane::Upstreams => options.define_job::<UpstreamTask>(),
        };
        let worker = options.init().await.context("the jobs' worker did not start")?;
        if lane != Lane::Main {
            return worker.run().await.context("the worker of mails, or of calls, stopped");
        }
        // What was due while nobody ran does not wait for the next half minute.
        let mut connection = self.pool.acquire().await?;
        jobs::enqueue(&mut connection, Job::Sweep, None).await?;
        drop(connection);
        self.running.send_replace(true);
        worker.run().await.context("the jobs' worker stopped")
    }
}

/// Who runs a job: mails wait for each other only, and so do calls of APIs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lane {
    Main,
    Mails,
    Upstreams,
}

/// Asks for a sweep at each half minute. All processes ask for the same moment under the same
/// name, so that one sweep runs, however many they are.
async fn ask_for_sweeps(pool: PgPool) {
    let mut ticks = tokio::time::interval_at(Instant::now() + SWEEP_EVERY, SWEEP_EVERY);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let result = async {
            let mut connection = pool.acquire().await?;
            jobs::enqueue_sweep(&mut connection, SWEEP_EVERY).await
        };
        if let Err(error) = result.await {
            tracing::warn!(%error, "no sweep could be asked for");
        }
    }
}

/// A task of the library's that neither sends a mail nor calls an API.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
struct Task(Payload);

impl TaskHandler for Task {
    const IDENTIFIER: &'static str = jobs::TASK;

    async fn run(self, context: WorkerContext) -> impl IntoTaskHandlerResult {
        take_up(self.0, &context).await
    }
}

/// A mail.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
struct MailTask(Payload);

impl TaskHandler for MailTask {
    const IDENTIFIER: &'static str = jobs::MAIL_TASK;

    async fn run(self, context: WorkerContext) -> impl IntoTaskHandlerResult {
        take_up(self.0, &context).await
    }
}

/// What may call somebody's API.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
struct UpstreamTask(Payload);

impl TaskHandler for UpstreamTask {
    const IDENTIFIER: &'static str = jobs::UPSTREAM_TASK;

    async fn run(self, context: WorkerContext) -> impl IntoTaskHandlerResult {
        take_up(self.0, &context).await
    }
}

async fn take_up(payload: Payload, context: &WorkerContext) -> Result<(), String> {
    let Some(SharedRunner(runner)) = context.extensions().get::<SharedRunner>() else {
        return Err("the worker was set up without a handler".to_owned());
    };
    let claim = ClaimedJob { payload, row: *context.job().id() };
    let done = runner.run(claim).await;
    if let Err(error) = jobs::call_for_the_next(&runner.pool).await {
        tracing::debug!(%error, "what is due waits for the next poll");
    }
    // Text only, and the database's own: the library stores it beside the job.
    done.map_err(|error| format!("{error:#}"))
}

#[derive(Clone)]
struct SharedRunner(Arc<Runner>);

impl fmt::Debug for SharedRunner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedRunner")
    }
}

fn failures_of(claim: &ClaimedJob) -> u32 {
    claim.payload.failures.unwrap_or(0)
}

struct Runner {
    pool: PgPool,
    handler: Arc<dyn Handler>,
    /// Jobs that wait for the end of the same job, so that it can wake them up.
    waiting: Mutex<HashSet<Job>>,
}

impl Runner {
    /// Runs a job and decides what becomes of it. An error means that the database did not let us
    /// write that down; then the library tries.
    async fn run(&self, claim: ClaimedJob) -> sqlx::Result<()> {
        let job = claim.payload.job;
        self.waiting().insert(job);
        if jobs::has_running_sibling(&self.pool, &claim).await? {
            return jobs::put_back(&self.pool, &claim, failures_of(&claim), WAIT_FOR_SIBLING).await;
        }
        self.waiting().remove(&job);

        let outcome = self.handle(job).await;
        if job == Job::Sweep {
            jobs::remove_leftovers(&self.pool).await?;
        }
        match outcome {
            Ok(Done::Finished) if self.waiting().remove(&job) => {
                jobs::wake(&self.pool, &claim).await
            }
            Ok(Done::Finished) => Ok(()),
            Ok(Done::Again(after)) => jobs::put_back(&self.pool, &claim, 0, after).await,
            Err(error) => {
                let failures = failures_of(&claim).saturating_add(1);
                let wait = backoff(failures);
                tracing::warn!(
                    kind = job.kind(),
                    id = job.id(),
                    failures,
                    again_in = ?wait,
                    error = format!("{error:#}"),
                    "a job failed"
                );
                jobs::put_back(&self.pool, &claim, failures, wait).await
            }
        }
    }

    async fn handle(&self, job: Job) -> anyhow::Result<Done> {
        let handler = self.handler.clone();
        let span = tracing::info_span!("job", kind = job.kind(), id = job.id());
        let task = tokio::spawn(async move { handler.handle(job).await }.instrument(span));
        let result = AbortOnDropHandle::new(task).await;
        let (result, outcome) = match result {
            Ok(Ok(done @ Done::Finished)) => (Ok(done), "finished"),
            Ok(Ok(done @ Done::Again(_))) => (Ok(done), "again"),
            Ok(Err(error)) => (Err(error), "failed"),
            Err(_) => (Err(anyhow::anyhow!("the job panicked")), "panicked"),
        };
        metrics::counter!("countersign_jobs_total", "kind" => job.kind(), "outcome" => outcome)
            .increment(1);
        result
    }

    fn waiting(&self) -> std::sync::MutexGuard<'_, HashSet<Job>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
