//! The job queue in Postgres: rows in the tables of `graphile_worker`.
//!
//! These queries are checked at run time, not at compile time, because the schema belongs to the library.

use std::time::Duration;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::{AssertSqlSafe, PgConnection, PgPool};

use crate::domain::job::Job;

/// The library's schema in the database.
pub const SCHEMA: &str = "graphile_worker";

/// The newest migration in the version of the library that we build against.
const NEWEST_MIGRATION: i32 = 22;

/// The library's name for every task except those below. The payload says what the task is about.
pub const TASK: &str = "countersign";
/// The library's name for mails, which have their own workers.
pub const MAIL_TASK: &str = "countersign_mail";
/// The library's name for what may call somebody's API, which has workers of its own.
pub const UPSTREAM_TASK: &str = "countersign_upstream";

/// How often a job may start. The library retries only jobs that it could not hand to us (a payload of a
/// newer version of this program): those wait e^attempts seconds, at most 6 hours. Failed jobs are put back
/// by us, see `queue`.
const MAX_ATTEMPTS: i32 = 25;

/// The payload that the library stores for us.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Payload {
    #[serde(flatten)]
    /// The job.
    pub job: Job,
    /// How often it failed since it was last requested; set when the job is put back for later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failures: Option<u32>,
}

/// Requests a job for a time (`None`: now), in the caller's transaction: it is rolled back with the
/// transaction, and visible when it commits.
///
/// If the job is requested again before it starts, it runs once, at the time of the last request. If it is
/// requested while it runs, it runs once more afterwards. The transaction locks the job's name until it
/// ends. To avoid deadlocks, code that enqueues several jobs first locks their subject (the request's row).
pub async fn enqueue(
    connection: &mut PgConnection,
    job: Job,
    at: Option<DateTime<Utc>>,
) -> sqlx::Result<()> {
    let when = at.map_or(StartTime::Now, StartTime::At);
    add(connection, &Payload { job, failures: None }, when).await
}

/// Requests a job that is due and may have been lost. It does not change a job that runs, or one that was
/// put back after a failure or to wait: such a job is not lost, and must not run earlier.
pub async fn enqueue_due(connection: &mut PgConnection, job: Job) -> sqlx::Result<()> {
    let is_there: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM graphile_worker._private_jobs WHERE key = $1 \
         AND (locked_at IS NOT NULL OR (is_available \
         AND (run_at <= now() OR payload::text LIKE '%\"failures\"%'))))",
    )
    .bind(job.key())
    .fetch_one(&mut *connection)
    .await?;
    if is_there { Ok(()) } else { enqueue(connection, job, None).await }
}

/// When a job starts, by the database's clock.
enum StartTime {
    Now,
    At(DateTime<Utc>),
    After(Duration),
}

async fn add(
    connection: &mut PgConnection,
    payload: &Payload,
    when: StartTime,
) -> sqlx::Result<()> {
    let (at, after) = match when {
        StartTime::Now => (None, None),
        StartTime::At(time) => (Some(time), None),
        StartTime::After(wait) => (None, Some(wait.as_secs_f64())),
    };
    sqlx::query(
        "SELECT FROM graphile_worker.add_job(identifier => $1, payload => $2::jsonb::json, \
         run_at => coalesce($3, now() + make_interval(secs => $4)), \
         max_attempts => $5, job_key => $6, priority => $7, job_key_mode => 'replace')",
    )
    .bind(task(payload.job))
    .bind(sqlx::types::Json(payload))
    .bind(at)
    .bind(after)
    .bind(MAX_ATTEMPTS)
    .bind(payload.job.key())
    .bind(payload.job.priority())
    .execute(connection)
    .await?;
    Ok(())
}

fn task(job: Job) -> &'static str {
    match job {
        job if job.is_mail() => MAIL_TASK,
        job if job.calls_upstreams() => UPSTREAM_TASK,
        _ => TASK,
    }
}

/// Creates or updates the library's tables, as their owner.
pub async fn migrate(owner: &PgPool) -> anyhow::Result<()> {
    graphile_worker::WorkerUtils::new(owner.clone(), SCHEMA)
        .migrate()
        .await
        .context("the jobs' tables could not be migrated")
}

/// Whether this version of the program or a newer one has run [`migrate`].
pub async fn is_migrated(pool: &PgPool) -> sqlx::Result<bool> {
    let exists: bool =
        sqlx::query_scalar("SELECT to_regclass('graphile_worker.migrations') IS NOT NULL")
            .fetch_one(pool)
            .await?;
    if !exists {
        return Ok(false);
    }
    let newest: Option<i32> = sqlx::query_scalar("SELECT max(id) FROM graphile_worker.migrations")
        .fetch_one(pool)
        .await?;
    Ok(newest >= Some(NEWEST_MIGRATION))
}

