//! Tokens, without their secrets.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;

use super::{convert_number, undecodable};
use crate::domain::catalogue::ApiVersion;
use crate::domain::ids::{RequestId, SecretId, TokenId, UserId};
use crate::domain::issuer::IssuerKind;
use crate::domain::request::Request;
use crate::domain::request_kind::RequestKind;
use crate::domain::scope::ResolvedScope;
use crate::domain::settings::TokenSettings;
use crate::domain::token::{Token, TokenState};

/// A token that an issuer made for a request.
#[derive(Debug)]
pub struct NewToken<'a> {
    /// The request, which is being issued; its content becomes the token's.
    pub request: &'a Request,
    /// The public id.
    pub account_sid: &'a str,
    /// From when its lifetime counts.
    pub lifetime_start: LifetimeStart,
}

/// From when a token's lifetime counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LifetimeStart {
    /// From its collection.
    WhenCollected,
    /// From now, by the database's clock.
    FromNow,
    /// From now, but not longer than until then.
    Until(DateTime<Utc>),
}

/// A row as it is read.
pub(super) struct TokenRow {
    pub(super) id: i64,
    pub(super) provider: String,
    pub(super) issuer: IssuerKind,
    pub(super) request_id: i64,
    pub(super) change_id: Option<i64>,
    pub(super) account_sid: String,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) api_version: i32,
    pub(super) owner: i64,
    pub(super) contact: i64,
    pub(super) developer_emails: Vec<String>,
    pub(super) scopes: Json<Vec<ResolvedScope>>,
    pub(super) lifetime_days: i32,
    pub(super) state: TokenState,
    pub(super) revision: i64,
    pub(super) created_at: DateTime<Utc>,
    pub(super) collected_at: Option<DateTime<Utc>>,
    pub(super) expires_at: Option<DateTime<Utc>>,
}

/// A checked query whose rows are tokens; its text is what stands before their columns, and what stands behind them.
macro_rules! query_tokens {
    ($before:literal, $after:literal, $($value:expr),* $(,)?) => {
        sqlx::query_as!(
            TokenRow,
            $before + r#" tokens.id, tokens.provider, tokens.issuer as "issuer: IssuerKind", tokens.request_id,
                tokens.change_id, tokens.account_sid, tokens.name, tokens.description, tokens.api_version,
                tokens.owner, tokens.contact, tokens.developer_emails,
                tokens.scopes as "scopes: Json<Vec<ResolvedScope>>", tokens.lifetime_days,
                tokens.state as "state: TokenState", tokens.revision, tokens.created_at, tokens.collected_at,
                tokens.expires_at "# + $after,
            $($value),*
        )
    };
}

impl TryFrom<TokenRow> for Token {
    type Error = sqlx::Error;
    fn try_from(row: TokenRow) -> sqlx::Result<Self> {
        Ok(Self {
            id: TokenId::new(row.id).map_err(undecodable)?,
            provider: row.provider.parse().map_err(undecodable)?,
            issuer: row.issuer,
            request: RequestId::new(row.request_id).map_err(undecodable)?,
            change: row.change_id.map(RequestId::new).transpose().map_err(undecodable)?,
            account_sid: row.account_sid,
            settings: TokenSettings {
                name: row.name,
                description: row.description,
                api_version: ApiVersion::new(convert_number(row.api_version)?)
                    .map_err(undecodable)?,
                contact: UserId::new(row.contact).map_err(undecodable)?,
                developer_emails: row
                    .developer_emails
                    .iter()
                    .map(|text| text.parse().map_err(undecodable))
                    .collect::<sqlx::Result<_>>()?,
            },
            owner: UserId::new(row.owner).map_err(undecodable)?,
            scopes: row.scopes.0,
            lifetime_days: convert_number(row.lifetime_days)?,
            state: row.state,
            revision: row.revision,
            created_at: row.created_at,
            collected_at: row.collected_at,
            expires_at: row.expires_at,
        })
    }
}

