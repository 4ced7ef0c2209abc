//! A token as those see it whose business it is: its data without the secret, and what can be done.

mod all;

use crate::config::Provider;
use crate::discord::custom_id::{CustomId, FromList};
use crate::discord::interaction::Submission;
use crate::discord::message::{
    ButtonStyle, CreateActionRow, Input, Label, Message, Modal, TextStyle, button, buttons, limit,
};
use crate::discord::sanitize;
use crate::domain::drift::{self, Drift};
use crate::domain::form::NAME_LIMIT;
use crate::domain::issuer::IssuerKind;
use crate::domain::request_kind::RequestKind;
use crate::domain::secret::WorkingSecret;
use crate::domain::token::{Token, TokenState};
use crate::locale::{Language, text};
use crate::workflow::token::list::{ListQuery, OpenChange};
use crate::workflow::token::narrow::Narrowed;

use super::formatting::{
    colour, format_copyable, format_field, format_heading, format_mention, format_moment,
};

pub use all::render_all;

const TYPED_NAME: &str = "name";

/// Everything that a token's panel shows.
#[derive(Debug, Clone, Copy)]
pub struct TokenFacts<'a> {
    /// The token.
    pub token: &'a Token,
    /// The secrets that open it, the current one first.
    pub uses: &'a [WorkingSecret],
    /// Its provider; none where it was removed from the configuration.
    pub provider: Option<&'a Provider>,
    /// Its open change, if there is one.
    pub open_change: Option<&'a OpenChange>,
    /// What its reader can do with it now.
    pub offered: &'a [RequestKind],
}

/// What stands on a panel beside the token.
#[derive(Debug, Default)]
pub struct PanelExtras {
    /// What was just done here.
    pub done: Option<String>,
    /// The list that it was opened from.
    pub back: Option<ListQuery>,
}

/// The panel of a token, for somebody who may change it.
#[must_use]
pub fn render_panel(facts: &TokenFacts<'_>, extras: &PanelExtras, language: Language) -> Message {
    let token = facts.token;
    let open = facts.open_change.map(|change| match &change.card {
        Some(card) => text!(language, "token-open-change", card = card),
        None => text!(language, "token-open-change-unposted"),
    });
    let message = Message::titled(sanitize::inline(&token.settings.name))
        .coloured(choose_colour(facts))
        .lines(extras.done.clone())
        .line(describe_status(facts, language))
        .lines(open)
        .lines(describe_drift(facts, language))
        .separator()
        .line(sanitize::block(&token.settings.description))
        .line(format_heading(&text!(language, "card-field-sid"), language))
        .line(format_copyable(&token.account_sid))
        .lines(list_fields(facts, language));
    let rows = build_rows(facts, extras, language);
    list_long_fields(facts, message, language).rows(rows).ephemeral()
}

/// Scopes that no longer agree with the catalogue, the first of them by name.
fn describe_drift(facts: &TokenFacts<'_>, language: Language) -> Option<String> {
    let token = facts.token;
    if !token.state.is_on() && !token.state.is_off_for_now() {
        return None;
    }
    let found = drift::of_token(token, facts.provider.map(|provider| &provider.catalogue));
    let Drift { approved, today, .. } = found.first()?;
    let approved = sanitize::code(approved);
    let today = today.as_ref().map_or("—".to_owned(), |today| sanitize::code(today));
    let (count, builtin) = (found.len(), token.issuer == IssuerKind::Builtin);
    let refused = if builtin { "yes" } else { "no" };
    Some(text!(
        language,
        "token-drifted",
        count = count,
        before = approved,
        after = today,
        refused = refused
    ))
}

/// How it stands, in a sentence.
#[must_use]
pub fn describe_state(state: TokenState, language: Language) -> String {
    match state {
        TokenState::Issued => text!(language, "token-state-issued"),
        TokenState::Active => text!(language, "token-state-active"),
        TokenState::Disabling => text!(language, "token-state-disabling"),
        TokenState::Disabled => text!(language, "token-state-disabled"),
        TokenState::Deleting => text!(language, "token-state-deleting"),
        TokenState::Deleted => text!(language, "token-state-deleted"),
        TokenState::Expired => text!(language, "token-state-expired"),
    }
}

/// The same of a token whose upstream may still be doing it, or of which no secret works.
fn describe_status(facts: &TokenFacts<'_>, language: Language) -> String {
    let token = facts.token;
    if is_without_secret(facts) {
        return text!(language, "token-state-old-is-dead");
    }
    let going = matches!(token.state, TokenState::Disabling | TokenState::Deleting);
    if going && token.issuer == IssuerKind::Http {
        return text!(language, "token-state-going-off");
    }
    describe_state(token.state, language)
}

fn is_without_secret(facts: &TokenFacts<'_>) -> bool {
    facts.token.state == TokenState::Active && facts.uses.is_empty()
}

