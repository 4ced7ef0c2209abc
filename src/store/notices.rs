//! Notices: one message to one person each, from the time when it is due to its outcome.

mod new;

pub(super) use new::{EventRef, NewNotice, NoticeColumns};

use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::undecodable;
use crate::domain::email::EmailAddress;
use crate::domain::ids::{ChannelId, EventId, MessageId, NoticeId, RequestId, TokenId, UserId};
use crate::domain::notice::{CourseNotice, Notice, NoticeKind, NoticeState, Place, Recipient};

impl Recipient {
    /// The medium, and the address there.
    fn to_columns(&self) -> (&'static str, String) {
        match self {
            Self::Mail(address) => ("mail", address.to_string()),
            Self::DirectMessage(user) => ("direct_message", user.to_string()),
        }
    }
}

/// Stores a message about several tokens, which is due; `None` if it was stored before.
pub(super) async fn insert(
    connection: &mut PgConnection,
    event: EventId,
    kind: NoticeKind,
    recipient: &Recipient,
) -> sqlx::Result<Option<NoticeId>> {
    let (medium, address) = recipient.to_columns();
    sqlx::query_scalar!(
        r#"insert into notices (event_id, kind, medium, recipient) values ($1, $2, $3, $4)
           on conflict on constraint told_once do nothing
           returning id as "id: NoticeId""#,
        event.get(),
        kind as NoticeKind,
        medium,
        address
    )
    .fetch_optional(connection)
    .await
}

/// A letter that is not sent any more.
#[derive(Debug)]
pub(super) struct DroppedLetter {
    pub id: NoticeId,
    pub kind: NoticeKind,
    pub event: EventId,
    pub recipient: String,
}

/// Drops the letters of a token's creation that nobody is sending, with their jobs. Until the transaction ends, nobody takes
/// them.
pub(super) async fn drop_creations(
    connection: &mut PgConnection,
    token: TokenId,
) -> sqlx::Result<Vec<DroppedLetter>> {
    sqlx::query_as!(
        DroppedLetter,
        r#"with idle as (
               select kind, subject from jobs
               where kind = 'send_mail' and taken_by is null and subject = any(array(
                   select id from notices
                   where token_id = $1 and notices.kind = 'created' and medium = 'mail' and state = 'waiting'))
               order by subject for update skip locked),
           taken_back as (
               delete from jobs using idle where jobs.kind = idle.kind and jobs.subject = idle.subject
               returning jobs.subject)
           update notices set state = 'refused', settled_at = now()
           where id = any(array(select subject from taken_back)) and state = 'waiting'
           returning id as "id: NoticeId", kind as "kind: NoticeKind", event_id as "event: EventId", recipient"#,
        token.get()
    )
    .fetch_all(connection)
    .await
}

/// A notice that was not sent yet.
pub async fn find_waiting(
    connection: &mut PgConnection,
    id: NoticeId,
) -> sqlx::Result<Option<Notice>> {
    let row = sqlx::query!(
        r#"select notices.id as "id: NoticeId", notices.kind as "kind: NoticeKind", medium,
               recipient, notices.request_id as "request: RequestId",
               notices.token_id as "token: TokenId", created_at,
               case when events.kind in ('token_disabled', 'token_deleted')
                       and not detail ? 'because'
                   then coalesce(actor, on_behalf_of) else actor end as "actor: UserId",
               event_id as "event: EventId", provider, detail,
               coalesce(detail ->> 'by' = 'operator', false) as "by_operator!",
               exists (select from notices as letter
                   where letter.token_id = notices.token_id and letter.kind = 'created' and letter.medium = 'mail'
                       and letter.recipient = notices.recipient and letter.state = 'sent') as "knows_of_creation!"
           from notices join events on events.id = event_id
           where notices.id = $1 and state = 'waiting'"#,
        id.get()
    )
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        let recipient = if row.medium == "mail" {
            Recipient::Mail(row.recipient.parse::<EmailAddress>().map_err(undecodable)?)
        } else {
            Recipient::DirectMessage(row.recipient.parse::<UserId>().map_err(undecodable)?)
        };
        Ok(Notice {
            id: row.id,
            kind: row.kind,
            recipient,
            request: row.request,
            token: row.token,
            created_at: row.created_at,
            actor: row.actor,
            event: row.event,
            provider: row.provider.parse().map_err(undecodable)?,
            detail: row.detail,
            by_operator: row.by_operator,
            knows_of_creation: row.knows_of_creation,
        })
    })
    .transpose()
}

