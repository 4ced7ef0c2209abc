//! Whose approvals there are: those that count, and those that were struck, with the reason.

use crate::discord::message::{Field, limit, units};
use crate::domain::policy;
use crate::domain::request::{Approval, Request, StrikeReason};
use crate::locale::{Language, text};

use super::super::formatting::{format_mention, format_moment};
use super::scope_list::{self, Fitted};

/// What an approval takes at most: its mark, a mention, a time, and a reason.
const LINE: usize = 90;
/// The field's name and its first line, and a last one for those that don't stand there.
const FRAME: usize = 120;
/// How many struck approvals there is room for beside those that it takes.
const STRUCK: usize = 3;

/// What a card keeps free for them, whatever happens to them: what else stands there must not change
/// with each approval.
pub fn reserve_length(request: &Request) -> usize {
    let lines = usize::from(request.approvals_required) + STRUCK;
    (FRAME + LINE * lines).min(limit::EMBED_VALUE)
}

/// The field.
pub fn build_field(request: &Request, approvals: &[Approval], language: Language) -> Field {
    let name = text!(language, "card-field-approvals");
    let value_room = reserve_length(request) - units(&name);
    let Fitted { pieces, .. } =
        scope_list::fit_within(&render_lines(request, approvals, language), value_room, |more| {
            text!(language, "card-approvals-more", count = more)
        });
    Field::new(name, pieces.join("\n"))
}

/// The people whose approvals count.
pub fn filter_counting<'a>(
    request: &Request,
    approvals: &'a [Approval],
) -> impl Iterator<Item = &'a Approval> {
    let people = policy::people_whose_approvals_count(request, approvals);
    let digest = request.digest;
    approvals.iter().filter(move |approval| {
        approval.struck.is_none() && approval.digest == digest && people.contains(&approval.person)
    })
}

/// "1 of 2 approvals".
pub fn format_tally(request: &Request, approvals: &[Approval], language: Language) -> String {
    let tally = policy::count_approvals(request, approvals);
    text!(language, "card-approvals", have = tally.have, need = tally.need)
}

fn render_lines(request: &Request, approvals: &[Approval], language: Language) -> Vec<String> {
    let mut lines = vec![format_tally(request, approvals, language)];
    for approval in filter_counting(request, approvals) {
        let (person, when) =
            (format_mention(approval.person), format_moment(approval.given_at, language));
        lines.push(text!(language, "card-approval", person = person, when = when));
    }
    // The latest first: the oldest are the ones to leave out.
    for approval in approvals.iter().rev() {
        let person = format_mention(approval.person);
        match approval.struck {
            Some(StrikeReason::NotAdmin) => {
                lines.push(text!(language, "card-approval-not-admin", person = person));
            }
            Some(StrikeReason::ContentChanged) => {
                lines.push(text!(language, "card-approval-content-changed", person = person));
            }
            None => {}
        }
    }
    lines
}
