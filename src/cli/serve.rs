//! `countersign serve`: builds the services, runs them, and stops them in order.

mod commands;
mod descriptors;
mod handlers;
mod outside;
mod turn;
mod verification;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::{rules, sealed};
use crate::config::{Config, Ingress};
use crate::counters;
use crate::discord::endpoint;
use crate::discord::gateway::{Gateway, Handler, Status, Timing};
use crate::discord::rest::Rest;
use crate::emails::Mailer;
use crate::keyring::Keyring;
use crate::memory;
use crate::queue::{JOB_LIMIT, Workers};
use crate::store::pool::{LockTimeout, Pool};
use crate::web::health::{DatabaseHealth, Health, IngressHealth, MailHealth, ToldTo};
use crate::web::{self, connections, metrics};

use descriptors::ListenerLimits;

/// How many jobs run at the same time, besides emails and calls of APIs. With more of them, presses wait longer where the
/// processors are busy; and all jobs together must leave presses some connections to the database (`store/pool.rs`).
const JOBS_AT_ONCE: usize = 4;

/// How long a stop waits for running work.
const STOP_LIMIT: Duration = Duration::from_secs(20);

/// What handlers need. Cheap to clone.
#[derive(Clone)]
pub struct Parts {
    /// The configuration.
    pub config: Arc<Config>,
    /// The database, as the application's role.
    pub pool: Pool,
    /// Seals and opens secrets.
    pub keyring: Arc<Keyring>,
    /// Discord's REST API.
    pub rest: Arc<Rest>,
    /// Sends e-mails.
    pub mailer: Arc<Mailer>,
}

