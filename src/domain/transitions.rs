//! What may follow what: one row for each thing that happens to a request, a token, a delivery or a call.
//!
//! A row says from which states it leads where, by whom, and everything that goes with it: the line in the
//! audit log, who is told, the jobs that follow, and whether cards change. `store::tx` carries rows out, and
//! nothing else changes a state. The database's guards refuse every step that stands in no row; a test
//! compares both.

mod attempt;
mod delivery;
#[cfg(test)]
mod diagram;
mod request;
mod token;

pub use attempt::{AttemptFollowUp, AttemptTransition};
pub use delivery::{DeliveryFollowUp, DeliveryTransition};
pub use request::{RequestFollowUp, RequestTransition};
pub use token::{TokenFollowUp, TokenTransition};

use super::event::EventKind;
use super::notice::NoticeKind;

/// Who does something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActorKind {
    /// Who asked, or owns the token.
    Requester,
    /// An admin of the provider.
    Admin,
    /// Anybody who may, or Countersign where nobody pressed.
    Anyone,
    /// Countersign by itself, whatever press it happens in.
    Countersign,
}

/// Who is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Who asked for it.
    Requester,
    /// Everybody on the token, before and after: its developers by mail, owner and contact by direct
    /// message. Not who did it.
    Everyone,
    /// The same without the owner, who hears of it otherwise.
    DevelopersAndContact,
    /// Only those who are named when it happens.
    Named,
}

/// One row of a table.
#[derive(Debug, Clone, Copy)]
pub struct TransitionRow<State: 'static, FollowUp: 'static> {
    /// From which states it leads; none where it is the beginning.
    pub from: &'static [State],
    /// Where to; `None` where the state stays.
    pub to: Option<State>,
    /// Who does it.
    pub by: ActorKind,
    /// What the audit log calls it; `None` where the event of what it goes with tells of it.
    pub event: Option<EventKind>,
    /// What people are told, and who.
    pub notice: Option<(NoticeKind, Audience)>,
    /// What follows.
    pub follow_ups: &'static [FollowUp],
    /// Whether the cards that show it are rendered again.
    pub changes_card: bool,
}

impl<State: Copy + PartialEq, FollowUp> TransitionRow<State, FollowUp> {
    /// Where it leads from a state; `None` where it doesn't.
    #[must_use]
    pub fn next(&self, from: State) -> Option<State> {
        self.from.contains(&from).then(|| self.to.unwrap_or(from))
    }
}

/// An enum of transitions with a row for each, written as a table.
macro_rules! table {
    (@to stays) => { None };
    (@to $to:ident) => { Some(State::$to) };
    (@from any) => { State::ALL };
    (@from $($from:ident)*) => { &[$(State::$from),*] };
    (@notice) => { None };
    (@notice $kind:ident $audience:ident) => { Some((NoticeKind::$kind, Audience::$audience)) };
    (@event) => { None };
    (@event $event:ident) => { Some(EventKind::$event) };
    (@card) => { true };
    (@card card) => { false };
    (
        $(#[$meta:meta])* $name:ident of $state:ident, then $follow_ups:ident;
        $(
            $(#[$doc:meta])*
            $row:ident: $($from:ident)* => $to:ident, by $by:ident
                $(, event $event:ident)?
                $(, tells $audience:ident $notice:ident)?
                $(, then $($follow_up:ident)+)?
                $(, keeps $card:ident)?;
        )+
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $($(#[$doc])* $row,)+ }

        impl $name {
            /// The whole table, in its order.
            pub const ALL: &[Self] = &[$(Self::$row),+];

            /// What goes with it.
            #[must_use]
            pub const fn row(self) -> TransitionRow<$state, $follow_ups> {
                type State = $state;
                type FollowUp = $follow_ups;
                match self {
                    $(Self::$row => TransitionRow {
                        from: table!(@from $($from)*),
                        to: table!(@to $to),
                        by: ActorKind::$by,
                        event: table!(@event $($event)?),
                        notice: table!(@notice $($notice $audience)?),
                        follow_ups: &[$($(FollowUp::$follow_up),+)?],
                        changes_card: table!(@card $($card)?),
                    },)+
                }
            }

            /// Its name, as the drawings have it.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$row => stringify!($row),)+ }
            }
        }
    };
}
use table;
