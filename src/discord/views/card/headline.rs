//! What is going on with a request, in sentences at the top of its card.

use std::collections::{BTreeSet, HashMap};

use crate::discord::message::truncate;
use crate::discord::sanitize;
use crate::domain::attempt::UpstreamProblem;
use crate::domain::content::Digest;
use crate::domain::delivery::{Delivery, DeliveryState, LapseEffect};
use crate::domain::ids::UserId;
use crate::domain::issuer::IssuerKind;
use crate::domain::policy;
use crate::domain::request::{Request, RequestState};
use crate::domain::request_kind::RequestKind;
use crate::domain::token::TokenState;
use crate::locale::{Language, text};

use super::super::formatting::{format_mention, format_moment, quote};
use super::{CardFacts, name_of, token_state};
use super::{changes, upstream};

/// What is shown of a reason in words of others, in UTF-16 code units.
const REASON_ROOM: usize = 1_800;

/// What a token takes of that which may be there.
const STRAY_ROOM: usize = 300;

/// The sentences. `by_hand`: the card shows steps for a person.
pub fn render_headline(facts: &CardFacts<'_>, by_hand: bool, language: Language) -> Vec<String> {
    let request = facts.request;
    let number = request.number.to_string();
    let mut lines = match request.state {
        RequestState::Pending => describe_pending(facts, language),
        RequestState::Approved => vec![text!(language, "card-approved", number = number)],
        RequestState::Issuing if is_upstreams_task(request) => {
            let why = explain_upstreams_task(facts, language);
            [Some(describe_replaced(facts, language)), why].into_iter().flatten().collect()
        }
        RequestState::Issuing if request.waits_for_a_person() => {
            let said = describe_manual_task(facts, language);
            let missing = (!by_hand).then(|| text!(language, "card-steps-missing"));
            [Some(said), missing].into_iter().flatten().collect()
        }
        RequestState::Issuing if request.is_narrowed_by_upstream() => {
            let (provider, requester) = (name_of(facts), format_mention(request.requester));
            vec![text!(
                language,
                "upstream-narrowing",
                number = number,
                provider = provider,
                requester = requester
            )]
        }
        RequestState::Issuing => {
            vec![text!(language, "card-issuing", number = number, kind = kind(request))]
        }
        RequestState::Done => describe_outcome(facts, language),
        RequestState::Denied => describe_denial(facts, language),
        RequestState::Withdrawn => {
            let said = Some(describe_withdrawal(request, language));
            [said, describe_stray(facts, language)].into_iter().flatten().collect()
        }
        RequestState::Expired => vec![text!(language, "card-expired", number = number)],
        RequestState::Failed => {
            vec![text!(language, "card-failed", number = number), explain_failure(facts, language)]
        }
    };
    if !matches!(request.state, RequestState::Denied | RequestState::Withdrawn) {
        let found_by = facts.leak_found_by.map(format_mention);
        lines.extend(found_by.map(|person| text!(language, "leak-card", person = person)));
    }
    lines
}

fn kind(request: &Request) -> &'static str {
    request.content.kind.as_str()
}

/// What an admin is to do at the provider.
fn describe_manual_task(facts: &CardFacts<'_>, language: Language) -> String {
    let request = facts.request;
    let (number, provider) = (request.number.to_string(), name_of(facts));
    if request.content.kind.is_task() {
        let requester = format_mention(request.requester);
        text!(
            language,
            "card-task",
            kind = kind(request),
            number = number,
            provider = provider,
            requester = requester
        )
    } else {
        text!(
            language,
            "card-issuing-manual",
            kind = kind(request),
            number = number,
            provider = provider
        )
    }
}

/// Why an upstream could not be brought to it.
fn explain_upstreams_task(facts: &CardFacts<'_>, language: Language) -> Option<String> {
    let request = facts.request;
    if request.is_narrowed_by_upstream() {
        let trouble = request.reason.as_deref().and_then(UpstreamProblem::of)?;
        return Some(upstream::explain_narrowing(&trouble, language));
    }
    let trouble = facts.trouble.and_then(UpstreamProblem::of)?;
    Some(upstream::explain_task(&trouble, language))
}

/// What an admin is to do in an upstream's place. Only where there is a call for it does Countersign go
/// on asking the upstream.
fn describe_replaced(facts: &CardFacts<'_>, language: Language) -> String {
    let request = facts.request;
    let (kind, number) = (kind(request), request.number.to_string());
    let provider = name_of(facts);
    if request.is_narrowed_by_upstream() {
        text!(
            language,
            "upstream-task-narrow",
            number = number,
            provider = provider,
            requester = format_mention(request.requester)
        )
    } else if upstream_ends(facts, request.content.kind) {
        text!(language, "card-task-upstream", kind = kind, number = number, provider = provider)
    } else {
        text!(language, "card-task-no-call", kind = kind, number = number, provider = provider)
    }
}

