//! A temporary Postgres with the two roles that Countersign needs, and databases in it.
//!
//! - [`Postgres`]: the server, own or shared, with its databases.
//! - `server`: its processes and files.
//! - `standby`: a second server that follows the first.
//!
//! Every test has a database of its own. `make test` starts one server for all of them and names it
//! in [`SHARED_VARIABLE`]; a test that runs alone starts its own.

mod databases;
mod memory;
mod server;
mod standby;

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError, Weak};
use std::time::{Duration, Instant};

use anyhow::Context;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tokio::sync::Mutex;

use crate::clock::Clock;
use crate::disk::Disk;
use databases::{execute_patiently, has_database, sanitized};
use server::Server;
pub use server::Shutdown;

/// The URL of a server that tests share, as its superuser.
pub const SHARED_VARIABLE: &str = "COUNTERSIGN_TEST_POSTGRES";

/// The role that owns the databases and runs the migrations.
pub const OWNER: &str = "countersign_owner";

/// The role that the bot runs as. It may log in and nothing else.
pub const APPLICATION: &str = "countersign";

/// Passwords of the two roles. They protect nothing, and are found where a password must not be; neither
/// begins or ends as the other, so that a part of one is not taken for the other's.
const OWNER_PASSWORD: &str = "owners-secret-that-migrate-alone-has";
const APPLICATION_PASSWORD: &str = "application-password-that-nobody-may-log";

/// How long a server may take until it accepts connections.
const START_LIMIT: Duration = Duration::from_secs(30);

/// How often a server is started, each time on another port.
const ATTEMPTS: usize = 3;

/// After this time a server that keeps no file about its process has ended.
const GONE_AFTER: Duration = Duration::from_secs(3);

/// How durable a server's commits are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// For tests: commits survive the server's processes, but not the machine.
    Fast,
    /// Postgres' default: commits survive the machine. For measurements.
    Safe,
}

/// Where a server on a small disk keeps its write-ahead log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wal {
    /// On the same disk: when that is full, the server stops.
    Beside,
    /// On another one that is not full: the server keeps running and refuses what needs more room.
    Elsewhere,
}

/// A running server. It stops, and leaves nothing behind, when the last clone is dropped, or when
/// this process ends in any way.
#[derive(Clone)]
pub struct Postgres {
    admin_url: reqwest::Url,
    /// `None` if the server belongs to another process.
    server: Option<Arc<Server>>,
}

impl Postgres {
    /// Starts a separate server.
    pub async fn start(durability: Durability) -> anyhow::Result<Self> {
        Self::made(move || Server::start(durability)).await
    }

    /// Starts a separate server with its data on a small disk.
    pub async fn start_on(disk: Arc<Disk>, wal: Wal) -> anyhow::Result<Self> {
        Self::made(move || Server::start_on(disk.clone(), wal)).await
    }

    /// Another process may take the port before the server does: then one is made with another.
    async fn made(
        make: impl Fn() -> anyhow::Result<Server> + Clone + Send + 'static,
    ) -> anyhow::Result<Self> {
        let mut attempts = 0;
        loop {
            attempts += 1;
            let server = tokio::task::spawn_blocking(make.clone())
                .await
                .context("Postgres did not start; what it said stands above")??;
            let admin_url = server.admin_url().parse()?;
            let postgres = Self { admin_url, server: Some(Arc::new(server)) };
            match postgres.wait_until_up().await {
                Ok(()) => {
                    postgres.create_roles().await?;
                    return Ok(postgres);
                }
                Err(error) if attempts == ATTEMPTS => return Err(error),
                // A server is dropped by waiting.
                Err(_) => tokio::task::spawn_blocking(move || drop(postgres)).await?,
            }
        }
    }

    /// The server named in [`SHARED_VARIABLE`]; without it, one for this process.
    pub async fn shared() -> anyhow::Result<Self> {
        static OWN: Mutex<Option<(reqwest::Url, Weak<Server>)>> = Mutex::const_new(None);
        if let Ok(url) = std::env::var(SHARED_VARIABLE) {
            return Self::attach(&url);
        }
        let mut own = OWN.lock().await;
        if let Some((admin_url, server)) = &*own
            && let Some(server) = server.upgrade()
        {
            return Ok(Self { admin_url: admin_url.clone(), server: Some(server) });
        }
        let postgres = Self::start(Durability::Fast).await?;
        *own = postgres
            .server
            .as_ref()
            .map(|server| (postgres.admin_url.clone(), Arc::downgrade(server)));
        Ok(postgres)
    }

