//! A scope as it was approved.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::catalogue::{Method, PathTemplate, Scope, ScopeId};

/// One scope as it was when the content was resolved: this is what is approved, and what the token keeps
/// even if the catalogue changes. The fields are in alphabetical order, as in a snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResolvedScope {
    /// The number of approvals that the catalogue requires for it, if any.
    pub approvals: Option<u8>,
    /// The full id, e.g. `jobs:listJobs`.
    pub id: ScopeId,
    /// The HTTP method that it allows.
    pub method: Method,
    /// The path template that it allows.
    pub path: PathTemplate,
    /// Whether the catalogue calls it sensitive.
    pub sensitive: bool,
    /// What an `http` issuer sends for it.
    pub value: String,
}

impl ResolvedScope {
    /// Takes a scope from the catalogue.
    #[must_use]
    pub fn of(scope: &Scope) -> Self {
        Self {
            approvals: scope.approvals,
            id: scope.id.clone(),
            method: scope.method,
            path: scope.path.clone(),
            sensitive: scope.sensitive,
            value: scope.value.clone(),
        }
    }

    /// Whether both allow the same: method, path and value.
    #[must_use]
    pub fn allows_the_same(&self, other: &Self) -> bool {
        (self.method, &self.path, &self.value) == (other.method, &other.path, &other.value)
    }
}

impl fmt::Display for ResolvedScope {
    /// The form that people read: `GET /Agencies/{AccountSID}/Jobs`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}
