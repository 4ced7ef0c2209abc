//! Connections to Postgres.

use std::str::FromStr as _;
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection as _, PgConnection, PgPool};

use super::{locks, recovery};

/// Our schema. `pg_temp` stands last, so that nobody's temporary table is taken for one of ours.
pub const SEARCH_PATH: &str = "countersign,pg_temp";

/// A pool's size: a workflow holds one connection, and jobs run four at a time.
const CONNECTIONS: u32 = 16;

/// The migrations in `migrations/`, in their order.
pub static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!();

/// What every session begins with. A role may tell the database what its sessions begin with, and that
/// outlives whoever told it; what a client asks for goes before. `check` names whatever was told.
const SESSION: [(&str, &str); 17] = [
    ("search_path", SEARCH_PATH),
    ("quote_all_identifiers", "off"),
    ("default_transaction_isolation", "read committed"),
    ("default_transaction_read_only", "off"),
    ("default_transaction_deferrable", "off"),
    ("intervalstyle", "postgres"),
    ("bytea_output", "hex"),
    ("standard_conforming_strings", "on"),
    ("transform_null_equals", "off"),
    ("array_nulls", "on"),
    ("row_security", "on"),
    ("check_function_bodies", "on"),
    ("exit_on_error", "off"),
    ("synchronous_commit", "on"),
    ("statement_timeout", "0"),
    ("idle_in_transaction_session_timeout", "0"),
    ("idle_session_timeout", "0"),
];

/// What the library asks for itself, and what is asked for below.
const ASKED_FOR_AS_WELL: [&str; 7] = [
    "datestyle",
    "timezone",
    "client_encoding",
    "extra_float_digits",
    "application_name",
    "lock_timeout",
    "transaction_timeout",
];

/// Whether a session of ours begins with its own value of this setting, whatever it was told.
#[must_use]
pub fn is_set_by_us(setting: &str) -> bool {
    let mut all = SESSION.iter().map(|(name, _)| name).chain(&ASKED_FOR_AS_WELL);
    all.any(|name| setting.eq_ignore_ascii_case(name))
}

/// From this version on a transaction may have a limit of its own.
const HAS_TRANSACTION_TIMEOUT: u32 = 170_000;

/// How long somebody at the machine waits for a lock, or holds others up who wait behind them.
const BRIEF: &str = "5s";

/// How long a session waits for another one's lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockTimeout {
    /// As long as it takes.
    Endless,
    /// 5 s; then `locks::list_blocking_sessions` tells whose it is.
    Brief,
}

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ConnectionUse {
    /// The application's work, which shares a lock that `recover` takes alone.
    Work,
    /// Looking, and the owner's work.
    Other,
}

fn build_options(url: &SecretString, patience: LockTimeout) -> sqlx::Result<PgConnectOptions> {
    let lock_timeout = match patience {
        LockTimeout::Endless => "0",
        LockTimeout::Brief => BRIEF,
    };
    Ok(PgConnectOptions::from_str(url.expose_secret())?
        .application_name("countersign")
        .options(SESSION)
        .options([("lock_timeout", lock_timeout)]))
}

/// What can't be asked for before the server's version is known, and what a session takes part in.
async fn begin(connection: &mut PgConnection, usage: ConnectionUse) -> sqlx::Result<()> {
    if connection.server_version_num() >= Some(HAS_TRANSACTION_TIMEOUT) {
        sqlx::raw_sql("set transaction_timeout = 0").execute(&mut *connection).await?;
    }
    if usage == ConnectionUse::Work && !locks::join_work(connection).await? {
        return Err(sqlx::Error::Configuration("`countersign recover` runs".into()));
    }
    if usage == ConnectionUse::Work && recovery::find_unfinished(&mut *connection).await?.is_some()
    {
        let why = "a recovery has not ended: run `countersign recover` again";
        return Err(sqlx::Error::Configuration(why.into()));
    }
    Ok(())
}

