//! Reveals a secret: it is pressed, collected, shown, and hidden again in time.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use secrecy::SecretString;

use crate::domain::delivery::{Delivery, DeliveryState};
use crate::domain::ids::{DeliveryId, InteractionId};
use crate::domain::reveal_limits::PRESS_LEASE;
use crate::domain::token::{Token, TokenState};
use crate::keyring::Sealed;
use crate::store::deliveries::{self, PressedDelivery};
use crate::store::reveals;
use crate::store::tx::Tx;

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
    let (mut tx, (token, delivery)) = deliver::begin_for_owner(workflow, actor, id).await?;
    let about = (&token, &delivery);
    must_be_due(&mut tx, about).await?;
    let sealed_token = workflow
        .keyring
        .seal(interaction_token, &interaction_identity(actor.interaction))
        .context("the interaction's token could not be sealed")?;
    let visible = workflow.config.policy.reveal_visible_for;
    let pressed = tx.press_delivery(about, PRESS_LEASE, (&sealed_token, visible)).await?;
    let Some(PressedDelivery { sealed, hide_at, origin }) = pressed else {
        return Err(explain_no_press(&mut tx, about).await?.into());
    };
    let secret = workflow
        .keyring
        .open(&sealed, &hand_over::secret_identity(token.id))
        .context("the sealed secret can't be opened")?;
    if delivery.first_pressed_at.is_none() {
        tx.collect_token(&token, &delivery, &origin).await?;
    }
    tx.commit().await?;
    let account_sid = origin.account_sid;
    Ok(RevealedSecret { token, account_sid, secret, hide_at })
}

/// Why there is nothing to show, though the delivery still held its secret when it was locked.
async fn explain_no_press(
    tx: &mut Tx,
    about @ (_, delivery): (&Token, &Delivery),
) -> sqlx::Result<Refusal> {
    if !deliveries::is_expired(tx, delivery.id).await? {
        return Ok(Refusal::BeingRevealed);
    }
    let to = match delivery.state {
        DeliveryState::Waiting => DeliveryState::Lapsed,
        _ => DeliveryState::Unconfirmed,
    };
    deliver::explain_ended(tx, to, about).await
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
    // A press that asked for it may be about to commit.
    if deliveries::lock_with_token(&mut tx, id).await?.is_none() {
        return Ok(());
    }
    tx.note_hidden(reveal, deleted).await?;
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

async fn must_be_due(tx: &mut Tx, about: (&Token, &Delivery)) -> Outcome<()> {
    let (token, delivery) = about;
    match (delivery.state, delivery.accepted_at) {
        (DeliveryState::Waiting | DeliveryState::Pressed, _) => match token.state {
            TokenState::Disabling | TokenState::Deleting => {
                Err(Refusal::TokenIs(token.state).into())
            }
            _ => Ok(()),
        },
        (_, Some(at)) => Err(Refusal::AlreadyRevealed { at }.into()),
        (state, None) => Err(deliver::explain_ended(tx, state, about).await?.into()),
    }
}
