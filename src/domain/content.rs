//! The content of a request, resolved against the current catalogue and configuration.
//!
//! Approvals are bound to the SHA-256 digest of its canonical form: each change of what the token can do
//! changes the digest.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::ser::SerializeStruct as _;
use serde::{Deserialize, Serialize, Serializer};
use sha2::{Digest as _, Sha256};

use super::catalogue::{ApiVersion, ProviderId, ScopeId, Version};
use super::ids::{TokenId, UserId};
use super::issuer::IssuerKind;
use super::request_kind::RequestKind;
use super::settings::TokenSettings;
use super::token::Token;

use super::issuer::{IssuerCall, IssuerFacts};
use super::scope::ResolvedScope;

/// The token that a change is for, as those who approved saw it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// The token.
    pub token: TokenId,
    /// The token's revision: any other change of the token makes the approvals void.
    pub revision: i64,
    /// Its state before the change.
    pub was: PreviousToken,
    /// Whether the lifetime starts again when the change takes effect; otherwise the end stays.
    pub lives_anew: bool,
    /// For a reset: how long the old secret works after the new one was collected.
    pub overlap_seconds: u32,
}

/// The state of a token before a change.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PreviousToken {
    /// Its settings.
    #[serde(flatten)]
    pub settings: TokenSettings,
    /// Its owner.
    pub owner: UserId,
    /// Its scopes, as they were approved.
    pub scopes: Vec<ResolvedScope>,
    /// Its end.
    pub expires_at: Option<DateTime<Utc>>,
}

/// Written by hand, because the canonical form has the owner between the settings, and digests are made of
/// that form.
impl Serialize for PreviousToken {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { settings, owner, scopes, expires_at } = self;
        let mut fields = serializer.serialize_struct("Was", 8)?;
        fields.serialize_field("name", &settings.name)?;
        fields.serialize_field("description", &settings.description)?;
        fields.serialize_field("api_version", &settings.api_version)?;
        fields.serialize_field("owner", owner)?;
        fields.serialize_field("contact", &settings.contact)?;
        fields.serialize_field("developer_emails", &settings.developer_emails)?;
        fields.serialize_field("scopes", scopes)?;
        fields.serialize_field("expires_at", expires_at)?;
        fields.end()
    }
}

impl PreviousToken {
    /// Reads the state of a token.
    #[must_use]
    pub fn of(token: &Token) -> Self {
        Self {
            settings: token.settings.clone(),
            owner: token.owner,
            scopes: token.scopes.clone(),
            expires_at: token.expires_at,
        }
    }

    /// Whether the token had a scope with that id.
    #[must_use]
    pub fn has_scope(&self, id: &ScopeId) -> bool {
        self.scope(id).is_some()
    }

    /// The token's scope with that id.
    #[must_use]
    pub fn scope(&self, id: &ScopeId) -> Option<&ResolvedScope> {
        self.scopes.iter().find(|scope| scope.id == *id)
    }
}

impl Target {
    /// A target that keeps the token's lifetime and lets no old secret work.
    #[must_use]
    pub fn of(token: &Token) -> Self {
        Self {
            token: token.id,
            revision: token.revision,
            was: PreviousToken::of(token),
            lives_anew: false,
            overlap_seconds: 0,
        }
    }

    /// The same target, read from the token as it is now.
    #[must_use]
    pub fn refresh(&self, token: &Token) -> Self {
        let (lives_anew, overlap_seconds) = (self.lives_anew, self.overlap_seconds);
        Self { lives_anew, overlap_seconds, ..Self::of(token) }
    }
}

/// Everything that is approved. The canonical form has the fields in this order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// The provider's id.
    pub provider: ProviderId,
    /// What creates the token.
    pub issuer: IssuerKind,
    /// The calls that an `http` issuer makes.
    pub calls: Vec<IssuerCall>,
    /// The requested content.
    pub kind: RequestKind,
    /// The settings that people choose.
    #[serde(flatten)]
    pub settings: TokenSettings,
    /// The token's lifetime after it is collected.
    pub lifetime_days: u16,
    /// The scopes in the catalogue's order.
    pub scopes: Vec<ResolvedScope>,
    /// For a change: its token.
    pub target: Option<Target>,
}

/// A requested content, before the scopes are resolved.
#[derive(Debug, Clone)]
pub struct UnresolvedContent {
    /// The provider's id.
    pub provider: ProviderId,
    /// The provider's issuer.
    pub issuer: IssuerFacts,
    /// The requested content.
    pub kind: RequestKind,
    /// The settings that people choose.
    pub settings: TokenSettings,
    /// The token's lifetime.
    pub lifetime_days: u16,
    /// For a change: its token.
    pub target: Option<Target>,
}

/// Scopes that the version does not have, or no longer has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownScopes(pub Vec<ScopeId>);

impl Content {
    /// Resolves the scopes against today's catalogue.
    ///
    /// # Errors
    /// The scopes that `version` does not have.
    pub fn new(
        unresolved: UnresolvedContent,
        version: &Version,
        scopes: &[ScopeId],
    ) -> Result<Self, UnknownScopes> {
        let scopes = resolve(version, scopes)?;
        Ok(Self::with_scopes(unresolved, scopes))
    }

