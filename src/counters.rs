//! What is counted and measured, for `/metrics`. No label holds an id or a name, so that the number
//! of series is fixed by the code.
//!
//! | metric | labels |
//! |---|---|
//! | `countersign_interactions_total` | `kind`, `outcome` |
//! | `countersign_acknowledgement_seconds` | `kind` |
//! | `countersign_jobs_total` | `kind`, `outcome` |
//! | `countersign_mails_total` | `outcome` |
//! | `countersign_verifications_total` | `endpoint`, `outcome` |
//! | `countersign_token_reads_total` | `source` |
//! | `countersign_feed_alive` | – |
//! | `countersign_closed_connections_total` | `listener`, `reason` |
//! | `countersign_part_ready` | `part` |
//! | `countersign_oldest_due_job_seconds` | – |
//! | `countersign_failing_jobs` | – |

use std::sync::LazyLock;
use std::time::Duration;

use anyhow::Context as _;
use metrics::Counter;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

/// In seconds: 50 ms is what we want, 3 s is what Discord allows.
const ACKNOWLEDGEMENT_BUCKETS: [f64; 10] =
    [0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 3.0];

/// How often measurements are collected, so that they don't pile up if nothing scrapes them.
const UPKEEP: Duration = Duration::from_secs(10);

/// Counts an interaction. Both are words of the code's: `approve`, `done`.
pub fn count_interaction(kind: &'static str, outcome: &'static str) {
    metrics::counter!("countersign_interactions_total", "kind" => kind, "outcome" => outcome)
        .increment(1);
}

/// Measures the time from an interaction's arrival to its first answer's acceptance.
pub fn measure_acknowledgement(kind: &'static str, latency: Duration) {
    metrics::histogram!("countersign_acknowledgement_seconds", "kind" => kind)
        .record(latency.as_secs_f64());
}

/// The two that are counted for nearly every request to `/v1/authorize`, found once.
static GRANTED: LazyLock<Counter> = LazyLock::new(|| verification("authorize", "granted"));
static READ_FROM_CACHE: LazyLock<Counter> = LazyLock::new(|| token_read("cache"));

fn verification(endpoint: &'static str, outcome: &'static str) -> Counter {
    metrics::counter!("countersign_verifications_total", "endpoint" => endpoint, "outcome" => outcome)
}

fn token_read(source: &'static str) -> Counter {
    metrics::counter!("countersign_token_reads_total", "source" => source)
}

/// Counts a decision of `/v1/…`.
pub fn count_verification(endpoint: &'static str, outcome: &'static str) {
    match (endpoint, outcome) {
        ("authorize", "granted") => GRANTED.increment(1),
        _ => verification(endpoint, outcome).increment(1),
    }
}

/// Counts that a presented secret was looked up, in the `cache` or in the `database`.
pub fn count_token_read(source: &'static str) {
    match source {
        "cache" => READ_FROM_CACHE.increment(1),
        _ => token_read(source).increment(1),
    }
}

/// Records whether changes of tokens are received; while they aren't, each request asks the database.
pub fn feed_is_alive(alive: bool) {
    metrics::gauge!("countersign_feed_alive").set(f64::from(u8::from(alive)));
}

/// Counts connections that a listener closed by itself, by `reason`: `timeout`, `evicted` to make room
/// for others, `refused` since there was no room.
pub fn count_closed_connections(listener: &'static str, reason: &'static str, count: usize) {
    let name = "countersign_closed_connections_total";
    metrics::counter!(name, "listener" => listener, "reason" => reason).increment(count as u64);
}

/// Records whether a part of `/readyz` is ready.
pub fn part_is_ready(part: &'static str, ready: bool) {
    metrics::gauge!("countersign_part_ready", "part" => part).set(f64::from(u8::from(ready)));
}

/// Records what is not done yet: how long the oldest due job has waited, in seconds, and how many fail again and again.
pub fn measure_backlog(oldest_wait: f64, failing: i64) {
    metrics::gauge!("countersign_oldest_due_job_seconds").set(oldest_wait);
    // There are never so many that a float could not count them.
    #[expect(clippy::cast_precision_loss)]
    metrics::gauge!("countersign_failing_jobs").set(failing as f64);
}

/// Begins to count, for the whole process; once.
pub fn install() -> anyhow::Result<PrometheusHandle> {
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(
            Matcher::Full("countersign_acknowledgement_seconds".to_owned()),
            &ACKNOWLEDGEMENT_BUCKETS,
        )
        .context("the histogram's buckets are wrong")?
        .install_recorder()
        .context("metrics are counted already")?;
    metrics::describe_counter!("countersign_interactions_total", "Interactions that arrived.");
    metrics::describe_histogram!(
        "countersign_acknowledgement_seconds",
        metrics::Unit::Seconds,
        "From an interaction's arrival to the acceptance of its first answer."
    );
    metrics::describe_counter!("countersign_jobs_total", "Background jobs that were run.");
    metrics::describe_counter!("countersign_mails_total", "E-mails handed to the mail server.");
    metrics::describe_counter!(
        "countersign_verifications_total",
        "Requests to authorize and to introspect that were decided."
    );
    metrics::describe_counter!(
        "countersign_token_reads_total",
        "Presented secrets that were looked up, by where."
    );
    metrics::describe_gauge!(
        "countersign_feed_alive",
        "Whether changes of tokens are heard of: 1 or 0."
    );
    metrics::describe_counter!(
        "countersign_closed_connections_total",
        "Connections that a listener closed: too slow, to make room, or refused."
    );
    metrics::describe_gauge!("countersign_part_ready", "The parts of /readyz: 1 or 0.");
    metrics::describe_gauge!(
        "countersign_oldest_due_job_seconds",
        metrics::Unit::Seconds,
        "How long the oldest due job has waited."
    );
    metrics::describe_gauge!(
        "countersign_failing_jobs",
        "Jobs that failed several times in a row."
    );
    Ok(handle)
}

/// Gathers in what was measured, for ever.
pub async fn keep_up(handle: PrometheusHandle) {
    let mut ticks = tokio::time::interval(UPKEEP);
    loop {
        ticks.tick().await;
        handle.run_upkeep();
    }
}
