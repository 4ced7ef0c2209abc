//! A secret on its way to its owner: announced, shown, stored, disowned.

use secrecy::ExposeSecret as _;
use zeroize::Zeroizing;

use crate::discord::custom_id::{CustomId, Place, Placed};
use crate::discord::message::{
    ButtonStyle, CreateActionRow, CreateButton, Message, button, buttons, truncate,
};
use crate::discord::sanitize;
use crate::domain::delivery::{Delivery, DeliveryState};
use crate::domain::ids::DeliveryId;
use crate::domain::issuer::IssuerKind;
use crate::domain::request_kind::RequestKind;
use crate::domain::token::{Token, TokenState};
use crate::locale::{Language, text};
use crate::workflow::delivery::deliver::{DisownOutcome, WaitingDelivery};
use crate::workflow::delivery::reveal::RevealedSecret;

use super::formatting::{
    colour, format_copyable, format_field, format_heading, format_mention, format_moment, quote,
};

/// What the description may take: it is there to know the token by.
const DESCRIPTION_ROOM: usize = 600;

/// *Your token … is ready*, or *The new secret of …*, with *Reveal* and *Not me*: in the owner's DM, and by
/// `/token collect`.
#[must_use]
pub fn render_ready(waiting: &WaitingDelivery, provider: &str, language: Language) -> Message {
    let (token, delivery) = (&waiting.token, &waiting.delivery);
    let name = sanitize::inline(&token.settings.name);
    let provider = sanitize::inline(provider);
    let version = token.settings.api_version.get();
    let api = text!(language, "card-value-api", provider = provider, version = version);
    let until = format_moment(delivery.expires_at, language);
    let purpose = text!(language, "delivery-ready-purpose");
    let (title, lead, not_me) = if waiting.kind.renews_the_secret() {
        (
            text!(language, "delivery-renewed-title", name = name),
            Some(text!(language, "delivery-renewed-lead")),
            text!(language, "delivery-renewed-not-me"),
        )
    } else {
        let not_me = text!(language, "delivery-ready-not-me");
        (text!(language, "delivery-ready-title", name = name), None, not_me)
    };
    let message = Message::titled(title)
        .coloured(colour::GREEN)
        .lines(lead)
        .lines(describe_old_secret(waiting, language))
        .line(text!(language, "delivery-ready-reveal"))
        .line(not_me)
        .line(format_heading(&purpose, language))
        .line(truncate(&quote(&token.settings.description), DESCRIPTION_ROOM))
        .line(format_field(&text!(language, "card-field-api"), &api, language))
        .line(format_field(&text!(language, "delivery-ready-until"), &until, language));
    message.row(build_reveal_buttons(delivery.id, Place::Alone, language))
}

/// *Reveal* and *Not me*.
pub(super) fn build_reveal_buttons(
    delivery: DeliveryId,
    place: Place,
    language: Language,
) -> CreateActionRow {
    let reveal = button(
        CustomId::Reveal(delivery).to_string(),
        &text!(language, "delivery-button-reveal"),
        ButtonStyle::Success,
    );
    buttons([reveal, build_disown_button(delivery, place, language)])
}

/// When the secret before this one ends, where there was one.
fn describe_old_secret(waiting: &WaitingDelivery, language: Language) -> Option<String> {
    const HOUR: i32 = 60 * 60;
    match waiting.kind {
        RequestKind::Enable if waiting.token.issuer.swaps_at_collection() => {
            Some(text!(language, "delivery-renewed-enables"))
        }
        RequestKind::Enable => Some(text!(language, "delivery-renewed-enabled")),
        RequestKind::Reset if !waiting.token.issuer.swaps_at_collection() => {
            Some(text!(language, "delivery-ready-swapped"))
        }
        RequestKind::Reset if waiting.overlap_seconds >= HOUR => {
            let hours = waiting.overlap_seconds / HOUR;
            Some(text!(language, "delivery-renewed-overlap", hours = hours))
        }
        RequestKind::Reset => Some(text!(language, "delivery-renewed-stops")),
        _ => None,
    }
}

/// What the owner's DM becomes when there is nothing left to reveal: what became of the secret. *Not me*
/// stays on a secret that was revealed, as long as it may work.
#[must_use]
pub fn render_receipt(token: &Token, delivery: &Delivery, language: Language) -> Message {
    let name = sanitize::inline(&token.settings.name);
    let state = match token.state {
        TokenState::Disabled => Some(text!(language, "receipt-disabled")),
        TokenState::Deleted => Some(text!(language, "receipt-deleted")),
        TokenState::Expired => Some(text!(language, "receipt-expired")),
        TokenState::Issued | TokenState::Active | TokenState::Disabling | TokenState::Deleting => {
            None
        }
    };
    let is_revealed = delivery.first_pressed_at.is_some();
    let is_over = state.is_some() || !is_revealed || delivery.state == DeliveryState::Disowned;
    let message = Message::titled(text!(language, "receipt-title", name = name))
        .coloured(colour::GREY)
        .line(describe_reveal(delivery, language))
        .lines(state);
    if is_over {
        return message;
    }
    message.line(text!(language, "receipt-not-me")).row(buttons([build_disown_button(
        delivery.id,
        Place::Alone,
        language,
    )]))
}

