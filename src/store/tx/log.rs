//! Events in the audit log, each in the transaction of what it reports.

use serde_json::{Value, json};

use super::{Press, Tx};
use crate::domain::catalogue::ProviderId;
use crate::domain::content::Digest;
use crate::domain::event::EventKind;
use crate::domain::ids::{EventId, RequestId, TokenId, UserId};
use crate::domain::request::Request;
use crate::store::events::{self, NewEvent};
use crate::store::notices::EventRef;

/// Why something happens, and further details for the audit log.
#[derive(Debug)]
pub struct Cause {
    /// The reason that the request stores.
    pub reason: Option<String>,
    /// Further details in the event; never a secret.
    pub detail: Value,
}

impl Cause {
    /// Without a reason or details.
    #[must_use]
    pub fn none() -> Self {
        Self { reason: None, detail: json!({}) }
    }

    /// With a reason, or without if there could be one.
    #[must_use]
    pub fn reason(reason: Option<&str>) -> Self {
        Self { reason: reason.map(str::to_owned), detail: json!({ "reason": reason }) }
    }

    /// With details for the audit log.
    #[must_use]
    pub fn detail(detail: Value) -> Self {
        Self { reason: None, detail }
    }
}

/// An event that is not about a step of a request or a token.
#[derive(Debug)]
pub struct LogEntry<'a> {
    /// What happened.
    pub kind: EventKind,
    /// The provider.
    pub provider: &'a ProviderId,
    /// Further details; never a secret.
    pub detail: Value,
}

impl Tx {
    /// Has an event written with the commit.
    pub(super) fn note_event(&mut self, event: NewEvent) -> EventRef {
        self.events.push(event);
        EventRef::Noted(self.events.len() - 1)
    }

    /// Writes an event now, after those that wait for the commit.
    pub(super) async fn append_event(&mut self, event: NewEvent) -> sqlx::Result<EventId> {
        self.events.push(event);
        let ids = events::append(&mut self.inner, &self.events[self.written.len()..]).await?;
        self.written.extend(ids);
        self.written.last().copied().ok_or(sqlx::Error::RowNotFound)
    }

    /// Writes an event about a provider alone, by the person who pressed.
    pub async fn log(&mut self, line: LogEntry<'_>) -> sqlx::Result<EventId> {
        let event = build_event(self.press, line.kind, line.provider, line.detail);
        self.append_event(event).await
    }
}

/// The event of a request. Its digests are those of the approved content, and differ only if the content is replaced.
pub(super) fn build_request_event(
    request: &Request,
    (kind, press): (EventKind, Option<Press>),
    detail: Value,
    becomes: Option<Digest>,
) -> NewEvent {
    NewEvent {
        request: Some(request.id),
        // What Countersign does by itself, it does on behalf of the requester.
        on_behalf_of: press.is_none().then_some(request.requester),
        digests: (Some(request.digest), Some(becomes.unwrap_or(request.digest))),
        ..build_event(press, kind, &request.content.provider, detail)
    }
}

/// An event about a token that does not change it.
pub(super) fn build_token_event(
    (request, token): (RequestId, TokenId),
    provider: &ProviderId,
    (kind, press): (EventKind, Option<Press>),
    detail: Value,
) -> NewEvent {
    NewEvent {
        request: Some(request),
        token: Some(token),
        ..build_event(press, kind, provider, detail)
    }
}

/// Says in the log of the process that an event is committed; the rest is in the audit log.
pub(super) fn log_committed(event: &NewEvent) {
    let kind = serde_json::to_value(event.kind).unwrap_or_default();
    tracing::info!(
        event = kind.as_str(),
        provider = event.provider.as_str(),
        request = event.request.map(RequestId::get),
        token = event.token.map(TokenId::get),
        actor = event.actor.map(UserId::get),
        "in the audit log"
    );
}

/// An event at a provider, by a person's press or by Countersign itself.
pub(super) fn build_event(
    press: Option<Press>,
    kind: EventKind,
    provider: &ProviderId,
    detail: Value,
) -> NewEvent {
    NewEvent {
        actor: press.map(|press| press.person),
        interaction: press.map(|press| press.interaction),
        ..NewEvent::new(kind, provider, detail)
    }
}
