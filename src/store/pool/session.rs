//! How each session begins: with our settings, whatever is stored for the role or the database, and whatever stands
//! between us and the server.
//!
//! The settings are asked for twice. In the first message of a session, so that a stored time limit can't end it
//! before it begins; poolers refuse that message or lose what it asks for. So they are set once more, and read back.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, Row as _};
use uuid::Uuid;

use super::LockTimeout;

/// Our schema. `pg_temp` is last, so that a temporary table never shadows one of ours.
pub const SEARCH_PATH: &str = "countersign, pg_temp";

/// The settings of each session. A role can store other settings in the database, which outlast the role;
/// what a session sets takes precedence. `check` reports stored settings.
const SESSION: [(&str, &str); 23] = [
    ("statement_timeout", "0"),
    ("idle_session_timeout", "0"),
    ("idle_in_transaction_session_timeout", "0"),
    ("search_path", SEARCH_PATH),
    ("quote_all_identifiers", "off"),
    ("default_transaction_isolation", "read committed"),
    ("default_transaction_read_only", "off"),
    ("default_transaction_deferrable", "off"),
    ("datestyle", "ISO, MDY"),
    ("timezone", "UTC"),
    ("client_encoding", "UTF8"),
    ("extra_float_digits", "2"),
    ("intervalstyle", "postgres"),
    ("bytea_output", "hex"),
    ("standard_conforming_strings", "on"),
    ("transform_null_equals", "off"),
    ("array_nulls", "on"),
    ("row_security", "on"),
    ("check_function_bodies", "on"),
    ("exit_on_error", "off"),
    ("synchronous_commit", "on"),
    // A statement is planned once for each connection. By default it is planned six times, and longer than it runs.
    ("plan_cache_mode", "force_generic_plan"),
    // A page is in memory, or on a disk without a head. By default a small table is read as a whole for one row.
    ("random_page_cost", "1.1"),
];

/// Settings of each session that depend on what it is for, on the server's version, or on us.
const ALSO_SET: [&str; 3] = ["lock_timeout", "transaction_timeout", "application_name"];

/// Whether our sessions set this setting themselves, whatever is stored for the role.
#[must_use]
pub fn is_set_by_us(setting: &str) -> bool {
    let mut all = SESSION.iter().map(|(name, _)| name).chain(&ALSO_SET);
    all.any(|name| setting.eq_ignore_ascii_case(name))
}

/// The oldest version whose catalogue can be compared with what ships.
const OLDEST: u32 = 150_000;

/// From this version on, a transaction can have a time limit.
const HAS_TRANSACTION_TIMEOUT: u32 = 170_000;

/// How long a second connection may take, next to the first.
const PATIENCE: Duration = Duration::from_secs(5);

/// Postgres' code for a message that isn't taken (`protocol_violation`).
const REFUSED_MESSAGE: &str = "08P01";

/// Postgres' codes for a prepared statement that is there already, or isn't there.
const ANOTHER_STATEMENTS: [&str; 2] = ["42P05", "26000"];

/// Postgres' code for an unknown setting.
const UNKNOWN_SETTING: &str = "42704";

/// How many other sessions begin a transaction beside the first. A pooler has as many connections besides as it opened
/// in the meantime, and gives one of those first.
const OTHERS: usize = 3;

/// Where settings in a session's first message were refused. Found once for each process.
static REFUSERS: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Why Countersign can't work with what its URL leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unfit {
    /// The server is too old; its version.
    OldServer(u32),
    /// Nothing can be written there.
    ReadOnly,
    /// Other sessions get the same connection to the server, and this one gets others.
    Shared,
    /// So many connections are given out at a time, and no more.
    Crowded(usize),
    /// The session looks names up there in spite of what it set.
    OtherSearchPath(String),
}