    /// The same with scopes that are resolved already.
    #[must_use]
    pub fn with_scopes(unresolved: UnresolvedContent, scopes: Vec<ResolvedScope>) -> Self {
        let UnresolvedContent { provider, issuer, kind, settings, lifetime_days, target } =
            unresolved;
        Self {
            provider,
            issuer: issuer.kind,
            calls: issuer.calls,
            kind,
            settings,
            lifetime_days,
            scopes,
            target,
        }
    }

    /// The same, but each scope that the token already has stays as it was approved, whatever the catalogue
    /// has now.
    #[must_use]
    pub fn as_approved_for(&self, token: &Token) -> Self {
        let scopes = self.scopes.iter().map(|scope| {
            let had = token.scopes.iter().find(|had| had.id == scope.id);
            had.unwrap_or(scope).clone()
        });
        Self { scopes: scopes.collect(), ..self.clone() }
    }

    /// A task for an admin to disable or delete a token. The catalogue does not matter for it.
    #[must_use]
    pub fn of_task(kind: RequestKind, token: &Token) -> Self {
        Self {
            provider: token.provider.clone(),
            issuer: token.issuer,
            calls: Vec::new(),
            kind,
            settings: token.settings.clone(),
            lifetime_days: token.lifetime_days,
            scopes: Vec::new(),
            target: Some(Target::of(token)),
        }
    }

    /// The API version that this content gives the token.
    #[must_use]
    pub fn version_for(&self, token: Option<&Token>) -> ApiVersion {
        let kept = token.filter(|_| self.kind.keeps_settings());
        kept.map_or(self.settings.api_version, |token| token.settings.api_version)
    }

    /// Resolves the same request against another state of the catalogue, the configuration and the token. A
    /// kind that keeps the token's settings takes those that the token has now. Scopes that this request
    /// does not change stay as they were approved.
    ///
    /// # Errors
    /// The scopes that `version` no longer has.
    pub fn resolve_again(
        &self,
        issuer: IssuerFacts,
        version: &Version,
        token: Option<&Token>,
    ) -> Result<Self, UnknownScopes> {
        let target = match (&self.target, token) {
            (Some(target), Some(token)) => Some(target.refresh(token)),
            (target, _) => target.clone(),
        };
        if let Some(token) = token.filter(|_| self.kind.keeps_settings()) {
            let lives_anew = target.as_ref().is_some_and(|target| target.lives_anew);
            let unresolved = UnresolvedContent {
                provider: self.provider.clone(),
                issuer,
                kind: self.kind,
                settings: token.settings.clone(),
                lifetime_days: if lives_anew { self.lifetime_days } else { token.lifetime_days },
                target,
            };
            return Ok(Self::with_scopes(unresolved, token.scopes.clone()));
        }
        let wanted = |id: &ScopeId| self.scopes.iter().any(|scope| scope.id == *id);
        let scopes = match token {
            Some(token) if self.keeps_scopes() => {
                token.scopes.iter().filter(|scope| wanted(&scope.id)).cloned().collect()
            }
            _ => {
                let ids: Vec<ScopeId> = self.scopes.iter().map(|scope| scope.id.clone()).collect();
                resolve(version, &ids)?
            }
        };
        // A task that ends a token makes none of the approved calls.
        let calls = if self.kind.is_task() { Vec::new() } else { issuer.calls };
        Ok(Self { issuer: issuer.kind, calls, scopes, target, ..self.clone() })
    }

    /// Whether the issuer has a call that changes what a token can do.
    #[must_use]
    pub fn can_change_scopes(&self) -> bool {
        self.issuer != IssuerKind::Http || self.calls.iter().any(IssuerCall::changes_scopes)
    }

    /// Whether each scope stays as the token has it: because the content only removes scopes, or because
    /// the issuer can't change them.
    fn keeps_scopes(&self) -> bool {
        self.kind.is_task() || (self.kind == RequestKind::Edit && !self.can_change_scopes())
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
    Ok(all.filter(|scope| wanted.contains(&scope.id)).map(ResolvedScope::of).collect())
}

/// A SHA-256 digest, such as that of a canonical content. As text it is its 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of `bytes`.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Reads the 32 bytes that the database holds.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The 32 bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// All 64 digits, in hexadecimal.
    #[must_use]
    pub fn hex(&self) -> String {
        hex::encode(self.0)
    }

    /// The part that people see.
    #[must_use]
    pub fn short(&self) -> ShortDigest {
        ShortDigest(*self)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.hex())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

/// Text that is not a digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a digest has 64 hexadecimal digits, in small letters")]
pub struct NotADigest;

impl FromStr for Digest {
    type Err = NotADigest;

    /// Reads exactly what [`fmt::Display`] writes: a digest has one text.
    fn from_str(text: &str) -> Result<Self, NotADigest> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| NotADigest)?;
        let digest = Self(bytes);
        if digest.hex() == text { Ok(digest) } else { Err(NotADigest) }
    }
}

/// The first twelve digits of a digest, by which people tell cards apart. A requester
/// can find two contents that share them within a minute. So this type can be shown but not compared, and
/// nothing is decided by it.
#[derive(Clone, Copy)]
pub struct ShortDigest(Digest);

impl fmt::Display for ShortDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(&self.0.0[..6]))
    }
}

#[cfg(test)]
mod tests;
