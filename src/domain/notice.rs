//! Notices: what is sent to whom.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use serde_json::Value;

use super::catalogue::ProviderId;
use super::email::EmailAddress;
use super::ids::{ChannelId, DeliveryId, EventId, MessageId, NoticeId, RequestId, TokenId, UserId};
use super::token::Token;

/// How long the letters of a token's creation wait for its collection, so that one letter tells of both.
pub const CREATION_WAITS: TimeDelta = TimeDelta::minutes(10);

/// For how long a message that may have been posted is looked for. Discord answers a repeat with the old message
/// for "a few minutes"; after that it would be a second one.
pub const NONCE_HOLDS: TimeDelta = TimeDelta::minutes(3);

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
    /// To the requester: Discord refused the card, so the admins may not see the request.
    CardRefused,
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
    /// Those that tell a requester how their request goes on.
    pub const OF_COURSE: [Self; 11] = [
        Self::Approved,
        Self::Returned,
        Self::Denied,
        Self::Expired,
        Self::Failed,
        Self::CardRefused,
        Self::Withdrawn,
        Self::Changed,
        Self::Lapsed,
        Self::RenewalLapsed,
        Self::Voided,
    ];

    /// Whether it tells a requester how their request goes on. Of these, one message stands for each request.
    #[must_use]
    pub fn is_of_course(self) -> bool {
        Self::OF_COURSE.contains(&self)
    }

    /// Whether it tells that a token is there, or works for the first time.
    #[must_use]
    pub fn is_of_a_beginning(self) -> bool {
        matches!(self, Self::Created | Self::Collected)
    }

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

/// Where a direct message stands.
pub type Place = (ChannelId, MessageId);

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
    /// The provider of that event.
    pub provider: ProviderId,
    /// What that event holds besides.
    pub detail: Value,
    /// Whether it was the operator.
    pub by_operator: bool,
    /// Whether the recipient, a developer, had a letter of the token's creation.
    pub knows_of_creation: bool,
}

/// What a requester was told of the course of their request.
#[derive(Debug, Clone, Copy)]
pub struct CourseNotice {
    /// Its id: a later one has a higher one.
    pub id: NoticeId,
    /// What it tells.
    pub kind: NoticeKind,
    /// Its state.
    pub state: NoticeState,
    /// When it was due.
    pub created_at: DateTime<Utc>,
    /// Where its message stands.
    pub place: Option<Place>,
}

/// What a direct message shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShownBy {
    /// What a requester was told.
    Notice(NoticeId),
    /// That a secret waits, or what became of it.
    Delivery(DeliveryId),
}

/// How a requester is told of the course of their request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Telling {
    /// By a new message, which they notice.
    New,
    /// By a new message that rings nowhere: another one tells them of it at the same moment.
    Silent,
    /// By an edit of the message that stands.
    Edit(Place),
    /// In a moment: what came before is not told yet.
    Later,
    /// Not at all: something newer is told.
    Outdated,
    /// Not at all: nothing stands that would have to be set right.
    Needless,
}

/// What decides how a requester is told.
#[derive(Debug, Clone, Copy, Default)]
pub struct CourseFacts {
    /// Whether a person must do something first.
    pub waits_for_a_person: bool,
    /// Whether a secret waits for the requester, which says that the request was approved.
    pub is_secret_ready: bool,
    /// Whether it is the requester's own doing.
    pub is_own: bool,
    /// Whether another message tells the requester of it at the same moment.
    pub is_told_otherwise: bool,
}

