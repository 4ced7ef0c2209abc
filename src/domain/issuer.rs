//! What creates and revokes tokens: its kind, and where it calls.

use serde::{Deserialize, Serialize};

use super::request_kind::RequestKind;

/// What creates and revokes tokens for a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum IssuerKind {
    /// Countersign creates and verifies.
    Builtin,
    /// A REST API that creates tokens.
    Http,
    /// An admin, on the provider's own page.
    Manual,
}

impl IssuerKind {
    /// Whether the new secret replaces the old one when it is collected, so that both can work for a while.
    /// Other issuers replace it when they make the new one.
    #[must_use]
    pub fn swaps_at_collection(self) -> bool {
        self == Self::Builtin
    }

    /// Whether a request of this kind offers a choice. *Enable* always makes a secret; *Reset* offers a
    /// choice only if the old secret can keep working.
    #[must_use]
    pub fn leaves_a_choice(self, kind: RequestKind) -> bool {
        match kind {
            RequestKind::Enable => false,
            RequestKind::Reset => self.swaps_at_collection(),
            _ => true,
        }
    }

    /// Whether removing scopes takes effect at once, without waiting for a person.
    #[must_use]
    pub fn narrows_at_once(self) -> bool {
        self == Self::Builtin
    }
}

/// The issuer, and the calls that it makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuerFacts {
    /// Its kind.
    pub kind: IssuerKind,
    /// The calls of an `http` issuer, in the order of their names; none for the others.
    pub calls: Vec<IssuerCall>,
}

/// One call of an `http` issuer, as it is approved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuerCall {
    /// `create`, `revoke`, …
    pub operation: String,
    /// The HTTP method.
    pub method: String,
    /// Scheme, host and port.
    pub origin: String,
    /// SHA-256 of the URL as the configuration has it, in hexadecimal. The URL may hold a credential, which
    /// a content must not.
    pub url_sha256: String,
}

impl IssuerCall {
    /// Whether it changes what a token can do; its operation names the fields: `update scopes, name`.
    #[must_use]
    pub fn changes_scopes(&self) -> bool {
        let fields = self.operation.strip_prefix("update ");
        fields.is_some_and(|fields| fields.split(", ").any(|field| field == "scopes"))
    }
}
