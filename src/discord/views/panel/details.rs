//! What is chosen so far, a line for each field.

use crate::config::IssuerSettings;
use crate::discord::message::{join_within, truncate, units};
use crate::discord::sanitize;
use crate::domain::catalogue::{Category, Version};
use crate::domain::draft::Draft;
use crate::domain::email;
use crate::domain::request_kind::RequestKind;
use crate::locale::{Language, text};

use super::super::formatting::{self, format_field, format_mention, format_moment};
use super::{Panel, count_chosen, swaps_at_collection};

/// What each may take of the message. A valid description fits, but for one that is nothing but marks.
const NAME_ROOM: usize = 200;
const DESCRIPTION_ROOM: usize = 1_300;
const EMAILS_ROOM: usize = 500;
const SCOPES_ROOM: usize = 800;

/// The five fields of the form, as typed.
pub(super) fn list_fields(panel: &Panel<'_>, language: Language) -> Vec<String> {
    let form = &panel.changed.draft.form;
    let emails = match email::parse_list(&form.developer_emails) {
        Ok(list) => {
            let list: Vec<String> =
                list.iter().map(|address| sanitize::inline(&address.to_string())).collect();
            let separator = text!(language, "list-separator");
            join_within(&list, &separator, EMAILS_ROOM, language)
        }
        Err(_) => truncate(&sanitize::inline(&form.developer_emails), EMAILS_ROOM),
    };
    let emails = if emails.is_empty() { text!(language, "card-none") } else { emails };
    let name = truncate(&sanitize::inline(&form.name), NAME_ROOM);
    let description = truncate(&sanitize::block(&form.description), DESCRIPTION_ROOM);
    [
        (text!(language, "form-name"), name),
        (text!(language, "form-description"), description),
        (text!(language, "form-version"), form.api_version.to_string()),
        (text!(language, "form-contact"), format_mention(form.contact)),
        (text!(language, "form-emails"), emails),
    ]
    .map(|(label, value)| format_field(&label, &value, language))
    .into()
}

/// The lifetime, and from when it counts.
pub(super) fn describe_expiry(panel: &Panel<'_>, language: Language) -> String {
    let days = panel.changed.draft.lifetime_days;
    let ends = panel.changed.token.as_ref().and_then(|token| token.expires_at);
    let lifetime = match ends {
        Some(at) if panel.changed.draft.keeps_expiry => {
            let when = format_moment(at, language);
            text!(language, "panel-expires-kept", when = when)
        }
        _ => describe_new_lifetime(panel, days, language),
    };
    format_field(&text!(language, "panel-expires"), &lifetime, language)
}

fn describe_new_lifetime(panel: &Panel<'_>, days: u16, language: Language) -> String {
    if panel.changed.token.is_some() && !panel.changed.draft.kind.makes_a_token() {
        return text!(language, "panel-expires-anew", days = days);
    }
    match panel.provider.issuer {
        IssuerSettings::Builtin => text!(language, "panel-expires-collected", days = days),
        IssuerSettings::Manual(_) | IssuerSettings::Http(_) => {
            text!(language, "panel-expires-issued", days = days)
        }
    }
}

/// For a reset: what becomes of the old secret.
pub(super) fn describe_overlap(panel: &Panel<'_>, language: Language) -> Option<String> {
    let draft = &panel.changed.draft;
    let shown = draft.kind == RequestKind::Reset && swaps_at_collection(panel);
    let hours = draft.overlap_seconds / 3600;
    let value = text!(language, "panel-value-overlap", hours = hours);
    shown.then(|| format_field(&text!(language, "panel-overlap"), &value, language))
}

/// The chosen scopes by category: each of them while they fit, else how many of each category.
pub(super) fn list_scopes(draft: &Draft, version: &Version, language: Language) -> Vec<String> {
    let chosen: Vec<(&Category, usize)> = version
        .categories
        .iter()
        .map(|category| (category, count_chosen(draft, category)))
        .filter(|(_, count)| *count > 0)
        .collect();
    let count: usize = chosen.iter().map(|(_, count)| count).sum();
    let heads: Vec<String> =
        chosen.iter().map(|(category, count)| format_heading(category, *count, language)).collect();
    let whole: Vec<String> = heads
        .iter()
        .zip(&chosen)
        .map(|(head, (category, _))| format!("{head}\n{}", join_lines(draft, category, language)))
        .collect();
    let whole = whole.join("\n");
    let value = if chosen.is_empty() {
        text!(language, "panel-scopes-none")
    } else if units(&whole) <= SCOPES_ROOM {
        whole
    } else {
        join_within(&heads, "\n", SCOPES_ROOM, language)
    };
    let heading = text!(language, "panel-scopes", count = count);
    vec![formatting::format_heading(&heading, language), value]
}

fn format_heading(category: &Category, chosen: usize, language: Language) -> String {
    let (name, all) = (sanitize::inline(&category.name), category.scopes.len());
    text!(language, "panel-scopes-category", category = name, chosen = chosen, all = all)
}

fn join_lines(draft: &Draft, category: &Category, language: Language) -> String {
    let chosen = category.scopes.iter().filter(|scope| draft.scopes.contains(&scope.id));
    let lines = chosen.map(|scope| {
        let shown = sanitize::code(&scope.to_string());
        if scope.sensitive {
            format!("{shown} · {}", text!(language, "panel-sensitive"))
        } else {
            shown
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}
