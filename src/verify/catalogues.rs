//! The catalogues of all providers whose tokens are verified here, prepared for matching.

use crate::config::{Config, IssuerSettings};
use crate::domain::scope::ResolvedScope;

use super::matcher::Matcher;

/// Names one API version of one provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CatalogueId(u16);

/// All of them. Tokens keep a [`CatalogueId`] and one bit for each scope.
#[derive(Default)]
pub struct Catalogues(Vec<Entry>);

struct Entry {
    provider: String,
    api_version: i64,
    matcher: Matcher,
}

impl Catalogues {
    /// Those of the providers with the issuer `builtin`.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        let ours = |issuer: &IssuerSettings| matches!(issuer, IssuerSettings::Builtin);
        let providers = config.providers.iter().filter(|provider| ours(&provider.issuer));
        let versions = providers.flat_map(|provider| {
            provider.catalogue.versions().iter().map(|version| Entry {
                provider: provider.id.as_str().to_owned(),
                api_version: i64::from(version.version.get()),
                matcher: Matcher::new(version),
            })
        });
        Self(versions.collect())
    }

    /// The catalogue of an API version; `None` if it is no longer configured.
    #[must_use]
    pub fn find(&self, provider: &str, api_version: i32) -> Option<CatalogueId> {
        let fits = |entry: &Entry| {
            entry.provider == provider && entry.api_version == i64::from(api_version)
        };
        let place = self.0.iter().position(fits)?;
        u16::try_from(place).ok().map(CatalogueId)
    }

    /// The scopes of that catalogue.
    #[must_use]
    pub fn matcher(&self, id: CatalogueId) -> Option<&Matcher> {
        self.0.get(usize::from(id.0)).map(|entry| &entry.matcher)
    }

    /// The provider whose catalogue it is.
    #[must_use]
    pub fn provider(&self, id: CatalogueId) -> Option<&str> {
        self.0.get(usize::from(id.0)).map(|entry| entry.provider.as_str())
    }

    /// One bit for each scope of the catalogue: set where the token holds that very method and path, as
    /// they were approved. A scope that the catalogue no longer has, or has differently, matches nothing.
    #[must_use]
    pub fn bits(&self, id: Option<CatalogueId>, approved: &[ResolvedScope]) -> Vec<u64> {
        let Some(matcher) = id.and_then(|id| self.matcher(id)) else { return Vec::new() };
        let mut bits = vec![0_u64; matcher.count().div_ceil(64)];
        let places =
            approved.iter().filter_map(|scope| matcher.find_scope_place(scope.method, &scope.path));
        for place in places {
            bits[place / 64] |= 1 << (place % 64);
        }
        bits
    }
}