fn pool(
    options: PgConnectOptions,
    connections: u32,
    wait: Duration,
    usage: ConnectionUse,
) -> PgPool {
    PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(wait)
        .after_connect(move |connection, _| Box::pin(begin(connection, usage)))
        .connect_lazy_with(options)
}

/// A pool for the application's work, which connects when it is first used.
///
/// # Errors
/// A URL that is none of Postgres'.
pub fn build_lazy_pool(url: &SecretString) -> sqlx::Result<PgPool> {
    sized(url, CONNECTIONS, Duration::from_secs(5))
}

/// The same with so many connections at most, each waited for no longer than `wait`.
///
/// # Errors
/// A URL that is none of Postgres'.
pub fn sized(url: &SecretString, connections: u32, wait: Duration) -> sqlx::Result<PgPool> {
    Ok(pool(build_options(url, LockTimeout::Endless)?, connections, wait, ConnectionUse::Work))
}

/// The same for somebody at the machine, who waits for nobody's locks.
///
/// # Errors
/// A URL that is none of Postgres'.
pub fn build_brief_pool(url: &SecretString) -> sqlx::Result<PgPool> {
    Ok(pool(
        build_options(url, LockTimeout::Brief)?,
        CONNECTIONS,
        Duration::from_secs(5),
        ConnectionUse::Work,
    ))
}

/// A pool for looking, and for the owner's work, beside whatever runs.
///
/// # Errors
/// A URL that is none of Postgres'.
pub fn build_pool_without_work_lock(url: &SecretString) -> sqlx::Result<PgPool> {
    Ok(pool(
        build_options(url, LockTimeout::Brief)?,
        CONNECTIONS,
        Duration::from_secs(5),
        ConnectionUse::Other,
    ))
}

/// One connection of that kind.
///
/// # Errors
/// As the server or the network says.
pub async fn connect(url: &SecretString) -> sqlx::Result<PgConnection> {
    let mut connection =
        PgConnection::connect_with(&build_options(url, LockTimeout::Brief)?).await?;
    begin(&mut connection, ConnectionUse::Other).await?;
    Ok(connection)
}

/// The role that a URL logs in as.
///
/// # Errors
/// A URL that is none of Postgres'.
pub fn role(url: &SecretString) -> sqlx::Result<String> {
    Ok(build_options(url, LockTimeout::Brief)?.get_username().to_owned())
}

/// The database that a URL names.
///
/// # Errors
/// A URL that is none of Postgres'.
pub fn database(url: &SecretString) -> sqlx::Result<String> {
    let options = build_options(url, LockTimeout::Brief)?;
    Ok(options.get_database().unwrap_or(options.get_username()).to_owned())
}

/// The server's version, as it says it.
///
/// # Errors
/// As the server or the network says.
pub async fn server_version(pool: &PgPool) -> sqlx::Result<String> {
    sqlx::query_scalar("select current_setting('server_version')").fetch_one(pool).await
}

/// How the tables stand to this version of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SchemaVersion {
    /// They are this version's.
    Current,
    /// Migrations are missing, or all of them.
    Older,
    /// There are migrations that this version doesn't know.
    Newer,
}

/// Which migrations have been applied.
///
/// # Errors
/// As the server or the network says.
pub async fn schema_version(pool: &PgPool) -> sqlx::Result<SchemaVersion> {
    let there = sqlx::query_scalar!(
        r#"select to_regclass('countersign._sqlx_migrations') is not null as "there!""#
    )
    .fetch_one(pool)
    .await?;
    if !there {
        return Ok(SchemaVersion::Older);
    }
    // The library's own table, so not one that the macros could know.
    let applied: Vec<i64> = sqlx::query_scalar(
        "select version from countersign._sqlx_migrations where success order by version",
    )
    .fetch_all(pool)
    .await?;
    let ours: Vec<i64> = MIGRATIONS.iter().map(|migration| migration.version).collect();
    Ok(match applied == ours {
        true => SchemaVersion::Current,
        false if applied.iter().any(|version| !ours.contains(version)) => SchemaVersion::Newer,
        false => SchemaVersion::Older,
    })
}
