//! The life of a call that makes a token at an upstream.

use super::{ActorKind, EventKind, TransitionRow, table};
use crate::domain::attempt::AttemptState;

/// What follows a step of an call's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttemptFollowUp {
    /// Look once more for what the upstream may have made.
    LookForStray,
}

table! {
    /// What happens to a call.
    AttemptTransition of AttemptState, then AttemptFollowUp;

    /// It is about to go out.
    Begin: => Calling, by Countersign, event AttemptBegun;
    /// Its token is ours; the token's own event says so.
    Make: Calling => Made, by Countersign;
    /// The upstream made none.
    Refuse: Calling => Refused, by Countersign, event AttemptEnded;
    /// Nobody knows how it ended.
    Doubt: Calling => Doubtful, by Countersign, event AttemptEnded;
    /// Only a person can look for what it made.
    LeaveToPerson: Doubtful => Unresolved, by Countersign, event AttemptEnded;
    /// Nothing is there by now; or something may come that was thought to be gone.
    LookAgain: Doubtful Gone => Absent, by Countersign, event AttemptEnded, then LookForStray;
    /// Nothing is there, or not any more.
    Clear: Doubtful Absent => Gone, by Countersign, event AttemptEnded;
}
