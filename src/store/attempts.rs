//! Calls that make tokens at upstreams.

mod proofs;

use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::one_changed;
use crate::domain::attempt::{Attempt, AttemptState};
use crate::domain::catalogue::ProviderId;
use crate::domain::ids::{AttemptId, RequestId};
use crate::keyring::Sealed;

pub use proofs::{find_witnesses, is_proven, note_proof};

/// A token that was made at an upstream.
#[derive(Debug, Clone)]
pub struct Upstream {
    /// The call that made it.
    pub attempt: AttemptId,
    /// The marker by which it is found, and its id there.
    pub marker: String,
    /// The upstream's id; none where it is encrypted.
    pub upstream_id: Option<String>,
    /// The same, encrypted with the marker as its identity.
    pub sealed_upstream_id: Option<Sealed>,
    /// Whether the upstream ends it by itself.
    pub ends_itself: bool,
    /// Whether the upstream showed it moments ago, right before a call that ends it.
    pub was_seen: bool,
    /// Whether it accepted a call that ends it for good, moments ago or before it showed it to be off, and hasn't
    /// shown it since.
    pub was_accepted: bool,
    /// Whether it showed it to be off.
    pub is_off: bool,
}

/// What a token is known by at its upstream, as it is kept.
#[derive(Debug, Clone)]
pub enum KeptId {
    /// People may read it.
    Clear(String),
    /// It opens the token.
    Sealed(Sealed),
}

impl KeptId {
    fn columns(&self) -> (Option<&str>, Option<&[u8]>) {
        match self {
            Self::Clear(id) => (Some(id), None),
            Self::Sealed(id) => (None, Some(id.as_bytes())),
        }
    }
}

/// For how long a sight of a token counts as right before a call: at most as long as its end is
/// retried.
const SIGHT_MINUTES: i32 = 15;

/// Writes a call down before it is sent; the database counts the approvals once more.
pub(super) async fn begin(
    connection: &mut PgConnection,
    request: RequestId,
    (marker, configuration): (&str, &str),
) -> sqlx::Result<AttemptId> {
    sqlx::query_scalar!(
        r#"insert into attempts (request_id, marker, configuration) values ($1, $2, $3)
           returning id as "id: AttemptId""#,
        request.get(),
        marker,
        configuration
    )
    .fetch_one(connection)
    .await
}

/// The call of a request that may have made a token which is not known here yet.
pub async fn open(
    connection: &mut PgConnection,
    request: RequestId,
) -> sqlx::Result<Option<Attempt>> {
    sqlx::query_as!(
        Attempt,
        r#"select id as "id: AttemptId", request_id as "request: RequestId", marker, configuration,
               state as "state: AttemptState", coalesce(look_again_at <= now(), false) as "is_settled!",
               off_since is not null as "is_revoked!", seen_at is not null as "was_shown!",
               accepted_at is not null as "was_accepted!"
           from attempts where request_id = $1 and state in ('calling', 'doubtful')"#,
        request.get()
    )
    .fetch_optional(connection)
    .await
}

/// A call, without locking it.
pub async fn get(connection: &mut PgConnection, id: AttemptId) -> sqlx::Result<Option<Attempt>> {
    sqlx::query_as!(
        Attempt,
        r#"select id as "id: AttemptId", request_id as "request: RequestId", marker, configuration,
               state as "state: AttemptState", coalesce(look_again_at <= now(), false) as "is_settled!",
               off_since is not null as "is_revoked!", seen_at is not null as "was_shown!",
               accepted_at is not null as "was_accepted!"
           from attempts where id = $1"#,
        id.get()
    )
    .fetch_optional(connection)
    .await
}

/// Moves a call on from the state in which it was read. The caller has locked the request.
///
/// # Errors
/// [`sqlx::Error::RowNotFound`] if the call is in another state.
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

/// Records that the call made a token, with its id at the upstream. The upstream ends it by itself if it
/// named an end that is not later than ours.
///
/// # Errors
/// [`sqlx::Error::RowNotFound`] if the call is not running.
pub(super) async fn note_made(
    connection: &mut PgConnection,
    id: AttemptId,
    kept: &KeptId,
    ends_at: Option<DateTime<Utc>>,
) -> sqlx::Result<()> {
    let (clear, sealed) = kept.columns();
    let changed = sqlx::query!(
        "update attempts set state = 'made', upstream_id = $2, sealed_upstream_id = $4,
             ends_itself = coalesce(
                 (select $3 <= expires_at from tokens where request_id = attempts.request_id), false)
         where id = $1 and state = 'calling'",
        id.get(),
        clear,
        ends_at,
        sealed
    )
    .execute(connection)
    .await?;
    one_changed(&changed)
}

