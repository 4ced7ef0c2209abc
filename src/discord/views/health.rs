//! `/token health`: each trouble with what it means and what to do.

use crate::config::Config;
use crate::discord::message::{Message, truncate};
use crate::discord::part_status::PartStatus;
use crate::discord::rest::ErrorCode;
use crate::discord::sanitize;
use crate::domain::attempt::UpstreamProblem;
use crate::domain::request::{Request, RequestState};
use crate::locale::{Language, text};
use crate::workflow::health::{FailingJobs, Health, Linked, RefusedCard, UntoldSecret};

use super::formatting::{colour, format_heading, format_mention, format_moment, quote};

/// What is shown of why a part is not ready, in UTF-16 code units: its cure stands at its end.
const PART_ROOM: usize = 450;

/// The same of an API's words, and of names.
const WORDS_ROOM: usize = 160;
const NAME_ROOM: usize = 60;

/// What is stuck, and whether the parts of this process are ready.
#[must_use]
pub fn render_health(
    health: &Health,
    parts: &[PartStatus],
    config: &Config,
    language: Language,
) -> Message {
    let is_well = health.is_well() && parts.iter().all(|status| status.trouble.is_none());
    let of = health.providers.iter().map(|id| sanitize::inline(config.provider_name(id)));
    let of = of.collect::<Vec<_>>().join(&text!(language, "list-separator"));
    let mut message = Message::titled(text!(language, "health-title"))
        .coloured(if is_well { colour::GREEN } else { colour::YELLOW })
        .ephemeral();
    if is_well {
        message = message.line(text!(language, "health-well"));
    }
    message = message.lines(parts.iter().map(|status| render_part(status, language)));
    if let Some(wait) = health.waits_for_processes() {
        let minutes = wait.as_secs() / 60;
        message = message.line(text!(language, "health-queue", minutes = minutes));
    }
    if let Some((count, since)) = health.emails {
        let since = format_moment(since, language);
        message = message.line(text!(language, "health-emails", count = count, since = since));
    }
    let failing = health.failing.iter().map(|jobs| render_failing(jobs, language)).collect();
    let cards = health.cards.iter().map(|card| render_card(card, language)).collect();
    let upstream =
        health.upstream.iter().map(|one| render_request(one, config, language)).collect();
    let untold = health.untold.iter().map(|secret| render_untold(secret, language)).collect();
    let note = |note: String| Some(format!("-# {note}"));
    let lists: [(String, Option<String>, Vec<String>); 4] = [
        (text!(language, "health-failing"), note(text!(language, "health-failing-note")), failing),
        (text!(language, "health-cards"), note(text!(language, "health-cards-note")), cards),
        (text!(language, "health-upstream"), None, upstream),
        (text!(language, "health-untold"), note(text!(language, "health-untold-note")), untold),
    ];
    for (heading, note, lines) in lists {
        if !lines.is_empty() {
            message = message
                .separator()
                .line(format_heading(&heading, language))
                .lines(note)
                .list(lines, "\n", language);
        }
    }
    message
        .separator()
        .line(format!("-# {}", text!(language, "health-of", providers = truncate(&of, WORDS_ROOM))))
}

fn render_part(status: &PartStatus, language: Language) -> String {
    let part = status.part.as_str();
    let Some(trouble) = &status.trouble else {
        return text!(language, "health-part-ready", part = part);
    };
    let said = text!(language, "health-part-troubled", part = part);
    format!("{said}\n{}", truncate(&quote(trouble), PART_ROOM))
}

fn render_failing(jobs: &FailingJobs, language: Language) -> String {
    text!(language, "health-failing-jobs", kind = jobs.kind.as_str(), count = jobs.count)
}

fn render_card(card: &Linked<RefusedCard>, language: Language) -> String {
    let code = ErrorCode::from(card.what.code);
    let about = match code {
        code if code.is_about_text() => "text",
        code if code.is_about_access() => "access",
        _ => "other",
    };
    let number = link(&card.what.number.to_string(), card.card.as_deref());
    text!(language, "health-card", number = number, code = code.number(), about = about)
}

fn render_request(waiting: &Linked<Request>, config: &Config, language: Language) -> String {
    let request = &waiting.what;
    let content = &request.content;
    let state = match request.state {
        RequestState::Failed => "failed",
        RequestState::Approved => "approved",
        _ => "issuing",
    };
    let said = text!(
        language,
        "health-request",
        number = link(&request.number.to_string(), waiting.card.as_deref()),
        name = short(&content.settings.name),
        provider = short(config.provider_name(&content.provider)),
        state = state
    );
    match request.reason.as_deref().and_then(UpstreamProblem::of) {
        Some(problem) => format!("{said}\n{}", truncate(&quote(problem.words()), WORDS_ROOM)),
        None => said,
    }
}

fn render_untold(secret: &Linked<UntoldSecret>, language: Language) -> String {
    let name = format!("**{}**", short(&secret.what.name));
    text!(
        language,
        "health-secret",
        name = secret.card.as_ref().map_or(name.clone(), |card| format!("[{name}]({card})")),
        owner = format_mention(secret.what.owner),
        until = format_moment(secret.what.expires_at, language)
    )
}

/// `#7`, as a link to its card if there is one.
fn link(number: &str, card: Option<&str>) -> String {
    card.map_or_else(|| format!("#{number}"), |card| format!("[#{number}]({card})"))
}

/// A name that leaves room for others.
fn short(name: &str) -> String {
    truncate(&sanitize::inline(name), NAME_ROOM)
}

#[cfg(test)]
mod tests;