fn choose_colour(facts: &TokenFacts<'_>) -> u32 {
    match facts.token.state {
        _ if is_without_secret(facts) => colour::YELLOW,
        TokenState::Issued => colour::YELLOW,
        TokenState::Active => colour::GREEN,
        TokenState::Disabling | TokenState::Deleting => colour::RED,
        TokenState::Disabled | TokenState::Deleted | TokenState::Expired => colour::GREY,
    }
}

/// What takes a line each.
fn list_fields(facts: &TokenFacts<'_>, language: Language) -> Vec<String> {
    let token = facts.token;
    let provider =
        sanitize::inline(facts.provider.map_or(token.provider.as_str(), |found| &found.name));
    let version = token.settings.api_version.get();
    let api = text!(language, "card-value-api", provider = provider, version = version);
    let ends = match token.expires_at {
        Some(at) => format_moment(at, language),
        None => text!(language, "panel-expires-collected", days = token.lifetime_days),
    };
    // Who uses another issuer's tokens, only that one sees.
    let is_seen = token.issuer == IssuerKind::Builtin;
    let used = is_seen
        .then(|| (text!(language, "token-field-last-used"), describe_last_use(facts, language)));
    let fields = [
        (text!(language, "card-field-api"), api),
        (text!(language, "token-field-owner"), format_mention(token.owner)),
        (text!(language, "card-field-contact"), format_mention(token.settings.contact)),
        (text!(language, "token-field-created"), format_moment(token.created_at, language)),
        (text!(language, "card-field-token-expires"), ends),
    ];
    let fields = fields.into_iter().chain(used);
    fields.map(|(label, value)| format_field(&label, &value, language)).collect()
}

/// Addresses and scopes, of which *All scopes* shows what has no room.
fn list_long_fields(facts: &TokenFacts<'_>, message: Message, language: Language) -> Message {
    let token = facts.token;
    let (emails, scopes) = (all::addresses(token), all::scopes(token));
    let label = text!(language, "card-field-emails");
    let message = if emails.is_empty() {
        message.line(format_field(&label, &text!(language, "card-none"), language))
    } else {
        let list = all::fit(&emails, all::EMAILS_ROOM, language);
        message.line(format_heading(&label, language)).line(list)
    };
    let count = text!(language, "card-scopes", count = scopes.len());
    message.line(format_heading(&count, language)).line(all::fit(
        &scopes,
        all::SCOPES_ROOM,
        language,
    ))
}

/// When each secret that opens it was last presented: the current one, and the one that is going.
fn describe_last_use(facts: &TokenFacts<'_>, language: Language) -> String {
    let when = |used: &WorkingSecret| match used.last_used_at {
        Some(at) => format_moment(at, language),
        None => text!(language, "token-never-used"),
    };
    let lines: Vec<String> = facts
        .uses
        .iter()
        .map(|used| match used.valid_until {
            Some(until) => {
                let (when, until) = (when(used), format_moment(until, language));
                text!(language, "token-old-secret", when = when, until = until)
            }
            None => when(used),
        })
        .collect();
    if lines.is_empty() { text!(language, "token-never-used") } else { lines.join("\n") }
}

fn build_rows(
    facts: &TokenFacts<'_>,
    extras: &PanelExtras,
    language: Language,
) -> Vec<CreateActionRow> {
    use RequestKind::{Duplicate, Edit, Enable, Extend, Reset, Upgrade};
    let (token, list) = (facts.token, extras.back.as_ref());
    let is_offered = |kind| facts.offered.contains(&kind);
    let change = |kind: RequestKind, label: String, style: ButtonStyle| {
        let id = CustomId::ChangeToken(token.id, FromList::new(kind, list));
        is_offered(kind).then(|| button(id.to_string(), &label, style))
    };
    let red = |kind: RequestKind, id: CustomId, label: String| {
        is_offered(kind).then(|| button(id.to_string(), &label, ButtonStyle::Danger))
    };
    let this = || FromList::new(token.id, list);
    let (grey, green) = (ButtonStyle::Secondary, ButtonStyle::Success);
    let all_scopes = || {
        let label = text!(language, "token-button-all-scopes");
        button(CustomId::TokenScopes(token.id).to_string(), &label, grey)
    };
    let back = extras.back.clone().map(|list| {
        button(CustomId::List(list).to_string(), &text!(language, "token-button-back"), grey)
    });
    let all = [
        change(Edit, text!(language, "token-button-edit"), grey),
        change(Reset, text!(language, "token-button-reset"), grey),
        change(Extend, text!(language, "token-button-extend"), grey),
        change(Upgrade, text!(language, "token-button-upgrade"), grey),
        change(Enable, text!(language, "token-button-enable"), green),
        change(Duplicate, text!(language, "token-button-duplicate"), grey),
        all::is_cut(facts).then(all_scopes),
        red(
            RequestKind::Disable,
            CustomId::DisableToken(this()),
            text!(language, "token-button-disable"),
        ),
        red(
            RequestKind::Delete,
            CustomId::DeleteToken(this()),
            text!(language, "token-button-delete"),
        ),
        back,
    ];
    let all: Vec<_> = all.into_iter().flatten().collect();
    all.chunks(limit::BUTTONS).map(|row| buttons(row.to_vec())).collect()
}

