//! Asks Discord whether a person is still a member, and tells the admins if not.

use anyhow::Context as _;

use super::handler::{Jobs, retry_in_channel, retry_later};
use crate::discord::message::Message;
use crate::discord::rest::RestError;
use crate::discord::views;
use crate::domain::ids::{ChannelId, DepartureId, MessageId, UserId};
use crate::queue::Done;
use crate::workflow::departure;

/// Asks only about people on whom tokens or requests depend. Closed direct messages alone prove nothing.
pub(super) async fn check_membership(jobs: &Jobs, person: UserId) -> anyhow::Result<Done> {
    if !departure::has_dependents(&jobs.workflow, person).await? {
        return Ok(Done::Finished);
    }
    let guild = jobs.config().discord.guild_id;
    let member = jobs.rest.member(guild, person).await;
    let member = member
        .with_context(|| format!("Discord did not say whether {person} is still a member"))?;
    match member {
        Some(_) => departure::note_presence(&jobs.workflow, person).await?,
        None => departure::note_absence(&jobs.workflow, person).await?,
    }
    Ok(Done::Finished)
}

/// Tells the admins who left, and afterwards what is left of it.
pub(super) async fn report_departure(jobs: &Jobs, id: DepartureId) -> anyhow::Result<Done> {
    let Some(due) = departure::get_departure_to_report(&jobs.workflow, id).await? else {
        return Ok(Done::Finished);
    };
    let Some(provider) = jobs.config().provider(&due.departure.provider) else {
        return Ok(Done::Finished);
    };
    let message = views::departure::render_departure(&due, provider);
    if let Some(place) = due.departure.message {
        return show_what_is_left(jobs, place, &message).await;
    }
    let message = views::card::calling::call_admins(message, provider);
    let channel = provider.approval_channel;
    match jobs.rest.create_message(channel, &message, &format!("l{id}")).await {
        Ok(posted) => {
            departure::note_reported(&jobs.workflow, id, (channel, posted.id)).await?;
            Ok(Done::Finished)
        }
        Err(error) => retry_in_channel(error, "the admins could not be told who left"),
    }
}

/// Edits the message, which calls nobody.
async fn show_what_is_left(
    jobs: &Jobs,
    place: (ChannelId, MessageId),
    message: &Message,
) -> anyhow::Result<Done> {
    match jobs.rest.edit_message(place.into(), message).await {
        Ok(_) => Ok(Done::Finished),
        Err(error @ RestError::Refused { .. }) => {
            tracing::info!(%error, "a message about a member who left stays as it is");
            Ok(Done::Finished)
        }
        Err(error) => retry_later(error, "a message about a member who left could not be edited"),
    }
}
