//! Cards: where each request's card is, and which state of it Discord has.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use std::time::Duration;

use super::undecodable;
use crate::domain::card::Rendering;
use crate::domain::catalogue::ProviderId;
use crate::domain::content::Digest;
use crate::domain::ids::{ChannelId, MessageId, RequestId};
use crate::domain::request::Request;

/// What a job for a card finds.
#[derive(Debug)]
pub enum CardClaim {
    /// It may render.
    Rendering(Rendering),
    /// Discord has the current state.
    UpToDate,
    /// Somebody else renders.
    Busy,
}

/// Says that a card must show something new; makes it where there is none yet.
pub(super) async fn mark_outdated(
    connection: &mut PgConnection,
    request: RequestId,
    channel: ChannelId,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into cards (request_id, channel) values ($1, $2)
         on conflict (request_id) do update set wanted = cards.wanted + 1",
        request.get(),
        channel.get()
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The same where it is not known any more in which channel a new card would be.
pub(super) async fn mark_existing_outdated(
    connection: &mut PgConnection,
    request: RequestId,
) -> sqlx::Result<()> {
    sqlx::query!("update cards set wanted = wanted + 1 where request_id = $1", request.get())
        .execute(connection)
        .await?;
    Ok(())
}

/// Takes the right to render a card for `lease`, if it is stale and free.
pub async fn claim(
    connection: &mut PgConnection,
    request: RequestId,
    lease: Duration,
) -> sqlx::Result<CardClaim> {
    let row = sqlx::query!(
        r#"update cards set rendering_until = now() + make_interval(secs => $2)
           where request_id = $1 and shown < wanted
             and (rendering_until is null or rendering_until < now())
           returning channel as "channel: ChannelId", message, wanted, posted,
               rendering_until as "until!""#,
        request.get(),
        lease.as_secs_f64()
    )
    .fetch_optional(&mut *connection)
    .await?;
    if let Some(row) = row {
        let message = row.message.map(MessageId::new).transpose().map_err(undecodable)?;
        let (channel, wanted, posted, until) = (row.channel, row.wanted, row.posted, row.until);
        return Ok(CardClaim::Rendering(Rendering { channel, message, wanted, posted, until }));
    }
    let stale = sqlx::query_scalar!(
        r#"select exists (select from cards where request_id = $1 and shown < wanted) as "stale!""#,
        request.get()
    )
    .fetch_one(connection)
    .await?;
    Ok(if stale { CardClaim::Busy } else { CardClaim::UpToDate })
}

/// Notes that a card has no room for all of this content, before it is shown. False where the right to render
/// it was lost meanwhile.
pub async fn note_cut(
    connection: &mut PgConnection,
    request: RequestId,
    content: Digest,
    until: DateTime<Utc>,
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"with held as (select request_id from cards where request_id = $1 and rendering_until = $3),
           noted as (
               insert into cut_contents (request_id, digest) select request_id, $2 from held
               on conflict do nothing)
           select exists (select from held) as "held!""#,
        request.get(),
        content.as_bytes(),
        until
    )
    .fetch_one(connection)
    .await
}

/// Whether a card of a request had no room for the content that it has.
pub async fn is_cut(connection: &mut PgConnection, request: &Request) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (
               select from cut_contents where request_id = $1 and digest = $2) as "cut!""#,
        request.id.get(),
        request.digest.as_bytes()
    )
    .fetch_one(connection)
    .await
}

/// Discord has the card: notes it and gives the right back. Whether more is wanted already, or the
/// right was lost meanwhile, so that somebody else's older state may stand there.
pub async fn note_shown(
    connection: &mut PgConnection,
    request: RequestId,
    rendering: &Rendering,
    message: MessageId,
) -> sqlx::Result<bool> {
    let row = sqlx::query!(
        r#"update cards set channel = $5, message = $3, shown = greatest(shown, $4),
               rendering_until = null,
               posted = case when message is distinct from $3 then posted + 1 else posted end
           where request_id = $1 and rendering_until = $2
           returning shown < wanted as "stale!""#,
        request.get(),
        rendering.until,
        message.get(),
        rendering.wanted,
        rendering.channel.get()
    )
    .fetch_optional(&mut *connection)
    .await?;
    if let Some(row) = row {
        return Ok(row.stale);
    }
    mark_existing_outdated(connection, request).await?;
    Ok(true)
}