/// *Delete*: type the name. `list` is where the panel was opened.
#[must_use]
pub fn render_delete_form(token: &Token, list: Option<&ListQuery>, language: Language) -> Modal {
    Modal {
        custom_id: CustomId::DeleteForm(FromList::new(token.id, list)).to_string(),
        title: text!(language, "delete-form-title"),
        fields: vec![Label {
            label: text!(language, "delete-form-name"),
            description: text!(language, "delete-form-hint"),
            input: Input::Text {
                custom_id: TYPED_NAME.to_owned(),
                style: TextStyle::Short,
                min_length: Some(1),
                // Discord counts some characters twice.
                max_length: u16::try_from(2 * NAME_LIMIT).ok(),
                required: true,
                value: String::new(),
                placeholder: sanitize::plain(&token.settings.name),
            },
        }],
    }
}

/// The name that was typed.
#[must_use]
pub fn parse_name(submission: &Submission) -> Option<&str> {
    submission.text(TYPED_NAME)
}

/// *Disable*: what it costs, before it is done. `list` is where the panel was opened.
#[must_use]
pub fn render_disable_question(
    token: &Token,
    provider: Option<&Provider>,
    list: Option<&ListQuery>,
    language: Language,
) -> Message {
    let enables = provider.filter(|provider| provider.issuer.offers(RequestKind::Enable));
    let way_back = match enables {
        Some(provider) => {
            let most = token.scopes.iter().filter_map(|scope| scope.approvals).max();
            let count = provider.approvals.max(most.unwrap_or(0));
            text!(language, "disable-question-way-back", count = count)
        }
        None => text!(language, "disable-question-no-way-back"),
    };
    let name = sanitize::inline(&token.settings.name);
    let disable = CustomId::DisableTokenNow(FromList::new(token.id, list)).to_string();
    let back = CustomId::ShowToken(FromList::new(token.id, list)).to_string();
    Message::titled(text!(language, "disable-question-title", name = name))
        .coloured(colour::RED)
        .line(text!(language, "disable-question-what"))
        .line(way_back)
        .row(buttons([
            button(disable, &text!(language, "token-button-disable"), ButtonStyle::Danger),
            button(back, &text!(language, "token-button-back"), ButtonStyle::Secondary),
        ]))
        .ephemeral()
}

/// After *Disable* or *Delete*: the token as it is now.
#[must_use]
pub fn render_switched_off(
    token: &Token,
    provider: Option<&Provider>,
    language: Language,
) -> Message {
    Message::text(describe_switched_off(token, provider, language)).ephemeral()
}

/// What *Disable* or *Delete* came to.
#[must_use]
pub fn describe_switched_off(
    token: &Token,
    provider: Option<&Provider>,
    language: Language,
) -> String {
    let can_enable = provider.is_some_and(|found| found.issuer.offers(RequestKind::Enable));
    let name = sanitize::inline(&token.settings.name);
    match token.state {
        TokenState::Deleted => text!(language, "answer-deleted", name = name),
        TokenState::Deleting | TokenState::Disabling if token.issuer == IssuerKind::Http => {
            text!(language, "answer-going-off", name = name)
        }
        TokenState::Deleting => text!(language, "answer-deleting", name = name),
        TokenState::Disabling => text!(language, "answer-disabling", name = name),
        _ if can_enable => text!(language, "answer-disabled", name = name),
        _ => text!(language, "answer-disabled-for-good", name = name),
    }
}

/// After an edit that only took something from it.
#[must_use]
pub fn render_narrowed(narrowed: &Narrowed, language: Language) -> Message {
    let name = sanitize::inline(&narrowed.token.settings.name);
    let said = match &narrowed.task {
        None => text!(language, "answer-narrowed", name = name),
        Some(task) if task.is_narrowed_by_upstream() => {
            let number = task.number.to_string();
            text!(language, "answer-narrowing-upstream", name = name, number = number)
        }
        Some(task) => {
            let number = task.number.to_string();
            text!(language, "answer-narrowing", name = name, number = number)
        }
    };
    let ended = narrowed
        .instead_of
        .map(|number| text!(language, "answer-narrowed-instead", number = number.to_string()));
    let said: Vec<String> = std::iter::once(said).chain(ended).collect();
    Message::text(said.join("\n")).ephemeral()
}

#[cfg(test)]
mod tests;
