//! What every change leaves behind in its own transaction: an event, a card to render, people to
//! tell.

use serde_json::{Value, json};
use sqlx::PgConnection;

use super::{Actor, Workflow};
use crate::domain::catalogue::ProviderId;
use crate::domain::content::{Content, Digest};
use crate::domain::event::EventKind;
use crate::domain::ids::{DraftId, EventId, RequestId, TokenId, UserId};
use crate::domain::notice::{NoticeKind, Recipient};
use crate::domain::request::Request;
use crate::domain::token::Token;
use crate::queue::{self, Job};
use crate::store::events::{self, Asked, NewEvent};
use crate::store::{cards, notices};

/// An event at a provider, by somebody's press or by Countersign itself.
fn by<'a>(
    actor: Option<&Actor>,
    kind: EventKind,
    provider: &'a ProviderId,
    detail: Value,
) -> NewEvent<'a> {
    NewEvent {
        actor: actor.map(|actor| actor.user),
        interaction: actor.map(|actor| actor.interaction),
        ..NewEvent::new(kind, provider, detail)
    }
}

/// An event of a request's.
pub(super) async fn request_event(
    connection: &mut PgConnection,
    request: &Request,
    kind: EventKind,
    actor: Option<&Actor>,
    detail: Value,
) -> sqlx::Result<EventId> {
    let event = NewEvent {
        request: Some(request.id),
        digests: (Some(request.digest), Some(request.digest)),
        ..by(actor, kind, &request.content.provider, detail)
    };
    events::append(connection, &event).await
}

/// An event of a token's.
pub(super) async fn token_event(
    connection: &mut PgConnection,
    token: &Token,
    kind: EventKind,
    actor: Option<&Actor>,
    detail: Value,
) -> sqlx::Result<EventId> {
    let asked = Asked { person: None, detail };
    asked_event(connection, token, kind, actor, asked).await
}

/// An event of a token's that somebody else had asked for.
pub(super) async fn asked_event(
    connection: &mut PgConnection,
    token: &Token,
    kind: EventKind,
    actor: Option<&Actor>,
    asked: Asked,
) -> sqlx::Result<EventId> {
    let event = NewEvent {
        request: Some(token.request),
        token: Some(token.id),
        on_behalf_of: asked.person,
        ..by(actor, kind, &token.provider, asked.detail)
    };
    events::append(connection, &event).await
}

/// The event of a change of a token's: with what it was and becomes, as the hands saw it.
pub(super) async fn change_event(
    connection: &mut PgConnection,
    request: &Request,
    token: &Token,
    kind: EventKind,
    actor: Option<&Actor>,
    mut detail: Value,
) -> sqlx::Result<EventId> {
    detail["content"] = json!(request.content);
    let event = NewEvent {
        request: Some(request.id),
        token: Some(token.id),
        on_behalf_of: Some(request.requester),
        digests: (digest_before(request), Some(request.digest)),
        ..by(actor, kind, &token.provider, detail)
    };
    events::append(connection, &event).await
}

/// The digest of what a token was, in its canonical form.
fn digest_before(request: &Request) -> Option<Digest> {
    let was = &request.content.target.as_ref()?.was;
    serde_json::to_vec(was).ok().map(|canonical| Digest::of(&canonical))
}

/// The event of a content that took another's place; a draft's, where a person changed it.
pub(super) async fn content_event(
    connection: &mut PgConnection,
    request: &Request,
    kind: EventKind,
    (actor, draft): (Option<&Actor>, Option<DraftId>),
    after: &Content,
) -> sqlx::Result<EventId> {
    let event = NewEvent {
        request: Some(request.id),
        digests: (Some(request.digest), Some(after.digest())),
        ..by(
            actor,
            kind,
            &request.content.provider,
            json!({ "before": request.content, "after": after, "draft": draft }),
        )
    };
    events::append(connection, &event).await
}

/// Tells each recipient once.
pub(super) async fn tell(
    connection: &mut PgConnection,
    event: EventId,
    kind: NoticeKind,
    (request, token): (Option<RequestId>, Option<TokenId>),
    recipients: impl IntoIterator<Item = Recipient>,
) -> sqlx::Result<()> {
    for recipient in recipients {
        let noted = notices::insert(connection, event, kind, &recipient, request, token).await?;
        if let Some(notice) = noted {
            let job = Job::send(notice, recipient.is_mail());
            queue::enqueue(connection, job, None).await?;
        }
    }
    Ok(())
}

/// Tells a request's requester.
pub(super) async fn tell_requester(
    connection: &mut PgConnection,
    event: EventId,
    kind: NoticeKind,
    request: &Request,
) -> sqlx::Result<()> {
    let requester = Recipient::DirectMessage(request.requester);
    tell(connection, event, kind, (Some(request.id), None), [requester]).await
}

/// The primary contact, unless the owner is: whoever is told as one is not told as the other.
pub(super) fn contact_beside_owner(token: &Token) -> Option<UserId> {
    (token.contact != token.owner).then_some(token.contact)
}

/// Those of these people who did not do it themselves.
pub(super) fn others(
    actor: Option<&Actor>,
    people: impl IntoIterator<Item = UserId>,
) -> Vec<UserId> {
    let did = actor.map(|actor| actor.user);
    people.into_iter().filter(|person| Some(*person) != did).collect()
}

/// A token's developers by mail, and these people by DM, nobody twice.
pub(super) fn everyone_of(
    token: &Token,
    people: impl IntoIterator<Item = UserId>,
) -> Vec<Recipient> {
    let mut recipients: Vec<Recipient> =
        token.developer_emails.iter().cloned().map(Recipient::Mail).collect();
    for person in people {
        let recipient = Recipient::DirectMessage(person);
        if !recipients.contains(&recipient) {
            recipients.push(recipient);
        }
    }
    recipients
}

impl Workflow {
    /// Lets the request's card be rendered as things are when this transaction commits.
    pub(super) async fn show(
        &self,
        connection: &mut PgConnection,
        request: &Request,
    ) -> sqlx::Result<()> {
        self.show_request(connection, request.id, &request.content).await
    }

    /// The same for a request of which only the content is at hand.
    pub(super) async fn show_request(
        &self,
        connection: &mut PgConnection,
        request: RequestId,
        content: &Content,
    ) -> sqlx::Result<()> {
        match self.config.provider(&content.provider) {
            Some(provider) => cards::want(connection, request, provider.approval_channel).await?,
            // It has no channel any more; the card that stands is rendered where it is.
            None => cards::want_again(connection, request).await?,
        }
        queue::enqueue(connection, Job::RenderCard { request }, None).await
    }
}
