//! Tokens, without their secrets.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::drafts::scope_ids;
use super::{number, undecodable};
use crate::domain::catalogue::ApiVersion;
use crate::domain::ids::{RequestId, TokenId, UserId};
use crate::domain::request::Request;
use crate::domain::token::{IssuerKind, Token, TokenState};

/// The constraint that a secret breaks that was handed out before.
pub const SECRET_KNOWN: &str = "secrets_once";

/// What an issuer made for a request.
#[derive(Debug)]
pub struct NewToken<'a> {
    /// The request, being issued; the token is what its content says.
    pub request: &'a Request,
    /// The public id.
    pub account_sid: &'a str,
    /// SHA-256 of the secret.
    pub secret_sha256: [u8; 32],
    /// Whether its lifetime begins now, by the database's clock, and not when it is collected.
    pub lives_from_now: bool,
}

struct Row {
    id: i64,
    provider: String,
    issuer: IssuerKind,
    request_id: i64,
    account_sid: String,
    name: String,
    description: String,
    api_version: i32,
    owner: i64,
    contact: i64,
    developer_emails: Vec<String>,
    scopes: Vec<String>,
    lifetime_days: i32,
    state: TokenState,
    created_at: DateTime<Utc>,
    collected_at: Option<DateTime<Utc>>,
    expires_at: Option<DateTime<Utc>>,
}

impl TryFrom<Row> for Token {
    type Error = sqlx::Error;
    fn try_from(row: Row) -> sqlx::Result<Self> {
        Ok(Self {
            id: TokenId::new(row.id).map_err(undecodable)?,
            provider: row.provider.parse().map_err(undecodable)?,
            issuer: row.issuer,
            request: RequestId::new(row.request_id).map_err(undecodable)?,
            account_sid: row.account_sid,
            name: row.name,
            description: row.description,
            api_version: ApiVersion::new(number(row.api_version)?).map_err(undecodable)?,
            owner: UserId::new(row.owner).map_err(undecodable)?,
            contact: UserId::new(row.contact).map_err(undecodable)?,
            developer_emails: row
                .developer_emails
                .iter()
                .map(|text| text.parse().map_err(undecodable))
                .collect::<sqlx::Result<_>>()?,
            scopes: scope_ids(row.scopes)?,
            lifetime_days: number(row.lifetime_days)?,
            state: row.state,
            created_at: row.created_at,
            collected_at: row.collected_at,
            expires_at: row.expires_at,
        })
    }
}

/// Creates the token that a request asked for; the database counts the hands once more.
///
/// # Errors
/// As the database says; a secret that was handed out before breaks [`SECRET_KNOWN`].
pub async fn insert(connection: &mut PgConnection, new: &NewToken<'_>) -> sqlx::Result<TokenId> {
    let content = &new.request.content;
    let emails: Vec<String> = content.developer_emails.iter().map(ToString::to_string).collect();
    let scopes: Vec<String> = content.scopes.iter().map(|scope| scope.id.to_string()).collect();
    sqlx::query_scalar!(
        r#"insert into tokens (provider, issuer, request_id, account_sid, secret_sha256, name,
               description, api_version, owner, contact, developer_emails, scopes, lifetime_days,
               state, expires_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'issued',
               case when $14 then now() + make_interval(days => $13) end)
           returning id as "id: TokenId""#,
        content.provider.as_str(),
        content.issuer as IssuerKind,
        new.request.id.get(),
        new.account_sid,
        &new.secret_sha256,
        content.name,
        content.description,
        number::<i32, _>(content.api_version.get())?,
        new.request.requester.get(),
        content.contact.get(),
        &emails,
        &scopes,
        i32::from(content.lifetime_days),
        new.lives_from_now,
    )
    .fetch_one(connection)
    .await
}

/// A token as it is.
///
/// # Errors
/// As the database says.
pub async fn get(connection: &mut PgConnection, id: TokenId) -> sqlx::Result<Option<Token>> {
    sqlx::query_as!(
        Row,
        r#"select id, provider, issuer as "issuer: IssuerKind", request_id, account_sid, name,
               description, api_version, owner, contact, developer_emails, scopes, lifetime_days,
               state as "state: TokenState", created_at, collected_at, expires_at
           from tokens where id = $1"#,
        id.get()
    )
    .fetch_optional(connection)
    .await?
    .map(Token::try_from)
    .transpose()
}

/// A token, locked until the transaction ends.
///
/// # Errors
/// As the database says.
pub async fn lock(connection: &mut PgConnection, id: TokenId) -> sqlx::Result<Option<Token>> {
    sqlx::query_as!(
        Row,
        r#"select id, provider, issuer as "issuer: IssuerKind", request_id, account_sid, name,
               description, api_version, owner, contact, developer_emails, scopes, lifetime_days,
               state as "state: TokenState", created_at, collected_at, expires_at
           from tokens where id = $1 for update"#,
        id.get()
    )
    .fetch_optional(connection)
    .await?
    .map(Token::try_from)
    .transpose()
}

/// The token that a request created.
///
/// # Errors
/// As the database says.
pub async fn of_request(
    connection: &mut PgConnection,
    request: RequestId,
) -> sqlx::Result<Option<Token>> {
    sqlx::query_as!(
        Row,
        r#"select id, provider, issuer as "issuer: IssuerKind", request_id, account_sid, name,
               description, api_version, owner, contact, developer_emails, scopes, lifetime_days,
               state as "state: TokenState", created_at, collected_at, expires_at
           from tokens where request_id = $1"#,
        request.get()
    )
    .fetch_optional(connection)
    .await?
    .map(Token::try_from)
    .transpose()
}

/// The first press of *Reveal*: from here the token is active. A `builtin` token's lifetime begins
/// now; the others have theirs already.
///
/// # Errors
/// As the database says; a token that is not waiting to be collected is
/// [`sqlx::Error::RowNotFound`].
pub async fn collect(connection: &mut PgConnection, id: TokenId) -> sqlx::Result<()> {
    let changed = sqlx::query!(
        "update tokens set state = 'active', collected_at = now(), revision = revision + 1,
             expires_at = coalesce(expires_at, now() + make_interval(days => lifetime_days))
         where id = $1 and state = 'issued'",
        id.get()
    )
    .execute(connection)
    .await?;
    if changed.rows_affected() == 1 { Ok(()) } else { Err(sqlx::Error::RowNotFound) }
}

/// Narrows a token's state, if it still is where it was seen.
///
/// # Errors
/// As the database says; another state meanwhile is [`sqlx::Error::RowNotFound`].
pub async fn change_state(
    connection: &mut PgConnection,
    token: &Token,
    to: TokenState,
) -> sqlx::Result<()> {
    let changed = sqlx::query!(
        "update tokens set state = $3, revision = revision + 1 where id = $1 and state = $2",
        token.id.get(),
        token.state as TokenState,
        to as TokenState
    )
    .execute(connection)
    .await?;
    if changed.rows_affected() == 1 { Ok(()) } else { Err(sqlx::Error::RowNotFound) }
}
