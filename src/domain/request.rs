//! A request to create or change a token, which waits for approvals.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::content::{Content, Digest};
use super::ids::{ApprovalId, InteractionId, RequestId, RequestNumber, TokenId, UserId};
use super::issuer::IssuerKind;
use super::request_kind::RequestKind;

listed! {
/// The state of a request. A request that is still being filled in is a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum RequestState {
    /// Waits for approvals.
    Pending,
    /// It has its approvals; Discord is being asked whether the people are still admins.
    Approved,
    /// It is being issued; with a `manual` issuer, it waits for an admin to fulfil it.
    Issuing,
    /// Its token exists.
    Done,
    /// An admin denied it.
    Denied,
    /// Its requester took it back.
    Withdrawn,
    /// Not decided in time.
    Expired,
    /// A person must act; the reason says how.
    Failed,
}
}

impl RequestState {
    /// Whether nothing can follow.
    #[must_use]
    pub fn is_final(self) -> bool {
        matches!(self, Self::Done | Self::Denied | Self::Withdrawn | Self::Expired)
    }
}

/// What a requester has at a request's provider already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequesterHistory {
    /// Their enabled tokens, but for the one that the request creates or changes.
    pub other_tokens: u32,
    /// Whether a token of theirs, that one left out, ever had all scopes of the request; none where the
    /// request leaves the scopes as they are.
    pub had_these_scopes: Option<bool>,
}

/// A submitted request.
#[derive(Debug, Clone)]
pub struct Request {
    /// Its id in the database.
    pub id: RequestId,
    /// The number that people see.
    pub number: RequestNumber,
    /// Its state.
    pub state: RequestState,
    /// The requester.
    pub requester: UserId,
    /// How many approvals it takes. Set at submission; later it can only rise.
    pub approvals_required: u8,
    /// Whether the requester's own approval counts.
    pub requester_approval_counts: bool,
    /// The requested content.
    pub content: Content,
    /// The digest of the content, which approvals are bound to.
    pub digest: Digest,
    /// The number of contents that the request has had.
    pub revision: i64,
    /// When it was submitted.
    pub submitted_at: DateTime<Utc>,
    /// When it expires.
    pub expires_at: DateTime<Utc>,
    /// Who ended it.
    pub ended_by: Option<UserId>,
    /// Why it was denied, or what a person must do.
    pub reason: Option<String>,
}

impl Request {
    /// Whether an admin must do it at the provider. What an upstream narrows is an admin's once there is a
    /// reason why the upstream did not.
    #[must_use]
    pub fn waits_for_a_person(&self) -> bool {
        self.state == RequestState::Issuing
            && (self.content.issuer == IssuerKind::Manual || self.content.kind.is_task())
            && !(self.is_narrowed_by_upstream() && self.reason.is_none())
    }

    /// Whether an admin is to do something about it.
    #[must_use]
    pub fn awaits_admins(&self) -> bool {
        matches!(self.state, RequestState::Pending | RequestState::Failed)
            || self.waits_for_a_person()
    }

    /// Whether its upstream only removes something from a token, which needs no approvals; or an admin, where
    /// the upstream does not.
    #[must_use]
    pub fn is_narrowed_by_upstream(&self) -> bool {
        self.content.kind == RequestKind::Narrow && self.content.issuer == IssuerKind::Http
    }

    /// The token that it would change.
    #[must_use]
    pub fn token(&self) -> Option<TokenId> {
        self.content.target.as_ref().map(|target| target.token)
    }
}

/// One admin's consent to one exact content of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// Its id in the database.
    pub id: ApprovalId,
    /// The person.
    pub person: UserId,
    /// The digest of the content that was approved.
    pub digest: Digest,
    /// The press that put it.
    pub interaction: InteractionId,
    /// The time.
    pub given_at: DateTime<Utc>,
    /// Why it no longer counts; none if it counts.
    pub struck: Option<StrikeReason>,
}

/// Why an approval counts no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum StrikeReason {
    /// The person is no longer an admin, or no longer a member.
    NotAdmin,
    /// The content is no longer the one that was approved.
    ContentChanged,
}