/// Ends a notice; `place` is where its message stands, if that is to be changed later. Returns whether this
/// call ended it.
pub(super) async fn settle(
    connection: &mut PgConnection,
    id: NoticeId,
    state: NoticeState,
    place: Option<Place>,
) -> sqlx::Result<bool> {
    let changed = sqlx::query!(
        "update notices set state = $2, settled_at = now(), dm_channel = $3, dm_message = $4
         where id = $1 and state = 'waiting'",
        id.get(),
        state as NoticeState,
        place.map(|(channel, _)| channel.get()),
        place.map(|(_, message)| message.get())
    )
    .execute(connection)
    .await?;
    Ok(changed.rows_affected() == 1)
}

/// What a person was told, or is to be told, of the course of their request, the oldest first.
pub async fn list_course(
    connection: &mut PgConnection,
    request: RequestId,
    person: UserId,
) -> sqlx::Result<Vec<CourseNotice>> {
    let rows = sqlx::query!(
        r#"select id as "id: NoticeId", kind as "kind: NoticeKind", state as "state: NoticeState",
               created_at, dm_channel as "channel: ChannelId", dm_message as "message: MessageId"
           from notices where request_id = $1 and medium = 'direct_message' and recipient = $2
           order by id"#,
        request.get(),
        person.to_string()
    )
    .fetch_all(connection)
    .await?;
    let of_course = rows.into_iter().filter(|row| row.kind.is_of_course());
    Ok(of_course
        .map(|row| CourseNotice {
            id: row.id,
            kind: row.kind,
            state: row.state,
            created_at: row.created_at,
            place: row.channel.zip(row.message),
        })
        .collect())
}

/// Whether the recipient of a notice is told by another one, of the same minute, what happened to a token.
pub async fn is_told_of_token(
    connection: &mut PgConnection,
    notice: &Notice,
    token: TokenId,
) -> sqlx::Result<bool> {
    let Recipient::DirectMessage(person) = notice.recipient else { return Ok(false) };
    sqlx::query_scalar!(
        r#"select exists (
               select from notices where token_id = $1 and medium = 'direct_message' and recipient = $2
                   and kind in ('disabled', 'deleted', 'leaked', 'token_expired', 'secret_unsure')
                   and created_at between $3::timestamptz - interval '1 minute' and $3) as "told!""#,
        token.get(),
        person.to_string(),
        notice.created_at
    )
    .fetch_one(connection)
    .await
}

/// The message of a notice was deleted, or shows something newer.
pub(super) async fn forget_place(connection: &mut PgConnection, id: NoticeId) -> sqlx::Result<()> {
    sqlx::query!("update notices set dm_channel = null, dm_message = null where id = $1", id.get())
        .execute(connection)
        .await?;
    Ok(())
}

/// A notice whose job may have been lost.
#[derive(Debug)]
pub struct OverdueNotice {
    /// Its id.
    pub id: NoticeId,
    /// Whether it goes by mail.
    pub is_mail: bool,
}

/// Notices that wait for longer than their job should take, at most a thousand.
pub async fn list_overdue(connection: &mut PgConnection) -> sqlx::Result<Vec<OverdueNotice>> {
    sqlx::query_as!(
        OverdueNotice,
        r#"select id as "id: NoticeId", medium = 'mail' as "is_mail!" from notices
           where state = 'waiting' and created_at < now() - interval '10 minutes'
           order by created_at limit 1000"#
    )
    .fetch_all(connection)
    .await
}

/// Emails that wait for longer than those of a token's creation may: their number, and since when the first of
/// them waits.
pub async fn count_waiting_emails(
    connection: &mut PgConnection,
) -> sqlx::Result<Option<(i64, DateTime<Utc>)>> {
    let row = sqlx::query!(
        r#"select count(*) as "emails!", min(created_at) as "since: DateTime<Utc>" from notices
           where medium = 'mail' and state = 'waiting' and created_at < now() - interval '15 minutes'"#
    )
    .fetch_one(connection)
    .await?;
    Ok(row.since.map(|since| (row.emails, since)))
}

/// Forgets since when a mailbox asked to try later.
pub async fn forget_postponement(connection: &mut PgConnection, id: NoticeId) -> sqlx::Result<()> {
    sqlx::query!(
        "update notices set put_off_since = null
         where id = $1 and state = 'waiting' and put_off_since is not null",
        id.get()
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Records that a mailbox asked to try later. Returns how long it has done so.
pub async fn postpone(connection: &mut PgConnection, id: NoticeId) -> sqlx::Result<Duration> {
    sqlx::query!(
        "update notices set put_off_since = now()
         where id = $1 and state = 'waiting' and put_off_since is null",
        id.get()
    )
    .execute(&mut *connection)
    .await?;
    let seconds = sqlx::query_scalar!(
        r#"select coalesce(extract(epoch from now() - put_off_since)::bigint, 0) as "seconds!"
           from notices where id = $1"#,
        id.get()
    )
    .fetch_one(connection)
    .await?;
    Ok(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
}
