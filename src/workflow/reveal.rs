//! A secret is revealed: pressed, collected, shown, and hidden again in time.

use std::time::Duration;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use secrecy::SecretString;
use serde_json::json;
use sqlx::{Postgres, Transaction};

use crate::domain::delivery::{Delivery, DeliveryState};
use crate::domain::event::EventKind;
use crate::domain::ids::{DeliveryId, InteractionId};
use crate::domain::notice::NoticeKind;
use crate::domain::request::RequestKind;
use crate::domain::token::{Token, TokenState};
use crate::keyring::Sealed;
use crate::queue::{self, Job};
use crate::store::events::{self, Asked, NewEvent};
use crate::store::secrets::{self, Origin};
use crate::store::{deliveries, reveals, tokens};

use super::deliver::{has_ended, lock_both};
use super::issue::secret_identity;
use super::record::{became, delivery_event, everyone_of, of_delivery, others, tell};
use super::refusal::Refusal;
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
        let origin = secrets::origin(&mut transaction, delivery.secret).await?;
        must_be_due(&token, &delivery, &origin)?;
        if matches!(token.state, TokenState::Disabling | TokenState::Deleting) {
            return Err(Refusal::TokenIs(token.state).into());
        }
        let pressed = deliveries::press(&mut transaction, id, REVEAL_LEASE).await?;
        let Some(sealed) = pressed else {
            let refusal = if deliveries::is_past(&mut transaction, id).await? {
                let to = match delivery.state {
                    DeliveryState::Waiting => DeliveryState::Lapsed,
                    _ => DeliveryState::Unconfirmed,
                };
                has_ended(to, &token, &origin)
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
        let about = (&token, &delivery);
        if delivery.first_pressed_at.is_none() {
            self.collect(&mut transaction, actor, about, &origin).await?;
        } else {
            let kind = EventKind::RevealRepeated;
            delivery_event(&mut transaction, about, kind, Some(actor)).await?;
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
        let mut detail = json!({ "delivery": delivery.id, "overlap_seconds": overlap });
        if origin.kind.renews_the_secret() {
            let (owner, sid) = (delivery.owner, &origin.account_sid);
            tokens::take_over(transaction, token.id, owner, sid).await?;
            detail["owner_before"] = json!(token.owner);
            detail["owner_after"] = json!(owner);
        } else {
            tokens::collect(transaction, token.id).await?;
        }
        let is = tokens::lock(transaction, token.id).await?.ok_or(Refusal::Gone)?;
        let asked = Asked { person: Some(delivery.owner), detail };
        let both = (Some(token), &is);
        let event = became(transaction, both, origin.request, kind, Some(actor), asked).await?;
        let about = (Some(origin.request), Some(token.id));
        let recipients = everyone_of(token, others(Some(actor), [token.owner, token.contact]));
        tell(transaction, event, notice, about, recipients).await?;
        self.review_open_change(transaction, token).await?;
        self.show_of(transaction, token).await
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
        let Some((token, delivery)) = lock_both(&mut transaction, id).await? else { return Ok(()) };
        if reveals::hidden(&mut transaction, reveal).await? {
            // By the owner's press, as far as there was one; else since its time was up.
            let press = events::asked_to_hide(&mut transaction, token.id, id).await?;
            let detail = json!({ "deleted": deleted, "was_asked_for": press.is_some() });
            let (about, kind) = ((&token, &delivery), EventKind::SecretHidden);
            let event = of_delivery(&mut transaction, about, kind, None, detail).await?;
            events::append(&mut transaction, &NewEvent { interaction: press, ..event }).await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    fn open_interaction(&self, sealed: &Sealed, press: InteractionId) -> Option<SecretString> {
        self.keyring.open(sealed, &interaction_identity(press)).ok()
    }
}

fn must_be_due(token: &Token, delivery: &Delivery, origin: &Origin) -> Result<(), Refusal> {
    match (delivery.state, delivery.accepted_at) {
        (DeliveryState::Waiting | DeliveryState::Pressed, _) => Ok(()),
        (_, Some(at)) => Err(Refusal::AlreadyRevealed { at }),
        (state, None) => Err(has_ended(state, token, origin)),
    }
}
