//! `/token audit`: what happened, who did it, and to what.
//!
//! The steps are for people, grouped by request. What proves them stands behind *Evidence*, the same events
//! by their ids and digests, and all of it in the file of *Export*.

use chrono::SecondsFormat;

use crate::discord::custom_id::CustomId;
use crate::discord::message::{CreateActionRow, File, Message, buttons, truncate, units};
use crate::discord::sanitize;
use crate::domain::event::{Event, HistorySubject};
use crate::domain::ids::{EventId, RequestNumber};
use crate::locale::{Language, text};
use crate::workflow::token::history::{History, HistoryExport};

use self::details::list_details;
use super::formatting::{format_heading, format_mention, grey_button};

mod details;

/// What the lines of a page take: a message's text, but for its heading.
const LINES_ROOM: usize = 3_700;
/// What is shown of an event's details as they are recorded.
const RECORD_ROOM: usize = 200;

/// Which of the two a page shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Face {
    Steps,
    Evidence,
}

/// A page of a history, the newest first, grouped by request.
#[must_use]
pub fn render_history(history: &History, language: Language) -> Message {
    let (groups, shown) = group_steps(history, language);
    let mut message = start(history, language);
    if groups.is_empty() {
        message = message.line(text!(language, "audit-nothing"));
    }
    for Group { heading, lines, .. } in groups {
        message = message.line(format_heading(&heading, language)).lines(lines);
    }
    message.row(build_buttons(history, shown, Face::Steps, language))
}

/// The same events by what proves them: their ids, the presses that caused them, whole digests.
#[must_use]
pub fn render_evidence(history: &History, language: Language) -> Message {
    let mut room = LINES_ROOM;
    let mut lines = Vec::new();
    for event in &history.events {
        let line = render_evidence_line(event, language);
        let Some(rest) = room.checked_sub(units(&line) + 1) else { break };
        room = rest;
        lines.push(line);
    }
    let shown = lines.len();
    let message = start(history, language).lines(lines);
    message.row(build_buttons(history, shown, Face::Evidence, language))
}

/// The history as a file, for whoever pressed *Export*.
#[must_use]
pub fn render_export(
    about: HistorySubject,
    exported: HistoryExport,
    language: Language,
) -> Message {
    let name = match about {
        HistorySubject::Token(token) => format!("token-{token}.jsonl"),
        HistorySubject::Request(request) => format!("request-{request}.jsonl"),
    };
    let cut = exported.is_cut.then(|| text!(language, "audit-export-cut"));
    let message = Message::text(text!(language, "audit-exported")).lines(cut).ephemeral();
    Message { file: Some(File { name, content: exported.lines.into() }), ..message }
}

fn start(history: &History, language: Language) -> Message {
    let name = sanitize::inline(&history.name);
    Message::titled(text!(language, "audit-title", name = name)).ephemeral()
}

/// Steps of one request, or those of the token alone.
struct Group {
    about: Option<RequestNumber>,
    heading: String,
    lines: Vec<String>,
}

/// As many of the newest events as there is room for, the request of the newest first, and how many these
/// are; the others are on the next page.
fn group_steps(history: &History, language: Language) -> (Vec<Group>, usize) {
    let mut groups: Vec<Group> = Vec::new();
    let mut room = LINES_ROOM;
    for (at, event) in history.events.iter().enumerate() {
        let line = render_step(event, language);
        let known = groups.iter().position(|group| group.about == event.request);
        let heading = describe_subject(event, history, language);
        let heads = if known.is_some() { 0 } else { units(&heading) + 10 };
        // The first one always fits: each of its parts is short.
        let Some(rest) = room.checked_sub(units(&line) + 1 + heads) else {
            return (groups, at);
        };
        room = rest;
        match known {
            Some(place) => groups[place].lines.push(line),
            None => groups.push(Group { about: event.request, heading, lines: vec![line] }),
        }
    }
    (groups, history.events.len())
}

