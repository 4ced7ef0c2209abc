//! Calls of a provider's admins: reminders, calls to a card that was only edited, and alerts.

use sqlx::PgConnection;
use std::time::Duration;

use super::undecodable;
use crate::domain::catalogue::ProviderId;
use crate::domain::event::EventKind;
use crate::domain::ids::{ChannelId, EventId, MessageId, RequestId, TokenId, UserId};

/// A reminder that is due: the request still waits, and its admins were not reminded.
#[derive(Debug)]
pub struct DueReminder {
    /// The channel of its card.
    pub channel: ChannelId,
    /// Its card, once it is posted.
    pub message: Option<MessageId>,
    /// The message that called the admins before.
    pub earlier: Option<MessageId>,
    /// Whether Discord refuses the card.
    pub is_refused: bool,
    /// The time until the reminder is due.
    pub left: Duration,
}

/// A request's reminder, unless the request is decided or the admins were reminded. It is due so long after
/// the submission.
pub async fn get_due_reminder(
    connection: &mut PgConnection,
    request: RequestId,
    after: Duration,
) -> sqlx::Result<Option<DueReminder>> {
    let row = sqlx::query!(
        r#"select channel as "channel: ChannelId", message, call_message as "earlier: MessageId",
               greatest(
                   extract(epoch from greatest(submitted_at, called_at) - now()) + $2, 0
               )::float8 as "left!",
               refused_code is not null as "is_refused!"
           from cards join requests on requests.id = request_id
           where request_id = $1 and reminded_at is null
             and state = 'pending' and expires_at > now()"#,
        request.get(),
        after.as_secs_f64() as _
    )
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(DueReminder {
        channel: row.channel,
        message: row.message.map(MessageId::new).transpose().map_err(undecodable)?,
        earlier: row.earlier,
        is_refused: row.is_refused,
        left: Duration::try_from_secs_f64(row.left).map_err(undecodable)?,
    }))
}

/// Requests whose reminder is overdue, at most a thousand. A reminder is due so long after the submission.
pub async fn list_due_reminders(
    connection: &mut PgConnection,
    after: Duration,
) -> sqlx::Result<Vec<RequestId>> {
    sqlx::query_scalar!(
        r#"select requests.id as "id: RequestId"
           from requests join cards on cards.request_id = requests.id
           where state = 'pending' and expires_at > now() and reminded_at is null
             and greatest(submitted_at, called_at) < now() - make_interval(secs => $1)
           order by expires_at limit 1000"#,
        after.as_secs_f64()
    )
    .fetch_all(connection)
    .await
}

/// Records a reminder, and its message, which calls the admins from now on. Returns whether it is the first.
pub async fn note_reminder(
    connection: &mut PgConnection,
    request: RequestId,
    message: MessageId,
) -> sqlx::Result<bool> {
    let changed = sqlx::query!(
        "update cards set reminded_at = now(), call_message = $2
         where request_id = $1 and reminded_at is null",
        request.get(),
        message.get()
    )
    .execute(connection)
    .await?;
    Ok(changed.rows_affected() == 1)
}

/// What the admins were last called for.
#[derive(Debug)]
pub struct LastCall {
    /// Where the card and calls to it are.
    pub channel: ChannelId,
    /// The card, once it is posted.
    pub card: Option<MessageId>,
    /// The message of the last call or reminder, while what it says holds.
    pub message: Option<MessageId>,
    /// The event that the last call was for.
    pub event: Option<EventId>,
    /// Whether the last call was a moment ago.
    pub is_recent: bool,
    /// Whether Discord refuses the card.
    pub is_refused: bool,
}

/// How long after a call another one notifies nobody, in minutes: whoever presses *Try again* sees the result.
const RECENT: i32 = 15;

/// The last call of the admins to a request.
pub async fn get_last_call(
    connection: &mut PgConnection,
    request: RequestId,
) -> sqlx::Result<Option<LastCall>> {
    let row = sqlx::query!(
        r#"select channel as "channel: ChannelId", message as "message: MessageId",
               call_message as "call_message: MessageId", called_for as "called_for: EventId",
               coalesce(called_at > now() - make_interval(mins => $2), false) as "is_recent!",
               refused_code is not null as "is_refused!"
           from cards where request_id = $1"#,
        request.get(),
        RECENT
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| LastCall {
        channel: row.channel,
        card: row.message,
        message: row.call_message,
        event: row.called_for,
        is_recent: row.is_recent,
        is_refused: row.is_refused,
    }))
}

/// Records that a message is about to call the admins for an event; false if they were called for a later one.
pub async fn begin_call(
    connection: &mut PgConnection,
    request: RequestId,
    event: EventId,
    is_loud: bool,
) -> sqlx::Result<bool> {
    let begun = sqlx::query!(
        "update cards set called_for = $2, call_message = null,
             called_at = case when $3 then now() else called_at end
         where request_id = $1 and coalesce(called_for, 0) <= $2",
        request.get(),
        event.get(),
        is_loud
    )
    .execute(connection)
    .await?;
    Ok(begun.rows_affected() == 1)
}

/// Records the message of the call for this event; false if it is no longer the last.
pub async fn note_call(
    connection: &mut PgConnection,
    request: RequestId,
    event: EventId,
    message: MessageId,
) -> sqlx::Result<bool> {
    let noted = sqlx::query!(
        "update cards set call_message = $3 where request_id = $1 and called_for = $2",
        request.get(),
        event.get(),
        message.get()
    )
    .execute(connection)
    .await?;
    Ok(noted.rows_affected() == 1)
}

/// What this call says no longer holds.
pub async fn forget_call(
    connection: &mut PgConnection,
    request: RequestId,
    message: MessageId,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update cards set call_message = null where request_id = $1 and call_message = $2",
        request.get(),
        message.get()
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The last event after which a request may wait for admins although its card was posted before.
pub async fn find_last_wait(
    connection: &mut PgConnection,
    request: RequestId,
) -> sqlx::Result<Option<EventId>> {
    sqlx::query_scalar!(
        r#"select id as "id: EventId" from events
           where request_id = $1 and kind in
               ('request_failed', 'request_returned', 'request_confirmed', 'request_retried')
           order by id desc limit 1"#,
        request.get()
    )
    .fetch_optional(connection)
    .await
}

/// An event that the admins are alerted of.
#[derive(Debug)]
pub struct AlertingEvent {
    /// What happened.
    pub kind: EventKind,
    /// The provider.
    pub provider: ProviderId,
    /// The token.
    pub token: TokenId,
    /// Who did it.
    pub actor: Option<UserId>,
    /// Whether an operator did it.
    pub by_operator: bool,
}

/// An event about a token; none if there is no such event.
pub async fn get_alerting_event(
    connection: &mut PgConnection,
    event: EventId,
) -> sqlx::Result<Option<AlertingEvent>> {
    let row = sqlx::query!(
        r#"select kind as "kind: EventKind", provider, token_id as "token!: TokenId",
               actor as "actor: UserId", coalesce(detail ->> 'by' = 'operator', false) as "by_operator!"
           from events where id = $1 and token_id is not null"#,
        event.get()
    )
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        Ok(AlertingEvent {
            kind: row.kind,
            provider: row.provider.parse().map_err(undecodable)?,
            token: row.token,
            actor: row.actor,
            by_operator: row.by_operator,
        })
    })
    .transpose()
}
