//! What each letter says, apart from the token's data.

use super::LetterKind;
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
pub(super) struct Words {
    pub(super) subject: String,
    pub(super) title: String,
    pub(super) lead: String,
    pub(super) todo: String,
}

pub(super) fn words(kind: LetterKind, names: &Names<'_>, language: Language) -> Words {
    let Names { token, provider, requester, people } = *names;
    let (subject, title, lead, todo) = match kind {
        LetterKind::Created => (
            text!(language, "mail-created-subject", provider = provider, token = token),
            text!(language, "mail-created-title", token = token),
            text!(language, "mail-created-lead", provider = provider, requester = requester),
            text!(language, "mail-created-todo", requester = requester),
        ),
        LetterKind::Collected => (
            text!(language, "mail-collected-subject", provider = provider, token = token),
            text!(language, "mail-collected-title", token = token),
            text!(language, "mail-collected-lead", provider = provider, requester = requester),
            text!(language, "mail-collected-todo", requester = requester, people = people),
        ),
        LetterKind::Lapsed => (
            text!(language, "mail-lapsed-subject", provider = provider, token = token),
            text!(language, "mail-lapsed-title", token = token),
            text!(language, "mail-lapsed-lead", provider = provider, requester = requester),
            text!(language, "mail-lapsed-todo", requester = requester),
        ),
        LetterKind::Disabled => (
            text!(language, "mail-disabled-subject", provider = provider, token = token),
            text!(language, "mail-disabled-title", token = token),
            text!(language, "mail-disabled-lead", provider = provider, requester = requester),
            text!(language, "mail-disabled-todo", people = people),
        ),
        LetterKind::Leaked => (
            text!(language, "leak-mail-subject", provider = provider, token = token),
            text!(language, "leak-mail-title", token = token),
            text!(language, "leak-mail-lead", provider = provider, requester = requester),
            text!(language, "leak-mail-todo", people = people),
        ),
        LetterKind::Changed => (
            text!(language, "mail-changed-subject", provider = provider, token = token),
            text!(language, "mail-changed-title", token = token),
            text!(language, "mail-changed-lead", provider = provider, requester = requester),
            text!(language, "mail-changed-todo", people = people),
        ),
        LetterKind::Narrowed => (
            text!(language, "mail-narrowed-subject", provider = provider, token = token),
            text!(language, "mail-narrowed-title", token = token),
            text!(language, "mail-narrowed-lead", provider = provider),
            text!(language, "mail-narrowed-todo", people = people),
        ),
        LetterKind::Renewed => (
            text!(language, "mail-renewed-subject", provider = provider, token = token),
            text!(language, "mail-renewed-title", token = token),
            text!(language, "mail-renewed-lead", provider = provider, requester = requester),
            text!(language, "mail-renewed-todo", requester = requester, people = people),
        ),
        LetterKind::SecretUnsure => (
            text!(language, "mail-secret-unsure-subject", provider = provider, token = token),
            text!(language, "mail-secret-unsure-title", token = token),
            text!(language, "mail-secret-unsure-lead", provider = provider, requester = requester),
            text!(language, "mail-secret-unsure-todo", people = people),
        ),
        LetterKind::RenewalLapsed => (
            text!(language, "mail-renewal-lapsed-subject", provider = provider, token = token),
            text!(language, "mail-renewal-lapsed-title", token = token),
            text!(language, "mail-renewal-lapsed-lead", provider = provider, requester = requester),
            text!(language, "mail-renewal-lapsed-todo", people = people),
        ),
        LetterKind::Reset => (
            text!(language, "mail-reset-subject", provider = provider, token = token),
            text!(language, "mail-reset-title", token = token),
            text!(language, "mail-reset-lead", provider = provider, requester = requester),
            text!(language, "mail-reset-todo", people = people),
        ),
        LetterKind::Enabled => (
            text!(language, "mail-enabled-subject", provider = provider, token = token),
            text!(language, "mail-enabled-title", token = token),
            text!(language, "mail-enabled-lead", provider = provider, requester = requester),
            text!(language, "mail-enabled-todo", people = people),
        ),
        LetterKind::Deleted => (
            text!(language, "mail-deleted-subject", provider = provider, token = token),
            text!(language, "mail-deleted-title", token = token),
            text!(language, "mail-deleted-lead", provider = provider),
            text!(language, "mail-deleted-todo", people = people),
        ),
        LetterKind::Expired => (
            text!(language, "mail-expired-subject", provider = provider, token = token),
            text!(language, "mail-expired-title", token = token),
            text!(language, "mail-expired-lead", provider = provider),
            text!(language, "mail-expired-todo", people = people),
        ),
    };
    Words { subject, title, lead, todo }
}

/// What the moment at which it happened is called.
pub(super) fn happened(kind: LetterKind, language: Language) -> String {
    match kind {
        LetterKind::Created => text!(language, "mail-label-created"),
        LetterKind::Collected => text!(language, "mail-label-collected"),
        LetterKind::Lapsed => text!(language, "mail-label-lapsed"),
        LetterKind::Disabled => text!(language, "mail-label-disabled"),
        LetterKind::Leaked => text!(language, "leak-mail-label"),
        LetterKind::Changed => text!(language, "mail-label-changed"),
        LetterKind::Narrowed => text!(language, "mail-label-narrowed"),
        LetterKind::Renewed => text!(language, "mail-label-renewed"),
        LetterKind::SecretUnsure => text!(language, "mail-label-secret-unsure"),
        LetterKind::RenewalLapsed => text!(language, "mail-label-renewal-lapsed"),
        LetterKind::Reset => text!(language, "mail-label-reset"),
        LetterKind::Enabled => text!(language, "mail-label-enabled"),
        LetterKind::Deleted => text!(language, "mail-label-deleted"),
        LetterKind::Expired => text!(language, "mail-label-expired"),
    }
}
