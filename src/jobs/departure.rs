//! Asks Discord whether a person is still a member, and tells the admins if not.

use anyhow::Context as _;

use super::handler::{Jobs, retry_in_channel};
use crate::discord::views;
use crate::domain::ids::{DepartureId, UserId};
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

pub(super) async fn report_departure(jobs: &Jobs, id: DepartureId) -> anyhow::Result<Done> {
    let Some(due) = departure::get_departure_to_report(&jobs.workflow, id).await? else {
        return Ok(Done::Finished);
    };
    let Some(provider) = jobs.config().provider(&due.departure.provider) else {
        return Ok(Done::Finished);
    };
    let message = views::departure::render_departure(&due, provider);
    let message = views::card::calling::call_admins(message, provider);
    match jobs.rest.create_message(provider.approval_channel, &message, &format!("l{id}")).await {
        Ok(_) => {
            departure::note_reported(&jobs.workflow, id).await?;
            Ok(Done::Finished)
        }
        Err(error) => retry_in_channel(error, "the admins could not be told who left"),
    }
}
