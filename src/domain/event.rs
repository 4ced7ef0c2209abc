//! The lines of the audit log: what can happen, in one word each.

use chrono::{DateTime, Utc};
use serde::de::value::{Error, StrDeserializer};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::ids::{EventId, InteractionId, RequestId, RequestNumber, TokenId, UserId};

listed! {
/// What happened. The audit log holds these names, so they may not change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum EventKind {
    /// A request was submitted.
    RequestSubmitted,
    /// Its requester changed it; its approvals are void.
    RequestEdited,
    /// Its requester took it back.
    RequestWithdrawn,
    /// An admin denied it.
    RequestDenied,
    /// Not decided in time.
    RequestExpired,
    /// It has its approvals.
    RequestApproved,
    /// Discord confirmed the approvals; it is being issued.
    RequestConfirmed,
    /// Approvals were struck, or the content changed: the request waits again.
    RequestReturned,
    /// A person must do something.
    RequestFailed,
    /// An admin asked to try a failed one again.
    RequestRetried,
    /// Admins were reminded of it.
    RequestReminded,
    /// Discord refused its card for good.
    CardRefused,
    /// Someone opened the whole content. An admin must do so if the card could not show all of it.
    RequestRead,
    /// An admin's approval.
    ApprovalGiven,
    /// An approval that counts no more.
    ApprovalStruck,
    /// An upstream is being called.
    AttemptBegun,
    /// The result of such a call.
    AttemptEnded,
    /// An upstream did not disable a token after several calls.
    UpstreamTrouble,
    /// An upstream's answers differ from its configuration: its admins are told.
    UpstreamDoubted,
    /// A token was made.
    TokenIssued,
    /// Its owner pressed *Reveal*.
    TokenCollected,
    /// They pressed it again: the secret is shown once more.
    RevealRepeated,
    /// A change took effect.
    TokenChanged,
    /// Scopes were removed, or the token ends earlier.
    TokenNarrowed,
    /// A new secret was created, and waits for the requester.
    SecretRenewed,
    /// A new secret was requested from the provider and did not arrive: the old one may no longer work.
    SecretUnsure,
    /// The new secret was collected: the old one works for the overlap only, or not at all.
    TokenReset,
    /// The new secret of a disabled token was collected: it works again.
    TokenEnabled,
    /// Its people are warned that it ends soon.
    TokenExpiring,
    /// Its time was up.
    TokenExpired,
    /// It is off.
    TokenDisabled,
    /// A person must switch it off.
    TokenDisabling,
    /// It is deleted.
    TokenDeleted,
    /// A person must delete it.
    TokenDeleting,
    /// Someone presented a secret of it.
    LeakReported,
    /// A person with tokens or requests was seen to have left the guild.
    MemberLeft,
    /// The admins were told of it.
    DepartureTold,
    /// They are back.
    MemberReturned,
    /// The DM with the button reached its owner.
    DeliveryAnnounced,
    /// Discord refused the DM.
    DeliveryRefused,
    /// Discord accepted the message with the secret; the encrypted copy is erased.
    DeliveryAccepted,
    /// It never became known whether Discord accepted it, and the time is up; the encrypted copy is erased.
    DeliveryUnconfirmed,
    /// The owner pressed *I have stored it*: the message with the secret is deleted now.
    DeliveryStored,
    /// Not pressed in time.
    DeliveryLapsed,
    /// A newer secret was created before this one was collected.
    DeliveryReplaced,
    /// The owner pressed *Not me*.
    DeliveryDisowned,
    /// A message with a secret was deleted.
    SecretHidden,
    /// A message reached its recipient's server.
    NoticeSent,
    /// A message was refused permanently.
    NoticeRefused,
    /// A message was not sent, because its subject is over.
    NoticeDropped,
    /// An admin sent an announcement to the people of some tokens.
    Announced,
    /// The database was restored from an older dump, and everything that might open something again was
    /// stopped.
    DatabaseRestored,
    /// A person was told that a token or an open request of someone else has the name that they chose.
    NameRefused,
}
}

/// What a history is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HistorySubject {
    /// A token, with the requests that made and changed it.
    Token(TokenId),
    /// A request alone.
    Request(RequestId),
}

impl From<TokenId> for HistorySubject {
    fn from(token: TokenId) -> Self {
        Self::Token(token)
    }
}

impl From<RequestId> for HistorySubject {
    fn from(request: RequestId) -> Self {
        Self::Request(request)
    }
}

/// A line of the audit log.
#[derive(Debug, Clone, Serialize)]
pub struct Event {
    /// Its id in the database; ids grow.
    pub id: EventId,
    /// The time.
    pub at: DateTime<Utc>,
    /// What happened.
    pub kind: String,
    /// The provider.
    pub provider: String,
    /// To which request, by its number.
    pub request: Option<RequestNumber>,
    /// The token.
    pub token: Option<TokenId>,
    /// Who did it; none for Countersign itself.
    pub actor: Option<UserId>,
    /// On whose behalf, if that is someone else.
    pub on_behalf_of: Option<UserId>,
    /// The press that caused it.
    pub interaction: Option<InteractionId>,
    /// The content's SHA-256 before, in hexadecimal digits.
    pub digest_before: Option<String>,
    /// SHA-256 of the content afterwards.
    pub digest_after: Option<String>,
    /// What else is to be known.
    pub detail: Value,
}

impl EventKind {
    /// The kind with this name; none for the name of a newer version.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::deserialize(StrDeserializer::<Error>::new(name)).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_found_by_the_name_that_the_database_holds() {
        use sqlx::encode::Encode as _;
        for kind in EventKind::ALL {
            let mut name = sqlx::postgres::PgArgumentBuffer::default();
            let _ = kind.encode_by_ref(&mut name).unwrap();
            let name = std::str::from_utf8(&name).unwrap();
            assert_eq!(EventKind::of(name), Some(*kind));
        }
        assert_eq!(EventKind::of("something_newer"), None);
    }
}
