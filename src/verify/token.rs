//! A cached token: as small as it can be, since there may be
//! a hundred thousand.

use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::catalogues::{CatalogueId, Catalogues};
use crate::domain::ids::{SecretId, TokenId};
use crate::domain::token::TokenState;
use crate::store::verify::{LiveSecret, PresentedSecret};

/// Characters that are not encoded in a name in a header.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A use sooner than this after the one before is not recorded, in microseconds.
const USE_INTERVAL: i64 = 60_000_000;

/// A moment by the database's clock, in microseconds since 1970.
pub type Moment = i64;

/// The fields of a token that answers need.
#[derive(Debug)]
pub struct CachedToken {
    /// The token.
    pub id: TokenId,
    /// Its provider and API version, if both are configured.
    pub catalogue: Option<CatalogueId>,
    /// Its API version.
    pub api_version: i32,
    state: TokenState,
    /// The length of the public id in `texts`.
    sid_length: u8,
    /// The public id and the percent-encoded name, one after the other.
    texts: Box<str>,
    expires_at: Option<Moment>,
    scopes: GrantedScopes,
    current: Option<CachedSecret>,
    /// Rarely present.
    outgoing: Option<Box<OutgoingSecret>>,
}

/// One bit for each scope of the catalogue, in its order.
#[derive(Debug)]
enum GrantedScopes {
    /// Of catalogues with up to 128 scopes.
    Few([u64; 2]),
    Many(Box<[u64]>),
}

/// One of a token's secrets that works.
#[derive(Debug)]
struct CachedSecret {
    secret: SecretId,
    created_at: Moment,
    /// When a use of it was last recorded here.
    used_at: AtomicI64,
}

/// The previous one, during an overlap.
#[derive(Debug)]
struct OutgoingSecret {
    live: CachedSecret,
    valid_until: Option<Moment>,
}

impl CachedSecret {
    fn of(read: &LiveSecret) -> Self {
        Self {
            secret: read.id,
            created_at: read.created_at.timestamp_micros(),
            used_at: AtomicI64::new(i64::MIN),
        }
    }
}

/// What a secret allows at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretValidity {
    /// Its token.
    Token {
        /// When the secret was made.
        created_at: Moment,
        /// When it stops working.
        ends_at: Option<Moment>,
    },
    /// Nothing, since the token is disabled.
    SwitchedOff,
    /// Nothing: it has expired, or its owner has not collected it.
    Nothing,
}

impl CachedToken {
    /// From what was read.
    #[must_use]
    pub fn new(read: &PresentedSecret, catalogues: &Catalogues) -> Self {
        let catalogue = catalogues.find(&read.provider, read.api_version);
        let name = utf8_percent_encode(&read.name, PLAIN);
        // Ours have 26 letters. A longer one was written into the database, and matches no account.
        let sid_length = u8::try_from(read.account_sid.len()).unwrap_or_default();
        let sid = if sid_length == 0 { "" } else { read.account_sid.as_str() };
        let outgoing = |secret: &LiveSecret| OutgoingSecret {
            live: CachedSecret::of(secret),
            valid_until: secret.valid_until.map(|end| end.timestamp_micros()),
        };
        Self {
            id: read.token,
            catalogue,
            api_version: read.api_version,
            state: read.state,
            sid_length,
            texts: format!("{sid}{name}").into(),
            expires_at: read.expires_at.map(|end| end.timestamp_micros()),
            scopes: GrantedScopes::of(&catalogues.bits(catalogue, &read.scopes)),
            current: read.current.as_ref().map(CachedSecret::of),
            outgoing: read.outgoing.as_ref().map(|secret| Box::new(outgoing(secret))),
        }
    }

    /// Its public id.
    #[must_use]
    pub fn account_sid(&self) -> &str {
        &self.texts[..usize::from(self.sid_length)]
    }

    /// Its name in UTF-8, percent-encoded.
    #[must_use]
    pub fn encoded_name(&self) -> &str {
        &self.texts[usize::from(self.sid_length)..]
    }

    /// What one of its secrets allows at this moment.
    #[must_use]
    pub fn opens(&self, secret: SecretId, now: Moment) -> SecretValidity {
        match self.state {
            TokenState::Disabled | TokenState::Disabling => return SecretValidity::SwitchedOff,
            TokenState::Active => {}
            _ => return SecretValidity::Nothing,
        }
        let Some((live, valid_until)) = self.live(secret) else { return SecretValidity::Nothing };
        let ends_at = [self.expires_at, valid_until].into_iter().flatten().min();
        if ends_at.is_some_and(|end| end <= now) {
            return SecretValidity::Nothing;
        }
        SecretValidity::Token { created_at: live.created_at, ends_at }
    }

    /// Whether it holds the scope at this place of its catalogue.
    #[must_use]
    pub fn holds(&self, scope: usize) -> bool {
        let words = match &self.scopes {
            GrantedScopes::Few(words) => words.as_slice(),
            GrantedScopes::Many(words) => words,
        };
        words.get(scope / 64).is_some_and(|word| word >> (scope % 64) & 1 == 1)
    }

    /// Whether a use of this secret must be recorded now; true once a minute at most.
    #[must_use]
    pub fn is_first_use(&self, secret: SecretId, now: Moment) -> bool {
        let Some((live, _)) = self.live(secret) else { return false };
        let before = live.used_at.load(Relaxed);
        // A clock that was set back far also makes it due.
        let due = before == i64::MIN || (now - before).abs() >= USE_INTERVAL;
        due && live.used_at.compare_exchange(before, now, Relaxed, Relaxed).is_ok()
    }

    /// The secret, if it works, and until when if that is limited.
    fn live(&self, secret: SecretId) -> Option<(&CachedSecret, Option<Moment>)> {
        let current = self.current.as_ref().map(|live| (live, None));
        let outgoing = self.outgoing.as_ref().map(|going| (&going.live, going.valid_until));
        [current, outgoing].into_iter().flatten().find(|(live, _)| live.secret == secret)
    }
}

impl GrantedScopes {
    fn of(words: &[u64]) -> Self {
        match *words {
            [] => Self::Few([0, 0]),
            [one] => Self::Few([one, 0]),
            [one, two] => Self::Few([one, two]),
            _ => Self::Many(words.into()),
        }
    }
}

#[cfg(test)]
mod tests;
