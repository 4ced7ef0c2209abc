//! `/token audit`: what happened, who did it, and to what.

use crate::discord::custom_id::CustomId;
use crate::discord::message::{ButtonStyle, Message, button, buttons, units};
use crate::discord::sanitize;
use crate::domain::content::Digest;
use crate::domain::event::Event;
use crate::domain::event::HistorySubject;
use crate::locale::{Language, text};
use crate::workflow::token::history::History;

use self::details::list_details;
use super::formatting::{format_date, format_mention};

mod details;

/// What the lines of a page take: a message's text, but for its heading.
const LINES_ROOM: usize = 3_700;

/// A page of a history, the newest first.
#[must_use]
pub fn render_history(history: &History, language: Language) -> Message {
    let (body, shown) = render_lines(&history.events, language);
    let name = sanitize::inline(&history.name);
    let title = text!(language, "audit-title", name = name);
    let message = Message::titled(title).line(body).ephemeral();
    let more = history.more || shown.len() < history.events.len();
    match shown.last().filter(|_| more) {
        Some(oldest) => {
            let older = match history.about {
                HistorySubject::Token(token) => CustomId::TokenAudit(token, oldest.id),
                HistorySubject::Request(request) => CustomId::RequestAudit(request, oldest.id),
            };
            let label = text!(language, "audit-older");
            message.row(buttons([button(older.to_string(), &label, ButtonStyle::Secondary)]))
        }
        None => message,
    }
}

/// As many lines as there is room for, and their events; the others are on the next page.
fn render_lines(events: &[Event], language: Language) -> (String, &[Event]) {
    let mut body = String::new();
    for (at, event) in events.iter().enumerate() {
        let line = render_line(event, language);
        // The first one always fits: each of its parts is short.
        if at > 0 && units(&body) + 1 + units(&line) > LINES_ROOM {
            return (body, &events[..at]);
        }
        if at > 0 {
            body.push('\n');
        }
        body.push_str(&line);
    }
    if body.is_empty() {
        body = text!(language, "audit-nothing");
    }
    (body, events)
}

fn render_line(event: &Event, language: Language) -> String {
    let what = text!(language, "audit-event", kind = event.kind.as_str());
    let actor = event.actor.map_or_else(|| text!(language, "audit-itself"), format_mention);
    let mut parts = vec![format_date(event.at), format!("**{what}**"), actor];
    let other = event.on_behalf_of.filter(|person| Some(*person) != event.actor);
    parts.extend(other.map(|person| text!(language, "audit-for", person = format_mention(person))));
    parts.extend(event.request.map(|number| format!("#{number}")));
    // As cards show it.
    let short = |digest: &String| {
        let short = digest.parse::<Digest>().map(|digest| digest.short().to_string());
        sanitize::code(short.as_ref().unwrap_or(digest))
    };
    match (&event.digest_before, &event.digest_after) {
        (Some(before), Some(after)) if before != after => {
            parts.push(format!("{} → {}", short(before), short(after)));
        }
        (_, Some(digest)) | (Some(digest), None) => parts.push(short(digest)),
        (None, None) => {}
    }
    parts.extend(list_details(&event.detail, language));
    parts.join(" · ")
}

#[cfg(test)]
mod tests;