fn upstream_ends(facts: &CardFacts<'_>, kind: RequestKind) -> bool {
    facts.provider.is_some_and(|provider| provider.issuer.ends(kind))
}

/// By its requester, or because its token is not what it was.
fn describe_withdrawal(request: &Request, language: Language) -> String {
    let number = request.number.to_string();
    match request.reason.as_deref() {
        None => {
            let requester = format_mention(request.requester);
            text!(language, "card-withdrawn", number = number, requester = requester)
        }
        Some(reason) => text!(language, "card-withdrawn-itself", number = number, reason = reason),
    }
}

/// What a person must do before a failed request can go on.
fn explain_failure(facts: &CardFacts<'_>, language: Language) -> String {
    let request = facts.request;
    match request.reason.as_deref().map(str::trim) {
        Some("provider_gone") => {
            let provider = request.content.provider.as_str();
            text!(language, "card-failed-provider-gone", provider = provider)
        }
        None | Some("") => text!(language, "card-failed-unknown"),
        Some(words) => match UpstreamProblem::of(words) {
            Some(trouble) => {
                upstream::explain_failure(&trouble, request.content.kind, facts.stray, language)
            }
            None => truncate(&quote(words), REASON_ROOM),
        },
    }
}

/// Whether a person is to do what an upstream could not be brought to.
fn is_upstreams_task(request: &Request) -> bool {
    request.content.issuer == IssuerKind::Http
        && request.content.kind.is_task()
        && request.waits_for_a_person()
}

fn describe_pending(facts: &CardFacts<'_>, language: Language) -> Vec<String> {
    let request = facts.request;
    let mut lines = vec![text!(
        language,
        "card-pending",
        kind = kind(request),
        requester = format_mention(request.requester),
        provider = name_of(facts),
        version = request.content.settings.api_version.get()
    )];
    if request.revision > 1 {
        lines.push(text!(language, "card-changed"));
        let changed =
            facts.before.map(|before| changes::list_changes(before, &request.content, language));
        lines.extend(changed.into_iter().flatten());
        let is_begun = request.content.issuer == IssuerKind::Manual && was_approved_before(facts);
        lines.extend(is_begun.then(|| text!(language, "card-undo-there", state = "pending")));
    }
    lines
}

/// Whether an earlier content had enough approvals, so that an admin may have begun to carry it out.
fn was_approved_before(facts: &CardFacts<'_>) -> bool {
    let mut people: HashMap<Digest, BTreeSet<UserId>> = HashMap::new();
    let earlier = facts.approvals.iter().filter(|one| one.digest != facts.request.digest);
    for approval in earlier {
        people.entry(approval.digest).or_default().insert(approval.person);
    }
    people.values().any(|people| people.len() >= usize::from(policy::FEWEST_APPROVALS))
}

fn describe_denial(facts: &CardFacts<'_>, language: Language) -> Vec<String> {
    let request = facts.request;
    let person = request.ended_by.map_or_else(|| "—".to_owned(), format_mention);
    let reason = quote(request.reason.as_deref().unwrap_or_default());
    // It had all its approvals, so that an admin may have begun to carry it out.
    let is_begun = request.content.issuer == IssuerKind::Manual
        && policy::count_approvals(request, facts.approvals).is_enough();
    let undo = is_begun.then(|| text!(language, "card-undo-there", state = "denied"));
    let left = describe_stray(facts, language).or(undo);
    let room = REASON_ROOM - if left.is_some() { STRAY_ROOM } else { 0 };
    let lines = [text!(language, "card-denied", person = person), truncate(&reason, room)];
    lines.into_iter().chain(left).collect()
}

/// The request has ended, so nothing else would lead to what may have been made for it.
fn describe_stray(facts: &CardFacts<'_>, language: Language) -> Option<String> {
    facts.stray.map(|marker| text!(language, "card-stray", marker = sanitize::code(marker)))
}

fn describe_outcome(facts: &CardFacts<'_>, language: Language) -> Vec<String> {
    let number = facts.request.number.to_string();
    let mut lines =
        vec![text!(language, "card-issued", number = number, kind = kind(facts.request))];
    lines.extend(facts.delivery.map(|delivery| describe_delivery(delivery, language)));
    if has_lapsed(facts) {
        lines.extend(describe_lapse(facts, language));
    }
    lines.extend(token_state(facts).and_then(|state| describe_token(state, facts, language)));
    lines
}

