//! How long requests wait, by the database's clock.

use std::time::Duration;

use sqlx::PgConnection;

use crate::domain::ids::RequestId;
use crate::domain::request::{Request, RequestState};
use crate::store::one_changed;

/// Returns a request that had enough approvals to pending, because too few are left. It waits for at least
/// `ttl` from now.
///
/// # Errors
/// [`sqlx::Error::RowNotFound`] if the request is in another state.
pub(in crate::store) async fn give_back(
    connection: &mut PgConnection,
    request: &Request,
    ttl: Duration,
) -> sqlx::Result<()> {
    let changed = sqlx::query!(
        "update requests set state = 'pending', ended_by = null, reason = null,
             expires_at = greatest(expires_at, now() + make_interval(secs => $3))
         where id = $1 and state = $2",
        request.id.get(),
        request.state as RequestState,
        ttl.as_secs_f64()
    )
    .execute(connection)
    .await?;
    one_changed(&changed)
}

/// A request that a sweep finds due: pending and past its time, or approved or issuing without progress.
#[derive(Debug)]
pub struct DueRequest {
    /// The request.
    pub id: RequestId,
    /// Its state.
    pub state: RequestState,
}

/// Requests that need a job, at most a thousand.
pub async fn list_due(connection: &mut PgConnection) -> sqlx::Result<Vec<DueRequest>> {
    sqlx::query_as!(
        DueRequest,
        r#"(select id as "id!: RequestId", state as "state!: RequestState" from requests
            where state = 'pending' and expires_at < now() order by expires_at limit 500)
           union all
           (select id, state from requests
            where state in ('approved', 'issuing') and changed_at < now() - interval '30 seconds'
            order by changed_at limit 500)"#
    )
    .fetch_all(connection)
    .await
}

/// Whether a request has been in its state for so long.
pub async fn is_unchanged_for(
    connection: &mut PgConnection,
    id: RequestId,
    long: Duration,
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from requests
               where id = $1 and changed_at <= now() - make_interval(secs => $2)) as "long!""#,
        id.get(),
        long.as_secs_f64()
    )
    .fetch_one(connection)
    .await
}

/// Whether a request is past its time, by the database's clock.
pub async fn is_expired(connection: &mut PgConnection, id: RequestId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from requests where id = $1 and expires_at <= now()) as "past!""#,
        id.get()
    )
    .fetch_one(connection)
    .await
}
