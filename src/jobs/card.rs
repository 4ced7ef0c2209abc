//! Renders the card of a request in the request's current state.

use std::time::Duration;

use super::call;
use super::handler::{Jobs, retry_later};
use crate::discord::interaction::MessageRef;
use crate::discord::message::Message;
use crate::discord::rest::{ErrorCode, RestError};
use crate::discord::views::card::{self, CardFacts};
use crate::domain::card::Rendering;
use crate::domain::ids::RequestId;
use crate::domain::request::Request;
use crate::queue::Done;
use crate::workflow::notice::course;
use crate::workflow::request;
use crate::workflow::request::card::{CardState, CardTask};

/// How soon to try again while another process renders the card.
const ANOTHER_RENDERS: Duration = Duration::from_secs(2);

pub(super) async fn render_card(jobs: &Jobs, id: RequestId) -> anyhow::Result<Done> {
    loop {
        let (state, mut rendering) = match request::card::take(&jobs.workflow, id).await? {
            CardTask::Render(state, rendering) => (state, rendering),
            CardTask::Wait => return Ok(Done::Again(ANOTHER_RENDERS)),
            CardTask::Nothing => return Ok(Done::Finished),
        };
        if let Err(error) = call::end_call(jobs, &state.request, &rendering).await? {
            request::card::release(&jobs.workflow, id, &rendering).await?;
            return retry_later(error, "a message that called the admins could not be deleted");
        }
        let message = card::render_card(&build_facts(jobs, &state));
        let (request, config) = (&state.request, jobs.config());
        if card::is_cut(request, config.provider(&request.content.provider))
            && !request::card::note_cut(&jobs.workflow, request, &rendering).await?
        {
            return Ok(Done::Again(ANOTHER_RENDERS));
        }
        match post_or_edit(jobs, id, &rendering, &message).await {
            Ok(place) => {
                if rendering.message.is_none() {
                    // Because of the nonce, Discord may have returned the message of an earlier attempt
                    // whose answer was lost. Only the first state is sure to be in it; a later state is
                    // then edited in.
                    rendering.wanted = 1;
                }
                let is_new = rendering.message.is_none() && !message.pings.is_empty();
                let called_for = state.wait.filter(|_| is_new);
                let (workflow, to) = (&jobs.workflow, place.id);
                let is_outdated =
                    request::card::note_shown(workflow, id, &rendering, to, called_for).await?;
                if rendering.is_refused {
                    delete_refusal_messages(jobs, request).await?;
                }
                if !is_outdated {
                    return Ok(Done::Finished);
                }
            }
            Err(error)
                if rendering.message.is_some()
                    && (is_lost(&error) || has_moved(jobs, &state, &rendering, &error)) =>
            {
                tracing::info!(%error, "the card is posted anew");
                request::card::note_lost(&jobs.workflow, id, &rendering).await?;
            }
            Err(error) => match error.final_code() {
                Some(code) => {
                    tracing::error!(%error, cure = code.cure(), "Discord refuses the card");
                    let number = code.number();
                    request::card::note_refused(&jobs.workflow, id, &rendering, number).await?;
                }
                None => {
                    request::card::release(&jobs.workflow, id, &rendering).await?;
                    return retry_later(error, "the card could not be shown");
                }
            },
        }
    }
}

/// Everything that a card shows, from a state.
pub(super) fn build_facts<'a>(jobs: &'a Jobs, state: &'a CardState) -> CardFacts<'a> {
    CardFacts {
        request: &state.request,
        before: state.before.as_ref(),
        history: state.history,
        approvals: &state.approvals,
        provider: jobs.config().provider(&state.request.content.provider),
        token: state.token.as_ref(),
        delivery: state.delivery.as_ref(),
        leak_found_by: state.leak_found_by,
        stray: state.stray.as_deref(),
        trouble: state.trouble.as_deref(),
        failure: state.failure,
        contact_name: &state.contact_name,
    }
}

async fn post_or_edit(
    jobs: &Jobs,
    id: RequestId,
    rendering: &Rendering,
    message: &Message,
) -> Result<MessageRef, RestError> {
    match rendering.message {
        Some(card) => {
            let place = MessageRef { channel_id: rendering.channel, id: card };
            jobs.rest.edit_message(place, message).await
        }
        None => {
            // At most 25 characters: an id has at most 19.
            let nonce = format!("c{id}-{}", rendering.posted);
            jobs.rest.create_message(rendering.channel, message, &nonce).await
        }
    }
}

/// Whether the card's message can never be edited again, so that a new one must replace it.
fn is_lost(error: &RestError) -> bool {
    matches!(
        error.code(),
        Some(ErrorCode::TooManyOldEdits | ErrorCode::UnknownMessage | ErrorCode::UnknownChannel)
    )
}

/// Whether the channel of the card is closed to the bot, and the provider has another one today.
fn has_moved(jobs: &Jobs, state: &CardState, rendering: &Rendering, error: &RestError) -> bool {
    let provider = jobs.config().provider(&state.request.content.provider);
    let is_closed = error.code().is_some_and(ErrorCode::is_about_access);
    is_closed && provider.is_some_and(|provider| provider.approval_channel != rendering.channel)
}

/// The card is shown: what told the requester that it was not is no longer true.
async fn delete_refusal_messages(jobs: &Jobs, request: &Request) -> anyhow::Result<()> {
    for (shown, place) in request::card::list_refusal_messages(&jobs.workflow, request).await? {
        match jobs.rest.delete_message(place.into()).await {
            Ok(()) => course::note_deleted(&jobs.workflow, shown).await?,
            Err(error) => tracing::info!(%error, "a message about a refused card stays"),
        }
    }
    Ok(())
}
