//! What is chosen so far, as the fields of the panel's embed.

use crate::config::IssuerSettings;
use crate::discord::message::{Field, limit, units};
use crate::discord::sanitize;
use crate::domain::catalogue::{Category, Version};
use crate::domain::draft::Draft;
use crate::domain::email;
use crate::domain::request_kind::RequestKind;
use crate::locale::{Language, text};

use super::super::formatting::{format_mention, format_moment, join_within};
use super::{Panel, count_chosen, swaps_at_collection};

/// The five fields of the form, as typed.
pub(super) fn build_fields(panel: &Panel<'_>, language: Language) -> Vec<Field> {
    let form = &panel.changed.draft.form;
    let emails = match email::parse_list(&form.developer_emails) {
        Ok(list) => {
            let list: Vec<String> =
                list.iter().map(|address| sanitize::inline(&address.to_string())).collect();
            join_within(&list, "\n", limit::EMBED_VALUE, language)
        }
        Err(_) => sanitize::block(&form.developer_emails),
    };
    vec![
        Field::inline(text!(language, "form-name"), sanitize::inline(&form.name)),
        Field::inline(text!(language, "form-version"), form.api_version.to_string()),
        Field::inline(text!(language, "form-contact"), format_mention(form.contact)),
        Field::new(text!(language, "form-description"), sanitize::block(&form.description)),
        Field::new(text!(language, "form-emails"), emails),
    ]
}

/// The lifetime, and from when it counts.
pub(super) fn build_expiry_field(panel: &Panel<'_>, language: Language) -> Field {
    let days = panel.changed.draft.lifetime_days;
    let ends = panel.changed.token.as_ref().and_then(|token| token.expires_at);
    let lifetime = match ends {
        Some(at) if panel.changed.draft.keeps_expiry => {
            let when = format_moment(at, language);
            text!(language, "panel-expires-kept", when = when)
        }
        _ => describe_new_lifetime(panel, days, language),
    };
    Field::new(text!(language, "panel-expires"), lifetime)
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
pub(super) fn build_overlap_field(panel: &Panel<'_>, language: Language) -> Option<Field> {
    let draft = &panel.changed.draft;
    let shown = draft.kind == RequestKind::Reset && swaps_at_collection(panel);
    let hours = draft.overlap_seconds / 3600;
    let value = text!(language, "panel-option-overlap", hours = hours);
    shown.then(|| Field::new(text!(language, "panel-overlap"), value))
}

/// The chosen scopes by category: each of them while they fit, else how many of each category.
pub(super) fn build_scopes_field(draft: &Draft, version: &Version, language: Language) -> Field {
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
    } else if units(&whole) <= limit::EMBED_VALUE {
        whole
    } else {
        join_within(&heads, "\n", limit::EMBED_VALUE, language)
    };
    Field::new(text!(language, "panel-scopes", count = count), value)
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
