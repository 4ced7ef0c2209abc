//! What live tokens may do, to be compared with today's catalogues.

use sqlx::PgConnection;

use super::readable::Readable;
use crate::domain::scope::ResolvedScope;

/// What live tokens may do, each scope once for each provider and version.
#[derive(Debug)]
pub struct LiveScope {
    /// The provider's id; it may be gone from the configuration.
    pub provider: String,
    /// The API version.
    pub api_version: i32,
    /// As it was approved; none where it can't be read.
    pub scope: Option<ResolvedScope>,
    /// How many live tokens have it.
    pub tokens: i64,
    /// The name of one of them.
    pub example: String,
}

/// The scopes of all tokens that work, or could work again.
pub async fn list_live_scopes(connection: &mut PgConnection) -> sqlx::Result<Vec<LiveScope>> {
    let rows = sqlx::query!(
        r#"select provider, api_version, scope as "scope!: Readable<ResolvedScope>",
               count(*) as "tokens!", min(name) as "example!"
           from tokens, jsonb_array_elements(scopes) as scope
           where standing in ('enabled', 'disabled')
           group by provider, api_version, scope order by provider, api_version, scope"#
    )
    .fetch_all(connection)
    .await?;
    let live = rows.into_iter().map(|row| LiveScope {
        provider: row.provider,
        api_version: row.api_version,
        scope: row.scope.0,
        tokens: row.tokens,
        example: row.example,
    });
    Ok(live.collect())
}
