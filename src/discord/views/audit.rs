//! `/token audit`: what happened, who did it, and to what.

use crate::discord::custom_id::CustomId;
use crate::discord::message::{ButtonStyle, Embed, Message, button, buttons, limit};
use crate::discord::safe;
use crate::locale::{Language, text};
use crate::store::events::{About, Event};
use crate::workflow::audit::History;

use super::marks::{fitting, mention, moment};

/// Digits of a digest, as cards show them.
const SHORT: usize = 12;

/// A page of a history, the newest first.
#[must_use]
pub fn history(history: &History, language: Language) -> Message {
    let lines: Vec<String> = history.events.iter().map(|event| line(event, language)).collect();
    let body = match lines.is_empty() {
        true => text!(language, "audit-nothing"),
        false => fitting(&lines, "\n", limit::EMBED_DESCRIPTION, language),
    };
    let name = safe::inline(&history.name);
    let embed = Embed::new(text!(language, "audit-title", name = name), body);
    let message = Message::embed(embed).ephemeral();
    match history.events.last().filter(|_| history.more) {
        Some(oldest) => {
            let older = match history.about {
                About::Token(token) => CustomId::TokenAudit(token, oldest.id),
                About::Request(request) => CustomId::RequestAudit(request, oldest.id),
            };
            let label = text!(language, "audit-older");
            message.row(buttons([button(older.to_string(), &label, ButtonStyle::Secondary)]))
        }
        None => message,
    }
}

fn line(event: &Event, language: Language) -> String {
    let what = text!(language, "audit-event", kind = event.kind.as_str());
    let actor = event.actor.map_or_else(|| text!(language, "audit-itself"), mention);
    let mut parts = vec![moment(event.at), format!("**{what}**"), actor];
    let other = event.on_behalf_of.filter(|person| Some(*person) != event.actor);
    parts.extend(other.map(|person| text!(language, "audit-for", person = mention(person))));
    parts.extend(event.request.map(|number| format!("#{number}")));
    let short = |digest: &String| safe::code(&digest[..SHORT.min(digest.len())]);
    match (&event.digest_before, &event.digest_after) {
        (Some(before), Some(after)) if before != after => {
            parts.push(format!("{} → {}", short(before), short(after)));
        }
        (_, Some(digest)) | (Some(digest), None) => parts.push(short(digest)),
        (None, None) => {}
    }
    parts.join(" · ")
}

#[cfg(test)]
mod tests;
