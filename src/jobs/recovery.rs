//! Tells a provider's admins what a recovery stopped.

use super::handler::Jobs;
use crate::discord::views;
use crate::domain::ids::EventId;
use crate::queue::Done;
use crate::workflow::recover;

pub(super) async fn report_recovery(jobs: &Jobs, event: EventId) -> anyhow::Result<Done> {
    let Some((provider, recovered)) = recover::get_result(&jobs.workflow, event).await? else {
        return Ok(Done::Finished);
    };
    let Some(provider) = jobs.config().provider(&provider) else { return Ok(Done::Finished) };
    let message = views::recovery::render_recovered(&recovered, provider);
    let nonce = format!("b{event}");
    jobs.tell_admins(
        provider,
        (&message, &nonce),
        "the admins could not be told that the database was restored",
    )
    .await
}
