//! Why something does not happen: what happened, what it means, what to do.

use crate::discord::message::{Message, truncate};
use crate::discord::sanitize;
use crate::domain::delivery::{DeliveryState, LapseEffect};
use crate::domain::form::NAME_LIMIT;
use crate::domain::permission::Action;
use crate::domain::request::RequestState;
use crate::domain::request_kind::RequestKind;
use crate::domain::token::TokenState;
use crate::locale::{Language, text};
use crate::workflow::refusal::{Gone, Refusal};

use super::formatting::{format_moment, ids};

/// What a list of scopes may take of the message.
const SCOPES_ROOM: usize = 1_200;

/// A refusal, for the person who pressed.
#[must_use]
pub fn render_refusal(refusal: &Refusal, language: Language) -> Message {
    let text = match refusal {
        Refusal::NotAllowed(action) => explain_not_allowed(*action, language),
        Refusal::NotPending(state) => explain_not_pending(*state, language),
        Refusal::DeliveryEnded(state) => explain_ended_delivery(*state, language),
        Refusal::NotCollected { lapse, is_off } => explain_not_collected(*lapse, *is_off, language),
        Refusal::NotYours => text!(language, "refusal-not-yours"),
        Refusal::Gone(what) => explain_gone(*what, language),
        Refusal::NoSuchRequest => text!(language, "refusal-no-such-request"),
        Refusal::UnknownProvider => text!(language, "refusal-unknown-provider"),
        Refusal::WrongGuild => text!(language, "refusal-wrong-guild"),
        Refusal::OutsideGuild => text!(language, "refusal-outside-guild"),
        Refusal::NotUnderstood => text!(language, "refusal-not-understood"),
        Refusal::OlderContent => text!(language, "refusal-older-content"),
        Refusal::AlreadyApproved => text!(language, "refusal-already-approved"),
        Refusal::OwnRequest => text!(language, "refusal-own-request"),
        Refusal::ReadAllScopesFirst => text!(language, "refusal-read-all-scopes-first"),
        Refusal::NothingToDo => text!(language, "refusal-nothing-to-do"),
        Refusal::NotManual => text!(language, "refusal-not-manual"),
        Refusal::BadAccountSid => text!(language, "refusal-bad-account-sid"),
        Refusal::BadSecret => text!(language, "refusal-bad-secret"),
        Refusal::BadWords => text!(language, "refusal-bad-words"),
        Refusal::NothingToSend => text!(language, "refusal-nothing-to-send"),
        Refusal::CannotPostHere => text!(language, "refusal-cannot-post-here"),
        Refusal::NoAnnouncements => text!(language, "refusal-no-announcements"),
        Refusal::SecretKnown => text!(language, "refusal-secret-known"),
        Refusal::MadeInVain { kind, state } => explain_made_in_vain(*kind, *state, language),
        Refusal::OpensNothing => text!(language, "leak-refusal-opens-nothing"),
        Refusal::NotShown => text!(language, "refusal-not-shown"),
        Refusal::NotHeard => text!(language, "refusal-not-heard"),
        Refusal::BeingRevealed => text!(language, "refusal-being-revealed"),
        Refusal::NothingNewer => text!(language, "refusal-nothing-newer"),
        Refusal::VersionGone => text!(language, "refusal-version-gone"),
        Refusal::NotOffered => text!(language, "refusal-not-offered"),
        Refusal::TokenUnchanged => text!(language, "refusal-token-unchanged"),
        Refusal::AsksForNothing => text!(language, "refusal-asks-for-nothing"),
        Refusal::NotNewer => text!(language, "refusal-not-newer"),
        Refusal::NotItsName => text!(language, "refusal-not-its-name"),
        Refusal::TokenIs(state) => explain_token_state(*state, language),
        Refusal::Replayed => text!(language, "refusal-replayed"),
        Refusal::Busy => text!(language, "refusal-busy"),
        Refusal::Unsure => text!(language, "refusal-unsure"),
        Refusal::TooManyAtOnce => text!(language, "refusal-too-many-at-once"),
        Refusal::TooManyOpen { .. }
        | Refusal::ChangeOpen { .. }
        | Refusal::NameTaken { .. }
        | Refusal::TooManyNames { .. }
        | Refusal::AnnouncedEnough { .. }
        | Refusal::NoSuchToken { .. }
        | Refusal::SeveralCalled { .. }
        | Refusal::FormHasProblems
        | Refusal::NothingChosen
        | Refusal::NothingChanged
        | Refusal::NoHistoryNamed
        | Refusal::TwoHistoriesNamed
        | Refusal::UnknownScopes(_)
        | Refusal::NotLater { .. }
        | Refusal::LivesTooLong { .. }
        | Refusal::BadReason { .. }
        | Refusal::AlreadyRevealed { .. }
        | Refusal::RevealUnconfirmed { .. }
        | Refusal::Fault { .. } => render_detailed(refusal, language),
    };
    Message::text(text).ephemeral()
}

