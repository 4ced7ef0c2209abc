//! What a request asks for, resolved against today's catalogue and configuration.
//!
//! Hands are put to the SHA-256 digest of its canonical form: whatever would change what the token
//! can do changes the digest.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::catalogue::{ApiVersion, Method, PathTemplate, ProviderId, ScopeId, Version};
use super::email::EmailAddress;
use super::form::Settings;
use super::ids::{TokenId, UserId};
use super::request::RequestKind;
use super::token::IssuerKind;

/// One scope as it stood when the content was resolved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResolvedScope {
    /// The full id, e.g. `jobs:listJobs`.
    pub id: ScopeId,
    /// The HTTP method that it opens.
    pub method: Method,
    /// The path template that it opens.
    pub path: PathTemplate,
    /// What an `http` issuer sends for it.
    pub value: String,
    /// Whether the catalogue calls it sensitive.
    pub sensitive: bool,
    /// The hands that it asks for, where the catalogue says so.
    pub approvals: Option<u8>,
}

/// The token that a change is made for, as it was then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// The token.
    pub token: TokenId,
    /// Its revision: another change in between voids the hands.
    pub revision: i32,
}

/// Everything that hands are put to. The order of the fields is the canonical form's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// The provider's id.
    pub provider: ProviderId,
    /// What creates the token.
    pub issuer: IssuerKind,
    /// What is asked for.
    pub kind: RequestKind,
    /// The token's name, 1 to 64 characters.
    pub name: String,
    /// What it is for, 1 to 1,000 characters.
    pub description: String,
    /// The API version.
    pub api_version: ApiVersion,
    /// The member who hears of what happens to the token.
    pub contact: UserId,
    /// The developers who are mailed, up to ten.
    pub developer_emails: Vec<EmailAddress>,
    /// How long the token lives once collected.
    pub lifetime_days: u16,
    /// The scopes in the catalogue's order.
    pub scopes: Vec<ResolvedScope>,
    /// For a change: its token.
    pub target: Option<Target>,
}

/// Scopes that the version at hand does not have (any more).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownScopes(pub Vec<ScopeId>);

impl Content {
    /// Resolves a creation from what was filled in.
    ///
    /// # Errors
    /// The scopes that `version` does not have.
    pub fn create(
        provider: ProviderId,
        issuer: IssuerKind,
        settings: Settings,
        version: &Version,
        scopes: &[ScopeId],
        lifetime_days: u16,
    ) -> Result<Self, UnknownScopes> {
        Ok(Self {
            provider,
            issuer,
            kind: RequestKind::Create,
            name: settings.name,
            description: settings.description,
            api_version: settings.api_version,
            contact: settings.contact,
            developer_emails: settings.developer_emails,
            lifetime_days,
            scopes: resolve(version, scopes)?,
            target: None,
        })
    }

    /// The same wish, resolved against another state of the catalogue and the configuration.
    ///
    /// # Errors
    /// The scopes that `version` does not have any more.
    pub fn resolved_anew(
        &self,
        issuer: IssuerKind,
        version: &Version,
    ) -> Result<Self, UnknownScopes> {
        let ids: Vec<ScopeId> = self.scopes.iter().map(|scope| scope.id.clone()).collect();
        Ok(Self { issuer, scopes: resolve(version, &ids)?, ..self.clone() })
    }

    /// The canonical form: JSON without white space, fields in the order of this type.
    #[must_use]
    pub fn canonical(&self) -> String {
        // Strings, numbers and lists only: this can't fail.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// SHA-256 of the canonical form.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(self.canonical().as_bytes())
    }
}

fn resolve(version: &Version, wanted: &[ScopeId]) -> Result<Vec<ResolvedScope>, UnknownScopes> {
    let unknown: Vec<ScopeId> =
        wanted.iter().filter(|id| version.scope(id).is_none()).cloned().collect();
    if !unknown.is_empty() {
        return Err(UnknownScopes(unknown));
    }
    let all = version.categories.iter().flat_map(|category| &category.scopes);
    Ok(all
        .filter(|scope| wanted.contains(&scope.id))
        .map(|scope| ResolvedScope {
            id: scope.id.clone(),
            method: scope.method,
            path: scope.path.clone(),
            value: scope.value.clone(),
            sensitive: scope.sensitive,
            approvals: scope.approvals,
        })
        .collect())
}

/// A SHA-256 digest of a canonical content.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of `bytes`.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Takes the 32 bytes that the database holds.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The 32 bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// What people see and what buttons carry: the first twelve hexadecimal digits.
    #[must_use]
    pub fn short(&self) -> String {
        hex::encode(&self.0[..6])
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({})", self.short())
    }
}
