//! Lists of tokens and requests.

use chrono::{DateTime, Utc};
use sqlx::{AssertSqlSafe, PgConnection};

use super::{pool, tokens};
use crate::domain::catalogue::ProviderId;
use crate::domain::form::name_key;
use crate::domain::ids::{RequestId, TokenId, UserId};
use crate::domain::token::{Token, TokenStatus};

/// The tokens that a person may see: those they own, those they are contact of, and all of some providers.
#[derive(Debug)]
pub struct Viewer {
    /// The person.
    pub user: UserId,
    /// The providers whose admin they are.
    pub admin_of: Vec<ProviderId>,
}

/// The filter of a list.
#[derive(Debug, Clone)]
pub struct Filter {
    /// By name.
    pub name: NameFilter,
    /// Created at this time or later.
    pub from: Option<DateTime<Utc>>,
    /// Created before this time.
    pub to: Option<DateTime<Utc>>,
    /// By status.
    pub standings: Vec<TokenStatus>,
}

/// A filter by name, as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NameFilter {
    /// Anything.
    Anyhow,
    /// The name contains this text, ignoring case.
    Holding(String),
    /// The name has this key, under which names are unique.
    Exactly(String),
}

/// The index that finds names: the one that fits the search text best.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameIndex {
    /// By no name.
    Any,
    /// By groups of three characters.
    Trigrams,
    /// By one and two characters, if no word in the search text has three.
    ShortParts,
    /// By the key.
    Key,
}

/// The number of characters in a trigram.
const TRIGRAM: usize = 3;

impl NameFilter {
    /// Names that contain the typed text; any name if the text is empty.
    #[must_use]
    pub fn holding(typed: &str) -> Self {
        match typed.trim() {
            "" => Self::Anyhow,
            part => Self::Holding(part.to_owned()),
        }
    }

    /// The name that was typed in full; none if the text is empty.
    #[must_use]
    pub fn exactly(typed: &str) -> Option<Self> {
        (!name_key(typed).is_empty()).then(|| Self::Exactly(typed.to_owned()))
    }

    fn choose_index(&self) -> NameIndex {
        match self {
            Self::Anyhow => NameIndex::Any,
            Self::Holding(part) => {
                let mut words = part.split(|c: char| !c.is_alphanumeric());
                match words.any(|word| word.chars().count() >= TRIGRAM) {
                    true => NameIndex::Trigrams,
                    false => NameIndex::ShortParts,
                }
            }
            Self::Exactly(_) => NameIndex::Key,
        }
    }

    /// The text for the query.
    fn search_text(&self) -> String {
        match self {
            Self::Anyhow => String::new(),
            Self::Holding(part) if self.choose_index() == NameIndex::Trigrams => {
                format!("%{}%", escaped(part))
            }
            Self::Holding(part) => part.clone(),
            Self::Exactly(name) => name_key(name),
        }
    }
}

/// Up to `most` tokens after `skip` others, the newest first.
pub async fn get_page(
    connection: &mut PgConnection,
    viewer: &Viewer,
    filter: &Filter,
    (skip, most): (u32, u32),
) -> sqlx::Result<Vec<Token>> {
    let providers: Vec<String> = viewer.admin_of.iter().map(ToString::to_string).collect();
    let standings: Vec<String> =
        filter.standings.iter().map(|standing| standing.as_str().to_owned()).collect();
    // The best index depends on the arguments; so it is no prepared statement, either.
    pool::plan_by_arguments(connection).await?;
    let ids: Vec<TokenId> = sqlx::query_scalar(AssertSqlSafe(query(filter.name.choose_index())))
        .bind(viewer.user.get())
        .bind(&providers)
        .bind(&standings)
        .bind(filter.from)
        .bind(filter.to)
        .bind(filter.name.search_text())
        .bind(i64::from(skip) + i64::from(most))
        .bind(i64::from(skip))
        .persistent(false)
        .fetch_all(&mut *connection)
        .await?;
    pool::plan_once(connection).await?;
    tokens::get_all(connection, &ids).await
}

