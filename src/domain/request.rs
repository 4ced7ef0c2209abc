//! A request: a unresolved to create or change a token, waiting for approvals.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::content::{Content, Digest};
use super::ids::{ApprovalId, InteractionId, RequestId, RequestNumber, TokenId, UserId};
use super::issuer::IssuerKind;

listed! {
/// Where a request stands. What is still being filled in is a draft, not yet a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum RequestState {
    /// Waits for approvals.
    Pending,
    /// Has its approvals; Discord is being asked whether they are still admins'.
    Approved,
    /// Is being issued; with a `manual` issuer, waits for an admin to fulfil it.
    Issuing,
    /// Its token exists.
    Done,
    /// An admin said no.
    Denied,
    /// Its requester took it back.
    Withdrawn,
    /// Nobody decided in time.
    Expired,
    /// A person must do something; the reason says what.
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

/// A submitted request.
#[derive(Debug, Clone)]
pub struct Request {
    /// The database's identity.
    pub id: RequestId,
    /// What people call it.
    pub number: RequestNumber,
    /// Where it stands.
    pub state: RequestState,
    /// Who asks.
    pub requester: UserId,
    /// How many approvals it takes, fixed at submission; it may only rise.
    pub approvals_required: u8,
    /// Whether the requester's own approval counts.
    pub requester_approval_counts: bool,
    /// What is asked for.
    pub content: Content,
    /// The digest of the content, which approvals are bound to.
    pub digest: Digest,
    /// Counts the contents that the request has had.
    pub revision: i64,
    /// When it was submitted.
    pub submitted_at: DateTime<Utc>,
    /// When it lapses unless decided.
    pub expires_at: DateTime<Utc>,
    /// Who ended it.
    pub ended_by: Option<UserId>,
    /// Why it was denied, or what a person must do.
    pub reason: Option<String>,
}

impl Request {
    /// Whether an admin has to do at the provider what it asks for.
    #[must_use]
    pub fn waits_for_a_person(&self) -> bool {
        self.state == RequestState::Issuing
            && (self.content.issuer == IssuerKind::Manual || self.content.kind.is_task())
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
    /// The database's identity.
    pub id: ApprovalId,
    /// Whose it is.
    pub person: UserId,
    /// The content that was approved.
    pub digest: Digest,
    /// The press that put it.
    pub interaction: InteractionId,
    /// When.
    pub given_at: DateTime<Utc>,
    /// Why it counts no more, if so.
    pub struck: Option<StrikeReason>,
}

/// Why an approval counts no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum StrikeReason {
    /// The person is no admin any more, or no member.
    NotAdmin,
    /// The content is not what was approved.
    ContentChanged,
}
