//! A secret reaches its owner: announced, pressed, shown, accepted, hidden; or it lapses.

use std::time::Duration;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use secrecy::SecretString;
use serde_json::json;
use sqlx::{Postgres, Transaction};

use crate::domain::delivery::{Delivery, DeliveryState};
use crate::domain::event::EventKind;
use crate::domain::ids::{ChannelId, DeliveryId, EventId, InteractionId, MessageId};
use crate::domain::notice::{NoticeKind, Recipient};
use crate::domain::policy;
use crate::domain::request::RequestKind;
use crate::domain::token::Token;
use crate::keyring::Sealed;
use crate::queue::{self, Job};
use crate::store::secrets::{self, Origin};
use crate::store::{deliveries, people, requests, reveals, tokens};

use super::issue::secret_identity;
use super::record::{everyone_of, others, tell, token_event};
use super::refusal::Refusal;
use super::switch_off::Off;
use super::{Actor, Outcome, Workflow};

/// How long a press may take to reach Discord before another one may try: longer than every
/// time-out of the call.
const REVEAL_LEASE: Duration = Duration::from_secs(30);

/// A committed press: the secret is to be shown now.
#[derive(Debug)]
pub struct Pressed {
    /// The token, as it was before.
    pub token: Token,
    /// The public id that goes with the secret.
    pub account_sid: String,
    /// Its secret.
    pub secret: SecretString,
    /// When the message is deleted.
    pub hide_at: DateTime<Utc>,
}

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

/// A message with a secret, and the interaction token that can delete it.
#[derive(Debug)]
pub struct ToHide {
    /// Which message.
    pub reveal: i64,
    /// The interaction's token; none where its key is gone, so that the message can't be reached.
    pub interaction_token: Option<SecretString>,
}

fn interaction_identity(interaction: InteractionId) -> String {
    format!("interaction:{interaction}")
}

impl Workflow {
    /// *Reveal*: from here the token counts as collected. Only its owner gets it, one press at a
    /// time, until Discord accepted the message.
    ///
    /// # Errors
    /// Refusals and faults.
    pub async fn press(
        &self,
        actor: &Actor,
        id: DeliveryId,
        interaction_token: &SecretString,
    ) -> Outcome<Pressed> {
        let mut transaction = self.begin(actor).await?;
        let (token, delivery) = self.lock_delivery(&mut transaction, actor, id).await?;
        must_be_due(&delivery)?;
        let pressed = deliveries::press(&mut transaction, id, REVEAL_LEASE).await?;
        let Some(sealed) = pressed else {
            let refusal = if deliveries::is_past(&mut transaction, id).await? {
                Refusal::DeliveryEnded(DeliveryState::Lapsed)
            } else {
                Refusal::BeingRevealed
            };
            return Err(refusal.into());
        };
        let secret = self
            .keyring
            .open(&sealed, &secret_identity(token.id))
            .context("the sealed secret can't be opened")?;
        let sealed_token = self
            .keyring
            .seal(interaction_token, &interaction_identity(actor.interaction))
            .context("the interaction's token could not be sealed")?;
        let visible = self.config.policy.reveal_visible_for;
        let press = actor.interaction;
        let hide_at = reveals::note(&mut transaction, id, press, &sealed_token, visible).await?;
        queue::enqueue(&mut transaction, Job::DeleteReveal { delivery: id }, Some(hide_at)).await?;
        let origin = secrets::origin(&mut transaction, delivery.secret).await?;
        if delivery.first_pressed_at.is_none() {
            self.collect(&mut transaction, actor, (&token, &delivery), &origin).await?;
        }
        transaction.commit().await?;
        let account_sid = origin.account_sid;
        Ok(Pressed { token, account_sid, secret, hide_at })
    }