/// Creates the token of a request; the database counts the approvals again.
pub(super) async fn insert(
    connection: &mut PgConnection,
    new: &NewToken<'_>,
) -> sqlx::Result<Token> {
    let content = &new.request.content;
    let emails = content.settings.developer_addresses();
    query_tokens!(
        "insert into tokens (provider, issuer, request_id, account_sid, name, description,
             api_version, owner, contact, developer_emails, scopes, lifetime_days, state, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'issued',
             case when $13 then least($14, now() + make_interval(hours => 24 * $12)) end)
         returning",
        "",
        content.provider.as_str(),
        content.issuer as IssuerKind,
        new.request.id.get(),
        new.account_sid,
        content.settings.name,
        content.settings.description,
        convert_number::<i32, _>(content.settings.api_version.get())?,
        new.request.requester.get(),
        content.settings.contact.get(),
        &emails,
        Json(&content.scopes) as _,
        i32::from(content.lifetime_days),
        new.lifetime_start != LifetimeStart::WhenCollected,
        match new.lifetime_start {
            LifetimeStart::Until(at) => Some(at),
            LifetimeStart::WhenCollected | LifetimeStart::FromNow => None,
        },
    )
    .fetch_one(connection)
    .await?
    .try_into()
}

/// A token, without locking it.
pub async fn get(connection: &mut PgConnection, id: TokenId) -> sqlx::Result<Option<Token>> {
    query_tokens!("select", "from tokens where id = $1", id.get())
        .fetch_optional(connection)
        .await?
        .map(Token::try_from)
        .transpose()
}

/// These tokens, in this order; those that don't exist are left out.
pub async fn get_all(connection: &mut PgConnection, ids: &[TokenId]) -> sqlx::Result<Vec<Token>> {
    let numbers: Vec<i64> = ids.iter().map(|id| id.get()).collect();
    query_tokens!(
        "select",
        "from tokens where id = any($1) order by array_position($1, id)",
        &numbers
    )
    .fetch_all(connection)
    .await?
    .into_iter()
    .map(Token::try_from)
    .collect()
}

/// The tokens that have this public id, or had it with an earlier secret.
pub async fn find_by_account_sid(
    connection: &mut PgConnection,
    account_sid: &str,
) -> sqlx::Result<Vec<Token>> {
    let ids = sqlx::query_scalar!(
        r#"select id as "id!: TokenId" from tokens where account_sid = $1
           union select token_id from secrets where account_sid = $1 order by 1"#,
        account_sid
    )
    .fetch_all(&mut *connection)
    .await?;
    get_all(connection, &ids).await
}

/// A token, locked until the transaction ends.
pub async fn lock(connection: &mut PgConnection, id: TokenId) -> sqlx::Result<Option<Token>> {
    query_tokens!("select", "from tokens where id = $1 for no key update", id.get())
        .fetch_optional(connection)
        .await?
        .map(Token::try_from)
        .transpose()
}

/// The token that a request created.
pub async fn get_of_request(
    connection: &mut PgConnection,
    request: RequestId,
) -> sqlx::Result<Option<Token>> {
    query_tokens!("select", "from tokens where request_id = $1", request.get())
        .fetch_optional(connection)
        .await?
        .map(Token::try_from)
        .transpose()
}

/// A secret that is collected, and what its token becomes.
#[derive(Debug)]
pub(super) struct CollectedSecret<'a> {
    pub token: TokenId,
    /// The states that the token may be in.
    pub from: &'a [TokenState],
    pub secret: SecretId,
    /// The public id of the secret.
    pub account_sid: &'a str,
    /// Who collects it: the token's owner from now on.
    pub owner: UserId,
}

/// The first press of *Reveal* on a secret: it works, and its token is active. If that is the token's first collection, its
/// lifetime begins now; that of a token of an issuer other than `builtin` began before. Returns the changed token.
///
/// # Errors
/// [`sqlx::Error::RowNotFound`] if the secret is not waiting, or the token is in another state.
pub(super) async fn collect(
    connection: &mut PgConnection,
    collected: &CollectedSecret<'_>,
) -> sqlx::Result<Token> {
    query_tokens!(
        "with activated as (
             update secrets set state = 'current', current_from = now()
             where id = $1 and token_id = $2 and state = 'waiting' returning id)
         update tokens set owner = $3, account_sid = $4, state = 'active',
             collected_at = coalesce(collected_at, now()),
             expires_at = coalesce(expires_at, now() + make_interval(hours => 24 * lifetime_days))
         from activated where tokens.id = $2 and state = any($5) returning",
        "",
        collected.secret.get(),
        collected.token.get(),
        collected.owner.get(),
        collected.account_sid,
        collected.from as _
    )
    .fetch_one(connection)
    .await?
    .try_into()
}

