//! The panel's title, and what can be done here.

use crate::discord::sanitize;
use crate::domain::issuer::IssuerKind;
use crate::domain::request_kind::RequestKind;
use crate::domain::token::Token;
use crate::locale::{Language, text};
use crate::workflow::request::edit_draft;

use super::Panel;

pub(super) fn build_title(panel: &Panel<'_>, language: Language) -> String {
    let draft = &panel.changed.draft;
    let provider = sanitize::inline(&panel.provider.name);
    match &panel.changed.token {
        _ if draft.request.is_some() => text!(language, "panel-title-edit", provider = provider),
        Some(token) => {
            let (kind, name) = (draft.kind.as_str(), sanitize::inline(&token.settings.name));
            text!(language, "panel-title-change", kind = kind, name = name)
        }
        None => text!(language, "panel-title-new", provider = provider),
    }
}

pub(super) fn build_intro(panel: &Panel<'_>, language: Language) -> String {
    match &panel.changed.token {
        _ if panel.changed.draft.request.is_some() => describe_edit(panel, language),
        Some(token) => describe_change(panel, token, language),
        None => text!(language, "panel-lead-new"),
    }
}

/// For a request that waits already.
fn describe_edit(panel: &Panel<'_>, language: Language) -> String {
    let kind = panel.changed.draft.kind;
    let what = match kind {
        _ if !leaves_a_choice(panel) => return text!(language, "panel-lead-edit-nothing"),
        RequestKind::Reset => "overlap",
        RequestKind::Extend => "lifetime",
        _ if edit_draft::changes_details_only(&panel.changed.draft, panel.provider) => "details",
        _ => "scopes",
    };
    text!(language, "panel-lead-edit", what = what)
}

fn leaves_a_choice(panel: &Panel<'_>) -> bool {
    let kind = panel.changed.draft.kind;
    panel.changed.token.as_ref().is_none_or(|token| token.issuer.leaves_a_choice(kind))
}

fn describe_change(panel: &Panel<'_>, token: &Token, language: Language) -> String {
    let draft = &panel.changed.draft;
    let provider = sanitize::inline(&panel.provider.name);
    // What has no secret beside the old one changes there before anybody collects.
    match (draft.kind, token.issuer) {
        (RequestKind::Reset, IssuerKind::Http) => {
            text!(language, "panel-reset-upstream", provider = provider)
        }
        (RequestKind::Reset, IssuerKind::Manual) => {
            text!(language, "panel-reset-at-once", provider = provider)
        }
        (RequestKind::Enable, IssuerKind::Http) => {
            text!(language, "panel-enable-upstream", provider = provider)
        }
        (RequestKind::Enable, IssuerKind::Manual) => {
            text!(language, "panel-enable-at-once", provider = provider)
        }
        _ if edit_draft::changes_details_only(draft, panel.provider) => {
            text!(language, "panel-lead-details", provider = provider)
        }
        (kind, _) => text!(language, "panel-lead-change", kind = kind.as_str()),
    }
}
