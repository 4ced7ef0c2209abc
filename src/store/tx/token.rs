//! Carries out the transitions of a token.

use serde_json::{Value, json};
use sqlx::Error;

use super::Tx;
use super::log::{build_event, build_token_event};
use crate::domain::delivery::{Delivery, DeliveryState};
use crate::domain::ids::{EventId, RequestId, SecretId, TokenId, UserId};
use crate::domain::job::Job;
use crate::domain::notice::{Recipient, list_everyone};
use crate::domain::request::Request;
use crate::domain::scope::ResolvedScope;
use crate::domain::snapshot::Snapshot;
use crate::domain::token::Token;
use crate::domain::transitions::{
    Audience, CardChange, DeliveryTransition, TokenFollowUp, TokenTransition, TransitionRow,
};
use crate::store::events::{EndInitiator, NewEvent};
use crate::store::expiries::{self, ExpiredToken};
use crate::store::jobs::Due;
use crate::store::lookups::Lookup;
use crate::store::notices::EventRef;
use crate::store::tokens::CollectedSecret;
use crate::store::{approvals, deliveries, secrets, tokens};

/// The end of a token, or the step before it.
#[derive(Debug)]
pub struct EndTokenStep {
    /// The transition.
    pub transition: TokenTransition,
    /// The request under which the event is filed.
    pub request: RequestId,
    /// The requester, and further details for the audit log.
    pub asked: EndInitiator,
    /// Other people who get the notice.
    pub also_told: Vec<UserId>,
}

/// A step that was carried out, and its event and notices.
pub(super) struct TokenStep<'a> {
    pub(super) transition: TokenTransition,
    pub(super) was: Option<&'a Token>,
    pub(super) is: &'a Token,
    /// The request under which the event is filed.
    pub(super) filed_under: RequestId,
    /// The request that messages speak of.
    pub(super) tells_of: RequestId,
    pub(super) on_behalf_of: Option<UserId>,
    pub(super) detail: Value,
    pub(super) also_told: Vec<UserId>,
    /// People who get another notice.
    pub(super) not_told: Option<UserId>,
}

impl<'a> TokenStep<'a> {
    /// A step that is about one request.
    pub(super) fn of(
        transition: TokenTransition,
        (was, is): (Option<&'a Token>, &'a Token),
        request: RequestId,
    ) -> Self {
        Self {
            transition,
            was,
            is,
            filed_under: request,
            tells_of: request,
            on_behalf_of: None,
            detail: json!({}),
            also_told: Vec::new(),
            not_told: None,
        }
    }
}

/// The details of an approved content in an event.
pub(super) fn with_content(request: &Request, mut detail: Value) -> Value {
    detail["content"] = json!(request.content);
    detail["content_digest"] = json!(request.digest.hex());
    detail
}

impl Tx {
    /// Ends a token that the caller has locked, or begins to. Returns the changed token.
    ///
    /// # Errors
    /// [`sqlx::Error::RowNotFound`] if the token is in another state.
    pub async fn end_token(&mut self, token: &Token, end: EndTokenStep) -> sqlx::Result<Token> {
        let row = end.transition.row();
        let to = row.next(token.state).ok_or(Error::RowNotFound)?;
        let due = deliveries::lock_due_of_token(self, token.id).await?;
        let is = tokens::change_state(self, token, to).await?;
        let did = [self.press_for(row.by).map(|press| press.person), end.asked.person];
        let step = TokenStep {
            tells_of: approvals::find_last_approved_request(self, token).await?,
            on_behalf_of: end.asked.person,
            detail: end.asked.detail,
            also_told: end.also_told,
            ..TokenStep::of(end.transition, (Some(token), &is), end.request)
        };
        let event = self.follow_token(step).await?;
        if let Some(delivery) = due.filter(|_| to.ends_secrets())
            && !did.contains(&Some(delivery.owner))
        {
            self.tell_voided(event, token, &delivery);
        }
        Ok(is)
    }

    /// Tells the requester of a new secret that they can no longer collect it. Owner and contact
    /// are told of the token's end.
    fn tell_voided(&mut self, event: EventRef, token: &Token, delivery: &Delivery) {
        let hears_anyway = [token.owner, token.settings.contact].contains(&delivery.owner);
        let Some((notice, _)) = DeliveryTransition::Void.row().notice else { return };
        if delivery.state == DeliveryState::Waiting && !hears_anyway {
            let about = (Some(delivery.request), Some(token.id));
            self.notify((event, notice), about, [Recipient::DirectMessage(delivery.owner)]);
        }
    }

