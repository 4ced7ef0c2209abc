//! Real services whose REST APIs create tokens, each on a loopback port with a folder of its own, set up
//! as its ready configuration in `config/providers` describes.
//!
//! - [`Upstream`]: a running service, and that configuration for it.
//! - [`verdaccio`], [`jupyterhub`], [`unleash`], [`synapse`]: how each is started.
//! - `process`: its process, its port and its files.
//! - [`proxy`], [`node`]: programs that run in front of services, or call them.
//!
//! `scripts/install-dependencies test` installs them into the target folder.

pub mod jupyterhub;
mod process;
pub mod synapse;
pub mod unleash;
pub mod verdaccio;

use std::path::{Path, PathBuf};

use anyhow::Context;
use toml::{Table, Value};

use crate::bot::{Provider, repository};
use crate::postgres::Database;
use process::Process;

/// What was installed: the text of both files of pins, as `scripts/install-upstreams` leaves it.
const INSTALLED: &str = concat!(
    include_str!("../upstreams/requirements.txt"),
    include_str!("../upstreams/package.json")
);

/// A ready configuration in `config/providers`.
struct Ready {
    /// Its file's name.
    file: &'static str,
    /// The address in it that is replaced by the service's own.
    address: &'static str,
}

/// A running service; it ends, and leaves nothing behind, when this is dropped, or when this process
/// ends in any way.
pub struct Upstream {
    process: Process,
    ready: Ready,
    /// What the operator keeps in files, by its name in the configuration.
    secrets: Vec<(&'static str, String)>,
    /// Where it keeps what it knows, if not in its folder.
    _database: Option<Database>,
}

impl Upstream {
    /// Where it is: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        self.process.url()
    }

    /// The port that it listens on, on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.process.port()
    }

    /// Where its files are, which go when it ends.
    pub fn folder(&self) -> &Path {
        self.process.folder()
    }

    /// What it wrote to its log.
    pub fn log(&self) -> String {
        self.process.log()
    }

    /// The values that are secret.
    pub fn secrets(&self) -> impl Iterator<Item = &str> {
        self.secrets.iter().map(|(_, value)| value.as_str())
    }

    /// The ready configuration, with its secrets in it; `url` is where the bot finds the service: its
    /// [`url`](Self::url), or that of a proxy before it.
    pub fn provider(
        &self,
        url: &str,
        approval_channel: &str,
        admin_role: &str,
    ) -> anyhow::Result<Provider> {
        let folder = repository().join("config");
        let file = folder.join("providers").join(self.ready.file);
        let text = std::fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        let mut block = provider_block(&text.replace(self.ready.address, url))
            .with_context(|| file.display().to_string())?;
        let mut issuer = match block.remove("issuer") {
            Some(Value::Table(issuer)) => issuer,
            _ => anyhow::bail!("{} has no issuer", file.display()),
        };
        let secrets = self.secrets.iter();
        let secrets = secrets.map(|(name, value)| ((*name).to_owned(), value.as_str().into()));
        issuer.insert("secrets".to_owned(), Value::Table(secrets.collect()));
        let text = |key: &str| -> anyhow::Result<String> {
            let value = block.get(key).and_then(Value::as_str);
            Ok(value.with_context(|| format!("{} has no {key}", file.display()))?.to_owned())
        };
        Ok(Provider {
            id: text("id")?,
            name: text("name")?,
            locale: text("locale")?,
            catalogue: folder.join(text("catalogue")?),
            approval_channel: approval_channel.to_owned(),
            admin_roles: vec![admin_role.to_owned()],
            requester_roles: Vec::new(),
            issuer,
        })
    }
}

/// The one `[[providers]]` of a ready configuration.
fn provider_block(text: &str) -> anyhow::Result<Table> {
    let mut file: Table = text.parse()?;
    match file.remove("providers") {
        Some(Value::Array(mut blocks)) if blocks.len() == 1 => {
            blocks.pop().and_then(|block| block.try_into().ok()).context("no block")
        }
        _ => anyhow::bail!("not one [[providers]]"),
    }
}

/// The program of a proxy that was installed beside the services: `caddy`, `envoy` or `traefik`.
pub fn proxy(name: &str) -> anyhow::Result<PathBuf> {
    Ok(installed()?.join("proxies").join(name))
}

/// Node.js, and the folder of the packages of npm that were installed for it.
pub fn node() -> anyhow::Result<(PathBuf, PathBuf)> {
    let folder = installed()?;
    Ok((folder.join("node/bin/node"), folder.join("verdaccio/node_modules")))
}

/// The folder of what `scripts/install-upstreams` installed, somewhere above this program.
fn installed() -> anyhow::Result<PathBuf> {
    let own = std::env::current_exe()?;
    let is_it = |folder: &PathBuf| {
        std::fs::read_to_string(folder.join("installed")).is_ok_and(|text| text == INSTALLED)
    };
    own.ancestors().map(|folder| folder.join("upstreams")).find(is_it).context(
        "What the tests start was not found in the target folder, or in other versions. \
         To install them: scripts/install-dependencies test",
    )
}
