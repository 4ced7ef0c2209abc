//! What people are told by direct message.

mod changes;
mod narrowing;
mod refused;
mod withdrawn;

use chrono::{DateTime, Utc};

use crate::discord::message::Message;
use crate::discord::sanitize;
use crate::domain::change::Change;
use crate::domain::delivery::LapseEffect;
use crate::domain::email::EmailAddress;
use crate::domain::ids::UserId;
use crate::domain::issuer::IssuerKind;
use crate::domain::notice::NoticeKind;
use crate::domain::request::Request;
use crate::domain::token::{Token, TokenState};
use crate::locale::{Language, text};

use super::delivery::name_end;
use super::formatting::{colour, format_mention, format_moment, join_within, quote};

pub(super) use refused::explain_refusing_mailbox;

/// What the list of what changed may take.
const CHANGES: usize = 2_500;

/// What a direct message tells of.
#[derive(Debug, Clone, Copy)]
pub struct NoticeFacts<'a> {
    /// What happened.
    pub kind: NoticeKind,
    /// The request.
    pub request: &'a Request,
    /// The token, where there is one.
    pub token: Option<&'a Token>,
    /// The provider's name, or its id where it was removed from the configuration.
    pub provider: &'a str,
    /// Whether the provider can enable a token that is off; no where it was removed from the
    /// configuration.
    pub can_enable: bool,
    /// Who did it; none for Countersign itself.
    pub actor: Option<UserId>,
    /// Whether an operator did it on the command line.
    pub by_operator: bool,
    /// Who is told.
    pub recipient: UserId,
    /// What changed.
    pub changes: &'a [Change],
    /// Until when the secret before this one works; none where it has stopped working.
    pub old_secret_until: Option<DateTime<Utc>>,
    /// A developer's mailbox that takes no message, and what its server said.
    pub refused: Option<(&'a EmailAddress, &'a str)>,
    /// Discord's code where it refused the card.
    pub card_refusal: Option<u32>,
}

/// The message.
#[must_use]
pub fn render_notice(facts: &NoticeFacts<'_>, language: Language) -> Message {
    let subject = text!(
        language,
        "notice-subject",
        number = facts.request.number.to_string(),
        name = format_name(facts),
        provider = sanitize::inline(facts.provider)
    );
    Message::titled(build_title(facts, language))
        .coloured(choose_colour(facts.kind))
        .line(subject)
        .lines(build_body(facts, language))
}

fn format_name(facts: &NoticeFacts<'_>) -> String {
    sanitize::inline(
        facts.token.map_or(&facts.request.content.settings.name, |token| &token.settings.name),
    )
}

fn find_owner(facts: &NoticeFacts<'_>) -> UserId {
    facts.token.map_or(facts.request.requester, |token| token.owner)
}

/// A token is called off only after it is.
fn is_off(facts: &NoticeFacts<'_>) -> bool {
    facts.token.is_some_and(|token| {
        matches!(token.state, TokenState::Disabled | TokenState::Deleted | TokenState::Expired)
    })
}

fn is_on(facts: &NoticeFacts<'_>) -> bool {
    facts.token.is_some_and(|token| token.state.is_on())
}

/// Whether the provider's API is asked to switch the token off, before any person is.
fn is_by_upstream(facts: &NoticeFacts<'_>) -> bool {
    facts.token.is_some_and(|token| token.issuer == IssuerKind::Http)
}

