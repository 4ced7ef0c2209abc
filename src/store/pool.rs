//! Connections to Postgres; `session`: how each one begins, `connections`: how they are used again.

mod connections;
mod session;

use std::io::ErrorKind;
use std::path::PathBuf;
use std::str::FromStr as _;
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use sqlx::PgConnection;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions, PgSslMode};
use url::Url;

use super::{locks, recovery};
use crate::network::Network;

pub use connections::{Connection, Pool, Transaction};
pub use session::{SEARCH_PATH, Unfit, is_set_by_us};

/// The size of a pool: a workflow holds one connection, 18 jobs run at a time, and the queue has four of its own. They
/// are opened as they are needed.
const CONNECTIONS: u32 = 24;

/// How many of them may listen. One does; where its server vanished, it may still be there when the next one comes.
const LISTENERS: u32 = 2;

/// How long a caller waits for a connection.
const WAIT: Duration = Duration::from_secs(5);

/// The migrations in `migrations/`, in their order.
pub static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!();

/// How long the first connection of a command may take.
const FIRST_ANSWER: Duration = Duration::from_secs(10);

/// Postgres' codes for a session that it ends (`admin_shutdown`, `crash_shutdown`).
const ENDED: [&str; 2] = ["57P01", "57P02"];

/// The same for one that it doesn't begin yet (`cannot_connect_now`).
const NOT_BEGUN: &str = "57P03";

/// The class of Postgres' codes for a connection that failed.
const CONNECTION_TROUBLE: &str = "08";

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

impl LockTimeout {
    fn as_setting(self) -> &'static str {
        match self {
            Self::Endless => "0",
            Self::Brief => BRIEF,
        }
    }
}

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ConnectionUse {
    /// The application's work, which shares the lock that `recover` takes exclusively.
    Work,
    /// The same, to see whether the database answers.
    Readiness,
    /// Reading, and the owner's work.
    Other,
}

fn build_options(url: &SecretString, network: &Network) -> sqlx::Result<PgConnectOptions> {
    // Poolers refuse it in the first message; `session` sets it.
    let options = read(url)?.extra_float_digits(None::<i8>);
    // All of ours: each session comes to all of them, and the library keeps a hundred.
    let options = options.statement_cache_capacity(512);
    Ok(with_authorities(options, url, network).application_name("countersign"))
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

/// Makes the session ours, and takes the shared lock.
async fn begin(
    connection: &mut PgConnection,
    patience: LockTimeout,
    usage: ConnectionUse,
) -> sqlx::Result<()> {
    session::settle(connection, patience).await?;
    match usage {
        ConnectionUse::Work => {}
        // Nobody waits for the answer any longer.
        ConnectionUse::Readiness => {
            sqlx::raw_sql("set statement_timeout = '2s'").execute(&mut *connection).await?;
        }
        ConnectionUse::Other => return Ok(()),
    }
    if !locks::join_work(connection).await? {
        return Err(sqlx::Error::Configuration("`countersign recover` runs".into()));
    }
    if recovery::find_unfinished(&mut *connection).await?.is_some() {
        let why = "a recovery has not ended: run `countersign recover` again";
        return Err(sqlx::Error::Configuration(why.into()));
    }
    Ok(())
}

fn pool(
    options: PgConnectOptions,
    patience: LockTimeout,
    connections: (u32, u32),
    wait: Duration,
    usage: ConnectionUse,
) -> Pool {
    let how = PgPoolOptions::new()
        .after_connect(move |connection, _| Box::pin(begin(connection, patience, usage)));
    Pool::new(how, session::ask_early(options, patience), connections, wait)
}

/// Whether an error says that a connection that stood was closed meanwhile. One that can't be opened has other errors.
fn was_closed(error: &sqlx::Error) -> bool {
    use ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    match error {
        sqlx::Error::Io(error) => {
            matches!(error.kind(), BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof)
        }
        sqlx::Error::Database(refused) => {
            refused.code().is_some_and(|code| ENDED.contains(&&*code))
        }
        _ => false,
    }
}

/// Whether an error says that the connection was lost, or closed by the server: it is no fault of ours, and another
/// connection may work.
#[must_use]
pub fn is_lost(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) => true,
        sqlx::Error::Database(refused) => refused.code().is_some_and(|code| {
            ENDED.contains(&&*code) || code == NOT_BEGUN || code.starts_with(CONNECTION_TROUBLE)
        }),
        _ => false,
    }
}

/// A pool of one connection to see whether the database answers, for which it waits no longer than `wait`.
///
/// # Errors
/// An invalid URL.
pub fn build_readiness_pool(
    url: &SecretString,
    network: &Network,
    wait: Duration,
) -> sqlx::Result<Pool> {
    let options = build_options(url, network)?;
    Ok(pool(options, LockTimeout::Endless, (1, 0), wait, ConnectionUse::Readiness))
}

