//! Reveals a secret: it is pressed, collected, shown, and hidden again in time.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use secrecy::SecretString;

use crate::domain::delivery::{Delivery, DeliveryState};
use crate::domain::ids::{DeliveryId, InteractionId};
use crate::domain::reveal_limits::PRESS_LEASE;
use crate::domain::token::{Token, TokenState};
use crate::keyring::Sealed;
use crate::store::secrets::{self, SecretOrigin};
use crate::store::{deliveries, reveals};

use crate::workflow::delivery::{deliver, hand_over};
use crate::workflow::refusal::Refusal;
use crate::workflow::{Actor, Outcome, Workflow};

/// A committed press: the secret must be shown now.
#[derive(Debug)]
pub struct RevealedSecret {
    /// The token, as it was before.
    pub token: Token,
    /// The public id of the secret.
    pub account_sid: String,
    /// Its secret.
    pub secret: SecretString,
    /// When the message is deleted.
    pub hide_at: DateTime<Utc>,
}

/// A message with a secret, and the interaction token that can delete it.
#[derive(Debug)]
pub struct MessageToHide {
    /// The message.
    pub reveal: i64,
    /// The interaction's token; none if its key is gone, so that the message can't be reached.
    pub interaction_token: Option<SecretString>,
}

fn interaction_identity(interaction: InteractionId) -> String {
    format!("interaction:{interaction}")
}

/// *Reveal*: the token counts as collected from now. Only its owner gets the secret, one press at a time,
/// until Discord accepted the message.
pub async fn open_secret(
    workflow: &Workflow,
    actor: &Actor,
    id: DeliveryId,
    interaction_token: &SecretString,
) -> Outcome<RevealedSecret> {
    let mut tx = workflow.begin(actor).await?;
    let (token, delivery) = deliver::lock_for_owner(&mut tx, actor, id).await?;
    let origin = secrets::get_origin(&mut tx, delivery.secret).await?;
    must_be_due(&token, &delivery, &origin)?;
    if matches!(token.state, TokenState::Disabling | TokenState::Deleting) {
        return Err(Refusal::TokenIs(token.state).into());
    }
    let pressed = tx.press_delivery(id, PRESS_LEASE).await?;
    let Some(sealed) = pressed else {
        let refusal = if deliveries::is_expired(&mut tx, id).await? {
            let to = match delivery.state {
                DeliveryState::Waiting => DeliveryState::Lapsed,
                _ => DeliveryState::Unconfirmed,
            };
            deliver::explain_ended(to, (&token, &delivery), &origin)
        } else {
            Refusal::BeingRevealed
        };
        return Err(refusal.into());
    };
    let secret = workflow
        .keyring
        .open(&sealed, &hand_over::secret_identity(token.id))
        .context("the sealed secret can't be opened")?;
    let sealed_token = workflow
        .keyring
        .seal(interaction_token, &interaction_identity(actor.interaction))
        .context("the interaction's token could not be sealed")?;
    let visible = workflow.config.policy.reveal_visible_for;
    let about = (&token, &delivery);
    let hide_at = tx.note_reveal(about, &sealed_token, visible).await?;
    if delivery.first_pressed_at.is_none() {
        tx.collect_token(&token, &delivery, &origin).await?;
    }
    tx.commit().await?;
    let account_sid = origin.account_sid;
    Ok(RevealedSecret { token, account_sid, secret, hide_at })
}

/// The messages of a delivery that must be deleted now.
pub async fn get_messages_to_hide(
    workflow: &Workflow,
    id: DeliveryId,
) -> Outcome<Vec<MessageToHide>> {
    let mut connection = workflow.pool.acquire().await?;
    let due = reveals::list_due(&mut connection, id).await?;
    connection.keep();
    Ok(due
        .into_iter()
        .map(|reveal| MessageToHide {
            reveal: reveal.id,
            interaction_token: reveal
                .sealed_interaction_token
                .and_then(|sealed| open_interaction_token(workflow, &sealed, reveal.interaction)),
        })
        .collect())
}

/// Makes the message that answered one press due for deletion, whatever the database's clock says.
pub async fn hide_expired_message(
    workflow: &Workflow,
    id: DeliveryId,
    press: InteractionId,
) -> Outcome<()> {
    let mut tx = workflow.tx().await?;
    tx.hide_reveal(id, press).await?;
    tx.commit().await?;
    Ok(())
}

/// Notes that a message with a secret is deleted or out of reach, and wipes its interaction's token.
pub async fn note_hidden_message(
    workflow: &Workflow,
    id: DeliveryId,
    reveal: i64,
    deleted: bool,
) -> Outcome<()> {
    let mut tx = workflow.tx().await?;
    let Some((token, delivery)) = deliver::lock_both(&mut tx, id).await? else { return Ok(()) };
    tx.note_hidden((&token, &delivery), reveal, deleted).await?;
    tx.commit().await?;
    Ok(())
}

fn open_interaction_token(
    workflow: &Workflow,
    sealed: &Sealed,
    press: InteractionId,
) -> Option<SecretString> {
    workflow.keyring.open(sealed, &interaction_identity(press)).ok()
}

fn must_be_due(token: &Token, delivery: &Delivery, origin: &SecretOrigin) -> Result<(), Refusal> {
    match (delivery.state, delivery.accepted_at) {
        (DeliveryState::Waiting | DeliveryState::Pressed, _) => Ok(()),
        (_, Some(at)) => Err(Refusal::AlreadyRevealed { at }),
        (state, None) => Err(deliver::explain_ended(state, (token, delivery), origin)),
    }
}
