//! A real nginx, configured by what a test puts inside of `http`.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

/// Where Debian installs it, which is often not on a user's PATH.
const PROGRAM: &str = "/usr/sbin/nginx";

/// How long it may take until it accepts connections.
const START_LIMIT: Duration = Duration::from_secs(15);

/// A running nginx; it ends when this is dropped.
pub struct Nginx {
    child: Child,
    folder: TempDir,
}

impl Nginx {
    /// Starts one that listens at this address.
    ///
    /// # Errors
    /// It is missing, or doesn't take the configuration.
    pub async fn start(http: &str, address: SocketAddr) -> Result<Self> {
        let folder = TempDir::with_prefix("countersign-nginx-")?;
        let mut command = command(folder.path(), http);
        let log = std::fs::File::create(folder.path().join("output"))?;
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let child = command.kill_on_drop(true).spawn();
        let child = child.context("no nginx: run `scripts/install-dependencies test`")?;
        let mut nginx = Self { child, folder };
        let start = Instant::now();
        while TcpStream::connect(address).await.is_err() {
            if nginx.child.try_wait()?.is_some() || start.elapsed() > START_LIMIT {
                bail!("nginx did not start: {}", nginx.log());
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Ok(nginx)
    }

    /// What it wrote.
    pub fn log(&self) -> String {
        let files = ["output", "error.log"].map(|name| self.folder.path().join(name));
        files.map(|file| std::fs::read_to_string(file).unwrap_or_default()).concat()
    }
}

/// nginx in the foreground with this inside of `http`; its files are in the folder.
pub fn command(folder: &Path, http: &str) -> Command {
    let user = if crate::is_root() { "user root;" } else { "" };
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|name| format!("{name}_temp_path {}/{name};\n", folder.display()))
        .concat();
    let text = format!(
        "daemon off; master_process off; {user} pid {0}/pid; error_log {0}/error.log;
         events {{ worker_connections 512; }}
         http {{ access_log off; {temporary} {http} }}",
        folder.display()
    );
    let file = folder.join("nginx.conf");
    // It says itself that there is no such file.
    let _ = std::fs::write(&file, text);
    let program =
        if Path::new(PROGRAM).is_file() { PathBuf::from(PROGRAM) } else { "nginx".into() };
    let mut command = Command::new(program);
    command.arg("-c").arg(&file).arg("-p").arg(folder);
    command
}
