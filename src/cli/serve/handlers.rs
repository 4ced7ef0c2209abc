//! The one place where the bot's behaviour plugs in: what happens to an interaction, and to a job.

use std::sync::Arc;

use async_trait::async_trait;

use super::Parts;
use crate::discord::gateway;
use crate::jobs::queue::{Done, Handler, Job};

/// What happens to each interaction. It answers by itself, and logs what goes wrong.
pub(super) fn interactions(_parts: &Parts) -> gateway::Handler {
    Arc::new(|_interaction| Box::pin(async { tracing::error!("nothing handles interactions yet") }))
}

/// What does the jobs.
pub(super) fn jobs(_parts: &Parts) -> Arc<dyn Handler> {
    Arc::new(NoJobs)
}

struct NoJobs;

#[async_trait]
impl Handler for NoJobs {
    async fn handle(&self, job: Job) -> anyhow::Result<Done> {
        if job != Job::Sweep {
            tracing::error!(kind = job.kind(), "nothing does jobs yet");
        }
        Ok(Done::Finished)
    }
}