/// Lets `app_role` add and run jobs, and nothing else. Run by the owner after [`migrate`]; may be repeated.
/// The library enables row level security without any policy, which hides all rows from everybody but the
/// owner; so policies are created here.
pub async fn grant(owner: &mut PgConnection, app_role: &str) -> sqlx::Result<()> {
    sqlx::raw_sql(AssertSqlSafe(grants(app_role))).execute(owner).await?;
    Ok(())
}

/// The statements of [`grant`], with the role's name quoted. Trigger functions can't be called directly,
/// PUBLIC may execute nothing, and only the database assigns ids: if somebody inserted an id ahead of the
/// counter, no later job could be added.
fn grants(app_role: &str) -> String {
    let role = format!("\"{}\"", app_role.replace('"', "\"\""));
    let literal = role.replace('\'', "''");
    let mut statements = format!(
        "BEGIN;\n\
         GRANT USAGE ON SCHEMA {SCHEMA} TO {role};\n\
         REVOKE ALL ON ALL TABLES IN SCHEMA {SCHEMA} FROM PUBLIC, {role};\n\
         GRANT SELECT ON {SCHEMA}.migrations TO {role};\n\
         REVOKE ALL ON ALL FUNCTIONS IN SCHEMA {SCHEMA} FROM PUBLIC, {role};\n\
         DO $$ DECLARE called text; BEGIN\n\
             FOR called IN SELECT oid::regprocedure FROM pg_proc\n\
                 WHERE pronamespace = '{SCHEMA}'::regnamespace AND prorettype <> 'trigger'::regtype\n\
             LOOP EXECUTE 'GRANT EXECUTE ON FUNCTION ' || called || ' TO {literal}'; END LOOP;\n\
         END $$;\n",
    );
    for table in ["jobs", "tasks", "job_queues", "workers", "job_retirements"] {
        let table = format!("{SCHEMA}._private_{table}");
        statements.push_str(&format!(
            "GRANT SELECT, DELETE ON {table} TO {role};\n\
             DO $$ BEGIN EXECUTE (\n\
                 SELECT format('GRANT INSERT (%1$s), UPDATE (%1$s) ON {table} TO %2$s', \
                     string_agg(quote_ident(attname), ', '), '{literal}')\n\
                 FROM pg_attribute WHERE attrelid = '{table}'::regclass AND attnum > 0\n\
                     AND NOT attisdropped AND attidentity = '' AND attgenerated = ''); END $$;\n\
             DROP POLICY IF EXISTS countersign_app ON {table};\n\
             CREATE POLICY countersign_app ON {table} TO {role} USING (true) WITH CHECK (true);\n"
        ));
    }
    statements.push_str("COMMIT;");
    statements
}

/// A job that the library gave to a process.
#[derive(Debug)]
pub struct ClaimedJob {
    /// Its payload.
    pub payload: Payload,
    /// Its row in the library's table.
    pub row: i64,
}

/// Requests the sweep for the next multiple of `every`, by the database's clock. All processes request the
/// same moment under the same name, so one sweep runs, however many processes there are.
pub async fn enqueue_sweep(connection: &mut PgConnection, every: Duration) -> sqlx::Result<()> {
    let at = sqlx::query_scalar(
        "SELECT date_bin(make_interval(secs => $1), now(), timestamptz '2000-01-01 00:00:00Z') \
         + make_interval(secs => $1)",
    )
    .bind(every.as_secs_f64())
    .fetch_one(&mut *connection)
    .await?;
    enqueue(connection, Job::Sweep, Some(at)).await
}

/// Whether an earlier request of the same job is still running somewhere. If a job is requested while it
/// runs, the library would start it again at once, beside the first. The library lists the first in its
/// table of retired jobs, which is nearly empty, so this query is cheap.
pub async fn has_running_sibling(pool: &PgPool, claim: &ClaimedJob) -> sqlx::Result<bool> {
    let running: Vec<String> = sqlx::query_scalar(
        "SELECT jobs.payload::text FROM graphile_worker._private_job_retirements \
         JOIN graphile_worker._private_jobs AS jobs USING (id) \
         WHERE jobs.locked_at IS NOT NULL AND jobs.id < $1 LIMIT 1000",
    )
    .bind(claim.row)
    .fetch_all(pool)
    .await?;
    // A payload that can't be read is not a job of ours.
    let read = |text: &String| serde_json::from_str::<Payload>(text).ok();
    Ok(running.iter().filter_map(read).any(|running| running.job == claim.payload.job))
}

