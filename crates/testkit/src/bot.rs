//! Runs the real bot as shipped: its binary, a configuration, a process.
//!
//! - [`BotConfig`]: the content of the configuration file.
//! - [`Bot`]: a folder with that file, its secrets and its log, and the process that serves.
//!
//! The binary is the one that `COUNTERSIGN_BIN` names, else the one beside this program, else what
//! `cargo build` makes.

mod binary;
mod config;
mod lifecycle;
mod running;
mod terminal;

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::sync::{Arc, Mutex};

use anyhow::{Context, bail};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::Command;

pub use binary::{find as find_binary, identity as binary_identity};
pub use config::{BotConfig, Ingress, Provider, repository};
pub use terminal::{AtTerminal, answer_at_terminal};

use running::Running;

/// A configured bot, and its process while it serves. The process ends with this value, and with
/// this program in any case.
pub struct Bot {
    program: PathBuf,
    home: Arc<Home>,
    /// Distinguishes the logs of replicas.
    name: String,
    environment: Vec<(String, String)>,
    loopback: IpAddr,
    /// The login of the database's owner, for `migrate`.
    owner_url: Option<String>,
    /// How many descriptors its processes may have open; by default as many as this program.
    descriptors: Option<u64>,
    /// What runs it while it serves, with arguments.
    runner: Vec<String>,
    /// Whether the configuration has `[verify]`.
    verifies: bool,
    /// Where it listened last.
    served_at: Mutex<Option<SocketAddr>>,
    /// Where it verified last.
    verified_at: Mutex<Option<SocketAddr>>,
    /// Whether it listens and verifies there again after a restart.
    keeps_address: bool,
    /// Behind a lock, so that a test can use the bot while another task kills it.
    running: Mutex<Option<Running>>,
    client: reqwest::Client,
}

/// The folder of the configuration. Replicas share it.
struct Home {
    folder: TempDir,
}

impl Bot {
    /// Writes the configuration and creates its keys; nothing is started.
    pub async fn prepare(config: &BotConfig) -> anyhow::Result<Self> {
        let bot = Self::unconfigured(config).await?;
        config.write(bot.folder())?;
        let keys = bot.folder().join("secrets/keys");
        let output = bot.command(&["keys", "generate", "--file"]).arg(keys).output().await?;
        succeeded("keys generate", &output)?;
        Ok(bot)
    }

    /// A bot without a configuration: for `init`. Of `config` it takes what is no part of the file.
    pub async fn unconfigured(config: &BotConfig) -> anyhow::Result<Self> {
        let folder = TempDir::with_prefix("countersign-bot-")?;
        std::fs::create_dir(folder.path().join("log"))?;
        Ok(Self {
            program: binary::find().await?,
            home: Arc::new(Home { folder }),
            name: "1".to_owned(),
            environment: config.environment.clone(),
            loopback: config.loopback,
            owner_url: config.owner_url.clone(),
            descriptors: config.descriptors,
            runner: config.runner.clone(),
            verifies: config.overrides.contains_key("verify"),
            served_at: Mutex::default(),
            verified_at: Mutex::default(),
            keeps_address: false,
            running: Mutex::default(),
            client: reqwest::Client::builder().no_proxy().build()?,
        })
    }

    /// Does everything that an operator does: configuration, keys, `migrate`, `register`, `serve`; it is ready
    /// when this returns.
    pub async fn start(config: &BotConfig) -> anyhow::Result<Self> {
        let bot = Self::prepare(config).await?;
        succeeded("migrate", &bot.run(&["migrate"]).await?)?;
        bot.register_and_serve().await?;
        Ok(bot)
    }

    /// The same on a database where `migrate` ran already.
    pub async fn start_migrated(config: &BotConfig) -> anyhow::Result<Self> {
        let bot = Self::prepare(config).await?;
        bot.register_and_serve().await?;
        Ok(bot)
    }

    async fn register_and_serve(&self) -> anyhow::Result<()> {
        succeeded("register", &self.run(&["register"]).await?)?;
        self.serve().await
    }

    /// Another process on the same configuration, with a listener of its own; not started.
    pub fn replica(&self, name: &str) -> Self {
        Self {
            program: self.program.clone(),
            home: self.home.clone(),
            name: name.to_owned(),
            environment: self.environment.clone(),
            loopback: self.loopback,
            owner_url: self.owner_url.clone(),
            descriptors: self.descriptors,
            runner: self.runner.clone(),
            verifies: self.verifies,
            served_at: Mutex::default(),
            verified_at: Mutex::default(),
            keeps_address: false,
            running: Mutex::default(),
            client: self.client.clone(),
        }
    }

