//! Calls that renew a token's secret at its upstream: which of them nobody saw answered.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::domain::ids::AttemptId;

/// Why it is unclear what a call did that was on its way when its process ended.
const UNSEEN: &str = "nobody saw an earlier call answered";

/// A call that renews the secret is about to be sent. One that is on its way by what is known here will never be
/// seen answered: what it did is unclear from now on.
pub async fn note_renewal_sent(connection: &mut PgConnection, id: AttemptId) -> sqlx::Result<()> {
    sqlx::query!(
        "update attempts set renewal_sent = true,
             renewal_doubt = coalesce(renewal_doubt, case when renewal_sent then $2 end)
         where id = $1",
        id.get(),
        UNSEEN
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// That call came to an end that renewed nothing for sure, or, with a `doubt`, nobody knows. Returns why it is
/// unclear what this call or an earlier one did, if it is.
pub async fn note_renewal_failed(
    connection: &mut PgConnection,
    id: AttemptId,
    doubt: Option<&str>,
) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!(
        "update attempts set renewal_sent = false, renewal_doubt = coalesce(renewal_doubt, $2)
         where id = $1 returning renewal_doubt",
        id.get(),
        doubt
    )
    .fetch_one(connection)
    .await
}

/// One step of several is done, and another call is about to be sent: without its answer, all is unclear.
pub async fn note_renewal_step(
    connection: &mut PgConnection,
    id: AttemptId,
    doubt: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update attempts set renewal_doubt = coalesce(renewal_doubt, $2) where id = $1",
        id.get(),
        doubt
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Nothing about the secret is unclear any more: a call renewed it, or the token is off.
pub async fn note_renewal_clear(connection: &mut PgConnection, id: AttemptId) -> sqlx::Result<()> {
    sqlx::query!(
        "update attempts set renewal_sent = false, renewal_doubt = null where id = $1",
        id.get()
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Why it is unclear what a call did that renews the secret; none if all were clear.
pub async fn find_renewal_doubt(
    connection: &mut PgConnection,
    id: AttemptId,
) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!(
        "select coalesce(renewal_doubt, case when renewal_sent then $2 end) from attempts where id = $1",
        id.get(),
        UNSEEN
    )
    .fetch_one(connection)
    .await
}

/// The upstream said of the renewed token when it ends there. It ends it by itself if that is not later than ours.
pub async fn note_renewed_end(
    connection: &mut PgConnection,
    id: AttemptId,
    ends_at: Option<DateTime<Utc>>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update attempts set ends_itself = coalesce(
             (select $2 <= expires_at from tokens where request_id = attempts.request_id), false)
         where id = $1",
        id.get(),
        ends_at
    )
    .execute(connection)
    .await?;
    Ok(())
}