/// When and by whom a secret was revealed, or why it never will be.
fn describe_reveal(delivery: &Delivery, language: Language) -> String {
    let pressed = delivery.accepted_at.or(delivery.first_pressed_at);
    let when = pressed.map(|at| format_moment(at, language));
    match (delivery.state, when) {
        (DeliveryState::Lapsed, _) => text!(language, "receipt-not-revealed"),
        (DeliveryState::Disowned, _) => text!(language, "receipt-disowned"),
        (DeliveryState::Unconfirmed | DeliveryState::Voided, Some(when)) => {
            text!(language, "receipt-unconfirmed", when = when)
        }
        (_, Some(when)) => {
            let person = format_mention(delivery.owner);
            text!(language, "receipt-revealed", person = person, when = when)
        }
        (_, None) => text!(language, "receipt-voided"),
    }
}

/// The one message that holds the secret, with *I have stored it* and *Not me*. It is never to be
/// printed.
#[must_use]
pub fn render_secret(
    pressed: &RevealedSecret,
    delivery: DeliveryId,
    language: Language,
) -> Message {
    let RevealedSecret { token, account_sid, secret, hide_at } = pressed;
    let lines = Zeroizing::new([
        text!(language, "delivery-secret-title", name = sanitize::inline(&token.settings.name)),
        text!(language, "delivery-secret-sid"),
        format_copyable(account_sid),
        text!(language, "delivery-secret-secret"),
        format_copyable(secret.expose_secret()),
        text!(language, "delivery-secret-hide", when = format_moment(*hide_at, language)),
        text!(language, "delivery-secret-todo"),
    ]);
    let stored = button(
        CustomId::Stored(delivery).to_string(),
        &text!(language, "delivery-button-stored"),
        ButtonStyle::Success,
    );
    Message::text(lines.join("\n"))
        .row(buttons([stored, build_disown_button(delivery, Place::Secret, language)]))
        .ephemeral()
}

/// After *I have stored it*.
#[must_use]
pub fn render_stored(token: &Token, language: Language) -> Message {
    let name = sanitize::inline(&token.settings.name);
    Message::text(text!(language, "delivery-stored", name = name)).ephemeral()
}

/// `/token collect` where nothing waits.
#[must_use]
pub fn render_nothing_to_collect(language: Language) -> Message {
    Message::text(text!(language, "delivery-nothing-waits")).ephemeral()
}

/// Below what `/token collect` shows, where so much more waits.
#[must_use]
pub fn render_more_to_collect(count: usize, language: Language) -> Message {
    Message::text(text!(language, "delivery-more-waits", count = count)).ephemeral()
}

/// After *Not me*: what was done, and who was told.
#[must_use]
pub fn render_disowned(disowned: &DisownOutcome, language: Language) -> Message {
    let DisownOutcome { token, was_dead } = disowned;
    let name = sanitize::inline(&token.settings.name);
    let is_off = match token.state {
        TokenState::Issued | TokenState::Active => token.issuer == IssuerKind::Builtin,
        TokenState::Disabling | TokenState::Deleting => false,
        TokenState::Disabled | TokenState::Deleted | TokenState::Expired => true,
    };
    let said = if *was_dead && token.state.is_on() {
        text!(language, "delivery-disowned-dead", name = name)
    } else if !is_off && token.issuer == IssuerKind::Http {
        text!(language, "delivery-disowned-going", name = name)
    } else if is_off {
        let state = name_end(token.state);
        text!(language, "delivery-disowned-off", name = name, state = state)
    } else {
        text!(language, "delivery-disowned-asked", name = name)
    };
    Message::text(said).ephemeral()
}

/// What a token that is off is called in texts.
pub(super) fn name_end(state: TokenState) -> &'static str {
    match state {
        TokenState::Deleted => "deleted",
        TokenState::Expired => "expired",
        _ => "disabled",
    }
}

fn build_disown_button(delivery: DeliveryId, place: Place, language: Language) -> CreateButton {
    let label = text!(language, "delivery-button-not-me");
    let press = CustomId::NotMe(Placed::new(delivery, place));
    button(press.to_string(), &label, ButtonStyle::Danger)
}

#[cfg(test)]
mod tests;
