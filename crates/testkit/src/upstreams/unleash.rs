//! Unleash, in a database of its own.

use anyhow::Context as _;
use tokio::process::Command;

use super::process::Process;
use super::{Ready, Upstream, installed};
use crate::postgres::Postgres;

/// The operator's token; it shows up where a token must not.
const TOKEN: &str = "*:*.unleash-token-that-nobody-may-log";

/// Starts it.
pub async fn start() -> anyhow::Result<Upstream> {
    let installed = installed()?;
    let database = Postgres::shared().await?.database("unleash").await?;
    // It reads what a URL's query holds as something else.
    let url = database.owner_url.split('?').next().context("no URL")?.to_owned();
    let config = ("settings", "");
    let process = Process::start(config, "/health", |port| {
        let mut command = Command::new(installed.join("node/bin/node"));
        command
            .arg(installed.join("verdaccio/node_modules/unleash-server/dist/server.js"))
            .env("DATABASE_URL", &url)
            .env("DATABASE_SSL", "false")
            .env("INIT_ADMIN_API_TOKENS", TOKEN)
            // It would check for updates.
            .env("CHECK_VERSION", "false")
            .env("SEND_TELEMETRY", "false")
            .env("HTTP_HOST", "127.0.0.1")
            .env("PORT", port.to_string());
        command
    })
    .await?;
    Ok(Upstream {
        process,
        ready: Ready { file: "unleash.toml", address: "https://unleash.example.com" },
        secrets: vec![("TOKEN", TOKEN.to_owned())],
        _database: Some(database),
    })
}
