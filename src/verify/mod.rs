//! Verifies tokens of the issuer `builtin`: what a presented secret allows, at this moment.
//!
//! - [`credentials`], [`path`], [`client`]: a request's credentials, its path, and its client.
//! - [`catalogues`], [`matcher`]: which scope a request needs.
//! - [`token`], [`cache`], [`feed`]: cached tokens, and when they may be trusted.
//! - [`lookups`]: tokens that are not cached.
//! - [`last_use`], [`limits`]: uses and failures.
//!
//! HTTP is in [`crate::web`], SQL in [`crate::store::verify`].

pub mod cache;
pub mod catalogues;
pub mod client;
pub mod credentials;
pub mod feed;
pub mod last_use;
pub mod limits;
pub mod lookups;
pub mod matcher;
pub mod path;
pub mod token;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use subtle::ConstantTimeEq as _;
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::counters;
use crate::domain::catalogue::Method;
use crate::domain::ids::SecretId;
use crate::store::pool::Pool;

use cache::TokenCache;
use catalogues::Catalogues;
use credentials::Credentials;
use feed::Feed;
use last_use::LastUses;
use limits::FailureLimits;
use lookups::{HashLookup, Lookups};
use path::RequestPath;
use token::{CachedToken, Moment, SecretValidity};

/// Connections for look-ups and last uses: a separate pool, so that verification and people in Discord
/// don't take connections from each other.
pub const CONNECTIONS: u32 = 8;

/// How long the database may take, and how long a connection is waited for.
pub const PATIENCE: Duration = Duration::from_secs(2);

/// Verifies credentials. One for each process.
pub struct Verifier {
    catalogues: Catalogues,
    cache: TokenCache,
    feed: Feed,
    last_uses: LastUses,
    limits: FailureLimits,
    lookups: Lookups,
}

/// What a request is about, if it is clear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestedCall<'a> {
    /// The request's method.
    pub method: Method,
    /// The request's path.
    pub path: RequestPath<'a>,
}

/// The decision about a request.
#[derive(Debug)]
pub enum Verdict<Refusal> {
    /// The token allows it.
    Granted(Arc<CachedToken>),
    /// No credentials, or none that work.
    Unauthenticated(Presentation),
    /// The token is disabled.
    SwitchedOff,
    /// The token does not allow this.
    OutOfScope,
    /// It is unclear what is requested.
    Refused(Refusal),
    /// A failure, after too many from the same address.
    Limited(Duration),
    /// The database does not answer.
    Unavailable,
}

/// Whether credentials were presented at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presentation {
    /// Nothing.
    Missing,
    /// A secret that does not work.
    Wrong,
}

/// An active token, as introspection shows it.
#[derive(Debug)]
pub struct Active {
    /// The token.
    pub token: Arc<CachedToken>,
    /// The id of its provider.
    pub provider: String,
    /// Full ids of its scopes, with a space between them.
    pub scope: String,
    /// When the presented secret was made.
    pub created_at: Moment,
    /// When it stops working.
    pub ends_at: Option<Moment>,
}

/// The database does not answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the database does not answer")]
pub struct Unavailable;

/// A cached secret, and the current time.
struct FoundToken {
    token: Arc<CachedToken>,
    secret: SecretId,
    now: Moment,
}

impl Verifier {
    /// Verifies the tokens of a configuration's `builtin` providers, on these connections.
    #[must_use]
    pub fn new(config: &Config, pool: Pool) -> Self {
        Self {
            catalogues: Catalogues::of(config),
            cache: TokenCache::default(),
            feed: Feed::default(),
            last_uses: LastUses::default(),
            limits: FailureLimits::default(),
            lookups: Lookups::new(pool),
        }
    }

    /// Receives changes, serves shared look-ups and writes last uses until `stop`; then writes the
    /// rest of them.
    pub async fn keep_up(&self, config: &Config, stop: &CancellationToken) {
        let feed =
            feed::follow((&config.database.url, &config.network), &self.feed, &self.cache, stop);
        let lookups = self.lookups.serve(&self.cache, stop);
        tokio::join!(feed, lookups, self.last_uses.write(self.lookups.pool(), stop));
    }

    /// The verdict on these credentials if the cache suffices, which is most of the time;
    /// `None` if [`authorize`](Self::authorize) must decide.
    pub fn authorize_kept<Refusal: Copy>(
        &self,
        credentials: &Credentials,
        wanted: &Result<RequestedCall<'_>, Refusal>,
    ) -> Option<Verdict<Refusal>> {
        let Credentials::Presented { sha256, account_sid } = credentials else { return None };
        let verdict = self.judge(self.find_cached(sha256)?, account_sid.as_deref(), wanted)?;
        counters::count_token_read("cache");
        Some(verdict)
    }

