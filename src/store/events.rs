//! The audit log: written once, never changed. `new`: what is written.

mod new;

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sqlx::PgConnection;

pub use new::NewEvent;
pub(super) use new::{EventColumns, append};

use super::readable::JsonText;
use super::undecodable;
use crate::domain::catalogue::ProviderId;
use crate::domain::content::{Content, Digest};
use crate::domain::event::EventKind;
use crate::domain::event::{Event, HistorySubject};
use crate::domain::ids::{
    DraftId, EventId, InteractionId, RequestId, RequestNumber, TokenId, UserId,
};

/// Who requested something that another process did later.
#[derive(Debug)]
pub struct EndInitiator {
    /// None if it was the operator, whom `detail` then names.
    pub person: Option<UserId>,
    /// Further details from the audit log.
    pub detail: Value,
}

impl Default for EndInitiator {
    fn default() -> Self {
        Self { person: None, detail: json!({}) }
    }
}

/// Who last requested a token's end.
pub async fn find_end_initiator(
    connection: &mut PgConnection,
    token: TokenId,
) -> sqlx::Result<EndInitiator> {
    let found = sqlx::query_as!(
        EndInitiator,
        r#"select coalesce(on_behalf_of, actor) as "person: UserId", detail from events
           where token_id = $1 and kind in ('token_disabling', 'token_deleting')
           order by id desc limit 1"#,
        token.get()
    )
    .fetch_optional(connection)
    .await?;
    Ok(found.unwrap_or_default())
}

/// The provider and the details of an event of this kind; none if there is no such event.
pub async fn get_detail(
    connection: &mut PgConnection,
    event: EventId,
    kind: EventKind,
) -> sqlx::Result<Option<(ProviderId, serde_json::Value)>> {
    let row = sqlx::query!(
        "select provider, detail from events where id = $1 and kind = $2",
        event.get(),
        kind as EventKind
    )
    .fetch_optional(connection)
    .await?;
    row.map(|row| Ok((row.provider.parse().map_err(undecodable)?, row.detail))).transpose()
}

/// Whether the admins were told before that an upstream's answers differ from this configuration in this
/// way.
pub async fn is_doubted(
    connection: &mut PgConnection,
    provider: &ProviderId,
    (configuration, what): (&str, &str),
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (
               select from events where kind = 'upstream_doubted' and provider = $1
                   and detail ->> 'configuration' = $2 and detail ->> 'what' = $3
           ) as "is!""#,
        provider.as_str(),
        configuration,
        what
    )
    .fetch_one(connection)
    .await
}

/// Why a token could not be ended at its upstream, when that was last tried in vain.
pub async fn last_trouble(
    connection: &mut PgConnection,
    token: TokenId,
) -> sqlx::Result<Option<String>> {
    let found = sqlx::query_scalar!(
        "select detail ->> 'reason' from events where token_id = $1 and kind = 'upstream_trouble'
         order by id desc limit 1",
        token.get()
    )
    .fetch_optional(connection)
    .await?;
    Ok(found.flatten())
}

/// Why the last doubtful call for a request was doubtful.
pub async fn last_doubt(
    connection: &mut PgConnection,
    request: RequestId,
) -> sqlx::Result<Option<String>> {
    let found = sqlx::query_scalar!(
        "select detail ->> 'why' from events where request_id = $1 and kind = 'attempt_ended'
             and detail ->> 'became' = 'doubtful' order by id desc limit 1",
        request.get()
    )
    .fetch_optional(connection)
    .await?;
    Ok(found.flatten())
}

/// When a person may next do something that is allowed `limit` times (at least once) in `window`, by the
/// database's clock; none if it is allowed now. It counts the person's events of this kind that have no
/// token and no request. Code that writes such an event must hold the lock of
/// [`lock_submissions`](super::requests::lock_submissions).
pub async fn find_next_allowed_time(
    connection: &mut PgConnection,
    (kind, provider, actor): (EventKind, &ProviderId, UserId),
    (limit, window): (u32, Duration),
) -> sqlx::Result<Option<DateTime<Utc>>> {
    let again = sqlx::query_scalar!(
        r#"select at + make_interval(secs => $4) as "again!" from events
           where provider = $1 and kind = $2 and actor = $3 and token_id is null
               and request_id is null and at > now() - make_interval(secs => $4)
           order by at desc offset $5 limit 1"#,
        provider.as_str(),
        kind as EventKind,
        actor.get(),
        window.as_secs_f64(),
        i64::from(limit.saturating_sub(1))
    );
    again.fetch_optional(connection).await
}

/// The last failure of a request.
pub async fn find_last_failure(
    connection: &mut PgConnection,
    request: RequestId,
) -> sqlx::Result<Option<EventId>> {
    sqlx::query_scalar!(
        r#"select id as "id: EventId" from events
           where request_id = $1 and kind = 'request_failed' order by id desc limit 1"#,
        request.get()
    )
    .fetch_optional(connection)
    .await
}

/// Whether nobody knew once whether an upstream had carried a request out.
pub async fn was_in_doubt(connection: &mut PgConnection, request: RequestId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from events where request_id = $1 and kind = 'request_failed'
               and starts_with(detail ->> 'reason', 'upstream_changing: ')) as "was!""#,
        request.get()
    )
    .fetch_one(connection)
    .await
}

