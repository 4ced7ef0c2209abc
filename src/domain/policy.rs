//! How many approvals a request takes, whose approvals count, and what a press of *Approve* does.

use std::collections::BTreeSet;

use super::catalogue::Version;
use super::content::{Content, Digest};
use super::ids::{ApprovalId, UserId};
use super::request::{Approval, Request, RequestState};

/// Opening a token takes two: no configuration goes below that.
pub const FEWEST_APPROVALS: u8 = 2;

/// How many approvals a content takes under a provider's `approvals`: the highest number that any part
/// requires, as it was approved or in the current catalogue (`today`). A new secret keeps the token's scopes, but not
/// an older, lower number of approvals.
#[must_use]
pub fn approvals_required(approvals: u8, content: &Content, today: Option<&Version>) -> u8 {
    let of_today =
        |id| today.and_then(|version| version.scope(id)).and_then(|scope| scope.approvals);
    let scopes = content.scopes.iter().map(|scope| scope.approvals.max(of_today(&scope.id)));
    let most = scopes.max().flatten().unwrap_or(FEWEST_APPROVALS);
    FEWEST_APPROVALS.max(approvals).max(most)
}

/// An admin role, as far as Discord tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AdminRole {
    /// How many members hold it.
    pub members: u64,
    /// Whether the requester is one of them.
    pub has_requester: bool,
}

/// How many people can approve a request, where that may be too few.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TooFewAdmins {
    /// There are too few.
    Certain {
        /// How many there are at most.
        have: u64,
    },
    /// There are too few if enough of them hold several roles.
    Possible {
        /// How many there are if everyone holds the largest role.
        least: u64,
        /// How many there are if nobody holds two.
        most: u64,
    },
}

/// Whether there are too few people for the approvals that a request needs. Who holds which of several roles
/// is unknown, but for the requester.
#[must_use]
pub fn find_too_few_admins(
    roles: &[AdminRole],
    requester_counts: bool,
    need: u8,
) -> Option<TooFewAdmins> {
    let others =
        || roles.iter().map(|role| role.members.saturating_sub(u64::from(role.has_requester)));
    let own = u64::from(requester_counts && roles.iter().any(|role| role.has_requester));
    let least = others().max().unwrap_or(0) + own;
    let most = others().sum::<u64>() + own;
    let need = u64::from(need);
    if most < need {
        Some(TooFewAdmins::Certain { have: most })
    } else {
        (least < need).then_some(TooFewAdmins::Possible { least, most })
    }
}

/// The progress of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// People whose approvals count.
    pub have: u8,
    /// The number of people that must approve.
    pub need: u8,
}

impl Tally {
    /// Whether enough approvals are there.
    #[must_use]
    pub fn is_enough(self) -> bool {
        self.have >= self.need
    }
}

/// People whose approvals count: not struck, and for the current content.
#[must_use]
pub fn people_whose_approvals_count(request: &Request, approvals: &[Approval]) -> BTreeSet<UserId> {
    approvals
        .iter()
        .filter(|approval| approval.struck.is_none() && approval.digest == request.digest)
        .map(|approval| approval.person)
        .filter(|person| request.requester_approval_counts || *person != request.requester)
        .collect()
}

/// Counts the approvals.
#[must_use]
pub fn count_approvals(request: &Request, approvals: &[Approval]) -> Tally {
    let have = people_whose_approvals_count(request, approvals).len();
    Tally { have: u8::try_from(have).unwrap_or(u8::MAX), need: request.approvals_required }
}

/// Why a press of *Approve* gives no approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApprovalRefusal {
    /// The request is not waiting for approvals.
    NotPending(RequestState),
    /// The card that was pressed showed an older content.
    OlderContent,
    /// This person has approved already.
    AlreadyThere,
    /// The requester's own approval does not count here.
    OwnRequest,
}

/// Whether a person may approve the content with the digest `shown`, which their card carries.
/// [`super::permission`] checks that they are an admin.
///
/// # Errors
/// The reason why they may not.
pub fn may_approve(
    request: &Request,
    approvals: &[Approval],
    person: UserId,
    shown: Digest,
) -> Result<(), ApprovalRefusal> {
    if request.state != RequestState::Pending {
        return Err(ApprovalRefusal::NotPending(request.state));
    }
    if request.digest != shown {
        return Err(ApprovalRefusal::OlderContent);
    }
    if person == request.requester && !request.requester_approval_counts {
        return Err(ApprovalRefusal::OwnRequest);
    }
    if people_whose_approvals_count(request, approvals).contains(&person) {
        return Err(ApprovalRefusal::AlreadyThere);
    }
    Ok(())
}

/// The result of asking Discord again once there are enough approvals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Confirmation {
    /// Enough approvals are from admins. The others in this list are struck.
    Confirmed(Vec<ApprovalId>),
    /// These approvals are struck, and too few are left.
    TooFew(Vec<ApprovalId>),
    /// Discord was not asked about a person, because their approval came in the meantime.
    AskAgain,
}

/// Decides from Discord's answer: `asked` are the people it was asked about, `admins` those who are still
/// admins.
#[must_use]
pub fn confirm(
    request: &Request,
    approvals: &[Approval],
    asked: &BTreeSet<UserId>,
    admins: &BTreeSet<UserId>,
) -> Confirmation {
    let counting = people_whose_approvals_count(request, approvals);
    if !counting.is_subset(asked) {
        return Confirmation::AskAgain;
    }
    let struck: Vec<ApprovalId> = approvals
        .iter()
        // Nothing is known of people that Discord was not asked about.
        .filter(|approval| approval.struck.is_none() && asked.contains(&approval.person))
        .filter(|approval| !admins.contains(&approval.person))
        .map(|approval| approval.id)
        .collect();
    if counting.intersection(admins).count() >= usize::from(request.approvals_required) {
        Confirmation::Confirmed(struck)
    } else {
        Confirmation::TooFew(struck)
    }
}

#[cfg(test)]
mod tests;
