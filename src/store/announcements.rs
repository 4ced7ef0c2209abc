//! Announcements that admins send to the people of tokens: drafts, and what was sent.

use sqlx::PgConnection;

use super::{convert_number, undecodable};
use crate::domain::announcement::{AnnouncementDraft, AnnouncementText};
use crate::domain::catalogue::ProviderId;
use crate::domain::ids::{AnnouncementId, EventId, TokenId, UserId};

struct AnnouncementRow {
    id: i64,
    provider: String,
    author: i64,
    tokens: Vec<i64>,
    everything: bool,
    page: i32,
    subject: String,
    body: String,
}

impl TryFrom<AnnouncementRow> for AnnouncementDraft {
    type Error = sqlx::Error;

    fn try_from(row: AnnouncementRow) -> sqlx::Result<Self> {
        let tokens = row.tokens.into_iter().map(TokenId::new);
        Ok(Self {
            id: AnnouncementId::new(row.id).map_err(undecodable)?,
            provider: row.provider.parse().map_err(undecodable)?,
            author: UserId::new(row.author).map_err(undecodable)?,
            tokens: tokens.collect::<Result<_, _>>().map_err(undecodable)?,
            everything: row.everything,
            page: convert_number(row.page)?,
            words: AnnouncementText { subject: row.subject, body: row.body },
        })
    }
}

/// This person's draft for a provider: the existing one, or a new one.
pub async fn begin(
    connection: &mut PgConnection,
    provider: &ProviderId,
    author: UserId,
) -> sqlx::Result<AnnouncementDraft> {
    sqlx::query!(
        "delete from announcement_drafts where provider = $1 and author = $2 and expires_at <= now()",
        provider.as_str(),
        author.get()
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query_as!(
        AnnouncementRow,
        "insert into announcement_drafts (provider, author) values ($1, $2)
         on conflict on constraint announcement_drafts_one_per_person
             do update set expires_at = now() + interval '1 hour'
         returning id, provider, author, tokens, everything, page, subject, body",
        provider.as_str(),
        author.get()
    )
    .fetch_one(connection)
    .await?
    .try_into()
}

/// A draft that has not lapsed, locked until the transaction ends.
pub async fn lock(
    connection: &mut PgConnection,
    id: AnnouncementId,
) -> sqlx::Result<Option<AnnouncementDraft>> {
    sqlx::query_as!(
        AnnouncementRow,
        "select id, provider, author, tokens, everything, page, subject, body
         from announcement_drafts where id = $1 and expires_at > now() for update",
        id.get()
    )
    .fetch_optional(connection)
    .await?
    .map(AnnouncementDraft::try_from)
    .transpose()
}

/// Saves the changes, and keeps the draft for another hour.
pub async fn save(connection: &mut PgConnection, draft: &AnnouncementDraft) -> sqlx::Result<()> {
    let tokens: Vec<i64> = draft.tokens.iter().map(|token| token.get()).collect();
    sqlx::query!(
        "update announcement_drafts set tokens = $2, everything = $3, page = $4, subject = $5,
             body = $6, expires_at = now() + interval '1 hour' where id = $1",
        draft.id.get(),
        &tokens,
        draft.everything,
        convert_number::<i32, _>(draft.page)?,
        draft.words.subject,
        draft.words.body
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Deletes a draft.
pub async fn remove(connection: &mut PgConnection, id: AnnouncementId) -> sqlx::Result<()> {
    sqlx::query!("delete from announcement_drafts where id = $1", id.get())
        .execute(connection)
        .await?;
    Ok(())
}

/// Deletes drafts that have lapsed.
pub async fn forget_lapsed(connection: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!("delete from announcement_drafts where expires_at < now()")
        .execute(connection)
        .await?;
    Ok(())
}

/// The working tokens of a provider, the newest first.
pub async fn list_live_tokens(
    connection: &mut PgConnection,
    provider: &ProviderId,
) -> sqlx::Result<Vec<TokenId>> {
    sqlx::query_scalar!(
        r#"select id as "id: TokenId" from tokens
           where provider = $1 and standing in ('enabled', 'disabled')
           order by created_at desc, id desc"#,
        provider.as_str()
    )
    .fetch_all(connection)
    .await
}

/// The tokens among these that are live and belong to the provider, the newest first.
pub async fn filter_live_tokens(
    connection: &mut PgConnection,
    provider: &ProviderId,
    tokens: &[TokenId],
) -> sqlx::Result<Vec<TokenId>> {
    let tokens: Vec<i64> = tokens.iter().map(|token| token.get()).collect();
    sqlx::query_scalar!(
        r#"select id as "id: TokenId" from tokens
           where id = any($2) and provider = $1 and standing in ('enabled', 'disabled')
           order by created_at desc, id desc"#,
        provider.as_str(),
        &tokens
    )
    .fetch_all(connection)
    .await
}

/// How many working tokens a provider has; counts up to `most`.
pub async fn count_live(
    connection: &mut PgConnection,
    provider: &ProviderId,
    most: u32,
) -> sqlx::Result<u32> {
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!" from (
               select from unnest(array['enabled', 'disabled']) as wanted (standing)
               cross join lateral (
                   select from tokens where provider = $1 and tokens.standing = wanted.standing
                   order by created_at desc, id desc limit $2
               ) found limit $2
           ) counted"#,
        provider.as_str(),
        i64::from(most)
    )
    .fetch_one(connection)
    .await?;
    convert_number(count)
}

/// How many people the working tokens of a provider have: contacts and developers' addresses.
pub async fn count_people(
    connection: &mut PgConnection,
    provider: &ProviderId,
) -> sqlx::Result<u32> {
    let count = sqlx::query_scalar!(
        r#"with live as materialized (
               select contact, developer_emails from tokens
               where provider = $1 and standing in ('enabled', 'disabled'))
           select (select count(*) from (select distinct contact from live) contacts)
               + (select count(*) from (
                      select distinct address from live, unnest(developer_emails) address
                  ) addresses) as "count!""#,
        provider.as_str()
    )
    .fetch_one(connection)
    .await?;
    convert_number(count)
}

/// Up to `most` working tokens of a provider after `skip` others, the newest first.
pub async fn get_token_page(
    connection: &mut PgConnection,
    provider: &ProviderId,
    (skip, most): (i64, i64),
) -> sqlx::Result<Vec<TokenId>> {
    // The index gives the newest tokens of one state; the page merges them.
    sqlx::query_scalar!(
        r#"select found.id as "id!: TokenId"
           from unnest(array['enabled', 'disabled']) as wanted (standing) cross join lateral (
               select id, created_at from tokens
               where provider = $1 and tokens.standing = wanted.standing
               order by created_at desc, id desc limit $2::bigint + $3::bigint
           ) found order by found.created_at desc, found.id desc offset $2 limit $3"#,
        provider.as_str(),
        skip,
        most
    )
    .fetch_all(connection)
    .await
}

/// Stores an announcement that is sent.
pub(super) async fn note(
    connection: &mut PgConnection,
    event: EventId,
    words: &AnnouncementText,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into announcements (event_id, subject, body) values ($1, $2, $3)",
        event.get(),
        words.subject,
        words.body
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The announcement.
pub async fn get(
    connection: &mut PgConnection,
    event: EventId,
) -> sqlx::Result<Option<AnnouncementText>> {
    sqlx::query_as!(
        AnnouncementText,
        "select subject, body from announcements where event_id = $1",
        event.get()
    )
    .fetch_optional(connection)
    .await
}
