//! What is kept of a token while its secrets are presented: as small as it can be, since there may be
//! a hundred thousand.

use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::catalogues::{CatalogueId, Catalogues};
use crate::domain::ids::{SecretId, TokenId};
use crate::domain::token::TokenState;
use crate::store::verify::Presented;

/// What stays as it is in a name that goes into a header.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A use less than so long after the one before it is not noted, in microseconds.
const USE_INTERVAL: i64 = 60_000_000;

/// A moment by the database's clock, in microseconds since 1970.
pub type Moment = i64;

/// A token, as much of it as answers take.
#[derive(Debug)]
pub struct CachedToken {
    /// The token.
    pub id: TokenId,
    /// Its provider and API version, where both are in the configuration.
    pub catalogue: Option<CatalogueId>,
    /// Its API version.
    pub api_version: i32,
    /// Its public id.
    pub account_sid: Box<str>,
    /// Its name in UTF-8, percent-encoded.
    pub encoded_name: Box<str>,
    state: TokenState,
    expires_at: Option<Moment>,
    /// One bit for each scope of the catalogue, in its order.
    scopes: Box<[u64]>,
    live: Box<[Live]>,
}

/// One of a token's secrets that opens it.
#[derive(Debug)]
struct Live {
    secret: SecretId,
    created_at: Moment,
    valid_until: Option<Moment>,
    /// When a use of it was last noted here.
    used_at: AtomicI64,
}

/// What a secret opens at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opens {
    /// Its token.
    Token {
        /// When the secret was made.
        created_at: Moment,
        /// When it stops opening it.
        ends_at: Option<Moment>,
    },
    /// Nothing, since the token is switched off.
    SwitchedOff,
    /// Nothing: it is over, or its owner has not collected it.
    Nothing,
}

impl CachedToken {
    /// Keeps what was read.
    #[must_use]
    pub fn new(read: &Presented, catalogues: &Catalogues) -> Self {
        let catalogue = catalogues.find(&read.provider, read.api_version);
        let live = |secret: &crate::store::verify::LiveSecret| Live {
            secret: secret.id,
            created_at: secret.created_at.timestamp_micros(),
            valid_until: secret.valid_until.map(|end| end.timestamp_micros()),
            used_at: AtomicI64::new(i64::MIN),
        };
        let name: String = utf8_percent_encode(&read.name, PLAIN).collect();
        Self {
            id: read.token,
            catalogue,
            api_version: read.api_version,
            account_sid: read.account_sid.as_str().into(),
            encoded_name: name.into(),
            state: read.state,
            expires_at: read.expires_at.map(|end| end.timestamp_micros()),
            scopes: catalogues.bits(catalogue, &read.scopes),
            live: read.live.iter().map(live).collect(),
        }
    }

    /// What one of its secrets opens at this moment.
    #[must_use]
    pub fn opens(&self, secret: SecretId, now: Moment) -> Opens {
        match self.state {
            TokenState::Disabled | TokenState::Disabling => return Opens::SwitchedOff,
            TokenState::Active => {}
            _ => return Opens::Nothing,
        }
        let Some(live) = self.live(secret) else { return Opens::Nothing };
        let ends_at = [self.expires_at, live.valid_until].into_iter().flatten().min();
        if ends_at.is_some_and(|end| end <= now) {
            return Opens::Nothing;
        }
        Opens::Token { created_at: live.created_at, ends_at }
    }

    /// Whether it holds the scope at this place of its catalogue.
    #[must_use]
    pub fn holds(&self, scope: usize) -> bool {
        self.scopes.get(scope / 64).is_some_and(|word| word >> (scope % 64) & 1 == 1)
    }

    /// Whether a use of this secret is to be noted now; true once a minute at most.
    #[must_use]
    pub fn is_first_use(&self, secret: SecretId, now: Moment) -> bool {
        let Some(live) = self.live(secret) else { return false };
        let before = live.used_at.load(Relaxed);
        // A clock that was set back far makes it due as well.
        let due = before == i64::MIN || (now - before).abs() >= USE_INTERVAL;
        due && live.used_at.compare_exchange(before, now, Relaxed, Relaxed).is_ok()
    }

    fn live(&self, secret: SecretId) -> Option<&Live> {
        self.live.iter().find(|live| live.secret == secret)
    }
}

#[cfg(test)]
mod tests;