fn choose_colour(kind: NoticeKind) -> u32 {
    match kind {
        NoticeKind::Approved
        | NoticeKind::Created
        | NoticeKind::Collected
        | NoticeKind::Enabled => colour::GREEN,
        NoticeKind::Changed | NoticeKind::Narrowed | NoticeKind::Reset | NoticeKind::Announced => {
            colour::BLUE
        }
        NoticeKind::Returned
        | NoticeKind::Failed
        | NoticeKind::CardRefused
        | NoticeKind::Renewed
        | NoticeKind::SecretUnsure
        | NoticeKind::RenewalLapsed
        | NoticeKind::Voided
        | NoticeKind::Replaced
        | NoticeKind::MailboxRefused
        | NoticeKind::MailboxRefusedForSeveral
        | NoticeKind::Expiring => colour::YELLOW,
        NoticeKind::Expired
        | NoticeKind::Lapsed
        | NoticeKind::Withdrawn
        | NoticeKind::Disabled
        | NoticeKind::Deleted
        | NoticeKind::TokenExpired
        | NoticeKind::SeveralExpired => colour::GREY,
        NoticeKind::Denied | NoticeKind::Disowned | NoticeKind::Leaked => colour::RED,
    }
}

fn build_title(facts: &NoticeFacts<'_>, language: Language) -> String {
    let (number, name) = (facts.request.number.to_string(), format_name(facts));
    match facts.kind {
        NoticeKind::Approved => text!(language, "notice-approved-title", number = number),
        NoticeKind::Returned => text!(language, "notice-returned-title", number = number),
        NoticeKind::Denied => text!(language, "notice-denied-title", number = number),
        NoticeKind::Expired => text!(language, "notice-expired-title", number = number),
        NoticeKind::Failed if facts.request.is_narrowed_by_upstream() => {
            text!(language, "upstream-notice-title", number = number)
        }
        NoticeKind::Failed => text!(language, "notice-failed-title", number = number),
        NoticeKind::CardRefused => text!(language, "notice-card-refused-title", number = number),
        NoticeKind::Created => text!(language, "notice-created-title", name = name),
        NoticeKind::Collected => text!(language, "notice-collected-title", name = name),
        NoticeKind::Lapsed => text!(language, "notice-lapsed-title", name = name),
        NoticeKind::Disabled => text!(language, "notice-disabled-title", name = name),
        NoticeKind::Disowned => text!(language, "notice-disowned-title", name = name),
        NoticeKind::Leaked => text!(language, "leak-notice-title", name = name),
        NoticeKind::Withdrawn => text!(language, "notice-withdrawn-title", number = number),
        NoticeKind::Changed => text!(language, "notice-changed-title", name = name),
        NoticeKind::Narrowed => text!(language, "notice-narrowed-title", name = name),
        NoticeKind::Reset => text!(language, "notice-reset-title", name = name),
        NoticeKind::Enabled => text!(language, "notice-enabled-title", name = name),
        NoticeKind::Deleted => text!(language, "notice-deleted-title", name = name),
        NoticeKind::TokenExpired => text!(language, "notice-token-expired-title", name = name),
        NoticeKind::Renewed => text!(language, "notice-renewed-title", name = name),
        NoticeKind::SecretUnsure => text!(language, "notice-secret-unsure-title", name = name),
        NoticeKind::RenewalLapsed => text!(language, "notice-renewal-lapsed-title", name = name),
        NoticeKind::Voided => text!(language, "notice-voided-title", name = name),
        NoticeKind::Replaced => text!(language, "notice-replaced-title", name = name),
        NoticeKind::MailboxRefused => text!(language, "notice-mailbox-title", name = name),
        // These speak of several tokens, in a message of their own.
        NoticeKind::Expiring
        | NoticeKind::Announced
        | NoticeKind::SeveralExpired
        | NoticeKind::MailboxRefusedForSeveral => name,
    }
}

