//! What every change leaves behind in its own transaction: an event, a card to render, people to
//! tell.

use serde_json::{Value, json};
use sqlx::PgConnection;

use super::{Actor, Workflow};
use crate::domain::catalogue::ProviderId;
use crate::domain::content::Content;
use crate::domain::delivery::Delivery;
use crate::domain::event::EventKind;
use crate::domain::ids::{DraftId, EventId, RequestId, TokenId, UserId};
use crate::domain::notice::{NoticeKind, Recipient};
use crate::domain::request::{Approval, Request};
use crate::domain::snapshot::Snapshot;
use crate::domain::token::Token;
use crate::queue::{self, Job};
use crate::store::events::{self, Asked, NewEvent};
use crate::store::{approvals, cards, notices, secrets};

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

/// An event of a request's. Its digests are those of the content that is approved. What Countersign
/// does about it by itself, it does for whoever asked.
pub(super) fn of_request<'a>(
    request: &'a Request,
    kind: EventKind,
    actor: Option<&Actor>,
    detail: Value,
) -> NewEvent<'a> {
    NewEvent {
        request: Some(request.id),
        on_behalf_of: actor.is_none().then_some(request.requester),
        digests: (Some(request.digest), Some(request.digest)),
        ..by(actor, kind, &request.content.provider, detail)
    }
}

/// Writes an event of a request's.
pub(super) async fn request_event(
    connection: &mut PgConnection,
    request: &Request,
    kind: EventKind,
    actor: Option<&Actor>,
    detail: Value,
) -> sqlx::Result<EventId> {
    events::append(connection, &of_request(request, kind, actor, detail)).await
}

/// An event of a token's that leaves it as it is.
pub(super) async fn token_event(
    connection: &mut PgConnection,
    token: &Token,
    kind: EventKind,
    actor: Option<&Actor>,
    detail: Value,
) -> sqlx::Result<EventId> {
    let event = NewEvent {
        request: Some(token.request),
        token: Some(token.id),
        ..by(actor, kind, &token.provider, detail)
    };
    events::append(connection, &event).await
}

/// The event of what made a token what it is now, filed under the request that it came of. It holds
/// the token as it is, and its digests are those of what the token was and is: so each such event
/// begins where the one before it ended.
pub(super) async fn became(
    connection: &mut PgConnection,
    (was, is): (Option<&Token>, &Token),
    request: RequestId,
    kind: EventKind,
    actor: Option<&Actor>,
    asked: Asked,
) -> sqlx::Result<EventId> {
    let Asked { person, mut detail } = asked;
    let snapshot = Snapshot::of(is);
    detail["token"] = json!(snapshot);
    let event = NewEvent {
        request: Some(request),
        token: Some(is.id),
        on_behalf_of: person,
        digests: (was.map(|was| Snapshot::of(was).digest()), Some(snapshot.digest())),
        ..by(actor, kind, &is.provider, detail)
    };
    events::append(connection, &event).await
}

/// The same for what a request asked for: with the content that was approved.
pub(super) async fn change_event(
    connection: &mut PgConnection,
    request: &Request,
    token: (Option<&Token>, &Token),
    kind: EventKind,
    actor: Option<&Actor>,
    mut detail: Value,
) -> sqlx::Result<EventId> {
    detail["content"] = json!(request.content);
    detail["content_digest"] = json!(request.digest.hex());
    let asked = Asked { person: Some(request.requester), detail };
    became(connection, token, request.id, kind, actor, asked).await
}

/// An event of a delivery's, on behalf of whoever gets its secret, and filed under the request that
/// the secret was made for: a renewal's is not the one that made the token.
pub(super) async fn of_delivery<'a>(
    connection: &mut PgConnection,
    (token, delivery): (&'a Token, &Delivery),
    kind: EventKind,
    actor: Option<&Actor>,
    mut detail: Value,
) -> sqlx::Result<NewEvent<'a>> {
    detail["delivery"] = json!(delivery.id);
    Ok(NewEvent {
        request: Some(secrets::origin(connection, delivery.secret).await?.request),
        token: Some(token.id),
        on_behalf_of: Some(delivery.owner),
        ..by(actor, kind, &token.provider, detail)
    })
}

/// Writes an event of a delivery's that has nothing more to tell.
pub(super) async fn delivery_event(
    connection: &mut PgConnection,
    about: (&Token, &Delivery),
    kind: EventKind,
    actor: Option<&Actor>,
) -> sqlx::Result<EventId> {
    let event = of_delivery(connection, about, kind, actor, json!({})).await?;
    events::append(connection, &event).await
}

/// Approvals that are struck, as an event tells of them: whose they were.
pub(super) fn struck<'a>(approvals: impl IntoIterator<Item = &'a Approval>) -> Value {
    approvals
        .into_iter()
        .map(|approval| json!({ "approval": approval.id, "person": approval.person }))
        .collect()
}

/// The event of a content that takes another's place, written before it does; a draft's, where a
/// person changed it. Approvals that were put to the old one are struck by that.
pub(super) async fn content_event(
    connection: &mut PgConnection,
    request: &Request,
    kind: EventKind,
    (actor, draft): (Option<&Actor>, Option<DraftId>),
    after: &Content,
) -> sqlx::Result<EventId> {
    let mut detail = json!({ "before": request.content, "after": after, "draft": draft });
    let approvals = approvals::of(connection, request.id).await?;
    let standing: Vec<&Approval> =
        approvals.iter().filter(|approval| approval.struck.is_none()).collect();
    if !standing.is_empty() && after.digest() != request.digest {
        detail["struck"] = struck(standing);
        detail["because"] = json!("content_changed");
    }
    let event = NewEvent {
        digests: (Some(request.digest), Some(after.digest())),
        ..of_request(request, kind, actor, detail)
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
