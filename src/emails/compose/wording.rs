//! What each email says, apart from the token's data.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::EmailKind;
use crate::locale::{Language, text};

/// Names, on one line each.
pub(super) struct Names<'a> {
    pub(super) token: &'a str,
    pub(super) provider: &'a str,
    pub(super) requester: &'a str,
    /// Whom to ask.
    pub(super) people: &'a str,
}

/// The sentences.
pub(super) struct Wording {
    pub(super) subject: String,
    pub(super) title: String,
    pub(super) lead: String,
    pub(super) todo: String,
}

pub(super) fn wording(kind: EmailKind, names: &Names<'_>, language: Language) -> Wording {
    let Names { token, provider, requester, people } = *names;
    let (subject, title, lead, todo) = match kind {
        EmailKind::Created => (
            text!(language, "mail-created-subject", provider = provider, token = token),
            text!(language, "mail-created-title", token = token),
            text!(language, "mail-created-lead", provider = provider, requester = requester),
            text!(language, "mail-created-todo", requester = requester),
        ),
        EmailKind::Collected => (
            text!(language, "mail-collected-subject", provider = provider, token = token),
            text!(language, "mail-collected-title", token = token),
            text!(language, "mail-collected-lead", provider = provider, requester = requester),
            text!(language, "mail-collected-todo", requester = requester, people = people),
        ),
        EmailKind::CreatedAndCollected => (
            text!(language, "mail-created-collected-subject", provider = provider, token = token),
            text!(language, "mail-created-collected-title", token = token),
            text!(
                language,
                "mail-created-collected-lead",
                provider = provider,
                requester = requester
            ),
            text!(language, "mail-collected-todo", requester = requester, people = people),
        ),
        EmailKind::Lapsed => (
            text!(language, "mail-lapsed-subject", provider = provider, token = token),
            text!(language, "mail-lapsed-title", token = token),
            text!(language, "mail-lapsed-lead", provider = provider, requester = requester),
            text!(language, "mail-lapsed-todo", requester = requester),
        ),
        EmailKind::Disabled => (
            text!(language, "mail-disabled-subject", provider = provider, token = token),
            text!(language, "mail-disabled-title", token = token),
            text!(language, "mail-disabled-lead", provider = provider, requester = requester),
            text!(language, "mail-disabled-todo", people = people),
        ),
        EmailKind::Leaked => (
            text!(language, "leak-mail-subject", provider = provider, token = token),
            text!(language, "leak-mail-title", token = token),
            text!(language, "leak-mail-lead", provider = provider, requester = requester),
            text!(language, "leak-mail-todo", people = people),
        ),
        EmailKind::Changed => (
            text!(language, "mail-changed-subject", provider = provider, token = token),
            text!(language, "mail-changed-title", token = token),
            text!(language, "mail-changed-lead", provider = provider, requester = requester),
            text!(language, "mail-changed-todo", people = people),
        ),
        EmailKind::Narrowed => (
            text!(language, "mail-narrowed-subject", provider = provider, token = token),
            text!(language, "mail-narrowed-title", token = token),
            text!(language, "mail-narrowed-lead", provider = provider),
            text!(language, "mail-narrowed-todo", people = people),
        ),
        EmailKind::Renewed => (
            text!(language, "mail-renewed-subject", provider = provider, token = token),
            text!(language, "mail-renewed-title", token = token),
            text!(language, "mail-renewed-lead", provider = provider, requester = requester),
            text!(language, "mail-renewed-todo", requester = requester, people = people),
        ),
        EmailKind::SecretUnsure => (
            text!(language, "mail-secret-unsure-subject", provider = provider, token = token),
            text!(language, "mail-secret-unsure-title", token = token),
            text!(language, "mail-secret-unsure-lead", provider = provider, requester = requester),
            text!(language, "mail-secret-unsure-todo", people = people),
        ),
        EmailKind::RenewalLapsed => (
            text!(language, "mail-renewal-lapsed-subject", provider = provider, token = token),
            text!(language, "mail-renewal-lapsed-title", token = token),
            text!(language, "mail-renewal-lapsed-lead", provider = provider, requester = requester),
            text!(language, "mail-renewal-lapsed-todo", people = people),
        ),
        EmailKind::Reset => (
            text!(language, "mail-reset-subject", provider = provider, token = token),
            text!(language, "mail-reset-title", token = token),
            text!(language, "mail-reset-lead", provider = provider, requester = requester),
            text!(language, "mail-reset-todo", people = people),
        ),
        EmailKind::Enabled => (
            text!(language, "mail-enabled-subject", provider = provider, token = token),
            text!(language, "mail-enabled-title", token = token),
            text!(language, "mail-enabled-lead", provider = provider, requester = requester),
            text!(language, "mail-enabled-todo", people = people),
        ),
        EmailKind::Deleted => (
            text!(language, "mail-deleted-subject", provider = provider, token = token),
            text!(language, "mail-deleted-title", token = token),
            text!(language, "mail-deleted-lead", provider = provider),
            text!(language, "mail-deleted-todo", people = people),
        ),
        EmailKind::Expired => (
            text!(language, "mail-expired-subject", provider = provider, token = token),
            text!(language, "mail-expired-title", token = token),
            text!(language, "mail-expired-lead", provider = provider),
            text!(language, "mail-expired-todo", people = people),
        ),
    };
    Wording { subject, title, lead, todo }
}

/// What the moment at which it happened is called.
pub(super) fn happened(kind: EmailKind, language: Language) -> String {
    match kind {
        EmailKind::Created => text!(language, "mail-label-created"),
        EmailKind::Collected | EmailKind::CreatedAndCollected => {
            text!(language, "mail-label-collected")
        }
        EmailKind::Lapsed => text!(language, "mail-label-lapsed"),
        EmailKind::Disabled => text!(language, "mail-label-disabled"),
        EmailKind::Leaked => text!(language, "leak-mail-label"),
        EmailKind::Changed => text!(language, "mail-label-changed"),
        EmailKind::Narrowed => text!(language, "mail-label-narrowed"),
        EmailKind::Renewed => text!(language, "mail-label-renewed"),
        EmailKind::SecretUnsure => text!(language, "mail-label-secret-unsure"),
        EmailKind::RenewalLapsed => text!(language, "mail-label-renewal-lapsed"),
        EmailKind::Reset => text!(language, "mail-label-reset"),
        EmailKind::Enabled => text!(language, "mail-label-enabled"),
        EmailKind::Deleted => text!(language, "mail-label-deleted"),
        EmailKind::Expired => text!(language, "mail-label-expired"),
    }
}

/// A moment as the clocks of a time zone show it, with the zone's name.
pub(super) fn moment(time: DateTime<Utc>, zone: Tz, language: Language) -> String {
    let at = time.with_timezone(&zone).format("%Y-%m-%d %H:%M").to_string();
    match zone {
        // A word like any other in a sentence; a name such as "Asia/Tokyo" is not.
        Tz::UTC => format!("{at} UTC"),
        _ => text!(language, "mail-moment", at = at, zone = zone.name()),
    }
}
