//! Why something does not happen: values, not faults. Each is told to the person in their language,
//! with what it means and what to do.

use chrono::{DateTime, Utc};

use crate::domain::catalogue::ScopeId;
use crate::domain::delivery::{DeliveryState, LapseEffect};
use crate::domain::permission::Action;
use crate::domain::policy::ApprovalRefusal;
use crate::domain::request::RequestState;
use crate::domain::request_kind::RequestKind;
use crate::domain::token::TokenState;

/// Why something does not happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// This person may not do it.
    NotAllowed(Action),
    /// It is somebody else's.
    NotYours,
    /// It lapsed, was cancelled, or never was.
    Gone,
    /// The provider is not in the configuration (any more).
    UnknownProvider,
    /// The interaction comes from another guild or for another application.
    WrongGuild,
    /// Outside of the guild only delivery buttons work.
    OutsideGuild,
    /// A button, a form or a command that this version does not have, or not like this.
    NotUnderstood,
    /// Neither a token nor a request was named whose history is wanted.
    NoHistoryNamed,
    /// Both were.
    TwoHistoriesNamed,
    /// The request is not pending (any more).
    NotPending(RequestState),
    /// The card that was pressed shows an older content.
    OlderContent,
    /// The same person's approval is there already.
    AlreadyApproved,
    /// The requester's own approval does not count here.
    OwnRequest,
    /// The card was cut: *All scopes* comes first.
    ReadAllScopesFirst,
    /// This person has as many open requests as the policy lets them.
    TooManyOpen {
        /// How many that are.
        limit: u32,
    },
    /// A live token or an open request of this provider has this name.
    NameTaken {
        /// The name.
        name: String,
    },
    /// This person tried too many names that others have: nothing is said of this one.
    TooManyNames {
        /// When one is said again.
        until: DateTime<Utc>,
    },
    /// Several tokens that this person may see have the name that was typed.
    SeveralCalled {
        /// The name.
        name: String,
    },
    /// The fields of the form have problems; *Correct* opens it again.
    FormHasProblems,
    /// No scope is chosen.
    NothingChosen,
    /// The edited request is what it was.
    NothingChanged,
    /// The token would be what it is.
    TokenUnchanged,
    /// Edited like this, a pending request would ask for what its token is.
    AsksForNothing,
    /// An extension would not end later than the token does already.
    NotLater {
        /// When it does.
        ends: DateTime<Utc>,
    },
    /// The policy lets no token live for so long.
    LivesTooLong {
        /// How many days it does.
        most: u16,
    },
    /// The provider's API has no call for this.
    NotOffered,
    /// Another change of the token is open.
    ChangeOpen {
        /// A link to its card; none where it has none yet.
        card: Option<String>,
    },
    /// The token is in a state in which that can't be asked for, or done.
    TokenIs(TokenState),
    /// The token's API version is the newest that there is.
    NothingNewer,
    /// The chosen API version is none that the token can be upgraded to.
    NotNewer,
    /// The catalogue does not have the token's API version any more: it is upgraded first.
    VersionGone,
    /// What was typed is not the token's name.
    NotItsName,
    /// The catalogue does not have these scopes any more.
    UnknownScopes(Vec<ScopeId>),
    /// A denial takes a reason of 1 to so many characters.
    BadReason {
        /// How many that are.
        limit: usize,
    },
    /// The token does not wait for a person to switch it off or delete it (any more).
    NothingToDo,
    /// The request is not of an issuer that people fulfil.
    NotManual,
    /// The *Account SID* can't be one.
    BadAccountSid,
    /// The *Auth Token* can't be one.
    BadSecret,
    /// An announcement takes a subject and a text, neither too long.
    BadWords,
    /// No live token is chosen, or nothing is written.
    NothingToSend,
    /// The policy lets nobody send announcements.
    NoAnnouncements,
    /// This admin has sent as many announcements as the policy lets one admin.
    AnnouncedEnough {
        /// How many that are in 24 hours.
        limit: u32,
        /// When the next may go out.
        next: DateTime<Utc>,
    },
    /// This secret was handed out before.
    SecretKnown,
    /// The request ended while an admin did at the provider what it asks for.
    MadeInVain(RequestKind),
    /// The secret that was found no longer opens anything: there is nothing to disable.
    OpensNothing,
    /// The secret was revealed.
    AlreadyRevealed {
        /// When Discord accepted it.
        at: DateTime<Utc>,
    },
    /// Another press is showing the secret right now.
    BeingRevealed,
    /// Discord did not take the message with the secret: nobody saw it.
    NotShown,
    /// Discord was not heard to take the message with the secret: it may have been seen or not.
    NotHeard,
    /// The delivery is over.
    DeliveryEnded(DeliveryState),
    /// Nobody pressed in time, and this is what that came to.
    NotCollected(LapseEffect),
    /// The same interaction was handled before.
    Replayed,
    /// The database took too long: nothing was lost, try again.
    Busy,
    /// So many interactions of this person wait already that this one was not looked at.
    TooManyAtOnce,
    /// A fault of ours.
    Fault {
        /// What the log calls it.
        reference: String,
    },
}

impl From<ApprovalRefusal> for Refusal {
    fn from(refusal: ApprovalRefusal) -> Self {
        match refusal {
            ApprovalRefusal::NotPending(state) => Self::NotPending(state),
            ApprovalRefusal::OlderContent => Self::OlderContent,
            ApprovalRefusal::AlreadyThere => Self::AlreadyApproved,
            ApprovalRefusal::OwnRequest => Self::OwnRequest,
        }
    }
}
