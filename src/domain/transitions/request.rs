//! A request's life.

use super::{ActorKind, Audience, EventKind, NoticeKind, TransitionRow, table};
use crate::domain::request::RequestState;

/// What follows a step of a request's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestFollowUp {
    /// Ask Discord whether those who approved are still admins.
    ConfirmApprovals,
    /// Create the token, or carry out the change.
    Issue,
    /// Remind the admins, when the policy says so.
    RemindAdmins,
    /// End the request, when its time is up.
    LapseRequest,
}

table! {
    /// What happens to a request.
    RequestTransition of RequestState, then RequestFollowUp;

    /// Somebody asks: it waits for approvals.
    Submit: => Pending, by Requester, event RequestSubmitted, then RemindAdmins LapseRequest;
    /// An admin is asked to do something at the provider that takes no approvals.
    AskAdmin: => Issuing, by Anyone, event RequestSubmitted;
    /// Its requester changes it: approvals of the old content are void.
    Edit: Pending => Pending, by Requester, event RequestEdited;
    /// Somebody opens all of it.
    Read: any => stays, by Admin, event RequestRead, keeps card;
    /// The admins are reminded of it.
    Remind: Pending => stays, by Countersign, event RequestReminded, keeps card;
    /// An admin approves it.
    GiveApproval: Pending => stays, by Admin, event ApprovalGiven;
    /// That was the last approval that it takes.
    Approve: Pending => Approved, by Admin, event RequestApproved, then ConfirmApprovals;
    /// Who approved is no admin any more.
    StrikeApprovals: Approved => stays, by Countersign, event ApprovalStruck;
    /// Too few approvals are left.
    Return: Approved => Pending, by Countersign, event RequestReturned, tells Requester Returned;
    /// The configuration, or its token, makes another content of it.
    ReturnChanged: Pending Approved Issuing Failed => Pending, by Countersign,
        event RequestReturned, tells Requester Returned;
    /// Discord says that all who approved are still admins.
    Confirm: Approved => Issuing, by Countersign,
        event RequestConfirmed, tells Requester Approved, then Issue;
    /// What it asked for is there; the token's own event says so.
    Finish: Issuing => Done, by Anyone;
    /// A person must do something before it can go on.
    Fail: Pending Approved Issuing Failed => Failed, by Countersign,
        event RequestFailed, tells Requester Failed;
    /// An admin did it: everybody's approvals are asked again.
    Retry: Failed => Approved, by Admin, event RequestRetried, then ConfirmApprovals;
    /// The same, where too few approvals count.
    RetryUnapproved: Failed => Pending, by Admin, event RequestRetried;
    /// An admin says no.
    Deny: Pending Issuing Failed => Denied, by Admin, event RequestDenied, tells Requester Denied;
    /// Its requester takes it back.
    Withdraw: Pending Issuing Failed => Withdrawn, by Requester, event RequestWithdrawn;
    /// It can no longer be had.
    WithdrawImpossible: Pending Approved Issuing Failed => Withdrawn, by Countersign,
        event RequestWithdrawn, tells Requester Withdrawn;
    /// What an admin was asked to do is not to be done any more.
    DropTask: Issuing => Withdrawn, by Countersign, event RequestWithdrawn;
    /// Nobody decided in time.
    Lapse: Pending => Expired, by Countersign, event RequestExpired, tells Requester Expired;
}