/// What keeps a draft from being submitted, and what carries a value.
fn render_detailed(refusal: &Refusal, language: Language) -> String {
    match refusal {
        Refusal::TooManyOpen { limit } => {
            text!(language, "refusal-too-many-open", limit = *limit)
        }
        Refusal::ChangeOpen { card: Some(card) } => {
            text!(language, "refusal-change-open", card = card.as_str())
        }
        Refusal::ChangeOpen { card: None } => text!(language, "refusal-change-open-unseen"),
        Refusal::NameTaken { name } => {
            text!(language, "refusal-name-taken", name = sanitize::inline(name))
        }
        Refusal::TooManyNames { until } => {
            let when = format_moment(*until, language);
            text!(language, "refusal-too-many-names", when = when)
        }
        Refusal::AnnouncedEnough { limit, next } => {
            let when = format_moment(*next, language);
            text!(language, "refusal-announced-enough", limit = *limit, when = when)
        }
        Refusal::NoSuchToken { name } => {
            // What was typed may be as long as a command can be.
            let name = sanitize::inline(&truncate(name, NAME_LIMIT));
            text!(language, "refusal-no-such-token", name = name)
        }
        Refusal::SeveralCalled { name } => {
            text!(language, "refusal-several-called", name = sanitize::inline(name))
        }
        Refusal::FormHasProblems => text!(language, "refusal-form-has-problems"),
        Refusal::NothingChosen => text!(language, "refusal-nothing-chosen"),
        Refusal::NothingChanged => text!(language, "refusal-nothing-changed"),
        Refusal::NoHistoryNamed => text!(language, "refusal-no-history-named"),
        Refusal::TwoHistoriesNamed => text!(language, "refusal-two-histories-named"),
        Refusal::UnknownScopes(scopes) => {
            let scopes = ids(scopes, SCOPES_ROOM, language);
            text!(language, "refusal-unknown-scopes", scopes = scopes)
        }
        Refusal::NotLater { ends } => {
            let when = format_moment(*ends, language);
            text!(language, "refusal-not-later", when = when)
        }
        Refusal::LivesTooLong { most } => {
            text!(language, "refusal-lives-too-long", days = *most)
        }
        Refusal::BadReason { limit } => text!(language, "refusal-bad-reason", limit = *limit),
        Refusal::AlreadyRevealed { at } => {
            let when = format_moment(*at, language);
            text!(language, "refusal-already-revealed", when = when)
        }
        Refusal::RevealUnconfirmed { at } => {
            let when = format_moment(*at, language);
            text!(language, "refusal-reveal-unconfirmed", when = when)
        }
        Refusal::Fault { reference } => {
            text!(language, "refusal-fault", reference = sanitize::code(reference))
        }
        // The others stand above, in `refusal`.
        _ => text!(language, "refusal-not-understood"),
    }
}

fn explain_not_allowed(action: Action, language: Language) -> String {
    match action {
        Action::Ask => text!(language, "refusal-ask"),
        Action::EditRequest => text!(language, "refusal-edit-request"),
        Action::Withdraw => text!(language, "refusal-withdraw"),
        Action::Approve => text!(language, "refusal-approve"),
        Action::Deny => text!(language, "refusal-deny"),
        Action::ReadRequest => text!(language, "refusal-read-request"),
        Action::Fulfil => text!(language, "refusal-fulfil"),
        Action::Reveal => text!(language, "refusal-reveal"),
        Action::Disown => text!(language, "refusal-disown"),
        Action::ReadToken | Action::ChangeToken | Action::NarrowToken => {
            text!(language, "refusal-token")
        }
        Action::Audit => text!(language, "refusal-audit"),
        Action::Announce => text!(language, "refusal-announce"),
        Action::PostPanel => text!(language, "refusal-post-panel"),
        Action::TakeOver => text!(language, "refusal-take-over"),
        Action::SeeHealth => text!(language, "refusal-health"),
    }
}

