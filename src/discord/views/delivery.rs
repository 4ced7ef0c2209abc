//! A secret on its way to its owner: announced, shown, stored, disowned.

use secrecy::ExposeSecret as _;
use zeroize::Zeroizing;

use crate::discord::custom_id::CustomId;
use crate::discord::message::{ButtonStyle, CreateButton, Embed, Field, Message, button, buttons};
use crate::discord::safe;
use crate::domain::delivery::Delivery;
use crate::domain::ids::DeliveryId;
use crate::domain::token::{IssuerKind, Token, TokenState};
use crate::locale::{Language, text};
use crate::workflow::deliver::Disowned;
use crate::workflow::reveal::Pressed;

use super::marks::{colour, copyable, moment, quote, relative};

/// *Your token … is ready*, with *Reveal* and *Not me*: in the owner's DM, and by `/token collect`.
#[must_use]
pub fn ready(token: &Token, delivery: &Delivery, provider: &str, language: Language) -> Message {
    let name = safe::inline(&token.name);
    let provider = safe::inline(provider);
    let version = token.api_version.get();
    let api = text!(language, "card-value-api", provider = provider, version = version);
    let until = format!("{} ({})", moment(delivery.expires_at), relative(delivery.expires_at));
    let paragraphs = [
        text!(language, "delivery-ready-reveal"),
        text!(language, "delivery-ready-not-me"),
        format!("**{}**\n{}", text!(language, "delivery-ready-purpose"), quote(&token.description)),
    ];
    let embed = Embed {
        colour: Some(colour::GREEN),
        ..Embed::new(text!(language, "delivery-ready-title", name = name), paragraphs.join("\n\n"))
    };
    let embed = embed
        .field(Field::inline(text!(language, "card-field-api"), api))
        .field(Field::inline(text!(language, "delivery-ready-until"), until));
    let reveal = button(
        CustomId::Reveal(delivery.id).to_string(),
        &text!(language, "delivery-button-reveal"),
        ButtonStyle::Success,
    );
    Message::embed(embed).row(buttons([reveal, not_me(delivery.id, language)]))
}

/// The one message that holds the secret, with *I have stored it* and *Not me*. It is never to be
/// printed.
#[must_use]
pub fn secret(pressed: &Pressed, delivery: DeliveryId, language: Language) -> Message {
    let Pressed { token, account_sid, secret, hide_at } = pressed;
    // Not in an embed: people can switch embeds off.
    let lines = Zeroizing::new([
        text!(language, "delivery-secret-title", name = safe::inline(&token.name)),
        text!(language, "delivery-secret-sid"),
        copyable(account_sid),
        text!(language, "delivery-secret-secret"),
        copyable(secret.expose_secret()),
        text!(language, "delivery-secret-hide", when = relative(*hide_at)),
        text!(language, "delivery-secret-todo"),
    ]);
    let stored = button(
        CustomId::Stored(delivery).to_string(),
        &text!(language, "delivery-button-stored"),
        ButtonStyle::Success,
    );
    Message::text(lines.join("\n")).row(buttons([stored, not_me(delivery, language)])).ephemeral()
}

/// `/token collect` where nothing waits.
#[must_use]
pub fn nothing_waits(language: Language) -> Message {
    Message::text(text!(language, "delivery-nothing-waits")).ephemeral()
}

/// Below what `/token collect` shows, where so much more waits.
#[must_use]
pub fn more_waits(count: usize, language: Language) -> Message {
    Message::text(text!(language, "delivery-more-waits", count = count)).ephemeral()
}

/// After *Not me*: what was done, and who was told.
#[must_use]
pub fn disowned(disowned: &Disowned, language: Language) -> Message {
    let Disowned { token, was_dead } = disowned;
    let name = safe::inline(&token.name);
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

fn not_me(delivery: DeliveryId, language: Language) -> CreateButton {
    let label = text!(language, "delivery-button-not-me");
    button(CustomId::NotMe(delivery).to_string(), &label, ButtonStyle::Danger)
}

#[cfg(test)]
mod tests;
