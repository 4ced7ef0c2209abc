//! The process: started, signalled, waited for, ended.

use std::net::{SocketAddr, TcpListener};
use std::process::{ExitStatus, Stdio};
use std::sync::{MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use tokio::process::Command;

use super::Bot;
use super::running::Running;
use crate::watchdog::Watchdog;

/// How long the bot may take until it is ready.
pub(super) const START_LIMIT: Duration = Duration::from_secs(30);

/// How long it may take to stop; the bot gives running work 20 s.
const STOP_LIMIT: Duration = Duration::from_secs(30);

/// How often it is checked whether it ended.
const LOOK_INTERVAL: Duration = Duration::from_millis(5);

/// If another process takes the port between our check and the bot's start, another port is tried.
const ATTEMPTS: usize = 3;

impl Bot {
    /// Starts the process and waits until it is ready.
    pub async fn serve(&self) -> anyhow::Result<()> {
        self.launch().await?;
        self.wait_ready().await
    }

    /// Starts the process and doesn't wait; it may find its port taken.
    pub async fn launch(&self) -> anyhow::Result<()> {
        anyhow::ensure!(self.running().is_none(), "the bot serves already");
        for attempt in 1.. {
            let mut running = self.spawn()?;
            if attempt == ATTEMPTS || !self.lost_its_port(&mut running).await? {
                *self.running() = Some(running);
                break;
            }
            running.watchdog.dismiss();
        }
        Ok(())
    }

    fn spawn(&self) -> anyhow::Result<Running> {
        // The bot doesn't print which port it got, so port 0 would leave us without it.
        // Both are held until both are known: they can't be the same one.
        let mut served_at = self.served_at.lock().unwrap_or_else(PoisonError::into_inner);
        let mut verified_at = self.verified_at.lock().unwrap_or_else(PoisonError::into_inner);
        let http = self.bind(*served_at)?;
        let verify = self.bind(*verified_at)?;
        let address = http.local_addr()?;
        *served_at = Some(address);
        let verify_address = self.verifies.then(|| verify.local_addr()).transpose()?;
        *verified_at = verify_address;
        drop((http, verify, served_at, verified_at));
        let log = std::fs::File::options().create(true).append(true).open(self.log_file())?;
        let mut command = self.command(&["serve"]);
        if let Some(address) = verify_address {
            command.env("COUNTERSIGN_VERIFY__LISTEN", address.to_string());
        }
        let child = command
            .env("COUNTERSIGN_HTTP__LISTEN", address.to_string())
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .kill_on_drop(true)
            // Ctrl-C goes to the whole group of a terminal; the owner of this value ends it in order.
            .process_group(0)
            .spawn()
            .context("the bot's binary")?;
        let id = child.id().context("the bot ended at once")?.to_string();
        let watchdog = Watchdog::start(r#"kill -KILL "$1""#, &[id.as_ref()])?;
        Ok(Running { child, address, verify_address, watchdog })
    }

    /// A free port, or the one of before.
    fn bind(&self, earlier: Option<SocketAddr>) -> std::io::Result<TcpListener> {
        match earlier.filter(|_| self.keeps_address).map(TcpListener::bind) {
            Some(Ok(listener)) => Ok(listener),
            _ => TcpListener::bind((self.loopback, 0)),
        }
    }

    /// Whether it ended at once because its port is in use.
    async fn lost_its_port(&self, running: &mut Running) -> anyhow::Result<bool> {
        let start = Instant::now();
        while start.elapsed() < START_LIMIT {
            if running.child.try_wait()?.is_some() {
                return Ok(self.log().contains("can't listen on"));
            }
            if running.listens()? {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Ok(false)
    }

    /// Waits until `GET /readyz` answers 200, and it is no standby.
    pub async fn wait_ready(&self) -> anyhow::Result<()> {
        self.wait_until_ready(false).await
    }

    /// Waits until it stands by: another process has the gateway.
    pub async fn wait_standby(&self) -> anyhow::Result<()> {
        self.wait_until_ready(true).await
    }

    /// Whether `GET /readyz` says that it stands by.
    pub async fn is_standby(&self) -> anyhow::Result<bool> {
        let said = self.get(self.address()?, "/readyz").await;
        Ok(said.context("no answer")?.1.contains(r#""standby":true"#))
    }

    async fn wait_until_ready(&self, standby: bool) -> anyhow::Result<()> {
        let start = Instant::now();
        let address = self.address()?;
        loop {
            let said = self.get(address, "/readyz").await;
            if let Some((200, body)) = &said
                && body.contains(r#""standby":true"#) == standby
            {
                return Ok(());
            }
            if let Some(status) = self.ended()? {
                bail!("the bot ended ({status}) before it was ready; its log:\n{}", self.log());
            }
            if start.elapsed() > START_LIMIT {
                bail!("the bot is not ready: {said:?}; its log:\n{}", self.log());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn get(&self, address: SocketAddr, path: &str) -> Option<(u16, String)> {
        let request = self.client.get(format!("http://{address}{path}"));
        let response = request.timeout(Duration::from_secs(5)).send().await.ok()?;
        Some((response.status().as_u16(), response.text().await.ok()?))
    }

    /// Sends SIGTERM and waits for the end.
    pub async fn stop(&self) -> anyhow::Result<ExitStatus> {
        self.signal("TERM").await?;
        self.wait_for_end(STOP_LIMIT).await
    }

    /// Sends SIGKILL and waits for the end.
    pub async fn kill(&self) -> anyhow::Result<()> {
        self.signal("KILL").await?;
        self.wait_for_end(STOP_LIMIT).await?;
        Ok(())
    }

    /// Stops it in order, and serves again.
    pub async fn restart(&self) -> anyhow::Result<()> {
        let status = self.stop().await?;
        anyhow::ensure!(
            status.success(),
            "the bot stopped with {status}; its log:\n{}",
            self.log()
        );
        self.serve().await
    }

    /// Sends a signal by its name without `SIG`: `STOP`, `CONT`, …
    pub async fn signal(&self, name: &str) -> anyhow::Result<()> {
        let id = self.process_id()?.to_string();
        let status = Command::new("kill").args(["-s", name, &id]).status().await?;
        anyhow::ensure!(status.success(), "the bot (process {id}) could not be sent {name}");
        Ok(())
    }

    /// Waits until the process ended by itself.
    pub async fn wait_for_end(&self, limit: Duration) -> anyhow::Result<ExitStatus> {
        anyhow::ensure!(self.running().is_some(), "the bot does not serve");
        let start = Instant::now();
        loop {
            if let Some(status) = self.ended()? {
                return Ok(status);
            }
            anyhow::ensure!(start.elapsed() < limit, "the bot did not end within {limit:?}");
            tokio::time::sleep(LOOK_INTERVAL).await;
        }
    }

    /// Checks whether the process ended; then it is forgotten.
    fn ended(&self) -> anyhow::Result<Option<ExitStatus>> {
        let mut running = self.running();
        let Some(status) = running.as_mut().map(|running| running.child.try_wait()).transpose()?
        else {
            return Ok(None);
        };
        if status.is_some()
            && let Some(running) = running.take()
        {
            running.watchdog.dismiss();
        }
        Ok(status)
    }

    fn running(&self) -> MutexGuard<'_, Option<Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The address that it listens on: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> anyhow::Result<String> {
        Ok(format!("http://{}", self.address()?))
    }

    /// The address that it verifies tokens on, with `[verify]` in its configuration.
    pub fn verify_address(&self) -> anyhow::Result<SocketAddr> {
        let running = self.running();
        let running = running.as_ref().context("the bot does not serve")?;
        running.verify_address.context("the bot verifies no tokens: it has no [verify]")
    }

    fn address(&self) -> anyhow::Result<SocketAddr> {
        Ok(self.running().as_ref().context("the bot does not serve")?.address)
    }

    /// The id of the process.
    pub fn process_id(&self) -> anyhow::Result<u32> {
        let running = self.running();
        let running = running.as_ref().context("the bot does not serve")?;
        running.child.id().context("the bot has ended")
    }
}

impl Drop for Bot {
    fn drop(&mut self) {
        if let Some(mut running) = self.running().take() {
            // It may have ended by itself.
            let _ = running.child.start_kill();
            let start = Instant::now();
            while matches!(running.child.try_wait(), Ok(None)) && start.elapsed() < STOP_LIMIT {
                std::thread::sleep(Duration::from_millis(5));
            }
            running.watchdog.dismiss();
        }
    }
}
