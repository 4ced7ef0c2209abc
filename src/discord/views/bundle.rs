//! What people are told by DM of several tokens at once.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::discord::message::{Embed, Message, limit, units};
use crate::discord::sanitize;
use crate::domain::announcement::AnnouncementText;
use crate::domain::email::EmailAddress;
use crate::domain::ids::UserId;
use crate::locale::{Language, text};

use super::formatting::{colour, format_mention, format_moment, join_within};
use super::notice::explain_refusing_mailbox;

/// What the names of a message's tokens may take, or those of providers.
const NAMES: usize = 1_200;

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
    let embed = render_listing(title, &lines, &describe_next_steps(tokens, language), language);
    Message::embed(Embed { colour: Some(colour::YELLOW), ..embed })
}

/// A line for each token, as far as there is room, and what to do about them.
fn render_listing(title: String, lines: &[String], todo: &str, language: Language) -> Embed {
    let room = limit::EMBED_DESCRIPTION - units(todo) - 2;
    let list = join_within(lines, "\n", room, language);
    Embed::new(title, format!("{list}\n\n{todo}"))
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
    let embed = render_listing(title, &lines, &todo, language);
    Message::embed(Embed { colour: Some(colour::GREY), ..embed })
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
    let embed = Embed::new(title, lines.join("\n"));
    Message::embed(Embed { colour: Some(colour::YELLOW), ..embed })
}

/// Whether an announcement fits into a message whole: what people typed takes more room where it is
/// made safe.
#[must_use]
pub fn fits_message(words: &AnnouncementText) -> bool {
    units(&sanitize::inline(&words.subject)) <= limit::EMBED_TITLE
        && units(&sanitize::block(&words.body)) <= limit::EMBED_DESCRIPTION
}

/// An admin's words, in an embed of their own, so that they can't pass for the bot's.
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
    let frame = Embed { colour: Some(colour::BLUE), ..Embed::new(title, from) };
    let said = Embed::new(sanitize::inline(&words.subject), sanitize::block(&words.body));
    Message { embeds: vec![frame, said], ..Message::default() }
}

#[cfg(test)]
mod tests;
