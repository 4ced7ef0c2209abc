//! Messages that call the admins to a request: a reminder, and a call where its card was only edited, which tells
//! nobody. One of them stands at a time.

use std::time::Duration;

use crate::domain::ids::{ChannelId, EventId, MessageId, RequestId};
use crate::domain::request::{Request, RequestState};
use crate::domain::transitions::RequestTransition;
use crate::store::calls::{self, LastCall};
use crate::store::tx::Cause;

use crate::workflow::request::card::{self, CardState};
use crate::workflow::{Outcome, Workflow};

/// How soon to try again for a card that could not be posted yet.
const CARD_COMES: Duration = Duration::from_secs(5);

/// Whether the admins must be reminded of a request.
#[derive(Debug)]
pub enum Reminder {
    /// Yes.
    Due(Box<DueCall>),
    /// Later: it is not due yet, or the card is not posted yet.
    TooEarly(Duration),
    /// No: they were reminded, or nothing is left to decide.
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
pub async fn get_due_reminder(workflow: &Workflow, id: RequestId) -> Outcome<Reminder> {
    let waiting = {
        let mut connection = workflow.pool.acquire().await?;
        calls::get_due_reminder(&mut connection, id, workflow.config.policy.remind_after).await?
    };
    let Some(waiting) = waiting else { return Ok(Reminder::Needless) };
    if !waiting.left.is_zero() {
        return Ok(Reminder::TooEarly(waiting.left));
    }
    let Some(message) = waiting.message else { return Ok(Reminder::TooEarly(CARD_COMES)) };
    let state = card::read_state(workflow, id).await?;
    let pending = state.filter(|state| state.request.state == RequestState::Pending);
    let (card, earlier) = ((waiting.channel, message), waiting.earlier);
    Ok(pending.map_or(Reminder::Needless, |state| {
        Reminder::Due(Box::new(DueCall { state, card, earlier }))
    }))
}

/// The admins were reminded by this message.
pub async fn note_reminder(
    workflow: &Workflow,
    request: &Request,
    message: MessageId,
) -> Outcome<()> {
    let mut tx = workflow.tx().await?;
    if calls::note_reminder(&mut tx, request.id, message).await? {
        let mut request = request.clone();
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
}

/// The call to a request that waits for admins; none if they were called, or a card that is posted will call them.
pub async fn get_due_call(workflow: &Workflow, id: RequestId) -> Outcome<Option<EventCall>> {
    let (last, event) = {
        let mut connection = workflow.pool.acquire().await?;
        let last = calls::get_last_call(&mut connection, id).await?;
        (last, calls::find_last_wait(&mut connection, id).await?)
    };
    let (Some(LastCall { card, message: earlier, event: called_for }), Some(event)) = (last, event)
    else {
        return Ok(None);
    };
    let was_begun = called_for == Some(event);
    if was_begun && earlier.is_some() {
        return Ok(None);
    }
    let Some(state) = card::read_state(workflow, id).await? else { return Ok(None) };
    let is_over = !state.request.awaits_admins();
    let due = DueCall { state, card, earlier };
    Ok((was_begun || !is_over).then_some(EventCall { due, event, is_over }))
}

/// A message is about to call the admins; the one before is gone.
pub async fn begin_call(workflow: &Workflow, id: RequestId, event: EventId) -> Outcome<()> {
    let mut connection = workflow.pool.acquire().await?;
    Ok(calls::note_call(&mut connection, id, event, None).await?)
}

/// The admins were called by this message.
pub async fn note_call(
    workflow: &Workflow,
    id: RequestId,
    event: EventId,
    message: MessageId,
) -> Outcome<()> {
    let mut connection = workflow.pool.acquire().await?;
    Ok(calls::note_call(&mut connection, id, event, Some(message)).await?)
}

/// A call was deleted, since nothing is left to do.
pub async fn forget_call(workflow: &Workflow, id: RequestId, message: MessageId) -> Outcome<()> {
    let mut connection = workflow.pool.acquire().await?;
    Ok(calls::forget_call(&mut connection, id, message).await?)
}
