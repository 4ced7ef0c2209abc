//! Tells a provider's admins what a recovery stopped.

use super::handler::{Jobs, retry_later};
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
    match jobs.rest.create_message(provider.approval_channel, &message, &format!("b{event}")).await
    {
        Ok(_) => Ok(Done::Finished),
        Err(error) => {
            retry_later(error, "the admins could not be told that the database was restored")
        }
    }
}
