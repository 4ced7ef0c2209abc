//! A request's life.

use super::{ActorKind, Audience, CardChange, EventKind, NoticeKind, TransitionRow, table};
use crate::domain::request::RequestState;

/// The follow-up of a request's step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestFollowUp {
    /// Ask Discord whether the people who approved are still admins.
    ConfirmApprovals,
    /// Create the token, or carry out the change.
    Issue,
    /// Remind the admins, at the time that the policy sets.
    RemindAdmins,
    /// End the request, when its time is up.
    LapseRequest,
    /// Call the admins, if it waits for them now.
    CallAdmins,
}

table! {
    /// What happens to a request.
    RequestTransition of RequestState, then RequestFollowUp;

    /// A person submits it: it waits for approvals.
    Submit: => Pending, by Requester, event RequestSubmitted, then RemindAdmins LapseRequest;
    /// An admin is asked to do something at the provider that needs no approvals.
    AskAdmin: => Issuing, by Anyone, event RequestSubmitted;
    /// Its upstream takes something from a token, which needs no approvals.
    AskUpstream: => Issuing, by Anyone, event RequestSubmitted, then Issue;
    /// Its upstream did not take something from a token: an admin is asked to, and the reason says why.
    AskAdminInstead: Issuing => Issuing, by Countersign,
        event RequestFailed, tells Requester Failed, then CallAdmins;
    /// An admin has the upstream asked once more.
    AskUpstreamAgain: Issuing => Issuing, by Admin, event RequestRetried, then Issue;
    /// Its requester changes it: approvals of the old content are void.
    Edit: Pending => Pending, by Requester, event RequestEdited;
    /// An admin opens the whole content.
    Read: any => stays, by Admin, event RequestRead, card kept;
    /// The admins are reminded of it.
    Remind: Pending => stays, by Countersign, event RequestReminded, card kept;
    /// Discord refuses its card.
    RefuseCard: Pending => stays, by Countersign,
        event CardRefused, tells Requester CardRefused, card kept;
    /// An admin approves it.
    GiveApproval: Pending => stays, by Admin, event ApprovalGiven;
    /// The last approval that it needs is given.
    Approve: Pending => Approved, by Admin, event RequestApproved, then ConfirmApprovals, card soon;
    /// A person who approved is no longer an admin.
    StrikeApprovals: Approved => stays, by Countersign, event ApprovalStruck;
    /// Too few approvals are left.
    Return: Approved => Pending, by Countersign,
        event RequestReturned, tells Requester Returned, then CallAdmins;
    /// The configuration or the token changed, which changes the content.
    ReturnChanged: Pending Approved Issuing Failed => Pending, by Countersign,
        event RequestReturned, tells Requester Returned, then CallAdmins;
    /// Discord confirms that all people who approved are still admins.
    Confirm: Approved => Issuing, by Countersign,
        event RequestConfirmed, tells Requester Approved, then Issue CallAdmins, card soon;
    /// It has taken effect; the token's event covers it.
    Finish: Issuing => Done, by Anyone;
    /// The same, and its secret is on the way to its requester.
    FinishWithSecret: Issuing => Done, by Anyone, card soon;
    /// A person must do something before it can continue.
    Fail: Pending Approved Issuing Failed => Failed, by Countersign,
        event RequestFailed, tells Requester Failed, then CallAdmins;
    /// An admin has done it: Discord is asked about all approvals again.
    Retry: Failed => Approved, by Admin, event RequestRetried, then ConfirmApprovals, card soon;
    /// The same, where too few approvals count.
    RetryUnapproved: Failed => Pending, by Admin,
        event RequestRetried, tells Requester Returned, then CallAdmins;
    /// An admin denies it.
    Deny: Pending Issuing Failed => Denied, by Admin, event RequestDenied, tells Requester Denied;
    /// Its requester takes it back.
    Withdraw: Pending Issuing Failed => Withdrawn, by Requester,
        event RequestWithdrawn, tells Requester Withdrawn;
    /// It is no longer possible.
    WithdrawImpossible: Pending Approved Issuing Failed => Withdrawn, by Countersign,
        event RequestWithdrawn, tells Requester Withdrawn;
    /// The task of an admin is no longer needed.
    DropTask: Issuing => Withdrawn, by Countersign, event RequestWithdrawn;
    /// Not decided in time.
    Lapse: Pending => Expired, by Countersign, event RequestExpired, tells Requester Expired;
}
