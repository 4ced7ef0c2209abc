//! A delivery: a sealed secret waiting for its owner to reveal it.

use chrono::{DateTime, Utc};

use super::ids::{ChannelId, DeliveryId, MessageId, SecretId, TokenId, UserId};

/// Where a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum DeliveryState {
    /// Nobody pressed *Reveal*.
    Waiting,
    /// The owner pressed; Discord's acceptance was not seen yet.
    Pressed,
    /// Discord accepted the message; the sealed copy is wiped.
    Accepted,
    /// Acceptance was never seen, and the time is up; the sealed copy is wiped.
    Unconfirmed,
    /// Nobody pressed in time; the token is revoked.
    Lapsed,
    /// The owner said *Not me*; the token is disabled.
    Disowned,
    /// The token was switched off before it came to that, or a newer secret was made.
    Voided,
}

/// A delivery without its secret.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// The database's identity.
    pub id: DeliveryId,
    /// Whose secret it is.
    pub token: TokenId,
    /// Which of its secrets.
    pub secret: SecretId,
    /// Who alone may reveal it.
    pub owner: UserId,
    /// Where it stands.
    pub state: DeliveryState,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it lapses, or is wiped.
    pub expires_at: DateTime<Utc>,
    /// The owner's DM, once Discord accepted it.
    pub message: Option<(ChannelId, MessageId)>,
    /// When Discord refused the DM: the owner's are closed.
    pub dm_refused_at: Option<DateTime<Utc>>,
    /// The owner's first press: the token counts as collected from here.
    pub first_pressed_at: Option<DateTime<Utc>>,
    /// When Discord accepted the message with the secret.
    pub accepted_at: Option<DateTime<Utc>>,
}
