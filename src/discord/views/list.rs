//! `/token list` and `/token pending`.

use crate::config::Config;
use crate::discord::custom_id::{CustomId, Place};
use crate::discord::message::{
    Choice, CreateActionRow, CreateButton, Message, buttons, limit, option, select, truncate, units,
};
use crate::discord::sanitize;
use crate::domain::form::name_key;
use crate::domain::ids::TokenId;
use crate::domain::issuer::IssuerKind;
use crate::domain::secret::WorkingSecret;
use crate::domain::token::{Token, TokenState, TokenStatus};
use crate::locale::{Language, text};
use crate::workflow::token::list::{
    ListQuery, PendingRequest, PendingWork, TokenPage, UncollectedToken,
};

use super::card::{build_listed_approval, build_listed_task, build_own_buttons};
use super::delivery::build_reveal_buttons;
use super::formatting::{format_heading, format_mention, format_moment, grey_button};

/// One page of tokens, with a select that opens one.
#[must_use]
pub fn render_list(listed: &TokenPage, config: &Config, language: Language) -> Message {
    let page = listed.wanted.page;
    if listed.tokens.is_empty() && page == 0 {
        return Message::text(text!(language, "list-empty")).ephemeral();
    }
    let uses = |token: &Token| listed.uses.get(&token.id).map_or(&[][..], Vec::as_slice);
    let lines =
        listed.tokens.iter().map(|token| render_token_line(token, uses(token), config, language));
    let lines: Vec<String> = lines.collect();
    let mut message = Message::titled(text!(language, "list-title"))
        .list(lines, "\n", language)
        .line(format_page(page, language))
        .ephemeral();
    if !listed.tokens.is_empty() {
        let options = listed.tokens.iter().map(|token| {
            let provider = sanitize::plain(config.provider_name(&token.provider));
            option(
                &sanitize::plain(&token.settings.name),
                token.id.to_string(),
                Some(&provider),
                false,
            )
        });
        let placeholder = text!(language, "list-open");
        let opens = CustomId::OpenListedToken(listed.wanted.clone()).to_string();
        message = message.row(select(opens, &placeholder, options.collect(), (1, 1)));
    }
    let to = |page| CustomId::List(ListQuery { page, ..listed.wanted.clone() });
    let pages = page_buttons((page, listed.more), to, language);
    if !pages.is_empty() {
        message = message.row(buttons(pages));
    }
    message
}

fn render_token_line(
    token: &Token,
    uses: &[WorkingSecret],
    config: &Config,
    language: Language,
) -> String {
    let mark = match token.state {
        TokenState::Issued => "🟡",
        // No secret works: the old one is dead, the new one is not collected.
        TokenState::Active if uses.is_empty() => "🟡",
        TokenState::Active => "🟢",
        TokenState::Disabling | TokenState::Deleting => "🔴",
        TokenState::Disabled | TokenState::Deleted | TokenState::Expired => "⚫",
    };
    let ends = match token.expires_at {
        Some(at) if token.state == TokenState::Expired => {
            text!(language, "list-expired", when = format_moment(at, language))
        }
        Some(at) => text!(language, "list-expires", when = format_moment(at, language)),
        None => text!(language, "list-uncollected"),
    };
    let line = text!(
        language,
        "list-line",
        mark = mark,
        name = sanitize::inline(&token.settings.name),
        provider = sanitize::inline(config.provider_name(&token.provider)),
        owner = format_mention(token.owner),
        ends = ends
    );
    // Who uses another issuer's tokens, only that one sees.
    let seen = if token.issuer == IssuerKind::Builtin { uses } else { &[] };
    let used = seen.iter().map(|used| describe_last_use(used, language));
    std::iter::once(line).chain(used).collect::<Vec<_>>().join(" · ")
}

/// When a secret was last presented: the current one, or the one before it while that is going.
fn describe_last_use(used: &WorkingSecret, language: Language) -> String {
    match (used.valid_until, used.last_used_at) {
        (None, Some(at)) => text!(language, "list-used", when = format_moment(at, language)),
        (None, None) => text!(language, "list-unused"),
        (Some(_), Some(at)) => text!(language, "list-old-used", when = format_moment(at, language)),
        (Some(_), None) => text!(language, "list-old-unused"),
    }
}

/// The small print of a page.
fn format_page(page: u16, language: Language) -> String {
    format!("-# {}", text!(language, "list-page", page = u32::from(page) + 1))
}

/// The buttons *Previous* and *Next* of a page, as far as there is something to turn to.
pub fn page_buttons(
    (page, more): (u16, bool),
    to: impl Fn(u16) -> CustomId,
    language: Language,
) -> Vec<CreateButton> {
    let turn = |page: u16, label: String| grey_button(&to(page), &label);
    let before = page.checked_sub(1).map(|page| turn(page, text!(language, "list-previous")));
    let after = page.checked_add(1).filter(|_| more);
    let after = after.map(|page| turn(page, text!(language, "list-next")));
    before.into_iter().chain(after).collect()
}

/// What stands before a token's number where it was chosen among the proposals. A name may be a number,
/// too, and a typed number means the name.
const CHOSEN: &str = "id:";