    /// The first press: from here the secret opens the token, in place of the one before it.
    async fn collect(
        &self,
        transaction: &mut Transaction<'static, Postgres>,
        actor: &Actor,
        (token, delivery): (&Token, &Delivery),
        origin: &Origin,
    ) -> Outcome<()> {
        let overlap = origin.overlap_seconds;
        secrets::activate(transaction, token.id, delivery.secret, overlap).await?;
        let (kind, notice) = match origin.kind {
            RequestKind::Reset => (EventKind::TokenReset, NoticeKind::Reset),
            RequestKind::Enable => (EventKind::TokenEnabled, NoticeKind::Enabled),
            _ => (EventKind::TokenCollected, NoticeKind::Collected),
        };
        if origin.kind.renews_the_secret() {
            let (owner, sid) = (delivery.owner, &origin.account_sid);
            tokens::take_over(transaction, token.id, owner, sid).await?;
        } else {
            tokens::collect(transaction, token.id).await?;
        }
        let detail = json!({ "delivery": delivery.id, "overlap_seconds": overlap });
        let event = token_event(transaction, token, kind, Some(actor), detail).await?;
        let about = (Some(origin.request), Some(token.id));
        let recipients = everyone_of(token, others(Some(actor), [token.owner, token.contact]));
        tell(transaction, event, notice, about, recipients).await?;
        self.review_open_change(transaction, token).await?;
        self.show_of(transaction, token).await
    }

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
        let (kind, detail) = (EventKind::DeliveryAccepted, json!({ "delivery": delivery.id }));
        token_event(transaction, token, kind, actor, detail).await?;
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
        reveals::hide_now(&mut transaction, id).await?;
        queue::enqueue(&mut transaction, Job::DeleteReveal { delivery: id }, None).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// *Not me*: the token is switched off as far as its issuer can, and the admins whose hands
    /// made it are alerted.
    ///
    /// # Errors
    /// Refusals and faults.
    pub async fn disown(&self, actor: &Actor, id: DeliveryId) -> Outcome<Token> {
        let mut transaction = self.begin(actor).await?;
        let (token, delivery) = self.lock_delivery(&mut transaction, actor, id).await?;
        if matches!(delivery.state, DeliveryState::Lapsed | DeliveryState::Disowned) {
            return Err(Refusal::DeliveryEnded(delivery.state).into());
        }
        deliveries::end(&mut transaction, &delivery, DeliveryState::Disowned).await?;
        reveals::hide_now(&mut transaction, id).await?;
        queue::enqueue(&mut transaction, Job::DeleteReveal { delivery: id }, None).await?;
        let kind = EventKind::DeliveryDisowned;
        let event =
            token_event(&mut transaction, &token, kind, Some(actor), json!({ "delivery": id }))
                .await?;
        self.switch_off(&mut transaction, Some(actor), &token, Off::Disabled).await?;
        let origin = secrets::origin(&mut transaction, delivery.secret).await?.request;
        let hands = requests::hands(&mut transaction, origin).await?;
        let about = (Some(origin), Some(token.id));
        if let Some(request) = requests::get(&mut transaction, origin).await? {
            let admins = policy::people_whose_hands_count(&request, &hands);
            let admins = admins.into_iter().map(Recipient::DirectMessage);
            tell(&mut transaction, event, NoticeKind::Disowned, about, admins).await?;
        }
        transaction.commit().await?;
        Ok(token)
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
        let event =
            token_event(&mut transaction, &token, kind, None, json!({ "delivery": id })).await?;
        if to == DeliveryState::Lapsed {
            self.nobody_collected(&mut transaction, event, (&token, &delivery)).await?;
        }
        self.show_of(&mut transaction, &token).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// A new token is revoked; a token that was to have a new secret stays what it is.
    async fn nobody_collected(
        &self,
        transaction: &mut Transaction<'static, Postgres>,
        event: EventId,
        (token, delivery): (&Token, &Delivery),
    ) -> Outcome<()> {
        let origin = secrets::origin(transaction, delivery.secret).await?;
        let people = [token.owner, token.contact, delivery.owner];
        let (kind, recipients) = if origin.kind.renews_the_secret() {
            secrets::forget(transaction, delivery.secret).await?;
            (NoticeKind::RenewalLapsed, everyone_of(token, people))
        } else {
            self.switch_off(transaction, None, token, Off::Lapsed).await?;
            (NoticeKind::Lapsed, everyone_of(token, people))
        };
        let about = (Some(origin.request), Some(token.id));
        tell(transaction, event, kind, about, recipients).await?;
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
        token_event(&mut transaction, &token, kind, None, json!({ "delivery": id })).await?;
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
        token_event(&mut transaction, &token, kind, None, json!({ "delivery": id })).await?;
        self.show_of(&mut transaction, &token).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// The messages of a delivery whose time is up.
    ///
    /// # Errors
    /// Faults.
    pub async fn to_hide(&self, id: DeliveryId) -> Outcome<Vec<ToHide>> {
        let mut connection = self.pool.acquire().await?;
        let due = reveals::due(&mut connection, id).await?;
        Ok(due
            .into_iter()
            .map(|reveal| ToHide {
                reveal: reveal.id,
                interaction_token: reveal
                    .sealed_interaction_token
                    .and_then(|sealed| self.open_interaction(&sealed, reveal.interaction)),
            })
            .collect())
    }

    /// The time of the message that answered one press is up, whatever the database's clock says.
    ///
    /// # Errors
    /// Faults.
    pub async fn time_is_up(&self, id: DeliveryId, press: InteractionId) -> Outcome<()> {
        let mut transaction = self.transaction().await?;
        if reveals::hide_one_now(&mut transaction, id, press).await? {
            queue::enqueue(&mut transaction, Job::DeleteReveal { delivery: id }, None).await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// A message with a secret is deleted, or out of reach: its interaction's token is wiped.
    ///
    /// # Errors
    /// Faults.
    pub async fn hidden(&self, id: DeliveryId, reveal: i64, deleted: bool) -> Outcome<()> {
        let mut transaction = self.transaction().await?;
        let Some((token, _)) = lock_both(&mut transaction, id).await? else { return Ok(()) };
        if reveals::hidden(&mut transaction, reveal).await? {
            let detail = json!({ "delivery": id, "deleted": deleted });
            token_event(&mut transaction, &token, EventKind::SecretHidden, None, detail).await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// `/token collect`: what waits for this person.
    ///
    /// # Errors
    /// Faults.
    pub async fn waiting_for(&self, actor: &Actor) -> Outcome<Vec<(Delivery, Token)>> {
        let mut connection = self.pool.acquire().await?;
        let mut waiting = Vec::new();
        for delivery in deliveries::waiting_for(&mut connection, actor.user).await? {
            if let Some(token) = tokens::get(&mut connection, delivery.token).await? {
                waiting.push((delivery, token));
            }
        }
        Ok(waiting)
    }

    fn open_interaction(&self, sealed: &Sealed, press: InteractionId) -> Option<SecretString> {
        self.keyring.open(sealed, &interaction_identity(press)).ok()
    }

    /// A delivery and its token, locked, for their owner.
    async fn lock_delivery(
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

/// The token first, then the delivery: the order of all locks.
async fn lock_both(
    transaction: &mut Transaction<'static, Postgres>,
    id: DeliveryId,
) -> sqlx::Result<Option<(Token, Delivery)>> {
    let Some(seen) = deliveries::get(transaction, id).await? else { return Ok(None) };
    let Some(token) = tokens::lock(transaction, seen.token).await? else { return Ok(None) };
    Ok(deliveries::lock(transaction, id).await?.map(|delivery| (token, delivery)))
}

fn must_be_due(delivery: &Delivery) -> Result<(), Refusal> {
    match (delivery.state, delivery.accepted_at) {
        (DeliveryState::Waiting | DeliveryState::Pressed, _) => Ok(()),
        (_, Some(at)) => Err(Refusal::AlreadyRevealed { at }),
        (state, None) => Err(Refusal::DeliveryEnded(state)),
    }
}
