//! People who left the guild while tokens or requests still depend on them.

use sqlx::PgConnection;

use super::{convert_number, requests, tokens, undecodable};
use crate::domain::catalogue::{ApiVersion, ProviderId};
use crate::domain::departure::{Departure, Dependents};
use crate::domain::ids::{ChannelId, DepartureId, MessageId, RequestId, TokenId, UserId};
use crate::domain::request::Request;
use crate::domain::token::Token;

/// The most tokens, and the most requests, of one person that are read.
const MOST: i64 = 100;

/// The providers at which tokens or requests depend on a person.
pub async fn list_providers_with_dependents(
    connection: &mut PgConnection,
    person: UserId,
) -> sqlx::Result<Vec<ProviderId>> {
    let found = sqlx::query_scalar!(
        r#"select provider as "provider!" from tokens
           where owner = $1 and standing in ('enabled', 'disabled')
           union select provider from tokens
           where contact = $1 and standing in ('enabled', 'disabled')
           union select provider from requests
           where state in ('pending', 'approved', 'issuing', 'failed') and not is_task(kind)
               and (requester = $1 or content::jsonb ->> 'contact' = $1::bigint::text)
           union select provider from requests
           where state = 'pending' and exists (select from approvals
               where request_id = requests.id and person = $1 and struck_at is null)
           union select tokens.provider from deliveries join tokens on tokens.id = token_id
           where deliveries.owner = $1 and deliveries.state in ('waiting', 'pressed')
           order by 1"#,
        person.get()
    )
    .fetch_all(connection)
    .await?;
    found.into_iter().map(|provider| provider.parse().map_err(undecodable)).collect()
}

/// What depends on a person at a provider, the newest first.
pub async fn get_dependents(
    connection: &mut PgConnection,
    person: UserId,
    provider: &ProviderId,
) -> sqlx::Result<Dependents> {
    let owned = sqlx::query_scalar!(
        r#"select found.id as "id!: TokenId"
           from unnest(array['enabled', 'disabled']) as wanted (standing) cross join lateral (
               select id, created_at from tokens
               where owner = $1 and provider = $2 and tokens.standing = wanted.standing
               order by created_at desc, id desc limit $3
           ) found order by found.created_at desc, found.id desc limit $3"#,
        person.get(),
        provider.as_str(),
        MOST
    )
    .fetch_all(&mut *connection)
    .await?;
    let to_collect = sqlx::query_scalar!(
        r#"select token_id as "id: TokenId" from deliveries join tokens on tokens.id = token_id
           where deliveries.owner = $1 and deliveries.state in ('waiting', 'pressed')
               and tokens.provider = $2 and tokens.owner <> $1
           order by deliveries.id desc limit $3"#,
        person.get(),
        provider.as_str(),
        MOST
    )
    .fetch_all(&mut *connection)
    .await?;
    Ok(Dependents {
        owned: tokens::get_all(connection, &owned).await?,
        contact_of: list_tokens_of_contact(connection, person, provider).await?,
        requests: list_open_requests(connection, person, provider).await?,
        approvals: list_approved_requests(connection, person, provider).await?,
        to_collect: tokens::get_all(connection, &to_collect).await?,
    })
}

/// Open requests at a provider that a person made, or that would make them the contact.
async fn list_open_requests(
    connection: &mut PgConnection,
    person: UserId,
    provider: &ProviderId,
) -> sqlx::Result<Vec<Request>> {
    let ids = sqlx::query_scalar!(
        r#"select id as "id: RequestId" from requests
           where provider = $2 and state in ('pending', 'approved', 'issuing', 'failed')
               and not is_task(kind)
               and (requester = $1 or content::jsonb ->> 'contact' = $1::bigint::text)
           order by id desc limit $3"#,
        person.get(),
        provider.as_str(),
        MOST
    )
    .fetch_all(&mut *connection)
    .await?;
    get_requests(connection, &ids).await
}

/// Pending requests of others at a provider that a person approved.
async fn list_approved_requests(
    connection: &mut PgConnection,
    person: UserId,
    provider: &ProviderId,
) -> sqlx::Result<Vec<Request>> {
    let ids = sqlx::query_scalar!(
        r#"select id as "id: RequestId" from requests
           where provider = $2 and state = 'pending' and requester <> $1
               and exists (select from approvals
                   where request_id = requests.id and person = $1 and struck_at is null)
           order by id desc limit $3"#,
        person.get(),
        provider.as_str(),
        MOST
    )
    .fetch_all(&mut *connection)
    .await?;
    get_requests(connection, &ids).await
}

async fn get_requests(
    connection: &mut PgConnection,
    ids: &[RequestId],
) -> sqlx::Result<Vec<Request>> {
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        found.extend(requests::get(connection, *id).await?);
    }
    Ok(found)
}