    /// Uses a running server; `url` is its superuser's. It has both roles if one of these here
    /// started it.
    pub fn attach(url: &str) -> anyhow::Result<Self> {
        Ok(Self { admin_url: url.parse().context("no Postgres URL")?, server: None })
    }

    /// The superuser's URL, to [`attach`](Self::attach) to from elsewhere.
    pub fn admin_url(&self) -> String {
        self.admin_url.to_string()
    }

    /// Makes an empty database that [`OWNER`] owns. Its name begins with `label`.
    pub async fn database(&self, label: &str) -> anyhow::Result<Database> {
        self.create_database(label, None).await
    }

    /// Makes a copy of a [`template`](Self::template).
    pub async fn database_from(
        &self,
        label: &str,
        template: &Template,
    ) -> anyhow::Result<Database> {
        self.create_database(label, Some(template)).await
    }

    /// A database to copy, created once for each server and `key`, by the first caller. The key
    /// must change with what `prepare` does.
    pub async fn template(
        &self,
        key: &str,
        prepare: impl AsyncFnOnce(&Database) -> anyhow::Result<()>,
    ) -> anyhow::Result<Template> {
        static KNOWN: std::sync::Mutex<BTreeSet<(String, String)>> =
            std::sync::Mutex::new(BTreeSet::new());
        let name = format!("template_{}", sanitized(key));
        // Of a server that outlives this process.
        let known = (self.admin_url(), name.clone());
        if self.server.is_none()
            && KNOWN.lock().unwrap_or_else(PoisonError::into_inner).contains(&known)
        {
            return Ok(Template { name });
        }
        let mut connection = self.connect().await?;
        let mut exists = has_database(&mut connection, &name).await?;
        if !exists {
            // Held until the connection closes, whatever happens here.
            sqlx::query("SELECT pg_advisory_lock(hashtext($1))")
                .bind(&name)
                .execute(&mut connection)
                .await?;
            exists = has_database(&mut connection, &name).await?;
        }
        if !exists {
            let draft = self.database(key).await?;
            prepare(&draft).await?;
            // A template can only be copied while there is no connection to it.
            for statement in [
                format!(r#"ALTER DATABASE "{}" WITH ALLOW_CONNECTIONS false"#, draft.name),
                format!(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}'",
                    draft.name
                ),
                format!(r#"ALTER DATABASE "{}" RENAME TO "{name}""#, draft.name),
            ] {
                execute_patiently(&mut connection, &statement).await?;
            }
        }
        connection.close().await?;
        KNOWN.lock().unwrap_or_else(PoisonError::into_inner).insert(known);
        Ok(Template { name })
    }

    /// Stops the server's processes and starts them again on the same data and port.
    pub async fn restart(&self, shutdown: Shutdown) -> anyhow::Result<()> {
        self.stop(shutdown).await?;
        self.start_again().await
    }

    /// Restarts the server's processes, outside of the terminal's foreground: Ctrl-C goes to all
    /// processes there, and the program wants to stop the server last, and in order.
    pub async fn leave_terminal(&self) -> anyhow::Result<()> {
        self.restart(Shutdown::Fast).await
    }

    /// Stops the server's processes; its data stays.
    pub async fn stop(&self, shutdown: Shutdown) -> anyhow::Result<()> {
        let server = self.own_server()?;
        tokio::task::spawn_blocking(move || server.stop(shutdown)).await?
    }

    /// Starts a stopped server again, on the same data and port.
    pub async fn start_again(&self) -> anyhow::Result<()> {
        let server = self.own_server()?;
        tokio::task::spawn_blocking(move || server.start_again(&[])).await??;
        self.wait_until_up().await
    }

    /// Makes the server use another clock, for which its processes are restarted.
    pub async fn follow_clock(&self, clock: &Clock) -> anyhow::Result<()> {
        self.stop(Shutdown::Fast).await?;
        let (server, environment) = (self.own_server()?, clock.environment());
        tokio::task::spawn_blocking(move || server.start_again(&environment)).await??;
        self.wait_until_up().await
    }

    /// The id of the server's first process, for signals and measurements.
    pub fn process_id(&self) -> anyhow::Result<u32> {
        self.own_server()?.process_id().context("Postgres is not running")
    }

    fn own_server(&self) -> anyhow::Result<Arc<Server>> {
        self.server.clone().context("this Postgres is shared: it can't be stopped from here")
    }

    async fn create_database(
        &self,
        label: &str,
        template: Option<&Template>,
    ) -> anyhow::Result<Database> {
        let name = format!("{}_{:08x}", sanitized(label), rand::random::<u32>());
        let source = template.map_or("template1", |template| &template.name);
        // Copied file by file, it is not written to the log a second time.
        let create = format!(
            r#"CREATE DATABASE "{name}" OWNER {OWNER} TEMPLATE "{source}" STRATEGY file_copy"#
        );
        let mut connection = self.connect().await?;
        execute_patiently(&mut connection, &create).await?;
        if template.is_some() {
            // Grants on a database itself aren't copied, and neither is their absence.
            let revoke = format!(
                r#"REVOKE TEMPORARY, CREATE ON DATABASE "{name}" FROM PUBLIC, {APPLICATION}"#
            );
            execute_patiently(&mut connection, &revoke).await?;
        }
        connection.close().await?;
        Ok(Database {
            url: self.url_of(&name, Some((APPLICATION, APPLICATION_PASSWORD)))?,
            owner_url: self.url_of(&name, Some((OWNER, OWNER_PASSWORD)))?,
            admin_url: self.url_of(&name, None)?,
            postgres: self.clone(),
            name,
        })
    }

    /// The URL of a database, for a role with its password or for the superuser.
    fn url_of(&self, database: &str, role: Option<(&str, &str)>) -> anyhow::Result<String> {
        let mut url = self.admin_url.clone();
        url.set_path(database);
        if let Some((name, password)) = role {
            let set = url.set_username(name).and_then(|()| url.set_password(Some(password)));
            set.map_err(|()| anyhow::anyhow!("a Postgres URL that can't name a role"))?;
        }
        Ok(url.into())
    }

    async fn create_roles(&self) -> anyhow::Result<()> {
        let mut connection = self.connect().await?;
        let create = format!(
            "BEGIN;
             SELECT pg_advisory_xact_lock(hashtext('{OWNER}'));
             DO $$ BEGIN
                 IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{OWNER}') THEN
                     CREATE ROLE {OWNER} LOGIN PASSWORD '{OWNER_PASSWORD}';
                     CREATE ROLE {APPLICATION} LOGIN PASSWORD '{APPLICATION_PASSWORD}';
                 END IF;
             END $$;
             COMMIT"
        );
        sqlx::raw_sql(AssertSqlSafe(create)).execute(&mut connection).await?;
        connection.close().await?;
        Ok(())
    }

    async fn connect(&self) -> anyhow::Result<PgConnection> {
        // The URL holds the password, so it is not part of the message.
        PgConnection::connect(self.admin_url.as_str())
            .await
            .with_context(|| format!("no Postgres on port {:?}", self.admin_url.port()))
    }

    /// Whether the server, started at this moment, is gone again.
    fn has_ended(&self, start: Instant) -> bool {
        let server = self.server.as_ref();
        start.elapsed() > GONE_AFTER && server.is_some_and(|server| server.process_id().is_none())
    }

    async fn wait_until_up(&self) -> anyhow::Result<()> {
        let start = Instant::now();
        loop {
            match self.connect().await {
                Ok(connection) => return Ok(connection.close().await?),
                Err(error) if start.elapsed() > START_LIMIT || self.has_ended(start) => {
                    return Err(error);
                }
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
    }
}

/// One database; it is dropped with this value, even while there are connections to it.
pub struct Database {
    /// For the bot: the role [`APPLICATION`].
    pub url: String,
    /// For migrations: the role [`OWNER`].
    pub owner_url: String,
    /// For the test's own queries: the superuser.
    pub admin_url: String,
    /// The database's name.
    pub name: String,
    postgres: Postgres,
}

impl Drop for Database {
    fn drop(&mut self) {
        // A separate server is removed with everything in it; on a shared one thousands of databases
        // would pile up. This runs on a separate thread, since a runtime can't wait for itself.
        if self.postgres.server.is_some() {
            return;
        }
        let postgres = self.postgres.clone();
        let name = std::mem::take(&mut self.name);
        let dropping = std::thread::spawn(move || drop_database(&postgres, &name));
        // Whatever the error is: the server's end removes it.
        let _ = dropping.join();
    }
}

fn drop_database(postgres: &Postgres, name: &str) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut connection = postgres.connect().await?;
        let statement = format!(r#"DROP DATABASE IF EXISTS "{name}" WITH (FORCE)"#);
        sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut connection).await?;
        Ok(())
    })
}

/// A database that others are copied from.
#[derive(Clone, Debug)]
pub struct Template {
    name: String,
}
