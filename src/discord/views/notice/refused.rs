//! What people read where Discord refused a card, or a mail server an email.

use crate::discord::message::truncate;
use crate::discord::rest::ErrorCode;
use crate::discord::sanitize;
use crate::domain::email::EmailAddress;
use crate::locale::{Language, text};

use super::super::formatting::quote;
use super::NoticeFacts;

/// What is shown of a mail server's words.
const SAID: usize = 300;

/// Why Discord refused the card, and what the requester can do.
pub(super) fn explain_refused_card(facts: &NoticeFacts<'_>, language: Language) -> Vec<String> {
    let (why, todo) = match facts.card_refusal.map(ErrorCode::from) {
        Some(code) if code.is_about_text() => (
            text!(language, "notice-card-refused-text"),
            text!(language, "notice-card-refused-text-todo"),
        ),
        Some(code) if code.is_about_access() => (
            text!(language, "notice-card-refused-access"),
            text!(language, "notice-card-refused-todo"),
        ),
        _ => (text!(language, "notice-card-refused"), text!(language, "notice-card-refused-todo")),
    };
    vec![why, todo]
}

/// A developer's mailbox that takes no message.
pub(super) fn describe_mailbox(facts: &NoticeFacts<'_>, language: Language) -> Vec<String> {
    let Some(refused) = facts.refused else { return Vec::new() };
    explain_refusing_mailbox(refused, text!(language, "notice-mailbox-todo"), language).into()
}

/// Whose mailbox it is, what its server said, and what to do about it.
pub(in crate::discord::views) fn explain_refusing_mailbox(
    (address, said): (&EmailAddress, &str),
    todo: String,
    language: Language,
) -> [String; 3] {
    let address = sanitize::inline(&address.to_string());
    [text!(language, "notice-mailbox", address = address), quote(&truncate(said, SAID)), todo]
}
