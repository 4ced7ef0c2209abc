//! Connections to Postgres.

use std::str::FromStr as _;
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection as _, PgConnection, PgPool};

/// Our schema. `pg_temp` stands last, so that nobody's temporary table is taken for one of ours.
pub const SEARCH_PATH: &str = "countersign,pg_temp";

/// A pool's size: a workflow holds one connection, and jobs run four at a time.
const CONNECTIONS: u32 = 16;

/// The migrations in `migrations/`, in their order.
pub static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!();

fn options(url: &SecretString) -> sqlx::Result<PgConnectOptions> {
    Ok(PgConnectOptions::from_str(url.expose_secret())?
        .application_name("countersign")
        .options([("search_path", SEARCH_PATH)]))
}

/// A pool that connects when it is first used.
///
/// # Errors
/// A URL that is none of Postgres'.
pub fn lazy(url: &SecretString) -> sqlx::Result<PgPool> {
    sized(url, CONNECTIONS, Duration::from_secs(5))
}

/// The same with so many connections at most, each waited for no longer than `patience`.
///
/// # Errors
/// A URL that is none of Postgres'.
pub fn sized(url: &SecretString, connections: u32, patience: Duration) -> sqlx::Result<PgPool> {
    Ok(PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(patience)
        .connect_lazy_with(options(url)?))
}

/// One connection.
///
/// # Errors
/// As the server or the network says.
pub async fn connect(url: &SecretString) -> sqlx::Result<PgConnection> {
    PgConnection::connect_with(&options(url)?).await
}

/// The role that a URL logs in as.
///
/// # Errors
/// A URL that is none of Postgres'.
pub fn role(url: &SecretString) -> sqlx::Result<String> {
    Ok(options(url)?.get_username().to_owned())
}

/// The database that a URL names.
///
/// # Errors
/// A URL that is none of Postgres'.
pub fn database(url: &SecretString) -> sqlx::Result<String> {
    let options = options(url)?;
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