/// The content of a request before the one with this digest replaced it, if it did.
pub async fn find_content_before(
    connection: &mut PgConnection,
    request: RequestId,
    digest: Digest,
) -> sqlx::Result<Option<Content>> {
    let before = sqlx::query_scalar!(
        r#"select detail -> 'before' as "before!" from events
           where request_id = $1 and digest_after = $2 and detail ? 'before'
           order by id desc limit 1"#,
        request.get(),
        digest.as_bytes()
    )
    .fetch_optional(connection)
    .await?;
    before.map(|content| serde_json::from_value(content).map_err(undecodable)).transpose()
}

/// The history of something, the newest first: `most` events before `before`.
pub async fn list_history(
    connection: &mut PgConnection,
    about: HistorySubject,
    before: Option<EventId>,
    most: i64,
) -> sqlx::Result<Vec<Event>> {
    let (token, request) = match about {
        HistorySubject::Token(token) => (Some(token.get()), None),
        HistorySubject::Request(request) => (None, Some(request.get())),
    };
    // Each part is read from the end of its index.
    sqlx::query_as!(
        Event,
        r#"with ids as (
               (select id from events where token_id = $1 and id < $3 order by id desc limit $4)
               union
               (select found.id from requests cross join lateral (
                    select id from events where request_id = requests.id and id < $3
                    order by id desc limit $4) found
                where requests.id = $2 or requests.token_id = $1
                    or requests.id = (select request_id from tokens where tokens.id = $1))
           )
           select events.id as "id: EventId", at, events.kind, events.provider,
               number as "request?: RequestNumber", events.token_id as "token: TokenId",
               actor as "actor: UserId", on_behalf_of as "on_behalf_of: UserId",
               interaction_id as "interaction: InteractionId",
               encode(digest_before, 'hex') as digest_before,
               encode(digest_after, 'hex') as digest_after, detail::text as "detail!: JsonText"
           from ids join events using (id) left join requests on requests.id = events.request_id
           order by events.id desc limit $4"#,
        token,
        request,
        before.map_or(i64::MAX, EventId::get),
        most
    )
    .fetch_all(connection)
    .await
}

/// Filters; without any, all events.
#[derive(Debug, Default)]
pub struct EventFilter {
    /// Only events that are not older.
    pub since: Option<DateTime<Utc>>,
    /// Of these tokens, and of the requests that made or changed them.
    pub tokens: Option<Vec<TokenId>>,
}

/// Up to `most` events after one, the oldest first.
pub async fn list_after(
    connection: &mut PgConnection,
    id: i64,
    wanted: &EventFilter,
    most: i64,
) -> sqlx::Result<Vec<Event>> {
    let tokens = wanted.tokens.as_ref();
    let tokens: Option<Vec<i64>> = tokens.map(|ids| ids.iter().map(|id| id.get()).collect());
    sqlx::query_as!(
        Event,
        r#"select events.id as "id: EventId", at, events.kind, events.provider,
               number as "request?: RequestNumber", events.token_id as "token: TokenId",
               actor as "actor: UserId", on_behalf_of as "on_behalf_of: UserId",
               interaction_id as "interaction: InteractionId",
               encode(digest_before, 'hex') as digest_before,
               encode(digest_after, 'hex') as digest_after, detail::text as "detail!: JsonText"
           from events left join requests on requests.id = events.request_id
           where events.id > $1 and ($3::timestamptz is null or at >= $3)
               and ($4::bigint[] is null or events.token_id = any($4)
                   or events.request_id in (
                       select id from requests where requests.token_id = any($4)
                       union all
                       select request_id from tokens where tokens.id = any($4)))
           order by events.id limit $2"#,
        id,
        most,
        wanted.since,
        tokens.as_deref()
    )
    .fetch_all(connection)
    .await
}

/// Who disabled a token because they had found its secret, since the token was last enabled.
pub async fn find_leak_reporter(
    connection: &mut PgConnection,
    token: TokenId,
) -> sqlx::Result<Option<UserId>> {
    let found = sqlx::query_scalar!(
        r#"select coalesce(on_behalf_of, actor) as "person: UserId" from events found
           where token_id = $1 and kind in ('token_disabled', 'token_disabling')
               and detail ? 'reported_as_leaked'
               and not exists (select from events later where later.token_id = $1
                   and later.kind = 'token_enabled' and later.id > found.id)
           order by id desc limit 1"#,
        token.get()
    )
    .fetch_optional(connection)
    .await?;
    Ok(found.flatten())
}

/// The request that a draft became.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DraftOutcome {
    /// The request that the draft became, or that it changed.
    pub request: RequestId,
    /// Whether the request existed before.
    pub edited: bool,
}

/// The pending request that a person's draft became or changed, if it did.
pub async fn find_draft_outcome(
    connection: &mut PgConnection,
    requester: UserId,
    draft: DraftId,
) -> sqlx::Result<Option<DraftOutcome>> {
    sqlx::query_as!(
        DraftOutcome,
        r#"select request.id as "request: RequestId", event.kind = 'request_edited' as "edited!"
           from requests request join events event on event.request_id = request.id
           where request.requester = $1 and request.state = 'pending'
               and event.kind in ('request_submitted', 'request_edited')
               and event.detail ->> 'draft' = $2
           order by event.id desc limit 1"#,
        requester.get(),
        draft.to_string()
    )
    .fetch_optional(connection)
    .await
}
