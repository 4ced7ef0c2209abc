//! What a change did, for a direct message.

use crate::discord::message::truncate;
use crate::discord::sanitize;
use crate::domain::change::Change;
use crate::domain::email::EmailAddress;
use crate::locale::{Language, text};

use super::super::formatting::{format_date, format_mention};

/// What is shown of one text, before and after.
const TEXT: usize = 120;

/// A line for each thing that changed.
pub(super) fn lines(changes: &[Change], language: Language) -> Vec<String> {
    changes.iter().flat_map(|change| of(change, language)).collect()
}

fn of(change: &Change, language: Language) -> Vec<String> {
    let became = |field: String, before: String, after: String| {
        vec![text!(language, "card-change", field = field, before = before, after = after)]
    };
    let short = |typed: &str| truncate(&sanitize::inline(typed), TEXT);
    let end = |at| Option::map_or(at, "—".to_owned(), format_date);
    match change {
        Change::Name(before, after) => {
            became(text!(language, "form-name"), short(before), short(after))
        }
        Change::Description(before, after) => {
            became(text!(language, "card-field-description"), short(before), short(after))
        }
        Change::ApiVersion(before, after) => {
            let version = text!(language, "form-version");
            became(version, before.get().to_string(), after.get().to_string())
        }
        Change::Contact(before, after) => became(
            text!(language, "card-field-contact"),
            format_mention(*before),
            format_mention(*after),
        ),
        Change::End(before, after) => {
            became(text!(language, "notice-change-end"), end(*before), end(*after))
        }
        Change::DevelopersAdded(addresses) => {
            lines_of(&shown(addresses), |one| text!(language, "notice-developer-added", item = one))
        }
        Change::DevelopersRemoved(addresses) => lines_of(&shown(addresses), |one| {
            text!(language, "notice-developer-removed", item = one)
        }),
        Change::ScopesAdded(scopes) => {
            lines_of(&codes(scopes), |one| text!(language, "notice-scope-added", item = one))
        }
        Change::ScopesRemoved(scopes) => {
            lines_of(&codes(scopes), |one| text!(language, "notice-scope-removed", item = one))
        }
        Change::ScopesChanged(scopes) => {
            let changed = |(before, after): &(String, String)| {
                let (before, after) = (sanitize::code(before), sanitize::code(after));
                text!(language, "notice-scope-changed", before = before, after = after)
            };
            scopes.iter().map(changed).collect()
        }
    }
}

fn shown(addresses: &[EmailAddress]) -> Vec<String> {
    addresses.iter().map(|address| sanitize::inline(&address.to_string())).collect()
}

fn codes(scopes: &[String]) -> Vec<String> {
    scopes.iter().map(|scope| sanitize::code(scope)).collect()
}

fn lines_of(items: &[String], line: impl Fn(&str) -> String) -> Vec<String> {
    items.iter().map(|item| line(item)).collect()
}
