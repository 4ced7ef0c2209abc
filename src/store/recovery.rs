//! After a restore: what a database that is in an older state again must not go on with.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{convert_number, undecodable};
use crate::domain::catalogue::ProviderId;
use crate::domain::ids::{RequestId, TokenId};

/// How far the counters of rows jump that nobody sees: more than any installation writes between two
/// dumps.
const JUMP: i64 = 1_000_000;

/// How many sessions of this role, which is `serve`'s, are connected to this database.
pub async fn count_sessions_of(connection: &mut PgConnection, role: &str) -> sqlx::Result<i64> {
    // Names of programs are shown to their own role only; names of roles are not hidden.
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from pg_stat_activity
           where datname = current_database() and usename = $1 and pid <> pg_backend_pid()"#,
        role
    )
    .fetch_one(connection)
    .await
}

/// What the restored database ends with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RestorePoint {
    /// When the last thing happened that was no recovery; none in an empty database.
    pub last_event: Option<DateTime<Utc>>,
    /// Whether a recovery came after that.
    pub is_recovered: bool,
    /// The highest number of a request, 0 where there is none.
    pub highest_number: i64,
}

/// Where the restored state ends.
pub async fn get_restore_point(connection: &mut PgConnection) -> sqlx::Result<RestorePoint> {
    let row = sqlx::query!(
        r#"with own as (
               select id, at from events
               where kind <> 'database_restored'
                   and coalesce(detail ->> 'because', detail ->> 'reason', '') <> 'restored'
               order by id desc limit 1)
           select (select at from own) as last_event,
               exists (select from events where kind = 'database_restored'
                   and id > coalesce((select id from own), 0)) as "recovered!",
               (select coalesce(max(number), 0) from requests) as "highest_number!""#
    )
    .fetch_one(connection)
    .await?;
    Ok(RestorePoint {
        last_event: row.last_event,
        is_recovered: row.recovered,
        highest_number: row.highest_number,
    })
}

/// Lets requests go on after `number`, and every other counter after what it can have given out, as far as it
/// goes.
///
/// # Errors
/// As the database says: only the owner may.
pub async fn move_counters(connection: &mut PgConnection, number: i64) -> sqlx::Result<()> {
    sqlx::query("select setval('request_numbers', $1)")
        .bind(number)
        .execute(&mut *connection)
        .await?;
    sqlx::query(
        "select setval(format('%I.%I', schemaname, sequencename)::regclass,
             least(coalesce(last_value, 1) + $1, max_value))
         from pg_sequences
         where schemaname = 'countersign' and sequencename <> 'request_numbers'",
    )
    .bind(JUMP)
    .execute(connection)
    .await?;
    Ok(())
}

/// Tokens that Countersign verifies and that work, or will once collected.
pub async fn list_verified_tokens(connection: &mut PgConnection) -> sqlx::Result<Vec<TokenId>> {
    sqlx::query_scalar!(
        r#"select id as "id: TokenId" from tokens
           where issuer = 'builtin' and state in ('issued', 'active') order by id"#
    )
    .fetch_all(connection)
    .await
}

/// Requests that wait for somebody, or are under way. What a person is asked to do at a provider stays
/// asked for.
pub async fn list_open_requests(connection: &mut PgConnection) -> sqlx::Result<Vec<RequestId>> {
    sqlx::query_scalar!(
        r#"select id as "id: RequestId" from requests
           where state in ('pending', 'approved', 'issuing', 'failed')
               and kind not in ('narrow', 'disable', 'delete') order by id"#
    )
    .fetch_all(connection)
    .await
}

/// What was stopped at one provider since the recovery began that has not ended.
#[derive(Debug)]
pub struct StopCounts {
    /// The provider.
    pub provider: ProviderId,
    /// Tokens that were disabled.
    pub tokens: u32,
    /// Requests that were withdrawn.
    pub requests: u32,
}

