//! A secret on its way to its owner: announced, shown, stored, disowned.

use chrono::{DateTime, Utc};
use secrecy::SecretString;

use crate::discord::message::Message;
use crate::domain::delivery::Delivery;
use crate::domain::ids::DeliveryId;
use crate::domain::token::Token;
use crate::locale::Language;

/// *Your token … is ready*, with *Reveal* and *Not me*: in the owner's DM, and by `/token collect`.
#[must_use]
pub fn ready(token: &Token, delivery: &Delivery, provider: &str, language: Language) -> Message {
    todo!("{token:?} {delivery:?} {provider} {language:?}")
}

/// The one message that holds the secret, with *I have stored it* and *Not me*.
#[must_use]
pub fn secret(
    token: &Token,
    delivery: DeliveryId,
    secret: &SecretString,
    hide_at: DateTime<Utc>,
    language: Language,
) -> Message {
    todo!("{token:?} {delivery:?} {secret:?} {hide_at} {language:?}")
}

/// `/token collect` where nothing waits.
#[must_use]
pub fn nothing_waits(language: Language) -> Message {
    todo!("{language:?}")
}

/// After *Not me*: what was done, and who was told. `token` is as it was before the press.
#[must_use]
pub fn disowned(token: &Token, language: Language) -> Message {
    todo!("{token:?} {language:?}")
}
