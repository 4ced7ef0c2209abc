//! Synapse, a homeserver of Matrix, with the admin as whom accounts are made.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use serde_json::{Value, json};
use tokio::process::Command;

use super::process::Process;
use super::{Ready, Upstream, installed};

/// The admin's name.
const ADMIN: &str = "countersign";

/// Their password; it shows up where a password must not.
const PASSWORD: &str = "synapse-password-that-nobody-may-log";

/// What lets the first admin be made.
const SHARED: &str = "shared-secret-of-these-tests";

/// How long it may prepare its tables.
const LONGEST: Duration = Duration::from_secs(120);

/// Waits until its tables are as they are to be.
async fn wait_until_ready(url: &str) -> anyhow::Result<()> {
    let client = reqwest::Client::builder().no_proxy().build()?;
    let login = json!({
        "type": "m.login.password",
        "identifier": { "type": "m.id.user", "user": ADMIN },
        "password": PASSWORD,
    });
    let answer = client.post(format!("{url}/_matrix/client/v3/login")).json(&login).send().await?;
    let answer: Value = answer.error_for_status()?.json().await?;
    let access = answer["access_token"].as_str().context("no access token")?;
    loop {
        let status = format!("{url}/_synapse/admin/v1/background_updates/status");
        let answer = client.get(status).bearer_auth(access).send().await?;
        let status: Value = answer.error_for_status()?.json().await?;
        if status["current_updates"].as_object().is_some_and(serde_json::Map::is_empty) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Starts it, and makes the admin.
pub async fn start() -> anyhow::Result<Upstream> {
    let installed = installed()?;
    let config = ("synapse_alone.py", include_str!("../../upstreams/synapse_alone.py"));
    let process = Process::start(config, "/health", |port| {
        let mut command = Command::new(installed.join("python/bin/python"));
        command
            .arg("synapse_alone.py")
            .env("SYNAPSE_PORT", port.to_string())
            .env("SYNAPSE_SECRET", SHARED);
        command
    })
    .await?;
    let made = Command::new(installed.join("python/bin/register_new_matrix_user"))
        .args(["--user", ADMIN, "--password", PASSWORD, "--shared-secret", SHARED, "--admin"])
        .arg(process.url())
        .kill_on_drop(true)
        .output()
        .await?;
    ensure!(made.status.success(), "Synapse did not make the admin: {made:?}");
    tokio::time::timeout(LONGEST, wait_until_ready(&process.url()))
        .await
        .context("Synapse goes on preparing its tables")??;
    Ok(Upstream {
        process,
        ready: Ready { file: "synapse.toml", address: "https://matrix.example.com" },
        secrets: vec![("PASSWORD", PASSWORD.to_owned())],
        _database: None,
    })
}
