//! The kinds of requests, and what each kind keeps.

use serde::{Deserialize, Serialize};

use super::catalogue::ApiVersion;

/// The requested content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum RequestKind {
    /// A new token.
    Create,
    /// Other settings, contacts or scopes.
    Edit,
    /// A new secret.
    Reset,
    /// Another API version.
    Upgrade,
    /// Back from disabled.
    Enable,
    /// A new token; the form is filled in from another token.
    Duplicate,
    /// A later expiry.
    Extend,
    /// Fewer scopes or an earlier end, which a person must carry out.
    Narrow,
    /// To be disabled by an admin.
    Disable,
    /// To be deleted by a person.
    Delete,
}

impl RequestKind {
    /// All values.
    pub const ALL: [Self; 10] = [
        Self::Create,
        Self::Edit,
        Self::Reset,
        Self::Upgrade,
        Self::Enable,
        Self::Duplicate,
        Self::Extend,
        Self::Narrow,
        Self::Disable,
        Self::Delete,
    ];

    /// Its name in the database, custom ids, texts and templates.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Edit => "edit",
            Self::Reset => "reset",
            Self::Upgrade => "upgrade",
            Self::Enable => "enable",
            Self::Duplicate => "duplicate",
            Self::Extend => "extend",
            Self::Narrow => "narrow",
            Self::Disable => "disable",
            Self::Delete => "delete",
        }
    }

    /// The kind with this name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// Whether it makes a token.
    #[must_use]
    pub fn makes_a_token(self) -> bool {
        matches!(self, Self::Create | Self::Duplicate)
    }

    /// Whether it makes a new secret for an existing token.
    #[must_use]
    pub fn renews_the_secret(self) -> bool {
        matches!(self, Self::Reset | Self::Enable)
    }

    /// Whether the token's settings and scopes stay as they are.
    #[must_use]
    pub fn keeps_settings(self) -> bool {
        matches!(self, Self::Reset | Self::Enable | Self::Extend)
    }

    /// Whether it may ask for this version if the token has that one: an upgrade takes a newer version,
    /// other changes take the same one, and a request for a new token takes any.
    #[must_use]
    pub fn takes_version(self, version: ApiVersion, has: ApiVersion) -> bool {
        match self {
            Self::Create | Self::Duplicate => true,
            Self::Upgrade => version > has,
            _ => version == has,
        }
    }

    /// Whether it needs no approvals: it only removes something, and waits for an admin to act.
    #[must_use]
    pub fn is_task(self) -> bool {
        matches!(self, Self::Narrow | Self::Disable | Self::Delete)
    }
}