    /// The same with one more variable for its process.
    pub fn with_variable(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same, but it listens at the addresses of before after a restart, if they are free: for people who were told
    /// them.
    #[must_use]
    pub fn keeping_its_address(mut self) -> Self {
        self.keep_address();
        self
    }

    /// From now on it listens at the addresses of before after a restart, if they are free.
    pub fn keep_address(&mut self) {
        self.keeps_address = true;
    }

    /// Runs a subcommand to its end; its output is returned and also goes to the log.
    pub async fn run(&self, arguments: &[&str]) -> anyhow::Result<Output> {
        self.run_with(arguments, "").await
    }

    /// The same with something on its standard input.
    pub async fn run_with(&self, arguments: &[&str], input: &str) -> anyhow::Result<Output> {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.kill_on_drop(true).spawn().context("the bot's binary")?;
        let mut stdin = child.stdin.take().context("it has no standard input")?;
        // It may end without reading it.
        let _ = stdin.write_all(input.as_bytes()).await;
        drop(stdin);
        let output = child.wait_with_output().await?;
        // A file's name has 255 bytes at most.
        let name: String = arguments.join(" ").replace('/', "_").chars().take(200).collect();
        let log = self.folder().join("log").join(format!("{name}.log"));
        let mut log = std::fs::File::options().create(true).append(true).open(log)?;
        for said in [&output.stdout, &output.stderr] {
            std::io::Write::write_all(&mut log, said)?;
        }
        Ok(output)
    }

    /// Runs a subcommand that asks a question on standard error. Once that appears, `meanwhile` runs, and only
    /// then the answer goes in.
    pub async fn run_beside<T>(
        &self,
        arguments: &[&str],
        question: &str,
        answer: &str,
        meanwhile: impl Future<Output = T>,
    ) -> anyhow::Result<(Output, T)> {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.kill_on_drop(true).spawn().context("the bot's binary")?;
        let mut stdin = child.stdin.take().context("it has no standard input")?;
        let mut stderr = child.stderr.take().context("it has no standard error")?;
        let mut said = Vec::new();
        while !String::from_utf8_lossy(&said).contains(question) {
            let read =
                tokio::time::timeout(lifecycle::START_LIMIT, stderr.read_buf(&mut said)).await??;
            anyhow::ensure!(read > 0, "it did not ask: {}", String::from_utf8_lossy(&said));
        }
        let came = meanwhile.await;
        stdin.write_all(answer.as_bytes()).await?;
        drop(stdin);
        stderr.read_to_end(&mut said).await?;
        let mut output = child.wait_with_output().await?;
        output.stderr = said;
        Ok((output, came))
    }

    /// The folder of the configuration file, `secrets/` and `log/`.
    pub fn folder(&self) -> &Path {
        self.home.folder.path()
    }

    /// The configuration's file.
    pub fn config_file(&self) -> PathBuf {
        self.folder().join("countersign.toml")
    }

    /// The output of this process and of those before it under the same name while they served.
    pub fn log(&self) -> String {
        read_lossily(&self.log_file())
    }

    /// The output of every process and subcommand on this configuration, to search it for
    /// text that must not be there.
    pub fn everything_written(&self) -> anyhow::Result<String> {
        let mut all = String::new();
        for entry in std::fs::read_dir(self.folder().join("log"))? {
            all.push_str(&read_lossily(&entry?.path()));
        }
        Ok(all)
    }

    fn log_file(&self) -> PathBuf {
        self.folder().join("log").join(format!("serve-{}.log", self.name))
    }

    /// The binary with these arguments on this configuration, and an environment without other
    /// settings.
    fn command(&self, arguments: &[&str]) -> Command {
        let runner = if arguments == ["serve"] { self.runner.as_slice() } else { &[] };
        let mut command = binary::command(runner, &self.program, self.descriptors);
        for (name, _) in std::env::vars_os() {
            let shown = name.to_string_lossy().to_ascii_uppercase();
            let is_ours = ["COUNTERSIGN_", "OTEL_"].iter().any(|start| shown.starts_with(start));
            if is_ours || NETWORK_VARIABLES.contains(&shown.as_str()) {
                command.env_remove(name);
            }
        }
        // As an operator does it: `migrate` alone gets the owner's login, unless the call sets another
        // way.
        if let Some(url) = self.owner_url.as_ref().filter(|_| takes_the_owner(arguments)) {
            command.env("COUNTERSIGN_OWNER_URL", url);
        }
        command
            .env("RUST_BACKTRACE", "0")
            .env("RUST_LOG", "info,countersign=debug")
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .arg("--config")
            .arg(self.config_file())
            .args(arguments)
            .current_dir(self.folder());
        command
    }
}

/// What the machine of the tests says of its network, which is none of the bot's business; in lower case as well.
const NETWORK_VARIABLES: [&str; 7] = [
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "PGSSLROOTCERT",
];

/// Whether a subcommand works as the owner of the database.
fn takes_the_owner(arguments: &[&str]) -> bool {
    matches!(arguments.first(), Some(&"migrate" | &"recover"))
}

/// Fails with a subcommand's output unless it succeeded.
pub fn succeeded(what: &str, output: &Output) -> anyhow::Result<()> {
    if output.status.success() {
        return Ok(());
    }
    bail!(
        "`countersign {what}` failed ({}):\n{}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

fn read_lossily(file: &Path) -> String {
    let bytes = std::fs::read(file).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}
