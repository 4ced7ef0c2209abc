//! Locks by which processes coordinate, and the sessions that block one that waits.
//!
//! - Each connection (`pool`) that works in the database as the application's role shares one lock;
//!   `recover`
//!   takes it exclusively. So neither starts while the other runs.
//! - `migrate` takes another lock exclusively, from its first statement to its last; code that compares the
//!   rules
//!   shares it.
//! - The one process that is connected to Discord's gateway holds a third one; others wait for it.
//!
//! All are advisory locks of this database, which end with their session. Any role may take them; a
//! session that does so without a reason is reported like any other that blocks.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::{Connection as _, PgConnection};

/// The first of the two numbers of an advisory lock: "csgn".
const OURS: i32 = 0x6373_676e;

/// Shared by all connections that work in the database.
const WORK: i32 = 1;

/// Taken to change the schema.
const SCHEMA: i32 = 2;

/// Taken by the process that has the gateway.
const GATEWAY: i32 = 3;

/// What [`BlockingSession::on`] calls the second one.
pub const THE_SCHEMA: &str = "the schema";

/// What it calls the first one.
const THE_WORK: &str = "the work in this database";

/// What it calls the third one.
const THE_GATEWAY: &str = "Discord's gateway";

/// Postgres' error code for a lock that took too long.
const TIMED_OUT: &str = "55P03";

/// Takes the shared lock for this session; false if `recover` runs.
pub async fn join_work(connection: &mut PgConnection) -> sqlx::Result<bool> {
    sqlx::query_scalar!(r#"select pg_try_advisory_lock_shared($1, $2) as "got!""#, OURS, WORK)
        .fetch_one(connection)
        .await
}

/// Takes the lock exclusively until this session ends; false if anyone shares it.
pub async fn stop_work(connection: &mut PgConnection) -> sqlx::Result<bool> {
    sqlx::query_scalar!(r#"select pg_try_advisory_lock($1, $2) as "got!""#, OURS, WORK)
        .fetch_one(connection)
        .await
}

/// Takes the lock of the gateway until this session ends; false if another one has it. It may be tried again.
pub async fn take_gateway(connection: &mut PgConnection) -> sqlx::Result<bool> {
    sqlx::query_scalar!(r#"select pg_try_advisory_lock($1, $2) as "got!""#, OURS, GATEWAY)
        .fetch_one(connection)
        .await
}

/// Lets the server notice within about 10 s that the machine of this session is gone; by default that takes hours. Over a
/// socket of the machine it has no meaning.
pub async fn notice_loss_soon(connection: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::raw_sql(
        "set tcp_keepalives_idle = 4; set tcp_keepalives_interval = 2; set tcp_keepalives_count = 3; \
         set tcp_user_timeout = '10s'",
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Locks the schema for this session; waits up to a minute.
///
/// # Errors
/// A lock that took longer than a minute.
pub async fn take_schema(connection: &mut PgConnection) -> sqlx::Result<()> {
    let mut transaction = connection.begin().await?;
    sqlx::raw_sql("set local lock_timeout = '60s'").execute(&mut *transaction).await?;
    // It outlasts the transaction.
    sqlx::query!("select pg_advisory_lock($1, $2)", OURS, SCHEMA)
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await
}

/// Keeps the schema unchanged until the caller's transaction ends; false if someone is changing it.
pub async fn keep_schema(transaction: &mut PgConnection) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select pg_try_advisory_xact_lock_shared($1, $2) as "got!""#,
        OURS,
        SCHEMA
    )
    .fetch_one(transaction)
    .await
}

/// A session that locks something of ours. Displays as a sentence that explains how to end it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockingSession {
    /// The server process of the session.
    pub process: i32,
    /// The role of its login.
    pub role: String,
    /// The names of the locked tables.
    pub on: String,
}

impl fmt::Display for BlockingSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { process, role, on } = self;
        write!(
            f,
            "a session of {role} keeps a lock on {on}: stop what it belongs to, or end it as {role} or a \
             superuser: select pg_terminate_backend({process})"
        )
    }
}

