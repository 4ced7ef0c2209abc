//! The processes and files of a temporary Postgres.

use std::ffi::OsStr;
use std::os::unix::process::CommandExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use pgtemp::{PgTempDB, PgTempDBBuilder};

use super::{Durability, Wal, memory};
use crate::disk::Disk;
use crate::is_root;
use crate::ports::find_free_port;
use crate::watchdog::Watchdog;

/// Where Debian and its relatives put the server's programs: one folder for each version.
const DEBIAN_FOLDER: &str = "/usr/lib/postgresql";

/// What pgtemp calls the folder of the data, in its own.
const DATA_FOLDER: &str = "pg_data_dir";

/// How long Postgres may take to stop.
const STOP_LIMIT: Duration = Duration::from_secs(30);

/// The watchdog's command for the folder: stops its server and removes it, and the folder of its log
/// if that is elsewhere.
const CLEAR: &str = r#"
pid_file="$1/pg_data_dir/postmaster.pid"
if [ -e "$pid_file" ]; then
    pid=$(head -n 1 "$pid_file")
    kill -QUIT "$pid"
    tries=0
    while kill -0 "$pid" && [ $tries -lt 100 ]; do sleep 0.1; tries=$((tries + 1)); done
fi
rm -rf "$1" ${2:+"$2"}
"#;

/// How to stop: <https://www.postgresql.org/docs/current/server-shutdown.html>.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shutdown {
    /// Cuts connections, rolls back what is open, and writes everything.
    Fast,
    /// Kills it; the next start recovers.
    Immediate,
}

/// A server of our own.
pub(super) struct Server {
    /// `None` while it is being dropped, and of a standby.
    database: Option<PgTempDB>,
    programs: PathBuf,
    data: PathBuf,
    admin_url: String,
    options: Vec<String>,
    /// The process after a restart; the first one belongs to `database`.
    restarted: Mutex<Option<Child>>,
    watchdog: Option<Watchdog>,
    /// Where the log is, if not in the data's folder.
    wal: Option<PathBuf>,
    /// The disk of the data, which must outlive it.
    _disk: Option<Arc<Disk>>,
}

impl Server {
    /// Creates the files and starts the processes. Blocks for about a second.
    pub fn start(durability: Durability) -> anyhow::Result<Self> {
        Self::make(durability, None, None)
    }

    /// The same on a small disk.
    pub fn start_on(disk: Arc<Disk>, wal: Wal) -> anyhow::Result<Self> {
        let elsewhere = || {
            let name = format!("countersign-wal-{:032x}", rand::random::<u128>());
            std::env::temp_dir().join(name)
        };
        Self::make(Durability::Fast, Some(disk), (wal == Wal::Elsewhere).then(elsewhere))
    }

    fn make(
        durability: Durability,
        disk: Option<Arc<Disk>>,
        wal: Option<PathBuf>,
    ) -> anyhow::Result<Self> {
        let programs = find_programs()?;
        // New for each server, to detect another server on the port that we wanted.
        let password = format!("{:032x}", rand::random::<u128>());
        let mut builder = PgTempDBBuilder::new()
            .with_bin_path(&programs)
            .with_password(&password)
            .with_initdb_arg("--auth-host", "password")
            // With this, passwords are stored as MD5: for SCRAM each connection would derive a key, which takes longer
            // than all else about it.
            .with_initdb_arg("--auth-local", "md5")
            .with_initdb_arg("--encoding", "UTF8")
            .with_initdb_arg("--locale", "C.UTF-8");
        let mut settings: Vec<(&str, &str)> = settings(durability).collect();
        if let Some(disk) = &disk {
            builder = builder
                .with_data_dir_prefix(disk.folder())
                // In megabytes.
                .with_initdb_arg("--wal-segsize", "1");
            settings.extend([("min_wal_size", "2MB"), ("max_wal_size", "4MB")]);
        } else if durability == Durability::Fast
            && let Some(folder) = memory::folder()
        {
            builder = builder.with_data_dir_prefix(folder);
        }
        if let Some(wal) = &wal {
            builder = builder.with_initdb_arg("--waldir", &wal.to_string_lossy());
        }
        for (key, value) in &settings {
            builder = builder.with_config_param(key, value);
        }
        let port = find_free_port()?;
        builder = builder.with_port(port);
        let database = builder.start();
        let data = database.data_dir();
        let admin_url = format!("postgres://postgres:{password}@127.0.0.1:{port}/postgres");
        let folder = data.parent().context("the data folder stands alone")?;
        let folders: Vec<&OsStr> =
            [Some(folder), wal.as_deref()].into_iter().flatten().map(Path::as_os_str).collect();
        let watchdog = Some(Watchdog::start(CLEAR, &folders)?);
        let mut options =
            vec![format!("-cport={port}"), format!("-cunix_socket_directories={}", data.display())];
        options.extend(settings.iter().map(|(key, value)| format!("-c{key}={value}")));
        let (database, restarted) = (Some(database), Mutex::new(None));
        Ok(Self {
            database,
            programs,
            data,
            admin_url,
            options,
            restarted,
            watchdog,
            wal,
            _disk: disk,
        })
    }