/// Gives the right back after a failure.
pub async fn release(
    connection: &mut PgConnection,
    request: RequestId,
    rendering: &Rendering,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update cards set rendering_until = null where request_id = $1 and rendering_until = $2",
        request.get(),
        rendering.until
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Discord won't let us edit the message any more: gives the right back, and the next rendering
/// posts a new one.
pub async fn lose_message(
    connection: &mut PgConnection,
    request: RequestId,
    rendering: &Rendering,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update cards set message = null, rendering_until = null
         where request_id = $1 and rendering_until = $2",
        request.get(),
        rendering.until
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A request that still waits and whose admins were not reminded yet.
#[derive(Debug)]
pub struct DueReminder {
    /// Where its card stands, or will stand.
    pub channel: ChannelId,
    /// Its card, once it is posted.
    pub message: Option<MessageId>,
    /// How long until the admins are to be reminded of it.
    pub left: Duration,
}

/// A request, if it still waits and its admins were not reminded yet; they are so long after it was
/// submitted.
pub async fn get_due_reminder(
    connection: &mut PgConnection,
    request: RequestId,
    after: Duration,
) -> sqlx::Result<Option<DueReminder>> {
    let row = sqlx::query!(
        r#"select channel as "channel: ChannelId", message,
               greatest(extract(epoch from submitted_at - now()) + $2, 0)::float8 as "left!"
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
        left: Duration::try_from_secs_f64(row.left).map_err(undecodable)?,
    }))
}

/// Requests whose admins should have been reminded, so long after they were submitted, and were not:
/// a thousand at most.
pub async fn list_due_reminders(
    connection: &mut PgConnection,
    after: Duration,
) -> sqlx::Result<Vec<RequestId>> {
    sqlx::query_scalar!(
        r#"select requests.id as "id: RequestId"
           from requests join cards on cards.request_id = requests.id
           where state = 'pending' and expires_at > now() and reminded_at is null
             and submitted_at < now() - make_interval(secs => $1)
           order by expires_at limit 1000"#,
        after.as_secs_f64()
    )
    .fetch_all(connection)
    .await
}

/// Where the card of a request stands, once it is posted.
pub async fn find_message(
    connection: &mut PgConnection,
    request: RequestId,
) -> sqlx::Result<Option<(ChannelId, MessageId)>> {
    let row = sqlx::query!(
        r#"select channel as "channel: ChannelId", message as "message!: MessageId" from cards
           where request_id = $1 and message is not null"#,
        request.get()
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| (row.channel, row.message)))
}

/// Notes a reminder; whether it is the first.
pub async fn note_reminder(
    connection: &mut PgConnection,
    request: RequestId,
) -> sqlx::Result<bool> {
    let changed = sqlx::query!(
        "update cards set reminded_at = now() where request_id = $1 and reminded_at is null",
        request.get()
    )
    .execute(connection)
    .await?;
    Ok(changed.rows_affected() == 1)
}

/// Requests that wait and have no card, since their provider was not configured when they came to be,
/// and is: a thousand at most, each with its provider.
pub async fn list_missing(
    connection: &mut PgConnection,
    providers: &[ProviderId],
) -> sqlx::Result<Vec<(RequestId, ProviderId)>> {
    let providers: Vec<String> = providers.iter().map(ToString::to_string).collect();
    let rows = sqlx::query!(
        r#"select id as "id: RequestId", provider from requests
           where provider = any($1) and state in ('pending', 'approved', 'issuing', 'failed')
             and not exists (select from cards where request_id = requests.id)
           order by id limit 1000"#,
        &providers
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(|row| Ok((row.id, row.provider.parse().map_err(undecodable)?))).collect()
}

/// Cards that are behind, a thousand at most.
pub async fn list_stale(connection: &mut PgConnection) -> sqlx::Result<Vec<RequestId>> {
    sqlx::query_scalar!(
        r#"select request_id as "id: RequestId" from cards
           where shown < wanted order by request_id limit 1000"#
    )
    .fetch_all(connection)
    .await
}
