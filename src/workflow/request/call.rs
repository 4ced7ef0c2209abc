//! Messages that call the admins to a request: a reminder, and a call where its card was only edited, which tells
//! nobody. One of them stands at a time.

use std::time::Duration;

use crate::domain::ids::{ChannelId, EventId, MessageId, RequestId};
use crate::domain::request::{Request, RequestState};
use crate::domain::transitions::RequestTransition;
use crate::store::calls;
use crate::store::requests;
use crate::store::tx::Cause;

use crate::workflow::request::card::{self, CardState};
use crate::workflow::{Outcome, Workflow};

/// How soon to try again for a card that could not be posted yet.
const CARD_COMES: Duration = Duration::from_secs(5);

/// How soon to try again for a card that Discord refuses.
const CARD_IS_REFUSED: Duration = Duration::from_secs(60 * 60);

/// Whether the admins must be reminded of a request, or called to it.
#[derive(Debug)]
pub enum CallTask<Due> {
    /// Yes; a call's message may also have to go.
    Due(Box<Due>),
    /// Later: it is not due yet, or the card is not posted yet.
    TooEarly(Duration),
    /// No: they know, or nothing is left to do.
    Needless,
}

/// A message to the admins that is due.
#[derive(Debug)]
pub struct DueCall {
    /// What the card shows.
    pub state: CardState,
    /// Where the card is.
    pub card: (ChannelId, MessageId),
    /// The message before, which this one replaces.
    pub earlier: Option<MessageId>,
}

/// The reminder of a request, if it is due.
pub async fn get_due_reminder(workflow: &Workflow, id: RequestId) -> Outcome<CallTask<DueCall>> {
    let mut connection = workflow.pool.acquire().await?;
    let after = workflow.config.policy.remind_after;
    let waiting = calls::get_due_reminder(&mut connection, id, after).await?;
    let Some(waiting) = waiting else { return Ok(CallTask::Needless) };
    if !waiting.left.is_zero() {
        return Ok(CallTask::TooEarly(waiting.left));
    }
    let Some(message) = waiting.message else {
        let wait = if waiting.is_refused { CARD_IS_REFUSED } else { CARD_COMES };
        return Ok(CallTask::TooEarly(wait));
    };
    let state = card::read_state(&mut connection, id, false).await?;
    let pending = state.filter(|state| state.request.state == RequestState::Pending);
    let (card, earlier) = ((waiting.channel, message), waiting.earlier);
    Ok(pending.map_or(CallTask::Needless, |state| {
        CallTask::Due(Box::new(DueCall { state, card, earlier }))
    }))
}

/// The admins were reminded by this message.
pub async fn note_reminder(
    workflow: &Workflow,
    request: &Request,
    message: MessageId,
) -> Outcome<()> {
    let mut tx = workflow.tx().await?;
    let Some(mut request) = requests::lock(&mut tx, request.id).await? else { return Ok(()) };
    if calls::note_reminder(&mut tx, request.id, message).await?
        && request.state == RequestState::Pending
    {
        tx.move_request(&mut request, RequestTransition::Remind, Cause::none()).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// A call that is due, or that a process may have posted before it stopped.
#[derive(Debug)]
pub struct EventCall {
    /// The message.
    pub due: DueCall,
    /// The event that it is for.
    pub event: EventId,
    /// Whether nothing is left to do, so that a message which may stand there has to go.
    pub is_over: bool,
    /// Whether it notifies the admins: they were not called a moment ago.
    pub is_loud: bool,
}

/// The call to a request that waits for admins.
pub async fn get_due_call(workflow: &Workflow, id: RequestId) -> Outcome<CallTask<EventCall>> {
    let mut connection = workflow.pool.acquire().await?;
    let last = calls::get_last_call(&mut connection, id).await?;
    let event = calls::find_last_wait(&mut connection, id).await?;
    let (Some(last), Some(event)) = (last, event) else { return Ok(CallTask::Needless) };
    let was_begun = last.event == Some(event);
    if was_begun && last.message.is_some() {
        return Ok(CallTask::Needless);
    }
    let Some(state) = card::read_state(&mut connection, id, false).await? else {
        return Ok(CallTask::Needless);
    };
    let is_over = !state.request.awaits_admins();
    let known = workflow.config.provider(&state.request.content.provider).is_some();
    if !known || (is_over && !was_begun) {
        return Ok(CallTask::Needless);
    }
    let Some(card) = last.card else {
        // A card that Discord refuses is in `/readyz`, and calls them when it is posted.
        let comes = !was_begun && !last.is_refused;
        return Ok(if comes { CallTask::TooEarly(CARD_COMES) } else { CallTask::Needless });
    };
    let due = DueCall { state, card: (last.channel, card), earlier: last.message };
    let is_loud = !last.is_recent;
    Ok(CallTask::Due(Box::new(EventCall { due, event, is_over, is_loud })))
}

/// A message is about to call the admins; the one before is gone. False if they were called for something later.
pub async fn begin_call(
    workflow: &Workflow,
    id: RequestId,
    event: EventId,
    is_loud: bool,
) -> Outcome<bool> {
    Ok(workflow
        .pool
        .run(async |connection| calls::begin_call(connection, id, event, is_loud).await)
        .await?)
}

/// The admins were called by this message. Returns whether it may stay: it is the last one, and something is left
/// to do.
pub async fn note_call(
    workflow: &Workflow,
    id: RequestId,
    event: EventId,
    message: MessageId,
) -> Outcome<bool> {
    let mut connection = workflow.pool.acquire().await?;
    if !calls::note_call(&mut connection, id, event, message).await? {
        return Ok(false);
    }
    // Whatever happens from now on changes the card, whose rendering finds the message.
    let request = requests::get(&mut connection, id).await?;
    Ok(request.is_some_and(|request| request.awaits_admins()))
}

/// A call was deleted, since nothing is left to do.
pub async fn forget_call(workflow: &Workflow, id: RequestId, message: MessageId) -> Outcome<()> {
    Ok(workflow
        .pool
        .run(async |connection| calls::forget_call(connection, id, message).await)
        .await?)
}