    /// Whether these credentials allow the request, for a client with this address.
    pub async fn authorize<Refusal: Copy>(
        &self,
        credentials: &Credentials,
        wanted: &Result<RequestedCall<'_>, Refusal>,
        client: IpAddr,
    ) -> Verdict<Refusal> {
        let (sha256, account_sid) = match credentials {
            Credentials::Missing => return Verdict::Unauthenticated(Presentation::Missing),
            Credentials::Malformed => return self.failure(client),
            Credentials::Presented { sha256, account_sid } => (sha256, account_sid.as_deref()),
        };
        let found = match self.look_up(sha256, Some(client)).await {
            Ok(found) => found,
            Err(Unavailable) => return Verdict::Unavailable,
        };
        let verdict = found.and_then(|found| self.judge(found, account_sid, wanted));
        verdict.unwrap_or_else(|| self.failure(client))
    }

    /// What a cached secret allows; `None` if nothing.
    fn judge<Refusal: Copy>(
        &self,
        found: FoundToken,
        account_sid: Option<&str>,
        wanted: &Result<RequestedCall<'_>, Refusal>,
    ) -> Option<Verdict<Refusal>> {
        let own = found.token.account_sid().as_bytes();
        if account_sid.is_some_and(|sid| !bool::from(sid.as_bytes().ct_eq(own))) {
            return None;
        }
        match found.token.opens(found.secret, found.now) {
            SecretValidity::Nothing => None,
            SecretValidity::SwitchedOff => Some(Verdict::SwitchedOff),
            SecretValidity::Token { .. } => Some(match wanted {
                Err(refusal) => Verdict::Refused(*refusal),
                Ok(wanted) if self.allows(&found.token, wanted) => {
                    self.note_use(&found);
                    Verdict::Granted(found.token)
                }
                Ok(_) => Verdict::OutOfScope,
            }),
        }
    }

    /// What the secret with this hash allows; `None` if nothing.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn introspect(&self, sha256: &[u8; 32]) -> Result<Option<Active>, Unavailable> {
        let Some(found) = self.look_up(sha256, None).await? else { return Ok(None) };
        let SecretValidity::Token { created_at, ends_at } =
            found.token.opens(found.secret, found.now)
        else {
            return Ok(None);
        };
        // A provider or a version that is no longer configured matches nothing.
        let Some(catalogue) = found.token.catalogue else { return Ok(None) };
        let (Some(matcher), Some(provider)) =
            (self.catalogues.matcher(catalogue), self.catalogues.provider(catalogue))
        else {
            return Ok(None);
        };
        let held = (0..matcher.count()).filter(|scope| found.token.holds(*scope));
        let ids: Vec<&str> =
            held.filter_map(|scope| matcher.scope(scope)).map(|id| id.as_str()).collect();
        self.note_use(&found);
        Ok(Some(Active {
            provider: provider.to_owned(),
            scope: ids.join(" "),
            created_at,
            ends_at,
            token: found.token,
        }))
    }

    /// Counts the failure of a client; returns the answer.
    pub fn failure<Refusal>(&self, client: IpAddr) -> Verdict<Refusal> {
        match self.limits.fail(client) {
            Some(wait) => Verdict::Limited(wait),
            None => Verdict::Unauthenticated(Presentation::Wrong),
        }
    }

    fn allows(&self, token: &CachedToken, wanted: &RequestedCall<'_>) -> bool {
        let matcher = token.catalogue.and_then(|id| self.catalogues.matcher(id));
        let Some(needed) =
            matcher.and_then(|all| all.find_required_scope(wanted.method, &wanted.path))
        else {
            return false;
        };
        token.holds(needed.scope)
            && needed.account_sid.is_none_or(|account| account == token.account_sid())
    }

    fn note_use(&self, found: &FoundToken) {
        if found.token.is_first_use(found.secret, found.now) {
            self.last_uses.note(found.secret, found.now);
        }
    }

    /// Looks a secret up; `client` is the address that presented it, if failures are counted.
    async fn look_up(
        &self,
        sha256: &[u8; 32],
        client: Option<IpAddr>,
    ) -> Result<Option<FoundToken>, Unavailable> {
        if let Some(found) = self.find_cached(sha256) {
            counters::count_token_read("cache");
            return Ok(Some(found));
        }
        // Addresses that failed too often share one query at a time, so that others don't wait for
        // them.
        let shares = client.is_some_and(|client| self.limits.shares_look_ups(client));
        let read = if shares {
            self.lookups.read_shared(sha256).await?
        } else {
            self.lookups.read(sha256, &self.cache).await?
        };
        Ok(self.keep(sha256, read))
    }

    /// The cache, while it may be trusted.
    fn find_cached(&self, sha256: &[u8; 32]) -> Option<FoundToken> {
        let now = self.feed.now()?;
        let (secret, token) = self.cache.find(sha256)?;
        Some(FoundToken { token, secret, now })
    }

    /// Caches what was read.
    fn keep(&self, sha256: &[u8; 32], read: HashLookup) -> Option<FoundToken> {
        let presented = read.presented?;
        let token = Arc::new(CachedToken::new(&presented, &self.catalogues));
        self.cache.keep(read.before, *sha256, presented.secret, &token);
        let now = presented.now.timestamp_micros();
        Some(FoundToken { token, secret: presented.secret, now })
    }
}
