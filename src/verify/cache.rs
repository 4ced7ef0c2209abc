//! Tokens that were looked up, to verify them again without the database.
//!
//! Two tables. One leads from a secret's SHA-256 to the secret and its token, which never changes; a
//! token's entry in the other one is removed when it changes, with all its secrets at once. Whether
//! the cache may be trusted at all is decided by [`super::feed`].
//!
//! Unknown secrets are not cached: no change would remove them, and a client that guesses sends
//! a new one each time.

use std::sync::{Arc, Mutex, PoisonError};

use quick_cache::sync::Cache;

use super::token::CachedToken;
use crate::domain::ids::{SecretId, TokenId};

/// The maximum numbers of tokens and of secrets. The least used are removed first.
pub const CAPACITY: usize = 200_000;

/// The entries, and the order of reads and changes.
pub struct TokenCache {
    secrets: Cache<[u8; 32], (SecretId, TokenId)>,
    tokens: Cache<TokenId, Arc<CachedToken>>,
    /// Counts the changes that were received.
    changes: Mutex<u64>,
}

/// How many changes had been received before a read began.
#[derive(Debug, Clone, Copy)]
pub struct ChangeCount(u64);

impl Default for TokenCache {
    fn default() -> Self {
        Self {
            secrets: Cache::new(CAPACITY),
            tokens: Cache::new(CAPACITY),
            changes: Mutex::default(),
        }
    }
}

impl TokenCache {
    /// The token of a secret, if both are here.
    #[must_use]
    pub fn find(&self, sha256: &[u8; 32]) -> Option<(SecretId, Arc<CachedToken>)> {
        let (secret, token) = self.secrets.get(sha256)?;
        Some((secret, self.tokens.get(&token)?))
    }

    /// To be called before the database is read.
    #[must_use]
    pub fn count_changes(&self) -> ChangeCount {
        ChangeCount(*self.changes())
    }

    /// Caches what was read, unless a change was received since: the data may be older than the change,
    /// which is reported only once.
    pub fn keep(
        &self,
        before: ChangeCount,
        sha256: [u8; 32],
        secret: SecretId,
        token: &Arc<CachedToken>,
    ) {
        let changes = self.changes();
        if *changes == before.0 {
            self.tokens.insert(token.id, token.clone());
            self.secrets.insert(sha256, (secret, token.id));
        }
    }

    /// A token changed.
    pub fn forget(&self, token: TokenId) {
        let mut changes = self.changes();
        *changes += 1;
        self.tokens.remove(&token);
    }

    /// Anything may have changed.
    pub fn forget_all(&self) {
        let mut changes = self.changes();
        *changes += 1;
        self.tokens.clear();
        self.secrets.clear();
    }

    fn changes(&self) -> std::sync::MutexGuard<'_, u64> {
        self.changes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::token::TokenState;
    use crate::store::verify::PresentedSecret;
    use crate::verify::catalogues::Catalogues;

    fn token(id: i64) -> Arc<CachedToken> {
        let read = PresentedSecret {
            secret: SecretId::new(id).unwrap(),
            token: TokenId::new(id).unwrap(),
            provider: "orchard".into(),
            api_version: 1,
            account_sid: "CS1".into(),
            name: "Reports".into(),
            scopes: Vec::new(),
            state: TokenState::Active,
            expires_at: None,
            current: None,
            outgoing: None,
            now: chrono::DateTime::UNIX_EPOCH,
        };
        Arc::new(CachedToken::new(&read, &Catalogues::default()))
    }

    fn keep(cache: &TokenCache, before: ChangeCount, hash: u8, id: i64) {
        cache.keep(before, [hash; 32], SecretId::new(id).unwrap(), &token(id));
    }

    #[test]
    fn a_change_removes_one_token_with_all_its_secrets() {
        let cache = TokenCache::default();
        let before = cache.count_changes();
        for (hash, id) in [(1, 1), (2, 1), (3, 2)] {
            keep(&cache, before, hash, id);
        }
        assert!([1, 2, 3].iter().all(|hash| cache.find(&[*hash; 32]).is_some()));
        cache.forget(TokenId::new(1).unwrap());
        assert!(cache.find(&[1; 32]).is_none() && cache.find(&[2; 32]).is_none());
        assert!(cache.find(&[3; 32]).is_some());
        cache.forget_all();
        assert!(cache.find(&[3; 32]).is_none());
    }

    #[test]
    fn a_read_before_a_change_is_not_cached_after_it() {
        let cache = TokenCache::default();
        let before = cache.count_changes();
        cache.forget(TokenId::new(1).unwrap());
        keep(&cache, before, 1, 1);
        assert!(cache.find(&[1; 32]).is_none());
        let before = cache.count_changes();
        cache.forget_all();
        keep(&cache, before, 1, 1);
        assert!(cache.find(&[1; 32]).is_none());
        keep(&cache, cache.count_changes(), 1, 1);
        assert!(cache.find(&[1; 32]).is_some());
    }

    /// In every order of the steps of a reader and of the feed: once the feed has reported the change,
    /// the cache holds what was there after it.
    #[test]
    fn no_interleaving_caches_stale_data() {
        for commit in 0..=3 {
            for told in commit..=3 {
                let cache = TokenCache::default();
                let (mut changed, mut before, mut read) = (false, None, None);
                for step in 0..=3 {
                    changed |= step == commit;
                    if step == told {
                        cache.forget(TokenId::new(1).unwrap());
                    }
                    match step {
                        0 => before = Some(cache.count_changes()),
                        1 => read = Some(changed),
                        2 => keep(&cache, before.unwrap(), 1, 1),
                        _ => {}
                    }
                }
                let kept = cache.find(&[1; 32]).is_some();
                assert!(!kept || read == Some(true), "commit {commit}, told {told}");
            }
        }
    }
}
