//! Somebody left: what hangs on them, told to the admins, and who takes their place.

use crate::config::Provider;
use crate::discord::custom_id::CustomId;
use crate::discord::message::{
    ButtonStyle, Embed, Field, Message, button, buttons, limit, option, select,
};
use crate::discord::safe;
use crate::domain::ids::DepartureId;
use crate::domain::request::RequestKind;
use crate::domain::token::Token;
use crate::locale::{Language, text};
use crate::workflow::leaving::{TakenOver, ToTell};

use super::marks::{colour, fitting, mention};
use super::refusal::refusal;

/// What the list of requests that came of it may take of a message, and that of the rest.
const LIST_ROOM: usize = 800;

/// The message in the approval channel, in the provider's language.
#[must_use]
pub fn departure(told: &ToTell, provider: &Provider) -> Message {
    let (language, hanging) = (provider.locale, &told.hanging);
    let names = |tokens: &[Token]| -> Vec<String> { tokens.iter().map(name).collect() };
    let requests: Vec<String> = hanging
        .requests
        .iter()
        .map(|request| format!("#{} **{}**", request.number, safe::inline(&request.content.name)))
        .collect();
    let person = mention(told.departure.person);
    let who = text!(language, "leaving-who", person = person, name = safe::inline(&told.name));
    let mut lines = vec![who];
    let mut fields = Vec::new();
    for (heading, todo, list) in [
        (
            text!(language, "leaving-owned"),
            text!(language, "leaving-owned-todo"),
            names(&hanging.owned),
        ),
        (
            text!(language, "leaving-contact-of"),
            text!(language, "leaving-contact-of-todo"),
            names(&hanging.contact_of),
        ),
        (text!(language, "leaving-requests"), text!(language, "leaving-requests-todo"), requests),
    ] {
        if !list.is_empty() {
            lines.push(todo);
            fields.push(Field::new(heading, fitting(&list, "\n", limit::EMBED_VALUE, language)));
        }
    }
    let mut embed = Embed::new(text!(language, "leaving-title"), lines.join("\n"));
    embed.fields = fields;
    embed.colour = Some(colour::YELLOW);
    let message = Message::embed(embed);
    if !hanging.contact_of.iter().any(|token| token.state.allows(RequestKind::Edit)) {
        return message;
    }
    let (id, label) =
        (CustomId::TakeOver(told.departure.id), text!(language, "leaving-button-take-over"));
    message.row(buttons([button(id.to_string(), &label, ButtonStyle::Primary)]))
}

fn name(token: &Token) -> String {
    format!("**{}**", safe::inline(&token.name))
}

/// Which tokens? As many as a select holds; whoever presses again sees the rest.
#[must_use]
pub fn choice(tokens: &[Token], id: DepartureId, language: Language) -> Message {
    let options = tokens.iter().map(|token| {
        option(&safe::plain(&token.name), token.id.to_string(), Some(&token.account_sid), false)
    });
    let placeholder = text!(language, "leaving-select");
    let select = select(
        CustomId::TakeOverTokens(id).to_string(),
        &placeholder,
        options.collect(),
        (1, limit::OPTIONS),
    );
    Message::text(text!(language, "leaving-choose")).ephemeral().row(select)
}

/// What was asked for, and what stood in the way of the rest.
#[must_use]
pub fn taken_over(taken: &TakenOver, language: Language) -> Message {
    let mut lines = Vec::new();
    let asked: Vec<String> = taken
        .asked
        .iter()
        .map(|request| format!("#{} **{}**", request.number, safe::inline(&request.content.name)))
        .collect();
    if !asked.is_empty() {
        let list = fitting(&asked, &text!(language, "list-separator"), LIST_ROOM, language);
        lines.push(if taken.first_hand {
            text!(language, "leaving-asked-first-hand", list = list)
        } else {
            text!(language, "leaving-asked", list = list)
        });
    }
    let refused: Vec<String> = taken
        .refused
        .iter()
        .map(|(token, why)| format!("{}: {}", name(token), refusal(why, language).content))
        .collect();
    if !refused.is_empty() {
        lines.push(text!(language, "leaving-not-asked"));
        lines.push(fitting(&refused, "\n", LIST_ROOM, language));
    }
    Message::text(lines.join("\n")).ephemeral()
}

#[cfg(test)]
mod tests;