    /// Removes scopes from a token that the caller has locked, or makes it end earlier: `days` from now.
    /// Returns the changed token.
    pub async fn narrow_token(
        &mut self,
        token: &Token,
        (scopes, days): (&[ResolvedScope], Option<u16>),
        removed: Value,
    ) -> sqlx::Result<Token> {
        let transition = TokenTransition::Narrow;
        transition.row().next(token.state).ok_or(Error::RowNotFound)?;
        let is = tokens::narrow(self, token.id, scopes, days).await?;
        let step = TokenStep {
            tells_of: is.latest_request(),
            detail: json!({
                "removed": removed,
                "expires_before": token.expires_at,
                "expires_after": is.expires_at,
            }),
            ..TokenStep::of(transition, (Some(token), &is), token.request)
        };
        self.follow_token(step).await?;
        Ok(is)
    }

    /// The first press of *Reveal* on a secret: it works from now on, and its requester
    /// owns the token. The previous secret works for `overlap_seconds` more.
    pub async fn collect_token(
        &mut self,
        token: &Token,
        delivery: &Delivery,
        origin: &secrets::SecretOrigin,
    ) -> sqlx::Result<()> {
        use crate::domain::request_kind::RequestKind;
        let transition = match origin.kind {
            RequestKind::Reset => TokenTransition::CollectReset,
            RequestKind::Enable => TokenTransition::CollectEnabled,
            _ => TokenTransition::Collect,
        };
        let overlap = origin.overlap_seconds;
        let mut detail = json!({ "delivery": delivery.id, "overlap_seconds": overlap });
        if origin.kind.renews_the_secret() {
            secrets::retire(self, token.id, overlap).await?;
            detail["owner_before"] = json!(token.owner);
            detail["owner_after"] = json!(delivery.owner);
        } else {
            self.merge_letters_of_creation(token, origin.request).await?;
        }
        // Where there is a current secret, the database refuses a second.
        let is = tokens::collect(
            self,
            &CollectedSecret {
                token: token.id,
                from: transition.row().from,
                secret: delivery.secret,
                account_sid: &origin.account_sid,
                owner: delivery.owner,
            },
        )
        .await?;
        let step = TokenStep {
            on_behalf_of: Some(delivery.owner),
            detail,
            ..TokenStep::of(transition, (Some(token), &is), origin.request)
        };
        self.follow_token(step).await.map(drop)
    }

    /// Ends a secret that was not collected.
    pub async fn forget_secret(&mut self, secret: SecretId) -> sqlx::Result<()> {
        secrets::forget(self, secret).await
    }

    /// Logs something that does not change the token. It is filed under the request that made the token.
    ///
    /// # Errors
    /// [`sqlx::Error::RowNotFound`] if the row does not allow the token's state.
    pub async fn note_token(
        &mut self,
        token: &Token,
        transition: TokenTransition,
        detail: Value,
    ) -> sqlx::Result<EventId> {
        let row = transition.row();
        row.next(token.state).ok_or(Error::RowNotFound)?;
        let kind = row.event.ok_or(Error::RowNotFound)?;
        let press = self.press_for(row.by);
        let about = (token.request, token.id);
        let event = build_token_event(about, &token.provider, (kind, press), detail);
        let event = self.append_event(event).await?;
        self.mark_cards_of(token, row.card);
        Ok(event)
    }

    /// A new secret may have replaced the old one at its provider, and did not arrive here: the token's
    /// users should know at once.
    pub async fn doubt_secret(
        &mut self,
        request: &Request,
        token: &Token,
        why: &str,
    ) -> sqlx::Result<()> {
        let transition = TokenTransition::DoubtSecret;
        transition.row().next(token.state).ok_or(Error::RowNotFound)?;
        let step = TokenStep {
            on_behalf_of: Some(request.requester),
            detail: with_content(request, json!({ "why": why })),
            also_told: vec![request.requester],
            ..TokenStep::of(transition, (Some(token), token), request.id)
        };
        self.follow_token(step).await.map(drop)
    }

