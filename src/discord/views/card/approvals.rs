//! Whose approvals there are: those that count, and those that were struck, with the reason.

use crate::domain::policy;
use crate::domain::request::{Approval, Request, StrikeReason};
use crate::locale::{Language, text};

use super::super::formatting::{format_mention, join_within};
use super::scope_list::{self, Fitted};

/// What a mention takes at most, with what stands between two.
const NAME: usize = 26;
/// What a struck approval takes at most: its mark, a mention, and a reason.
const LINE: usize = 90;
/// The dots, the count, and a last line for those that don't stand there.
const FRAME: usize = 120;
/// How many struck approvals there is room for.
const STRUCK: usize = 3;

/// What a card keeps free for them, whatever happens to them: what else stands there must not change
/// with each approval.
pub fn reserve_length(request: &Request) -> usize {
    FRAME + NAME * usize::from(request.approvals_required) + LINE * STRUCK
}

/// "●○ 1 of 2 approvals · @Aki", and a line for each that was struck.
pub fn render_lines(request: &Request, approvals: &[Approval], language: Language) -> Vec<String> {
    let people: Vec<String> = filter_counting(request, approvals)
        .map(|approval| format_mention(approval.person))
        .collect();
    let mut first = format_tally(request, approvals, language);
    if !people.is_empty() {
        let room = NAME * usize::from(request.approvals_required);
        let people = join_within(&people, &text!(language, "list-separator"), room, language);
        first = format!("{first} · {people}");
    }
    let struck = list_struck(approvals, language);
    let Fitted { pieces, .. } = scope_list::fit_within(&struck, LINE * STRUCK, |more| {
        text!(language, "card-approvals-more", count = more)
    });
    std::iter::once(first).chain(pieces).collect()
}

/// The people whose approvals count.
fn filter_counting<'a>(
    request: &Request,
    approvals: &'a [Approval],
) -> impl Iterator<Item = &'a Approval> {
    let people = policy::people_whose_approvals_count(request, approvals);
    let digest = request.digest;
    approvals.iter().filter(move |approval| {
        approval.struck.is_none() && approval.digest == digest && people.contains(&approval.person)
    })
}

/// "●○ 1 of 2 approvals".
fn format_tally(request: &Request, approvals: &[Approval], language: Language) -> String {
    let tally = policy::count_approvals(request, approvals);
    let (have, need) = (usize::from(tally.have), usize::from(tally.need));
    let dots = format!("{}{}", "●".repeat(have), "○".repeat(need.saturating_sub(have)));
    format!("{dots} {}", text!(language, "card-approvals", have = tally.have, need = tally.need))
}

fn list_struck(approvals: &[Approval], language: Language) -> Vec<String> {
    // The latest first: the oldest are the ones to leave out.
    let struck = approvals.iter().rev().filter_map(|approval| {
        let person = format_mention(approval.person);
        Some(match approval.struck? {
            StrikeReason::NotAdmin => text!(language, "card-approval-not-admin", person = person),
            StrikeReason::ContentChanged => {
                text!(language, "card-approval-content-changed", person = person)
            }
        })
    });
    struck.collect()
}
