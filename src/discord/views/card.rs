//! The card: one request in its provider's approval channel, as it stands.
//!
//! What is going on stands above the embeds, which hold what is asked for. How much of that fits is
//! planned in `body`, from the content and the provider alone, so that [`is_cut`] can tell what a
//! card leaves out without anything that changes while people decide.

mod approvals;
mod body;
pub(super) mod change;
mod changes;
mod headline;
mod manual_steps;
pub(super) mod scope_list;
#[cfg(test)]
pub(super) mod testing;
mod upstream;

use crate::config::Provider;
use crate::discord::custom_id::CustomId;
use crate::discord::message::{
    ButtonStyle, CreateActionRow, CreateButton, Embed, Field, Message, button, buttons,
};
use crate::discord::sanitize;
use crate::domain::content::Content;
use crate::domain::delivery::Delivery;
use crate::domain::ids::{EventId, UserId};
use crate::domain::policy;
use crate::domain::request::{Approval, Request, RequestState};
use crate::domain::request_kind::RequestKind;
use crate::domain::token::{Token, TokenState};
use crate::locale::{Language, text};

use super::formatting;

/// Everything that a card shows. Its language is its provider's.
#[derive(Debug, Clone, Copy)]
pub struct CardFacts<'a> {
    /// The request.
    pub request: &'a Request,
    /// What its content was before it changed, if it did.
    pub before: Option<&'a Content>,
    /// All approvals that were ever given to it, in their order.
    pub approvals: &'a [Approval],
    /// Its provider; none where it was removed from the configuration.
    pub provider: Option<&'a Provider>,
    /// Its token: the one that it made, or changes.
    pub token: Option<&'a Token>,
    /// The delivery of the secret that was made for it.
    pub delivery: Option<&'a Delivery>,
    /// Who disabled its token because they had found its secret, if that is why it is off.
    pub leak_found_by: Option<UserId>,
    /// The marker of a token that may have been made for it, and that nobody has found to be gone.
    pub stray: Option<&'a str>,
    /// Why its token could not be ended at the provider so far.
    pub trouble: Option<&'a str>,
    /// The last time that the request failed.
    pub failure: Option<EventId>,
    /// The primary contact's name, for the steps of a `manual` issuer.
    pub contact_name: &'a str,
}

/// The card.
#[must_use]
pub fn render_card(facts: &CardFacts<'_>) -> Message {
    let language = language_of(facts.provider);
    let steps = facts
        .request
        .waits_for_a_person()
        .then(|| manual_steps::render_embeds(facts, language))
        .flatten();
    let by_hand = steps.is_some();
    let mut embeds = steps.unwrap_or_else(|| build_content(facts, language));
    for embed in &mut embeds {
        embed.colour = Some(choose_colour(facts));
    }
    Message {
        content: headline::render_headline(facts, by_hand, language),
        embeds,
        rows: build_buttons(facts, language).into_iter().collect(),
        ephemeral: false,
    }
}

/// Whether the card of a pending request can't hold all of it, so that *All scopes* comes before
/// *Approve*.
#[must_use]
pub fn is_cut(request: &Request, provider: Option<&Provider>) -> bool {
    let room = approvals::reserve_length(request);
    body::build_body(request, provider, language_of(provider), body::CardExtras::pending(room))
        .is_cut
}

/// A message in the card's channel: the request still waits for approvals. `card` is a link to it.
#[must_use]
pub fn render_reminder(facts: &CardFacts<'_>, card: &str) -> Message {
    let (request, language) = (facts.request, language_of(facts.provider));
    let said = text!(
        language,
        "card-reminder",
        number = request.number.to_string(),
        name = sanitize::inline(&request.content.settings.name),
        count = count_missing_approvals(facts),
        until = formatting::format_moment(request.expires_at, language)
    );
    Message::text(format!("{said}\n{card}"))
}

/// A card's language; English where the provider is gone.
fn language_of(provider: Option<&Provider>) -> Language {
    provider.map_or(Language::EnglishUs, |provider| provider.locale)
}

/// What people know a provider by.
fn name_of(facts: &CardFacts<'_>) -> String {
    formatting::provider(&facts.request.content, facts.provider)
}

fn count_missing_approvals(facts: &CardFacts<'_>) -> u8 {
    let tally = policy::count_approvals(facts.request, facts.approvals);
    tally.need.saturating_sub(tally.have)
}

/// The state of the token that it made, once the card is about that.
fn token_state(facts: &CardFacts<'_>) -> Option<TokenState> {
    let request = facts.request;
    let about = request.state == RequestState::Done && request.content.kind.makes_a_token();
    facts.token.filter(|_| about).map(|token| token.state)
}

