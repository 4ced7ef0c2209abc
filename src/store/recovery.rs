//! Recovery after a restore: what a database in an older state must not continue.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{convert_number, undecodable};
use crate::domain::catalogue::ProviderId;
use crate::domain::ids::{RequestId, TokenId};

/// How far the internal counters jump: more than any installation uses between two dumps.
const JUMP: i64 = 1_000_000;

/// Postgres' codes for a table that isn't there, and for one that may not be read.
const UNREADABLE: [Option<&str>; 2] = [Some("42P01"), Some("42501")];

/// How many sessions of this role, which is that of `serve`, are connected to this database.
pub async fn count_sessions_of(connection: &mut PgConnection, role: &str) -> sqlx::Result<i64> {
    // Postgres shows the names of programs only to their own role, but the names of roles to all.
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from pg_stat_activity
           where datname = current_database() and usename = $1 and pid <> pg_backend_pid()"#,
        role
    )
    .fetch_one(connection)
    .await
}

/// The end of the restored history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RestorePoint {
    /// When the last event was written that is not of a recovery; none in an empty database.
    pub last_event: Option<DateTime<Utc>>,
    /// Whether a recovery came after that.
    pub is_recovered: bool,
    /// The highest number of a request; 0 if there is none.
    pub highest_number: i64,
}

/// Reads the end of the restored history.
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

/// Sets the counter of requests to `number`, and moves all other counters past what they may have given
/// out, as far as possible.
///
/// # Errors
/// Permission denied for anyone but the owner.
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

/// Tokens that Countersign verifies and that work, or would work once collected.
pub async fn list_verified_tokens(connection: &mut PgConnection) -> sqlx::Result<Vec<TokenId>> {
    sqlx::query_scalar!(
        r#"select id as "id: TokenId" from tokens
           where issuer = 'builtin' and state in ('issued', 'active') order by id"#
    )
    .fetch_all(connection)
    .await
}

/// Requests that wait or are being issued, without tasks that a person must do at a provider.
pub async fn list_open_requests(connection: &mut PgConnection) -> sqlx::Result<Vec<RequestId>> {
    sqlx::query_scalar!(
        r#"select id as "id: RequestId" from requests
           where state in ('pending', 'approved', 'issuing', 'failed')
               and kind not in ('narrow', 'disable', 'delete') order by id"#
    )
    .fetch_all(connection)
    .await
}

/// How much was stopped at one provider by recoveries that have begun and not ended.
#[derive(Debug)]
pub struct StopCounts {
    /// The provider.
    pub provider: ProviderId,
    /// Tokens that were disabled.
    pub tokens: u32,
    /// Requests that were withdrawn.
    pub requests: u32,
}

/// How much was stopped at each provider by recoveries that have begun and not ended: by this run, or by an
/// earlier one that was killed.
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

/// Disables a token, whatever else its row holds. Returns its provider and the request that made it.
///
/// # Errors
/// [`sqlx::Error::RowNotFound`] if the token is not on.
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

/// Withdraws a request, whatever else its row holds. Returns its provider.
///
/// # Errors
/// [`sqlx::Error::RowNotFound`] if the request is over.
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

/// Records that a recovery begins: until it has ended, `serve` does not start.
///
/// # Errors
/// Permission denied for anyone but the owner.
pub async fn begin(connection: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!("insert into recoveries default values").execute(connection).await?;
    Ok(())
}

/// Records that all recoveries have ended.
///
/// # Errors
/// Permission denied for anyone but the owner.
pub async fn finish(connection: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!("update recoveries set ended_at = now() where ended_at is null")
        .execute(connection)
        .await?;
    Ok(())
}

/// When a recovery began that has not ended; none if there is none, or if the table can't be read, which other
/// checks report. Not in a transaction: that it can't be read would end it.
pub async fn find_unfinished(connection: &mut PgConnection) -> sqlx::Result<Option<DateTime<Utc>>> {
    let begun = sqlx::query_scalar!("select min(begun_at) from recoveries where ended_at is null");
    match begun.fetch_one(connection).await {
        Err(sqlx::Error::Database(error)) if UNREADABLE.contains(&error.code().as_deref()) => {
            Ok(None)
        }
        begun => begun,
    }
}

/// Voids each delivery that waits, and erases its encrypted secret. Returns their providers.
pub async fn void_deliveries(connection: &mut PgConnection) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!(
        "update deliveries set state = 'voided', sealed_secret = null
         from tokens where tokens.id = token_id and deliveries.state in ('waiting', 'pressed')
         returning tokens.provider"
    )
    .fetch_all(connection)
    .await
}

/// Deletes drafts, reports of found secrets, and the gateway's session. A resumed session would repeat
/// presses since the dump, which this database has not noted as handled.
pub async fn forget_what_passes(connection: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!("delete from drafts").execute(&mut *connection).await?;
    sqlx::query!("delete from announcement_drafts").execute(&mut *connection).await?;
    sqlx::query!("delete from leak_reports").execute(&mut *connection).await?;
    sqlx::query!("delete from gateway_session").execute(connection).await?;
    Ok(())
}