/// Puts a running job back for later, unless it was requested meanwhile: then the earlier time counts.
/// Replaces the running row in one transaction.
pub async fn put_back(
    pool: &PgPool,
    claim: &ClaimedJob,
    failures: u32,
    wait: Duration,
) -> sqlx::Result<()> {
    let mut transaction = pool.begin().await?;
    // The library's own lock on the name, so that nobody requests the job between our read and our write.
    sqlx::query("SELECT pg_advisory_xact_lock(hashtext($1))")
        .bind(claim.payload.job.key())
        .execute(&mut *transaction)
        .await?;
    let asked_for = sqlx::query(
        "UPDATE graphile_worker._private_jobs SET run_at = least(run_at, now() + make_interval(secs => $2)) \
         WHERE key = $1 AND id <> $3 AND locked_at IS NULL AND is_available",
    )
    .bind(claim.payload.job.key())
    .bind(wait.as_secs_f64())
    .bind(claim.row)
    .execute(&mut *transaction)
    .await?
    .rows_affected();
    remove_row(&mut transaction, claim).await?;
    if asked_for == 0 {
        let payload = Payload { job: claim.payload.job, failures: Some(failures) };
        add(&mut transaction, &payload, StartTime::After(wait)).await?;
    }
    transaction.commit().await
}

/// Lets the same job, which was requested while this one ran, start at once.
pub async fn wake(pool: &PgPool, claim: &ClaimedJob) -> sqlx::Result<()> {
    let mut transaction = pool.begin().await?;
    remove_row(&mut transaction, claim).await?;
    sqlx::query(
        "WITH woken AS (UPDATE graphile_worker._private_jobs SET run_at = now() \
         WHERE key = $1 AND locked_at IS NULL RETURNING id) \
         SELECT pg_notify('jobs:insert', '') FROM woken",
    )
    .bind(claim.payload.job.key())
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await
}

/// Deletes the row of the running job. The library would do so next, and finds it gone.
async fn remove_row(connection: &mut PgConnection, claim: &ClaimedJob) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM graphile_worker._private_jobs WHERE id = $1")
        .bind(claim.row)
        .execute(connection)
        .await?;
    Ok(())
}

/// Makes the library poll again if more jobs are due. It takes one job into each slot when it is notified
/// or when it polls. Without this, a backlog would be worked off at only that many jobs a second.
pub async fn call_for_the_next(pool: &PgPool) -> sqlx::Result<()> {
    sqlx::query(
        "SELECT pg_notify('jobs:insert', '') FROM (SELECT FROM graphile_worker._private_jobs \
         WHERE is_available AND run_at <= now() LIMIT 1) AS due",
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Deletes what processes left behind that died while one of their jobs was requested again.
pub async fn remove_leftovers(pool: &PgPool) -> sqlx::Result<()> {
    sqlx::query(
        "DELETE FROM graphile_worker._private_jobs AS jobs \
         USING graphile_worker._private_job_retirements AS retired \
         WHERE jobs.id = retired.id AND jobs.locked_at IS NULL",
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Moves jobs that were written by a clock that was ahead to now (a job may come too early), and gives such
/// processes their normal lease. Returns the number of these jobs. It allows one second, for transactions
/// that began after ours.
pub async fn set_times_right(pool: &PgPool) -> sqlx::Result<u64> {
    sqlx::query(
        "UPDATE graphile_worker._private_workers SET last_heartbeat_at = now() \
         WHERE last_heartbeat_at > now() + interval '1 second'",
    )
    .execute(pool)
    .await?;
    let brought_forward = sqlx::query(
        "WITH early AS (SELECT id FROM graphile_worker._private_jobs \
         WHERE greatest(created_at, updated_at) > now() + interval '1 second' \
         AND locked_at IS NULL AND is_available FOR UPDATE SKIP LOCKED) \
         UPDATE graphile_worker._private_jobs AS jobs SET \
         run_at = now(), created_at = least(created_at, now()), updated_at = now() \
         FROM early WHERE jobs.id = early.id",
    )
    .execute(pool)
    .await?;
    Ok(brought_forward.rows_affected())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::RequestId;

    #[test]
    fn a_payload_carries_ids_only() {
        let payload =
            Payload { job: Job::Issue { request: RequestId::new(7).unwrap() }, failures: None };
        let text = serde_json::to_string(&payload).unwrap();
        assert_eq!(text, r#"{"kind":"issue","request":"7"}"#);
        let read: Payload = serde_json::from_str(&text).unwrap();
        assert_eq!((read.job, read.failures), (payload.job, None));
        let swept: Payload = serde_json::from_str(r#"{"kind":"sweep","failures":3}"#).unwrap();
        assert_eq!((swept.job, swept.failures), (Job::Sweep, Some(3)));
    }

    #[test]
    fn a_role_cannot_break_out_of_its_quotes() {
        assert!(grants("a\"; DROP").contains("TO \"a\"\"; DROP\""));
        assert!(grants("o'hara").contains("TO \"o''hara\"'; END LOOP"));
    }
}
