//! A token: what was issued.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::catalogue::{ProviderId, ScopeId};
use super::ids::{RequestId, TokenId, UserId};
use super::issuer::IssuerKind;
use super::request_kind::RequestKind;
use super::scope::ResolvedScope;
use super::settings::TokenSettings;

listed! {
/// Where a token stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum TokenState {
    /// Not yet collected; or on at its provider again, with a new secret that nobody has collected yet.
    Issued,
    /// Collected.
    Active,
    /// Being switched off by a person.
    Disabling,
    /// Switched off.
    Disabled,
    /// Being deleted by a person.
    Deleting,
    /// Gone.
    Deleted,
    /// Its time is up.
    Expired,
}
}

impl TokenState {
    /// Whether it opens something, or would once collected.
    #[must_use]
    pub fn is_on(self) -> bool {
        matches!(self, Self::Issued | Self::Active)
    }

    /// Whether its secrets open nothing from here on, and wait for nobody.
    #[must_use]
    pub fn ends_secrets(self) -> bool {
        matches!(self, Self::Disabled | Self::Deleted | Self::Expired)
    }

    /// Whether it is off, or going off, and can come back.
    #[must_use]
    pub fn is_off_for_now(self) -> bool {
        matches!(self, Self::Disabling | Self::Disabled)
    }

    /// Whether it can be asked to be changed like this. A token that nobody has collected yet is
    /// withdrawn instead, and what has expired is asked for again.
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
    /// The request whose content it is, as far as nothing was taken from it since.
    #[must_use]
    pub fn latest_request(&self) -> RequestId {
        self.change.unwrap_or(self.request)
    }

    /// The ids of its scopes.
    #[must_use]
    pub fn scope_ids(&self) -> Vec<ScopeId> {
        self.scopes.iter().map(|scope| scope.id.clone()).collect()
    }

    /// Whether it has a scope of that id.
    #[must_use]
    pub fn has_scope(&self, id: &ScopeId) -> bool {
        self.scopes.iter().any(|scope| scope.id == *id)
    }
}

/// What people filter tokens by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenStatus {
    /// It works, or will once collected.
    Enabled,
    /// It is off, or being switched off.
    Disabled,
    /// Its time is up.
    Expired,
    /// It is gone, or going; only the audit log still speaks of it.
    Deleted,
}

impl TokenStatus {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Enabled, Self::Disabled, Self::Expired, Self::Deleted];
    /// Those that are in lists.
    pub const LISTED: [Self; 3] = [Self::Enabled, Self::Disabled, Self::Expired];

    /// Where a token of this state stands: as the database says.
    #[must_use]
    pub fn of_state(state: TokenState) -> Self {
        match state {
            TokenState::Issued | TokenState::Active => Self::Enabled,
            TokenState::Disabling | TokenState::Disabled => Self::Disabled,
            TokenState::Expired => Self::Expired,
            TokenState::Deleting | TokenState::Deleted => Self::Deleted,
        }
    }

    /// What the database, commands and custom ids call it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Enabled => "enabled",
            Self::Disabled => "disabled",
            Self::Expired => "expired",
            Self::Deleted => "deleted",
        }
    }

    /// The standing that is called so.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|standing| standing.as_str() == name)
    }
}

/// A token without its secret.
#[derive(Debug, Clone)]
pub struct Token {
    /// The database's identity.
    pub id: TokenId,
    /// The API that it is for.
    pub provider: ProviderId,
    /// What created it.
    pub issuer: IssuerKind,
    /// The request that created it.
    pub request: RequestId,
    /// The change that took effect last.
    pub change: Option<RequestId>,
    /// The public id.
    pub account_sid: String,
    /// What people chose.
    pub settings: TokenSettings,
    /// Who may reveal.
    pub owner: UserId,
    /// What it may do, as it was approved.
    pub scopes: Vec<ResolvedScope>,
    /// How long it lives once collected.
    pub lifetime_days: u16,
    /// Where it stands.
    pub state: TokenState,
    /// Counts its changes.
    pub revision: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When its owner first pressed *Reveal*.
    pub collected_at: Option<DateTime<Utc>>,
    /// When it ends; a `builtin` token has none before it is collected.
    pub expires_at: Option<DateTime<Utc>>,
}
