//! How many hands a request takes, whose count, and what a press of *Approve* comes to.

use std::collections::BTreeSet;

use super::content::Content;
use super::ids::{HandId, UserId};
use super::request::{Hand, Request, RequestState};

/// Two to open: no configuration goes under it.
pub const FEWEST_HANDS: u8 = 2;

/// How many hands a content takes under a provider's `approvals`: the most that anything asks for.
#[must_use]
pub fn hands_required(approvals: u8, content: &Content) -> u8 {
    let scopes = content.scopes.iter().filter_map(|scope| scope.approvals).max();
    FEWEST_HANDS.max(approvals).max(scopes.unwrap_or(FEWEST_HANDS))
}

/// How far a request is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// People whose hands count.
    pub have: u8,
    /// People whose hands it takes.
    pub need: u8,
}

impl Tally {
    /// Whether enough hands are there.
    #[must_use]
    pub fn is_enough(self) -> bool {
        self.have >= self.need
    }
}

/// Whose hands count: unstruck, on the current content, each person once.
#[must_use]
pub fn people_whose_hands_count(request: &Request, hands: &[Hand]) -> BTreeSet<UserId> {
    hands
        .iter()
        .filter(|hand| hand.struck.is_none() && hand.digest == request.digest)
        .map(|hand| hand.person)
        .filter(|person| request.requester_hand_counts || *person != request.requester)
        .collect()
}

/// Counts the hands.
#[must_use]
pub fn tally(request: &Request, hands: &[Hand]) -> Tally {
    let have = people_whose_hands_count(request, hands).len();
    Tally { have: u8::try_from(have).unwrap_or(u8::MAX), need: request.hands_required }
}

/// Why a press of *Approve* puts no hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HandRefusal {
    /// The request does not wait for hands.
    NotPending(RequestState),
    /// The card that was pressed shows an older content.
    OlderContent,
    /// The same person's hand is there.
    AlreadyThere,
    /// The requester's own hand does not count here.
    OwnRequest,
}

/// Whether a person may put their hand to the content that their card shows. That they are an admin
/// is [`super::permission`]'s question.
///
/// # Errors
/// Why not.
pub fn may_put_hand(
    request: &Request,
    hands: &[Hand],
    person: UserId,
    shown: &str,
) -> Result<(), HandRefusal> {
    if request.state != RequestState::Pending {
        return Err(HandRefusal::NotPending(request.state));
    }
    if request.digest.short() != shown {
        return Err(HandRefusal::OlderContent);
    }
    if person == request.requester && !request.requester_hand_counts {
        return Err(HandRefusal::OwnRequest);
    }
    if people_whose_hands_count(request, hands).contains(&person) {
        return Err(HandRefusal::AlreadyThere);
    }
    Ok(())
}

/// What asking Discord again comes to, once enough hands are there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Confirmation {
    /// Every hand that is needed is an admin's; these others are struck nevertheless.
    Confirmed(Vec<HandId>),
    /// These hands are struck, and what is left is too few.
    TooFew(Vec<HandId>),
    /// Somebody's roles were not asked: a hand came in meanwhile.
    AskAgain,
}

/// Decides by what Discord said of each hand's person: `asked` were asked, `admins` are still admins.
#[must_use]
pub fn confirm(
    request: &Request,
    hands: &[Hand],
    asked: &BTreeSet<UserId>,
    admins: &BTreeSet<UserId>,
) -> Confirmation {
    let counting = people_whose_hands_count(request, hands);
    if !counting.is_subset(asked) {
        return Confirmation::AskAgain;
    }
    let struck: Vec<HandId> = hands
        .iter()
        // Of whom Discord was not asked, nothing is known.
        .filter(|hand| hand.struck.is_none() && asked.contains(&hand.person))
        .filter(|hand| !admins.contains(&hand.person))
        .map(|hand| hand.id)
        .collect();
    if counting.intersection(admins).count() >= usize::from(request.hands_required) {
        Confirmation::Confirmed(struck)
    } else {
        Confirmation::TooFew(struck)
    }
}

#[cfg(test)]
mod tests;
