//! A member left: what depended on them, for the admins, and who takes their place.

use crate::config::Provider;
use crate::discord::custom_id::CustomId;
use crate::discord::message::{ButtonStyle, Message, button, buttons, limit, option, select};
use crate::discord::sanitize;
use crate::domain::ids::DepartureId;
use crate::domain::request::Request;
use crate::domain::token::Token;
use crate::locale::{Language, text};
use crate::workflow::departure::{DepartureToReport, TakeOverOutcome, TakeOverPage};

use super::formatting::{colour, format_heading, format_mention, join_within};
use super::list::page_buttons;
use super::refusal::render_refusal;

/// What the list of requests that came of it may take of a message, and that of the rest.
const LIST_ROOM: usize = 800;

/// The message in the approval channel, in the provider's language.
#[must_use]
pub fn render_departure(due: &DepartureToReport, provider: &Provider) -> Message {
    let (language, hanging) = (provider.locale, &due.hanging);
    let names = |tokens: &[Token]| -> Vec<String> { tokens.iter().map(format_token).collect() };
    let numbers = |requests: &[Request]| requests.iter().map(format_request).collect();
    let person = format_mention(due.departure.person);
    let name = sanitize::inline(&due.name);
    let titled = Message::titled(text!(language, "leaving-title"));
    if due.departure.is_over {
        let back = text!(language, "leaving-back", person = person, name = name);
        return titled.coloured(colour::GREY).line(back);
    }
    if hanging.is_empty() {
        let settled = text!(language, "leaving-settled", person = person, name = name);
        return titled.coloured(colour::GREY).line(settled);
    }
    let who = text!(language, "leaving-who", person = person, name = name);
    let mut message = titled.coloured(colour::YELLOW).line(who);
    let contact_todo = match due.can_take_over {
        true => text!(language, "leaving-contact-of-todo"),
        false => text!(language, "leaving-contact-of-other"),
    };
    for (heading, todo, list) in [
        (
            text!(language, "leaving-owned"),
            text!(language, "leaving-owned-todo"),
            names(&hanging.owned),
        ),
        (text!(language, "leaving-contact-of"), contact_todo, names(&hanging.contact_of)),
        (
            text!(language, "leaving-requests"),
            text!(language, "leaving-requests-todo"),
            numbers(&hanging.requests),
        ),
        (
            text!(language, "leaving-approvals"),
            text!(language, "leaving-approvals-todo"),
            numbers(&hanging.approvals),
        ),
        (
            text!(language, "leaving-to-collect"),
            text!(language, "leaving-to-collect-todo"),
            names(&hanging.to_collect),
        ),
    ] {
        if !list.is_empty() {
            message = message
                .separator()
                .line(format_heading(&heading, language))
                .list(list, "\n", language)
                .line(todo);
        }
    }
    if !due.can_take_over {
        return message;
    }
    let (id, label) =
        (CustomId::TakeOver(due.departure.id), text!(language, "leaving-button-take-over"));
    message.row(buttons([button(id.to_string(), &label, ButtonStyle::Primary)]))
}

fn format_request(request: &Request) -> String {
    format!("#{} **{}**", request.number, sanitize::inline(&request.content.settings.name))
}

fn format_token(token: &Token) -> String {
    format!("**{}**", sanitize::inline(&token.settings.name))
}

/// Which tokens? As many as a select holds, and the way to the rest.
#[must_use]
pub fn render_choice(all: &TakeOverPage, id: DepartureId, language: Language) -> Message {
    let options = all.tokens.iter().map(|token| {
        option(
            &sanitize::plain(&token.settings.name),
            token.id.to_string(),
            Some(&token.account_sid),
            false,
        )
    });
    let placeholder = text!(language, "leaving-select");
    let select = select(
        CustomId::TakeOverTokens(id).to_string(),
        &placeholder,
        options.collect(),
        (1, limit::OPTIONS),
    );
    let message = Message::text(text!(language, "leaving-choose")).ephemeral().row(select);
    let pages =
        page_buttons((all.page, all.more), |page| CustomId::TakeOverPage(id, page), language);
    if pages.is_empty() { message } else { message.row(buttons(pages)) }
}

/// What was asked for, and what stood in the way of the rest.
#[must_use]
pub fn render_taken_over(taken: &TakeOverOutcome, language: Language) -> Message {
    let mut lines = Vec::new();
    let asked: Vec<String> = taken.asked.iter().map(format_request).collect();
    if !asked.is_empty() {
        let list = join_within(&asked, &text!(language, "list-separator"), LIST_ROOM, language);
        lines.push(text!(language, "leaving-asked", list = list));
    }
    let refused: Vec<String> = taken
        .refused
        .iter()
        .map(|(token, why)| {
            let reason = render_refusal(why, language).prose();
            text!(language, "name-with-reason", name = format_token(token), reason = reason)
        })
        .collect();
    if !refused.is_empty() {
        lines.push(text!(language, "leaving-not-asked"));
        lines.push(join_within(&refused, "\n", LIST_ROOM, language));
    }
    Message::text(lines.join("\n")).ephemeral()
}

#[cfg(test)]
mod tests;
