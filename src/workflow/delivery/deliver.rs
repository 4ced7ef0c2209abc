//! The steps of a delivery: announced, accepted, stored, disowned or lapsed.

use chrono::Utc;
use serde_json::json;
use sqlx::PgConnection;

use crate::domain::delivery::{Delivery, DeliveryState, LapseEffect};
use crate::domain::ids::{ChannelId, DeliveryId, MessageId};
use crate::domain::notice::{Recipient, list_everyone};
use crate::domain::policy;
use crate::domain::request_kind::RequestKind;
use crate::domain::token::Token;
use crate::domain::transitions::DeliveryTransition;
use crate::store::deliveries::{self, DeliveryContext};
use crate::store::secrets::{self, SecretOrigin};
use crate::store::tx::Tx;
use crate::store::{approvals, tokens};

use crate::workflow::refusal::Refusal;
use crate::workflow::token::end;
use crate::workflow::token::end_means::{self, TokenEnd};
use crate::workflow::{Actor, Outcome, Workflow};

/// A delivery as its owner is told of it.
#[derive(Debug)]
pub struct WaitingDelivery {
    /// The token.
    pub token: Token,
    /// Its delivery.
    pub delivery: Delivery,
    /// Why there is a new secret.
    pub kind: RequestKind,
    /// How long the secret before this one works after this one is revealed.
    pub overlap_seconds: i32,
}

/// A delivery whose owner must be told, or whose message must show what became of it.
#[derive(Debug)]
pub struct DeliveryToAnnounce {
    /// The delivery.
    pub due: WaitingDelivery,
    /// Discord's code of the owner's language; empty if it is unknown.
    pub locale: String,
    /// The channel of direct messages with the owner, if it was opened before.
    pub direct_channel: Option<ChannelId>,
}

/// How many secrets `/token collect` shows at once.
const COLLECTED_AT_ONCE: u32 = 5;

/// The outcome of *Not me*.
#[derive(Debug)]
pub struct DisownOutcome {
    /// The token, as it was before.
    pub token: Token,
    /// Whether the secret opened nothing any more, so that the token was not changed.
    pub was_dead: bool,
}

/// Discord accepted the message with the secret: the sealed copy is wiped.
pub async fn note_reveal_accepted(workflow: &Workflow, id: DeliveryId) -> Outcome<()> {
    let mut tx = workflow.tx().await?;
    let Some((token, delivery)) = deliveries::lock_with_token(&mut tx, id).await? else {
        return Ok(());
    };
    accept(&mut tx, &token, &delivery).await?;
    tx.commit().await?;
    Ok(())
}

/// Discord refused the message: the owner may press again at once.
pub async fn note_reveal_refused(workflow: &Workflow, id: DeliveryId) -> Outcome<()> {
    let mut tx = workflow.tx().await?;
    tx.release_delivery(id).await?;
    tx.commit().await?;
    Ok(())
}

/// *I have stored it*: the messages are deleted now. A person who can press this button sees the secret, so
/// Discord accepted the message, even if its answer was lost.
pub async fn confirm_stored(workflow: &Workflow, actor: &Actor, id: DeliveryId) -> Outcome<Token> {
    let (mut tx, (token, delivery)) = begin_for_owner(workflow, actor, id).await?;
    accept(&mut tx, &token, &delivery).await?;
    tx.note_stored((&token, &delivery)).await?;
    tx.commit().await?;
    Ok(token)
}

/// *Not me*: the token is disabled, if its issuer can do so, and the admins who approved it are alerted. A
/// secret that no longer opens anything gives no power over the token: its former owner can only alert.
pub async fn disown(workflow: &Workflow, actor: &Actor, id: DeliveryId) -> Outcome<DisownOutcome> {
    let (mut tx, (token, delivery)) = begin_for_owner(workflow, actor, id).await?;
    if matches!(delivery.state, DeliveryState::Lapsed | DeliveryState::Disowned) {
        let refusal = explain_ended(&mut tx, delivery.state, (&token, &delivery)).await?;
        return Err(refusal.into());
    }
    let secret = secrets::get_origin(&mut tx, delivery.secret).await?;
    let admins = approvals::get_request(&mut tx, secret.request)
        .await?
        .map(|read| policy::people_whose_approvals_count(&read.request, &read.approvals))
        .unwrap_or_default();
    let told = admins.into_iter().filter(|admin| *admin != actor.user);
    let told = told.map(Recipient::DirectMessage).collect();
    let (about, disown) = ((&token, &delivery), DeliveryTransition::Disown);
    tx.end_delivery(about, disown, json!({}), Some((secret.request, told))).await?;
    if !secret.is_dead {
        end::stop_token(workflow, &mut tx, &token, TokenEnd::Disabled).await?;
        // This did not end a token that was off already.
        tx.forget_secret(delivery.secret).await?;
    }
    tx.commit().await?;
    Ok(DisownOutcome { token, was_dead: secret.is_dead })
}

