//! Runs the jobs of the table `jobs`, for which there is `store::jobs`.

mod clock;
mod ends;
mod places;
mod worker;

use std::time::Duration;

use async_trait::async_trait;

use crate::domain::job::Job;

pub use worker::{JOB_LIMIT, Workers};

/// How a job ended that did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// Nothing is left to do.
    Finished,
    /// It was too early, or a service asked us to wait: try again after this time (at the
    /// next look, so up to a second later). Not a failure.
    Again(Duration),
}

/// What does the jobs.
#[async_trait]
pub trait Handler: Send + Sync + 'static {
    /// Does one job. An error means "try again later" (after 2 s, 4 s, … 5 min, without end), and
    /// is logged: its text may hold ids, never secrets. One job never runs twice at the same time,
    /// unless a process was frozen for longer than its lease.
    async fn handle(&self, job: Job) -> anyhow::Result<Done>;
}

/// How long a job waits after so many failures in a row: 2 s, doubled each time, at most 5 min.
fn backoff(failures: u32) -> Duration {
    Duration::from_secs(2u64.saturating_pow(failures.clamp(1, 9)).min(300))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_is_bounded() {
        let waits: Vec<u64> = [1, 2, 3, 8, 9, 1_000_000].map(|n| backoff(n).as_secs()).into();
        assert_eq!(waits, [2, 4, 8, 256, 300, 300]);
    }
}