/// What was stopped at each provider since the recovery began that has not ended: by this run, or by one before
/// it that was killed.
pub async fn count_stopped(connection: &mut PgConnection) -> sqlx::Result<Vec<StopCounts>> {
    let rows = sqlx::query!(
        r#"select provider,
               count(distinct token_id) filter (where kind = 'token_disabled'
                   and detail ->> 'because' = 'restored') as "tokens!",
               count(distinct request_id) filter (where kind = 'request_withdrawn'
                   and detail ->> 'reason' = 'restored') as "requests!"
           from events
           where at >= (select min(begun_at) from recoveries where ended_at is null)
           group by provider"#
    )
    .fetch_all(connection)
    .await?;
    let stopped = rows.into_iter().map(|row| {
        Ok(StopCounts {
            provider: row.provider.parse().map_err(undecodable)?,
            tokens: convert_number(row.tokens)?,
            requests: convert_number(row.requests)?,
        })
    });
    stopped.collect()
}

/// Disables a token whatever else its row holds; of which provider it is, and the request that made it.
///
/// # Errors
/// As the database says; a token that is not on is [`sqlx::Error::RowNotFound`].
pub(super) async fn disable_unread(
    connection: &mut PgConnection,
    id: TokenId,
) -> sqlx::Result<(String, RequestId)> {
    let row = sqlx::query!(
        r#"update tokens set state = 'disabled' where id = $1 and state in ('issued', 'active')
           returning provider, request_id as "request: RequestId""#,
        id.get()
    )
    .fetch_one(connection)
    .await?;
    Ok((row.provider, row.request))
}

/// Withdraws a request whatever else its row holds; of which provider it is.
///
/// # Errors
/// As the database says; a request that is over is [`sqlx::Error::RowNotFound`].
pub(super) async fn withdraw_unread(
    connection: &mut PgConnection,
    id: RequestId,
) -> sqlx::Result<String> {
    sqlx::query_scalar!(
        "update requests set state = 'withdrawn', ended_by = null, reason = 'restored'
         where id = $1 and state in ('pending', 'approved', 'issuing', 'failed') returning provider",
        id.get()
    )
    .fetch_one(connection)
    .await
}

/// Notes that a recovery begins: until it has ended, `serve` does not start.
///
/// # Errors
/// As the database says: only the owner may.
pub async fn begin(connection: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!("insert into recoveries default values").execute(connection).await?;
    Ok(())
}

/// Notes that all recoveries that began have ended.
///
/// # Errors
/// As the database says: only the owner may.
pub async fn finish(connection: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!("update recoveries set ended_at = now() where ended_at is null")
        .execute(connection)
        .await?;
    Ok(())
}

/// Since when a recovery has not ended; none where none has begun, or before there was any.
pub async fn find_unfinished(connection: &mut PgConnection) -> sqlx::Result<Option<DateTime<Utc>>> {
    // A role that may not look is told so by those who ask what it may.
    let there = sqlx::query_scalar!(
        r#"select exists (select from pg_class c join pg_namespace n on n.oid = relnamespace
               where nspname = 'countersign' and relname = 'recoveries'
                   and has_schema_privilege(n.oid, 'usage')
                   and has_table_privilege(c.oid, 'select')) as "there!""#
    )
    .fetch_one(&mut *connection)
    .await?;
    if !there {
        return Ok(None);
    }
    sqlx::query_scalar!("select min(begun_at) from recoveries where ended_at is null")
        .fetch_one(connection)
        .await
}

/// Voids every delivery that waits and wipes its sealed secret; of which providers they were.
pub async fn void_deliveries(connection: &mut PgConnection) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!(
        "update deliveries set state = 'voided', sealed_secret = null
         from tokens where tokens.id = token_id and deliveries.state in ('waiting', 'pressed')
         returning tokens.provider"
    )
    .fetch_all(connection)
    .await
}

/// Forgets what was being filled in, who presented a found secret, and the gateway's session: resumed, it
/// would bring the presses since the dump again, which this database doesn't know as handled.
pub async fn forget_what_passes(connection: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!("delete from drafts").execute(&mut *connection).await?;
    sqlx::query!("delete from announcement_drafts").execute(&mut *connection).await?;
    sqlx::query!("delete from leak_reports").execute(&mut *connection).await?;
    sqlx::query!("delete from gateway_session").execute(connection).await?;
    Ok(())
}