/// Changes a token's state, if it is still in the state in which it was read. Returns the changed token.
///
/// # Errors
/// [`sqlx::Error::RowNotFound`] if the token is in another state.
pub(super) async fn change_state(
    connection: &mut PgConnection,
    token: &Token,
    to: TokenState,
) -> sqlx::Result<Token> {
    query_tokens!(
        "update tokens set state = $3 where id = $1 and state = $2 returning",
        "",
        token.id.get(),
        token.state as TokenState,
        to as TokenState
    )
    .fetch_one(connection)
    .await?
    .try_into()
}

/// Applies a change: the token becomes the request's content. The database compares both, and
/// counts the approvals again. A change that only removes something never moves the end to a later day, however long
/// it took to carry out. Returns the changed token.
pub(super) async fn apply(
    connection: &mut PgConnection,
    token: TokenId,
    change: &Request,
) -> sqlx::Result<Token> {
    let content = &change.content;
    let emails = content.settings.developer_addresses();
    let lives_anew = content.target.as_ref().is_some_and(|target| target.lives_anew);
    query_tokens!(
        "update tokens set change_id = $2, name = $3, description = $4, api_version = $5,
             contact = $6, developer_emails = $7, scopes = $8, lifetime_days = $9,
             expires_at = case
                 when $10 and $11 then least(expires_at, now() + make_interval(hours => 24 * $9))
                 when $10 then now() + make_interval(hours => 24 * $9)
                 else expires_at end
         where id = $1 returning",
        "",
        token.get(),
        change.id.get(),
        content.settings.name,
        content.settings.description,
        convert_number::<i32, _>(content.settings.api_version.get())?,
        content.settings.contact.get(),
        &emails,
        Json(&content.scopes) as _,
        i32::from(content.lifetime_days),
        lives_anew,
        content.kind == RequestKind::Narrow,
    )
    .fetch_one(connection)
    .await?
    .try_into()
}

/// Removes scopes from a token, or makes it end earlier: `lifetime_days` from now. Returns the changed token.
pub(super) async fn narrow(
    connection: &mut PgConnection,
    token: TokenId,
    scopes: &[ResolvedScope],
    lifetime_days: Option<u16>,
) -> sqlx::Result<Token> {
    query_tokens!(
        "update tokens set scopes = $2, lifetime_days = coalesce($3, lifetime_days),
             expires_at = coalesce(now() + make_interval(hours => 24 * $3), expires_at)
         where id = $1 returning",
        "",
        token.get(),
        Json(scopes) as _,
        lifetime_days.map(i32::from),
    )
    .fetch_one(connection)
    .await?
    .try_into()
}

/// Whether a token is past its time, by the database's clock, and has not ended yet.
pub async fn is_expired(connection: &mut PgConnection, id: TokenId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from tokens where id = $1 and expires_at <= now()
               and state in ('issued', 'active', 'disabled')) as "past!""#,
        id.get()
    )
    .fetch_one(connection)
    .await
}

/// Tokens that are past their time, at most 500.
pub async fn list_due(connection: &mut PgConnection) -> sqlx::Result<Vec<TokenId>> {
    sqlx::query_scalar!(
        r#"select id as "id: TokenId" from tokens
           where expires_at <= now() and state in ('issued', 'active', 'disabled')
           order by expires_at limit 500"#
    )
    .fetch_all(connection)
    .await
}

/// Tokens that their upstreams must disable.
pub async fn list_going_off(connection: &mut PgConnection) -> sqlx::Result<Vec<TokenId>> {
    sqlx::query_scalar!(
        r#"select id as "id: TokenId" from tokens
           where issuer = 'http' and state in ('disabling', 'deleting') order by id limit 100"#
    )
    .fetch_all(connection)
    .await
}
