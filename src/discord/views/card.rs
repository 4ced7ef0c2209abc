//! The card: one request in its provider's approval channel, as it stands.

use crate::config::Provider;
use crate::discord::message::Message;
use crate::domain::delivery::Delivery;
use crate::domain::request::{Hand, Request};
use crate::domain::token::Token;

/// Everything that a card shows. Its language is its provider's.
#[derive(Debug, Clone, Copy)]
pub struct CardFacts<'a> {
    /// The request.
    pub request: &'a Request,
    /// All hands that were ever put to it, in their order.
    pub hands: &'a [Hand],
    /// Its provider; none where the configuration does not have it any more.
    pub provider: Option<&'a Provider>,
    /// Its token, once there is one.
    pub token: Option<&'a Token>,
    /// The token's latest delivery.
    pub delivery: Option<&'a Delivery>,
    /// The primary contact's name, for the steps of a `manual` issuer.
    pub contact_name: &'a str,
}

/// The card.
#[must_use]
pub fn card(facts: &CardFacts<'_>) -> Message {
    todo!("{facts:?}")
}

/// Whether the card of a pending request can't hold all of it, so that *All scopes* comes before
/// *Approve*.
#[must_use]
pub fn is_cut(request: &Request, provider: Option<&Provider>) -> bool {
    todo!("{request:?} {provider:?}")
}

/// A message in the card's channel: the request still waits for hands. `card` is a link to it.
#[must_use]
pub fn reminder(facts: &CardFacts<'_>, card: &str) -> Message {
    todo!("{facts:?} {card}")
}
