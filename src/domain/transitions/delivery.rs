//! The life of a delivery: how a secret reaches its owner.

use super::{ActorKind, Audience, CardChange, EventKind, NoticeKind, TransitionRow, table};
use crate::domain::delivery::DeliveryState;

/// The follow-up of a delivery's step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryFollowUp {
    /// Tell the owner that a secret waits.
    Deliver,
    /// End the delivery, when its time is up.
    LapseDelivery,
    /// Delete the messages that show the secret, when their time is up.
    DeleteReveal,
    /// Ask Discord whether the owner is still there.
    CheckMember,
    /// Alert the admins.
    AlertAdmins,
}

table! {
    /// What happens to a delivery.
    DeliveryTransition of DeliveryState, then DeliveryFollowUp;

    /// A secret is encrypted for its owner; the token's event covers it.
    Create: => Waiting, by Anyone, then LapseDelivery Deliver, card kept;
    /// The owner's direct message reached them.
    Announce: any => stays, by Countersign, event DeliveryAnnounced;
    /// Discord refused the direct message.
    RefuseDirectMessage: any => stays, by Countersign, event DeliveryRefused, then CheckMember;
    /// The owner presses *Reveal*; the token's event covers it.
    Press: Waiting => Pressed, by Requester, then DeleteReveal, card kept;
    /// The owner presses it again, because the secret did not arrive.
    PressAgain: Pressed => Pressed, by Requester, event RevealRepeated, then DeleteReveal, card kept;
    /// Discord accepted the message with the secret.
    Accept: Pressed => Accepted, by Anyone, event DeliveryAccepted;
    /// The owner has stored the secret: the message is deleted now.
    Store: any => stays, by Requester, event DeliveryStored, then DeleteReveal, card kept;
    /// A message with the secret was deleted, or can no longer be reached.
    Hide: any => stays, by Countersign, event SecretHidden, card kept;
    /// Not collected in time.
    Lapse: Waiting => Lapsed, by Countersign, event DeliveryLapsed, tells Named Lapsed;
    /// The same for a new secret of an existing token.
    LapseRenewal: Waiting => Lapsed, by Countersign, event DeliveryLapsed, tells Named RenewalLapsed;
    /// It never became known whether Discord accepted it, and the time is up.
    GiveUp: Pressed => Unconfirmed, by Countersign, event DeliveryUnconfirmed;
    /// A newer secret replaces it.
    Replace: Waiting => Voided, by Countersign, event DeliveryReplaced, tells Named Replaced;
    /// The same after it was pressed.
    ReplacePressed: Pressed => Unconfirmed, by Countersign,
        event DeliveryUnconfirmed, tells Named Replaced;
    /// The token ends: a trigger voids waiting deliveries. The token's event covers it.
    Void: Waiting Pressed => Voided, by Countersign, tells Named Voided, card kept;
    /// The owner presses *Not me*.
    Disown: Waiting Pressed Accepted Unconfirmed Voided => Disowned, by Requester,
        event DeliveryDisowned, tells Named Disowned, then DeleteReveal AlertAdmins;
}
