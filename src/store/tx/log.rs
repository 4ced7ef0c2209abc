//! Lines of the audit log, each in the transaction of what it tells of.

use serde_json::{Value, json};

use super::{Press, Tx};
use crate::domain::catalogue::ProviderId;
use crate::domain::content::Digest;
use crate::domain::event::EventKind;
use crate::domain::ids::{EventId, RequestId, TokenId, UserId};
use crate::domain::request::Request;
use crate::store::events::{self, NewEvent};

/// Why something happens, and what else the audit log holds of it.
#[derive(Debug)]
pub struct Cause {
    /// What the request keeps as its reason.
    pub reason: Option<String>,
    /// What the event holds besides; never a secret.
    pub detail: Value,
}

impl Cause {
    /// Nothing more is to be said.
    #[must_use]
    pub fn none() -> Self {
        Self { reason: None, detail: json!({}) }
    }

    /// With a reason, or none where there could be one.
    #[must_use]
    pub fn reason(reason: Option<&str>) -> Self {
        Self { reason: reason.map(str::to_owned), detail: json!({ "reason": reason }) }
    }

    /// With more for the audit log.
    #[must_use]
    pub fn detail(detail: Value) -> Self {
        Self { reason: None, detail }
    }
}

/// A line that tells of no request's and no token's step.
#[derive(Debug)]
pub struct LogEntry<'a> {
    /// What happened.
    pub kind: EventKind,
    /// Of which provider.
    pub provider: &'a ProviderId,
    /// What else is to be known; never a secret.
    pub detail: Value,
}

impl Tx {
    /// Writes a line that is about a provider alone, by the person who pressed.
    pub async fn log(&mut self, line: LogEntry<'_>) -> sqlx::Result<EventId> {
        self.log_by(self.press, line).await
    }

    pub(super) async fn log_by(
        &mut self,
        press: Option<Press>,
        line: LogEntry<'_>,
    ) -> sqlx::Result<EventId> {
        let event = build_event(press, line.kind, line.provider, line.detail);
        events::append(self, &event).await
    }

    /// Writes the event of a request's; its digests are those of what is approved, and change only where
    /// another content takes its place.
    pub(super) async fn log_request(
        &mut self,
        request: &Request,
        (kind, press): (EventKind, Option<Press>),
        detail: Value,
        becomes: Option<Digest>,
    ) -> sqlx::Result<EventId> {
        let event = NewEvent {
            request: Some(request.id),
            // What Countersign does about it by itself, it does for the person who asked for it.
            on_behalf_of: press.is_none().then_some(request.requester),
            digests: (Some(request.digest), Some(becomes.unwrap_or(request.digest))),
            ..build_event(press, kind, &request.content.provider, detail)
        };
        events::append(self, &event).await
    }

    /// Writes an event that is about a token and leaves it as it is.
    pub(super) async fn log_token(
        &mut self,
        (request, token): (RequestId, TokenId),
        provider: &ProviderId,
        (kind, press): (EventKind, Option<Press>),
        on_behalf_of: Option<UserId>,
        detail: Value,
    ) -> sqlx::Result<EventId> {
        let event = NewEvent {
            request: Some(request),
            token: Some(token),
            on_behalf_of,
            ..build_event(press, kind, provider, detail)
        };
        events::append(self, &event).await
    }
}

/// An event at a provider, by somebody's press or by Countersign itself.
pub(super) fn build_event(
    press: Option<Press>,
    kind: EventKind,
    provider: &ProviderId,
    detail: Value,
) -> NewEvent<'_> {
    NewEvent {
        actor: press.map(|press| press.person),
        interaction: press.map(|press| press.interaction),
        ..NewEvent::new(kind, provider, detail)
    }
}