fn describe_subject(event: &Event, history: &History, language: Language) -> String {
    match event.request {
        None => text!(language, "audit-group-token"),
        Some(number) => {
            let kind = history.kinds.get(&number).map_or("", |kind| kind.as_str());
            text!(language, "audit-group", number = number.to_string(), kind = kind)
        }
    }
}

fn render_step(event: &Event, language: Language) -> String {
    let what = text!(language, "audit-event", kind = event.kind.as_str());
    let actor = event.actor.map_or_else(|| text!(language, "audit-itself"), format_mention);
    let at = event.at.timestamp();
    // Short, since there is one on each line; as a list, so that lines that are broken stay apart.
    let mut parts = vec![format!("- <t:{at}:d> <t:{at}:t> **{what}**"), actor];
    let other = event.on_behalf_of.filter(|person| Some(*person) != event.actor);
    parts.extend(other.map(|person| text!(language, "audit-for", person = format_mention(person))));
    parts.extend(list_details(event, language));
    parts.join(" · ")
}

fn render_evidence_line(event: &Event, language: Language) -> String {
    let at = event.at.to_rfc3339_opts(SecondsFormat::Millis, true);
    let mut parts = vec![
        sanitize::code(&event.id.to_string()),
        sanitize::code(&at),
        sanitize::code(&truncate(&event.kind, RECORD_ROOM)),
    ];
    parts.extend(event.actor.map(|person| sanitize::code(&person.to_string())));
    parts.extend(
        event
            .interaction
            .map(|id| text!(language, "audit-press", id = sanitize::code(&id.to_string()))),
    );
    let digest = |digest: &String| sanitize::code(digest);
    match (&event.digest_before, &event.digest_after) {
        (Some(before), Some(after)) if before != after => {
            parts.push(format!("{} → {}", digest(before), digest(after)));
        }
        (_, Some(one)) | (Some(one), None) => parts.push(digest(one)),
        (None, None) => {}
    }
    if event.detail.as_object().is_some_and(|detail| !detail.is_empty()) {
        parts.push(sanitize::code(&truncate(&event.detail.to_string(), RECORD_ROOM)));
    }
    format!("-# {}", parts.join(" · "))
}

/// *Older*, the other face of the same page, and *Export*.
fn build_buttons(
    history: &History,
    shown: usize,
    face: Face,
    language: Language,
) -> CreateActionRow {
    let go = |face: Face, before: EventId| match (history.about, face) {
        (HistorySubject::Token(token), Face::Steps) => CustomId::TokenAudit(token, before),
        (HistorySubject::Token(token), Face::Evidence) => CustomId::TokenEvidence(token, before),
        (HistorySubject::Request(request), Face::Steps) => CustomId::RequestAudit(request, before),
        (HistorySubject::Request(request), Face::Evidence) => {
            CustomId::RequestEvidence(request, before)
        }
    };
    let has_older = history.more || shown < history.events.len();
    let oldest = shown.checked_sub(1).and_then(|at| history.events.get(at));
    let older = oldest.filter(|_| has_older);
    let older =
        older.map(|event| grey_button(&go(face, event.id), &text!(language, "audit-older")));
    let (other, label) = match face {
        Face::Steps => (Face::Evidence, text!(language, "audit-evidence")),
        Face::Evidence => (Face::Steps, text!(language, "audit-steps")),
    };
    let here = history.before.or_else(|| EventId::new(i64::MAX).ok());
    let other = here.map(|before| grey_button(&go(other, before), &label));
    let export = match history.about {
        HistorySubject::Token(token) => CustomId::ExportToken(token),
        HistorySubject::Request(request) => CustomId::ExportRequest(request),
    };
    let export = grey_button(&export, &text!(language, "audit-export"));
    buttons(older.into_iter().chain(other).chain([export]))
}

#[cfg(test)]
mod tests;