/// All other sessions that have a lock on one of our tables, or on the schema.
pub async fn list_blocking_sessions(
    connection: &mut PgConnection,
) -> sqlx::Result<Vec<BlockingSession>> {
    sqlx::query_as!(
        BlockingSession,
        r#"select pid as "process!", coalesce(min(usename::text), 'nobody') as "role!",
               string_agg(distinct coalesce(relname::text, $3), ', ') as "on!"
           from pg_locks join pg_stat_activity using (pid)
               left join pg_class on pg_class.oid = relation and relkind in ('r', 'p')
                   and relnamespace = to_regnamespace('countersign')
           where granted and pid <> pg_backend_pid()
               and database = (select oid from pg_database where datname = current_database())
               and (relname is not null or locktype = 'advisory' and classid::bigint = $1
                   and objid::bigint = $2 and objsubid = 2)
           group by pid order by pid limit 20"#,
        i64::from(OURS),
        i64::from(SCHEMA),
        THE_SCHEMA
    )
    .fetch_all(connection)
    .await
}

/// All other sessions that hold the work lock, shared or exclusive.
pub async fn list_working_sessions(
    connection: &mut PgConnection,
) -> sqlx::Result<Vec<BlockingSession>> {
    list_holders(connection, WORK, THE_WORK).await
}

/// The other session that has the gateway.
pub async fn list_gateway_sessions(
    connection: &mut PgConnection,
) -> sqlx::Result<Vec<BlockingSession>> {
    list_holders(connection, GATEWAY, THE_GATEWAY).await
}

/// A session that has the gateway, and that its process did not use for long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SilentSession {
    process: i32,
    idle_since: DateTime<Utc>,
}

/// The session that has the gateway, if it was idle for so long: its process is frozen, or is gone with its machine while
/// a pooler keeps the session. Or the server's clock was set.
pub async fn find_silent_gateway(
    connection: &mut PgConnection,
    silence: Duration,
) -> sqlx::Result<Option<SilentSession>> {
    sqlx::query_as!(
        SilentSession,
        r#"select pid as "process!", state_change as "idle_since!"
           from pg_locks join pg_stat_activity using (pid)
           where granted and pid <> pg_backend_pid() and locktype = 'advisory'
               and database = (select oid from pg_database where datname = current_database())
               and classid::bigint = $1 and objid::bigint = $2 and objsubid = 2
               and state = 'idle' and state_change < clock_timestamp() - make_interval(secs => $3)
           limit 1"#,
        i64::from(OURS),
        i64::from(GATEWAY),
        silence.as_secs_f64()
    )
    .fetch_optional(connection)
    .await
}

/// Ends a session that is still idle since then. True if it was ended.
pub async fn end_silent_session(
    connection: &mut PgConnection,
    session: SilentSession,
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"with silent as materialized (
               select pid from pg_stat_activity
               where pid = $1 and state = 'idle' and state_change = $2)
           select coalesce(bool_or(pg_terminate_backend(pid)), false) as "ended!" from silent"#,
        session.process,
        session.idle_since
    )
    .fetch_one(connection)
    .await
}

async fn list_holders(
    connection: &mut PgConnection,
    lock: i32,
    name: &str,
) -> sqlx::Result<Vec<BlockingSession>> {
    sqlx::query_as!(
        BlockingSession,
        r#"select pid as "process!", coalesce(min(usename::text), 'nobody') as "role!", $3 as "on!"
           from pg_locks join pg_stat_activity using (pid)
           where granted and pid <> pg_backend_pid() and locktype = 'advisory'
               and database = (select oid from pg_database where datname = current_database())
               and classid::bigint = $1 and objid::bigint = $2 and objsubid = 2
           group by pid order by pid limit 20"#,
        i64::from(OURS),
        i64::from(lock),
        name
    )
    .fetch_all(connection)
    .await
}

/// Whether an error comes from waiting too long for a lock.
#[must_use]
pub fn is_lock_timeout(error: &(dyn Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        let of_database =
            error.downcast_ref::<sqlx::Error>().and_then(sqlx::Error::as_database_error);
        if of_database.is_some_and(|error| error.code().as_deref() == Some(TIMED_OUT)) {
            return true;
        }
        next = error.source();
    }
    false
}