/// The token that an upstream made for a request.
pub async fn find_made(
    connection: &mut PgConnection,
    request: RequestId,
) -> sqlx::Result<Option<Upstream>> {
    let row = sqlx::query!(
        r#"select id as "attempt: AttemptId", marker, upstream_id, sealed_upstream_id, ends_itself,
               coalesce(seen_at > now() - make_interval(mins => $2), false) as "was_seen!",
               coalesce(accepted_at > least(off_since, now() - make_interval(mins => $2)), false)
                   as "was_accepted!",
               off_since is not null as "is_off!"
           from attempts where request_id = $1 and state = 'made'"#,
        request.get(),
        SIGHT_MINUTES
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| Upstream {
        attempt: row.attempt,
        marker: row.marker,
        upstream_id: row.upstream_id,
        sealed_upstream_id: row.sealed_upstream_id.map(Sealed::from_bytes),
        ends_itself: row.ends_itself,
        was_seen: row.was_seen,
        was_accepted: row.was_accepted,
        is_off: row.is_off,
    }))
}

/// A new secret came with a new id.
///
/// # Errors
/// Any database error; a call whose token is not ours is [`sqlx::Error::RowNotFound`].
pub(super) async fn change_id(
    connection: &mut PgConnection,
    id: AttemptId,
    kept: &KeptId,
) -> sqlx::Result<()> {
    let (clear, sealed) = kept.columns();
    let changed = sqlx::query!(
        "update attempts set upstream_id = $2, sealed_upstream_id = $3 where id = $1 and state = 'made'",
        id.get(),
        clear,
        sealed
    )
    .execute(connection)
    .await?;
    one_changed(&changed)
}

/// A call that ends the token is about to be sent; it may be on its way for so long. `is_seen`: the upstream
/// has just shown the token.
pub async fn note_call(
    connection: &mut PgConnection,
    id: AttemptId,
    is_seen: bool,
    on_its_way: Duration,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update attempts set seen_at = case when $2 then now() else seen_at end,
             accepted_at = case when $2 then null else accepted_at end,
             in_flight_until = greatest(in_flight_until, now() + make_interval(secs => $3))
         where id = $1",
        id.get(),
        is_seen,
        on_its_way.as_secs_f64()
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// That call was answered for sure: the upstream took the token's end on, or not. Where an earlier one may still be
/// on its way, `until` says so.
pub async fn note_answer(
    connection: &mut PgConnection,
    id: AttemptId,
    (until, is_accepted): (Option<DateTime<Utc>>, bool),
) -> sqlx::Result<()> {
    sqlx::query!(
        "update attempts set in_flight_until = $2,
             accepted_at = case when $3 then now() else accepted_at end
         where id = $1",
        id.get(),
        until,
        is_accepted
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Until when an earlier call that ends this token may be on its way.
pub async fn in_flight_until(
    connection: &mut PgConnection,
    id: AttemptId,
) -> sqlx::Result<Option<DateTime<Utc>>> {
    sqlx::query_scalar!("select in_flight_until from attempts where id = $1", id.get())
        .fetch_one(connection)
        .await
}

/// How long calls that end tokens of this provider may still be on their way: what is made there in the meantime
/// may get the id that they name.
pub async fn get_longest_flight(
    connection: &mut PgConnection,
    provider: &ProviderId,
) -> sqlx::Result<Option<Duration>> {
    let seconds = sqlx::query_scalar!(
        r#"select extract(epoch from max(in_flight_until) - now())::float8
           from attempts join requests on requests.id = request_id
           where in_flight_until > now() and requests.provider = $1"#,
        provider.as_str()
    )
    .fetch_one(connection)
    .await?;
    Ok(seconds.map(|seconds| Duration::from_secs_f64(seconds.max(0.0))))
}

/// The upstream shows the token to have ended; returns whether that is so for long enough.
pub async fn note_off(
    connection: &mut PgConnection,
    id: AttemptId,
    takes: Duration,
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"update attempts set off_since = coalesce(off_since, now()) where id = $1
           returning off_since + make_interval(secs => $2) <= now() as "is_over!""#,
        id.get(),
        takes.as_secs_f64()
    )
    .fetch_one(connection)
    .await
}

/// The upstream said when it would end the token, and shows it to work after that.
pub async fn note_outlived(connection: &mut PgConnection, id: AttemptId) -> sqlx::Result<()> {
    sqlx::query!("update attempts set ends_itself = false where id = $1", id.get())
        .execute(connection)
        .await?;
    Ok(())
}

/// The upstream shows that it is not off after all.
pub async fn note_on(connection: &mut PgConnection, id: AttemptId) -> sqlx::Result<()> {
    sqlx::query!("update attempts set off_since = null where id = $1", id.get())
        .execute(connection)
        .await?;
    Ok(())
}

/// The marker of a call of a request's that may have made a token which nobody has found to be gone.
pub async fn find_unresolved_marker(
    connection: &mut PgConnection,
    request: RequestId,
) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!(
        "select marker from attempts where request_id = $1
             and state in ('unresolved', 'doubtful', 'calling') order by id desc limit 1",
        request.get()
    )
    .fetch_optional(connection)
    .await
}

/// How many calls of a request ended in doubt since it began to be issued.
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

/// Calls that must be searched for though their requests no longer need them.
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

/// Records that the upstream did not switch its token off. Returns whether that has lasted for longer than
/// `patience`.
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
