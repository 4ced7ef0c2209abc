//! What a clock wrote that was ahead. When the database's clock is set back, a job that was asked
//! for a moment earlier is due only when that moment comes again, and a process that died seems to
//! live until then. Both are told by a time of writing that is still to come.

use std::time::Duration;

use sqlx::PgPool;
use tokio::time::{MissedTickBehavior, interval};

/// How often every process looks: people wait for such a job.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Looks for ever.
pub(super) async fn watch(pool: PgPool) {
    let mut ticks = interval(LOOK_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        match set_right(&pool).await {
            Ok(0) => {}
            Ok(jobs) => {
                tracing::warn!(jobs, "the database's clock was set back; what waited begins now");
            }
            Err(error) => tracing::warn!(%error, "jobs' times could not be looked at"),
        }
    }
}

/// Brings such jobs forward to now, since a hint may come too early, and gives such processes their
/// ordinary lease; tells how many jobs there were. A second is left to transactions that began
/// after ours.
async fn set_right(pool: &PgPool) -> sqlx::Result<u64> {
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
