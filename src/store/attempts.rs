//! Calls that make tokens at upstreams.

use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::one_changed;
use crate::domain::attempt::{Attempt, AttemptState};
use crate::domain::ids::{AttemptId, RequestId};

/// A token that is ours at an upstream.
#[derive(Debug, Clone)]
pub struct Upstream {
    /// The call that made it.
    pub attempt: AttemptId,
    /// What it is known by, with its id.
    pub marker: String,
    /// The upstream's id.
    pub upstream_id: String,
    /// Whether the upstream ends it by itself.
    pub ends_itself: bool,
}

/// Writes a call down before it goes out; the database counts the approvals once more.
pub(super) async fn begin(
    connection: &mut PgConnection,
    request: RequestId,
    marker: &str,
) -> sqlx::Result<AttemptId> {
    sqlx::query_scalar!(
        r#"insert into attempts (request_id, marker) values ($1, $2) returning id as "id: AttemptId""#,
        request.get(),
        marker
    )
    .fetch_one(connection)
    .await
}

/// The call of a request's that may have made a token which nobody knows of.
pub async fn open(
    connection: &mut PgConnection,
    request: RequestId,
) -> sqlx::Result<Option<Attempt>> {
    sqlx::query_as!(
        Attempt,
        r#"select id as "id: AttemptId", request_id as "request: RequestId", marker,
               state as "state: AttemptState", coalesce(look_again_at <= now(), false) as "is_settled!"
           from attempts where request_id = $1 and state in ('calling', 'doubtful')"#,
        request.get()
    )
    .fetch_optional(connection)
    .await
}

/// A call as it is.
pub async fn get(connection: &mut PgConnection, id: AttemptId) -> sqlx::Result<Option<Attempt>> {
    sqlx::query_as!(
        Attempt,
        r#"select id as "id: AttemptId", request_id as "request: RequestId", marker,
               state as "state: AttemptState", coalesce(look_again_at <= now(), false) as "is_settled!"
           from attempts where id = $1"#,
        id.get()
    )
    .fetch_optional(connection)
    .await
}

/// Moves a call on from the state that it was seen in; whoever locked its request does that.
///
/// # Errors
/// As the database says; a call in another state is [`sqlx::Error::RowNotFound`].
pub(super) async fn change_state(
    connection: &mut PgConnection,
    attempt: &Attempt,
    to: AttemptState,
    look_again_after: Option<Duration>,
) -> sqlx::Result<()> {
    let changed = sqlx::query!(
        "update attempts set state = $3, look_again_at = now() + make_interval(secs => $4)
         where id = $1 and state = $2",
        attempt.id.get(),
        attempt.state as AttemptState,
        to as AttemptState,
        look_again_after.map(|after| after.as_secs_f64())
    )
    .execute(connection)
    .await?;
    one_changed(&changed)
}

/// Its token is ours, and known by this id. The upstream ends it by itself where it said a time for that
/// which is not after ours.
///
/// # Errors
/// As the database says; a call that is not under way is [`sqlx::Error::RowNotFound`].
pub(super) async fn note_made(
    connection: &mut PgConnection,
    id: AttemptId,
    upstream_id: &str,
    ends_at: Option<DateTime<Utc>>,
) -> sqlx::Result<()> {
    let changed = sqlx::query!(
        "update attempts set state = 'made', upstream_id = $2, ends_itself = coalesce(
             (select $3 <= expires_at from tokens where request_id = attempts.request_id), false)
         where id = $1 and state = 'calling'",
        id.get(),
        upstream_id,
        ends_at
    )
    .execute(connection)
    .await?;
    one_changed(&changed)
}

/// The token that an upstream made for a request.
pub async fn made_for(
    connection: &mut PgConnection,
    request: RequestId,
) -> sqlx::Result<Option<Upstream>> {
    sqlx::query_as!(
        Upstream,
        r#"select id as "attempt: AttemptId", marker, upstream_id as "upstream_id!", ends_itself
           from attempts where request_id = $1 and state = 'made'"#,
        request.get()
    )
    .fetch_optional(connection)
    .await
}

/// The marker of a call of a request's that may have made a token which only a person can look for.
pub async fn find_unresolved_marker(
    connection: &mut PgConnection,
    request: RequestId,
) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!(
        "select marker from attempts where request_id = $1 and state = 'unresolved'
         order by id desc limit 1",
        request.get()
    )
    .fetch_optional(connection)
    .await
}

/// How many calls of a request's ended in doubt since it is being issued.
pub async fn count_doubtful(
    connection: &mut PgConnection,
    request: RequestId,
) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from attempts join requests on requests.id = request_id
           where request_id = $1 and attempts.state in ('absent', 'gone')
               and begun_at >= requests.changed_at"#,
        request.get()
    )
    .fetch_one(connection)
    .await
}

/// Calls that are to be looked for though their requests don't ask for it any more.
pub async fn list_strays(connection: &mut PgConnection) -> sqlx::Result<Vec<AttemptId>> {
    sqlx::query_scalar!(
        r#"select attempts.id as "id: AttemptId"
           from attempts join requests on requests.id = request_id
           where (attempts.state = 'absent' and look_again_at <= now())
               or (attempts.state in ('calling', 'doubtful') and requests.state <> 'issuing')
           order by attempts.id limit 100"#
    )
    .fetch_all(connection)
    .await
}

/// The upstream could not be brought to switch its token off; tells whether that lasts for longer
/// than `patience` by now.
pub async fn note_trouble(
    connection: &mut PgConnection,
    id: AttemptId,
    patience: Duration,
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"update attempts set trouble_since = coalesce(trouble_since, now()) where id = $1
           returning trouble_since + make_interval(secs => $2) <= now() as "lasts!""#,
        id.get(),
        patience.as_secs_f64()
    )
    .fetch_one(connection)
    .await
}
