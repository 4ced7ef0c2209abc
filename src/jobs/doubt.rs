//! Tells a provider's admins that its upstream answers otherwise than the configuration says.

use super::handler::Jobs;
use crate::discord::views;
use crate::domain::ids::EventId;
use crate::queue::Done;
use crate::workflow::upstream::calls;

pub(super) async fn report_doubt(jobs: &Jobs, event: EventId) -> anyhow::Result<Done> {
    let Some((provider, doubt)) = calls::get_doubt(&jobs.workflow, event).await? else {
        return Ok(Done::Finished);
    };
    let Some(provider) = jobs.config().provider(&provider) else { return Ok(Done::Finished) };
    let message = views::upstream_doubt::render_doubt(&doubt, provider);
    let nonce = format!("d{event}");
    jobs.tell_admins(
        provider,
        (&message, &nonce),
        "the admins could not be told of what an upstream answers",
    )
    .await
}
