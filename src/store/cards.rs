//! Cards: where the card of each request is, and which state of it Discord shows.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use std::time::Duration;

use super::undecodable;
use crate::domain::card::Rendering;
use crate::domain::catalogue::ProviderId;
use crate::domain::content::Digest;
use crate::domain::ids::{ChannelId, EventId, MessageId, RequestId};
use crate::domain::request::Request;

/// What the job of a card finds.
#[derive(Debug)]
pub enum CardClaim {
    /// The job may render.
    Rendering(Rendering),
    /// Discord has the current state.
    UpToDate,
    /// Another process renders it.
    Busy,
}

/// Marks an existing card as outdated, where it is no longer known in which channel a new one would be.
pub(super) async fn mark_existing_outdated(
    connection: &mut PgConnection,
    request: RequestId,
) -> sqlx::Result<()> {
    sqlx::query!("update cards set wanted = wanted + 1 where request_id = $1", request.get())
        .execute(connection)
        .await?;
    Ok(())
}

/// Takes the right to render a card for `lease`, if the card is outdated and no one renders it.
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
               call_message as "call_message: MessageId", refused_code is not null as "is_refused!",
               rendering_until as "until!""#,
        request.get(),
        lease.as_secs_f64()
    )
    .fetch_optional(&mut *connection)
    .await?;
    if let Some(row) = row {
        let message = row.message.map(MessageId::new).transpose().map_err(undecodable)?;
        return Ok(CardClaim::Rendering(Rendering {
            channel: row.channel,
            message,
            call: row.call_message,
            is_refused: row.is_refused,
            wanted: row.wanted,
            posted: row.posted,
            until: row.until,
        }));
    }
    let stale = sqlx::query_scalar!(
        r#"select exists (select from cards where request_id = $1 and shown < wanted) as "stale!""#,
        request.get()
    )
    .fetch_one(connection)
    .await?;
    Ok(if stale { CardClaim::Busy } else { CardClaim::UpToDate })
}

/// Notes, before a card is shown, that it has no room for all of this content. False if the right to render
/// was lost in the meantime.
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

/// Records that Discord shows the card, and releases the right to render. A message that is new called the
/// admins for `called_for`. Returns whether it must be rendered again: because it is outdated already, or
/// because the right was lost in the meantime, so that an older state may be shown.
pub async fn note_shown(
    connection: &mut PgConnection,
    request: RequestId,
    rendering: &Rendering,
    message: MessageId,
    called_for: Option<EventId>,
) -> sqlx::Result<bool> {
    let row = sqlx::query!(
        r#"update cards set channel = $5, message = $3, shown = greatest(shown, $4),
               rendering_until = null, refused_code = null, refused_at = null, refused_revision = null,
               called_for = greatest(called_for, $6),
               posted = case when message is distinct from $3 then posted + 1 else posted end
           where request_id = $1 and rendering_until = $2
           returning shown < wanted as "stale!""#,
        request.get(),
        rendering.until,
        message.get(),
        rendering.wanted,
        rendering.channel.get(),
        called_for.map(EventId::get)
    )
    .fetch_optional(&mut *connection)
    .await?;
    if let Some(row) = row {
        return Ok(row.stale);
    }
    mark_existing_outdated(connection, request).await?;
    Ok(true)
}

/// Records that Discord refused the card for good, and releases the right to render: the same state is not
/// rendered again. Returns whether the requester was not told of it for this content yet; `None` if the right
/// was lost in the meantime.
pub async fn note_refused(
    connection: &mut PgConnection,
    request: &Request,
    rendering: &Rendering,
    code: u32,
) -> sqlx::Result<Option<bool>> {
    sqlx::query_scalar!(
        r#"with held as (
               select request_id, refused_revision from cards
               where request_id = $1 and rendering_until = $2 for update)
           update cards set shown = greatest(shown, $3), rendering_until = null,
               refused_code = $4, refused_at = now(), refused_revision = $5
           from held where cards.request_id = held.request_id
           returning held.refused_revision is distinct from $5 as "untold!""#,
        request.id.get(),
        rendering.until,
        rendering.wanted,
        i32::try_from(code).unwrap_or(i32::MAX),
        request.revision
    )
    .fetch_optional(connection)
    .await
}

/// Has refused cards rendered again that were refused longer than `pause` ago: those of open requests, and of others
/// for some days, since they may still show buttons.
pub async fn retry_refused(connection: &mut PgConnection, pause: Duration) -> sqlx::Result<()> {
    sqlx::query!(
        "update cards set wanted = wanted + 1, refused_at = now() from requests
         where requests.id = request_id and refused_code is not null
             and refused_at <= now() - make_interval(secs => $1)
             and (state in ('pending', 'approved', 'issuing', 'failed') or expires_at > now() - interval '7 days')",
        pause.as_secs_f64()
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Marks the cards as outdated of requests that failed because their provider was gone, and that have it again.
pub async fn mark_with_provider(
    connection: &mut PgConnection,
    providers: &[ProviderId],
) -> sqlx::Result<Vec<RequestId>> {
    let providers: Vec<String> = providers.iter().map(ToString::to_string).collect();
    sqlx::query_scalar!(
        r#"update cards set wanted = wanted + 1 from requests
           where requests.id = request_id and provider = any($1)
               and state = 'failed' and reason = 'provider_gone'
           returning request_id as "request: RequestId""#,
        &providers
    )
    .fetch_all(connection)
    .await
}

/// The cards that Discord refuses, and that are still tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefusedCards {
    /// How many.
    pub count: i64,
    /// Discord's code for one of them.
    pub code: u32,
}

/// The cards that Discord refuses, and that are still tried, if there are any.
pub async fn count_refused(connection: &mut PgConnection) -> sqlx::Result<Option<RefusedCards>> {
    let row = sqlx::query!(
        r#"select count(*) as "count!", min(refused_code) as code
           from cards join requests on requests.id = request_id
           where refused_code is not null
             and (state in ('pending', 'approved', 'issuing', 'failed') or expires_at > now() - interval '7 days')"#
    )
    .fetch_one(connection)
    .await?;
    Ok(row.code.map(|code| RefusedCards { count: row.count, code: code.unsigned_abs() }))
}

/// Releases the right to render after a failure.
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

/// Releases the right to render when Discord no longer lets us edit the message; the next rendering posts a
/// new one.
pub async fn lose_message(
    connection: &mut PgConnection,
    request: RequestId,
    rendering: &Rendering,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update cards set message = null, call_message = null, rendering_until = null
         where request_id = $1 and rendering_until = $2",
        request.get(),
        rendering.until
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The message that is the request's card, once it is posted.
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

/// Requests that wait without a card, because their provider was not configured when they were submitted,
/// and is now: at most a thousand, each with its provider.
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

/// Outdated cards, at most a thousand.
pub async fn list_stale(connection: &mut PgConnection) -> sqlx::Result<Vec<RequestId>> {
    sqlx::query_scalar!(
        r#"select request_id as "id: RequestId" from cards
           where shown < wanted order by request_id limit 1000"#
    )
    .fetch_all(connection)
    .await
}