/// The working tokens of a provider that have a person as primary contact, the newest first.
async fn list_tokens_of_contact(
    connection: &mut PgConnection,
    person: UserId,
    provider: &ProviderId,
) -> sqlx::Result<Vec<Token>> {
    let ids = sqlx::query_scalar!(
        r#"select found.id as "id!: TokenId"
           from unnest(array['enabled', 'disabled']) as wanted (standing) cross join lateral (
               select id, created_at from tokens
               where contact = $1 and provider = $2 and tokens.standing = wanted.standing
               order by created_at desc, id desc limit $3
           ) found order by found.created_at desc, found.id desc limit $3"#,
        person.get(),
        provider.as_str(),
        MOST
    )
    .fetch_all(&mut *connection)
    .await?;
    tokens::get_all(connection, &ids).await
}

/// Up to `most` tokens, after `skip` others, that have a person as primary contact and can get another one:
/// their API version exists, and no change is open.
pub async fn list_tokens_to_take_over(
    connection: &mut PgConnection,
    (person, provider): (UserId, &ProviderId),
    versions: &[ApiVersion],
    (skip, most): (u32, u32),
) -> sqlx::Result<Vec<Token>> {
    let versions: Vec<i32> = versions
        .iter()
        .map(|version| convert_number(version.get()))
        .collect::<sqlx::Result<_>>()?;
    let ids = sqlx::query_scalar!(
        r#"select found.id as "id!: TokenId"
           from unnest(array['enabled', 'disabled']) as wanted (standing) cross join lateral (
               select id, created_at from tokens
               where contact = $1 and provider = $2 and tokens.standing = wanted.standing
                   and state in ('active', 'disabled') and api_version = any($3)
                   and not exists (select from requests where token_id = tokens.id
                       and kind in ('edit', 'reset', 'upgrade', 'enable', 'extend', 'narrow')
                       and requests.state in ('pending', 'approved', 'issuing', 'failed'))
               order by created_at desc, id desc limit $4::bigint + $5::bigint
           ) found order by found.created_at desc, found.id desc offset $4 limit $5"#,
        person.get(),
        provider.as_str(),
        &versions,
        i64::from(skip),
        i64::from(most)
    )
    .fetch_all(&mut *connection)
    .await?;
    tokens::get_all(connection, &ids).await
}

/// Records that a person left; none if that is known already.
pub(super) async fn note(
    connection: &mut PgConnection,
    person: UserId,
    provider: &ProviderId,
) -> sqlx::Result<Option<DepartureId>> {
    sqlx::query_scalar!(
        r#"insert into departures (person, provider) values ($1, $2)
           on conflict (person, provider) where returned_at is null do nothing
           returning id as "id: DepartureId""#,
        person.get(),
        provider.as_str()
    )
    .fetch_optional(connection)
    .await
}

/// Ends all departures of a person who is a member. Returns them with their providers.
pub(super) async fn end(
    connection: &mut PgConnection,
    person: UserId,
) -> sqlx::Result<Vec<(DepartureId, ProviderId)>> {
    let ended = sqlx::query!(
        r#"update departures set returned_at = now() where person = $1 and returned_at is null
           returning id as "id: DepartureId", provider"#,
        person.get()
    )
    .fetch_all(connection)
    .await?;
    let ended = ended.into_iter();
    ended.map(|row| Ok((row.id, row.provider.parse().map_err(undecodable)?))).collect()
}

/// A departure, without locking it.
pub async fn get(
    connection: &mut PgConnection,
    id: DepartureId,
) -> sqlx::Result<Option<Departure>> {
    let row = sqlx::query!(
        r#"select person as "person: UserId", provider, told_at is not null as "is_told!",
               returned_at is not null as "is_over!",
               channel as "channel: ChannelId", message as "message: MessageId"
           from departures where id = $1"#,
        id.get()
    )
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        let provider = row.provider.parse().map_err(undecodable)?;
        let (is_told, is_over) = (row.is_told, row.is_over);
        let message = row.channel.zip(row.message);
        Ok(Departure { id, person: row.person, provider, is_told, is_over, message })
    })
    .transpose()
}

/// Records that Discord accepted the message to the admins. Returns the person and the provider, unless that
/// was noted before.
pub(super) async fn note_reported(
    connection: &mut PgConnection,
    id: DepartureId,
    (channel, message): (ChannelId, MessageId),
) -> sqlx::Result<Option<(UserId, ProviderId)>> {
    let row = sqlx::query!(
        r#"update departures set told_at = now(), channel = $2, message = $3
           where id = $1 and told_at is null
           returning person as "person: UserId", provider"#,
        id.get(),
        channel.get(),
        message.get()
    )
    .fetch_optional(connection)
    .await?;
    row.map(|row| Ok((row.person, row.provider.parse().map_err(undecodable)?))).transpose()
}

/// Departures at these providers that the admins were not told of though the job should have run, at most
/// 500. Other providers have no admins to tell.
pub async fn list_unreported(
    connection: &mut PgConnection,
    providers: &[ProviderId],
) -> sqlx::Result<Vec<DepartureId>> {
    let providers: Vec<String> = providers.iter().map(ToString::to_string).collect();
    sqlx::query_scalar!(
        r#"select id as "id: DepartureId" from departures
           where told_at is null and returned_at is null
               and noticed_at < now() - interval '1 minute' and provider = any($1)
           order by noticed_at limit 500"#,
        &providers
    )
    .fetch_all(connection)
    .await
}
