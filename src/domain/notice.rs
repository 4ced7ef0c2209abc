//! Notices: what is told to whom.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

use super::email::EmailAddress;
use super::ids::{EventId, NoticeId, RequestId, TokenId, UserId};
use super::token::Token;

/// What a message tells of. The names are what the database holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum NoticeKind {
    /// To the requester: enough approvals are there, the token is being made.
    Approved,
    /// To the requester: approvals were struck, it waits again.
    Returned,
    /// To the requester: an admin said no.
    Denied,
    /// To the requester: nobody decided in time.
    Expired,
    /// To the requester: a person must do something first.
    Failed,
    /// To developers and contact: the token was made.
    Created,
    /// To developers and contact: its owner has the secret.
    Collected,
    /// To owner and contact: nobody collected it in time, so it is revoked, or a person is asked to do
    /// that. To developers only where it is revoked already; else they hear of its end.
    Lapsed,
    /// To owner, contact and developers: it is off.
    Disabled,
    /// To everyone, and to each admin who approved: somebody presented its secret, and disabled it.
    Leaked,
    /// To each admin who approved: the owner said *Not me*.
    Disowned,
    /// To the requester: the token is not what could be changed any more.
    Withdrawn,
    /// To everyone: a change took effect. Former contacts and developers hear of it too.
    Changed,
    /// To everyone: scopes were taken from it, or it ends earlier.
    Narrowed,
    /// To everyone: it has a new secret. A former owner hears of it too.
    Reset,
    /// To everyone: it works again, with a new secret.
    Enabled,
    /// To everyone: it is gone.
    Deleted,
    /// To everyone: its time was up.
    TokenExpired,
    /// To each person: these of their tokens expired at about the same time.
    SeveralExpired,
    /// To everyone but the person who asked: its provider has made a new secret, and with that the old one is
    /// dead, though nobody has collected the new one yet.
    Renewed,
    /// To everyone: its provider was asked for a new secret, which did not arrive here, so that the old one
    /// may be dead while nobody has another.
    SecretUnsure,
    /// To owner, contact and the person who asked: nobody collected the new secret in time. To developers too
    /// where the old one is dead.
    RenewalLapsed,
    /// To the person who asked for a new secret and has not read it: the token is off.
    Voided,
    /// To the person who asked for a new secret and has not read it: somebody asked for a newer one.
    Replaced,
    /// To each person, once a day: these of their tokens end soon.
    Expiring,
    /// To each person: what an admin has to say to the people of these tokens.
    Announced,
    /// To the contact: a developer's mailbox takes no message.
    MailboxRefused,
    /// To the contact: the same, of several of their tokens.
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

/// Who is told, and how.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Recipient {
    /// A developer, by e-mail.
    Mail(EmailAddress),
    /// A member, by direct message.
    DirectMessage(UserId),
}

impl Recipient {
    /// Whether they are told by mail.
    #[must_use]
    pub fn is_mail(&self) -> bool {
        matches!(self, Self::Mail(_))
    }
}

/// One message to one person.
#[derive(Debug, Clone)]
pub struct Notice {
    /// The database's identity: what makes its Message-ID and its nonce stable.
    pub id: NoticeId,
    /// What it tells of.
    pub kind: NoticeKind,
    /// To whom.
    pub recipient: Recipient,
    /// Of which request.
    pub request: Option<RequestId>,
    /// Of which token.
    pub token: Option<TokenId>,
    /// When it was due.
    pub created_at: DateTime<Utc>,
    /// Who did what it tells of, or had it done by an upstream; none for Countersign itself.
    pub actor: Option<UserId>,
    /// The event that it tells of.
    pub event: EventId,
    /// What that event holds besides.
    pub detail: Value,
    /// Whether it was the operator.
    pub by_operator: bool,
}

/// How a notice ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum NoticeState {
    /// Not yet.
    Waiting,
    /// The recipient's server, or Discord, took it.
    Sent,
    /// It never will.
    Refused,
}

/// How a notice ended, and what was said.
#[derive(Debug, Clone, Copy)]
pub enum NoticeOutcome<'a> {
    /// Its recipient's server, or Discord, took it and said this.
    Sent(&'a str),
    /// It never will, and said this.
    Refused(&'a str),
    /// What it would tell of is over.
    Needless,
}

/// A token's developers by mail, and these people by direct message, nobody twice.
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
