//! Tokens and requests as people look them up.

use chrono::{DateTime, Utc};
use sqlx::{AssertSqlSafe, PgConnection};

use super::tokens;
use crate::domain::catalogue::ProviderId;
use crate::domain::ids::{RequestId, TokenId, UserId};
use crate::domain::token::{Standing, Token};

/// Whose tokens somebody sees: their own, those that they are contact of, and all of some providers.
#[derive(Debug)]
pub struct Viewer {
    /// Who looks.
    pub user: UserId,
    /// The providers whose admin they are.
    pub admin_of: Vec<ProviderId>,
}

/// Which of them are wanted.
#[derive(Debug, Clone)]
pub struct Filter {
    /// What the name holds, whatever its case. A part of one or two characters is looked for among
    /// the newest fifty of each standing, since no index knows it.
    pub name: Option<String>,
    /// Not created before.
    pub from: Option<DateTime<Utc>>,
    /// Created before.
    pub to: Option<DateTime<Utc>>,
    /// Where they stand.
    pub standings: Vec<Standing>,
}

/// Parts of names that are shorter are not in the index.
const INDEXED: usize = 3;
/// Among how many those are looked for.
const NEWEST: i64 = 50;

/// Up to `most` tokens after `skip` others, the newest first.
///
/// # Errors
/// As the database says.
pub async fn page(
    connection: &mut PgConnection,
    viewer: &Viewer,
    filter: &Filter,
    (skip, most): (u32, u32),
) -> sqlx::Result<Vec<Token>> {
    let providers: Vec<String> = viewer.admin_of.iter().map(ToString::to_string).collect();
    let standings: Vec<String> =
        filter.standings.iter().map(|standing| standing.as_str().to_owned()).collect();
    let name = filter.name.as_deref().map(str::trim).filter(|name| !name.is_empty());
    let pattern = format!("%{}%", name.map(escaped).unwrap_or_default());
    let is_short = name.is_some_and(|name| name.chars().count() < INDEXED);
    // Not kept prepared: which index serves best depends on what is asked for.
    let ids: Vec<TokenId> = sqlx::query_scalar(AssertSqlSafe(query(is_short)))
        .bind(viewer.user.get())
        .bind(&providers)
        .bind(&standings)
        .bind(filter.from)
        .bind(filter.to)
        .bind(&pattern)
        .bind(i64::from(skip) + i64::from(most))
        .bind(i64::from(skip))
        .persistent(false)
        .fetch_all(&mut *connection)
        .await?;
    tokens::get_all(connection, &ids).await
}

/// Each index gives the newest of one owner, contact or provider in one standing; the page is made of
/// those. No text of anybody's is in it.
pub fn query(is_short: bool) -> String {
    const ORDER: &str = "order by created_at desc, id desc";
    let part = |providers: &str, whose: &str| {
        let mut found = format!(
            "tokens where {whose} and tokens.standing = wanted.standing
                and created_at >= coalesce($4, '-infinity') and created_at < coalesce($5, 'infinity')"
        );
        if is_short {
            found = format!(
                "(select id, created_at, name from {found} {ORDER} limit {NEWEST}) newest where true"
            );
        }
        format!(
            "select found.id, found.created_at
             from {providers} unnest($3::text[]) as wanted (standing) cross join lateral (
                 select id, created_at from {found} and lower(name) like lower($6) {ORDER} limit $7
             ) found"
        )
    };
    let parts = [
        part("", "owner = $1"),
        part("", "contact = $1"),
        part("unnest($2::text[]) as theirs (id),", "provider = theirs.id"),
    ];
    format!("select id from ({}) seen {ORDER} limit $7 offset $8", parts.join("\nunion\n"))
}

/// A part of a name as `like` takes it.
fn escaped(name: &str) -> String {
    let mut escaped = String::with_capacity(name.len());
    for c in name.chars() {
        if matches!(c, '%' | '_' | '\\') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// Pending requests of these providers that a person can still put a hand to, the oldest first.
///
/// # Errors
/// As the database says.
pub async fn waiting_for_hand(
    connection: &mut PgConnection,
    person: UserId,
    providers: &[ProviderId],
    most: i64,
) -> sqlx::Result<Vec<RequestId>> {
    let providers: Vec<String> = providers.iter().map(ToString::to_string).collect();
    sqlx::query_scalar!(
        r#"select found.id as "id!: RequestId" from unnest($2::text[]) theirs cross join lateral (
               select id from requests
               where provider = theirs and state = 'pending'
                   and (requester_hand_counts or requester <> $1)
                   and not exists (select from hands where request_id = requests.id
                       and person = $1 and struck_at is null)
               order by id limit $3
           ) found order by 1 limit $3"#,
        person.get(),
        &providers,
        most
    )
    .fetch_all(connection)
    .await
}

/// Requests of these providers that wait for an admin to do something, the oldest first: those that
/// failed, and those whose issuer is a person.
///
/// # Errors
/// As the database says.
pub async fn waiting_for_admin(
    connection: &mut PgConnection,
    providers: &[ProviderId],
    most: i64,
) -> sqlx::Result<Vec<RequestId>> {
    let providers: Vec<String> = providers.iter().map(ToString::to_string).collect();
    sqlx::query_scalar!(
        r#"select found.id as "id!: RequestId" from unnest($1::text[]) theirs cross join lateral (
               select id from requests
               where provider = theirs and state in ('issuing', 'failed')
                   and (state = 'failed' or content::jsonb ->> 'issuer' = 'manual')
               order by id limit $2
           ) found order by 1 limit $2"#,
        &providers,
        most
    )
    .fetch_all(connection)
    .await
}

/// A person's own requests that are not decided yet, the oldest first.
///
/// # Errors
/// As the database says.
pub async fn open_of(
    connection: &mut PgConnection,
    person: UserId,
    most: i64,
) -> sqlx::Result<Vec<RequestId>> {
    sqlx::query_scalar!(
        r#"select id as "id: RequestId" from requests
           where requester = $1 and state in ('pending', 'approved', 'issuing', 'failed')
           order by id limit $2"#,
        person.get(),
        most
    )
    .fetch_all(connection)
    .await
}