fn build_body(facts: &NoticeFacts<'_>, language: Language) -> Vec<String> {
    let owner = format_mention(find_owner(facts));
    let disowned = || text!(language, "notice-disowned", owner = describe_disowner(facts));
    match facts.kind {
        NoticeKind::Approved if facts.request.waits_for_a_person() => {
            vec![text!(language, "notice-approved-by-hand")]
        }
        NoticeKind::Approved => vec![text!(language, "notice-approved")],
        NoticeKind::Returned => vec![text!(language, "notice-returned")],
        NoticeKind::Denied => explain_denied(facts, language),
        NoticeKind::Expired => vec![text!(language, "notice-expired")],
        NoticeKind::Failed if facts.request.is_narrowed_by_upstream() => {
            narrowing::explain_not_narrowed(facts.request, language)
        }
        NoticeKind::Failed => vec![text!(language, "notice-failed")],
        NoticeKind::CardRefused => refused::explain_refused_card(facts, language),
        NoticeKind::Created if is_owner(facts) => vec![text!(language, "notice-created-own")],
        NoticeKind::Created => vec![text!(language, "notice-created", requester = owner)],
        NoticeKind::Collected if is_owner(facts) => vec![text!(language, "notice-collected-own")],
        NoticeKind::Collected => vec![text!(language, "notice-collected", owner = owner)],
        NoticeKind::Lapsed => explain_lapsed(facts, language),
        NoticeKind::Disabled => {
            vec![describe_actor(facts, language), text!(language, "notice-disabled")]
        }
        NoticeKind::Leaked => explain_leak(facts, language),
        NoticeKind::Deleted => {
            vec![describe_actor(facts, language), text!(language, "notice-deleted")]
        }
        NoticeKind::TokenExpired => vec![text!(language, "notice-token-expired")],
        NoticeKind::Withdrawn => vec![withdrawn::explain_withdrawn(facts, language)],
        NoticeKind::Changed => vec![
            text!(language, "notice-changed", requester = format_mention(facts.request.requester)),
            describe_changes(facts, language),
            text!(language, "notice-changed-todo"),
        ],
        NoticeKind::Narrowed => vec![
            describe_actor(facts, language),
            describe_changes(facts, language),
            text!(language, "notice-changed-todo"),
        ],
        NoticeKind::Reset => vec![
            text!(language, "notice-reset", owner = describe_owner_as_actor(facts)),
            describe_old_secret(facts, language),
        ],
        NoticeKind::Enabled => {
            vec![text!(language, "notice-enabled", owner = describe_owner_as_actor(facts))]
        }
        NoticeKind::Renewed => {
            vec![text!(language, "notice-renewed", owner = describe_owner_as_actor(facts))]
        }
        NoticeKind::SecretUnsure => {
            vec![text!(language, "notice-secret-unsure", owner = describe_owner_as_actor(facts))]
        }
        NoticeKind::RenewalLapsed => vec![explain_lapsed_renewal(facts, language)],
        NoticeKind::Voided => explain_voided(facts, language),
        NoticeKind::Replaced => {
            vec![text!(language, "notice-replaced", owner = describe_owner_as_actor(facts))]
        }
        NoticeKind::MailboxRefused => refused::describe_mailbox(facts, language),
        NoticeKind::Expiring
        | NoticeKind::Announced
        | NoticeKind::SeveralExpired
        | NoticeKind::MailboxRefusedForSeveral => Vec::new(),
        NoticeKind::Disowned if is_off(facts) => {
            let state = facts.token.map_or("disabled", |token| name_end(token.state));
            vec![disowned(), text!(language, "notice-disowned-off", state = state)]
        }
        NoticeKind::Disowned if is_on(facts) => {
            vec![disowned(), text!(language, "notice-disowned-on")]
        }
        NoticeKind::Disowned if is_by_upstream(facts) => {
            vec![disowned(), text!(language, "notice-disowned-going")]
        }
        NoticeKind::Disowned => vec![disowned(), text!(language, "notice-disowned-asked")],
    }
}

fn describe_changes(facts: &NoticeFacts<'_>, language: Language) -> String {
    join_within(&changes::lines(facts.changes, language), "\n", CHANGES, language)
}

fn describe_old_secret(facts: &NoticeFacts<'_>, language: Language) -> String {
    match facts.old_secret_until {
        Some(until) => {
            text!(language, "notice-reset-until", until = format_moment(until, language))
        }
        None => text!(language, "notice-reset-dead"),
    }
}

fn is_owner(facts: &NoticeFacts<'_>) -> bool {
    facts.recipient == find_owner(facts)
}

