//! Carries out the rows of a token's life.

use serde_json::{Value, json};
use sqlx::Error;

use super::Tx;
use super::log::build_event;
use crate::domain::delivery::{Delivery, DeliveryState};
use crate::domain::ids::{EventId, RequestId, SecretId, TokenId, UserId};
use crate::domain::job::Job;
use crate::domain::notice::{Recipient, list_everyone};
use crate::domain::request::Request;
use crate::domain::scope::ResolvedScope;
use crate::domain::snapshot::Snapshot;
use crate::domain::token::Token;
use crate::domain::transitions::{
    Audience, DeliveryTransition, TokenFollowUp, TokenTransition, TransitionRow,
};
use crate::store::events::{self, Asked, NewEvent};
use crate::store::expiries::{self, ExpiredToken};
use crate::store::{approvals, deliveries, requests, secrets, tokens};

/// How a token ends, or is on its way to that.
#[derive(Debug)]
pub struct EndTokenStep {
    /// The row.
    pub transition: TokenTransition,
    /// The request that this is filed under.
    pub request: RequestId,
    /// Who asked for it, and what the audit log holds besides.
    pub asked: Asked,
    /// Whoever else hears of it.
    pub also_told: Vec<UserId>,
}

/// A step that was carried out, with what is said of it.
pub(super) struct TokenStep<'a> {
    pub(super) transition: TokenTransition,
    pub(super) was: Option<&'a Token>,
    pub(super) is: &'a Token,
    /// The request that the event is filed under.
    pub(super) filed_under: RequestId,
    /// The request that messages speak of.
    pub(super) tells_of: RequestId,
    pub(super) on_behalf_of: Option<UserId>,
    pub(super) detail: Value,
    pub(super) also_told: Vec<UserId>,
    /// Who hears of it otherwise.
    pub(super) not_told: Option<UserId>,
}

impl<'a> TokenStep<'a> {
    /// A step of a token's that is about one request.
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

/// What an event holds of the content that was approved.
pub(super) fn with_content(request: &Request, mut detail: Value) -> Value {
    detail["content"] = json!(request.content);
    detail["content_digest"] = json!(request.digest.hex());
    detail
}

impl Tx {
    /// Ends a token, which the caller has locked, or begins to. Returns the token as it is then.
    ///
    /// # Errors
    /// As the database says; a token in another state is [`sqlx::Error::RowNotFound`].
    pub async fn end_token(&mut self, token: &Token, end: EndTokenStep) -> sqlx::Result<Token> {
        let row = end.transition.row();
        let to = row.next(token.state).ok_or(Error::RowNotFound)?;
        let due = deliveries::lock_due_of_token(self, token.id).await?;
        tokens::change_state(self, token, to).await?;
        let is = self.read_token(token.id).await?;
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
            self.tell_voided(event, token, &delivery).await?;
        }
        Ok(is)
    }

    /// The person who asked for a new secret hears that they can't collect it any more. Owner and contact hear of
    /// the token's end.
    async fn tell_voided(
        &mut self,
        event: EventId,
        token: &Token,
        delivery: &Delivery,
    ) -> sqlx::Result<()> {
        let hears_anyway = [token.owner, token.settings.contact].contains(&delivery.owner);
        let Some((notice, _)) = DeliveryTransition::Void.row().notice else { return Ok(()) };
        if delivery.state != DeliveryState::Waiting || hears_anyway {
            return Ok(());
        }
        let origin = secrets::get_origin(self, delivery.secret).await?;
        let about = (Some(origin.request), Some(token.id));
        let asked = [Recipient::DirectMessage(delivery.owner)];
        self.notify((event, notice), about, asked).await
    }

