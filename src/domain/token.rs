//! A token that was issued.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::catalogue::{ProviderId, ScopeId};
use super::ids::{RequestId, TokenId, UserId};
use super::issuer::IssuerKind;
use super::request_kind::RequestKind;
use super::scope::ResolvedScope;
use super::settings::TokenSettings;

listed! {
/// The state of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum TokenState {
    /// Not yet collected; or on at its provider again, with a new secret that was not collected yet.
    Issued,
    /// Collected.
    Active,
    /// Being disabled by an admin or its upstream.
    Disabling,
    /// Disabled.
    Disabled,
    /// Being deleted by a person.
    Deleting,
    /// Deleted.
    Deleted,
    /// Its time is up.
    Expired,
}
}

impl TokenState {
    /// Whether it works, or would work once collected.
    #[must_use]
    pub fn is_on(self) -> bool {
        matches!(self, Self::Issued | Self::Active)
    }

    /// Whether its secrets no longer work and none is waiting to be collected.
    #[must_use]
    pub fn ends_secrets(self) -> bool {
        matches!(self, Self::Disabled | Self::Deleted | Self::Expired)
    }

    /// Whether it is disabled, or being disabled, and can be enabled again.
    #[must_use]
    pub fn is_off_for_now(self) -> bool {
        matches!(self, Self::Disabling | Self::Disabled)
    }

    /// Whether this kind of change is possible. A token that was not collected is withdrawn instead; an
    /// expired token is requested again.
    #[must_use]
    pub fn allows(self, kind: RequestKind) -> bool {
        match kind {
            RequestKind::Create | RequestKind::Duplicate => true,
            RequestKind::Edit
            | RequestKind::Upgrade
            | RequestKind::Extend
            | RequestKind::Narrow => matches!(self, Self::Active | Self::Disabled),
            RequestKind::Reset => self == Self::Active,
            RequestKind::Enable => self == Self::Disabled,
            RequestKind::Disable => self.is_on(),
            RequestKind::Delete => !matches!(self, Self::Deleting | Self::Deleted),
        }
    }
}

impl Token {
    /// The request that the token's content comes from, unless something was removed since.
    #[must_use]
    pub fn latest_request(&self) -> RequestId {
        self.change.unwrap_or(self.request)
    }

    /// The ids of the scopes.
    #[must_use]
    pub fn scope_ids(&self) -> Vec<ScopeId> {
        self.scopes.iter().map(|scope| scope.id.clone()).collect()
    }

    /// Whether it has a scope with that id.
    #[must_use]
    pub fn has_scope(&self, id: &ScopeId) -> bool {
        self.scopes.iter().any(|scope| scope.id == *id)
    }
}

/// The filter of lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenStatus {
    /// It works, or will once collected.
    Enabled,
    /// It is disabled, or being disabled.
    Disabled,
    /// Its time is up.
    Expired,
    /// It is deleted, or being deleted; only the audit log still shows it.
    Deleted,
}

impl TokenStatus {
    /// All values.
    pub const ALL: [Self; 4] = [Self::Enabled, Self::Disabled, Self::Expired, Self::Deleted];
    /// The ones that lists show.
    pub const LISTED: [Self; 3] = [Self::Enabled, Self::Disabled, Self::Expired];

    /// The status of a token in this state. The database has the same rule.
    #[must_use]
    pub fn of_state(state: TokenState) -> Self {
        match state {
            TokenState::Issued | TokenState::Active => Self::Enabled,
            TokenState::Disabling | TokenState::Disabled => Self::Disabled,
            TokenState::Expired => Self::Expired,
            TokenState::Deleting | TokenState::Deleted => Self::Deleted,
        }
    }

    /// Its name in the database, commands and custom ids.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Enabled => "enabled",
            Self::Disabled => "disabled",
            Self::Expired => "expired",
            Self::Deleted => "deleted",
        }
    }

    /// The status with this name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|standing| standing.as_str() == name)
    }
}

/// A token without its secret.
#[derive(Debug, Clone)]
pub struct Token {
    /// Its id in the database.
    pub id: TokenId,
    /// The API that it is for.
    pub provider: ProviderId,
    /// The kind of issuer that created it.
    pub issuer: IssuerKind,
    /// The request that created it.
    pub request: RequestId,
    /// The change that took effect last.
    pub change: Option<RequestId>,
    /// The public id.
    pub account_sid: String,
    /// The settings that people chose.
    pub settings: TokenSettings,
    /// Its owner.
    pub owner: UserId,
    /// Its scopes, as they were approved.
    pub scopes: Vec<ResolvedScope>,
    /// Its lifetime after it is collected.
    pub lifetime_days: u16,
    /// Its state.
    pub state: TokenState,
    /// Counts its changes.
    pub revision: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When its owner first pressed *Reveal*.
    pub collected_at: Option<DateTime<Utc>>,
    /// When it ends; a `builtin` token has no end before it is collected.
    pub expires_at: Option<DateTime<Utc>>,
}
