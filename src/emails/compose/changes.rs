//! What a change did, for an email.

use chrono::{DateTime, Utc};

use crate::domain::change::Change;
use crate::domain::email::EmailAddress;
use crate::locale::{Language, text};

use super::{TokenFacts, line, moment};

/// A line for each thing that changed.
pub(super) fn lines(facts: &TokenFacts, language: Language) -> Vec<String> {
    facts.changes.iter().flat_map(|change| of(change, facts, language)).collect()
}

fn of(change: &Change, facts: &TokenFacts, language: Language) -> Vec<String> {
    let became = |field: String, before: String, after: String| {
        vec![text!(language, "mail-change", field = field, before = before, after = after)]
    };
    let end = |at: Option<DateTime<Utc>>| {
        at.map_or_else(|| "—".to_owned(), |at| moment(at, facts.time_zone, language))
    };
    match change {
        Change::Name(before, after) => {
            became(text!(language, "mail-label-name"), line(before), line(after))
        }
        Change::Description(before, after) => {
            became(text!(language, "mail-label-purpose"), line(before), line(after))
        }
        Change::ApiVersion(before, after) => {
            let version = text!(language, "mail-label-version");
            became(version, before.get().to_string(), after.get().to_string())
        }
        Change::Contact(..) => {
            let before = facts.former_contact_name.as_deref().map_or_else(String::new, line);
            became(text!(language, "mail-label-contact"), before, line(&facts.contact_name))
        }
        Change::End(before, after) => {
            became(text!(language, "mail-label-expires"), end(*before), end(*after))
        }
        Change::DevelopersAdded(addresses) => {
            vec![text!(language, "mail-change-developers-added", items = list(addresses, language))]
        }
        Change::DevelopersRemoved(addresses) => {
            vec![text!(
                language,
                "mail-change-developers-removed",
                items = list(addresses, language)
            )]
        }
        Change::ScopesAdded(scopes) => {
            let added =
                |scope: &String| text!(language, "mail-change-scope-added", scope = line(scope));
            scopes.iter().map(added).collect()
        }
        Change::ScopesChanged(scopes) => {
            let changed = |(before, after): &(String, String)| {
                let (before, after) = (line(before), line(after));
                text!(language, "mail-change-scope-changed", before = before, after = after)
            };
            scopes.iter().map(changed).collect()
        }
        Change::ScopesRemoved(scopes) => {
            let removed =
                |scope: &String| text!(language, "mail-change-scope-removed", scope = line(scope));
            scopes.iter().map(removed).collect()
        }
    }
}

fn list(addresses: &[EmailAddress], language: Language) -> String {
    let addresses: Vec<String> =
        addresses.iter().map(|address| line(&address.to_string())).collect();
    addresses.join(&text!(language, "list-separator"))
}
