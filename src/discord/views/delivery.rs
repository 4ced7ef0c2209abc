//! A secret on its way to its owner: announced, shown, stored, disowned.

use secrecy::ExposeSecret as _;
use zeroize::Zeroizing;

use crate::discord::custom_id::CustomId;
use crate::discord::message::{ButtonStyle, CreateButton, Message, button, buttons, truncate};
use crate::discord::sanitize;
use crate::domain::delivery::{Delivery, DeliveryState};
use crate::domain::ids::DeliveryId;
use crate::domain::issuer::IssuerKind;
use crate::domain::token::{Token, TokenState};
use crate::locale::{Language, text};
use crate::workflow::delivery::deliver::DisownOutcome;
use crate::workflow::delivery::reveal::RevealedSecret;

use super::formatting::{
    colour, format_copyable, format_field, format_heading, format_moment, quote,
};

/// What the description may take: it is there to know the token by.
const DESCRIPTION_ROOM: usize = 600;

/// *Your token … is ready*, with *Reveal* and *Not me*: in the owner's DM, and by `/token collect`.
#[must_use]
pub fn render_ready(
    token: &Token,
    delivery: &Delivery,
    provider: &str,
    language: Language,
) -> Message {
    let name = sanitize::inline(&token.settings.name);
    let provider = sanitize::inline(provider);
    let version = token.settings.api_version.get();
    let api = text!(language, "card-value-api", provider = provider, version = version);
    let until = format_moment(delivery.expires_at, language);
    let purpose = text!(language, "delivery-ready-purpose");
    let swapped =
        is_old_secret_dead(token, delivery).then(|| text!(language, "delivery-ready-swapped"));
    let message = Message::titled(text!(language, "delivery-ready-title", name = name))
        .coloured(colour::GREEN)
        .line(text!(language, "delivery-ready-reveal"))
        .lines(swapped)
        .line(text!(language, "delivery-ready-not-me"))
        .line(format_heading(&purpose, language))
        .line(truncate(&quote(&token.settings.description), DESCRIPTION_ROOM))
        .line(format_field(&text!(language, "card-field-api"), &api, language))
        .line(format_field(&text!(language, "delivery-ready-until"), &until, language));
    let reveal = button(
        CustomId::Reveal(delivery.id).to_string(),
        &text!(language, "delivery-button-reveal"),
        ButtonStyle::Success,
    );
    message.row(buttons([reveal, build_disown_button(delivery.id, language)]))
}

/// Whether the secret before this one is dead already: while a new one waits, a token is active only where
/// it had another before.
fn is_old_secret_dead(token: &Token, delivery: &Delivery) -> bool {
    delivery.state == DeliveryState::Waiting
        && token.state == TokenState::Active
        && !token.issuer.swaps_at_collection()
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
        .row(buttons([stored, build_disown_button(delivery, language)]))
        .ephemeral()
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
        text!(language, "delivery-disowned-off", name = name)
    } else {
        text!(language, "delivery-disowned-asked", name = name)
    };
    Message::text(said).ephemeral()
}

fn build_disown_button(delivery: DeliveryId, language: Language) -> CreateButton {
    let label = text!(language, "delivery-button-not-me");
    button(CustomId::NotMe(delivery).to_string(), &label, ButtonStyle::Danger)
}

#[cfg(test)]
mod tests;
