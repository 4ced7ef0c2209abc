//! The transition tables: one row for each thing that can happen to a request, a token, a delivery or a
//! call.
//!
//! A row has the states before and after, who takes it, and what goes with it: the event in the
//! audit log, the notice, the jobs that follow, and whether cards change. `store::tx` carries rows out, and
//! nothing else changes a state. The database's guards refuse each step that is not in the tables; a test
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

use std::time::Duration;

use super::card::SOON;
use super::event::EventKind;
use super::notice::NoticeKind;

/// Who does something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActorKind {
    /// The requester, or the token's owner.
    Requester,
    /// An admin of the provider.
    Admin,
    /// Anyone who is permitted, or Countersign itself.
    Anyone,
    /// Always Countersign, even if a person's press led to it.
    Countersign,
}

/// Who gets the notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// The requester.
    Requester,
    /// All people of the token, before and after: developers by mail, owner and contact by direct message.
    /// Not the person who did it.
    Everyone,
    /// The same without the owner, who gets another message.
    DevelopersAndContact,
    /// Only the people that the workflow names.
    Named,
}

/// When cards are rendered again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CardChange {
    /// They show nothing of it.
    None,
    /// In a moment ([`SOON`]): Countersign goes on by itself, and what comes of that is shown in
    /// its place, if it comes before.
    Soon,
    /// Now.
    Now,
}

impl CardChange {
    /// How long the rendering waits; `None` if there is none.
    #[must_use]
    pub const fn wait(self) -> Option<Duration> {
        match self {
            Self::None => None,
            Self::Soon => Some(SOON),
            Self::Now => Some(Duration::ZERO),
        }
    }
}

/// One row of a table.
#[derive(Debug, Clone, Copy)]
pub struct TransitionRow<State: 'static, FollowUp: 'static> {
    /// The states it leads from; empty for a beginning.
    pub from: &'static [State],
    /// The state it leads to; `None` if the state stays.
    pub to: Option<State>,
    /// Who does it.
    pub by: ActorKind,
    /// Its event in the audit log; `None` if another event covers it.
    pub event: Option<EventKind>,
    /// The notice, and who gets it.
    pub notice: Option<(NoticeKind, Audience)>,
    /// The jobs that follow.
    pub follow_ups: &'static [FollowUp],
    /// When the cards that show it must be rendered again.
    pub card: CardChange,
}

impl<State: Copy + PartialEq, FollowUp> TransitionRow<State, FollowUp> {
    /// The state that follows; `None` if the row does not apply.
    #[must_use]
    pub fn next(&self, from: State) -> Option<State> {
        self.from.contains(&from).then(|| self.to.unwrap_or(from))
    }
}

/// Defines an enum of transitions, with a row for each, from a table.
macro_rules! table {
    (@to stays) => { None };
    (@to $to:ident) => { Some(State::$to) };
    (@from any) => { State::ALL };
    (@from $($from:ident)*) => { &[$(State::$from),*] };
    (@notice) => { None };
    (@notice $kind:ident $audience:ident) => { Some((NoticeKind::$kind, Audience::$audience)) };
    (@event) => { None };
    (@event $event:ident) => { Some(EventKind::$event) };
    (@card) => { CardChange::Now };
    (@card kept) => { CardChange::None };
    (@card soon) => { CardChange::Soon };
    (
        $(#[$meta:meta])* $name:ident of $state:ident, then $follow_ups:ident;
        $(
            $(#[$doc:meta])*
            $row:ident: $($from:ident)* => $to:ident, by $by:ident
                $(, event $event:ident)?
                $(, tells $audience:ident $notice:ident)?
                $(, then $($follow_up:ident)+)?
                $(, card $card:ident)?;
        )+
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $($(#[$doc])* $row,)+ }

        impl $name {
            /// All rows, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$row),+];

            /// The row of this transition.
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
                        card: table!(@card $($card)?),
                    },)+
                }
            }

            /// Its name, as in the diagrams.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$row => stringify!($row),)+ }
            }
        }
    };
}
use table;