    /// Does what goes with a step of a token. The event holds the token as it is, and the digests before
    /// and after: so each such event begins where the one before it ended.
    pub(super) async fn follow_token(&mut self, step: TokenStep<'_>) -> sqlx::Result<EventRef> {
        let row = step.transition.row();
        let kind = row.event.ok_or(Error::RowNotFound)?;
        let snapshot = Snapshot::of(step.is);
        let mut detail = step.detail.clone();
        detail["token"] = json!(snapshot);
        let press = self.press_for(row.by);
        let event = NewEvent {
            request: Some(step.filed_under),
            token: Some(step.is.id),
            on_behalf_of: step.on_behalf_of,
            digests: (step.was.map(|was| Snapshot::of(was).digest()), Some(snapshot.digest())),
            ..build_event(press, kind, &step.is.provider, detail)
        };
        let event = self.log_token_step(event, row.follow_ups, step.is.id).await?;
        if let Some((notice, audience)) = row.notice {
            let about = (Some(step.tells_of), Some(step.is.id));
            let recipients = self.recipients(&row, audience, &step);
            self.notify((event, notice), about, recipients);
        }
        if step.was.is_some_and(|was| was.revision != step.is.revision) {
            // People who approved a change of it saw something else.
            self.look_up(Lookup::OpenChange(step.is.id));
        }
        if let Some(was) = step.was {
            let of = |token: &Token| (token.state, token.owner, token.settings.contact);
            if of(was) != of(step.is) {
                let people = [was.owner, was.settings.contact];
                self.show_departures(&step.is.provider, people);
            }
        }
        self.mark_cards_of(step.is, row.card);
        if step.was.is_some_and(|was| was.state != step.is.state) {
            self.look_up(Lookup::Receipts(step.is.id));
        }
        Ok(event)
    }

    /// Writes the event, at once where a follow-up needs its id; and requests what follows.
    async fn log_token_step(
        &mut self,
        event: NewEvent,
        follow_ups: &[TokenFollowUp],
        token: TokenId,
    ) -> sqlx::Result<EventRef> {
        if follow_ups.contains(&TokenFollowUp::SwitchOff) {
            self.enqueue(Job::SwitchOff { token }, Due::Now);
        }
        let alerts = follow_ups.contains(&TokenFollowUp::AlertAdmins);
        let tells_of_expiry = follow_ups.contains(&TokenFollowUp::TellOfExpiries);
        if !(alerts || tells_of_expiry) {
            return Ok(self.note_event(event));
        }
        let event = self.append_event(event).await?;
        if alerts {
            self.enqueue(Job::AlertAdmins { event }, Due::Now);
        }
        if tells_of_expiry {
            expiries::note(self, ExpiredToken { event, token }).await?;
            self.enqueue(Job::TellOfExpiries, Due::Now);
        }
        Ok(EventRef::Written(event))
    }

    fn recipients(
        &self,
        row: &TransitionRow<crate::domain::token::TokenState, TokenFollowUp>,
        audience: Audience,
        step: &TokenStep<'_>,
    ) -> Vec<Recipient> {
        let mut people = Vec::new();
        if audience == Audience::Everyone {
            people.extend([step.is.owner, step.is.settings.contact]);
            people.extend(step.was.iter().flat_map(|was| [was.owner, was.settings.contact]));
        } else if audience == Audience::DevelopersAndContact
            && step.is.settings.contact != step.is.owner
        {
            people.push(step.is.settings.contact);
        }
        people.extend(&step.also_told);
        let did = self.press_for(row.by).map(|press| press.person);
        people.retain(|person| ![did, step.not_told].contains(&Some(*person)));
        let mut recipients = list_everyone(step.is, people);
        for former in step.was.iter().flat_map(|was| list_everyone(was, [])) {
            if !recipients.contains(&former) {
                recipients.push(former);
            }
        }
        recipients
    }

    /// Has the cards rendered of the request that made the token, and of the one that made its newest
    /// secret.
    pub(super) fn mark_cards_of(&mut self, token: &Token, change: CardChange) {
        let Some(wait) = change.wait() else { return };
        let channel = self.get_channel(&token.provider);
        self.mark_card(token.request, &token.provider, change);
        self.look_up(Lookup::Renewal { token: token.id, channel, wait });
    }
}
