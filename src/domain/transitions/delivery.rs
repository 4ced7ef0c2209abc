//! A delivery's life: how a secret comes to its owner.

use super::{ActorKind, Audience, EventKind, NoticeKind, TransitionRow, table};
use crate::domain::delivery::DeliveryState;

/// What follows a step of a delivery's.
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
}

table! {
    /// What happens to a delivery.
    DeliveryTransition of DeliveryState, then DeliveryFollowUp;

    /// A secret is sealed for its owner; the token's own event says so.
    Create: => Waiting, by Anyone, then LapseDelivery Deliver, keeps card;
    /// The owner's direct message reached them.
    Announce: any => stays, by Countersign, event DeliveryAnnounced;
    /// Discord refused the direct message.
    RefuseDirectMessage: any => stays, by Countersign, event DeliveryRefused, then CheckMember;
    /// The owner presses *Reveal*; the token's own event says so.
    Press: Waiting => Pressed, by Requester, then DeleteReveal, keeps card;
    /// They press it again, since the secret did not reach them.
    PressAgain: Pressed => Pressed, by Requester, event RevealRepeated, then DeleteReveal, keeps card;
    /// Discord accepted the message with the secret.
    Accept: Pressed => Accepted, by Anyone, event DeliveryAccepted;
    /// The owner has stored the secret: the message is to go now.
    Store: any => stays, by Requester, event DeliveryStored, then DeleteReveal, keeps card;
    /// A message with the secret was deleted, or is out of reach.
    Hide: any => stays, by Countersign, event SecretHidden, keeps card;
    /// Nobody pressed in time.
    Lapse: Waiting => Lapsed, by Countersign, event DeliveryLapsed, tells Named Lapsed;
    /// The same, of a new secret of a token that was there.
    LapseRenewal: Waiting => Lapsed, by Countersign, event DeliveryLapsed, tells Named RenewalLapsed;
    /// Nobody saw Discord accept it, and the time is up.
    GiveUp: Pressed => Unconfirmed, by Countersign, event DeliveryUnconfirmed;
    /// A newer secret takes its place.
    Replace: Waiting => Voided, by Countersign, event DeliveryReplaced, tells Named Replaced;
    /// The same, where it was pressed already.
    ReplacePressed: Pressed => Unconfirmed, by Countersign,
        event DeliveryUnconfirmed, tells Named Replaced;
    /// The token ends: a trigger voids what waits. The token's own event says so.
    Void: Waiting Pressed => Voided, by Countersign, tells Named Voided, keeps card;
    /// The owner says *Not me*.
    Disown: Waiting Pressed Accepted Unconfirmed Voided => Disowned, by Requester,
        event DeliveryDisowned, tells Named Disowned, then DeleteReveal;
}
