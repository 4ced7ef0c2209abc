//! Refusals: values, not faults. The person is told each in their language, with its meaning and what to
//! do.

use chrono::{DateTime, Utc};

use crate::domain::catalogue::ScopeId;
use crate::domain::delivery::{DeliveryState, LapseEffect};
use crate::domain::permission::Action;
use crate::domain::policy::ApprovalRefusal;
use crate::domain::request::RequestState;
use crate::domain::request_kind::RequestKind;
use crate::domain::token::TokenState;

/// What is gone, or is not there for this person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gone {
    /// A draft of a request or of a change.
    Draft,
    /// A request.
    Request,
    /// A token.
    Token,
    /// A secret that waited.
    Delivery,
    /// The draft of an announcement.
    Announcement,
    /// What lets a person disable the token whose secret they found.
    LeakReport,
}

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// This person may not do it.
    NotAllowed(Action),
    /// It is somebody else's.
    NotYours,
    /// It lapsed, was cancelled, or never existed.
    Gone(Gone),
    /// The provider is not configured, or no longer.
    UnknownProvider,
    /// The interaction comes from another guild or for another application.
    WrongGuild,
    /// Outside of the guild only delivery buttons work.
    OutsideGuild,
    /// This version does not have this button, form or command, or has it with other arguments.
    NotUnderstood,
    /// The history of neither a token nor a request was asked for.
    NoHistoryNamed,
    /// Both a token and a request were named.
    TwoHistoriesNamed,
    /// The request is not pending, or no longer.
    NotPending(RequestState),
    /// The card that was pressed shows an older content.
    OlderContent,
    /// This person has approved already.
    AlreadyApproved,
    /// The requester's own approval does not count here.
    OwnRequest,
    /// The card was cut: *Details* must be opened first.
    ReadAllScopesFirst,
    /// This person has as many open requests as the policy allows.
    TooManyOpen {
        /// The limit.
        limit: u32,
    },
    /// A live token or an open request of this provider has this name.
    NameTaken {
        /// The name.
        name: String,
    },
    /// This person tried too many names of others: nothing is said about this one.
    TooManyNames {
        /// When the next name is told.
        until: DateTime<Utc>,
    },
    /// No token that this person may see has the name that was typed.
    NoSuchToken {
        /// The name.
        name: String,
    },
    /// There is no request of this number whose history this person may see.
    NoSuchRequest,
    /// Several tokens that this person may see have this name.
    SeveralCalled {
        /// The name.
        name: String,
    },
    /// The fields of the form have problems; *Correct* opens it again.
    FormHasProblems,
    /// No scope is chosen.
    NothingChosen,
    /// The edited request would stay the same.
    NothingChanged,
    /// The token would stay the same.
    TokenUnchanged,
    /// After this edit, a pending request would ask for what the token already is.
    AsksForNothing,
    /// The extension would not end later than the token does.
    NotLater {
        /// When it ends.
        ends: DateTime<Utc>,
    },
    /// The policy does not allow a life of this length.
    LivesTooLong {
        /// How many days it does.
        most: u16,
    },
    /// The provider's API has no call for this.
    NotOffered,
    /// Another change of the token is open.
    ChangeOpen {
        /// A link to its card; none if it has none yet.
        card: Option<String>,
    },
    /// The token's state does not allow it.
    TokenIs(TokenState),
    /// The token has the newest API version.
    NothingNewer,
    /// The token can't be upgraded to the chosen API version.
    NotNewer,
    /// The catalogue no longer has the token's API version: it must be upgraded first.
    VersionGone,
    /// What was typed is not the token's name.
    NotItsName,
    /// The catalogue no longer has these scopes.
    UnknownScopes(Vec<ScopeId>),
    /// The reason of a denial must have 1 to so many characters.
    BadReason {
        /// The limit.
        limit: usize,
    },
    /// The token does not wait, or no longer waits, for a person to disable or delete it.
    NothingToDo,
    /// The request's issuer is not a person.
    NotManual,
    /// The *Account SID* can't be one.
    BadAccountSid,
    /// The *Auth Token* can't be one.
    BadSecret,
    /// The announcement has no subject or no text, or one is too long.
    BadWords,
    /// The bot may not post in the channel where the command was typed.
    CannotPostHere,
    /// No live token is chosen, or no text is written.
    NothingToSend,
    /// The policy lets nobody send announcements.
    NoAnnouncements,
    /// This admin has sent as many announcements as the policy allows.
    AnnouncedEnough {
        /// The limit for 24 hours.
        limit: u32,
        /// When the next one may be sent.
        next: DateTime<Utc>,
    },
    /// This secret was handed out before.
    SecretKnown,
    /// The request no longer waits for what an admin may already have done at the provider.
    MadeInVain {
        /// What was requested.
        kind: RequestKind,
        /// How the request is now.
        state: RequestState,
    },
    /// The secret that was found no longer opens anything: there is nothing to disable.
    OpensNothing,
    /// The secret was revealed.
    AlreadyRevealed {
        /// When Discord accepted it.
        at: DateTime<Utc>,
    },
    /// The secret may have been revealed; it never became known, and its time is up.
    RevealUnconfirmed {
        /// When the owner pressed.
        at: DateTime<Utc>,
    },
    /// Another press is showing the secret now.
    BeingRevealed,
    /// Discord refused the message with the secret: nobody saw it.
    NotShown,
    /// It is unknown whether Discord accepted the message with the secret: somebody may have seen it.
    NotHeard,
    /// The delivery is over.
    DeliveryEnded(DeliveryState),
    /// Nobody pressed in time.
    NotCollected {
        /// What that does to the token.
        lapse: LapseEffect,
        /// Whether the token is known not to work: nobody is told that it is off before it is.
        is_off: bool,
    },
    /// The same interaction was handled before.
    Replayed,
    /// The database took too long: nothing was changed, try again.
    Busy,
    /// It took too long, or the database was lost on the way: it is not known what was changed.
    Unsure,
    /// Too many interactions of this person are waiting, so this one was not handled.
    TooManyAtOnce,
    /// A fault of ours.
    Fault {
        /// Its name in the log.
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
