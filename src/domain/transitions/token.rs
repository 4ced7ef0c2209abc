//! A token's life.

use super::{ActorKind, Audience, CardChange, EventKind, NoticeKind, TransitionRow, table};
use crate::domain::token::TokenState;

/// The follow-up of a token's step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenFollowUp {
    /// Have the upstream switch the token off.
    SwitchOff,
    /// Tell the people of expired tokens.
    TellOfExpiries,
    /// Alert the admins.
    AlertAdmins,
}

table! {
    /// What happens to a token.
    TokenTransition of TokenState, then TokenFollowUp;

    /// It is made; its secret waits for the owner.
    Issue: => Issued, by Anyone, event TokenIssued, tells DevelopersAndContact Created, card soon;
    /// The owner reveals the secret.
    Collect: Issued => Active, by Requester, event TokenCollected, tells Everyone Collected, card soon;
    /// The person who requested a new secret reveals it, and becomes the owner.
    CollectReset: Active => Active, by Requester, event TokenReset, tells Everyone Reset, card soon;
    /// The same for a disabled token: it works again.
    CollectEnabled: Issued Disabled => Active, by Requester, event TokenEnabled, tells Everyone Enabled,
        card soon;
    /// A new secret is made, which replaces the old one when it is collected.
    Renew: Active Disabled => stays, by Anyone, event SecretRenewed, card kept;
    /// A new secret is made, and the old one no longer works.
    Replace: Active => stays, by Anyone, event SecretRenewed, tells Everyone Renewed, card soon;
    /// A new secret is made, and the token is on at its provider from now on.
    EnableUpstream: Disabled => Issued, by Anyone, event SecretRenewed, card soon;
    /// A new secret was requested and did not arrive: the old one may no longer work.
    DoubtSecret: Issued Active => stays, by Countersign,
        event SecretUnsure, tells Everyone SecretUnsure, card kept;
    /// A change takes effect.
    Change: Active Disabled => stays, by Anyone, event TokenChanged, tells Everyone Changed;
    /// Scopes are removed, or the token ends earlier.
    Narrow: Active Disabled => stays, by Anyone, event TokenNarrowed, tells Everyone Narrowed;
    /// It is off.
    Disable: Issued Active Disabling => Disabled, by Anyone,
        event TokenDisabled, tells Everyone Disabled;
    /// The same, because someone presented its secret.
    DisableLeaked: Issued Active => Disabled, by Anyone,
        event TokenDisabled, tells Everyone Leaked, then AlertAdmins;
    /// An admin is asked to disable it.
    AskAdminToDisable: Issued Active => Disabling, by Anyone, event TokenDisabling;
    /// The same, because someone presented its secret.
    AskAdminToDisableLeaked: Issued Active => Disabling, by Anyone,
        event TokenDisabling, tells Everyone Leaked, then AlertAdmins;
    /// Its upstream is asked to disable it.
    AskUpstreamToDisable: Issued Active => Disabling, by Anyone,
        event TokenDisabling, then SwitchOff;
    /// The same, because someone presented its secret.
    AskUpstreamToDisableLeaked: Issued Active => Disabling, by Anyone,
        event TokenDisabling, tells Everyone Leaked, then SwitchOff AlertAdmins;
    /// It was off, and a call that enables it had no clear answer: its upstream is asked to disable it again.
    AskUpstreamToDisableAgain: Disabled => Disabling, by Countersign,
        event TokenDisabling, then SwitchOff;
    /// The same, where an admin has to do it.
    AskAdminToDisableAgain: Disabled => Disabling, by Countersign, event TokenDisabling;
    /// It is deleted.
    Delete: Issued Active Disabling Disabled Expired Deleting => Deleted, by Anyone,
        event TokenDeleted, tells Everyone Deleted;
    /// It is deleted because it was not collected; the notice is about the end of its delivery.
    DeleteUncollected: Issued => Deleted, by Countersign, event TokenDeleted;
    /// An admin is asked to delete it.
    AskAdminToDelete: Issued Active Disabling Disabled Expired => Deleting, by Anyone,
        event TokenDeleting;
    /// Its upstream is asked to delete it.
    AskUpstreamToDelete: Issued Active Disabling Disabled Expired => Deleting, by Anyone,
        event TokenDeleting, then SwitchOff;
    /// It expired; the notice is about all tokens that expire at the same time.
    Expire: Issued Active Disabling Disabled => Expired, by Anyone,
        event TokenExpired, then TellOfExpiries;
    /// Its upstream did not disable it after several calls.
    ReportTrouble: Disabling Deleting => stays, by Countersign, event UpstreamTrouble;
    /// Someone presents a secret of it.
    ReportLeak: any => stays, by Anyone, event LeakReported, card kept;
    /// People are warned that it ends soon.
    WarnOfEnd: Active => stays, by Countersign, event TokenExpiring, card kept;
    /// An admin sends its people an announcement.
    Announce: any => stays, by Admin, event Announced, card kept;
}
