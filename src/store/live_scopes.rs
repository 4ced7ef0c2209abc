//! The scopes of working tokens, to compare with today's catalogues.

use sqlx::PgConnection;

use super::readable::Readable;
use crate::domain::scope::ResolvedScope;

/// A scope of working tokens, listed once for each provider and version.
#[derive(Debug)]
pub struct LiveScope {
    /// The id of the provider, which may no longer be configured.
    pub provider: String,
    /// The API version.
    pub api_version: i32,
    /// The scope as it was approved; none if it can't be read.
    pub scope: Option<ResolvedScope>,
    /// How many working tokens have it.
    pub tokens: i64,
    /// The name of one of them.
    pub example: String,
}

/// The scopes of all tokens that work, or can work again.
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
