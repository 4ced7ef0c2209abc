//! Expired tokens that were not reported yet.

use sqlx::PgConnection;

use crate::domain::ids::{EventId, TokenId};

/// A token that expired.
#[derive(Debug, Clone, Copy)]
pub struct ExpiredToken {
    /// The event of it.
    pub event: EventId,
    /// The token.
    pub token: TokenId,
}

/// Records that a token expired and must be reported.
pub(super) async fn note(connection: &mut PgConnection, expiry: ExpiredToken) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into expiries (event_id, token_id) values ($1, $2)",
        expiry.event.get(),
        expiry.token.get()
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Whether tokens are past their time and have not ended yet, so that messages wait for them. They wait for a
/// minute at most.
pub async fn is_any_under_way(connection: &mut PgConnection) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from tokens
               where expires_at <= now() and state in ('issued', 'active', 'disabled'))
           and exists (select from events
               where id = (select min(event_id) from expiries where told_at is null)
                 and at > now() - interval '1 minute') as "under_way!""#
    )
    .fetch_one(connection)
    .await
}

/// Whether there are expired tokens that were not reported.
pub async fn is_any_unreported(connection: &mut PgConnection) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from expiries where told_at is null) as "untold!""#
    )
    .fetch_one(connection)
    .await
}

/// Takes up to `most` expired tokens that were not reported, in the order in which they expired. The
/// caller's transaction reports them.
pub async fn take_unreported(
    connection: &mut PgConnection,
    most: u16,
) -> sqlx::Result<Vec<ExpiredToken>> {
    let mut taken = sqlx::query_as!(
        ExpiredToken,
        r#"update expiries set told_at = now()
           where event_id in (select event_id from expiries where told_at is null
               order by event_id limit $1 for update)
             and told_at is null
           returning event_id as "event: EventId", token_id as "token: TokenId""#,
        i64::from(most)
    )
    .fetch_all(connection)
    .await?;
    taken.sort_by_key(|expiry| expiry.event);
    Ok(taken)
}
