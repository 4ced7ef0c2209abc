//! Connects the bot's behaviour: the handlers of interactions and of jobs.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::sync::OnceCell;

use super::Parts;
use crate::discord::gateway;
use crate::discord::handlers::Handlers;
use crate::discord::part_status::ReadParts;
use crate::issuer::Upstreams;
use crate::jobs::Jobs;
use crate::queue::Handler;
use crate::web::health::Health;
use crate::workflow::Workflow;
use crate::workflow::notice::send;
use crate::workflow::request::{card, review};

/// How this process is, once all its parts are built.
pub(super) type HealthCell = Arc<OnceLock<Health>>;

/// Handles an interaction, answers it, and logs what goes wrong.
pub(super) fn interactions(parts: &Parts, health: HealthCell) -> gateway::Handler {
    let read_parts: ReadParts = Arc::new(move || {
        let health = health.clone();
        Box::pin(async move {
            match health.get() {
                Some(health) => health.list_parts().await,
                None => Vec::new(),
            }
        })
    });
    let handlers = Handlers::new(workflow(parts), parts.rest.clone(), read_parts);
    Arc::new(move |interaction| {
        let handlers = handlers.clone();
        Box::pin(async move { handlers.handle(interaction).await })
    })
}

/// Handles jobs.
pub(super) fn jobs(parts: &Parts) -> anyhow::Result<Arc<dyn Handler>> {
    Ok(Arc::new(Jobs {
        workflow: workflow(parts),
        rest: parts.rest.clone(),
        upstreams: Upstreams::new(&parts.config)?,
        mailer: parts.mailer.clone(),
        guild_name: OnceCell::new(),
    }))
}

/// Tries what waits for something to be mended: whoever mends it often restarts the bot for that.
pub(super) async fn retry_what_waits(parts: &Parts) {
    let workflow = workflow(parts);
    if let Err(error) = send::retry_emails(&workflow, Duration::ZERO).await {
        tracing::warn!(%error, "emails that wait are not tried at once");
    }
    if let Err(error) = card::retry_refused(&workflow, Duration::ZERO).await {
        tracing::warn!(%error, "cards that Discord refused are not tried at once");
    }
    if let Err(error) = review::follow_providers(&workflow).await {
        let error: anyhow::Error = error.into();
        tracing::warn!(
            error = format!("{error:#}"),
            "requests are not compared with the providers"
        );
    }
}

fn workflow(parts: &Parts) -> Workflow {
    Workflow::new(parts.pool.clone(), parts.config.clone(), parts.keyring.clone())
}
