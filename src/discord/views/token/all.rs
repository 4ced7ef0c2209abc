//! A token's addresses and scopes, and *All scopes*, which shows those that its panel has no room for.

use crate::discord::message::{Message, join_within, units};
use crate::discord::sanitize;
use crate::domain::catalogue::{ScopeId, Version};
use crate::domain::token::Token;
use crate::locale::{Language, text};

use super::super::scopes::pack_messages;
use super::TokenFacts;

/// What addresses may take of the panel.
pub(super) const EMAILS_ROOM: usize = 500;
/// What scopes may take of it. A description takes half of it at most, where all of it is escaped.
pub(super) const SCOPES_ROOM: usize = 700;

/// All of both; at least one message, nothing cut.
#[must_use]
pub fn render_all(facts: &TokenFacts<'_>, language: Language) -> Vec<Message> {
    let token = facts.token;
    let label = text!(language, "card-field-emails");
    let mut pieces = if token.settings.developer_emails.is_empty() {
        let none = text!(language, "card-none");
        vec![text!(language, "field-with-value", label = label, value = none)]
    } else {
        vec![text!(language, "field-heading", label = label)]
    };
    pieces.extend(addresses(token));
    let count = text!(language, "card-scopes", count = token.scopes.len());
    pieces.push(format!("\n**{count}**"));
    let mut last = None;
    for (scope, shown) in token.scopes.iter().zip(scopes(token)) {
        let id = &scope.id;
        // A heading stays with what it heads.
        let begins = last.replace(id.category()) != Some(id.category());
        pieces.push(if begins { format!("**{}**\n{shown}", category(id, facts)) } else { shown });
    }
    let title =
        text!(language, "token-scopes-title", name = sanitize::inline(&token.settings.name));
    pack_messages(&pieces, title, |part, parts| {
        text!(language, "token-scopes-part", part = part, parts = parts)
    })
}

/// Whether the panel leaves something of either out.
pub(super) fn is_cut(facts: &TokenFacts<'_>) -> bool {
    let too_long = |lines: Vec<String>, room| units(&lines.join("\n")) > room;
    too_long(addresses(facts.token), EMAILS_ROOM) || too_long(scopes(facts.token), SCOPES_ROOM)
}

/// As many as there is room for, and how many more there are.
pub(super) fn fit(lines: &[String], room: usize, language: Language) -> String {
    join_within(lines, "\n", room, language)
}

pub(super) fn addresses(token: &Token) -> Vec<String> {
    token
        .settings
        .developer_emails
        .iter()
        .map(|address| sanitize::inline(&address.to_string()))
        .collect()
}

/// As they were approved.
pub(super) fn scopes(token: &Token) -> Vec<String> {
    token.scopes.iter().map(|scope| sanitize::code(&scope.to_string())).collect()
}

fn category(id: &ScopeId, facts: &TokenFacts<'_>) -> String {
    let known = version(facts).and_then(|version| version.category_of(id));
    sanitize::inline(known.map_or(id.category(), |category| &category.name))
}

fn version<'a>(facts: &TokenFacts<'a>) -> Option<&'a Version> {
    facts.provider?.catalogue.version(facts.token.settings.api_version)
}
