//! What an edit, or the configuration, changed in a request's content: before → after.

use crate::discord::message::cut;
use crate::discord::safe;
use crate::domain::content::{Content, ResolvedScope};
use crate::domain::email::EmailAddress;
use crate::locale::{Language, text};

use super::listing::{self, Fitted};
use super::marks::mention;

/// What the list takes at most: it stands in the message's text, which holds 2,000 code units.
const ROOM: usize = 1_300;
/// What is shown of one text, before and after.
const TEXT: usize = 120;
/// Scopes and addresses that are named; more are counted.
const NAMED: usize = 6;

/// A line for each thing that changed, in the order of the card.
pub fn lines(before: &Content, now: &Content, language: Language) -> Vec<String> {
    let mut lines = Vec::new();
    let mut changed = |field: String, old: String, new: String| {
        if old != new {
            lines.push(text!(language, "card-change", field = field, before = old, after = new));
        }
    };
    let short = |typed: &str| cut(&safe::inline(typed), TEXT);
    changed(text!(language, "form-name"), short(&before.name), short(&now.name));
    changed(
        text!(language, "card-field-description"),
        short(&before.description),
        short(&now.description),
    );
    let version = |content: &Content| content.api_version.get().to_string();
    changed(text!(language, "form-version"), version(before), version(now));
    changed(text!(language, "card-field-contact"), mention(before.contact), mention(now.contact));
    let days =
        |content: &Content| text!(language, "card-value-lifetime", days = content.lifetime_days);
    changed(text!(language, "card-field-lifetime"), days(before), days(now));

    let address = |address: &EmailAddress| safe::inline(&address.to_string());
    lines.extend(listed(&before.developer_emails, &now.developer_emails, language, address));
    let scope = |scope: &ResolvedScope| {
        format!("{}{}", listing::mark(scope), listing::method_and_path(scope))
    };
    lines.extend(listed(&before.scopes, &now.scopes, language, scope));
    let Fitted { pieces, .. } =
        listing::fit(&lines, ROOM, |more| text!(language, "card-hands-more", count = more));
    pieces
}

/// What came to a list, and what went from it.
fn listed<T: PartialEq>(
    before: &[T],
    now: &[T],
    language: Language,
    show: impl Fn(&T) -> String,
) -> Vec<String> {
    let missing = |from: &[T], among: &[T]| -> Vec<String> {
        from.iter().filter(|item| !among.contains(item)).map(&show).collect()
    };
    let named = |items: Vec<String>| -> String {
        let more = items.len().saturating_sub(NAMED);
        let mut shown: Vec<String> = items.into_iter().take(NAMED).collect();
        if more > 0 {
            shown.push(text!(language, "card-hands-more", count = more));
        }
        shown.join(&text!(language, "list-separator"))
    };
    let (added, removed) = (missing(now, before), missing(before, now));
    let mut lines = Vec::new();
    if !added.is_empty() {
        lines.push(text!(language, "card-change-added", items = named(added)));
    }
    if !removed.is_empty() {
        lines.push(text!(language, "card-change-removed", items = named(removed)));
    }
    lines
}
