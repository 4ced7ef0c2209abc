//! A service's process, its port and its files.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use tempfile::TempDir;
use tokio::process::{Child, Command};

use crate::ports::find_free_port;
use crate::watchdog::Watchdog;

/// How long it may take until it answers. JupyterHub takes 3 s on an idle machine, and over a minute
/// where ten others want the same two cores.
const START_LIMIT: Duration = Duration::from_secs(180);

/// If another process takes the port between our check and the service's start, another port is tried.
const ATTEMPTS: usize = 3;

/// The service may have processes of its own. Its files are only worth something to it.
const CLEAR: &str = r#"kill -KILL "-$1"; rm -rf "$2""#;

/// A running service. Its watchdog is dropped first, which ends it and clears its folder.
pub(super) struct Process {
    _watchdog: Watchdog,
    _child: Child,
    port: u16,
    folder: TempDir,
}

impl Process {
    /// Runs `command` for a port, in a folder that holds this file, and waits until a GET
    /// of `path` is answered with 200.
    pub async fn start(
        (file, content): (&str, &str),
        path: &str,
        command: impl Fn(u16) -> Command,
    ) -> anyhow::Result<Self> {
        let folder = TempDir::with_prefix("countersign-upstream-")?;
        std::fs::write(folder.path().join(file), content)?;
        let mut outcome = Err(anyhow::anyhow!("never tried"));
        for _ in 0..ATTEMPTS {
            let port = find_free_port()?;
            outcome = launch(folder.path(), command(port), &format!("{}{path}", url(port)))
                .await
                .map(|(child, watchdog)| (child, watchdog, port));
            if outcome.is_ok() {
                break;
            }
        }
        let (child, watchdog, port) = outcome?;
        Ok(Self { _watchdog: watchdog, _child: child, port, folder })
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    pub fn url(&self) -> String {
        url(self.port)
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn log(&self) -> String {
        log(self.folder.path())
    }
}

fn url(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

fn log(folder: &Path) -> String {
    let bytes = std::fs::read(folder.join("log")).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

async fn launch(
    folder: &Path,
    mut command: Command,
    ready: &str,
) -> anyhow::Result<(Child, Watchdog)> {
    let file = std::fs::File::create(folder.join("log"))?;
    let program = command.as_std().get_program().to_owned();
    let mut child = command
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(file.try_clone()?)
        .stderr(file)
        .kill_on_drop(true)
        .process_group(0)
        .spawn()
        .with_context(|| format!("{} did not start", program.display()))?;
    let id = child.id().context("it ended at once")?.to_string();
    let watchdog = Watchdog::start(CLEAR, &[id.as_ref(), folder.as_os_str()])?;
    let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(5)).build()?;
    let start = Instant::now();
    loop {
        let answer = client.get(ready).send().await;
        // Another process on the port answers too, so check that ours still runs.
        let ended = child.try_wait()?;
        if ended.is_none() && answer.is_ok_and(|answer| answer.status() == 200) {
            return Ok((child, watchdog));
        }
        if ended.is_some() || start.elapsed() > START_LIMIT {
            // Dropped, the watchdog would remove the folder, which is needed for the next attempt.
            watchdog.dismiss();
            child.kill().await?;
            bail!("{} is not up after {:?}: {}", program.display(), start.elapsed(), log(folder));
        }
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
}