/// Runs the bot until a signal, or until Discord closes the gateway for good.
pub async fn run(config: Config) -> anyhow::Result<ExitCode> {
    // Before anything else, so that no signal is missed.
    let mut signals = Signals::listen()?;
    let parts = tokio::select! {
        parts = assemble(config) => parts?,
        () = signals.next() => return Ok(ExitCode::SUCCESS),
    };
    let (http, config) = (parts.config.http.listen, parts.config.file.display().to_string());
    let verify = parts.config.verify.as_ref().map(|verify| verify.listen.to_string());
    let running = RunningServices::start(parts).await?;
    tracing::info!(version = env!("CARGO_PKG_VERSION"), %http, verify, config, "started");
    let failure = tokio::select! {
        () = signals.next() => None,
        failure = running.failed() => Some(failure),
    };
    tracing::info!("stopping: nothing new is taken, what runs is finished");
    tokio::select! {
        () = running.stop() => {}
        () = signals.next() => anyhow::bail!("stopped at once, at the second signal"),
    }
    match failure {
        Some(failure) => Err(failure),
        None => {
            tracing::info!("stopped");
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Loads and connects everything; no work is accepted yet.
async fn assemble(config: Config) -> anyhow::Result<Parts> {
    let keyring = Keyring::load(&config.keys.file).context("[keys] file is not usable")?;
    if let Some(warning) = keyring.warning() {
        tracing::warn!("{warning}");
    }
    for found in config.unencrypted() {
        let (key, what) = (found.key, found.what);
        tracing::warn!(%key, cure = found.cure, "leads to another machine unencrypted: {what}");
    }
    if let Some(proxies) = config.network.proxies().describe() {
        tracing::info!("{proxies}");
    }
    let mailer = Mailer::new(&config.mail, &config.network, config.discord.application_id)?;
    let rest = super::build_rest(&config)?;
    let pool = super::connect_database(&config, LockTimeout::Endless).await?;
    rules::check_as_shipped(&config, &pool).await?;
    rules::log_settings(&config, &pool).await?;
    sealed::log_missing_keys(&keyring, &pool).await?;
    let parts = Parts {
        config: Arc::new(config),
        pool,
        keyring: Arc::new(keyring),
        rest: Arc::new(rest),
        mailer: Arc::new(mailer),
    };
    outside::compare(&parts).await?;
    Ok(parts)
}

/// The services that run.
struct RunningServices {
    /// Cancelled to accept no more work.
    stop: CancellationToken,
    /// Interactions that are being handled.
    interactions: TaskTracker,
    /// Listener, workers and gateway.
    services: TaskTracker,
    /// Receives the first service that ended without being stopped.
    failure: watch::Receiver<Option<Arc<anyhow::Error>>>,
    upkeep: JoinHandle<()>,
    pool: Pool,
}

impl RunningServices {
    async fn start(parts: Parts) -> anyhow::Result<Self> {
        let limits = ListenerLimits::of_this_process(&parts.config);
        let listen = parts.config.http.listen;
        let listener = connections::listen(listen).with_context(|| {
            format!("[http] listen: can't listen on {listen} (end what listens there, or set another port)")
        })?;
        let verification = verification::bind(&parts, limits.verify)?;
        let recorder = counters::install()?;
        let stop = CancellationToken::new();
        let (services, interactions) = (TaskTracker::new(), TaskTracker::new());
        let (failed, failure) = watch::channel(None);
        let (workers_running, workers_status) = watch::channel(false);
        let told = handlers::HealthCell::default();
        let (ingress, health, routes) = ingress(&parts, &interactions, told.clone())?;

        let database = DatabaseHealth::new(&parts.config.database.url, &parts.config.network)?;
        let mailer = parts.mailer.clone();
        let mail: MailHealth = Arc::new(move |to| match to {
            ToldTo::Operators => mailer.describe_trouble(),
            ToldTo::Admins => mailer.describe_cures(),
        });
        let health = Health { database, ingress: health, workers: workers_status, mail };
        told.get_or_init(|| health.clone());
        let routes = routes
            .merge(metrics::routes(recorder.clone(), health.clone()))
            .merge(web::health::routes(health));
        let workers = Workers {
            pool: parts.pool.clone(),
            handler: handlers::jobs(&parts)?,
            concurrency: JOBS_AT_ONCE,
            limit: JOB_LIMIT,
            shutdown: stop.clone(),
            running: workers_running,
        };
        handlers::retry_what_waits(&parts).await;
        let supervise = Supervisor { services: &services, stop: &stop, failed: &failed };
        let http = web::serve(listener, limits.http, routes, stop.clone());
        supervise.spawn("the HTTP listener", async {
            http.await;
            Ok(())
        });
        supervise.spawn("the jobs", async {
            workers.run().await;
            Ok(())
        });
        if let Some(verification) = verification {
            let runs = verification.run(stop.clone());
            supervise.spawn("the verification of tokens", async {
                runs.await;
                Ok(())
            });
        }
        let (rest, guild, stopped) =
            (parts.rest.clone(), parts.config.discord.guild_id, stop.clone());
        supervise.spawn("the look-up of commands", async move {
            commands::find_until_stopped(&rest, guild, &stopped).await;
            Ok(())
        });
        let (config, pool, watched) = (parts.config.clone(), parts.pool.clone(), stop.clone());
        supervise.spawn("the watch over the database's rules", async move {
            rules::watch(&config, &pool, &watched).await
        });
        if let Some(gateway) = ingress {
            let (config, pool) = (parts.config.clone(), parts.pool.clone());
            let stop = stop.clone();
            supervise
                .spawn("the gateway", async { Ok(turn::run(gateway, config, pool, stop).await?) });
        }
        services.close();
        let upkeep = tokio::spawn(async {
            tokio::join!(counters::keep_up(recorder), memory::is_given_back());
        });
        Ok(Self { stop, interactions, services, failure, upkeep, pool: parts.pool })
    }

    /// The first service that ended without being stopped.
    async fn failed(&self) -> anyhow::Error {
        let mut failure = self.failure.clone();
        match failure.wait_for(Option::is_some).await.map(|found| found.clone()) {
            Ok(Some(error)) => anyhow::anyhow!("{error:#}"),
            // All services ended in order, which only happens after `stop`.
            _ => std::future::pending().await,
        }
    }

    /// Accepts nothing new, waits for running work, and closes the database's connections.
    async fn stop(self) {
        self.stop.cancel();
        self.interactions.close();
        let finished = async {
            self.services.wait().await;
            self.interactions.wait().await;
        };
        if tokio::time::timeout(STOP_LIMIT, finished).await.is_err() {
            // Unfinished work is in the database, and continues after the next start.
            tracing::warn!("something still ran after {} s", STOP_LIMIT.as_secs());
        }
        self.upkeep.abort();
        let closed = tokio::time::timeout(Duration::from_secs(1), self.pool.close()).await;
        if closed.is_err() {
            tracing::warn!("connections to the database were still in use");
        }
    }
}

/// Spawns services and reports the first that ends too early.
struct Supervisor<'a> {
    services: &'a TaskTracker,
    stop: &'a CancellationToken,
    failed: &'a watch::Sender<Option<Arc<anyhow::Error>>>,
}

impl Supervisor<'_> {
    fn spawn(
        &self,
        name: &'static str,
        service: impl Future<Output = anyhow::Result<()>> + Send + 'static,
    ) {
        let (stop, failed) = (self.stop.clone(), self.failed.clone());
        // In a task of its own, so that a panic is noticed as an end.
        let service = tokio::spawn(service);
        self.services.spawn(async move {
            let error = match service.await {
                Ok(Ok(())) if stop.is_cancelled() => return,
                Ok(Ok(())) => anyhow::anyhow!("{name} ended"),
                Ok(Err(error)) => error.context(format!("{name} failed")),
                Err(_) => anyhow::anyhow!("{name} failed: see the log"),
            };
            failed.send_if_modified(|failure| {
                let first = failure.is_none();
                failure.get_or_insert(Arc::new(error));
                first
            });
        });
    }
}

/// The configured ingress: the gateway, or a route for signed POSTs.
fn ingress(
    parts: &Parts,
    tasks: &TaskTracker,
    health: handlers::HealthCell,
) -> anyhow::Result<(Option<Gateway>, IngressHealth, Router)> {
    let handler: Handler = handlers::interactions(parts, health);
    match parts.config.discord.ingress {
        Ingress::Gateway => {
            let (status, health) = watch::channel(Status::default());
            let gateway = Gateway {
                token: parts.config.discord.token.clone(),
                rest: parts.rest.clone(),
                network: parts.config.network.clone(),
                handler,
                tasks: tasks.clone(),
                status,
                timing: Timing::default(),
            };
            Ok((Some(gateway), IngressHealth::Gateway(health), Router::new()))
        }
        Ingress::Http { public_key } => {
            let route = endpoint::router(public_key, handler, tasks.clone())
                .context("[discord] public_key is no key")?;
            Ok((None, IngressHealth::Signatures, route))
        }
    }
}

/// SIGTERM and SIGINT.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn listen() -> anyhow::Result<Self> {
        let listen = |kind| signal(kind).context("signals can't be listened for");
        Ok(Self {
            terminate: listen(SignalKind::terminate())?,
            interrupt: listen(SignalKind::interrupt())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! { _ = self.terminate.recv() => {}, _ = self.interrupt.recv() => {} }
    }
}