/// Ends a delivery past its time. If it was never pressed, the token is revoked; if it was pressed and
/// never confirmed, the sealed copy is wiped.
pub async fn end_if_due(workflow: &Workflow, id: DeliveryId) -> Outcome<()> {
    let mut tx = workflow.tx().await?;
    let Some((token, delivery)) = deliveries::lock_with_token(&mut tx, id).await? else {
        return Ok(());
    };
    if !deliveries::is_expired(&mut tx, id).await? {
        return Ok(());
    }
    match delivery.state {
        DeliveryState::Waiting => end_uncollected(workflow, &mut tx, (&token, &delivery)).await?,
        DeliveryState::Pressed => {
            let (about, give_up) = ((&token, &delivery), DeliveryTransition::GiveUp);
            tx.end_delivery(about, give_up, json!({}), None).await?;
        }
        _ => return Ok(()),
    }
    tx.commit().await?;
    Ok(())
}

/// Ends a delivery that nobody pressed. A new token is revoked, and a token that is on at its provider
/// already is switched off there again. Any other token that was to get a new secret stays as it is, even
/// if nobody can use it now.
async fn end_uncollected(
    workflow: &Workflow,
    tx: &mut Tx,
    about @ (token, delivery): (&Token, &Delivery),
) -> Outcome<()> {
    let origin = secrets::get_origin(tx, delivery.secret).await?;
    let lapse = LapseEffect::of(origin.kind, token.issuer);
    let transition = match lapse {
        LapseEffect::Revoked => DeliveryTransition::Lapse,
        LapseEffect::Unchanged | LapseEffect::OldIsDead | LapseEffect::OffAgain => {
            DeliveryTransition::LapseRenewal
        }
    };
    let developers_hear = match lapse {
        // People whose token is not ended yet are told when it ends.
        LapseEffect::Revoked => {
            end_means::ends_at_once(workflow, tx, token, TokenEnd::Lapsed).await?
        }
        // The new secret works at the provider: a person who finds it may report it.
        LapseEffect::OldIsDead => token.state.is_on(),
        LapseEffect::Unchanged | LapseEffect::OffAgain => false,
    };
    let mut told = list_everyone(token, [token.owner, token.settings.contact, delivery.owner]);
    told.retain(|who| developers_hear || !who.is_mail());
    tx.end_delivery(about, transition, json!({}), Some((origin.request, told))).await?;
    match lapse {
        LapseEffect::Revoked => {
            end::stop_token(workflow, tx, token, TokenEnd::Lapsed).await?;
        }
        LapseEffect::Unchanged => tx.forget_secret(delivery.secret).await?,
        LapseEffect::OldIsDead => {}
        LapseEffect::OffAgain => {
            end::stop_token(workflow, tx, token, TokenEnd::Disabled).await?;
        }
    }
    Ok(())
}

/// A delivery whose owner was not told yet, if it still waits; or one that is over, whose message must become
/// a receipt, even if it is not known where that stands.
pub async fn get_to_tell(
    workflow: &Workflow,
    id: DeliveryId,
) -> Outcome<Option<DeliveryToAnnounce>> {
    let mut connection = workflow.pool.acquire().await?;
    let read = deliveries::get_with_token(&mut connection, id).await?;
    connection.keep();
    let Some((token, delivery, context)) = read else { return Ok(None) };
    let is_due = match delivery.state {
        DeliveryState::Waiting => delivery.message.is_none() && !context.is_expired,
        DeliveryState::Pressed => false,
        _ => delivery.message.is_some() || delivery.may_have_a_lost_message(Utc::now()),
    };
    let DeliveryContext { kind, overlap_seconds, locale, direct_channel, .. } = context;
    let due = WaitingDelivery { token, delivery, kind, overlap_seconds };
    let locale = locale.unwrap_or_default();
    Ok(is_due.then_some(DeliveryToAnnounce { due, locale, direct_channel }))
}

