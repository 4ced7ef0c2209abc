//! A delivery goes its way: announced, accepted, stored or disowned; or it lapses.

use sqlx::{Postgres, Transaction};

use crate::domain::delivery::{Delivery, DeliveryState, Lapse};
use crate::domain::event::EventKind;
use crate::domain::ids::{ChannelId, DeliveryId, EventId, MessageId};
use crate::domain::notice::{NoticeKind, Recipient};
use crate::domain::policy;
use crate::domain::token::{Token, TokenState};
use crate::queue::{self, Job};
use crate::store::secrets::{self, Origin};
use crate::store::{approvals, deliveries, people, requests, reveals, tokens};

use super::record::{delivery_event, everyone_of, tell};
use super::refusal::Refusal;
use super::switch_off::Off;
use super::{Actor, Outcome, Workflow};

/// A delivery whose owner is to be told.
#[derive(Debug)]
pub struct ToAnnounce {
    /// The token.
    pub token: Token,
    /// Its delivery.
    pub delivery: Delivery,
    /// Discord's name of the owner's language; empty where it is not known.
    pub locale: String,
}

/// So many secrets `/token collect` shows at once.
const COLLECTED_AT_ONCE: u32 = 5;

/// A delivery of which its owner said *Not me*.
#[derive(Debug)]
pub struct Disowned {
    /// The token, as it was before.
    pub token: Token,
    /// Whether the secret opened nothing any more, so that the token was left as it is.
    pub was_dead: bool,
}