/// How far the secret is.
fn describe_delivery(delivery: &Delivery, language: Language) -> String {
    let owner = format_mention(delivery.owner);
    let until = format_moment(delivery.expires_at, language);
    let pressed = delivery.first_pressed_at.or(delivery.accepted_at);
    let when = format_moment(pressed.unwrap_or(delivery.created_at), language);
    match delivery.state {
        DeliveryState::Waiting if delivery.dm_refused_at.is_some() => {
            text!(language, "card-dm-refused", owner = owner, until = until)
        }
        DeliveryState::Waiting => {
            text!(language, "card-waiting", owner = owner, until = until)
        }
        DeliveryState::Pressed => {
            text!(language, "card-pressed", owner = owner, when = when, until = until)
        }
        DeliveryState::Accepted => text!(language, "card-collected", owner = owner, when = when),
        DeliveryState::Unconfirmed => {
            text!(language, "card-unconfirmed", owner = owner, when = when)
        }
        DeliveryState::Lapsed => text!(language, "card-lapsed"),
        DeliveryState::Voided if pressed.is_some() => {
            text!(language, "card-voided-pressed", owner = owner, when = when)
        }
        DeliveryState::Voided => text!(language, "card-voided"),
        DeliveryState::Disowned => text!(language, "card-disowned", owner = owner),
    }
}

/// What became of a token whose new secret was not collected.
fn describe_lapse(facts: &CardFacts<'_>, language: Language) -> Vec<String> {
    let content = &facts.request.content;
    match LapseEffect::of(content.kind, content.issuer) {
        // The token's state says that.
        LapseEffect::Revoked => Vec::new(),
        LapseEffect::Unchanged => vec![text!(language, "card-lapsed-unchanged")],
        LapseEffect::OldIsDead => vec![text!(language, "card-lapsed-old-is-dead")],
        LapseEffect::OffAgain => describe_lapsed_enabling(facts, language),
    }
}

/// It is called off only once it is.
fn describe_lapsed_enabling(facts: &CardFacts<'_>, language: Language) -> Vec<String> {
    use TokenState::{Deleted, Deleting, Disabling, Expired};
    match facts.token.map(|token| token.state) {
        Some(state @ (Disabling | Deleting | Deleted | Expired)) => {
            let now = describe_token(state, facts, language);
            [Some(text!(language, "card-lapsed-was-on")), now].into_iter().flatten().collect()
        }
        _ => vec![text!(language, "card-lapsed-off-again")],
    }
}

fn has_lapsed(facts: &CardFacts<'_>) -> bool {
    facts.delivery.is_some_and(|delivery| delivery.state == DeliveryState::Lapsed)
}

/// Whether the secret that the card is about is not what its token waits to be collected with.
fn waits_no_more(facts: &CardFacts<'_>) -> bool {
    facts.delivery.is_some_and(|delivery| delivery.state != DeliveryState::Waiting)
}

/// Whether the token works. That its first secret waits to be collected is said already.
fn describe_token(state: TokenState, facts: &CardFacts<'_>, language: Language) -> Option<String> {
    // Its API is asked first, where it has a call for that, and a person only if it does not do it.
    let is_upstreams = facts.token.is_some_and(|token| token.issuer == IssuerKind::Http);
    let is_by_upstream = |kind| is_upstreams && upstream_ends(facts, kind);
    Some(match state {
        TokenState::Issued if waits_no_more(facts) => text!(language, "card-token-enabled"),
        TokenState::Issued => return None,
        TokenState::Active => text!(language, "card-token-active"),
        TokenState::Disabling if is_by_upstream(RequestKind::Disable) => {
            text!(language, "card-token-disabling-upstream", provider = name_of(facts))
        }
        TokenState::Disabling => {
            text!(language, "card-token-disabling", provider = name_of(facts))
        }
        TokenState::Disabled if has_lapsed(facts) => text!(language, "card-token-revoked"),
        TokenState::Disabled => text!(language, "card-token-disabled"),
        TokenState::Deleting if is_by_upstream(RequestKind::Delete) => {
            text!(language, "card-token-deleting-upstream", provider = name_of(facts))
        }
        TokenState::Deleting => text!(language, "card-token-deleting", provider = name_of(facts)),
        TokenState::Deleted => text!(language, "card-token-deleted"),
        TokenState::Expired => text!(language, "card-token-expired"),
    })
}