    /// Copies a running server, which then sends all changes to the copy, and starts that as its standby.
    pub fn standby_of(primary: &Self) -> anyhow::Result<Self> {
        let parent = primary.data.ancestors().nth(2).context("the data folder stands alone")?;
        let folder = parent.join(format!("countersign-standby-{:032x}", rand::random::<u128>()));
        let data = folder.join(DATA_FOLDER);
        let watchdog = Some(Watchdog::start(CLEAR, &[folder.as_os_str()])?);
        let mut copy = primary.as_server_user("pg_basebackup", &[]);
        copy.args(["--wal-method=stream", "--checkpoint=fast", "--write-recovery-conf"]);
        copy.arg(format!("--dbname={}", primary.admin_url)).arg("--pgdata").arg(&data);
        let copied = copy.stdin(Stdio::null()).output().context("no pg_basebackup")?;
        if !copied.status.success() {
            bail!("no copy of Postgres: {}", String::from_utf8_lossy(&copied.stderr));
        }
        let port = find_free_port()?;
        let mut admin_url: reqwest::Url = primary.admin_url.parse()?;
        admin_url.set_port(Some(port)).map_err(|()| anyhow::anyhow!("a URL without a port"))?;
        let own =
            [format!("-cport={port}"), format!("-cunix_socket_directories={}", data.display())];
        let of_primary = primary.options.iter().skip(own.len()).cloned();
        let standby = Self {
            database: None,
            programs: primary.programs.clone(),
            data,
            admin_url: admin_url.into(),
            options: own.into_iter().chain(of_primary).collect(),
            restarted: Mutex::new(None),
            watchdog,
            wal: None,
            _disk: None,
        };
        standby.start_again(&[])?;
        Ok(standby)
    }

    /// The superuser's URL.
    pub fn admin_url(&self) -> String {
        self.admin_url.clone()
    }

    /// The id of the first process, read from the file that it keeps for that.
    pub fn process_id(&self) -> Option<u32> {
        let file = std::fs::read_to_string(self.data.join("postmaster.pid")).ok()?;
        file.lines().next()?.trim().parse().ok()
    }

