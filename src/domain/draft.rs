//! Drafts: what people are still filling in.

use chrono::{DateTime, Utc};

use super::catalogue::{CategoryId, ProviderId, ScopeId};
use super::content::PreviousToken;
use super::form::{FieldProblem, Form};
use super::ids::{DraftId, RequestId, TokenId, UserId};
use super::request_kind::RequestKind;

/// What somebody is filling in, and what their panel shows.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The database's identity.
    pub id: DraftId,
    /// The API that it is for.
    pub provider: ProviderId,
    /// Whose it is; nobody else may touch it.
    pub requester: UserId,
    /// The pending request that is being edited; none for a new one.
    pub request: Option<RequestId>,
    /// What it will ask for.
    pub kind: RequestKind,
    /// The token that is being changed, or duplicated.
    pub token: Option<TokenId>,
    /// The five fields, as typed.
    pub form: Form,
    /// What is wrong with them.
    pub problems: Vec<FieldProblem>,
    /// The chosen scopes.
    pub scopes: Vec<ScopeId>,
    /// The chosen lifetime.
    pub lifetime_days: u16,
    /// Whether a change leaves the token's end as it is.
    pub keeps_expiry: bool,
    /// For a reset: how long the old secret lives beside the new one.
    pub overlap_seconds: u32,
    /// What the token was when its change was begun; none where no token is changed, or a pending
    /// request is edited.
    pub begun_from: Option<PreviousToken>,
    /// What the panel shows.
    pub place: PanelPosition,
    /// When it lapses.
    pub expires_at: DateTime<Utc>,
}

/// Where somebody is in the panel's selects.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PanelPosition {
    /// The category whose scopes are shown.
    pub category: Option<CategoryId>,
    /// The page of the categories, from 0.
    pub category_page: u16,
    /// The page of the scopes, from 0.
    pub scope_page: u16,
}

/// What a new draft begins with.
#[derive(Debug, Clone)]
pub struct NewDraft {
    /// The API that it is for.
    pub provider: ProviderId,
    /// Whose it is.
    pub requester: UserId,
    /// The pending request that is being edited.
    pub request: Option<RequestId>,
    /// What it will ask for.
    pub kind: RequestKind,
    /// The token that is being changed, or duplicated.
    pub token: Option<TokenId>,
    /// The five fields, as typed.
    pub form: Form,
    /// What is wrong with them.
    pub problems: Vec<FieldProblem>,
    /// The chosen scopes.
    pub scopes: Vec<ScopeId>,
    /// The chosen lifetime.
    pub lifetime_days: u16,
    /// Whether a change leaves the token's end as it is.
    pub keeps_expiry: bool,
    /// For a reset: how long the old secret lives beside the new one.
    pub overlap_seconds: u32,
    /// What the token was when its change was begun; none where no token is changed, or a pending
    /// request is edited.
    pub begun_from: Option<PreviousToken>,
}
