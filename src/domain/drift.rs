//! Compares a token's scopes with today's catalogue. A change of the catalogue changes no existing token,
//! so the two may differ until an approved edit updates the token.

use super::catalogue::{Catalogue, ScopeId};
use super::scope::ResolvedScope;
use super::token::Token;

/// A scope of a token that the catalogue no longer has, or has with another meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drift {
    /// Its id.
    pub id: ScopeId,
    /// As it was approved, e.g. `GET /Trees`.
    pub approved: String,
    /// As the catalogue has it today; none if it no longer has it.
    pub today: Option<String>,
}

/// Compares one scope with the catalogue.
#[must_use]
pub fn of_scope(
    scope: &ResolvedScope,
    catalogue: Option<&Catalogue>,
    version: u32,
) -> Option<Drift> {
    let version = catalogue
        .and_then(|all| all.versions().iter().find(|known| known.version.get() == version));
    let today = version.and_then(|version| version.scope(&scope.id)).map(ResolvedScope::of);
    if today.as_ref().is_some_and(|today| today.allows_the_same(scope)) {
        return None;
    }
    let only_the_value = today
        .as_ref()
        .is_some_and(|today| (today.method, &today.path) == (scope.method, &scope.path));
    let shown = |scope: &ResolvedScope| match only_the_value {
        true => format!("{scope} = {}", scope.value),
        false => scope.to_string(),
    };
    Some(Drift { id: scope.id.clone(), approved: shown(scope), today: today.as_ref().map(shown) })
}

/// The differences of all scopes of a token, in their order.
#[must_use]
pub fn of_token(token: &Token, catalogue: Option<&Catalogue>) -> Vec<Drift> {
    let version = token.settings.api_version.get();
    token.scopes.iter().filter_map(|scope| of_scope(scope, catalogue, version)).collect()
}
