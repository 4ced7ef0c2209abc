//! A delivery: an encrypted secret that waits for its owner to reveal it.

use chrono::{DateTime, Utc};

use super::ids::{ChannelId, DeliveryId, MessageId, SecretId, TokenId, UserId};
use super::issuer::IssuerKind;
use super::request_kind::RequestKind;

listed! {
/// The state of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum DeliveryState {
    /// Waits for *Reveal*.
    Waiting,
    /// The owner pressed *Reveal*; whether Discord accepted the message is not known yet.
    Pressed,
    /// Discord accepted the message; the encrypted copy is erased.
    Accepted,
    /// It never became known whether Discord accepted the message, and the time is up; the encrypted copy is
    /// erased.
    Unconfirmed,
    /// Not collected in time; the token is revoked.
    Lapsed,
    /// The owner pressed *Not me*; the token is disabled.
    Disowned,
    /// The token was disabled before the secret was revealed, or a newer secret was made.
    Voided,
}
}

impl DeliveryState {
    /// Whether its owner may still press *Reveal*.
    #[must_use]
    pub fn is_waiting(self) -> bool {
        matches!(self, Self::Waiting | Self::Pressed)
    }
}

/// What happens to the token if a secret is not collected in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LapseEffect {
    /// A new token is revoked.
    Revoked,
    /// The token stays as it was before: its old secret works, or it is off.
    Unchanged,
    /// The old secret stopped working when the new one was made: the token can't be used until it is reset.
    OldIsDead,
    /// The token was already enabled at its provider: it is disabled there again.
    OffAgain,
}

impl LapseEffect {
    /// The effect for a secret that a request of this kind made.
    #[must_use]
    pub fn of(kind: RequestKind, issuer: IssuerKind) -> Self {
        match kind {
            _ if !kind.renews_the_secret() => Self::Revoked,
            _ if issuer.swaps_at_collection() => Self::Unchanged,
            RequestKind::Enable => Self::OffAgain,
            _ => Self::OldIsDead,
        }
    }
}

/// A delivery without its secret.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// Its id in the database.
    pub id: DeliveryId,
    /// The token.
    pub token: TokenId,
    /// The secret.
    pub secret: SecretId,
    /// The only person who may reveal it.
    pub owner: UserId,
    /// Its state.
    pub state: DeliveryState,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it expires, or when the encrypted copy is erased.
    pub expires_at: DateTime<Utc>,
    /// The owner's DM, once Discord accepted it.
    pub message: Option<(ChannelId, MessageId)>,
    /// When Discord refused the DM, because the owner's DMs are closed.
    pub dm_refused_at: Option<DateTime<Utc>>,
    /// The owner's first press: the token counts as collected from then.
    pub first_pressed_at: Option<DateTime<Utc>>,
    /// When Discord accepted the message with the secret.
    pub accepted_at: Option<DateTime<Utc>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lapsed_renewal_changes_nothing_only_where_secrets_swap_at_collection() {
        use IssuerKind::{Builtin, Http, Manual};
        use RequestKind::{Create, Duplicate, Enable, Reset};
        for issuer in [Builtin, Http, Manual] {
            for kind in [Create, Duplicate] {
                assert_eq!(LapseEffect::of(kind, issuer), LapseEffect::Revoked);
            }
        }
        for kind in [Reset, Enable] {
            assert_eq!(LapseEffect::of(kind, Builtin), LapseEffect::Unchanged);
        }
        for issuer in [Http, Manual] {
            assert_eq!(LapseEffect::of(Reset, issuer), LapseEffect::OldIsDead);
            assert_eq!(LapseEffect::of(Enable, issuer), LapseEffect::OffAgain);
        }
    }
}
