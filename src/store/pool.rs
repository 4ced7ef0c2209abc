//! Connections to Postgres.

use std::path::PathBuf;
use std::str::FromStr as _;
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions, PgSslMode};
use sqlx::{Connection as _, PgConnection, PgPool, Postgres, Transaction};

use url::Url;

use super::{locks, recovery};
use crate::network::Network;

/// Our schema. `pg_temp` is last, so that a temporary table never shadows one of ours.
pub const SEARCH_PATH: &str = "countersign,pg_temp";

/// The size of a pool: a workflow holds one connection, 18 jobs run at a time, and the queue has four of its own. They
/// are opened as they are needed.
const CONNECTIONS: u32 = 24;

/// The migrations in `migrations/`, in their order.
pub static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!();

/// The settings of each session. A role can store other settings in the database, which outlast the role;
/// what a client requests takes precedence. `check` reports stored settings.
const SESSION: [(&str, &str); 18] = [
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
    // A statement is planned once for each connection. By default it is planned six times, and longer than it runs.
    ("plan_cache_mode", "force_generic_plan"),
];

/// Settings that sqlx requests, and those that are requested below.
const ASKED_FOR_AS_WELL: [&str; 7] = [
    "datestyle",
    "timezone",
    "client_encoding",
    "extra_float_digits",
    "application_name",
    "lock_timeout",
    "transaction_timeout",
];

/// Whether our sessions set this setting themselves, whatever is stored for the role.
#[must_use]
pub fn is_set_by_us(setting: &str) -> bool {
    let mut all = SESSION.iter().map(|(name, _)| name).chain(&ASKED_FOR_AS_WELL);
    all.any(|name| setting.eq_ignore_ascii_case(name))
}

/// From this version on, a transaction can have a time limit.
const HAS_TRANSACTION_TIMEOUT: u32 = 170_000;

/// How long a command of the operator waits for a lock, and thereby blocks the sessions that wait behind
/// it.
const BRIEF: &str = "5s";

/// How long a session waits for a lock of another session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockTimeout {
    /// Without a limit.
    Endless,
    /// 5 s; then `locks::list_blocking_sessions` names the other session.
    Brief,
}

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ConnectionUse {
    /// The application's work, which shares the lock that `recover` takes exclusively.
    Work,
    /// Reading, and the owner's work.
    Other,
}

fn build_options(
    url: &SecretString,
    network: &Network,
    patience: LockTimeout,
) -> sqlx::Result<PgConnectOptions> {
    let lock_timeout = match patience {
        LockTimeout::Endless => "0",
        LockTimeout::Brief => BRIEF,
    };
    Ok(with_authorities(read(url)?, url, network)
        .application_name("countersign")
        .options(SESSION)
        .options([("lock_timeout", lock_timeout)]))
}

fn read(url: &SecretString) -> sqlx::Result<PgConnectOptions> {
    let options = PgConnectOptions::from_str(url.expose_secret())?;
    // The library would look an address of IPv6 up by its brackets, which only a URL has.
    let bare = |host: &str| Some(host.strip_prefix('[')?.strip_suffix(']')?.to_owned());
    Ok(match bare(options.get_host()) {
        Some(address) => options.host(&address),
        None => options,
    })
}

/// Where the server's certificate is verified, the library trusts the built-in authorities and those of one file. So
/// all others are given as that file: the one that the login names, the system's, and `[network] ca_file`.
fn with_authorities(
    options: PgConnectOptions,
    url: &SecretString,
    network: &Network,
) -> PgConnectOptions {
    if !matches!(options.get_ssl_mode(), PgSslMode::VerifyCa | PgSslMode::VerifyFull) {
        return options;
    }
    match named_authorities(url).map(std::fs::read).transpose() {
        Ok(own) => {
            let pem = network.certificates_in_pem(&own.unwrap_or_default());
            options.ssl_root_cert_from_pem(pem)
        }
        // The library names the file in its own error, when it connects.
        Err(_) => options,
    }
}

/// The file that the URL names, or the variable of Postgres' own clients.
fn named_authorities(url: &SecretString) -> Option<PathBuf> {
    const PARAMETERS: [&str; 3] = ["sslrootcert", "ssl-root-cert", "ssl-ca"];
    let url = Url::parse(url.expose_secret()).ok()?;
    let named = url.query_pairs().filter(|(key, _)| PARAMETERS.contains(&&**key)).last();
    let named = named.map(|(_, file)| file.into_owned().into());
    named.or_else(|| std::env::var_os("PGSSLROOTCERT")).map(PathBuf::from)
}

