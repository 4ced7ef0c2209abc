//! A delivery: an encrypted secret that waits for its owner to reveal it.

use chrono::{DateTime, Utc};

use super::ids::{ChannelId, DeliveryId, MessageId, RequestId, SecretId, TokenId, UserId};
use super::issuer::IssuerKind;
use super::notice::NONCE_HOLDS;
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
    /// The request for which the secret was made. For a renewal that is not the one that made the token.
    pub request: RequestId,
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

impl Delivery {
    /// Whether a message that nobody noted may still offer *Reveal*: Discord took it, and the process was stopped
    /// before it knew. In other states a newer message may have replaced it, which leaves none noted either.
    #[must_use]
    pub fn may_have_a_lost_message(&self, now: DateTime<Utc>) -> bool {
        self.message.is_none()
            && self.dm_refused_at.is_none()
            && self.first_pressed_at.is_some()
            && matches!(self.state, DeliveryState::Accepted | DeliveryState::Disowned)
            && now - self.created_at < NONCE_HOLDS
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn a_message_is_looked_for_where_its_secret_was_revealed_and_none_is_noted() {
        let now = DateTime::UNIX_EPOCH + NONCE_HOLDS;
        let revealed = Delivery {
            id: DeliveryId::new(1).unwrap(),
            token: TokenId::new(2).unwrap(),
            secret: SecretId::new(3).unwrap(),
            request: RequestId::new(5).unwrap(),
            owner: UserId::new(4).unwrap(),
            state: DeliveryState::Accepted,
            created_at: now - TimeDelta::seconds(20),
            expires_at: now + TimeDelta::days(1),
            message: None,
            dm_refused_at: None,
            first_pressed_at: Some(now),
            accepted_at: Some(now),
        };
        assert!(revealed.may_have_a_lost_message(now));
        let place = (ChannelId::new(5).unwrap(), MessageId::new(6).unwrap());
        let others = [
            Delivery { message: Some(place), ..revealed.clone() },
            Delivery { dm_refused_at: Some(now), ..revealed.clone() },
            Delivery { first_pressed_at: None, ..revealed.clone() },
            Delivery { state: DeliveryState::Pressed, ..revealed.clone() },
            Delivery { state: DeliveryState::Voided, ..revealed.clone() },
            Delivery { created_at: DateTime::UNIX_EPOCH, ..revealed },
        ];
        for delivery in others {
            assert!(!delivery.may_have_a_lost_message(now), "{delivery:?}");
        }
    }

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
