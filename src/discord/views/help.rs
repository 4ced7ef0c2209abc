//! `/token help`.

use std::time::Duration;

use crate::config::{Config, Provider};
use crate::discord::message::Message;
use crate::discord::sanitize;
use crate::locale::{Language, text};

use super::formatting::format_heading;

/// Admin roles that are named for a provider.
const ROLES: usize = 3;

/// What the bot does and how to use it, with the providers that there are.
#[must_use]
pub fn render_help(config: &Config, language: Language) -> Message {
    let own = if config.policy.count_requester {
        text!(language, "help-own-counts")
    } else {
        text!(language, "help-own-never-counts")
    };
    let people = text!(language, "help-people-text");
    let wait = format_duration(config.policy.delivery_ttl, language);
    let visible = format_duration(config.policy.reveal_visible_for, language);
    let secret = text!(language, "help-secret-text", wait = wait, visible = visible);
    let heading = |label: String| format_heading(&label, language);
    let providers: Vec<String> =
        config.providers.iter().map(|provider| render_provider(provider, language)).collect();
    Message::titled(text!(language, "help-title"))
        .line(text!(language, "help-lead"))
        .separator()
        .line(heading(text!(language, "help-commands")))
        .line(text!(language, "help-commands-text"))
        .separator()
        .line(heading(text!(language, "help-steps")))
        .line(text!(language, "help-steps-text"))
        .separator()
        .line(heading(text!(language, "help-people")))
        .line(people)
        .line(own)
        .line(heading(text!(language, "help-secret")))
        .line(secret)
        .separator()
        .line(heading(text!(language, "help-providers")))
        .list(providers, "\n", language)
        .ephemeral()
}

/// A provider, how many approvals its tokens take, and whose.
fn render_provider(provider: &Provider, language: Language) -> String {
    let name = sanitize::inline(&provider.name);
    let roles: Vec<String> =
        provider.admin_roles.iter().take(ROLES).map(|role| format!("<@&{role}>")).collect();
    let roles = roles.join(&text!(language, "list-separator"));
    let scopes = provider.catalogue.versions().iter().flat_map(|version| version.scopes());
    let most = scopes.filter_map(|scope| scope.approvals).max().unwrap_or(0);
    let count = provider.approvals;
    if most > count {
        text!(
            language,
            "help-provider-more",
            name = name,
            count = count,
            most = most,
            roles = roles
        )
    } else {
        text!(language, "help-provider", name = name, count = count, roles = roles)
    }
}

/// In the largest unit that needs no fraction.
fn format_duration(length: Duration, language: Language) -> String {
    const MINUTE: u64 = 60;
    const HOUR: u64 = 60 * MINUTE;
    match length.as_secs() {
        seconds if seconds >= HOUR && seconds % HOUR == 0 => {
            text!(language, "help-hours", count = seconds / HOUR)
        }
        seconds if seconds >= MINUTE && seconds % MINUTE == 0 => {
            text!(language, "help-minutes", count = seconds / MINUTE)
        }
        seconds => text!(language, "help-seconds", count = seconds),
    }
}

#[cfg(test)]
mod tests;