/// A delivery with what its message says.
async fn describe(
    connection: &mut PgConnection,
    delivery: Delivery,
) -> sqlx::Result<Option<WaitingDelivery>> {
    let Some(token) = tokens::get(connection, delivery.token).await? else { return Ok(None) };
    let SecretOrigin { kind, overlap_seconds, .. } =
        secrets::get_origin(connection, delivery.secret).await?;
    Ok(Some(WaitingDelivery { token, delivery, kind, overlap_seconds }))
}

/// The owner's DM reached them.
pub async fn note_announced(
    workflow: &Workflow,
    id: DeliveryId,
    channel: ChannelId,
    message: MessageId,
) -> Outcome<()> {
    let mut tx = workflow.tx().await?;
    let Some((token, delivery)) = deliveries::lock_with_token(&mut tx, id).await? else {
        return Ok(());
    };
    if delivery.message.is_some() {
        // Another process announced it while this one was stopped.
        return Ok(());
    }
    tx.note_announcement((&token, &delivery), (channel, message)).await?;
    if delivery.state != DeliveryState::Waiting {
        // It ended while its message was on the way.
        tx.show_receipt(id);
    }
    tx.commit().await?;
    Ok(())
}

/// Discord refused the DM: the card says so, and `/token collect` still works.
pub async fn note_announcement_refused(workflow: &Workflow, id: DeliveryId) -> Outcome<()> {
    let mut tx = workflow.tx().await?;
    let Some((token, delivery)) = deliveries::lock_with_token(&mut tx, id).await? else {
        return Ok(());
    };
    if delivery.message.is_some() || delivery.dm_refused_at.is_some() {
        return Ok(());
    }
    tx.note_refused_message((&token, &delivery)).await?;
    tx.commit().await?;
    Ok(())
}

/// `/token collect`: the deliveries that wait for this person, the oldest first, and the number of others.
pub async fn list_waiting(
    workflow: &Workflow,
    actor: &Actor,
) -> Outcome<(Vec<WaitingDelivery>, usize)> {
    let mut connection = workflow.pool.acquire().await?;
    let mut waiting = Vec::new();
    let first = (0, COLLECTED_AT_ONCE);
    let all = deliveries::count_waiting(&mut connection, actor.user).await?;
    for delivery in deliveries::list_waiting(&mut connection, actor.user, first).await? {
        waiting.extend(describe(&mut connection, delivery).await?);
    }
    let more = all.saturating_sub(waiting.len());
    Ok((waiting, more))
}

/// Begins the transaction of a press on a delivery by its owner, with the delivery and its token, locked.
pub(in crate::workflow) async fn begin_for_owner(
    workflow: &Workflow,
    actor: &Actor,
    id: DeliveryId,
) -> Outcome<(Tx, (Token, Delivery))> {
    let (tx, locked) = workflow.begin_on_delivery(actor, id).await?;
    if locked.1.owner != actor.user {
        return Err(Refusal::NotYours.into());
    }
    Ok((tx, locked))
}

/// Ends a delivery that was pressed; leaves any other as it is.
async fn accept(tx: &mut Tx, token: &Token, delivery: &Delivery) -> sqlx::Result<()> {
    if delivery.state != DeliveryState::Pressed {
        return Ok(());
    }
    let (about, accept) = ((token, delivery), DeliveryTransition::Accept);
    tx.end_delivery(about, accept, json!({}), None).await
}

/// Why a delivery that has ended can't be pressed.
pub(in crate::workflow) async fn explain_ended(
    tx: &mut Tx,
    state: DeliveryState,
    (token, delivery): (&Token, &Delivery),
) -> sqlx::Result<Refusal> {
    Ok(match state {
        DeliveryState::Lapsed => Refusal::NotCollected {
            lapse: LapseEffect::of(
                secrets::get_origin(tx, delivery.secret).await?.kind,
                token.issuer,
            ),
            // A secret of ours works only once it is collected.
            is_off: token.state.ends_secrets() || token.issuer.swaps_at_collection(),
        },
        DeliveryState::Unconfirmed => match delivery.first_pressed_at {
            Some(at) => Refusal::RevealUnconfirmed { at },
            None => Refusal::DeliveryEnded(state),
        },
        state => Refusal::DeliveryEnded(state),
    })
}
