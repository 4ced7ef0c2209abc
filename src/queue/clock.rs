//! The database's clock is set back: a job that was requested a moment earlier would be due only when that
//! moment comes again, and a process that died would seem to run until then. Both show by a time of
//! writing that is still to come.

use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

use crate::store::jobs::Lease;
use crate::store::pool::Pool;

/// How often every process looks: people wait for such a job.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Looks for ever.
pub(super) async fn watch(pool: Pool, lease: Lease) {
    let mut ticks = interval(LOOK_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        match pool.run(async |connection| lease.set_times_right(connection).await).await {
            Ok(0) => {}
            Ok(jobs) => {
                tracing::warn!(jobs, "the database's clock was set back; what waited begins now");
            }
            Err(error) => tracing::warn!(%error, "jobs' times could not be looked at"),
        }
    }
}
