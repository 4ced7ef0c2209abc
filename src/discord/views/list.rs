//! `/token list` and `/token pending`.

use crate::config::Config;
use crate::discord::custom_id::CustomId;
use crate::discord::message::{
    ButtonStyle, Choice, CreateButton, Embed, Field, Message, button, buttons, cut, limit, option,
    select, units,
};
use crate::discord::safe;
use crate::domain::form::name_key;
use crate::domain::ids::TokenId;
use crate::domain::token::{Standing, Token, TokenState};
use crate::locale::{Language, text};
use crate::workflow::list::{Listed, Pending, Waiting, Wanted};

use super::marks::{fitting, mention, relative};

/// One page of tokens, with a select that opens one.
#[must_use]
pub fn list(listed: &Listed, config: &Config, language: Language) -> Message {
    let page = listed.wanted.page;
    if listed.tokens.is_empty() && page == 0 {
        return Message::text(text!(language, "list-empty")).ephemeral();
    }
    let lines: Vec<String> =
        listed.tokens.iter().map(|token| line(token, config, language)).collect();
    let mut embed = Embed::new(
        text!(language, "list-title"),
        fitting(&lines, "\n", limit::EMBED_DESCRIPTION, language),
    );
    embed.footer = text!(language, "list-page", page = u32::from(page) + 1);
    let mut message = Message::embed(embed).ephemeral();
    if !listed.tokens.is_empty() {
        let options = listed.tokens.iter().map(|token| {
            let provider = safe::plain(config.provider_name(&token.provider));
            option(&safe::plain(&token.name), token.id.to_string(), Some(&provider), false)
        });
        let placeholder = text!(language, "list-open");
        let opens = CustomId::OpenToken.to_string();
        message = message.row(select(opens, &placeholder, options.collect(), (1, 1)));
    }
    let turns = turning(listed, language);
    if !turns.is_empty() {
        message = message.row(buttons(turns));
    }
    message
}

fn line(token: &Token, config: &Config, language: Language) -> String {
    let mark = match token.state {
        TokenState::Issued => "🟡",
        TokenState::Active => "🟢",
        TokenState::Disabling | TokenState::Deleting => "🔴",
        TokenState::Disabled | TokenState::Deleted | TokenState::Expired => "⚫",
    };
    let ends = match token.expires_at {
        Some(at) if token.state == TokenState::Expired => {
            text!(language, "list-expired", when = relative(at))
        }
        Some(at) => text!(language, "list-expires", when = relative(at)),
        None => text!(language, "list-uncollected"),
    };
    text!(
        language,
        "list-line",
        mark = mark,
        name = safe::inline(&token.name),
        provider = safe::inline(config.provider_name(&token.provider)),
        owner = mention(token.owner),
        ends = ends
    )
}

fn turning(listed: &Listed, language: Language) -> Vec<CreateButton> {
    let turn = |page: u16, label: String| {
        let wanted = Wanted { page, ..listed.wanted.clone() };
        button(CustomId::List(wanted).to_string(), &label, ButtonStyle::Secondary)
    };
    let page = listed.wanted.page;
    let before = page.checked_sub(1).map(|page| turn(page, text!(language, "list-previous")));
    let after = listed.more.then(|| turn(page.saturating_add(1), text!(language, "list-next")));
    before.into_iter().chain(after).collect()
}

/// What stands before a token's number where it was chosen among the proposals. A name may be a number,
/// too, and whoever types one means the name.
const CHOSEN: &str = "id:";

/// The token that was chosen among the proposals; none where something was typed.
#[must_use]
pub fn chosen(value: &str) -> Option<TokenId> {
    value.strip_prefix(CHOSEN)?.parse().ok()
}

/// Tokens as they are proposed while one types. Those that read alike are told apart by what else there
/// is to them.
#[must_use]
pub fn proposals(tokens: &[Token], config: &Config, language: Language) -> Vec<Choice> {
    let keys: Vec<String> = tokens.iter().map(|token| name_key(&token.name)).collect();
    let alike = |key: &String| keys.iter().filter(|other| *other == key).count() > 1;
    let choice = |(token, key): (&Token, &String)| {
        let name = match alike(key) {
            true => told_apart(token, config, language),
            false => token.name.clone(),
        };
        Choice { name: cut(&name, limit::OPTION_TEXT), value: format!("{CHOSEN}{}", token.id) }
    };
    tokens.iter().zip(&keys).map(choice).collect()
}

/// What a provider's name may take of a proposal, and then what the token's may.
const PROVIDER_ROOM: usize = 30;

/// The name with its provider, where the token stands, and since when it is there.
fn told_apart(token: &Token, config: &Config, language: Language) -> String {
    let provider = cut(config.provider_name(&token.provider), PROVIDER_ROOM);
    let standing = Standing::of_state(token.state).as_str();
    let standing = text!(language, "list-standing", standing = standing);
    let since = token.created_at.format("%Y-%m-%d %H:%M");
    let rest = format!(" · {provider} · {standing} · {since} UTC");
    format!("{}{rest}", cut(&token.name, limit::OPTION_TEXT.saturating_sub(units(&rest))))
}

/// What waits for somebody.
#[must_use]
pub fn pending(pending: &Pending, config: &Config, language: Language) -> Message {
    let Pending { for_my_hand, for_an_admin, mine, to_collect } = pending;
    let shown = |waiting: &[Waiting]| -> Vec<String> {
        waiting.iter().map(|waiting| request(waiting, config, language)).collect()
    };
    let tokens: Vec<String> = to_collect
        .iter()
        .map(|token| text!(language, "pending-token", name = safe::inline(&token.name)))
        .collect();
    let mut embed = Embed::new(text!(language, "pending-title"), "");
    for (name, lines) in [
        (text!(language, "pending-hand"), shown(for_my_hand)),
        (text!(language, "pending-admin"), shown(for_an_admin)),
        (text!(language, "pending-mine"), shown(mine)),
        (text!(language, "pending-collect"), tokens),
    ] {
        if !lines.is_empty() {
            let value = fitting(&lines, "\n", limit::EMBED_VALUE, language);
            embed = embed.field(Field::new(name, value));
        }
    }
    if embed.fields.is_empty() {
        return Message::text(text!(language, "pending-nothing")).ephemeral();
    }
    Message::embed(embed).ephemeral()
}

fn request(waiting: &Waiting, config: &Config, language: Language) -> String {
    let content = &waiting.request.content;
    let number = waiting.request.number.to_string();
    let card = waiting.card.as_ref().map(|card| format!("[#{number}]({card})"));
    text!(
        language,
        "pending-request",
        number = card.unwrap_or_else(|| format!("#{number}")),
        kind = content.kind.as_str(),
        name = safe::inline(&content.name),
        provider = safe::inline(config.provider_name(&content.provider)),
        requester = mention(waiting.request.requester)
    )
}

#[cfg(test)]
mod tests;
