//! Calls a provider's admins: to a request that waits for them, or to a token in the wrong hands.

use super::card::build_facts;
use super::handler::{Jobs, retry_in_channel};
use crate::discord::interaction::MessageRef;
use crate::discord::rest::RestError;
use crate::discord::views::card::calling::{render_call, render_reminder};
use crate::discord::views::notice::{NoticeFacts, render_notice};
use crate::domain::card::Rendering;
use crate::domain::ids::{ChannelId, EventId, MessageId, RequestId};
use crate::domain::request::Request;
use crate::domain::request_kind::RequestKind;
use crate::queue::Done;
use crate::workflow::request::call::{self, CallTask, DueCall, EventCall};
use crate::workflow::token::alert;

pub(super) async fn remind_admins(jobs: &Jobs, id: RequestId) -> anyhow::Result<Done> {
    let due = match call::get_due_reminder(&jobs.workflow, id).await? {
        CallTask::Due(due) => due,
        CallTask::TooEarly(wait) => return Ok(Done::Again(wait)),
        CallTask::Needless => return Ok(Done::Finished),
    };
    let message = render_reminder(&build_facts(jobs, &due.state), &link(jobs, due.card));
    let posted = async {
        delete_earlier(jobs, &due).await?;
        jobs.rest.create_message(due.card.0, &message, &format!("r{id}")).await
    };
    match posted.await {
        Ok(place) => {
            call::note_reminder(&jobs.workflow, &due.state.request, place.id).await?;
            Ok(Done::Finished)
        }
        Err(error) => retry_in_channel(error, "the admins could not be reminded"),
    }
}

/// Calls the admins where a card was only edited.
pub(super) async fn call_admins(jobs: &Jobs, id: RequestId) -> anyhow::Result<Done> {
    let call = match call::get_due_call(&jobs.workflow, id).await? {
        CallTask::Due(call) => call,
        CallTask::TooEarly(wait) => return Ok(Done::Again(wait)),
        CallTask::Needless => return Ok(Done::Finished),
    };
    match post_call(jobs, id, &call).await? {
        Ok(()) => Ok(Done::Finished),
        // Nothing that could be found there is to be deleted.
        Err(error) if call.is_over && error.final_code().is_some() => Ok(Done::Finished),
        Err(error) => retry_in_channel(error, "the admins could not be called"),
    }
}

/// What is about to be posted is noted first: a process that stops in between leaves a message that the next one
/// finds by its nonce.
async fn post_call(
    jobs: &Jobs,
    id: RequestId,
    EventCall { due, event, is_over, is_loud }: &EventCall,
) -> anyhow::Result<Result<(), RestError>> {
    let message = render_call(&build_facts(jobs, &due.state), &link(jobs, due.card));
    let message = if *is_loud && !is_over { message } else { message.silent() };
    let nonce = format!("k{event}");
    if *is_over {
        let find_and_delete = async {
            let place = jobs.rest.create_message(due.card.0, &message, &nonce).await?;
            jobs.rest.delete_message(place).await
        };
        return Ok(find_and_delete.await);
    }
    if let Err(error) = delete_earlier(jobs, due).await {
        return Ok(Err(error));
    }
    if !call::begin_call(&jobs.workflow, id, *event, *is_loud).await? {
        return Ok(Ok(()));
    }
    let place = match jobs.rest.create_message(due.card.0, &message, &nonce).await {
        Ok(place) => place,
        Err(error) => return Ok(Err(error)),
    };
    if call::note_call(&jobs.workflow, id, *event, place.id).await? {
        return Ok(Ok(()));
    }
    let deleted = jobs.rest.delete_message(place).await;
    if deleted.is_ok() {
        call::forget_call(&jobs.workflow, id, place.id).await?;
    }
    Ok(deleted)
}

/// Deletes the message before, so that two never stand there.
async fn delete_earlier(jobs: &Jobs, due: &DueCall) -> Result<(), RestError> {
    let Some(id) = due.earlier else { return Ok(()) };
    jobs.rest.delete_message(MessageRef { channel_id: due.card.0, id }).await
}

/// Deletes a call that nothing is left to do for: the card says what became of the request.
///
/// # Errors
/// Discord is in trouble, and it has to be tried again before the card is shown.
pub(super) async fn end_call(
    jobs: &Jobs,
    request: &Request,
    rendering: &Rendering,
) -> anyhow::Result<Result<(), RestError>> {
    let Some(call) = rendering.call.filter(|_| !request.awaits_admins()) else {
        return Ok(Ok(()));
    };
    let place = MessageRef { channel_id: rendering.channel, id: call };
    match jobs.rest.delete_message(place).await {
        Ok(()) => call::forget_call(&jobs.workflow, request.id, call).await?,
        // It is tried again with the card, which Discord refuses as well.
        Err(error @ RestError::Refused { .. }) => {
            tracing::info!(%error, "a message that called the admins stays");
        }
        Err(error) => return Ok(Err(error)),
    }
    Ok(Ok(()))
}

fn link(jobs: &Jobs, (channel, message): (ChannelId, MessageId)) -> String {
    jobs.config().discord.message_link(channel, message)
}

/// Alerts the admins of a token that someone else may have, or use.
pub(super) async fn alert_admins(jobs: &Jobs, event: EventId) -> anyhow::Result<Done> {
    let Some(alert) = alert::get_alert(&jobs.workflow, event).await? else {
        return Ok(Done::Finished);
    };
    let Some(provider) = jobs.config().provider(&alert.provider) else { return Ok(Done::Finished) };
    let facts = NoticeFacts {
        kind: alert.kind,
        request: &alert.request,
        token: Some(&alert.token),
        provider: &provider.name,
        can_enable: provider.issuer.offers(RequestKind::Enable),
        actor: alert.actor,
        by_operator: alert.by_operator,
        recipient: alert.token.owner,
        changes: &[],
        old_secret_until: None,
        refused: None,
        card_refusal: None,
    };
    let message = render_notice(&facts, provider.locale);
    let nonce = format!("x{event}");
    jobs.tell_admins(provider, (&message, &nonce), "the admins could not be alerted").await
}
