//! Drafts: requests that people are still filling in.

use chrono::{DateTime, Utc};

use super::catalogue::{CategoryId, ProviderId, ScopeId};
use super::content::PreviousToken;
use super::form::{FieldProblem, Form};
use super::ids::{DraftId, RequestId, TokenId, UserId};
use super::request_kind::RequestKind;

/// A request that someone is filling in, and the position of their panel.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Its id in the database.
    pub id: DraftId,
    /// The API that it is for.
    pub provider: ProviderId,
    /// The author; no one else may change it.
    pub requester: UserId,
    /// The pending request that is being edited; none for a new one.
    pub request: Option<RequestId>,
    /// The kind of request that it will become.
    pub kind: RequestKind,
    /// The token that is being changed, or duplicated.
    pub token: Option<TokenId>,
    /// The five fields, as they were typed.
    pub form: Form,
    /// What is wrong with them.
    pub problems: Vec<FieldProblem>,
    /// The chosen scopes.
    pub scopes: Vec<ScopeId>,
    /// The chosen lifetime.
    pub lifetime_days: u16,
    /// Whether a change leaves the token's end as it is.
    pub keeps_expiry: bool,
    /// For a reset: how long the old secret works beside the new one.
    pub overlap_seconds: u32,
    /// The token when the change was begun; none if no token is changed, or if a pending request is edited.
    pub begun_from: Option<PreviousToken>,
    /// What the button back to where the panel was opened carries; none if it was opened by a command.
    pub opened_from: Option<String>,
    /// Whether the person came back to it: then they may start over.
    pub is_resumed: bool,
    /// What the panel shows.
    pub place: PanelPosition,
    /// When it lapses.
    pub expires_at: DateTime<Utc>,
}

/// The position in the panel's selects.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PanelPosition {
    /// The category whose scopes are shown.
    pub category: Option<CategoryId>,
    /// The page of the categories, from 0.
    pub category_page: u16,
    /// The page of the scopes, from 0.
    pub scope_page: u16,
}

/// The values of a new draft.
#[derive(Debug, Clone)]
pub struct NewDraft {
    /// The API that it is for.
    pub provider: ProviderId,
    /// The person.
    pub requester: UserId,
    /// The pending request that is being edited.
    pub request: Option<RequestId>,
    /// The kind of request that it will become.
    pub kind: RequestKind,
    /// The token that is being changed, or duplicated.
    pub token: Option<TokenId>,
    /// The five fields, as they were typed.
    pub form: Form,
    /// What is wrong with them.
    pub problems: Vec<FieldProblem>,
    /// The chosen scopes.
    pub scopes: Vec<ScopeId>,
    /// The chosen lifetime.
    pub lifetime_days: u16,
    /// Whether a change leaves the token's end as it is.
    pub keeps_expiry: bool,
    /// For a reset: how long the old secret works beside the new one.
    pub overlap_seconds: u32,
    /// The token when the change was begun; none if no token is changed, or if a pending request is edited.
    pub begun_from: Option<PreviousToken>,
    /// What the button back to where the panel was opened carries; none if it was opened by a command.
    pub opened_from: Option<String>,
}

impl NewDraft {
    /// The draft that this became, with its panel at the beginning.
    #[must_use]
    pub fn saved_as(self, id: DraftId, expires_at: DateTime<Utc>) -> Draft {
        Draft {
            id,
            provider: self.provider,
            requester: self.requester,
            request: self.request,
            kind: self.kind,
            token: self.token,
            form: self.form,
            problems: self.problems,
            scopes: self.scopes,
            lifetime_days: self.lifetime_days,
            keeps_expiry: self.keeps_expiry,
            overlap_seconds: self.overlap_seconds,
            begun_from: self.begun_from,
            opened_from: self.opened_from,
            is_resumed: false,
            place: PanelPosition::default(),
            expires_at,
        }
    }
}
