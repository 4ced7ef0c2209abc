//! The secrets of tokens: their hashes, and which of them open something.

use std::collections::BTreeMap;

use sqlx::PgConnection;

use crate::domain::ids::{RequestId, SecretId, TokenId};
use crate::domain::request_kind::RequestKind;
use crate::domain::secret::WorkingSecret;

/// The constraint that a secret breaks if it was issued before.
pub const SECRET_KNOWN: &str = "secrets_once";

/// What the secret was made for.
#[derive(Debug)]
pub struct SecretOrigin {
    /// The request.
    pub request: RequestId,
    /// Its kind.
    pub kind: RequestKind,
    /// The public id of the secret.
    pub account_sid: String,
    /// How long the previous secret works after the collection of this one.
    pub overlap_seconds: i32,
    /// Whether it no longer opens anything, or never will.
    pub is_dead: bool,
}

/// What the secret was made for.
pub async fn get_origin(connection: &mut PgConnection, id: SecretId) -> sqlx::Result<SecretOrigin> {
    sqlx::query_as!(
        SecretOrigin,
        r#"select requests.id as "request: RequestId", kind as "kind: RequestKind", account_sid,
               coalesce((content::jsonb -> 'target' ->> 'overlap_seconds')::integer, 0)
                   as "overlap_seconds!",
               coalesce(secrets.state = 'dead'
                   or (secrets.state = 'outgoing' and valid_until <= now()), false) as "is_dead!"
           from secrets join requests on requests.id = request_id where secrets.id = $1"#,
        id.get()
    )
    .fetch_one(connection)
    .await
}

/// Lets a token's current secret work for `overlap_seconds` more, but not past the token's end; earlier ones
/// stop working.
pub(super) async fn retire(
    connection: &mut PgConnection,
    token: TokenId,
    overlap_seconds: i32,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update secrets set state = 'dead'
         where token_id = $1 and (state = 'outgoing' or (state = 'current' and $2 = 0))",
        token.get(),
        overlap_seconds
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "update secrets set state = 'outgoing', valid_until = least(
             now() + make_interval(secs => $2), (select expires_at from tokens where id = $1))
         where token_id = $1 and state = 'current'",
        token.get(),
        f64::from(overlap_seconds)
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Ends a secret that was not collected.
pub(super) async fn forget(connection: &mut PgConnection, id: SecretId) -> sqlx::Result<()> {
    sqlx::query!("update secrets set state = 'dead' where id = $1 and state = 'waiting'", id.get())
        .execute(connection)
        .await?;
    Ok(())
}

/// Ends the secret of a token that waits to be collected, if there is one.
pub(super) async fn forget_waiting(
    connection: &mut PgConnection,
    token: TokenId,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update secrets set state = 'dead' where token_id = $1 and state = 'waiting'",
        token.get()
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Ends all secrets of a token, because the issuer makes another one in their place.
pub(super) async fn end_all(connection: &mut PgConnection, token: TokenId) -> sqlx::Result<()> {
    sqlx::query!(
        "update secrets set state = 'dead' where token_id = $1 and state <> 'dead'",
        token.get()
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The secrets that open these tokens; for each token the current one first.
pub async fn list_working(
    connection: &mut PgConnection,
    tokens: &[TokenId],
) -> sqlx::Result<BTreeMap<TokenId, Vec<WorkingSecret>>> {
    let tokens: Vec<i64> = tokens.iter().map(|token| token.get()).collect();
    let rows = sqlx::query!(
        r#"select token_id as "token: TokenId", valid_until, last_used_at from secrets
           where token_id = any($1)
               and (state = 'current' or (state = 'outgoing' and valid_until > now()))
           order by token_id, state"#,
        &tokens
    )
    .fetch_all(connection)
    .await?;
    let mut uses: BTreeMap<TokenId, Vec<WorkingSecret>> = BTreeMap::new();
    for row in rows {
        let used = WorkingSecret { valid_until: row.valid_until, last_used_at: row.last_used_at };
        uses.entry(row.token).or_default().push(used);
    }
    Ok(uses)
}

/// Whether a token's people were told that its secret may no longer work, and no other one was made since.
pub async fn is_doubted(connection: &mut PgConnection, token: TokenId) -> sqlx::Result<bool> {
    let last = sqlx::query_scalar!(
        r#"select kind = 'secret_unsure' as "is_doubted!" from events where token_id = $1
               and kind in ('token_issued', 'secret_renewed', 'secret_unsure')
           order by id desc limit 1"#,
        token.get()
    );
    Ok(last.fetch_optional(connection).await?.unwrap_or(false))
}