impl std::error::Error for Unfit {}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OldServer(number) => {
                write!(f, "the server is PostgreSQL {}, and Countersign needs 15 or newer", number / 10_000)
            }
            Self::ReadOnly => f.write_str(
                "the server takes no changes: it is a standby, a replica for reading, or was switched to read only",
            ),
            Self::Shared => f.write_str(
                "a pooler stands before Postgres and gives each transaction another connection (transaction \
                 mode): notifications, advisory locks, prepared statements and settings get lost there",
            ),
            Self::Crowded(connections) => write!(
                f,
                "the database gives out no more than {connections} at a time (the next one did not come within 5 s), \
                 and Countersign uses up to 27 connections, 9 more with [verify]"
            ),
            Self::OtherSearchPath(found) => write!(
                f,
                "the session looks names up in {found}, though it set its search_path to {SEARCH_PATH}"
            ),
        }
    }
}

impl Unfit {
    /// What to do about it.
    #[must_use]
    pub fn cure(&self) -> &'static str {
        match self {
            Self::OldServer(_) => {
                "upgrade the server; PostgreSQL 14 gets no more corrections since November 2026"
            }
            Self::ReadOnly => "let the URL lead to the primary",
            Self::Shared => {
                "let the URL lead to Postgres itself (Neon: the host without -pooler), or to a pooler in session \
                 mode (PgBouncer: pool_mode = session; Supabase: port 5432, not 6543)"
            }
            Self::Crowded(_) => {
                "raise the pooler's default_pool_size and max_client_conn, or the role's or server's limit of \
                 connections"
            }
            Self::OtherSearchPath(_) => {
                "let the URL lead to Postgres itself, or see what the pooler does with SET"
            }
        }
    }

    /// The one within an error of the database's library.
    #[must_use]
    pub fn within(error: &sqlx::Error) -> Option<&Self> {
        match error {
            sqlx::Error::Configuration(inner) => inner.downcast_ref(),
            // Nobody else's statement is in a session that is ours alone.
            sqlx::Error::Database(refused) => {
                let is_anothers =
                    refused.code().is_some_and(|code| ANOTHER_STATEMENTS.contains(&&*code));
                is_anothers.then_some(&Self::Shared)
            }
            _ => None,
        }
    }
}

impl From<Unfit> for sqlx::Error {
    fn from(unfit: Unfit) -> Self {
        Self::Configuration(unfit.into())
    }
}

/// The same login, with our settings in its first message where that is taken.
pub(super) fn ask_early(options: PgConnectOptions, patience: LockTimeout) -> PgConnectOptions {
    let is_refused = REFUSERS
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .contains(&describe_server(&options));
    if is_refused {
        return options;
    }
    options.options(SESSION).options([("lock_timeout", patience.as_setting())])
}

fn describe_server(options: &PgConnectOptions) -> String {
    let socket = options.get_socket().map(|socket| socket.display().to_string());
    format!("{}:{}", socket.as_deref().unwrap_or(options.get_host()), options.get_port())
}

/// Opens one session, and finds out whether its first message may hold settings.
pub(super) async fn open(
    options: &PgConnectOptions,
    patience: LockTimeout,
) -> sqlx::Result<PgConnection> {
    let opened = PgConnection::connect_with(&ask_early(options.clone(), patience)).await;
    let Err(sqlx::Error::Database(error)) = &opened else { return opened };
    if error.code().as_deref() != Some(REFUSED_MESSAGE) {
        return opened;
    }
    let connection = PgConnection::connect_with(options).await?;
    REFUSERS.lock().unwrap_or_else(PoisonError::into_inner).insert(describe_server(options));
    Ok(connection)
}