/// How to tell a requester of this notice, where `all` are those of the request's course. What they wait for
/// or can do something about must be noticed.
#[must_use]
pub fn choose_telling(
    (id, kind): (NoticeId, NoticeKind),
    all: &[CourseNotice],
    facts: CourseFacts,
) -> Telling {
    let count = || all.iter().filter(|notice| notice.state != NoticeState::Refused);
    let older = || count().filter(|notice| notice.id < id);
    let is_approval = kind == NoticeKind::Approved;
    if count().any(|notice| notice.id > id) || (is_approval && facts.is_secret_ready) {
        return Telling::Outdated;
    }
    if facts.is_told_otherwise {
        return Telling::Silent;
    }
    let must_be_noticed = !facts.is_own
        && match kind {
            NoticeKind::Approved => facts.waits_for_a_person,
            NoticeKind::Returned | NoticeKind::Changed => false,
            _ => true,
        };
    if must_be_noticed {
        return Telling::New;
    }
    if older().any(|notice| notice.state == NoticeState::Waiting) {
        return Telling::Later;
    }
    match older().filter_map(|notice| notice.place).next_back() {
        Some(place) => Telling::Edit(place),
        None if is_approval || facts.is_own => Telling::Needless,
        None => Telling::New,
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::notice::NoticeKind::{
        Approved, CardRefused, Changed, Denied, Failed, Returned, Withdrawn,
    };
    use crate::domain::notice::NoticeState::{Refused, Sent, Waiting};

    fn told(id: i64, kind: NoticeKind, state: NoticeState) -> CourseNotice {
        let place = (ChannelId::new(1).unwrap(), MessageId::new(id).unwrap());
        CourseNotice {
            id: NoticeId::new(id).unwrap(),
            kind,
            state,
            created_at: DateTime::UNIX_EPOCH + TimeDelta::seconds(id),
            place: (state == Sent).then_some(place),
        }
    }

    fn choose_with(all: &[CourseNotice], facts: CourseFacts) -> Telling {
        let last = all.last().unwrap();
        choose_telling((last.id, last.kind), all, facts)
    }

    fn choose(all: &[CourseNotice], waits_for_a_person: bool) -> Telling {
        choose_with(all, CourseFacts { waits_for_a_person, ..CourseFacts::default() })
    }

    fn edits(id: i64) -> Telling {
        Telling::Edit((ChannelId::new(1).unwrap(), MessageId::new(id).unwrap()))
    }

    #[test]
    fn what_must_be_noticed_is_a_new_message() {
        for kind in [Denied, Failed, CardRefused] {
            assert_eq!(
                choose(&[told(1, Returned, Sent), told(2, kind, Waiting)], false),
                Telling::New
            );
        }
        assert_eq!(choose(&[told(1, Approved, Waiting)], true), Telling::New);
        assert_eq!(choose(&[told(1, Returned, Waiting)], false), Telling::New);
        assert_eq!(choose(&[told(1, Changed, Waiting)], false), Telling::New);
    }

    #[test]
    fn what_nobody_has_to_notice_is_edited_into_the_message_that_stands() {
        assert_eq!(choose(&[told(1, Failed, Sent), told(2, Approved, Waiting)], false), edits(1));
        assert_eq!(choose(&[told(1, Approved, Sent), told(2, Returned, Waiting)], false), edits(1));
        assert_eq!(choose(&[told(1, Approved, Sent), told(2, Changed, Waiting)], false), edits(1));
        assert_eq!(choose(&[told(1, Approved, Waiting)], false), Telling::Needless);
        let refused = [told(1, Failed, Refused), told(2, Approved, Waiting)];
        assert_eq!(choose(&refused, false), Telling::Needless);
        let untold = [told(1, Failed, Waiting), told(2, Approved, Waiting)];
        assert_eq!(choose(&untold, false), Telling::Later);
    }

    #[test]
    fn who_did_it_sees_it_in_the_message_that_stands_and_is_told_nothing_else() {
        let own = CourseFacts { is_own: true, ..CourseFacts::default() };
        assert_eq!(
            choose_with(&[told(1, Failed, Sent), told(2, Withdrawn, Waiting)], own),
            edits(1)
        );
        assert_eq!(choose_with(&[told(1, Withdrawn, Waiting)], own), Telling::Needless);
    }

    #[test]
    fn what_another_message_tells_at_the_same_moment_rings_nowhere() {
        let twice = CourseFacts { is_told_otherwise: true, ..CourseFacts::default() };
        assert_eq!(choose_with(&[told(1, Withdrawn, Waiting)], twice), Telling::Silent);
    }

    #[test]
    fn what_is_outdated_is_not_told() {
        let all = [told(1, Failed, Waiting), told(2, Denied, Waiting)];
        let first = (all[0].id, Failed);
        assert_eq!(choose_telling(first, &all, CourseFacts::default()), Telling::Outdated);
        let approved = [told(1, Approved, Waiting)];
        let ready = CourseFacts {
            waits_for_a_person: true,
            is_secret_ready: true,
            ..CourseFacts::default()
        };
        assert_eq!(choose_with(&approved, ready), Telling::Outdated);
    }
}
