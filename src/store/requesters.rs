//! What the requester of a request has already.

use serde_json::{Value, json};
use sqlx::PgConnection;

use super::convert_number;
use crate::domain::request::{Request, RequesterHistory};
use crate::domain::request_kind::RequestKind;

/// What somebody has at the provider of their request, without the token that it makes or changes.
pub async fn read_history(
    connection: &mut PgConnection,
    request: &Request,
) -> sqlx::Result<RequesterHistory> {
    let content = &request.content;
    // What a scope allows is its method, path and value, whatever its id.
    let scopes: Vec<Value> = content
        .scopes
        .iter()
        .map(|scope| json!({"method": scope.method, "path": scope.path, "value": scope.value}))
        .collect();
    let row = sqlx::query!(
        r#"select count(*) filter (where standing = 'enabled') as "enabled!",
               coalesce(bool_or(scopes @> $3), false) as "had!"
           from tokens
           where owner = $1 and provider = $2 and request_id <> $4 and id <> coalesce($5::bigint, 0)"#,
        request.requester.get(),
        content.provider.as_str(),
        Value::from(scopes),
        request.id.get(),
        request.token().map(|token| token.get())
    )
    .fetch_one(connection)
    .await?;
    let leaves_scopes =
        matches!(content.kind, RequestKind::Reset | RequestKind::Enable | RequestKind::Extend);
    Ok(RequesterHistory {
        other_tokens: convert_number(row.enabled)?,
        had_these_scopes: (!leaves_scopes).then_some(row.had),
    })
}
