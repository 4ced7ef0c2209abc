//! A real PgBouncer before a database, configured as Debian ships it but for addresses, logins and what a test asks for.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use reqwest::Url;
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

use crate::is_root;
use crate::ports::find_free_port;
use crate::postgres::Database;
use crate::watchdog::Watchdog;

/// Where Debian installs it, which is often not on a user's PATH.
const PROGRAM: &str = "/usr/sbin/pgbouncer";

/// How long it may take until it accepts connections.
const START_LIMIT: Duration = Duration::from_secs(15);

/// If another process takes the port before it does, another port is tried.
const ATTEMPTS: usize = 3;

/// A running PgBouncer; it ends when this is dropped, or when this process ends in any way.
pub struct PgBouncer {
    address: SocketAddr,
    _child: Child,
    _watchdog: Watchdog,
    _folder: TempDir,
}

impl PgBouncer {
    /// Starts one before the server of this database, for its two roles. `settings` come after Debian's: `KEY = VALUE`, a
    /// line each.
    pub async fn start(database: &Database, settings: &str) -> Result<Self> {
        let mut attempts = 0;
        loop {
            attempts += 1;
            match Self::try_start(database, settings).await {
                Err(_) if attempts < ATTEMPTS => {}
                done => return done,
            }
        }
    }

    async fn try_start(database: &Database, settings: &str) -> Result<Self> {
        let folder = TempDir::with_prefix("countersign-pgbouncer-")?;
        let port = find_free_port()?;
        write_files(folder.path(), database, settings, port)?;
        let program = if Path::new(PROGRAM).is_file() { PROGRAM } else { "pgbouncer" };
        let mut command = Command::new(program);
        if is_root() {
            // It refuses to be root, and needs no more than to read its files.
            command.args(["-u", "postgres"]);
        }
        command.arg(folder.path().join("pgbouncer.ini")).kill_on_drop(true);
        let log = std::fs::File::create(folder.path().join("log"))?;
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        let mut child =
            command.spawn().context("no PgBouncer: run `scripts/install-dependencies test`")?;
        let id = child.id().context("PgBouncer ended at once")?.to_string();
        let watchdog = Watchdog::start(r#"kill -KILL "$1""#, &[id.as_ref()])?;
        let (address, start) = (SocketAddr::from(([127, 0, 0, 1], port)), Instant::now());
        while TcpStream::connect(address).await.is_err() {
            if child.try_wait()?.is_some() || start.elapsed() > START_LIMIT {
                let said = std::fs::read_to_string(folder.path().join("log"))?;
                bail!("PgBouncer did not start: {said}");
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Ok(Self { address, _child: child, _watchdog: watchdog, _folder: folder })
    }

    /// The URL of a database through this.
    pub fn url(&self, database_url: &str) -> Result<String> {
        let mut url: Url = database_url.parse().context("no database URL")?;
        url.set_port(Some(self.address.port()))
            .map_err(|()| anyhow::anyhow!("a database URL that can have no port"))?;
        Ok(url.into())
    }
}

fn write_files(folder: &Path, database: &Database, settings: &str, port: u16) -> Result<()> {
    let logins = folder.join("userlist.txt");
    let mut users = std::fs::File::create(&logins)?;
    let mut server = None;
    for url in [&database.url, &database.owner_url] {
        let url: Url = url.parse().context("no database URL")?;
        writeln!(users, "\"{}\" \"{}\"", url.username(), url.password().unwrap_or_default())?;
        server = url.port();
    }
    let server = server.context("a database URL without a port")?;
    let text = format!(
        "[databases]\n* = host=127.0.0.1 port={server}\n[pgbouncer]\nlisten_addr = 127.0.0.1\n\
         listen_port = {port}\nunix_socket_dir =\nauth_type = md5\nauth_file = {}\n{settings}\n",
        logins.display()
    );
    std::fs::write(folder.join("pgbouncer.ini"), text)?;
    if is_root() {
        let mine =
            Command::new("chown").args(["-R", "postgres"]).arg(folder).as_std_mut().status()?;
        anyhow::ensure!(mine.success(), "PgBouncer's files could not be given to postgres");
    }
    Ok(())
}