fn describe_actor(facts: &NoticeFacts<'_>, language: Language) -> String {
    match facts.actor {
        Some(person) => text!(language, "notice-by", person = format_mention(person)),
        None if facts.by_operator => text!(language, "leak-notice-by-operator"),
        None => text!(language, "notice-by-itself"),
    }
}

/// A secret was found: where it is off, and where others must see to that first.
fn explain_leak(facts: &NoticeFacts<'_>, language: Language) -> Vec<String> {
    let person = facts.actor.map_or_else(|| "—".to_owned(), format_mention);
    let what = text!(language, "leak-notice", person = person);
    let todo = if is_off(facts) && facts.can_enable {
        text!(language, "leak-notice-off")
    } else if is_off(facts) {
        text!(language, "leak-notice-off-for-good")
    } else if is_by_upstream(facts) {
        text!(language, "leak-notice-going")
    } else {
        text!(language, "leak-notice-asked")
    };
    vec![what, todo]
}

/// Who asked for a new secret, and so becomes the owner.
fn describe_owner_as_actor(facts: &NoticeFacts<'_>) -> String {
    format_mention(facts.request.requester)
}

/// Who pressed *Not me*: the token's present, next or former owner.
fn describe_disowner(facts: &NoticeFacts<'_>) -> String {
    format_mention(facts.actor.unwrap_or_else(|| find_owner(facts)))
}

/// What became of a token whose new secret was not collected.
fn explain_lapsed_renewal(facts: &NoticeFacts<'_>, language: Language) -> String {
    let owner = describe_owner_as_actor(facts);
    let content = &facts.request.content;
    match LapseEffect::of(content.kind, content.issuer) {
        LapseEffect::OffAgain if is_off(facts) => {
            text!(language, "notice-renewal-lapsed-off", owner = owner)
        }
        LapseEffect::OffAgain => text!(language, "notice-renewal-lapsed-going", owner = owner),
        LapseEffect::OldIsDead if is_on(facts) => {
            text!(language, "notice-renewal-lapsed-old-is-dead", owner = owner)
        }
        LapseEffect::OldIsDead => text!(language, "notice-renewal-lapsed-ends", owner = owner),
        LapseEffect::Revoked | LapseEffect::Unchanged => {
            text!(language, "notice-renewal-lapsed", owner = owner)
        }
    }
}

/// What ended the token, by whom (nobody, where it expired), and what to do.
fn explain_voided(facts: &NoticeFacts<'_>, language: Language) -> Vec<String> {
    let (state, is_for_good) = match facts.token.map(|token| token.state) {
        Some(TokenState::Deleting | TokenState::Deleted) => ("deleted", true),
        Some(TokenState::Expired) => ("expired", true),
        _ => ("disabled", !facts.can_enable),
    };
    let what = text!(language, "notice-voided", state = state);
    let actor = (state != "expired").then(|| describe_actor(facts, language));
    let todo = match is_for_good {
        true => text!(language, "notice-voided-duplicate"),
        false => text!(language, "notice-voided-enable"),
    };
    [Some(what), actor, Some(todo)].into_iter().flatten().collect()
}

fn explain_denied(facts: &NoticeFacts<'_>, language: Language) -> Vec<String> {
    let person =
        facts.actor.or(facts.request.ended_by).map_or_else(|| "—".to_owned(), format_mention);
    let reason = quote(facts.request.reason.as_deref().unwrap_or_default());
    vec![
        text!(language, "notice-denied", person = person),
        reason,
        text!(language, "notice-denied-todo"),
    ]
}

fn explain_lapsed(facts: &NoticeFacts<'_>, language: Language) -> Vec<String> {
    let owner = format_mention(find_owner(facts));
    let what = if is_off(facts) {
        text!(language, "notice-lapsed-off", owner = owner.as_str())
    } else {
        text!(language, "notice-lapsed-asked", owner = owner.as_str())
    };
    let todo = if is_owner(facts) {
        text!(language, "notice-lapsed-todo")
    } else {
        text!(language, "notice-lapsed-nothing", owner = owner)
    };
    vec![what, todo]
}

#[cfg(test)]
mod tests;
