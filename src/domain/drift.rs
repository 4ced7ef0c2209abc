//! What a token may do, beside what today's catalogue says: a catalogue that changes moves no token that
//! exists, so the two may differ until an edit with its approvals brings them together.

use super::catalogue::{Catalogue, ScopeId};
use super::scope::ResolvedScope;
use super::token::Token;

/// A scope of a token that the catalogue no longer has, or for which it says something else now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drift {
    /// Its id.
    pub id: ScopeId,
    /// As it was approved, e.g. `GET /Trees`.
    pub approved: String,
    /// As the catalogue has it today; none where it has it no more.
    pub today: Option<String>,
}

/// Whether a scope is still what the catalogue says.
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

/// All of a token's, in their order.
#[must_use]
pub fn of_token(token: &Token, catalogue: Option<&Catalogue>) -> Vec<Drift> {
    let version = token.settings.api_version.get();
    token.scopes.iter().filter_map(|scope| of_scope(scope, catalogue, version)).collect()
}