/// Requests what depends on the server's version, and takes the shared lock.
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
/// An invalid URL.
pub fn build_lazy_pool(url: &SecretString, network: &Network) -> sqlx::Result<PgPool> {
    build_pool_of_size(url, network, CONNECTIONS, Duration::from_secs(5))
}

/// The same with at most so many connections, for each of which it waits no longer than `wait`.
///
/// # Errors
/// An invalid URL.
pub fn build_pool_of_size(
    url: &SecretString,
    network: &Network,
    connections: u32,
    wait: Duration,
) -> sqlx::Result<PgPool> {
    Ok(pool(
        build_options(url, network, LockTimeout::Endless)?,
        connections,
        wait,
        ConnectionUse::Work,
    ))
}

/// The same for the operator's commands, which wait only briefly for locks.
///
/// # Errors
/// An invalid URL.
pub fn build_brief_pool(url: &SecretString, network: &Network) -> sqlx::Result<PgPool> {
    Ok(pool(
        build_options(url, network, LockTimeout::Brief)?,
        CONNECTIONS,
        Duration::from_secs(5),
        ConnectionUse::Work,
    ))
}

/// A pool for reading, and for the owner's work; it does not take the shared lock.
///
/// # Errors
/// An invalid URL.
pub fn build_pool_without_work_lock(url: &SecretString, network: &Network) -> sqlx::Result<PgPool> {
    Ok(pool(
        build_options(url, network, LockTimeout::Brief)?,
        CONNECTIONS,
        Duration::from_secs(5),
        ConnectionUse::Other,
    ))
}

/// Begins to read in one snapshot: several statements see the same state. Otherwise what one of them finds may be
/// older than what the next one finds.
pub async fn begin_snapshot(pool: &PgPool) -> sqlx::Result<Transaction<'static, Postgres>> {
    pool.begin_with("begin isolation level repeatable read read only").await
}

/// Begins a transaction, or a part of one, whose statements are planned for their arguments: for those where the best
/// index depends on what is looked for.
pub async fn begin_planned_by_arguments(
    connection: &mut PgConnection,
) -> sqlx::Result<Transaction<'_, Postgres>> {
    let mut transaction = connection.begin().await?;
    sqlx::raw_sql("set local plan_cache_mode = force_custom_plan")
        .execute(&mut *transaction)
        .await?;
    Ok(transaction)
}

/// One connection of that kind.
pub async fn connect(url: &SecretString, network: &Network) -> sqlx::Result<PgConnection> {
    let mut connection =
        PgConnection::connect_with(&build_options(url, network, LockTimeout::Brief)?).await?;
    begin(&mut connection, ConnectionUse::Other).await?;
    Ok(connection)
}

/// The role in a URL.
///
/// # Errors
/// An invalid URL.
pub fn role(url: &SecretString) -> sqlx::Result<String> {
    Ok(read(url)?.get_username().to_owned())
}

/// The database in a URL.
///
/// # Errors
/// An invalid URL.
pub fn database(url: &SecretString) -> sqlx::Result<String> {
    let options = read(url)?;
    Ok(options.get_database().unwrap_or(options.get_username()).to_owned())
}

/// The server's version, as the server formats it.
pub async fn server_version(pool: &PgPool) -> sqlx::Result<String> {
    sqlx::query_scalar("select current_setting('server_version')").fetch_one(pool).await
}

/// The tables compared with this version of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SchemaVersion {
    /// The tables are of this version.
    Current,
    /// Some or all migrations are missing.
    Older,
    /// There are migrations that this version does not know.
    Newer,
}

/// Which migrations have been applied.
pub async fn schema_version(pool: &PgPool) -> sqlx::Result<SchemaVersion> {
    let there = sqlx::query_scalar!(
        r#"select to_regclass('countersign._sqlx_migrations') is not null as "there!""#
    )
    .fetch_one(pool)
    .await?;
    if !there {
        return Ok(SchemaVersion::Older);
    }
    // The table belongs to sqlx, so the query macros can't know it.
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
