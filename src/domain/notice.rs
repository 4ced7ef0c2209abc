//! Notices: what is sent to whom.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

use super::email::EmailAddress;
use super::ids::{EventId, NoticeId, RequestId, TokenId, UserId};
use super::token::Token;

/// What a message is about. The database holds these names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum NoticeKind {
    /// To the requester: enough approvals are there, the token is being made.
    Approved,
    /// To the requester: approvals were struck, the request waits again.
    Returned,
    /// To the requester: an admin denied it.
    Denied,
    /// To the requester: not decided in time.
    Expired,
    /// To the requester: a person must do something first.
    Failed,
    /// To developers and contact: the token was made.
    Created,
    /// To developers and contact: its owner has the secret.
    Collected,
    /// To owner and contact: the secret was not collected in time, so the token is revoked, or an admin is
    /// asked to revoke it. To developers only if it is revoked already; otherwise they are told of its end.
    Lapsed,
    /// To owner, contact and developers: it is off.
    Disabled,
    /// To everyone, and to each admin who approved: someone presented the secret and disabled the token.
    Leaked,
    /// To each admin who approved: the owner pressed *Not me*.
    Disowned,
    /// To the requester: the token can no longer be changed in this way.
    Withdrawn,
    /// To everyone: a change took effect. Former contacts and developers are told too.
    Changed,
    /// To everyone: scopes were removed, or the token ends earlier.
    Narrowed,
    /// To everyone: it has a new secret. A former owner is told too.
    Reset,
    /// To everyone: it works again, with a new secret.
    Enabled,
    /// To everyone: it is gone.
    Deleted,
    /// To everyone: its time was up.
    TokenExpired,
    /// To each person: these of their tokens expired at about the same time.
    SeveralExpired,
    /// To everyone but the requester: the provider has made a new secret, so the old one no longer works,
    /// and the new one was not collected yet.
    Renewed,
    /// To everyone: a new secret was requested from the provider and did not arrive. The old one may no longer
    /// work, and no one has another.
    SecretUnsure,
    /// To owner, contact and requester: the new secret was not collected in time. To developers too if the
    /// old one no longer works.
    RenewalLapsed,
    /// To the requester of a new secret that was not revealed: the token is off.
    Voided,
    /// To the requester of a new secret that was not revealed: a newer one was requested.
    Replaced,
    /// To each person, once a day: these of their tokens end soon.
    Expiring,
    /// To each person: an admin's announcement about these tokens.
    Announced,
    /// To the contact: a developer's mailbox refuses messages.
    MailboxRefused,
    /// To the contact: the same for several of their tokens.
    MailboxRefusedForSeveral,
}

impl NoticeKind {
    /// Whether one message speaks of several tokens.
    #[must_use]
    pub fn is_of_many(self) -> bool {
        matches!(
            self,
            Self::Expiring
                | Self::Announced
                | Self::SeveralExpired
                | Self::MailboxRefusedForSeveral
        )
    }
}

/// The recipient, and the way.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Recipient {
    /// A developer, by email.
    Mail(EmailAddress),
    /// A member, by direct message.
    DirectMessage(UserId),
}

impl Recipient {
    /// Whether it is an email.
    #[must_use]
    pub fn is_mail(&self) -> bool {
        matches!(self, Self::Mail(_))
    }
}

/// One message to one person.
#[derive(Debug, Clone)]
pub struct Notice {
    /// The database's id; the Message-ID and the nonce are made of it.
    pub id: NoticeId,
    /// What it is about.
    pub kind: NoticeKind,
    /// The recipient.
    pub recipient: Recipient,
    /// The request.
    pub request: Option<RequestId>,
    /// The token.
    pub token: Option<TokenId>,
    /// When it was due.
    pub created_at: DateTime<Utc>,
    /// Who caused the event; none for Countersign itself.
    pub actor: Option<UserId>,
    /// The event that it is about.
    pub event: EventId,
    /// What that event holds besides.
    pub detail: Value,
    /// Whether it was the operator.
    pub by_operator: bool,
}

/// The state of a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum NoticeState {
    /// It was not sent yet.
    Waiting,
    /// The recipient's server, or Discord, took it.
    Sent,
    /// It will never be sent.
    Refused,
}

/// How a notice ended, and what the server answered.
#[derive(Debug, Clone, Copy)]
pub enum NoticeOutcome<'a> {
    /// The recipient's server or Discord accepted it, with this answer.
    Sent(&'a str),
    /// It never will; this is the error.
    Refused(&'a str),
    /// What it would tell of is over.
    Needless,
}

/// The token's developers by email, and these people by direct message, no one twice.
#[must_use]
pub fn list_everyone(token: &Token, people: impl IntoIterator<Item = UserId>) -> Vec<Recipient> {
    let mut recipients: Vec<Recipient> =
        token.settings.developer_emails.iter().cloned().map(Recipient::Mail).collect();
    for person in people {
        let recipient = Recipient::DirectMessage(person);
        if !recipients.contains(&recipient) {
            recipients.push(recipient);
        }
    }
    recipients
}
