//! A token's life.

use super::{ActorKind, Audience, EventKind, NoticeKind, TransitionRow, table};
use crate::domain::token::TokenState;

/// What follows a step of a token's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenFollowUp {
    /// Have the upstream switch the token off.
    SwitchOff,
    /// Tell everybody whose tokens expired.
    TellOfExpiries,
}

table! {
    /// What happens to a token.
    TokenTransition of TokenState, then TokenFollowUp;

    /// It is made; its secret waits for the owner.
    Issue: => Issued, by Anyone, event TokenIssued, tells DevelopersAndContact Created;
    /// Its owner reads the secret.
    Collect: Issued => Active, by Requester, event TokenCollected, tells Everyone Collected;
    /// Who asked for a new secret reads it, and owns the token from here.
    CollectReset: Active => Active, by Requester, event TokenReset, tells Everyone Reset;
    /// The same of a token that was disabled: it works again.
    CollectEnabled: Issued Disabled => Active, by Requester, event TokenEnabled, tells Everyone Enabled;
    /// A new secret is made, which takes the old one's place when it is collected.
    Renew: Active Disabled => stays, by Anyone, event SecretRenewed, keeps card;
    /// A new secret is made, and the old one is dead.
    Replace: Active => stays, by Anyone, event SecretRenewed, tells Everyone Renewed;
    /// A new secret is made, and the token is on at its provider from here.
    EnableUpstream: Disabled => Issued, by Anyone, event SecretRenewed;
    /// A new secret was asked for and did not arrive: the old one may be dead.
    DoubtSecret: Issued Active => stays, by Countersign,
        event SecretUnsure, tells Everyone SecretUnsure, keeps card;
    /// A change takes effect.
    Change: Active Disabled => stays, by Anyone, event TokenChanged, tells Everyone Changed;
    /// Scopes are taken from it, or it ends earlier.
    Narrow: Active Disabled => stays, by Anyone, event TokenNarrowed, tells Everyone Narrowed;
    /// It is off.
    Disable: Issued Active Disabling => Disabled, by Anyone,
        event TokenDisabled, tells Everyone Disabled;
    /// The same, since somebody found its secret.
    DisableLeaked: Issued Active => Disabled, by Anyone, event TokenDisabled, tells Everyone Leaked;
    /// An admin is asked to switch it off.
    AskAdminToDisable: Issued Active => Disabling, by Anyone, event TokenDisabling;
    /// The same, since somebody found its secret.
    AskAdminToDisableLeaked: Issued Active => Disabling, by Anyone,
        event TokenDisabling, tells Everyone Leaked;
    /// Its upstream is asked to switch it off.
    AskUpstreamToDisable: Issued Active => Disabling, by Anyone,
        event TokenDisabling, then SwitchOff;
    /// The same, since somebody found its secret.
    AskUpstreamToDisableLeaked: Issued Active => Disabling, by Anyone,
        event TokenDisabling, tells Everyone Leaked, then SwitchOff;
    /// It is gone.
    Delete: Issued Active Disabling Disabled Expired Deleting => Deleted, by Anyone,
        event TokenDeleted, tells Everyone Deleted;
    /// It is gone, since nobody collected it: told with the end of its delivery.
    DeleteUncollected: Issued => Deleted, by Countersign, event TokenDeleted;
    /// An admin is asked to delete it.
    AskAdminToDelete: Issued Active Disabling Disabled Expired => Deleting, by Anyone,
        event TokenDeleting;
    /// Its upstream is asked to delete it.
    AskUpstreamToDelete: Issued Active Disabling Disabled Expired => Deleting, by Anyone,
        event TokenDeleting, then SwitchOff;
    /// Its time is up: told with all that expires at the same time.
    Expire: Issued Active Disabling Disabled => Expired, by Anyone,
        event TokenExpired, then TellOfExpiries;
    /// Its upstream could not be brought to switch it off.
    ReportTrouble: Disabling Deleting => stays, by Countersign, event UpstreamTrouble;
    /// Somebody presents a secret of it that they found.
    ReportLeak: any => stays, by Anyone, event LeakReported, keeps card;
    /// Its people are warned that it ends soon.
    WarnOfEnd: Active => stays, by Countersign, event TokenExpiring, keeps card;
    /// An admin tells its people something.
    Announce: any => stays, by Admin, event Announced, keeps card;
}
