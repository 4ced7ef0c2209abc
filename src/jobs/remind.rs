//! Reminds a provider's admins of a request that waits.

use super::card::build_facts;
use super::handler::{Jobs, retry_in_channel};
use crate::discord::views::card::render_reminder;
use crate::domain::ids::RequestId;
use crate::queue::Done;
use crate::workflow::request::card::{self, Reminder};

pub(super) async fn remind_admins(jobs: &Jobs, id: RequestId) -> anyhow::Result<Done> {
    let due = match card::get_due_reminder(&jobs.workflow, id).await? {
        Reminder::Due(due) => due,
        Reminder::TooEarly(wait) => return Ok(Done::Again(wait)),
        Reminder::Needless => return Ok(Done::Finished),
    };
    let (channel, message) = due.card;
    let link = jobs.config().discord.message_link(channel, message);
    let message = render_reminder(&build_facts(jobs, &due.state), &link);
    match jobs.rest.create_message(channel, &message, &format!("r{id}")).await {
        Ok(_) => {
            card::note_reminder(&jobs.workflow, &due.state.request).await?;
            Ok(Done::Finished)
        }
        Err(error) => retry_in_channel(error, "the admins could not be reminded"),
    }
}
