//! The audit log: written once, never changed.

use serde_json::Value;
use sqlx::PgConnection;

use super::undecodable;
use crate::domain::catalogue::ProviderId;
use crate::domain::content::{Content, Digest};
use crate::domain::event::EventKind;
use crate::domain::ids::{DraftId, EventId, InteractionId, RequestId, TokenId, UserId};

/// One line, in the transaction of what it tells of.
#[derive(Debug)]
pub struct NewEvent<'a> {
    /// What happened.
    pub kind: EventKind,
    /// Of which provider.
    pub provider: &'a ProviderId,
    /// To which request.
    pub request: Option<RequestId>,
    /// To which token.
    pub token: Option<TokenId>,
    /// Who did it; none for Countersign itself.
    pub actor: Option<UserId>,
    /// For whom, where that differs.
    pub on_behalf_of: Option<UserId>,
    /// By which press.
    pub interaction: Option<InteractionId>,
    /// The content's digest before and after.
    pub digests: (Option<Digest>, Option<Digest>),
    /// What else is to be known; never a secret.
    pub detail: Value,
}

/// Writes a line.
///
/// # Errors
/// As the database says.
pub async fn append(connection: &mut PgConnection, event: &NewEvent<'_>) -> sqlx::Result<EventId> {
    let (before, after) = event.digests;
    sqlx::query_scalar!(
        r#"insert into events (kind, provider, request_id, token_id, actor, on_behalf_of,
               interaction_id, digest_before, digest_after, detail)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning id as "id: EventId""#,
        event.kind as EventKind,
        event.provider.as_str(),
        event.request.map(RequestId::get),
        event.token.map(TokenId::get),
        event.actor.map(UserId::get),
        event.on_behalf_of.map(UserId::get),
        event.interaction.map(InteractionId::get),
        before.map(|digest| digest.as_bytes().to_vec()),
        after.map(|digest| digest.as_bytes().to_vec()),
        event.detail
    )
    .fetch_one(connection)
    .await
}

/// What a request's content was before the one of this digest took its place, if it did.
///
/// # Errors
/// As the database says.
pub async fn content_before(
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

/// What became of a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Became {
    /// The request that it became, or changed.
    pub request: RequestId,
    /// Whether that existed before.
    pub edited: bool,
}

/// The pending request of this person that a draft became, if it did.
///
/// # Errors
/// As the database says.
pub async fn became(
    connection: &mut PgConnection,
    requester: UserId,
    draft: DraftId,
) -> sqlx::Result<Option<Became>> {
    sqlx::query_as!(
        Became,
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
