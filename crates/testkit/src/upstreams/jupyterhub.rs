//! JupyterHub without servers of its users, with the service that requests tokens and the user
//! that they belong to.

use tokio::process::Command;

use super::process::Process;
use super::{Ready, Upstream, installed};

/// The user of the tokens; the configuration says what it may do.
pub const USER: &str = "automation";

/// The service's token; it shows up where a token must not.
const TOKEN: &str = "jupyterhub-token-that-nobody-may-log";

/// Starts it.
pub async fn start() -> anyhow::Result<Upstream> {
    let installed = installed()?;
    let config = ("jupyterhub_config.py", include_str!("../../upstreams/jupyterhub_config.py"));
    let process = Process::start(config, "/hub/api/", |port| {
        let mut command = Command::new(installed.join("python/bin/python"));
        command
            .args(["-m", "jupyterhub", "--config", "jupyterhub_config.py"])
            .env("HUB_PORT", port.to_string())
            .env("HUB_TOKEN", TOKEN);
        command
    })
    .await?;
    Ok(Upstream {
        process,
        ready: Ready { file: "jupyterhub.toml", address: "https://hub.example.com" },
        secrets: vec![("TOKEN", TOKEN.to_owned())],
        _database: None,
    })
}
