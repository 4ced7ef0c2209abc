//! A request: a wish to create or change a token, waiting for approvals.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::catalogue::ApiVersion;
use super::content::{Content, Digest};
use super::ids::{ApprovalId, InteractionId, RequestId, RequestNumber, TokenId, UserId};
use super::token::IssuerKind;

/// What is asked for.
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
    /// A new token that starts filled in.
    Duplicate,
    /// A later expiry.
    Extend,
    /// Fewer scopes or an earlier end, which a person must bring about.
    Narrow,
    /// To be switched off by a person.
    Disable,
    /// To be deleted by a person.
    Delete,
}

impl RequestKind {
    /// All of them.
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

    /// What the database, custom ids, texts and templates call it.
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

    /// The kind that is called so.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// Whether it makes a token.
    #[must_use]
    pub fn makes_a_token(self) -> bool {
        matches!(self, Self::Create | Self::Duplicate)
    }

    /// Whether it makes a new secret for a token that is there.
    #[must_use]
    pub fn renews_the_secret(self) -> bool {
        matches!(self, Self::Reset | Self::Enable)
    }

    /// Whether the token's settings and scopes stay as they are.
    #[must_use]
    pub fn keeps_settings(self) -> bool {
        matches!(self, Self::Reset | Self::Enable | Self::Extend)
    }

    /// Whether it can ask for this version for a token that has that one: an upgrade takes a newer one,
    /// and no other change takes another one. Any, where it makes a token.
    #[must_use]
    pub fn takes_version(self, version: ApiVersion, has: ApiVersion) -> bool {
        match self {
            Self::Create | Self::Duplicate => true,
            Self::Upgrade => version > has,
            _ => version == has,
        }
    }

    /// Whether no approvals are awaited: it narrows, and waits only for a person to act.
    #[must_use]
    pub fn is_task(self) -> bool {
        matches!(self, Self::Narrow | Self::Disable | Self::Delete)
    }
}

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
    pub revision: i32,
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
    pub struck: Option<StruckBecause>,
}

/// Why an approval counts no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum StruckBecause {
    /// The person is no admin any more, or no member.
    NotAdmin,
    /// The content is not what was approved.
    ContentChanged,
}
