//! Messages beside the cards that call a provider's admins.

use super::{CardFacts, count_missing_approvals, language_of, list_pings, mention_roles};
use crate::config::Provider;
use crate::discord::message::Message;
use crate::discord::sanitize;
use crate::discord::views::formatting;
use crate::domain::ids::RoleId;
use crate::domain::request::RequestState;
use crate::locale::text;

/// The most roles that a message names.
const ROLES: usize = 10;

/// The roles that are called.
pub(super) fn list_roles(provider: &Provider) -> Vec<RoleId> {
    provider.ping_roles.iter().take(ROLES).copied().collect()
}

/// A message in the approval channel that calls the provider's admins.
#[must_use]
pub fn call_admins(message: Message, provider: &Provider) -> Message {
    add_roles(message, list_roles(provider))
}

fn add_roles(message: Message, roles: Vec<RoleId>) -> Message {
    let mentions = mention_roles(&roles).join(" ");
    let message = if mentions.is_empty() { message } else { message.line(mentions) };
    Message { pings: roles, ..message }
}

/// The request still waits for approvals. `card` is a link to its card.
#[must_use]
pub fn render_reminder(facts: &CardFacts<'_>, card: &str) -> Message {
    let (request, language) = (facts.request, language_of(facts.provider));
    let said = text!(
        language,
        "card-reminder",
        number = request.number.to_string(),
        name = sanitize::inline(&request.content.settings.name),
        count = count_missing_approvals(facts),
        until = formatting::format_moment(request.expires_at, language)
    );
    add_roles(Message::text(said).line(card), list_pings(facts))
}

/// The request waits for admins, and its card was only edited.
#[must_use]
pub fn render_call(facts: &CardFacts<'_>, card: &str) -> Message {
    let (request, language) = (facts.request, language_of(facts.provider));
    let number = request.number.to_string();
    let name = sanitize::inline(&request.content.settings.name);
    let said = match request.state {
        RequestState::Pending => text!(
            language,
            "card-call-pending",
            number = number,
            name = name,
            until = formatting::format_moment(request.expires_at, language)
        ),
        RequestState::Failed => text!(language, "card-call-failed", number = number, name = name),
        _ => text!(language, "card-call-by-hand", number = number, name = name),
    };
    add_roles(Message::text(said).line(card), list_pings(facts))
}
