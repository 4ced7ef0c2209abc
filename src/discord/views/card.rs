//! The card: one request in its provider's approval channel, as it stands.
//!
//! What is going on stands at the top, whose approvals there are right above the buttons, and between them
//! what is asked for. How much of that fits is planned in `body`, from the content and the provider
//! alone, so that [`is_cut`] can tell what a card leaves out without anything that changes while people
//! decide.

mod approvals;
mod body;
pub mod calling;
pub(super) mod change;
mod changes;
mod headline;
mod manual_steps;
pub(super) mod scope_list;
#[cfg(test)]
pub(super) mod testing;
mod upstream;

use crate::config::Provider;
use crate::discord::custom_id::{CustomId, Place, Placed};
use crate::discord::message::{
    ButtonStyle, CreateActionRow, CreateButton, Message, button, buttons,
};
use crate::discord::sanitize;
use crate::domain::content::Content;
use crate::domain::delivery::Delivery;
use crate::domain::ids::{EventId, RoleId, UserId};
use crate::domain::policy;
use crate::domain::request::{Approval, Request, RequestState, RequesterHistory};
use crate::domain::request_kind::RequestKind;
use crate::domain::token::{Token, TokenState};
use crate::locale::{Language, text};

use super::formatting::{self, grey_button};
use scope_list::count_length;

/// Everything that a card shows. Its language is its provider's.
#[derive(Debug, Clone, Copy)]
pub struct CardFacts<'a> {
    /// The request.
    pub request: &'a Request,
    /// What its content was before it changed, if it did.
    pub before: Option<&'a Content>,
    /// What its requester has already, while it waits for approvals.
    pub history: Option<RequesterHistory>,
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

/// What stands above the content of a pending request, at most: what else stands there must not change
/// with what is said of it.
const HEADLINE_ROOM: usize = changes::ROOM + 560;
/// The heading, and the small print with the roles that are told, at most.
const FRAME_ROOM: usize = 700;

/// The card.
#[must_use]
pub fn render_card(facts: &CardFacts<'_>) -> Message {
    let language = language_of(facts.provider);
    let request = facts.request;
    let is_task = request.content.kind.is_task();
    let tally = match is_task {
        true => Vec::new(),
        false => approvals::render_lines(request, facts.approvals, language),
    };
    let small = format!("-# {}", build_small_print(facts, language));
    let title = body::format_title(request);
    let around = count_length(tally.iter().chain([&small, &title])) + FRAME;
    let render_steps = |headline: &[String]| {
        manual_steps::render_steps(facts, language, around + count_length(headline))
    };
    let mut headline = headline::render_headline(facts, true, language);
    let steps = request.waits_for_a_person().then(|| render_steps(&headline)).flatten();
    if steps.is_none() {
        headline = headline::render_headline(facts, false, language);
    }
    let lines = match steps {
        Some(steps) => steps,
        None => build_content(facts, &headline, around, language),
    };
    let message = Message::titled(title).coloured(choose_colour(facts)).lines(headline);
    // A request that waits for approvals has to fit a phone's screen: its description is quoted, which
    // tells it from what stands above.
    let message =
        if request.state == RequestState::Pending { message } else { message.separator() };
    let mut message = message.lines(lines).separator().lines(tally).line(small);
    message.pings = list_pings(facts);
    message.row(build_buttons(facts, language))
}

/// Line ends, and the heading's mark.
const FRAME: usize = 40;

/// Whether the card of a pending request can't hold all of it, so that *Details* comes before *Approve*.
#[must_use]
pub fn is_cut(request: &Request, provider: Option<&Provider>) -> bool {
    body::build_body(request, provider, language_of(provider), reserve_room(request)).is_cut
}

/// What everything but the content may take of a pending request's card.
fn reserve_room(request: &Request) -> usize {
    HEADLINE_ROOM + FRAME_ROOM + approvals::reserve_length(request)
}