/// What is unchanged, and the way to what is there.
fn explain_gone(what: Gone, language: Language) -> String {
    match what {
        Gone::Draft => text!(language, "refusal-gone-draft"),
        Gone::Request => text!(language, "refusal-gone-request"),
        Gone::Token => text!(language, "refusal-gone-token"),
        Gone::Delivery => text!(language, "refusal-gone-delivery"),
        Gone::Announcement => text!(language, "refusal-gone-announcement"),
        Gone::LeakReport => text!(language, "refusal-gone-report"),
    }
}

fn explain_not_pending(state: RequestState, language: Language) -> String {
    match state {
        RequestState::Pending => text!(language, "refusal-pending"),
        RequestState::Approved => text!(language, "refusal-approved"),
        RequestState::Issuing => text!(language, "refusal-issuing"),
        RequestState::Done => text!(language, "refusal-done"),
        RequestState::Denied => text!(language, "refusal-denied"),
        RequestState::Withdrawn => text!(language, "refusal-withdrawn"),
        RequestState::Expired => text!(language, "refusal-expired"),
        RequestState::Failed => text!(language, "refusal-failed"),
    }
}

/// Nobody else knows of what the admin did at the provider: they are told how to undo it.
fn explain_made_in_vain(kind: RequestKind, state: RequestState, language: Language) -> String {
    let what = match kind {
        RequestKind::Create | RequestKind::Duplicate => "token",
        RequestKind::Reset => "secret",
        RequestKind::Enable if state == RequestState::Done => "secret",
        RequestKind::Enable => "enabled",
        _ => "changed",
    };
    match state {
        RequestState::Withdrawn => {
            text!(language, "refusal-made-in-vain", state = "withdrawn", what = what)
        }
        RequestState::Denied => {
            text!(language, "refusal-made-in-vain", state = "denied", what = what)
        }
        RequestState::Expired => {
            text!(language, "refusal-made-in-vain", state = "expired", what = what)
        }
        RequestState::Done => text!(language, "refusal-made-in-vain-done", what = what),
        RequestState::Failed => {
            text!(language, "refusal-made-in-vain-changed", state = "failed", what = what)
        }
        RequestState::Pending | RequestState::Approved | RequestState::Issuing => {
            text!(language, "refusal-made-in-vain-changed", state = "pending", what = what)
        }
    }
}

fn explain_ended_delivery(state: DeliveryState, language: Language) -> String {
    match state {
        DeliveryState::Waiting => text!(language, "refusal-delivery-waiting"),
        DeliveryState::Pressed => text!(language, "refusal-delivery-pressed"),
        DeliveryState::Accepted => text!(language, "refusal-delivery-accepted"),
        DeliveryState::Unconfirmed => text!(language, "refusal-delivery-unconfirmed"),
        DeliveryState::Lapsed => text!(language, "refusal-delivery-lapsed"),
        DeliveryState::Disowned => text!(language, "refusal-delivery-disowned"),
        DeliveryState::Voided => text!(language, "refusal-delivery-voided"),
    }
}

fn explain_not_collected(lapse: LapseEffect, is_off: bool, language: Language) -> String {
    match lapse {
        LapseEffect::Revoked if !is_off => text!(language, "refusal-lapsed-going"),
        LapseEffect::Revoked => text!(language, "refusal-delivery-lapsed"),
        LapseEffect::Unchanged => text!(language, "refusal-lapsed-unchanged"),
        LapseEffect::OldIsDead => text!(language, "refusal-lapsed-old-is-dead"),
        LapseEffect::OffAgain if !is_off => text!(language, "refusal-lapsed-going-off"),
        LapseEffect::OffAgain => text!(language, "refusal-lapsed-off-again"),
    }
}

fn explain_token_state(state: TokenState, language: Language) -> String {
    match state {
        TokenState::Issued => text!(language, "refusal-token-issued"),
        TokenState::Active => text!(language, "refusal-token-active"),
        TokenState::Disabling => text!(language, "refusal-token-disabling"),
        TokenState::Disabled => text!(language, "refusal-token-disabled"),
        TokenState::Deleting => text!(language, "refusal-token-deleting"),
        TokenState::Deleted => text!(language, "refusal-token-deleted"),
        TokenState::Expired => text!(language, "refusal-token-expired"),
    }
}

#[cfg(test)]
mod tests;
