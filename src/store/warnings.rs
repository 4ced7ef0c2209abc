//! Warnings of tokens that end soon, and the tokens that a message is about.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{convert_number, undecodable};
use crate::domain::catalogue::ProviderId;
use crate::domain::email::EmailAddress;
use crate::domain::ids::{EventId, NoticeId, RequestId, TokenId, UserId};

/// A token whose people must be warned.
#[derive(Debug)]
pub struct DueWarning {
    /// The token.
    pub token: TokenId,
    /// The request that created it.
    pub request: RequestId,
    /// The API that it is for.
    pub provider: ProviderId,
    /// Its owner.
    pub owner: UserId,
    /// The contact.
    pub contact: UserId,
    /// The developers.
    pub developer_emails: Vec<EmailAddress>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
    /// The nearest of the distances at which people are warned.
    pub days: u16,
}

/// Whether people were warned today, by the database's calendar.
pub async fn are_given_today(connection: &mut PgConnection) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from warning_days
               where day = (now() at time zone 'utc')::date) as "given!""#
    )
    .fetch_one(connection)
    .await
}

/// Begins today's warnings. Returns false if they were begun before.
pub async fn begin_today(connection: &mut PgConnection) -> sqlx::Result<bool> {
    let begun = sqlx::query!(
        "insert into warning_days (day) values ((now() at time zone 'utc')::date)
         on conflict do nothing"
    )
    .execute(connection)
    .await?;
    Ok(begun.rows_affected() == 1)
}

/// The tokens that work and expire soon, and were not warned of at this distance or a nearer one; the
/// nearest end first. It does not lock them, because there may be many: a message is checked again when it
/// is sent. There is no warning at a distance as long as the token's whole lifetime.
pub async fn list_due(connection: &mut PgConnection) -> sqlx::Result<Vec<DueWarning>> {
    let rows = sqlx::query!(
        r#"select id as "token: TokenId", request_id as "request: RequestId", provider,
               owner as "owner: UserId", contact as "contact: UserId", developer_emails,
               expires_at as "expires_at!", warning_due(days_until(expires_at)) as "days!"
           from tokens
           where state = 'active' and expires_at > now() and expires_at < now() + interval '744 hours'
               and warning_due(days_until(expires_at)) < lifetime_days
               and not exists (select from warnings where token_id = tokens.id
                   and warnings.expires_at = tokens.expires_at
                   and warnings.days <= warning_due(days_until(tokens.expires_at)))
           order by expires_at, id"#
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            let emails = row.developer_emails.iter().map(|email| email.parse());
            Ok(DueWarning {
                token: row.token,
                request: row.request,
                provider: row.provider.parse().map_err(undecodable)?,
                owner: row.owner,
                contact: row.contact,
                developer_emails: emails.collect::<Result<_, _>>().map_err(undecodable)?,
                expires_at: row.expires_at,
                days: convert_number(row.days)?,
            })
        })
        .collect()
}

/// Records that the people of a token are warned.
pub(super) async fn note(
    connection: &mut PgConnection,
    ending: &DueWarning,
    event: EventId,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into warnings (token_id, expires_at, days, event_id) values ($1, $2, $3, $4)",
        ending.token.get(),
        ending.expires_at,
        i32::from(ending.days),
        event.get()
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Records the subject of a message, in the transaction that created it.
pub(super) async fn note_tokens(
    connection: &mut PgConnection,
    notice: NoticeId,
    tokens: &[TokenId],
) -> sqlx::Result<()> {
    let tokens: Vec<i64> = tokens.iter().map(|token| token.get()).collect();
    sqlx::query!(
        "insert into notice_tokens (notice_id, token_id) select $1, unnest($2::bigint[])",
        notice.get(),
        &tokens
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The tokens that a message is about.
pub async fn list_tokens_of(
    connection: &mut PgConnection,
    notice: NoticeId,
) -> sqlx::Result<Vec<TokenId>> {
    sqlx::query_scalar!(
        r#"select token_id as "token: TokenId" from notice_tokens where notice_id = $1
           order by token_id"#,
        notice.get()
    )
    .fetch_all(connection)
    .await
}

/// Those tokens of a warning that still end at the time in it, the nearest end first.
pub async fn list_still_ending(
    connection: &mut PgConnection,
    notice: NoticeId,
) -> sqlx::Result<Vec<TokenId>> {
    sqlx::query_scalar!(
        r#"select tokens.id as "token: TokenId"
           from notice_tokens join tokens on tokens.id = notice_tokens.token_id
           where notice_id = $1 and state = 'active' and expires_at > now()
               and exists (select from warnings where warnings.token_id = tokens.id
                   and warnings.expires_at = tokens.expires_at)
           order by tokens.expires_at, tokens.id"#,
        notice.get()
    )
    .fetch_all(connection)
    .await
}

/// Records that an address refuses messages about a token, so that the contact is told. Returns whether the
/// contact did not know yet.
pub async fn note_refused_mailbox(
    connection: &mut PgConnection,
    (token, contact): (TokenId, UserId),
    address: &EmailAddress,
    event: EventId,
) -> sqlx::Result<bool> {
    let noted = sqlx::query!(
        "insert into refused_mailboxes (token_id, address, contact, event_id)
         values ($1, $2, $3, $4) on conflict on constraint refusal_told_once do nothing",
        token.get(),
        address.to_string(),
        contact.get(),
        event.get()
    )
    .execute(connection)
    .await?;
    Ok(noted.rows_affected() == 1)
}