/// The embeds that show what is asked for.
fn build_content(facts: &CardFacts<'_>, language: Language) -> Vec<Embed> {
    let awaits_approvals = !facts.request.content.kind.is_task();
    let approvals = || approvals::build_field(facts.request, facts.approvals, language);
    let mut fields: Vec<Field> = awaits_approvals.then(approvals).into_iter().collect();
    if facts.request.state == RequestState::Done || !facts.request.content.kind.makes_a_token() {
        fields
            .extend(facts.token.into_iter().flat_map(|token| build_token_fields(token, language)));
    }
    let around = if facts.request.state == RequestState::Pending {
        body::CardExtras {
            fields,
            ..body::CardExtras::pending(approvals::reserve_length(facts.request))
        }
    } else {
        body::CardExtras::later(fields)
    };
    body::build_body(facts.request, facts.provider, language, around).embeds
}

fn build_token_fields(token: &Token, language: Language) -> Vec<Field> {
    let sid = formatting::format_copyable(&token.account_sid);
    let mut fields = vec![Field::new(text!(language, "card-field-sid"), sid)];
    if let Some(at) = token.expires_at {
        let name = text!(language, "card-field-token-expires");
        fields.push(Field::inline(name, formatting::format_moment(at, language)));
    }
    fields
}

/// Green where it is well, yellow where people are waited for, red where something is wrong.
fn choose_colour(facts: &CardFacts<'_>) -> u32 {
    use formatting::colour::{BLUE, GREEN, GREY, RED, YELLOW};
    match (facts.request.state, token_state(facts)) {
        (RequestState::Done, Some(TokenState::Disabling | TokenState::Deleting)) => RED,
        (
            RequestState::Done,
            Some(TokenState::Disabled | TokenState::Deleted | TokenState::Expired),
        ) => GREY,
        (RequestState::Done, _) => GREEN,
        (RequestState::Pending, _) => YELLOW,
        (RequestState::Issuing, _) if facts.request.waits_for_a_person() => YELLOW,
        (RequestState::Approved | RequestState::Issuing, _) => BLUE,
        (RequestState::Denied | RequestState::Failed, _) => RED,
        (RequestState::Withdrawn | RequestState::Expired, _) => GREY,
    }
}

/// The buttons. A message in a channel is the same for everybody; who may press is decided when
/// somebody does.
fn build_buttons(facts: &CardFacts<'_>, language: Language) -> Option<CreateActionRow> {
    let request = facts.request;
    let (id, digest) = (request.id, request.digest);
    let all = || grey_button(CustomId::AllScopes(id), &text!(language, "card-button-all-scopes"));
    let deny = || red_button(CustomId::Deny(id), &text!(language, "card-button-deny"));
    let withdraw = || grey_button(CustomId::Withdraw(id), &text!(language, "card-button-withdraw"));
    let green = |id: CustomId, label: &str| button(id.to_string(), label, ButtonStyle::Success);
    let row = match request.state {
        RequestState::Pending => {
            let approve = CustomId::Approve(id, digest);
            let approve = green(approve, &text!(language, "card-button-approve"));
            [approve, deny(), all()]
                .into_iter()
                .chain(build_edit_button(request, language))
                .chain([withdraw()])
                .collect()
        }
        RequestState::Issuing if facts.request.waits_for_a_person() => {
            let kind = request.content.kind;
            let mut row = if kind.makes_a_token() || kind.renews_the_secret() {
                let fulfil = CustomId::Fulfil(id, digest);
                vec![green(fulfil, &text!(language, "card-button-fulfil"))]
            } else {
                vec![green(CustomId::Done(id, digest), &text!(language, "card-button-done"))]
            };
            row.push(all());
            if !kind.is_task() {
                row.push(deny());
            }
            // A token that is to be switched off or deleted goes on waiting for that.
            if !matches!(kind, RequestKind::Disable | RequestKind::Delete) {
                row.push(withdraw());
            }
            row
        }
        RequestState::Failed => {
            let again = |failure| {
                green(CustomId::TryAgain(id, failure), &text!(language, "card-button-try-again"))
            };
            facts.failure.map(again).into_iter().chain([all(), deny(), withdraw()]).collect()
        }
        _ => vec![all()],
    };
    Some(buttons(row))
}

/// *Edit*, where there is anything to edit.
pub(super) fn build_edit_button(request: &Request, language: Language) -> Option<CreateButton> {
    let content = &request.content;
    let edit =
        || grey_button(CustomId::EditRequest(request.id), &text!(language, "card-button-edit"));
    content.issuer.leaves_a_choice(content.kind).then(edit)
}

fn grey_button(id: CustomId, label: &str) -> CreateButton {
    button(id.to_string(), label, ButtonStyle::Secondary)
}

fn red_button(id: CustomId, label: &str) -> CreateButton {
    button(id.to_string(), label, ButtonStyle::Danger)
}

#[cfg(test)]
mod tests;