/// The roles that are told when the card is posted: of a card that is posted once more, only while there
/// is something for them to do.
fn list_pings(facts: &CardFacts<'_>) -> Vec<RoleId> {
    facts
        .provider
        .filter(|_| facts.request.awaits_admins())
        .map(calling::list_roles)
        .unwrap_or_default()
}

/// A role, mentioned; only those that a message names as pings are told.
fn mention_roles(roles: &[RoleId]) -> Vec<String> {
    roles.iter().map(|role| format!("<@&{role}>")).collect()
}

/// Under everything: what tells this content from others, when the request expires, and who is told.
fn build_small_print(facts: &CardFacts<'_>, language: Language) -> String {
    let request = facts.request;
    let digest = sanitize::code(&request.digest.short().to_string());
    let mut parts = vec![text!(language, "card-digest", digest = digest)];
    if request.state == RequestState::Pending {
        let when = formatting::format_moment(request.expires_at, language);
        parts.push(text!(language, "card-expires", when = when));
    }
    parts.extend(mention_roles(&list_pings(facts)));
    parts.join(" · ")
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

/// What is asked for, and of a token that is there, what it is known by.
fn build_content(
    facts: &CardFacts<'_>,
    headline: &[String],
    around: usize,
    language: Language,
) -> Vec<String> {
    let request = facts.request;
    let is_there = request.state == RequestState::Done || !request.content.kind.makes_a_token();
    let token = facts.token.filter(|_| is_there);
    // A change of the end says itself what it was.
    let has_other_end = request.content.target.as_ref().is_some_and(|target| target.lives_anew);
    let token = token.map(|token| list_token(token, !has_other_end, language)).unwrap_or_default();
    let taken = if request.state == RequestState::Pending {
        reserve_room(request)
    } else {
        around + count_length(headline)
    };
    let token_room = count_length(&token);
    let mut lines = body::build_body(request, facts.provider, language, taken + token_room).lines;
    lines.extend(token);
    lines.extend(facts.history.map(|history| body::describe_requester(&history, language)));
    lines
}

fn list_token(token: &Token, with_end: bool, language: Language) -> Vec<String> {
    let sid = formatting::format_heading(&text!(language, "card-field-sid"), language);
    let mut lines = vec![sid, formatting::format_copyable(&token.account_sid)];
    if let Some(at) = token.expires_at.filter(|_| with_end) {
        let label = text!(language, "card-field-token-expires");
        let when = formatting::format_moment(at, language);
        lines.push(formatting::format_field(&label, &when, language));
    }
    lines
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
/// somebody does. What only the requester may press stands on their own messages.
fn build_buttons(facts: &CardFacts<'_>, language: Language) -> CreateActionRow {
    let request = facts.request;
    let place = Place::Alone;
    let all = build_details_button(request, language);
    let deny = || build_deny_button(request, place, language);
    let act = build_task_button(request, facts.failure, place, language);
    let row = match request.state {
        // Without its provider nobody is an admin. A task waits until it is back.
        _ if facts.provider.is_none() && !request.content.kind.is_task() => vec![all],
        RequestState::Pending => vec![build_approve_button(request, place, language), deny(), all],
        RequestState::Issuing if request.waits_for_a_person() => {
            let deny = (!request.content.kind.is_task()).then(deny);
            let again = build_ask_again_button(request, facts.failure, language);
            act.into_iter().chain(again).chain([all]).chain(deny).collect()
        }
        RequestState::Failed => act.into_iter().chain([all, deny()]).collect(),
        _ => vec![all],
    };
    buttons(row)
}

fn build_approve_button(request: &Request, place: Place, language: Language) -> CreateButton {
    let approve = CustomId::Approve(Placed::new(request.id, place), request.digest);
    green_button(approve, &text!(language, "card-button-approve"))
}

fn build_deny_button(request: &Request, place: Place, language: Language) -> CreateButton {
    let deny = CustomId::Deny(Placed::new(request.id, place));
    red_button(deny, &text!(language, "card-button-deny"))
}

fn build_details_button(request: &Request, language: Language) -> CreateButton {
    grey_button(&CustomId::AllScopes(request.id), &text!(language, "card-button-all-scopes"))
}

/// What an admin presses who has done what the request waits for.
fn build_task_button(
    request: &Request,
    failure: Option<EventId>,
    place: Place,
    language: Language,
) -> Option<CreateButton> {
    let (id, digest) = (Placed::new(request.id, place), request.digest);
    let kind = request.content.kind;
    let (press, label) = match request.state {
        RequestState::Failed => {
            (CustomId::TryAgain(id, failure?), text!(language, "card-button-try-again"))
        }
        RequestState::Issuing if !request.waits_for_a_person() => return None,
        RequestState::Issuing if kind.makes_a_token() || kind.renews_the_secret() => {
            (CustomId::Fulfil(id, digest), text!(language, "card-button-fulfil"))
        }
        RequestState::Issuing => (CustomId::Done(id, digest), text!(language, "card-button-done")),
        _ => return None,
    };
    Some(green_button(press, &label))
}

/// Where an upstream did not narrow a token: it is asked once more.
fn build_ask_again_button(
    request: &Request,
    failure: Option<EventId>,
    language: Language,
) -> Option<CreateButton> {
    let again = CustomId::TryAgain(Placed::new(request.id, Place::Alone), failure?);
    let is_upstreams = request.is_narrowed_by_upstream() && request.waits_for_a_person();
    is_upstreams.then(|| grey_button(&again, &text!(language, "card-button-try-again")))
}

/// For an admin who can approve, below all that is requested.
pub fn build_decision_buttons(request: &Request, language: Language) -> CreateActionRow {
    let place = Place::Details;
    buttons([
        build_approve_button(request, place, language),
        build_deny_button(request, place, language),
    ])
}

/// In a list, which shows too little to decide: *Approve* only for those who have read all of it.
pub(super) fn build_listed_approval(
    request: &Request,
    is_read: bool,
    place: Place,
    language: Language,
) -> CreateActionRow {
    let second = match is_read {
        true => build_approve_button(request, place, language),
        false => build_deny_button(request, place, language),
    };
    buttons([build_details_button(request, language), second])
}

/// In a list: what an admin does about it, and what it is about.
pub(super) fn build_listed_task(
    request: &Request,
    failure: Option<EventId>,
    place: Place,
    language: Language,
) -> CreateActionRow {
    let act = build_task_button(request, failure, place, language);
    buttons(act.into_iter().chain([build_details_button(request, language)]))
}

/// What its requester alone may press, on messages of their own.
pub fn build_own_buttons(request: &Request, place: Place, language: Language) -> Vec<CreateButton> {
    let (id, kind) = (Placed::new(request.id, place), request.content.kind);
    let may_edit = request.state == RequestState::Pending
        && request.content.issuer.leaves_a_choice(request.content.kind);
    let edit = || grey_button(&CustomId::EditRequest(id), &text!(language, "card-button-edit"));
    // A token that is to be disabled or deleted goes on waiting for that.
    let may_withdraw = match request.state {
        RequestState::Pending | RequestState::Failed => true,
        RequestState::Issuing => {
            request.waits_for_a_person()
                && !matches!(kind, RequestKind::Disable | RequestKind::Delete)
        }
        _ => false,
    };
    let withdraw =
        || grey_button(&CustomId::Withdraw(id), &text!(language, "card-button-withdraw"));
    may_edit.then(edit).into_iter().chain(may_withdraw.then(withdraw)).collect()
}

fn green_button(id: CustomId, label: &str) -> CreateButton {
    button(id.to_string(), label, ButtonStyle::Success)
}

fn red_button(id: CustomId, label: &str) -> CreateButton {
    button(id.to_string(), label, ButtonStyle::Danger)
}

#[cfg(test)]
mod tests;