/// A pool for the application's work, which connects when it is first used.
///
/// # Errors
/// An invalid URL.
pub fn build_lazy_pool(url: &SecretString, network: &Network) -> sqlx::Result<Pool> {
    let options = build_options(url, network)?;
    let connections = (CONNECTIONS, LISTENERS);
    Ok(pool(options, LockTimeout::Endless, connections, WAIT, ConnectionUse::Work))
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
) -> sqlx::Result<Pool> {
    Ok(pool(
        build_options(url, network)?,
        LockTimeout::Endless,
        (connections, 0),
        wait,
        ConnectionUse::Work,
    ))
}

/// The same for the operator's commands, which wait only briefly for locks.
///
/// # Errors
/// An invalid URL.
pub fn build_brief_pool(url: &SecretString, network: &Network) -> sqlx::Result<Pool> {
    Ok(pool(
        build_options(url, network)?,
        LockTimeout::Brief,
        (CONNECTIONS, 0),
        WAIT,
        ConnectionUse::Work,
    ))
}

/// A pool for reading, and for the owner's work; it does not take the shared lock.
///
/// # Errors
/// An invalid URL.
pub fn build_pool_without_work_lock(url: &SecretString, network: &Network) -> sqlx::Result<Pool> {
    Ok(pool(
        build_options(url, network)?,
        LockTimeout::Brief,
        (CONNECTIONS, 0),
        WAIT,
        ConnectionUse::Other,
    ))
}

/// Begins to read in one snapshot: several statements see the same state. Otherwise what one of them finds may be
/// older than what the next one finds.
pub async fn begin_snapshot(pool: &Pool) -> sqlx::Result<Transaction> {
    pool.begin_with(Some("begin isolation level repeatable read read only")).await
}

/// Lets the statements of this session be planned for their arguments, where the best index depends on what is looked
/// for; [`plan_once`] ends it, or the session's end. A session that misses that only plans more often.
pub async fn plan_by_arguments(connection: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::raw_sql("set plan_cache_mode = force_custom_plan").execute(connection).await.map(drop)
}

/// Lets a statement be planned once for this session, as at its beginning.
pub async fn plan_once(connection: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::raw_sql("set plan_cache_mode = force_generic_plan").execute(connection).await.map(drop)
}

/// One connection of that kind.
///
/// # Errors
/// Also [`Unfit`].
pub async fn connect(url: &SecretString, network: &Network) -> sqlx::Result<PgConnection> {
    let options = build_options(url, network)?;
    let mut connection = session::open(&options, LockTimeout::Brief).await?;
    begin(&mut connection, LockTimeout::Brief, ConnectionUse::Other).await?;
    Ok(connection)
}

/// The same, after a look at whether sessions keep their connection to the server. Commands connect by this first.
///
/// # Errors
/// Also [`Unfit`], and a server that doesn't answer within 10 s.
pub async fn connect_first(url: &SecretString, network: &Network) -> sqlx::Result<PgConnection> {
    let connecting = async {
        let mut connection = connect(url, network).await?;
        session::check_is_kept(&mut connection, &build_options(url, network)?).await?;
        Ok(connection)
    };
    match tokio::time::timeout(FIRST_ANSWER, connecting).await {
        Ok(connected) => connected,
        Err(_) => Err(std::io::Error::new(ErrorKind::TimedOut, "no answer within 10 s").into()),
    }
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
pub async fn server_version(connection: &mut PgConnection) -> sqlx::Result<String> {
    sqlx::query_scalar("select current_setting('server_version')").fetch_one(connection).await
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
pub async fn schema_version(connection: &mut PgConnection) -> sqlx::Result<SchemaVersion> {
    let there = sqlx::query_scalar!(
        r#"select to_regclass('countersign._sqlx_migrations') is not null as "there!""#
    )
    .fetch_one(&mut *connection)
    .await?;
    if !there {
        return Ok(SchemaVersion::Older);
    }
    // The table belongs to sqlx, so the query macros can't know it.
    let applied: Vec<i64> = sqlx::query_scalar(
        "select version from countersign._sqlx_migrations where success order by version",
    )
    .fetch_all(connection)
    .await?;
    let ours: Vec<i64> = MIGRATIONS.iter().map(|migration| migration.version).collect();
    Ok(match applied == ours {
        true => SchemaVersion::Current,
        false if applied.iter().any(|version| !ours.contains(version)) => SchemaVersion::Newer,
        false => SchemaVersion::Older,
    })
}