impl Workflow {
    /// Discord accepted the message with the secret: the sealed copy is wiped.
    ///
    /// # Errors
    /// Faults.
    pub async fn accepted(&self, id: DeliveryId) -> Outcome<()> {
        let mut transaction = self.transaction().await?;
        let Some((token, delivery)) = lock_both(&mut transaction, id).await? else { return Ok(()) };
        self.accept(&mut transaction, None, &token, &delivery).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Ends a delivery that was pressed; any other is left as it is.
    async fn accept(
        &self,
        transaction: &mut Transaction<'static, Postgres>,
        actor: Option<&Actor>,
        token: &Token,
        delivery: &Delivery,
    ) -> Outcome<()> {
        if delivery.state != DeliveryState::Pressed {
            return Ok(());
        }
        deliveries::end(transaction, delivery, DeliveryState::Accepted).await?;
        let kind = EventKind::DeliveryAccepted;
        delivery_event(transaction, (token, delivery), kind, actor).await?;
        self.show_of(transaction, token).await
    }

    /// Discord refused the message: the owner may press again at once.
    ///
    /// # Errors
    /// Faults.
    pub async fn not_accepted(&self, id: DeliveryId) -> Outcome<()> {
        let mut connection = self.pool.acquire().await?;
        Ok(deliveries::release(&mut connection, id).await?)
    }

    /// *I have stored it*: the messages are deleted now. Whoever can press that sees the secret, so
    /// Discord accepted it, even where nobody saw that it did.
    ///
    /// # Errors
    /// Refusals and faults.
    pub async fn stored(&self, actor: &Actor, id: DeliveryId) -> Outcome<()> {
        let mut transaction = self.begin(actor).await?;
        let (token, delivery) = self.lock_delivery(&mut transaction, actor, id).await?;
        self.accept(&mut transaction, Some(actor), &token, &delivery).await?;
        if reveals::hide_now(&mut transaction, id).await? {
            let (about, kind) = ((&token, &delivery), EventKind::DeliveryStored);
            delivery_event(&mut transaction, about, kind, Some(actor)).await?;
        }
        queue::enqueue(&mut transaction, Job::DeleteReveal { delivery: id }, None).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// *Not me*: the token is switched off as far as its issuer can, and the admins whose approvals
    /// made it are alerted. A secret that opens nothing any more gives no power over the token: whoever
    /// owned it once only alerts them.
    ///
    /// # Errors
    /// Refusals and faults.
    pub async fn disown(&self, actor: &Actor, id: DeliveryId) -> Outcome<Disowned> {
        let mut transaction = self.begin(actor).await?;
        let (token, delivery) = self.lock_delivery(&mut transaction, actor, id).await?;
        if matches!(delivery.state, DeliveryState::Lapsed | DeliveryState::Disowned) {
            let origin = secrets::origin(&mut transaction, delivery.secret).await?;
            return Err(has_ended(delivery.state, &token, &origin).into());
        }
        deliveries::end(&mut transaction, &delivery, DeliveryState::Disowned).await?;
        reveals::hide_now(&mut transaction, id).await?;
        queue::enqueue(&mut transaction, Job::DeleteReveal { delivery: id }, None).await?;
        let (about, kind) = ((&token, &delivery), EventKind::DeliveryDisowned);
        let event = delivery_event(&mut transaction, about, kind, Some(actor)).await?;
        let secret = secrets::origin(&mut transaction, delivery.secret).await?;
        if secret.is_dead {
            self.show_of(&mut transaction, &token).await?;
        } else {
            self.switch_off(&mut transaction, Some(actor), &token, Off::Disabled).await?;
            // A token that was off already did not end it.
            secrets::forget(&mut transaction, delivery.secret).await?;
        }
        let origin = secret.request;
        let approvals = approvals::of(&mut transaction, origin).await?;
        let about = (Some(origin), Some(token.id));
        if let Some(request) = requests::get(&mut transaction, origin).await? {
            let admins = policy::people_whose_approvals_count(&request, &approvals);
            let admins = admins.into_iter().map(Recipient::DirectMessage);
            tell(&mut transaction, event, NoticeKind::Disowned, about, admins).await?;
        }
        transaction.commit().await?;
        Ok(Disowned { token, was_dead: secret.is_dead })
    }

    /// A delivery past its time: never pressed, the token is revoked; pressed but never seen
    /// accepted, the sealed copy is wiped.
    ///
    /// # Errors
    /// Faults.
    pub async fn lapse_delivery(&self, id: DeliveryId) -> Outcome<()> {
        let mut transaction = self.transaction().await?;
        let Some((token, delivery)) = lock_both(&mut transaction, id).await? else { return Ok(()) };
        if !deliveries::is_past(&mut transaction, id).await? {
            return Ok(());
        }
        let (to, kind) = match delivery.state {
            DeliveryState::Waiting => (DeliveryState::Lapsed, EventKind::DeliveryLapsed),
            DeliveryState::Pressed => (DeliveryState::Unconfirmed, EventKind::DeliveryUnconfirmed),
            _ => return Ok(()),
        };
        deliveries::end(&mut transaction, &delivery, to).await?;
        let event = delivery_event(&mut transaction, (&token, &delivery), kind, None).await?;
        if to == DeliveryState::Lapsed {
            self.nobody_collected(&mut transaction, event, (&token, &delivery)).await?;
        }
        self.show_of(&mut transaction, &token).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// A new token is revoked, and what was on at its provider too early is switched off there again; any
    /// other token that was to have a new secret stays what it is, also where nobody can use it now.
    async fn nobody_collected(
        &self,
        transaction: &mut Transaction<'static, Postgres>,
        event: EventId,
        (token, delivery): (&Token, &Delivery),
    ) -> Outcome<()> {
        let origin = secrets::origin(transaction, delivery.secret).await?;
        let (kind, developers_hear) = match Lapse::of(origin.kind, token.issuer) {
            Lapse::Revoked => {
                let ended = self.switch_off(transaction, None, token, Off::Lapsed).await?;
                // Whom it is not gone for yet reads of its end when it has come.
                (NoticeKind::Lapsed, ended.state == TokenState::Deleted)
            }
            Lapse::Unchanged => {
                secrets::forget(transaction, delivery.secret).await?;
                (NoticeKind::RenewalLapsed, false)
            }
            // The new one works at the provider: whoever finds it may report it.
            Lapse::OldIsDead => (NoticeKind::RenewalLapsed, token.state.is_on()),
            // The same, until it is off there.
            Lapse::OffAgain => {
                self.switch_off(transaction, None, token, Off::Disabled).await?;
                (NoticeKind::RenewalLapsed, false)
            }
        };
        let about = (Some(origin.request), Some(token.id));
        let mut told = everyone_of(token, [token.owner, token.contact, delivery.owner]);
        told.retain(|who| developers_hear || !who.is_mail());
        tell(transaction, event, kind, about, told).await?;
        Ok(())
    }

    /// A delivery whose owner was not told yet, if it still waits.
    ///
    /// # Errors
    /// Faults.
    pub async fn to_announce(&self, id: DeliveryId) -> Outcome<Option<ToAnnounce>> {
        let mut connection = self.pool.acquire().await?;
        let Some(delivery) = deliveries::get(&mut connection, id).await? else { return Ok(None) };
        let untold = delivery.message.is_none() && delivery.dm_refused_at.is_none();
        if delivery.state != DeliveryState::Waiting
            || !untold
            || deliveries::is_past(&mut connection, id).await?
        {
            return Ok(None);
        }
        let Some(token) = tokens::get(&mut connection, delivery.token).await? else {
            return Ok(None);
        };
        let owner = delivery.owner;
        let known = people::get(&mut connection, &[owner]).await?;
        let locale = known.get(&owner).and_then(|owner| owner.locale.clone());
        Ok(Some(ToAnnounce { token, delivery, locale: locale.unwrap_or_default() }))
    }

    /// The owner's DM reached them.
    ///
    /// # Errors
    /// Faults.
    pub async fn announced(
        &self,
        id: DeliveryId,
        channel: ChannelId,
        message: MessageId,
    ) -> Outcome<()> {
        let mut transaction = self.transaction().await?;
        let Some((token, delivery)) = lock_both(&mut transaction, id).await? else { return Ok(()) };
        if delivery.message.is_some() {
            // Another process did the same while this one stood still.
            return Ok(());
        }
        deliveries::announced(&mut transaction, id, channel, message).await?;
        let kind = EventKind::DeliveryAnnounced;
        delivery_event(&mut transaction, (&token, &delivery), kind, None).await?;
        self.show_of(&mut transaction, &token).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Discord refused the DM: the card says so, and `/token collect` remains.
    ///
    /// # Errors
    /// Faults.
    pub async fn dm_refused(&self, id: DeliveryId) -> Outcome<()> {
        let mut transaction = self.transaction().await?;
        let Some((token, delivery)) = lock_both(&mut transaction, id).await? else { return Ok(()) };
        if delivery.message.is_some() || delivery.dm_refused_at.is_some() {
            return Ok(());
        }
        deliveries::dm_refused(&mut transaction, id).await?;
        let job = Job::CheckMember { person: delivery.owner };
        queue::enqueue(&mut transaction, job, None).await?;
        let kind = EventKind::DeliveryRefused;
        delivery_event(&mut transaction, (&token, &delivery), kind, None).await?;
        self.show_of(&mut transaction, &token).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// `/token collect`: what waits for this person, the oldest first, and how much more there is.
    ///
    /// # Errors
    /// Faults.
    pub async fn waiting_for(&self, actor: &Actor) -> Outcome<(Vec<(Delivery, Token)>, usize)> {
        let mut connection = self.pool.acquire().await?;
        let mut waiting = Vec::new();
        let first = (0, COLLECTED_AT_ONCE);
        let all = deliveries::count_waiting_for(&mut connection, actor.user).await?;
        for delivery in deliveries::waiting_for(&mut connection, actor.user, first).await? {
            if let Some(token) = tokens::get(&mut connection, delivery.token).await? {
                waiting.push((delivery, token));
            }
        }
        let more = all.saturating_sub(waiting.len());
        Ok((waiting, more))
    }

    /// A delivery and its token, locked, for their owner.
    pub(super) async fn lock_delivery(
        &self,
        transaction: &mut Transaction<'static, Postgres>,
        actor: &Actor,
        id: DeliveryId,
    ) -> Outcome<(Token, Delivery)> {
        let (token, delivery) = lock_both(transaction, id).await?.ok_or(Refusal::Gone)?;
        if delivery.owner != actor.user {
            return Err(Refusal::NotYours.into());
        }
        Ok((token, delivery))
    }
}

/// Why a delivery that is over can't be pressed.
pub(super) fn has_ended(state: DeliveryState, token: &Token, origin: &Origin) -> Refusal {
    match state {
        DeliveryState::Lapsed => Refusal::NotCollected(Lapse::of(origin.kind, token.issuer)),
        state => Refusal::DeliveryEnded(state),
    }
}

/// The token first, then the delivery: the order of all locks.
pub(super) async fn lock_both(
    transaction: &mut Transaction<'static, Postgres>,
    id: DeliveryId,
) -> sqlx::Result<Option<(Token, Delivery)>> {
    let Some(seen) = deliveries::get(transaction, id).await? else { return Ok(None) };
    let Some(token) = tokens::lock(transaction, seen.token).await? else { return Ok(None) };
    Ok(deliveries::lock(transaction, id).await?.map(|delivery| (token, delivery)))
}
