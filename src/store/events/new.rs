//! What is written into the audit log.

use serde_json::Value;
use sqlx::PgConnection;

use crate::domain::catalogue::ProviderId;
use crate::domain::content::Digest;
use crate::domain::event::EventKind;
use crate::domain::ids::{EventId, InteractionId, RequestId, TokenId, UserId};

/// One event; it is written in the transaction of what it reports.
#[derive(Debug)]
pub struct NewEvent {
    /// What happened.
    pub kind: EventKind,
    /// The provider.
    pub provider: ProviderId,
    /// The request.
    pub request: Option<RequestId>,
    /// The token.
    pub token: Option<TokenId>,
    /// Who did it; none if Countersign did it by itself.
    pub actor: Option<UserId>,
    /// On whose behalf, if that is someone else.
    pub on_behalf_of: Option<UserId>,
    /// The press that caused it.
    pub interaction: Option<InteractionId>,
    /// The digest of the content before and after.
    pub digests: (Option<Digest>, Option<Digest>),
    /// Further details; never a secret.
    pub detail: Value,
}

impl NewEvent {
    /// An event at a provider, without a request, a token or a person; they can be added.
    #[must_use]
    pub fn new(kind: EventKind, provider: &ProviderId, detail: Value) -> Self {
        Self {
            kind,
            provider: provider.clone(),
            request: None,
            token: None,
            actor: None,
            on_behalf_of: None,
            interaction: None,
            digests: (None, None),
            detail,
        }
    }
}

/// Events by column, as one statement takes them.
#[derive(Debug, Default)]
pub(in crate::store) struct EventColumns<'a> {
    pub kinds: Vec<EventKind>,
    pub providers: Vec<&'a str>,
    pub requests: Vec<Option<i64>>,
    pub tokens: Vec<Option<i64>>,
    pub actors: Vec<Option<i64>>,
    /// On whose behalf.
    pub others: Vec<Option<i64>>,
    pub interactions: Vec<Option<i64>>,
    pub before: Vec<Option<&'a [u8]>>,
    pub after: Vec<Option<&'a [u8]>>,
    pub details: Vec<&'a Value>,
}

impl<'a> EventColumns<'a> {
    pub(in crate::store) fn of(events: &'a [NewEvent]) -> Self {
        let mut columns = Self::default();
        for event in events {
            let other = event.on_behalf_of.filter(|person| Some(*person) != event.actor);
            let (before, after) = &event.digests;
            columns.kinds.push(event.kind);
            columns.providers.push(event.provider.as_str());
            columns.requests.push(event.request.map(RequestId::get));
            columns.tokens.push(event.token.map(TokenId::get));
            columns.actors.push(event.actor.map(UserId::get));
            columns.others.push(other.map(UserId::get));
            columns.interactions.push(event.interaction.map(InteractionId::get));
            columns.before.push(before.as_ref().map(Digest::as_bytes));
            columns.after.push(after.as_ref().map(Digest::as_bytes));
            columns.details.push(&event.detail);
        }
        columns
    }
}

/// Writes events in their order, as [`at_commit`](crate::store::at_commit) does for those that can wait: a checked query is
/// written out whole. Returns their ids.
pub(in crate::store) async fn append(
    connection: &mut PgConnection,
    events: &[NewEvent],
) -> sqlx::Result<Vec<EventId>> {
    let events = EventColumns::of(events);
    sqlx::query_scalar!(
        r#"with written as (
               insert into events (kind, provider, request_id, token_id, actor, on_behalf_of,
                   interaction_id, digest_before, digest_after, detail)
               select kind, provider, request_id, token_id, actor, on_behalf_of,
                   interaction_id, digest_before, digest_after, detail
               from unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[],
                       $7::bigint[], $8::bytea[], $9::bytea[], $10::jsonb[])
                   with ordinality as event (kind, provider, request_id, token_id, actor, on_behalf_of,
                       interaction_id, digest_before, digest_after, detail, place)
               order by place
               returning id)
           select id as "id: EventId" from written order by id"#,
        &events.kinds as _,
        &events.providers as _,
        &events.requests as _,
        &events.tokens as _,
        &events.actors as _,
        &events.others as _,
        &events.interactions as _,
        &events.before as _,
        &events.after as _,
        &events.details as _
    )
    .fetch_all(connection)
    .await
}
