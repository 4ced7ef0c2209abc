//! People who left the guild while something hangs on them.

use sqlx::PgConnection;

use super::{requests, tokens, undecodable};
use crate::domain::catalogue::ProviderId;
use crate::domain::ids::{DepartureId, RequestId, TokenId, UserId};
use crate::domain::request::Request;
use crate::domain::token::Token;

/// So many tokens and requests of one person are looked at.
const MOST: i64 = 100;

/// Somebody left, as far as one provider is concerned.
#[derive(Debug, Clone)]
pub struct Departure {
    /// The database's identity.
    pub id: DepartureId,
    /// Who.
    pub person: UserId,
    /// Whose admins are told.
    pub provider: ProviderId,
    /// Whether they were.
    pub is_told: bool,
    /// Whether the person is back.
    pub is_over: bool,
}

/// What hangs on a person at one provider.
#[derive(Debug)]
pub struct Hanging {
    /// Live tokens that they own.
    pub owned: Vec<Token>,
    /// Live tokens whose primary contact they are.
    pub contact_of: Vec<Token>,
    /// Open requests that they made, or in which they are to be the contact.
    pub requests: Vec<Request>,
}

/// The providers at which something hangs on a person.
///
/// # Errors
/// As the database says.
pub async fn providers_of(
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
               and (requester = $1 or (content::jsonb ->> 'contact')::bigint = $1)
           order by 1"#,
        person.get()
    )
    .fetch_all(connection)
    .await?;
    found.into_iter().map(|provider| provider.parse().map_err(undecodable)).collect()
}

/// What hangs on a person at a provider, the newest first.
///
/// # Errors
/// As the database says.
pub async fn hanging(
    connection: &mut PgConnection,
    person: UserId,
    provider: &ProviderId,
) -> sqlx::Result<Hanging> {
    let owned = sqlx::query_scalar!(
        r#"select id as "id: TokenId" from tokens
           where owner = $1 and provider = $2 and standing in ('enabled', 'disabled')
           order by id desc limit $3"#,
        person.get(),
        provider.as_str(),
        MOST
    )
    .fetch_all(&mut *connection)
    .await?;
    let requests = sqlx::query_scalar!(
        r#"select id as "id: RequestId" from requests
           where provider = $2 and state in ('pending', 'approved', 'issuing', 'failed')
               and not is_task(kind)
               and (requester = $1 or (content::jsonb ->> 'contact')::bigint = $1)
           order by id desc limit $3"#,
        person.get(),
        provider.as_str(),
        MOST
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut open = Vec::with_capacity(requests.len());
    for id in requests {
        open.extend(requests::get(connection, id).await?);
    }
    Ok(Hanging {
        owned: tokens::get_all(connection, &owned).await?,
        contact_of: contact_of(connection, person, provider).await?,
        requests: open,
    })
}

/// The live tokens of a provider whose primary contact a person is, the newest first.
///
/// # Errors
/// As the database says.
pub async fn contact_of(
    connection: &mut PgConnection,
    person: UserId,
    provider: &ProviderId,
) -> sqlx::Result<Vec<Token>> {
    let ids = sqlx::query_scalar!(
        r#"select id as "id: TokenId" from tokens
           where contact = $1 and provider = $2 and standing in ('enabled', 'disabled')
           order by id desc limit $3"#,
        person.get(),
        provider.as_str(),
        MOST
    )
    .fetch_all(&mut *connection)
    .await?;
    tokens::get_all(connection, &ids).await
}

/// Notes that somebody left; none where that is known.
///
/// # Errors
/// As the database says.
pub async fn note(
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

/// Somebody is there: every departure of theirs is over. Gives the providers of those.
///
/// # Errors
/// As the database says.
pub async fn end(connection: &mut PgConnection, person: UserId) -> sqlx::Result<Vec<ProviderId>> {
    let ended = sqlx::query_scalar!(
        "update departures set returned_at = now() where person = $1 and returned_at is null
         returning provider",
        person.get()
    )
    .fetch_all(connection)
    .await?;
    ended.into_iter().map(|provider| provider.parse().map_err(undecodable)).collect()
}

/// A departure as it is.
///
/// # Errors
/// As the database says.
pub async fn get(
    connection: &mut PgConnection,
    id: DepartureId,
) -> sqlx::Result<Option<Departure>> {
    let row = sqlx::query!(
        r#"select person as "person: UserId", provider, told_at is not null as "is_told!",
               returned_at is not null as "is_over!"
           from departures where id = $1"#,
        id.get()
    )
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        let provider = row.provider.parse().map_err(undecodable)?;
        let (is_told, is_over) = (row.is_told, row.is_over);
        Ok(Departure { id, person: row.person, provider, is_told, is_over })
    })
    .transpose()
}

/// Discord took the message that tells the admins.
///
/// # Errors
/// As the database says.
pub async fn told(connection: &mut PgConnection, id: DepartureId) -> sqlx::Result<()> {
    sqlx::query!(
        "update departures set told_at = now() where id = $1 and told_at is null",
        id.get()
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Departures of which nobody was told for longer than their job should have taken, 500 at most.
///
/// # Errors
/// As the database says.
pub async fn untold(connection: &mut PgConnection) -> sqlx::Result<Vec<DepartureId>> {
    sqlx::query_scalar!(
        r#"select id as "id: DepartureId" from departures
           where told_at is null and returned_at is null
               and noticed_at < now() - interval '1 minute'
           order by noticed_at limit 500"#
    )
    .fetch_all(connection)
    .await
}