/// Sets our settings, and reads back whether they hold.
pub(super) async fn settle(
    connection: &mut PgConnection,
    patience: LockTimeout,
) -> sqlx::Result<()> {
    let version = connection.server_version_num();
    if let Some(version) = version.filter(|version| *version < OLDEST) {
        return Err(Unfit::OldServer(version).into());
    }
    let mut settings: Vec<(&str, &str)> = SESSION.to_vec();
    settings.push(("lock_timeout", patience.as_setting()));
    if version >= Some(HAS_TRANSACTION_TIMEOUT) {
        settings.push(("transaction_timeout", "0"));
    }
    let set = |(name, value): &(&str, &str)| match *name {
        // A list of names; in quotes it would be one.
        "search_path" => format!("set search_path = {value};"),
        name => format!("set {name} = '{value}';"),
    };
    let settings: String = settings.iter().map(set).collect();
    let stamp = Uuid::new_v4().simple().to_string();
    mark_session(connection, &settings, &stamp).await?;
    // In a message of its own: within one, nobody comes between.
    let found = connection
        .fetch_all("show countersign.session; show search_path; show transaction_read_only")
        .await
        .map_err(name_unmarked)?;
    let found: Vec<String> = found.iter().map(|row| row.try_get(0)).collect::<sqlx::Result<_>>()?;
    match found.as_slice() {
        [found, ..] if *found != stamp => Err(Unfit::Shared.into()),
        [_, path, _] if path != SEARCH_PATH => Err(Unfit::OtherSearchPath(path.clone()).into()),
        [_, _, read_only] if read_only == "off" => Ok(()),
        _ => Err(Unfit::ReadOnly.into()),
    }
}

/// Carries out settings of ours, and marks the session.
async fn mark_session(
    connection: &mut PgConnection,
    settings: &str,
    stamp: &str,
) -> sqlx::Result<()> {
    let statements = format!("{settings} set countersign.session = '{stamp}'");
    connection.execute(sqlx::raw_sql(AssertSqlSafe(statements))).await?;
    Ok(())
}

/// The stamp of the connection that this session has now.
async fn read_stamp(connection: &mut PgConnection) -> sqlx::Result<String> {
    let found = connection.fetch_one("show countersign.session").await.map_err(name_unmarked)?;
    found.try_get(0)
}

/// A connection that knows no stamp is not the one that was marked.
fn name_unmarked(error: sqlx::Error) -> sqlx::Error {
    match &error {
        sqlx::Error::Database(refused) if refused.code().as_deref() == Some(UNKNOWN_SETTING) => {
            Unfit::Shared.into()
        }
        _ => error,
    }
}

/// Checks that a session keeps its connection to the server, also while others begin transactions: a pooler in
/// transaction mode gives one of those the connection of the first, or the first one another.
///
/// # Errors
/// [`Unfit`], or what the database says.
pub(super) async fn check_is_kept(
    connection: &mut PgConnection,
    options: &PgConnectOptions,
) -> sqlx::Result<()> {
    let stamp = Uuid::new_v4().simple().to_string();
    mark_session(connection, "", &stamp).await?;
    let mut others = Vec::new();
    while others.len() < OTHERS {
        let opened = tokio::time::timeout(PATIENCE, begin_another(options)).await;
        let (other, found) = opened.map_err(|_| Unfit::Crowded(others.len() + 1))??;
        others.push(other);
        let own = [read_stamp(connection).await?, read_stamp(connection).await?];
        if found.as_ref() == Some(&stamp) || own.iter().any(|own| *own != stamp) {
            return Err(Unfit::Shared.into());
        }
    }
    for other in others {
        // Nothing depends on how it ends.
        let _ = other.close().await;
    }
    Ok(())
}

/// Another session, in a transaction, with the stamp of the connection that it was given.
async fn begin_another(options: &PgConnectOptions) -> sqlx::Result<(PgConnection, Option<String>)> {
    const BEGIN: &str = "set idle_session_timeout = 0; set idle_in_transaction_session_timeout = 0; begin; \
         select pg_catalog.current_setting('countersign.session', true)";
    let mut other = open(options, LockTimeout::Brief).await?;
    match other.fetch_all(BEGIN).await {
        Ok(found) => {
            let stamp = found.first().map(|row| row.try_get(0)).transpose()?.flatten();
            Ok((other, stamp))
        }
        // Who may begin no transaction has no connection of its own.
        Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some(REFUSED_MESSAGE) => {
            Err(Unfit::Shared.into())
        }
        Err(error) => Err(error),
    }
}