    /// Stops the processes and waits until they are gone.
    pub fn stop(&self, shutdown: Shutdown) -> anyhow::Result<()> {
        let Some(id) = self.process_id() else { return Ok(()) };
        let signal = match shutdown {
            Shutdown::Fast => "-INT",
            Shutdown::Immediate => "-QUIT",
        };
        let done = Command::new("kill").args([signal, &id.to_string()]).status()?;
        if !done.success() {
            bail!("Postgres (process {id}) could not be told to stop");
        }
        let start = Instant::now();
        while self.process_id().is_some() {
            if start.elapsed() > STOP_LIMIT {
                bail!("Postgres did not stop within {STOP_LIMIT:?}");
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }

    /// Starts a stopped server with more in its environment; it may take a moment until it accepts
    /// connections.
    pub fn start_again(&self, environment: &[(String, String)]) -> anyhow::Result<()> {
        let mut command = self.as_server_user("postgres", environment);
        command.arg("-D").arg(&self.data).args(&self.options);
        // Ctrl-C goes to the whole group of a terminal; the owner of this value ends it in order.
        command.process_group(0);
        let child =
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let child = child.context("Postgres did not start again")?;
        let mut restarted = self.restarted.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(mut old) = restarted.replace(child) {
            old.wait()?;
        }
        Ok(())
    }

    /// Postgres refuses to run as root: then it runs as `postgres`, as pgtemp does it.
    fn as_server_user(&self, program: &str, environment: &[(String, String)]) -> Command {
        // By `env`, since sudo keeps an environment to itself.
        let variables = environment.iter().map(|(name, value)| format!("{name}={value}"));
        let program = self.programs.join(program);
        let mut command = Command::new(if is_root() { "sudo" } else { "env" });
        if is_root() {
            command.args(["-u", "postgres", "env"]);
        }
        command.args(variables).arg(program);
        command
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Err(error) = self.stop(Shutdown::Fast) {
            tracing::warn!(%error, "the temporary Postgres is left to its watchdog");
        }
        let restarted = self.restarted.get_mut().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(mut child) = restarted.take() {
            // It was told to stop above.
            let _ = child.wait();
        }
        let database = self.database.take();
        // pgtemp panics if it can't remove its files; a second panic would end the process.
        if catch_unwind(AssertUnwindSafe(|| drop(database))).is_err() {
            tracing::warn!("the temporary Postgres left files behind");
        }
        if let Some(wal) = &self.wal {
            // The watchdog removes the rest.
            let _ = std::fs::remove_dir_all(wal);
        }
        if let Some(watchdog) = self.watchdog.take()
            && !self.data.exists()
        {
            watchdog.dismiss();
        }
    }
}

fn settings(durability: Durability) -> impl Iterator<Item = (&'static str, &'static str)> {
    let durable = match durability {
        Durability::Fast => "off",
        Durability::Safe => "on",
    };
    [
        ("listen_addresses", "127.0.0.1"),
        ("max_connections", "1000"),
        ("fsync", durable),
        ("full_page_writes", durable),
        // Without it, commits could be lost with the processes alone.
        ("synchronous_commit", "on"),
        ("autovacuum", durable),
        // Into files: a pipe that no one reads would fill up and stop the server.
        ("logging_collector", "on"),
    ]
    .into_iter()
}

/// The folder of `initdb` and `postgres`: the newest of Debian's, or one on the PATH.
fn find_programs() -> anyhow::Result<PathBuf> {
    let on_path = std::env::var_os("PATH")
        .map(|path| std::env::split_paths(&path).collect::<Vec<_>>())
        .unwrap_or_default();
    let mut debian: Vec<PathBuf> = std::fs::read_dir(DEBIAN_FOLDER)
        .map(|folders| folders.flatten().map(|folder| folder.path().join("bin")).collect())
        .unwrap_or_default();
    debian.sort_by_key(|folder| {
        let version = folder.parent().and_then(Path::file_name).and_then(|name| name.to_str());
        std::cmp::Reverse(version.and_then(|version| version.parse::<u32>().ok()))
    });
    let found = debian
        .into_iter()
        .chain(on_path.iter().cloned())
        .find(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file());
    let Some(programs) = found else {
        bail!(
            "the programs `initdb` and `postgres` were found neither in {DEBIAN_FOLDER}/*/bin nor \
             on the PATH. To install them: apt-get install postgresql sudo"
        );
    };
    if is_root() && !on_path.iter().any(|folder| folder.join("sudo").is_file()) {
        bail!(
            "Postgres refuses to run as root, and `sudo`, which would run it as the user \
             `postgres`, was not found. To install it: apt-get install sudo"
        );
    }
    Ok(programs)
}
