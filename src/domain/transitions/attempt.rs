//! The life of a call that makes a token at an upstream.

use super::{ActorKind, CardChange, EventKind, TransitionRow, table};
use crate::domain::attempt::AttemptState;

/// The follow-up of an attempt's step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttemptFollowUp {
    /// Search once more for what the upstream may have made.
    LookForStray,
}

table! {
    /// What happens to a call.
    AttemptTransition of AttemptState, then AttemptFollowUp;

    /// The call is about to be sent.
    Begin: => Calling, by Countersign, event AttemptBegun;
    /// Its token is stored; the token's event covers it.
    Make: Calling => Made, by Countersign;
    /// The upstream made none.
    Refuse: Calling => Refused, by Countersign, event AttemptEnded;
    /// The outcome is unknown.
    Doubt: Calling => Doubtful, by Countersign, event AttemptEnded;
    /// Only a person can search for what it made.
    LeaveToPerson: Doubtful Absent => Unresolved, by Countersign, event AttemptEnded;
    /// Nothing is there by now; or something may come that was thought to be gone.
    Recheck: Doubtful Gone => Absent, by Countersign, event AttemptEnded, then LookForStray;
    /// No token is there, or no longer.
    Clear: Doubtful Absent => Gone, by Countersign, event AttemptEnded;
}