/// The token that was chosen among the proposals; none where something was typed.
#[must_use]
pub fn parse_proposed_token(value: &str) -> Option<TokenId> {
    value.strip_prefix(CHOSEN)?.parse().ok()
}

/// Tokens as they are proposed while one types. Those that read alike are told apart by what else there
/// is to them.
#[must_use]
pub fn build_proposals(tokens: &[Token], config: &Config, language: Language) -> Vec<Choice> {
    let keys: Vec<String> = tokens.iter().map(|token| name_key(&token.settings.name)).collect();
    let alike = |key: &String| keys.iter().filter(|other| *other == key).count() > 1;
    let choice = |(token, key): (&Token, &String)| {
        let name = match alike(key) {
            true => disambiguate_name(token, config, language),
            false => token.settings.name.clone(),
        };
        Choice { name: truncate(&name, limit::OPTION_TEXT), value: format!("{CHOSEN}{}", token.id) }
    };
    tokens.iter().zip(&keys).map(choice).collect()
}

/// What a provider's name may take of a proposal, and then what the token's may.
const PROVIDER_ROOM: usize = 30;

/// The name with its provider, where the token stands, and since when it is there.
fn disambiguate_name(token: &Token, config: &Config, language: Language) -> String {
    let provider = truncate(config.provider_name(&token.provider), PROVIDER_ROOM);
    let standing = TokenStatus::of_state(token.state).as_str();
    let standing = text!(language, "list-standing", standing = standing);
    let since = token.created_at.format("%Y-%m-%d %H:%M");
    let rest = format!(" · {provider} · {standing} · {since} UTC");
    format!(
        "{}{rest}",
        truncate(&token.settings.name, limit::OPTION_TEXT.saturating_sub(units(&rest)))
    )
}

/// What waits for somebody. `done` is what was just done here.
#[must_use]
pub fn render_pending(
    pending: &PendingWork,
    done: Option<String>,
    config: &Config,
    language: Language,
) -> Message {
    let PendingWork { for_my_approval, for_an_admin, mine, to_collect, page, more } = pending;
    let place = Place::Pending(*page);
    let page = u16::from(*page);
    let title = Message::titled(text!(language, "pending-title")).ephemeral();
    let mut message = title.lines(done.clone());
    let pages = page_buttons((page, *more), CustomId::Pending, language);
    if !pages.is_empty() {
        message = message.line(format_page(page, language));
    }
    let mut is_empty = to_collect.is_empty();
    if !is_empty {
        message = message.line(format_heading(&text!(language, "pending-collect"), language));
    }
    for waiting in to_collect {
        message = list_uncollected(message, waiting, place, language);
    }
    let decide = |waiting: &PendingRequest| {
        Some(build_listed_approval(&waiting.request, waiting.is_read, place, language))
    };
    let act = |waiting: &PendingRequest| {
        Some(build_listed_task(&waiting.request, waiting.failure, place, language))
    };
    // Nobody else may press these, so they stand here and not on the card.
    let own = |waiting: &PendingRequest| {
        let row = build_own_buttons(&waiting.request, place, language);
        (!row.is_empty()).then(|| buttons(row))
    };
    type Rows<'a> = &'a dyn Fn(&PendingRequest) -> Option<CreateActionRow>;
    let groups: [(String, &[PendingRequest], Rows<'_>); 3] = [
        (text!(language, "pending-approval"), for_my_approval, &decide),
        (text!(language, "pending-admin"), for_an_admin, &act),
        (text!(language, "pending-mine"), mine, &own),
    ];
    for (name, waiting, row) in groups {
        is_empty &= waiting.is_empty();
        if !waiting.is_empty() {
            message = message.line(format_heading(&name, language));
        }
        for one in waiting {
            message = message.line(render_request_line(one, config, language)).rows(row(one));
        }
    }
    if is_empty {
        // On another page than the first, somebody did what stood on it.
        message =
            Message::default().lines(done).line(text!(language, "pending-nothing")).ephemeral();
    }
    match pages.is_empty() {
        true => message,
        false => message.row(buttons(pages)),
    }
}

/// A token to collect, with its buttons.
fn list_uncollected(
    message: Message,
    waiting: &UncollectedToken,
    place: Place,
    language: Language,
) -> Message {
    let name = sanitize::inline(&waiting.token.settings.name);
    message.line(text!(language, "pending-token", name = name)).row(build_reveal_buttons(
        waiting.delivery,
        place,
        language,
    ))
}

fn render_request_line(waiting: &PendingRequest, config: &Config, language: Language) -> String {
    let content = &waiting.request.content;
    let number = waiting.request.number.to_string();
    let card = waiting.card.as_ref().map(|card| format!("[#{number}]({card})"));
    text!(
        language,
        "pending-request",
        number = card.unwrap_or_else(|| format!("#{number}")),
        kind = content.kind.as_str(),
        name = sanitize::inline(&content.settings.name),
        provider = sanitize::inline(config.provider_name(&content.provider)),
        requester = format_mention(waiting.request.requester)
    )
}

#[cfg(test)]
mod tests;
