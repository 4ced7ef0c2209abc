//! Why a request was withdrawn, as its requester is told.

use super::NoticeFacts;
use crate::locale::{Language, text};

/// By themselves, or because of what became of its token.
pub(super) fn explain_withdrawn(facts: &NoticeFacts<'_>, language: Language) -> String {
    match facts.request.reason.as_deref() {
        None => text!(language, "notice-withdrawn-own"),
        Some("maybe_done") => text!(language, "notice-withdrawn-own-begun"),
        Some("maybe_changed") => text!(language, "notice-withdrawn-own-unclear"),
        Some("narrowed") => text!(language, "notice-withdrawn-narrowed"),
        Some("token_deleting") => text!(language, "notice-withdrawn-deleting"),
        Some("token_deleted") => text!(language, "notice-withdrawn-deleted"),
        Some("token_disabling") if facts.can_enable => {
            text!(language, "notice-withdrawn-disabling")
        }
        Some("token_disabling") => text!(language, "notice-withdrawn-going-off"),
        Some("token_expired") => text!(language, "notice-withdrawn-expired"),
        Some("not_later") => text!(language, "notice-withdrawn-not-later"),
        Some("token_changed") => text!(language, "notice-withdrawn-changed"),
        Some("restored") => text!(language, "notice-withdrawn-restored"),
        _ if facts.can_enable => text!(language, "notice-withdrawn-disabled"),
        _ => text!(language, "notice-withdrawn-off"),
    }
}
