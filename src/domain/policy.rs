//! How many approvals a request takes, whose count, and what a press of *Approve* comes to.

use std::collections::BTreeSet;

use super::catalogue::Version;
use super::content::{Content, Digest};
use super::ids::{ApprovalId, UserId};
use super::request::{Approval, Request, RequestState};

/// Two to open: no configuration goes under it.
pub const FEWEST_APPROVALS: u8 = 2;

/// How many approvals a content takes under a provider's `approvals`: the most that anything asks for, as it
/// was approved or as `today`'s catalogue says. A new secret for a token keeps the scopes that it has, but
/// not an older, laxer word on how many must agree.
#[must_use]
pub fn approvals_required(approvals: u8, content: &Content, today: Option<&Version>) -> u8 {
    let of_today =
        |id| today.and_then(|version| version.scope(id)).and_then(|scope| scope.approvals);
    let scopes = content.scopes.iter().map(|scope| scope.approvals.max(of_today(&scope.id)));
    let most = scopes.max().flatten().unwrap_or(FEWEST_APPROVALS);
    FEWEST_APPROVALS.max(approvals).max(most)
}

/// How far a request is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// People whose approvals count.
    pub have: u8,
    /// People whose approvals it takes.
    pub need: u8,
}

impl Tally {
    /// Whether enough approvals are there.
    #[must_use]
    pub fn is_enough(self) -> bool {
        self.have >= self.need
    }
}

/// Whose approvals count: unstruck, on the current content, each person once.
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
    /// The request does not wait for approvals.
    NotPending(RequestState),
    /// The card that was pressed shows an older content.
    OlderContent,
    /// The same person's approval is there.
    AlreadyThere,
    /// The requester's own approval does not count here.
    OwnRequest,
}

/// Whether a person may approve the content of the digest `shown`, which their card carries. That they are an admin
/// is [`super::permission`]'s question.
///
/// # Errors
/// Why not.
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

/// What asking Discord again comes to, once enough approvals are there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Confirmation {
    /// Every approval that is needed is an admin's; these others are struck nevertheless.
    Confirmed(Vec<ApprovalId>),
    /// These approvals are struck, and what is left is too few.
    TooFew(Vec<ApprovalId>),
    /// Somebody's roles were not asked: an approval came in meanwhile.
    AskAgain,
}

/// Decides by what Discord said of each approval's person: `asked` were asked, `admins` are still admins.
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
        // Of whom Discord was not asked, nothing is known.
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
