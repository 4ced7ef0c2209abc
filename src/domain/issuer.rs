//! What creates and revokes tokens: its kind, and where it calls.

use serde::{Deserialize, Serialize};

use super::request_kind::RequestKind;

/// What creates and revokes tokens for a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum IssuerKind {
    /// Countersign mints and verifies.
    Builtin,
    /// A REST API that mints tokens.
    Http,
    /// An admin, on the provider's own page.
    Manual,
}

impl IssuerKind {
    /// Whether a new secret takes the old one's place when it is collected, so that both can live
    /// side by side for a while; others swap when they make it.
    #[must_use]
    pub fn swaps_at_collection(self) -> bool {
        self == Self::Builtin
    }

    /// Whether there is anything to choose in a request of this kind. *Enable* always makes a secret, and
    /// *Reset* has a choice only where the old secret can live on.
    #[must_use]
    pub fn leaves_a_choice(self, kind: RequestKind) -> bool {
        match kind {
            RequestKind::Enable => false,
            RequestKind::Reset => self.swaps_at_collection(),
            _ => true,
        }
    }

    /// Whether what narrows a token takes effect at once, and not when a person has done it.
    #[must_use]
    pub fn narrows_at_once(self) -> bool {
        self == Self::Builtin
    }
}

/// What creates a token, and where it calls for that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuerFacts {
    /// Its kind.
    pub kind: IssuerKind,
    /// The calls of an `http` issuer, in the order of their names; none for the others.
    pub calls: Vec<IssuerCall>,
}

/// One call of an `http` issuer: what is approved of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuerCall {
    /// `create`, `revoke`, …
    pub operation: String,
    /// The HTTP method.
    pub method: String,
    /// Scheme, host and port.
    pub origin: String,
    /// SHA-256 of the URL as the configuration writes it, in hexadecimal digits: it may hold a
    /// credential, which a content must not.
    pub url_sha256: String,
}
