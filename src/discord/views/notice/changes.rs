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
        Change::DevelopersAdded(addresses) => added(&shown(addresses), language),
        Change::DevelopersRemoved(addresses) => removed(&shown(addresses), language),
        Change::ScopesAdded(scopes) => added(&codes(scopes), language),
        Change::ScopesRemoved(scopes) => removed(&codes(scopes), language),
        Change::ScopesChanged(scopes) => {
            let changed = |(before, after): &(String, String)| {
                let (before, after) = (sanitize::code(before), sanitize::code(after));
                text!(language, "card-change-scope", before = before, after = after)
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

fn added(items: &[String], language: Language) -> Vec<String> {
    let added = |item: &String| text!(language, "card-change-added", items = item.as_str());
    items.iter().map(added).collect()
}

fn removed(items: &[String], language: Language) -> Vec<String> {
    let removed = |item: &String| text!(language, "card-change-removed", items = item.as_str());
    items.iter().map(removed).collect()
}
