//! A token: what was issued.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::catalogue::{ApiVersion, ProviderId, ScopeId};
use super::email::EmailAddress;
use super::ids::{RequestId, TokenId, UserId};

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

/// Where a token stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum TokenState {
    /// Not yet collected.
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
    /// The public id.
    pub account_sid: String,
    /// 1 to 64 characters.
    pub name: String,
    /// 1 to 1,000 characters.
    pub description: String,
    /// The API version.
    pub api_version: ApiVersion,
    /// Who may reveal.
    pub owner: UserId,
    /// Who hears of what happens.
    pub contact: UserId,
    /// Who is mailed.
    pub developer_emails: Vec<EmailAddress>,
    /// What it opens.
    pub scopes: Vec<ScopeId>,
    /// How long it lives once collected.
    pub lifetime_days: u16,
    /// Where it stands.
    pub state: TokenState,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When its owner first pressed *Reveal*.
    pub collected_at: Option<DateTime<Utc>>,
    /// When it ends; a `builtin` token has none before it is collected.
    pub expires_at: Option<DateTime<Utc>>,
}