    /// Takes scopes from a token, which the caller has locked, or lets it end earlier: `days` from now.
    /// Returns the token as it is then.
    pub async fn narrow_token(
        &mut self,
        token: &Token,
        (scopes, days): (&[ResolvedScope], Option<u16>),
        removed: Value,
    ) -> sqlx::Result<Token> {
        let transition = TokenTransition::Narrow;
        transition.row().next(token.state).ok_or(Error::RowNotFound)?;
        tokens::narrow(self, token.id, scopes, days).await?;
        let is = self.read_token(token.id).await?;
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

    /// The first press of *Reveal* on a secret: from here it opens the token, and the person who asked for it owns
    /// the token. The one before it lives on for `overlap_seconds`.
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
        transition.row().next(token.state).ok_or(Error::RowNotFound)?;
        let overlap = origin.overlap_seconds;
        secrets::activate(self, token.id, delivery.secret, overlap).await?;
        let mut detail = json!({ "delivery": delivery.id, "overlap_seconds": overlap });
        if origin.kind.renews_the_secret() {
            let owner = delivery.owner;
            tokens::take_over(self, token.id, owner, &origin.account_sid).await?;
            detail["owner_before"] = json!(token.owner);
            detail["owner_after"] = json!(owner);
        } else {
            tokens::collect(self, token.id).await?;
        }
        let is = self.read_token(token.id).await?;
        let step = TokenStep {
            on_behalf_of: Some(delivery.owner),
            detail,
            ..TokenStep::of(transition, (Some(token), &is), origin.request)
        };
        self.follow_token(step).await.map(drop)
    }

    /// A secret that nobody collected opens nothing.
    pub async fn forget_secret(&mut self, secret: SecretId) -> sqlx::Result<()> {
        secrets::forget(self, secret).await
    }

    /// Something happens to a token that leaves it as it is. It is filed under the request that made it.
    ///
    /// # Errors
    /// As the database says; a token in a state that the row doesn't have is
    /// [`sqlx::Error::RowNotFound`].
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
        let event = self.log_token(about, &token.provider, (kind, press), None, detail).await?;
        if row.changes_card {
            self.mark_cards_of(token).await?;
        }
        Ok(event)
    }

    /// A new secret may have taken the old one's place at its provider, and did not arrive here: whoever
    /// uses the token should know at once.
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

    /// What goes with a step of a token's. The event holds the token as it is, and its digests are those of
    /// what it was and is: so each such event begins where the one before it ended.
    pub(super) async fn follow_token(&mut self, step: TokenStep<'_>) -> sqlx::Result<EventId> {
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
        let event = events::append(self, &event).await?;
        if let Some((notice, audience)) = row.notice {
            let about = (Some(step.tells_of), Some(step.is.id));
            let recipients = self.recipients(&row, audience, &step);
            self.notify((event, notice), about, recipients).await?;
        }
        for follow_up in row.follow_ups {
            let token = step.is.id;
            let job = match follow_up {
                TokenFollowUp::SwitchOff => Job::SwitchOff { token },
                TokenFollowUp::TellOfExpiries => {
                    expiries::note(self, ExpiredToken { event, token }).await?;
                    Job::TellOfExpiries
                }
            };
            self.enqueue(job, None).await?;
        }
        if step.was.is_some_and(|was| was.revision != step.is.revision) {
            self.review_open_change(step.is.id).await?;
        }
        if row.changes_card {
            self.mark_cards_of(step.is).await?;
        }
        Ok(event)
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

    /// A token is not what it was: the person who approved a change of it saw something else.
    async fn review_open_change(&mut self, token: TokenId) -> sqlx::Result<()> {
        if let Some(request) = requests::find_open_change(self, token).await? {
            self.enqueue(Job::ReviewChange { request }, None).await?;
        }
        Ok(())
    }

    /// Lets the card of a token's request be rendered, and that of whichever made its newest secret.
    pub(super) async fn mark_cards_of(&mut self, token: &Token) -> sqlx::Result<()> {
        self.mark_card(token.request, &token.provider);
        if let Some(renewal) = requests::find_last_renewal(self, token.id).await? {
            self.mark_card(renewal, &token.provider);
        }
        Ok(())
    }

    pub(super) async fn read_token(&mut self, id: TokenId) -> sqlx::Result<Token> {
        tokens::lock(self, id).await?.ok_or(Error::RowNotFound)
    }
}