/// Each index gives the newest tokens of one owner, contact or provider in one state; the page merges them.
/// The query text holds no user input.
fn query(search: NameIndex) -> String {
    const ORDER: &str = "order by created_at desc, id desc";
    let named = match search {
        NameIndex::Any => "$6 = ''",
        NameIndex::Trigrams => "lower(name) like lower($6)",
        NameIndex::ShortParts => {
            "short_parts(name) @> short_parts($6) and position(lower($6) in lower(name)) > 0"
        }
        NameIndex::Key => "name_key = $6",
    };
    let part = |providers: &str, whose: &str| {
        format!(
            "select found.id, found.created_at
             from {providers} unnest($3::text[]) as wanted (standing) cross join lateral (
                 select id, created_at from tokens
                 where {whose} and tokens.standing = wanted.standing
                     and created_at >= coalesce($4, '-infinity') and created_at < coalesce($5, 'infinity')
                     and {named}
                 {ORDER} limit $7
             ) found"
        )
    };
    let parts = [
        part("", "owner = $1"),
        part("", "contact = $1"),
        part("unnest($2::text[]) as theirs (id),", "provider = theirs.id"),
    ];
    let seen = parts.join("\nunion\n");
    format!("select id from ({seen}) seen {ORDER} limit $7 - $8 offset $8")
}

/// Escapes a part of a name for `like`.
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

/// Pending requests at these providers that a person can still approve, the oldest first.
pub async fn list_waiting_for_approval(
    connection: &mut PgConnection,
    person: UserId,
    providers: &[ProviderId],
    (skip, most): (u32, u32),
) -> sqlx::Result<Vec<RequestId>> {
    let providers: Vec<String> = providers.iter().map(ToString::to_string).collect();
    sqlx::query_scalar!(
        r#"select found.id as "id!: RequestId" from unnest($2::text[]) theirs cross join lateral (
               select id from requests
               where provider = theirs and state = 'pending'
                   and (requester_approval_counts or requester <> $1)
                   and not exists (select from approvals where request_id = requests.id
                       and person = $1 and struck_at is null)
               order by id limit $3::bigint + $4::bigint
           ) found order by 1 offset $3 limit $4"#,
        person.get(),
        &providers,
        i64::from(skip),
        i64::from(most)
    )
    .fetch_all(connection)
    .await
}

/// Requests at these providers that wait for an admin to act, the oldest first: failed requests, requests
/// at manual issuers, and what an upstream did not do.
pub async fn list_waiting_for_admin(
    connection: &mut PgConnection,
    providers: &[ProviderId],
    (skip, most): (u32, u32),
) -> sqlx::Result<Vec<RequestId>> {
    let providers: Vec<String> = providers.iter().map(ToString::to_string).collect();
    sqlx::query_scalar!(
        r#"select found.id as "id!: RequestId" from unnest($1::text[]) theirs cross join lateral (
               select id from requests
               where provider = theirs and state in ('issuing', 'failed')
                   and (state = 'failed' or content::jsonb ->> 'issuer' = 'manual'
                       or is_task(kind) and (kind <> 'narrow' or reason is not null))
               order by id limit $2::bigint + $3::bigint
           ) found order by 1 offset $2 limit $3"#,
        &providers,
        i64::from(skip),
        i64::from(most)
    )
    .fetch_all(connection)
    .await
}

/// A person's own requests that are not decided, the oldest first.
pub async fn list_open_requests_of(
    connection: &mut PgConnection,
    person: UserId,
    (skip, most): (u32, u32),
) -> sqlx::Result<Vec<RequestId>> {
    sqlx::query_scalar!(
        r#"select id as "id: RequestId" from requests
           where requester = $1 and state in ('pending', 'approved', 'issuing', 'failed')
           order by id offset $2 limit $3"#,
        person.get(),
        i64::from(skip),
        i64::from(most)
    )
    .fetch_all(connection)
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_selective_index_is_used() {
        for (typed, search) in [
            ("", NameIndex::Any),
            ("  ", NameIndex::Any),
            ("経理", NameIndex::ShortParts),
            ("BI", NameIndex::ShortParts),
            ("x", NameIndex::ShortParts),
            // Words with less than three characters have no trigrams, however long the whole text is.
            ("a-b 1.2", NameIndex::ShortParts),
            ("%", NameIndex::ShortParts),
            ("日本語", NameIndex::Trigrams),
            (" rep", NameIndex::Trigrams),
        ] {
            assert_eq!(NameFilter::holding(typed).choose_index(), search, "{typed:?}");
        }
        assert_eq!(NameFilter::exactly("BI").unwrap().choose_index(), NameIndex::Key);
        assert_eq!(NameFilter::exactly(" \u{3000}"), None);
    }
}
