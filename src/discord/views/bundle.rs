//! What people are told by DM of several tokens at once.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::discord::message::{Message, units};
use crate::discord::sanitize;
use crate::domain::announcement::AnnouncementText;
use crate::domain::email::EmailAddress;
use crate::domain::ids::UserId;
use crate::locale::{Language, text};

use super::formatting::{colour, format_mention, format_moment, join_within, quote};
use super::notice::explain_refusing_mailbox;

/// What the names of a message's tokens may take, or those of providers.
const NAMES: usize = 1_200;

/// What an announcement may take, beside whom it is from and of which tokens.
const ANNOUNCED: usize = 2_400;

/// A token that ends soon, or has.
#[derive(Debug, Clone)]
pub struct TokenFacts<'a> {
    /// Its name.
    pub name: &'a str,
    /// The provider's name.
    pub provider: &'a str,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
    /// Whether it can be given more time.
    pub can_live_on: bool,
}

/// Warns of what ends soon, the nearest end first.
#[must_use]
pub fn render_ending(tokens: &[TokenFacts<'_>], language: Language) -> Message {
    let lines: Vec<String> = tokens
        .iter()
        .map(|token| {
            text!(
                language,
                "notice-ending-line",
                name = sanitize::inline(token.name),
                provider = sanitize::inline(token.provider),
                at = format_moment(token.expires_at, language)
            )
        })
        .collect();
    let title = text!(language, "notice-ending-title", count = tokens.len());
    render_listing(title, lines, describe_next_steps(tokens, language), language)
        .coloured(colour::YELLOW)
}

/// A line for each token, as far as there is room, and what to do about them.
fn render_listing(title: String, lines: Vec<String>, todo: String, language: Language) -> Message {
    Message::titled(title).list(lines, "\n", language).line(todo)
}

/// What to do about it; *Extend* is named only where it is offered.
fn describe_next_steps(tokens: &[TokenFacts<'_>], language: Language) -> String {
    let fixed: BTreeSet<&str> =
        tokens.iter().filter(|token| !token.can_live_on).map(|token| token.provider).collect();
    if fixed.is_empty() {
        return text!(language, "notice-ending-todo");
    }
    if tokens.iter().all(|token| !token.can_live_on) {
        return text!(language, "notice-ending-todo-fixed");
    }
    let fixed: Vec<String> = fixed.into_iter().map(sanitize::inline).collect();
    let providers = join_within(&fixed, &text!(language, "list-separator"), NAMES, language);
    text!(language, "notice-ending-todo-mixed", providers = providers)
}

/// Tells what expired at about the same time.
#[must_use]
pub fn render_expired(tokens: &[TokenFacts<'_>], language: Language) -> Message {
    let lines: Vec<String> = tokens
        .iter()
        .map(|token| {
            text!(
                language,
                "notice-several-expired-line",
                name = sanitize::inline(token.name),
                provider = sanitize::inline(token.provider),
                at = format_moment(token.expires_at, language)
            )
        })
        .collect();
    let todo = text!(language, "notice-several-expired-todo");
    let title = text!(language, "notice-several-expired-title", count = tokens.len());
    render_listing(title, lines, todo, language).coloured(colour::GREY)
}

/// Tells the contact of several tokens that a developer of them can't be mailed.
#[must_use]
pub fn render_refusing_mailbox(
    refused: (&EmailAddress, &str),
    names: &[&str],
    language: Language,
) -> Message {
    let names: Vec<String> = names.iter().map(|name| sanitize::inline(name)).collect();
    let separator = text!(language, "list-separator");
    let tokens = join_within(&names, &separator, NAMES, language);
    let todo = text!(language, "notice-mailbox-several-todo", tokens = tokens);
    let lines = explain_refusing_mailbox(refused, todo, language);
    let title = text!(language, "notice-mailbox-several-title", count = names.len());
    Message::titled(title).coloured(colour::YELLOW).lines(lines)
}

/// Whether an announcement fits into a message whole: what people typed takes more room where it is
/// made safe.
#[must_use]
pub fn fits_message(words: &AnnouncementText) -> bool {
    let said: usize = quote_announcement(words).iter().map(|text| units(text)).sum();
    said <= ANNOUNCED
}

/// An admin's words, as a quote, so that they can't pass for the bot's.
pub(super) fn quote_announcement(words: &AnnouncementText) -> [String; 2] {
    [format!("> **{}**", sanitize::inline(&words.subject)), quote(&words.body)]
}

/// Who announces something, of which tokens, and what.
#[must_use]
pub fn render_announcement(
    words: &AnnouncementText,
    author: UserId,
    provider: &str,
    names: &[&str],
    language: Language,
) -> Message {
    let names: Vec<String> = names.iter().map(|name| sanitize::inline(name)).collect();
    let separator = text!(language, "list-separator");
    let from = text!(
        language,
        "notice-announced",
        author = format_mention(author),
        provider = sanitize::inline(provider),
        tokens = join_within(&names, &separator, NAMES, language)
    );
    let title = text!(language, "notice-announced-title");
    Message::titled(title)
        .coloured(colour::BLUE)
        .line(from)
        .separator()
        .lines(quote_announcement(words))
}

#[cfg(test)]
mod tests;
